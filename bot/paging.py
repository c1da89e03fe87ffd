"""Fitting a screen into what a channel can show: pages of choices, numbered choices, pieces of long text."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.messages import Button, Outgoing
from bot.payloads import pack

WIDE = 8  # from this capacity on, navigation has room of its own beside the choices
MORE_LABEL = "Thêm ▸"
_BLOCKS = re.compile(r"\n\s*\n|\n")
_SENTENCES = re.compile(r"(?<=[.!?…:;])\s+")


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a screen, which one, and how many the screen has on this channel."""

    outgoing: Outgoing
    number: int  # 0-based
    pages: int


def more_payload(page: int) -> str:
    return pack("more", page)


def fit(outgoing: Outgoing, capacity: int, page: int = 0, more: Callable[[int], str] = more_payload) -> Page:
    """Cut a screen's choices to one page (0-based; a page too far is the last one).

    From capacity 8 on a page shows that many choices with the navigation beside them. Below it,
    choices and navigation share the space: all but the last page end in "Thêm ▸" and the last
    navigation button (home), and the other navigation buttons follow the last choices.
    `more(page)` gives the payload of the "Thêm ▸" button.
    """
    cut = _wide if capacity >= WIDE else _narrow
    return cut(outgoing, max(capacity, 3), page, more)


def _wide(outgoing: Outgoing, capacity: int, page: int, more: Callable[[int], str]) -> Page:
    pages = max(1, -(-len(outgoing.buttons) // capacity))
    page = min(page, pages - 1)
    first = page * capacity
    shown = outgoing.buttons[first : first + capacity]
    nav = outgoing.nav if page == pages - 1 else (Button(MORE_LABEL, more(page + 1)), *outgoing.nav)
    return Page(replace(outgoing, buttons=shown, nav=nav, first=first + 1), page, pages)


def _narrow(outgoing: Outgoing, capacity: int, page: int, more: Callable[[int], str]) -> Page:
    rest, home = outgoing.nav[:-1], outgoing.nav[-1:]
    items = (*outgoing.buttons, *rest)
    room_last, room = capacity - len(home), capacity - len(home) - 1
    pages = 1 + max(0, -(-(len(items) - room_last) // room))
    page = min(page, pages - 1)
    start, last = page * room, page == pages - 1
    shown = items[start:] if last else items[start : start + room]
    split = max(0, min(len(outgoing.buttons) - start, len(shown)))
    nav = (*shown[split:], *home) if last else (*shown[split:], Button(MORE_LABEL, more(page + 1)), *home)
    first = min(start, len(outgoing.buttons)) + 1
    return Page(replace(outgoing, buttons=shown[:split], nav=nav, first=first), page, pages)


def numbered_text(outgoing: Outgoing) -> str:
    """The bubble with its choices as lines to type, for channels without buttons. No choices: the text alone."""
    lines = [f"**{number}** – {_line(button)}" for number, button in enumerate(outgoing.buttons, outgoing.first)]
    choices = ["Gõ số để chọn:\n" + "\n".join(lines)] if lines else []
    words = [word for button in outgoing.nav if (word := _nav_word(button))]
    nav = ["Hoặc gõ: " + " · ".join(words)] if words else []
    return "\n\n".join([outgoing.text, *choices, *nav])


def _line(button: Button) -> str:
    return f"{button.label}: {button.url}" if button.url else button.label


_NAV_WORDS = {
    "more": "“thêm” để xem tiếp",
    "back": "“quay lại”",
    "home": "“0” về trang chủ",
    "human": "“người” để gặp người hỗ trợ",
}


def _nav_word(button: Button) -> str:
    flow = button.payload.split(":")[1] if ":" in button.payload else ""
    return _NAV_WORDS.get(flow, f"“{button.label}”")


def utf16_length(text: str) -> int:
    """Length as Telegram and Zalo count it: characters outside the basic plane count twice."""
    return len(text) + sum(1 for character in text if ord(character) > 0xFFFF)


def split_text(text: str, limit: int) -> list[str]:
    """Cut a text into pieces of at most `limit` UTF-16 units: between blocks, else sentences, words, characters.

    No character is lost but the white space at the cuts. Raises ValueError for a limit below 2.
    """
    if limit < 2:
        raise ValueError("limit must hold at least one character of two UTF-16 units")
    pieces: list[str] = []
    rest = text.strip()
    while utf16_length(rest) > limit:
        cut = _cut(rest, _fitting(rest, limit))
        pieces.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [piece for piece in [*pieces, rest] if piece]


def _fitting(text: str, limit: int) -> int:
    """How many characters of the text fit in `limit` UTF-16 units."""
    units = 0
    for index, character in enumerate(text):
        units += 2 if ord(character) > 0xFFFF else 1
        if units > limit:
            return index
    return len(text)


def _cut(text: str, room: int) -> int:
    """The best place to cut at or before `room`; not in the first third, where a cut would leave a crumb."""
    for pattern in (_BLOCKS, _SENTENCES, re.compile(r"\s+")):
        ends = [m.start() for m in pattern.finditer(text, 0, room + 1) if room // 3 < m.start() <= room]
        if ends:
            return ends[-1]
    return room
