"""Spell out sums of money as people type them: "500k", "2 củ", "1tr5" become "500 nghìn", "2 triệu", "1,5 triệu"."""

from __future__ import annotations

import re
from typing import Final

_NOT_NO: Final = r"(?! (?:biet|biết|được|dc|đc|bt|có|co|thấy|phải|vào|hiểu))"  # before these, a lone "k" is "không"
_THOUSANDS = re.compile(rf"(?<![\w.,])(\d{{1,4}}(?:[.,]\d)?)(?:k| ?cành| k(?!\w){_NOT_NO})(?!\w)")
_MILLIONS = re.compile(r"(?<![\w.,])(\d{1,4}(?:[.,]\d{1,2})?) ?(?:trđ|tr|củ|cu)(?![\w])")
_MIXED = re.compile(r"(?<![\w.,])(\d{1,4}) ?(?:tr|triệu|trieu|củ) ?(\d)(?![\w]|[.,]\d)")
_SPENT: Final = r"(?:mất|mat|chuyển|chuyen|ck|nợ|no|lừa|lua|vay|trả|tra|tốn|ton|nạp|nap|đóng|dong|gửi|gui|khoản|khoan)"
_SLANG = re.compile(rf"\b({_SPENT}(?: \w+)? )(\d{{1,4}}) (chai|tỏi|lít|lit|xị|xi)\b")
_WORTH: Final = {"chai": "triệu", "tỏi": "tỷ", "lít": "trăm nghìn", "lit": "trăm nghìn", "xị": "trăm nghìn", "xi": "trăm nghìn"}
_THINGS: Final = re.compile(
    r" (?:khoai|hành|hanh|tỏi|toi|cà|sắn|san|gừng|gung|nghệ|nghe|cải|su|đậu|dau|sâm|sam|"
    r"nước|nuoc|rượu|ruou|bia|dầu|sữa|sua|mắm|mam|xăng|xang|băm|thuốc|thuoc|muối)\b"
)
_PICTURE = re.compile(r"(?:màn hình|man hinh|tivi|video|phim|quay) $")


def spell_sums(text: str) -> str:
    """Return lower-case `text` with shortened sums written out; quantities of goods ("2 củ khoai", "100 km") stay."""
    if not any(char.isdigit() for char in text):
        return text
    text = _MIXED.sub(r"\1,\2 triệu", text)
    text = _MILLIONS.sub(lambda match: _unless_things(match, f"{match[1]} triệu"), text)
    text = _THOUSANDS.sub(lambda match: _unless_things(match, f"{match[1]} nghìn"), text)
    return _SLANG.sub(lambda match: _unless_things(match, f"{match[1]}{_in_words(match[2], match[3])}"), text)


def _unless_things(match: re.Match[str], spelt: str) -> str:
    if _THINGS.match(match.string, match.end()) or _PICTURE.search(match.string, 0, match.start()):
        return match.group()
    return spelt


def _in_words(number: str, unit: str) -> str:
    worth = _WORTH[unit]
    return f"{number}00 nghìn" if worth == "trăm nghìn" else f"{number} {worth}"
