"""Texts that a screen asked for: a name, a commune, a code, numbers. Read as the payload that answers the screen."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from bot.payloads import Payload, PayloadError, pack, parse
from bot.state import State
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


def several(text: str) -> tuple[str, ...]:
    """The digits of a text that chooses several numbers at once: ``2 1 3``, ``213``, ``1, 3``, ``1 và 3``.

    None of them for a single number, the same one twice, or any other text.
    """
    found = _NUMBERS.fullmatch(fold(text))
    digits = re.findall(r"\d", found[1]) if found else []
    return tuple(digits) if len(set(digits)) == len(digits) else ()


def picks(shown: str, text: str) -> str | None:
    """The payload of several numbers typed below a quiz question; None for other texts and on other screens."""
    try:
        screen = parse(shown)
    except PayloadError:
        return None
    digits = several(text)
    if screen.flow != "q" or not digits or len(screen.args) < 2 or not screen.args[1].isdecimal():
        return None
    return pack("picks", *screen.args[:2], ".".join(digits))


def fits_choices(state: State, text: str) -> bool:
    """Whether a text is several numbers of the choices on the screen: such digits are no secret code."""
    numbers = [int(digit) for digit in several(text)]
    return picks(state.shown, text) is not None and all(1 <= number <= len(state.menu) for number in numbers)


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
