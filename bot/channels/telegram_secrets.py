"""Keeping the bot token out of every log: it stands in the address of each request."""

from __future__ import annotations

import logging
import re
import traceback

TOKEN = re.compile(r"\d{5,}(?::|%3A)[A-Za-z0-9_-]{20,}", re.IGNORECASE)
HIDDEN = "<token>"
_LIBRARIES = ("httpx", "httpcore", "telegram")
_KNOWN = ("httpx", "httpcore.connection", "httpcore.http11", "httpcore.proxy", "telegram.Bot", "telegram.request.BaseRequest")


def redacted(text: str) -> str:
    """The text without anything that looks like a bot token."""
    return TOKEN.sub(HIDDEN, text)


class RedactTokens(logging.Filter):
    """Hides tokens in a record's message, arguments and traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Change the record in place; always lets it through."""
        record.msg, record.args = redacted(record.getMessage()), ()
        if record.exc_info:
            record.exc_text = redacted("".join(traceback.format_exception(*record.exc_info))).rstrip()
            record.exc_info = None
        return True


_FILTER = RedactTokens()


def guard_logs() -> None:
    """Put the filter on every logger of the libraries that handle the token, at whatever level they are set to write."""
    existing = [name for name in logging.root.manager.loggerDict if name.split(".")[0] in _LIBRARIES]
    for name in {*existing, *_KNOWN, *_LIBRARIES}:
        logger = logging.getLogger(name)
        if _FILTER not in logger.filters:
            logger.addFilter(_FILTER)
