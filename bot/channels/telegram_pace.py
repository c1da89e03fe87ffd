"""Telegram's flood limits, kept below the library: one message a second per chat, thirty requests a second in all."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from telegram.ext import BaseRateLimiter

PER_CHAT_SECONDS = 1.0
OVERALL_SECONDS = 1 / 30
DOUBLE_TAP_SECONDS = 0.7
MAX_CHATS = 10_000  # remembered; those whose pause is over are forgotten first


class Pace:
    """Hands out moments at least `gap` seconds apart, one row of them per key."""

    def __init__(self, gap: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._gap = gap
        self._clock = clock
        self._next: dict[object, float] = {}

    def wait(self, key: object) -> float:
        """Take the next moment of that row; the seconds until then (0 or more)."""
        now = self._clock()
        if len(self._next) >= MAX_CHATS:
            self._next = {one: moment for one, moment in self._next.items() if moment > now}
        moment = max(now, self._next.get(key, now))
        self._next[key] = moment + self._gap
        return moment - now


class DoubleTaps:
    """Trembling hands press a button twice: the second press within `DOUBLE_TAP_SECONDS` is the same wish."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last: dict[object, tuple[object, float]] = {}

    def is_repeat(self, person: object, button: object) -> bool:
        """Whether this person pressed this very button just now. Presses of other buttons in between count."""
        now = self._clock()
        if len(self._last) >= MAX_CHATS:
            self._last.clear()
        last, at = self._last.get(person, (None, 0.0))
        self._last[person] = (button, now)
        return last == button and now - at < DOUBLE_TAP_SECONDS


class ChatPace(BaseRateLimiter[int]):
    """Delays requests instead of having them refused. Limits hold per process; a 429 all the same is the outbox's matter."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    ) -> None:
        self._chats = Pace(PER_CHAT_SECONDS, clock)
        self._all = Pace(OVERALL_SECONDS, clock)
        self._sleep = sleep

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to release."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Any:
        """Wait for the chat's and the bot's turn, then do the request."""
        if endpoint.startswith("send") and endpoint != "sendChatAction":
            await self._pause(self._chats.wait(data.get("chat_id")))
        await self._pause(self._all.wait(None))
        return await callback(*args, **kwargs)

    async def _pause(self, seconds: float) -> None:
        if seconds > 0:
            await self._sleep(seconds)
