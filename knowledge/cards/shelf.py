"""Cards of the published texts, drawn when first asked for and kept while text and day stay the same."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Final

from knowledge.cards import render
from knowledge.model import Level, View
from knowledge.snapshot import Content

KEPT: Final = 64  # files, of some 150 kB each

_Key = tuple[int, date, str, Level, str, str]


class Shelf:
    """Finished cards. Safe for threads; one card at a time is drawn, since drawing fills a processor.

    Args:
        content: gives the content in force.
        media: the folder that picture paths of the texts are relative to.
    """

    def __init__(self, content: Callable[[], Content], media: Path) -> None:
        self._content, self._media = content, media
        self._kept: OrderedDict[_Key, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def card(self, topic_id: str, level: Level, kind: str, base_url: str, today: date) -> bytes | None:
        """The card as a file ("png", "pdf", "svg"), None where the topic has no published text."""
        content = self._content()
        view = content.view(topic_id, level=level)
        if view is None:
            return None
        key = (content.version, today, topic_id, level, kind, base_url)
        with self._lock:
            found = self._kept.get(key) or self._draw(key, view)
            self._kept.move_to_end(key)
        return found

    def _draw(self, key: _Key, view: View) -> bytes:
        _, today, _, _, kind, base_url = key
        made = self._kept[key] = render(view, kind, today, base_url, self._media)
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return made
