"""The Zalo channels for the conformance suite: webhook, shell, outbox and channel against the stand-in."""

from __future__ import annotations

import asyncio
import secrets
from abc import abstractmethod
from datetime import UTC, datetime
from itertools import count
from typing import Any

import httpx
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr

from bot import delivery
from bot.channels import zalo_bot_updates, zalo_oa_webhook
from bot.channels.base import Channel
from bot.channels.zalo_bot import ZaloBotChannel
from bot.channels.zalo_bot_api import ZaloBotApi
from bot.channels.zalo_oa import ZaloOaChannel
from bot.channels.zalo_oa_tokens import OaApp, OaTokens
from bot.messages import Attachment, Outgoing
from bot.runtime import Runtime
from bot.secrets_store import SecretStore
from tests.channels.conformance import Shown
from tests.channels.zalo_world import PHRASE
from tests.peers.fake_zalo import (
    APP_ID,
    APP_SECRET,
    BOT_TOKEN,
    OA_SECRET_KEY,
    FakeZalo,
    bot_text,
    bot_update,
    oa_event,
    oa_text,
    signed,
)

_numbers = count(1)
BOT_SECRET = "bot-webhook-secret"


class ZaloDriver:
    """One person; every call runs the whole way from the webhook to the message the stand-in took."""

    text_limit, shows_markup = 2000, True
    channel: Channel

    def __init__(self, runtime: Runtime, zalo: FakeZalo) -> None:
        self._runtime, self.zalo = runtime, zalo
        self.runner = asyncio.Runner()
        self.http = httpx.AsyncClient(trust_env=False)
        self.person = f"p{next(_numbers)}"
        self._app = FastAPI()
        self.prepare()
        self.client = TestClient(self._app)

    @abstractmethod
    def prepare(self) -> None:
        """Make `channel`, mount its router."""

    @abstractmethod
    def shown(self) -> list[Shown]:
        """All messages the person sees so far."""

    def mount(self, router: Any) -> None:
        self._app.include_router(router)

    def receive(self, incoming: Any) -> bool:
        return self._runtime.conversations.receive(incoming)

    def close(self) -> None:
        self.runner.run(self.http.aclose())
        self.runner.close()

    def show(self, message: Outgoing) -> list[Shown]:
        before = len(self.shown())
        self.runner.run(self.channel.send(self.person, message))
        return self.shown()[before:]

    def answers(self, response: httpx.Response) -> list[Shown]:
        """What the workers make of a webhook call."""
        assert response.status_code == 200
        before = len(self.shown())
        while self._runtime.conversations.work_once():
            pass
        while parcels := self._take():
            for parcel in parcels:
                self.runner.run(self.channel.send(parcel.place.person, parcel.message))
                with self._runtime.database.session() as session:
                    delivery.mark_sent(session, parcel, datetime.now(UTC))
        return self.shown()[before:]

    def _take(self) -> list[delivery.Parcel]:
        with self._runtime.database.session() as session:
            return delivery.take(session, (self.channel.name,), datetime.now(UTC))


class OaDriver(ZaloDriver):
    capacity, has_buttons = 5, True
    attachments = tuple(Attachment)
    _EVENTS = {Attachment.VOICE: "audio", Attachment.OTHER: "video"}  # noqa: RUF012

    def prepare(self) -> None:
        # All drivers share one database, each has a stand-in of its own: so each has a stored pair of its own.
        self.zalo.refresh_token = f"first-{secrets.token_hex(8)}"
        app = OaApp(APP_ID, APP_SECRET, self.zalo.refresh_token, self.zalo.url)
        tokens = OaTokens(app, SecretStore(self._runtime.database, PHRASE), self.http)
        self.channel: ZaloOaChannel = ZaloOaChannel(tokens, self.http, self.zalo.url)
        self.mount(zalo_oa_webhook.zalo_oa_router(APP_ID, OA_SECRET_KEY, self.receive))

    def shown(self) -> list[Shown]:
        mine = [sent["message"] for sent in self.zalo.sent if sent["recipient"]["user_id"] == self.person]
        return [Shown(message["text"], _targets(message)) for message in mine]

    def _post(self, event: dict[str, Any]) -> list[Shown]:
        raw, headers = signed(event)
        return self.answers(self.client.post(zalo_oa_webhook.PATH, content=raw, headers=headers))

    def say(self, text: str, message_id: str | None = None) -> list[Shown]:
        return self._post(oa_text(text, message_id or f"m{next(_numbers)}", self.person))

    def press(self, what: str) -> list[Shown]:
        return self.say(what)

    def attach(self, kind: Attachment) -> list[Shown]:
        name = self._EVENTS.get(kind, kind.value)
        content = {"msg_id": f"m{next(_numbers)}", "attachments": [{"type": name, "payload": {"url": "https://x.vn/a"}}]}
        return self._post(oa_event(f"user_send_{name}", self.person, message=content))


def _targets(message: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    buttons = message.get("attachment", {}).get("payload", {}).get("buttons", [])
    return tuple((b["title"], b["payload"]["url"] if b["type"] == "oa.open.url" else b["payload"]) for b in buttons)


class BotDriver(ZaloDriver):
    capacity, has_buttons = 8, False
    attachments = (Attachment.IMAGE, Attachment.VOICE, Attachment.STICKER, Attachment.OTHER)

    def prepare(self) -> None:
        self.channel: ZaloBotChannel = ZaloBotChannel(ZaloBotApi(self.http, self.zalo.url, SecretStr(BOT_TOKEN)))
        self.mount(zalo_bot_updates.zalo_bot_router(None, BOT_SECRET, self.receive))

    def shown(self) -> list[Shown]:
        return [Shown(text) for text in self.zalo.bot_texts(self.person)]

    def _post(self, update: dict[str, Any]) -> list[Shown]:
        headers = {"X-Bot-Api-Secret-Token": BOT_SECRET}
        return self.answers(self.client.post(zalo_bot_updates.PATH, json=update, headers=headers))

    def say(self, text: str, message_id: str | None = None) -> list[Shown]:
        return self._post(bot_text(text, message_id or f"m{next(_numbers)}", self.person))

    def press(self, what: str) -> list[Shown]:
        raise AssertionError("the Bot Platform has no buttons")

    def attach(self, kind: Attachment) -> list[Shown]:
        name = "unsupported" if kind is Attachment.OTHER else kind.value
        return self._post(bot_update(f"message.{name}.received", f"m{next(_numbers)}", self.person))
