"""Two messages sent in a burst: "bác muốn hỏi", then what about. The second is understood together with the first."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any, Final

from bot.commands import fold
from bot.state import State

WITHIN: Final = timedelta(seconds=45)  # slow typists need half a minute for a sentence on a phone
LONGEST: Final = 120  # characters of an opening worth keeping

_PEOPLE: Final = (
    r"(?:toi|tui|tao|minh|mk|em|e|chau|con|bac|co|chu|ong|ba|anh|chi|di|cau|mo|me|bo|ban|ad|admin|bot|oi|a|alo|da|vang|cac|"
    r"moi nguoi|xin|chao|cho|nho|muon|can|dinh|co|viec|cau|dang|lam|on|phien|vui long)"
)
_ASKS: Final = r"(?:hoi|nho|noi|ke|trinh bay|tham khao|tu van|giup|biet|nhan tin|hoi tham|thac mac)"
_TAIL: Final = (
    r"(?:chut|ti|xiu|mot|1|it|cai|viec|chuyen|nay|la|rang|ve|voi|nhe|nha|a|ah|ha|cau|dieu|thu|tuc|su|the|vay|nhu|sau|"
    r"xem|thong|tin|van|de|thi|ma|giup|dum|gium|ho|duoc|khong|ko|k)"
)
_OPENING: Final = re.compile(rf"(?:{_PEOPLE} )*{_ASKS}(?: {_PEOPLE}| {_TAIL}| {_ASKS})*")
_UNFINISHED: Final = re.compile(r"(?:\w+ ){1,8}(?:la|thi|ma|vi|nhung|neu|cua|va|rang|ve|cai|con|boi|tai|hoac|hay|muon|bi|de)")
_GOING_ON: Final = re.compile(r"(?:,|\.\.+|…|:|-)\s*$")
_MOST_WORDS: Final = 9


def is_opening(text: str) -> bool:
    """Whether `text` only starts to ask: it says that something is coming, or stops in the middle of a sentence."""
    words = " ".join(re.findall(r"\w+", fold(text)))
    if not text.strip()[:1].isalnum():  # a button's label, sent as text by a keyboard: its picture stands first
        return False
    if not words or len(words.split()) > _MOST_WORDS or text.rstrip().endswith("?"):
        return False
    going_on = _GOING_ON.search(text) is not None and len(words.split()) > 1
    return going_on or any(shape.fullmatch(words) for shape in (_OPENING, _UNFINISHED))


def joined(state: State, text: str, now: datetime) -> str:
    """`text` after the opening that came shortly before it, if one did."""
    if state.opening is None or state.opened_at is None or not timedelta(0) <= now - state.opened_at <= WITHIN:
        return text
    return f"{state.opening} {text}"


def kept(text: str | None, now: datetime) -> dict[str, Any]:
    """What the state remembers of a message with hidden numbers: the opening of a question, else nothing."""
    if text is None or not is_opening(text):
        return {"opening": None, "opened_at": None}
    return {"opening": text[:LONGEST], "opened_at": now}
