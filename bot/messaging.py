"""The messaging apps that the settings name, with the workers between them and the conversations."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path

from fastapi import APIRouter

from bot.channels.telegram_setup import open_telegram
from bot.channels.telegram_webhook import telegram_router
from bot.channels.zalo_bot import open_zalo_bot
from bot.channels.zalo_bot_updates import hearing, zalo_bot_router
from bot.channels.zalo_oa import open_zalo_oa
from bot.channels.zalo_oa_webhook import zalo_oa_router
from bot.runtime import Runtime
from bot.workers import Workers

Hook = Callable[[], AbstractAsyncContextManager[None]]


@dataclass(frozen=True, slots=True)
class MediaFiles:
    """What messages carry besides text, for channels that send the files themselves: a folder, and cards by their path."""

    folder: Path | None = None
    card: Callable[[str], bytes | None] = lambda _path: None


@dataclass
class Messaging:
    """`hooks` are entered in order and left in reverse: the workers come last, so that what is being sent may finish."""

    routers: list[APIRouter] = field(default_factory=list)
    hooks: list[Hook] = field(default_factory=list)
    problems: dict[str, Callable[[], str | None]] = field(default_factory=dict)


def open_messaging(runtime: Runtime, media: MediaFiles = MediaFiles()) -> Messaging:
    """Every webhook has its route, which refuses where nothing is configured; workers run only where an app is."""
    workers = Workers(runtime.conversations, runtime.database)
    found = Messaging()
    _add_telegram(found, runtime, workers, media)
    _add_zalo_oa(found, runtime, workers)
    _add_zalo_bot(found, runtime, workers)
    if found.hooks:
        found.hooks.append(workers.running)
    return found


def _add_telegram(found: Messaging, runtime: Runtime, workers: Workers, media: MediaFiles) -> None:
    opened = open_telegram(runtime.settings, workers.receive, runtime.live, media.folder, media.card)
    if opened is None:
        found.routers.append(telegram_router("", _nowhere))
        return
    telegram, router = opened
    workers.add(telegram)
    found.routers.append(router)
    found.hooks.append(telegram.running)


async def _nowhere(_update: dict[str, object]) -> None:
    """Without a token no update gets this far: the route refuses first."""


def _add_zalo_oa(found: Messaging, runtime: Runtime, workers: Workers) -> None:
    settings = runtime.settings
    secret = settings.zalo_oa_secret_key.get_secret_value()
    found.routers.append(zalo_oa_router(settings.zalo_oa_app_id, secret, workers.receive))
    if channel := open_zalo_oa(settings, runtime.database):
        workers.add(channel)
        found.hooks.append(channel.running)
        found.problems["zalo_oa"] = channel.problem


def _add_zalo_bot(found: Messaging, runtime: Runtime, workers: Workers) -> None:
    settings, receive = runtime.settings, workers.receive
    secret = settings.zalo_bot_secret.get_secret_value()
    channel = open_zalo_bot(settings)
    found.routers.append(zalo_bot_router(channel, secret, receive))
    if channel is not None:
        workers.add(channel)
        found.hooks.append(lambda: hearing(channel, receive, settings.public_url, secret))
        found.problems["zalo_bot"] = channel.problem
