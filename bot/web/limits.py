"""How much one browser, or one address, may ask: token buckets in memory, generous to people."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address

from bot.web.errors import Refused

REMEMBERED = 20_000  # buckets; the one used longest ago is forgotten first, which only favours its owner


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` requests at once, refilled at `per_second`."""

    burst: float
    per_second: float


@dataclass(frozen=True, slots=True)
class Limits:
    """A session is one person's browser; an address may be a whole commune hall behind one router."""

    session: Rate = Rate(40, 4)
    address: Rate = Rate(400, 40)


class Buckets:
    """One bucket per key."""

    def __init__(self, rate: Rate, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # key → (tokens, when counted)

    def take(self, key: str) -> float:
        """Take a token: 0.0 when there was one, else the seconds until there is."""
        now = self._clock()
        tokens, counted = self._buckets.pop(key, (self._rate.burst, now))
        tokens = min(self._rate.burst, tokens + (now - counted) * self._rate.per_second)
        wait = 0.0 if tokens >= 1 else (1 - tokens) / self._rate.per_second
        self._buckets[key] = (tokens if wait else tokens - 1, now)
        if len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        return wait


class RateLimiter:
    """Both limits of the chat. Programs on the machine itself (a kiosk, a benchmark) are not limited."""

    def __init__(self, limits: Limits | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        limits = limits or Limits()
        self._sessions = Buckets(limits.session, clock)
        self._addresses = Buckets(limits.address, clock)

    def check(self, session: str, address: str) -> None:
        """Count one request. Raises Refused (429) when there were too many."""
        if _is_loopback(address):
            return
        wait = self._addresses.take(address) or self._sessions.take(session)
        if wait:
            raise Refused(429, "too_many", "Bạn gửi hơi nhanh. Xin đợi vài giây rồi gửi lại.", retry_after=int(wait) + 1)


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
