"""The web chat keeps the specification of a channel; the page itself is tested in a browser."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from bot.channels import web
from bot.messages import Attachment, Outgoing
from bot.runtime import Runtime
from bot.web.app import WebParts, create_app
from bot.web.health import readiness
from bot.web.limits import Limits, Rate
from tests.channels.conformance import ChannelConformance, Shown

UNLIMITED = Limits(session=Rate(1e9, 1e9), address=Rate(1e9, 1e9))


class WebDriver:
    """A browser session over POST /api/chat."""

    capacity, text_limit, has_buttons, shows_markup = web.CAPACITY, 1_000_000, True, False
    attachments: tuple[Attachment, ...] = ()

    def __init__(self, client: TestClient) -> None:
        self._client = client
        self._session = secrets.token_urlsafe(16)

    def show(self, message: Outgoing) -> list[Shown]:
        return [_shown(web.shown(message))]

    def say(self, text: str, message_id: str | None = None) -> list[Shown]:
        return self._post({"text": text} | ({"message_id": message_id} if message_id else {}))

    def press(self, what: str) -> list[Shown]:
        return self._post({"payload": what})

    def attach(self, kind: Attachment) -> list[Shown]:
        raise NotImplementedError

    def _post(self, body: dict[str, Any]) -> list[Shown]:
        answer = self._client.post("/api/chat", json={"session": self._session} | body)
        answer.raise_for_status()
        return [_shown(message) for message in answer.json()["messages"]]


def _shown(body: dict[str, Any]) -> Shown:
    return Shown(body["text"], tuple((b["label"], b.get("url") or b["payload"]) for b in body["buttons"]))


class TestWeb(ChannelConformance):
    @pytest.fixture
    def driver(self, runtime: Runtime) -> Iterator[WebDriver]:
        def health() -> Any:
            return readiness(runtime.database, lambda: runtime.answerer.retriever.index)

        parts = WebParts(runtime.conversations, runtime.database, health, limits=UNLIMITED)
        with TestClient(create_app(parts)) as client:
            yield WebDriver(client)
