"""``/the/<topic>.png``, ``.pdf`` and ``.svg``: the card of a topic, to look at, send on or print."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from ipaddress import ip_address
from typing import Final, Literal

from fastapi import APIRouter, Request
from starlette.responses import Response

from bot.cards import vietnam_today
from bot.web.errors import BUSY, Refused
from knowledge.cards.shelf import Shelf
from knowledge.model import Level

TYPES: Final = {"png": "image/png", "pdf": "application/pdf", "svg": "image/svg+xml"}
WAITING: Final = 12  # cards asked for at once: more are turned away, for each may take a second or two to draw
MISSING: Final = "Chưa có thẻ hướng dẫn cho bài này."


class Drawing:
    """One thread of its own that draws cards, so that conversations never wait for a picture."""

    def __init__(self, shelf: Shelf, today: Callable[[], date]) -> None:
        self._shelf, self._today = shelf, today
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="cards")
        self._waiting = 0

    async def card(self, topic_id: str, level: Level, kind: str, base_url: str) -> bytes:
        """The file. Raises Refused (404 without such a text, 503 while too many wait)."""
        if self._waiting >= WAITING:
            raise Refused(503, "busy", BUSY, retry_after=5)
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            made = await loop.run_in_executor(self._thread, self._shelf.card, topic_id, level, kind, base_url, self._today())
        finally:
            self._waiting -= 1
        if made is None:
            raise Refused(404, "no_card", MISSING)
        return made


def cards_router(shelf: Shelf, public_url: str = "", today: Callable[[], date] = vietnam_today) -> APIRouter:
    """The addresses of cards.

    Args:
        public_url: what QR codes lead to; empty: the address the card was asked for at, and no code on a machine's own address.
    """
    router, drawing = APIRouter(tags=["cards"]), Drawing(shelf, today)

    @router.api_route("/the/{level}/{topic_id}.{kind}", methods=["GET", "HEAD"], response_class=Response)
    async def at_level(request: Request, level: Level, topic_id: str, kind: Literal["png", "pdf", "svg"]) -> Response:
        """The card at that reading level."""
        data = await drawing.card(topic_id, level, kind, public_url or _own_address(request))
        return _file(request, data, topic_id, kind)

    @router.api_route("/the/{topic_id}.{kind}", methods=["GET", "HEAD"], response_class=Response)
    async def simple(request: Request, topic_id: str, kind: Literal["png", "pdf", "svg"]) -> Response:
        """The card in the plainest words there are."""
        return await at_level(request, Level.SIMPLE, topic_id, kind)

    return router


def _own_address(request: Request) -> str:
    """The server's address as others can use it; empty for one that only this machine knows."""
    host = request.url.hostname or ""
    try:
        private = ip_address(host).is_loopback
    except ValueError:
        private = host in ("localhost", "testserver") or host.endswith(".localhost")
    return "" if private else str(request.base_url).rstrip("/")


def _file(request: Request, data: bytes, topic_id: str, kind: str) -> Response:
    tag = f'"{hashlib.sha256(data).hexdigest()[:16]}"'
    headers = {
        "Cache-Control": "no-cache",  # kept by the phone, asked for anew: a changed text is on every card at once
        "ETag": tag,
        "Content-Disposition": f'inline; filename="the-huong-dan-{topic_id}.{kind}"',
    }
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(data, media_type=TYPES[kind], headers=headers)
