"""The bubble's small mark-up on Zalo: none at all on an Official Account, style ranges on the Bot Platform."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from bot.channels.base import BOLD
from bot.messages import Outgoing
from bot.paging import numbered_text, utf16_length

LARGE = ("large", "very_large")
_BULLET = re.compile(r"^- ", re.MULTILINE)


def plain(text: str) -> str:
    """Without marks: an Official Account shows them as they are typed. Never longer than before."""
    return _BULLET.sub("• ", text.replace(BOLD, ""))


def styled(text: str, text_size: str = "normal") -> tuple[str, list[dict[str, Any]]]:
    """The plain text and its style ranges, counted in UTF-16 units.

    Bold parts are bold; for people who chose large text everything is, and as big as the platform can.
    """
    parts = text.split(BOLD)
    shown = plain(text)
    if text_size in LARGE:
        return shown, [_style(0, shown, "b", "f_20")] if shown else []
    styles, at = [], 0
    for number, part in enumerate(parts):
        if number % 2 and part:
            styles.append(_style(at, part, "b"))
        at += utf16_length(part)
    return shown, styles


def _style(start: int, text: str, *names: str) -> dict[str, Any]:
    return {"start": start, "len": utf16_length(text), "st": list(names)}


def as_text(message: Outgoing) -> Outgoing:
    """The bubble with its buttons as numbers to type."""
    return replace(message, text=numbered_text(message), buttons=(), nav=())
