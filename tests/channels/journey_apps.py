"""Five apps for the golden journey, each over its real delivery, and the server they talk to.

The server is the one of `hocvuso run` (`bot.app.app_of`) behind a real uvicorn; texts, model and index are the shipped
ones. Only the database, the settings, the clock and the platforms' addresses belong to the test.
"""

from __future__ import annotations

import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import httpx
from pydantic import SecretStr
from sqlalchemy import func, select

from bot.app import app_of
from bot.channels.console import Session, styled
from bot.conversations import Conversations
from bot.runtime import Runtime, commune_directory, learners
from bot.settings import Settings
from bot.tables import InboxRow, OutboxRow
from storage import Database, open_database
from tests.channels import bot_api
from tests.channels.journey import Screen, joined, numbered, with_buttons
from tests.channels.peer import Phone, inline, text_of
from tests.channels.test_zalo_end_to_end import BOT_SECRET, World, served
from tests.peers.fake_zalo import APP_ID, APP_SECRET, BOT_TOKEN, OA_SECRET_KEY, FakeZalo, bot_text, oa_text

_people = count(81_000)
PUBLIC_URL = "https://hocvuso.example"  # makes the Bot Platform use its webhook instead of being asked for updates
SETTLE_SECONDS = 20.0


@dataclass(frozen=True)
class Bot:
    """A running server with a database of its own, and how it is reached."""

    url: str
    database: Database
    conversations: Conversations

    def settled(self, count_before: int) -> None:
        """Wait until one message more than before was worked on and every reply was taken by its platform."""
        deadline = time.monotonic() + SETTLE_SECONDS
        while self.done() <= count_before or self._open():
            assert time.monotonic() < deadline, "the answer did not come in time"
            time.sleep(0.01)

    def done(self) -> int:
        with self.database.reading() as session:
            return session.scalar(select(func.count()).select_from(InboxRow).where(InboxRow.status != "received")) or 0

    def _open(self) -> int:
        with self.database.reading() as session:
            return session.scalar(select(func.count()).select_from(OutboxRow).where(OutboxRow.status != "sent")) or 0


@contextmanager
def running_bot(runtime: Runtime, template: Path, folder: Path, clock: Callable[[], datetime], **settings: Any) -> Iterator[Bot]:
    """A server with these settings; `template` is a migrated SQLite file, copied into `folder`."""
    database = open_database(f"sqlite:///{shutil.copy(template, folder / 'journey.db')}")
    own = Settings(_env_file=None, data_dir=folder, **settings)  # type: ignore[call-arg]
    conversations = Conversations(
        database, runtime.answerer, runtime.live, clock, directory=commune_directory, learners=learners(own)
    )
    made = replace(runtime, settings=own, database=database, conversations=conversations)
    try:
        with served(app_of(made)) as url:
            yield Bot(url, database, conversations)
    finally:
        database.close()


def telegram_settings(server: str) -> dict[str, Any]:
    """Long polling at that server."""
    return {"telegram_token": SecretStr(bot_api.TOKEN), "telegram_api_url": server}


def zalo_settings(zalo: FakeZalo) -> dict[str, Any]:
    """Both Zalo platforms by webhook, answered at the stand-in."""
    return {
        "public_url": PUBLIC_URL,
        "zalo_oa_app_id": APP_ID,
        "zalo_oa_app_secret": SecretStr(APP_SECRET),
        "zalo_oa_secret_key": SecretStr(OA_SECRET_KEY),
        "zalo_oa_refresh_token": SecretStr(zalo.refresh_token),
        "zalo_oa_api_url": zalo.url,
        "zalo_oa_oauth_url": zalo.url,
        "zalo_bot_token": SecretStr(BOT_TOKEN),
        "zalo_bot_secret": SecretStr(BOT_SECRET),
        "zalo_bot_api_url": zalo.url,
    }


class Terminal:
    """Somebody new at the terminal: choices are numbers to type."""

    def __init__(self, bot: Bot) -> None:
        self._session = Session(bot.conversations)

    def say(self, text: str) -> Screen:
        return joined(numbered(styled(reply).plain) for reply in self._session.type(text))

    tell = say


class Web:
    """The chat page's requests over HTTP."""

    def __init__(self, bot: Bot) -> None:
        self._http = httpx.Client(base_url=bot.url, trust_env=False, timeout=20)
        self._session = secrets.token_urlsafe(16)

    def say(self, text: str) -> Screen:
        return self._post(text=text)

    def tell(self, how: str) -> Screen:
        return self._post(payload=how)

    def _post(self, **what: str) -> Screen:
        answer = self._http.post("/api/chat", json={"session": self._session} | what).raise_for_status()
        bubbles = answer.json()["messages"]
        return joined(with_buttons(b["text"], [(key["label"], key["payload"]) for key in b["buttons"]]) for b in bubbles)


class Telegram:
    """A person's Telegram at the third-party server, inline buttons pressed as callback queries."""

    def __init__(self, bot: Bot, server: str) -> None:
        self._bot, self._phone = bot, Phone(server, bot_api.TOKEN, next(_people))
        self._latest: dict[str, Any] = {}

    def say(self, text: str) -> Screen:
        return self._answer(lambda: self._phone.command(text) if text.startswith("/") else self._phone.type(text))

    def tell(self, how: str) -> Screen:
        return self._answer(lambda: self._phone.tap(self._latest, how))

    def _answer(self, act: Callable[[], None]) -> Screen:
        before = self._bot.done()
        act()
        self._bot.settled(before)
        messages = self._phone.wait()
        self._latest = messages[-1]
        return joined(with_buttons(bot_api.plain(text_of(m)), _keys(m)) for m in messages)


def _keys(message: dict[str, Any]) -> list[tuple[str, str]]:
    return [(key["text"], key["callback_data"]) for row in inline(message) for key in row]


class ZaloOa:
    """A follower of the Official Account: signed webhooks in, consultation messages out."""

    def __init__(self, bot: Bot, zalo: FakeZalo) -> None:
        self._bot, self._world = bot, World(zalo, bot.url, bot.database)
        self._person = secrets.token_hex(9)
        self._ids = count(1)

    def say(self, text: str) -> Screen:
        done, seen = self._bot.done(), len(self._messages())
        assert self._world.oa(oa_text(text, f"m{next(self._ids)}", self._person)).status_code == 200
        self._bot.settled(done)
        return joined(_on_oa(message) for message in self._messages()[seen:])

    tell = say  # a pressed `oa.query.hide` button comes as its payload

    def _messages(self) -> list[dict[str, Any]]:
        return [sent["message"] for sent in self._world.zalo.sent if sent["recipient"]["user_id"] == self._person]


def _on_oa(message: dict[str, Any]) -> Screen:
    buttons = message.get("attachment", {}).get("payload", {}).get("buttons")
    return with_buttons(message["text"], [(b["title"], b["payload"]) for b in buttons]) if buttons else numbered(message["text"])


class ZaloBot:
    """A person who writes to the bot of the Bot Platform: webhooks in, numbered menus out."""

    def __init__(self, bot: Bot, zalo: FakeZalo) -> None:
        self._bot, self._world = bot, World(zalo, bot.url, bot.database)
        self._person = secrets.token_hex(10)
        self._ids = count(1)

    def say(self, text: str) -> Screen:
        done, seen = self._bot.done(), len(self._texts())
        assert self._world.bot(bot_text(text, f"m{next(self._ids)}", self._person)).status_code == 200
        self._bot.settled(done)
        return joined(map(numbered, self._texts()[seen:]))

    tell = say

    def _texts(self) -> list[str]:
        return self._world.zalo.bot_texts(self._person)


__all__ = ["Bot", "Telegram", "Terminal", "Web", "ZaloBot", "ZaloOa", "running_bot", "telegram_settings", "zalo_settings"]
