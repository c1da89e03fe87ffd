"""What Telegram's errors mean: for the outbox, and in words for whoever runs the server. Tokens never show."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.channels.telegram_secrets import redacted
from bot.delivery import Rejected, Retry, SendError, Unreachable
from bot.payloads import PayloadError

log = logging.getLogger(__name__)

os.environ.setdefault("PTB_TIMEDELTA", "true")  # the library's own switch to the type it will have; without it, it warns

BAD_TOKEN_SECONDS = 60.0  # a wrong token is the operator's matter: replies wait for it
_GONE = ("chat not found", "user is deactivated", "peer_id_invalid", "user not found", "bot was kicked")


@contextmanager
def translated_errors() -> Iterator[None]:
    """Raises the outbox's errors in place of the library's. `from None`: a traceback would quote addresses."""
    try:
        yield
    except (TelegramError, PayloadError) as error:
        raise send_error(error) from None


def send_error(error: Exception) -> SendError:
    """Flood control → Retry after that time; blocked or gone → Unreachable; refused → Rejected; the rest → Retry."""
    words = redacted(str(error))[:200]
    match error:
        case RetryAfter():
            return Retry("flood control", after=_seconds(error))
        case Forbidden():
            return Unreachable(words)
        case InvalidToken():
            return Retry("the bot token is not accepted", after=BAD_TOKEN_SECONDS)
        case BadRequest():
            return Unreachable(words) if any(sign in words.lower() for sign in _GONE) else Rejected(words)
        case ChatMigrated() | PayloadError():
            return Rejected(words)
        case _:
            return Retry(words or type(error).__name__)


def _seconds(error: RetryAfter) -> float:
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def plain(error: TelegramError) -> str:
    """One sentence that says what is wrong and what to do."""
    match error:
        case InvalidToken():
            return "Telegram does not accept the bot token: check HOCVUSO_TELEGRAM_TOKEN against @BotFather."
        case Conflict():
            return "Another process polls with this token: stop it, or use the webhook."
        case TimedOut():
            return "Telegram did not answer in time."
        case BadRequest():
            return f"Telegram refused the request: {redacted(str(error))}."
        case NetworkError():
            return f"Telegram cannot be reached ({redacted(str(error))}): check the network and HOCVUSO_TELEGRAM_API_URL."
        case _:
            return f"Telegram: {redacted(str(error))}."


def log_polling_error(error: TelegramError) -> None:
    """One line; the library goes on trying by itself."""
    log.warning("%s Polling goes on.", plain(error))
