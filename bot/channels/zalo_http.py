"""What both Zalo channels share: calls whose faults become Retry, small webhook bodies, logs without tokens."""

from __future__ import annotations

import hmac
import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.delivery import Retry

TIMEOUT = httpx.Timeout(8.0, connect=4.0)  # two calls fit into the time a send may take
BUSY_SECONDS = 15.0  # after a 429 that does not say how long to wait
MAX_BODY = 256 * 1024  # bytes of a webhook call; the platform's are a few kilobytes
_TOKEN_IN_URL = re.compile(r"/bot[^/\s\"]+")


class TokensHidden(logging.Filter):
    """httpx logs every URL, and the Bot Platform's carry the token."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always True; a record that names a bot's URL loses the token."""
        text = record.getMessage()
        if _TOKEN_IN_URL.search(text):
            record.msg, record.args = _TOKEN_IN_URL.sub("/bot<token>", text), ()
        return True


def hide_tokens_in_logs() -> None:
    """Install the filter once; a filter works only on the logger that is written to."""
    for name in ("httpx", "httpcore.http11", "httpcore.connection"):
        logger = logging.getLogger(name)
        if not any(isinstance(installed, TokensHidden) for installed in logger.filters):
            logger.addFilter(TokensHidden())


@dataclass(frozen=True, slots=True)
class Answer:
    """A platform's answer below HTTP 500 and other than 429: the status and the JSON object."""

    status: int
    body: Mapping[str, Any]

    def number(self, key: str) -> int | None:
        """An integer of the body, which Zalo also sends as a string; None when it is not there or no number."""
        try:
            return int(self.body[key])
        except (KeyError, TypeError, ValueError):
            return None


async def post(http: httpx.AsyncClient, url: str, **request: Any) -> Answer:
    """POST and read the answer. Raises Retry for what passes by itself; no message holds the URL, which may hold a token."""
    try:
        response = await http.post(url, **request)
    except httpx.TimeoutException:
        raise Retry("no answer from Zalo in time") from None
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Retry(f"Zalo is not reachable ({type(error).__name__})") from None
    if response.status_code == 429:
        raise Retry("too many requests (HTTP 429)", after=_retry_after(response))
    if response.status_code >= 500:
        raise Retry(f"Zalo has a fault (HTTP {response.status_code})")
    return Answer(response.status_code, _json(response))


def _retry_after(response: httpx.Response) -> float:
    try:
        return min(max(float(response.headers.get("Retry-After", "")), 1.0), 3600.0)
    except ValueError:
        return BUSY_SECONDS


def _json(response: httpx.Response) -> Mapping[str, Any]:
    try:
        body = response.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise Retry(f"Zalo's answer could not be read (HTTP {response.status_code})")
    return body


async def read_body(request: Request) -> bytes | None:
    """The raw bytes of a webhook call; None when they are too many."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            return None
    return body


def is_probe(body: bytes) -> bool:
    """The console's check of the address: nothing in it to act on."""
    return body.strip() in (b"", b"{}")


def json_object(body: bytes) -> dict[str, Any] | None:
    """The body as a JSON object, else None."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def same(given: str, expected: str) -> bool:
    """Comparison that takes as long whatever differs."""
    return hmac.compare_digest(given.encode(), expected.encode())


def accepted() -> Response:
    """Received: also what is not acted on, lest the platform send it again."""
    return JSONResponse({"ok": True})


def refused(status: int, code: str) -> Response:
    """Not from the platform."""
    return JSONResponse({"error": {"code": code, "message": "Yêu cầu không hợp lệ."}}, status)


def usable_id(value: object) -> str | None:
    """A platform's id as the inbox can keep it; None for what no platform would send."""
    text = str(value) if isinstance(value, (str, int)) else ""
    return text if 0 < len(text) <= 100 and text.isascii() and text.isprintable() else None
