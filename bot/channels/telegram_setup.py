"""Telegram from the settings: the channel, its webhook route, and whether it is wanted at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from fastapi import APIRouter

from bot.channels.base import Receive
from bot.channels.telegram import Telegram, TelegramOptions
from bot.channels.telegram_updates import deep_link
from bot.channels.telegram_webhook import PATH, telegram_router
from bot.settings import Settings
from knowledge.snapshot import Content


def open_telegram(
    settings: Settings,
    receive: Receive,
    content: Callable[[], Content],
    media_dir: Path | None = None,
    card: Callable[[str], bytes | None] = lambda _path: None,
) -> tuple[Telegram, APIRouter] | None:
    """The channel (to be added to the workers and run) and its route; None without a token.

    With `telegram_webhook_secret` updates come by webhook, registered by ourselves where `public_url` is
    known; without it by long polling, which only one process may do.
    """
    token, secret = settings.telegram_token.get_secret_value(), settings.telegram_webhook_secret.get_secret_value()
    if not token:
        return None
    options = TelegramOptions(
        token=token,
        api_url=settings.telegram_api_url,
        webhook_url=f"{settings.public_url.rstrip('/')}{PATH}" if settings.public_url else "",
        webhook_secret=secret,
        media_dir=media_dir,
        card=card,
    )
    telegram = Telegram(options, receive, lambda word: deep_link(content(), word))
    return telegram, telegram_router(secret, telegram.take)
