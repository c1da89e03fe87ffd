"""The whole way on both Zalo channels, as the server runs it: webhook, inbox, workers, outbox, platform – with faults."""

from __future__ import annotations

import random
import shutil
import statistics
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from pydantic import SecretStr

from bot import delivery
from bot.channels import zalo_bot_updates, zalo_oa_webhook
from bot.channels.zalo_bot import open_zalo_bot
from bot.channels.zalo_bot_updates import hearing, zalo_bot_router
from bot.channels.zalo_oa import open_zalo_oa
from bot.channels.zalo_oa_webhook import zalo_oa_router
from bot.settings import Settings
from bot.workers import Workers
from storage import Database, open_database
from tests.delivery.world import conversations_of
from tests.peers.fake_zalo import (
    APP_ID,
    APP_SECRET,
    BOT_TOKEN,
    OA_SECRET_KEY,
    FakeZalo,
    bot_text,
    oa_event,
    oa_text,
    serving,
    signed,
)

BOT_SECRET = "bot-webhook-secret"


@dataclass
class World:
    """Our server with both channels, and the stand-in."""

    zalo: FakeZalo
    url: str
    database: Database

    def oa(self, event: dict[str, object]) -> httpx.Response:
        raw, headers = signed(event)
        return httpx.post(self.url + zalo_oa_webhook.PATH, content=raw, headers=headers, trust_env=False, timeout=20)

    def bot(self, update: dict[str, object]) -> httpx.Response:
        headers = {zalo_bot_updates.SECRET_HEADER: BOT_SECRET}
        return httpx.post(self.url + zalo_bot_updates.PATH, json=update, headers=headers, trust_env=False, timeout=20)

    def dead(self) -> int:
        with self.database.reading() as session:
            return len(delivery.dead_letters(session))


def settings_of(zalo: FakeZalo, folder: Path) -> Settings:
    return Settings(
        _env_file=None,  # type: ignore[call-arg]
        data_dir=folder,
        zalo_oa_app_id=APP_ID,
        zalo_oa_app_secret=SecretStr(APP_SECRET),
        zalo_oa_secret_key=SecretStr(OA_SECRET_KEY),
        zalo_oa_refresh_token=SecretStr(zalo.refresh_token),
        zalo_oa_api_url=zalo.url,
        zalo_oa_oauth_url=zalo.url,
        zalo_bot_token=SecretStr(BOT_TOKEN),
        zalo_bot_secret=SecretStr(BOT_SECRET),
        zalo_bot_api_url=zalo.url,
    )


def app_of(settings: Settings, database: Database) -> FastAPI:
    """Mounted the way the composition root does."""
    oa, bot = open_zalo_oa(settings, database), open_zalo_bot(settings)
    assert oa is not None and bot is not None
    workers = Workers(conversations_of(database), database, [oa, bot], poll_seconds=0.05)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with oa.running(), hearing(bot, workers.receive, "", BOT_SECRET), workers.running():
            yield

    app = FastAPI(lifespan=lifespan)
    app.include_router(zalo_oa_router(settings.zalo_oa_app_id, OA_SECRET_KEY, workers.receive))
    app.include_router(zalo_bot_router(bot, BOT_SECRET, workers.receive))
    return app


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(30)


@pytest.fixture
def world(tmp_path: Path, sqlite_template: Path) -> Iterator[World]:
    database = open_database(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'e2e.db')}")
    with serving() as zalo, served(app_of(settings_of(zalo, tmp_path), database)) as url:
        yield World(zalo, url, database)
    database.close()


def wait_for(done: Callable[[], bool], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline, "nothing came in time"
        time.sleep(0.02)


def test_a_follower_is_greeted_presses_a_button_and_gets_the_topic(world: World) -> None:
    follow = oa_event("follow", follower={"id": "u1"})
    assert world.oa(follow).status_code == 200
    wait_for(lambda: any("attachment" in s["message"] for s in world.zalo.sent))
    buttons = world.zalo.sent[-1]["message"]["attachment"]["payload"]["buttons"]
    assert len(buttons) == 5 and all(b["payload"].startswith("v1:") for b in buttons)
    before = len(world.zalo.texts("u1"))
    for _ in range(3):  # Zalo repeats what it thinks was not received
        world.oa(oa_text(buttons[0]["payload"], "m2", "u1"))
        world.oa(follow)
    wait_for(lambda: len(world.zalo.texts("u1")) > before)
    time.sleep(0.5)
    assert len(world.zalo.texts("u1")) == before + 1


def test_the_bot_polls_answers_and_shows_typing(world: World) -> None:
    world.zalo.updates.append(bot_text("xin chào", "m1", "u1"))
    wait_for(lambda: any("Gõ số để chọn" in text for text in world.zalo.bot_texts("u1")))
    wait_for(lambda: {"chat_id": "u1", "action": "typing"} in world.zalo.actions)
    before = len(world.zalo.bot_texts("u1"))
    assert world.bot({"ok": True, "result": bot_text("1", "m2", "u1")}).status_code == 200
    wait_for(lambda: len(world.zalo.bot_texts("u1")) > before)


def test_the_token_expires_in_the_middle_and_nobody_notices(world: World) -> None:
    for n in range(6):
        if n % 2:
            world.zalo.expire()
        world.oa(oa_text("xin chào", f"m{n}", f"u{n}"))
    wait_for(lambda: all(world.zalo.texts(f"u{n}") for n in range(6)))
    assert world.dead() == 0


def test_repeats_and_faults_lose_nothing_and_show_nothing_twice(world: World) -> None:
    chance = random.Random(7)
    people = [f"u{n}" for n in range(12)]
    events = [oa_text("xin chào", f"{person}-m{n}", person) for n in range(4) for person in people]
    events += chance.sample(events, len(events) // 5)
    for _ in range(len(events) // 10):
        world.zalo.fail(
            "send", **chance.choice([{"status": 503}, {"status": 429, "headers": {"Retry-After": "1"}}, {"body": b"<"}])
        )
    seconds: list[float] = []

    def deliver(event: dict[str, object]) -> None:
        start = time.perf_counter()
        assert world.oa(event).status_code == 200
        seconds.append(time.perf_counter() - start)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(deliver, events))
    expected = len(people) * 5  # the notice once, then one menu per greeting
    wait_for(lambda: sum(len(world.zalo.texts(p)) for p in people) >= expected, 60)
    time.sleep(1)
    counts = {person: len(world.zalo.texts(person)) for person in people}
    print(
        f"{len(events)} webhook calls: median {statistics.median(seconds):.3f} s, slowest {max(seconds):.3f} s; replies {counts}"
    )
    assert counts == dict.fromkeys(people, 5)
    assert max(seconds) < 2.0  # after that Zalo takes a webhook for dead
    assert world.dead() == 0


def test_a_person_who_cannot_be_reached_is_given_up_on_without_harm_to_others(world: World) -> None:
    world.zalo.person_errors["gone"] = -213
    world.oa(oa_text("xin chào", "m1", "gone"))
    world.oa(oa_text("xin chào", "m2", "here"))
    wait_for(lambda: bool(world.zalo.texts("here")) and world.dead() >= 1)
    assert world.zalo.texts("gone") == []


def test_nothing_is_opened_that_is_not_configured(tmp_path: Path, sqlite_template: Path) -> None:
    database = open_database(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'x.db')}")
    bare = Settings(_env_file=None, data_dir=tmp_path)  # type: ignore[call-arg]
    assert open_zalo_oa(bare, database) is None and open_zalo_bot(bare) is None
    assert not (tmp_path / "secret.key").exists()
    database.close()
