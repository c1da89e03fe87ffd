"""Texts that a screen asked for: a name, a commune, a code, numbers. Read as the payload that answers the screen."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from bot.payloads import Payload, PayloadError, pack, parse
from learning.communes import find, fold
from learning.linking import tidy
from learning.people import clean_name
from nlu import urgency

MAX_WORDS: Final = 5  # longer texts are questions, not names
_QUESTION: Final = re.compile(r"\b(?:lam sao|the nao|la gi|o dau|bao nhieu|tai sao)\b")

_YES: Final = frozenset({"co", "dung", "dung-roi", "dung-vay", "phai", "phai-roi", "vang", "da", "u", "ok", "yes"})

_NUMBERS: Final = re.compile(
    r"(?:(?:chon|so|cac so|chon so|y|cac y|cau|dap an|thu tu) )?((?:\d(?: va | roi | )?){2,9})", re.ASCII
)


def picks(shown: str, text: str) -> str | None:
    """The payload of several numbers typed below a quiz question: ``2 1 3``, ``213``, ``1, 3``, ``1 và 3``.

    None for a single number, the same one twice, or on other screens.
    """
    try:
        screen = parse(shown)
    except PayloadError:
        return None
    found = _NUMBERS.fullmatch(fold(text))
    if screen.flow != "q" or not found or len(screen.args) < 2 or not screen.args[1].isdecimal():
        return None
    digits = re.findall(r"\d", found[1])
    return pack("picks", *screen.args[:2], ".".join(digits)) if len(set(digits)) == len(digits) else None


def expected(shown: str, text: str) -> str | None:
    """The payload a typed text stands for on that screen; None where the screen asked for no text or the text is none.

    Danger and questions are never taken for a name.
    """
    try:
        screen = parse(shown)
    except PayloadError:
        return None
    reader = _READERS.get(screen.flow)
    if reader is None or len(text.split()) > MAX_WORDS or _asks(text) or urgency.spot(text.lower()):
        return None
    return reader(screen, text)


def _asks(text: str) -> bool:
    return "?" in text or bool(_QUESTION.search(fold(text)))


def _name(screen: Payload, text: str) -> str | None:
    if screen.args[:1] != ("name",):
        return None
    return pack("told", "name", "typed" if clean_name(text) else "bad", *screen.args[1:2])


def _commune(screen: Payload, text: str) -> str | None:
    wanted = fold(text).replace(" ", "-")[:40].strip("-")
    mode = screen.args[0] if screen.args else "c"
    if screen.args[1:2] == ("find",) and (wanted in _YES or _same_place(screen.args[2], text)):
        return pack("where", *screen.args[:3], "yes")
    return pack("where", mode, "find", wanted) if wanted else None


def _same_place(before: str, text: str) -> bool:
    """Whether the name of the only place found was typed again: that is a yes."""
    found = find(text)
    return len(found) == 1 and found == find(before.replace("-", " "))


def _code(screen: Payload, text: str) -> str | None:
    """A code where one is asked for; what looks like a mistyped one is a wrong code, anything else a question."""
    code = tidy(text)
    if code:
        return pack("link", "code", code)
    asked = screen.args[:1] == ("type",)
    return pack("link", "code", "bad") if asked and re.search(r"\d", text) else None


_READERS: Final[dict[str, Callable[[Payload, str], str | None]]] = {"about": _name, "where": _commune, "link": _code}
