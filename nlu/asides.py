"""What is said beside a question: fear, "họ gọi lại", "đọc to", "chữ nhỏ quá". Sure patterns only; the rest is a question."""

from __future__ import annotations

import re
from typing import Final

from nlu.patterns import patterns
from nlu.syllables import fold

READING: Final = ("aloud", "larger", "cannot_read", "shorter")
IN_DANGER: Final = ("money_back", "calls_again", "afraid", "what_now")
LONGEST: Final = 14
"""Words; whoever writes more tells something new."""

_SIGNS = patterns("asides.yml")


def tells(name: str, restored: str) -> bool:
    """Whether the list `name` of `asides.yml` is found in `restored`, of any length."""
    return _SIGNS[name].search(_plain(restored)) is not None


def aside(restored: str, names: tuple[str, ...]) -> str | None:
    """The first of those lists that a short message matches."""
    text = _plain(restored)
    if len(text.split()) > LONGEST:
        return None
    return next((name for name in names if _SIGNS[name].search(text)), None)


def commune_told(restored: str) -> str | None:
    """The commune, without accents, that somebody names who asks whom to meet there."""
    text = _plain(restored)
    found = _SIGNS["lives_in"].search(text) if _SIGNS["asks_human"].search(text) else None
    return found["place"].strip() if found else None


def _plain(restored: str) -> str:
    return " ".join(re.findall(r"\w+", fold(restored)))
