"""A circuit breaker: a helper that keeps failing is left alone for a while instead of being waited for at every message.

The libraries at hand hold a lock while the guarded call runs, which would make all conversations wait for one another.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

FAILURES: Final = 3
REST_SECONDS: Final = 20.0


class Breaker:
    """Counts failures in a row. Safe for threads; holds no lock while the guarded work runs."""

    def __init__(self, failures: int = FAILURES, rest: float = REST_SECONDS, clock: Callable[[], float] = time.monotonic) -> None:
        """Open after that many `failures` in a row, for `rest` seconds; then one caller may try."""
        self._limit, self._rest, self._clock = failures, rest, clock
        self._lock = threading.Lock()
        self._count = 0
        self._closed_again_at = 0.0

    @property
    def is_open(self) -> bool:
        """Whether calls are being refused."""
        return self._count >= self._limit

    def may_try(self) -> bool:
        """Whether to call now. While open, once every rest one caller gets True, the others False."""
        with self._lock:
            if not self.is_open:
                return True
            if self._clock() < self._closed_again_at:
                return False
            self._closed_again_at = self._clock() + self._rest
            return True

    def succeeded(self) -> None:
        """The call went well: closed, and the count starts anew."""
        with self._lock:
            self._count = 0

    def failed(self) -> bool:
        """The call failed; True when this failure opened the breaker."""
        with self._lock:
            self._count += 1
            self._closed_again_at = self._clock() + self._rest
            return self._count == self._limit
