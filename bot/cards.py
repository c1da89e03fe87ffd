"""Cards for channels that send files: from the path in a message to the file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import PurePosixPath

from bot.flows.shown import VIETNAM
from bot.messages import CARDS
from knowledge.cards.shelf import Shelf
from knowledge.model import Level


def vietnam_today() -> date:
    """Today in Vietnam: figures run out at midnight there."""
    return datetime.now(UTC).astimezone(VIETNAM).date()


@dataclass(frozen=True, slots=True)
class CardFiles:
    """Cards by the path a message names them with; QR codes lead to `public_url`, if there is one."""

    shelf: Shelf
    public_url: str = ""
    today: Callable[[], date] = vietnam_today

    def pdf(self, path: str) -> bytes | None:
        """The card at ``the/<level>/<topic>.png`` for print, None where the topic has no text (any more)."""
        parts = PurePosixPath(path.removeprefix(CARDS))
        level = Level(parts.parent.name)
        return self.shelf.card(parts.stem, level, "pdf", self.public_url, self.today())
