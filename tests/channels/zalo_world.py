"""Our Zalo channels opened against the stand-in, with a clock that tests move."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from pydantic import SecretStr

from bot.channels.zalo_bot import ZaloBotChannel
from bot.channels.zalo_bot_api import ZaloBotApi
from bot.channels.zalo_oa import ZaloOaChannel
from bot.channels.zalo_oa_tokens import OaApp, OaTokens, Pair
from bot.messages import Button, Incoming, Outgoing
from bot.secrets_store import SecretStore
from storage import Database, open_database
from tests.peers.fake_zalo import APP_ID, APP_SECRET, BOT_TOKEN, FakeZalo

PHRASE = "a-passphrase-for-tests-only-0123456789"
PERSON = "2651040744560330253"
SEED = "first-refresh-token"
MENU = Outgoing(
    "**Chào bạn!**\n- Chọn một mục:",
    (Button("Làm căn cước", "v1:topic:can-cuoc"), Button("Trang chính thức", url="https://vneid.gov.vn")),
    (Button("🏠 Trang chủ", "v1:home"),),
)


def sqlite_copy(template: Path, folder: Path) -> Database:
    """A fresh database of the quick kind, where the kind makes no difference."""
    return open_database(f"sqlite:///{shutil.copy(template, folder / 'zalo.db')}")


@dataclass
class Clock:
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass
class Oa:
    """One process's view of the Official Account, in an event loop of its own."""

    tokens: OaTokens
    channel: ZaloOaChannel
    store: SecretStore
    runner: asyncio.Runner

    def run(self, scene: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(scene)

    def send(self, message: Outgoing, person: str = PERSON) -> None:
        self.run(self.channel.send(person, message))

    @property
    def stored(self) -> Pair:
        return self.tokens._stored()


@contextmanager
def opened_oa(
    zalo: FakeZalo, database: Database, clock: Clock, seed: str = SEED, public_url: str = "", phrase: str = PHRASE
) -> Iterator[Oa]:
    http = httpx.AsyncClient(trust_env=False)
    store = SecretStore(database, phrase)
    tokens = OaTokens(OaApp(APP_ID, APP_SECRET, seed, zalo.url), store, http, clock)
    with asyncio.Runner() as runner:
        yield Oa(tokens, ZaloOaChannel(tokens, http, zalo.url, public_url, clock), store, runner)
        runner.run(tokens.close())
        runner.run(http.aclose())


@dataclass
class Bot:
    """A bot of the Bot Platform, in an event loop of its own."""

    channel: ZaloBotChannel
    runner: asyncio.Runner

    def run(self, scene: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(scene)

    def send(self, message: Outgoing, person: str = PERSON) -> None:
        self.run(self.channel.send(person, message))


@contextmanager
def opened_bot(zalo: FakeZalo, public_url: str = "", token: str = BOT_TOKEN) -> Iterator[Bot]:
    api = ZaloBotApi(httpx.AsyncClient(trust_env=False), zalo.url, SecretStr(token))
    with asyncio.Runner() as runner:
        yield Bot(ZaloBotChannel(api, public_url), runner)
        runner.run(api.close())


@dataclass
class Inbox:
    """Claims like `Workers.receive`: each message once."""

    claimed: list[Incoming] = field(default_factory=list)

    def __call__(self, incoming: Incoming) -> bool:
        known = {(i.channel, i.person, i.message_id) for i in self.claimed}
        if (incoming.channel, incoming.person, incoming.message_id) in known:
            return False
        self.claimed.append(incoming)
        return True
