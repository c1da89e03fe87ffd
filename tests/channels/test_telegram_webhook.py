"""POST /webhooks/telegram through the ASGI app: the secret, the claim, repeats, bodies that are none."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from bot.channels.telegram import Telegram, TelegramOptions
from bot.channels.telegram_webhook import MAX_BODY, PATH, SECRET_HEADER, telegram_router
from bot.payloads import pack
from bot.runtime import Runtime
from bot.workers import Workers
from tests.channels.bot_api import TOKEN, BotApi, button_update, message_update

SECRET = "Bi-mat_123"
RIGHT = {SECRET_HEADER: SECRET}


class World:
    def __init__(self, runtime: Runtime, secret: str = SECRET) -> None:
        self.api, self.person = BotApi(), 5_000_000 + secrets.randbelow(1_000_000)
        self.workers = Workers(runtime.conversations, runtime.database)
        options = TelegramOptions(TOKEN, webhook_secret=secret, request=lambda: self.api)
        self.telegram = Telegram(options, self.workers.receive, lambda _: pack("home"))
        self.workers.add(self.telegram)
        self.app = FastAPI(lifespan=self._lifespan)
        self.app.include_router(telegram_router(secret, self.telegram.take))

    @asynccontextmanager
    async def _lifespan(self, _app: FastAPI) -> Any:
        async with self.telegram.running(), self.workers.running():
            yield

    def mine(self) -> list[dict[str, Any]]:
        return [one for one in self.api.sent if one["chat"]["id"] == self.person]


@pytest.fixture
def world(runtime: Runtime) -> World:
    return World(runtime)


@pytest.fixture
def client(world: World) -> Iterator[TestClient]:
    with TestClient(world.app) as opened:
        yield opened


def wait_for(world: World, count: int) -> None:
    import time

    end = time.monotonic() + 15
    while len(world.mine()) < count:
        assert time.monotonic() < end, world.mine()
        time.sleep(0.02)


@pytest.mark.parametrize("headers", [{}, {SECRET_HEADER: ""}, {SECRET_HEADER: "wrong"}, {SECRET_HEADER: SECRET + "x"}])
def test_a_wrong_or_missing_secret_is_refused(world: World, client: TestClient, headers: dict[str, str]) -> None:
    update = message_update(world.person, 1, text="xin chào")
    assert client.post(PATH, json=update, headers=headers).status_code == 403
    assert world.mine() == []


@pytest.mark.parametrize("headers", [{}, {SECRET_HEADER: ""}, RIGHT])
def test_without_a_configured_secret_everything_is_refused(headers: dict[str, str]) -> None:
    async def take(_body: dict[str, Any]) -> None:
        raise AssertionError("taken without a secret")

    app = FastAPI()
    app.include_router(telegram_router("", take))
    assert TestClient(app).post(PATH, json={"update_id": 1}, headers=headers).status_code == 403


def test_a_whole_conversation_by_webhook(world: World, client: TestClient) -> None:
    assert client.post(PATH, json=message_update(world.person, 1, text="/start"), headers=RIGHT).status_code == 200
    wait_for(world, 2)
    assert "máy trả lời tự động" in world.mine()[0]["text"]
    assert client.post(PATH, json=button_update(world.person, 1, pack("danger")), headers=RIGHT).status_code == 200
    wait_for(world, 3)
    assert "113" in world.mine()[2]["text"]


def test_an_update_delivered_twice_is_answered_once(world: World, client: TestClient) -> None:
    for _ in range(3):
        assert client.post(PATH, json=message_update(world.person, 1, text="/start"), headers=RIGHT).status_code == 200
    client.post(PATH, json=message_update(world.person, 2, text="/khancap"), headers=RIGHT)
    wait_for(world, 3)
    assert len(world.mine()) == 3


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"not json", 400),
        (b"[]", 400),
        (b"{}", 400),
        (json.dumps({"update_id": 1}).encode(), 200),
        (json.dumps({"update_id": 1, "message": {"nonsense": True}}).encode(), 200),
        (json.dumps({"update_id": 1, "message": 7}).encode(), 200),
        (b" " * (MAX_BODY + 1), 413),
    ],
)
def test_bodies_that_are_no_update(client: TestClient, body: bytes, status: int) -> None:
    assert client.post(PATH, content=body, headers=RIGHT).status_code == status


def test_what_could_not_be_claimed_is_asked_for_again(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(runtime)

    def away(_incoming: Any) -> bool:
        raise OSError("database is away")

    with TestClient(world.app) as client:
        monkeypatch.setattr(runtime.conversations, "receive", away)
        update = message_update(world.person, 1, text="/start")
        assert client.post(PATH, json=update, headers=RIGHT).status_code == 503
        monkeypatch.undo()
        assert client.post(PATH, json=update, headers=RIGHT).status_code == 200
        wait_for(world, 2)
