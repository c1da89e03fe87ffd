"""Turn ids that are the same every time: the order of quiz questions and answers is made from them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager


class TurnIds:
    """Stands in for `bot.conversations.new_turn_id`: one id per line of a transcript, counted from 1.

    Turning a page of choices is a turn too, but not a line: some apps need it where others do not. Inside
    `paging()` ids are taken from a row of their own, so that the lines' ids stay the same in every app.
    """

    def __init__(self, name: str) -> None:
        self._own = hashlib.sha256(name.encode()).hexdigest()[:5]
        self._lines = self._pages = 0
        self._paging = False

    def __call__(self) -> str:
        if self._paging:
            self._pages += 1
            return f"{self._own}p{self._pages:04}"
        self._lines += 1
        return f"{self._own}{self._lines:05}"

    @contextmanager
    def paging(self) -> Iterator[None]:
        """Turns in this block only turn pages."""
        self._paging = True
        try:
            yield
        finally:
            self._paging = False
