"""What must survive a translation: placeholders, numbers, hotlines, addresses. Pure; messages in Vietnamese."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator

from knowledge.model import Value
from knowledge.translation.units import Row, Unit

LONGEST = 4000  # characters: more than any text of ours, less than a cell or a chat message can hold
HOTLINES = frozenset({"111", "112", "113", "114", "115", "156", "5656"})
_OPTIONAL = frozenset({"{you}", "{You}", "{me}", "{Me}"})  # forms of address, which many languages do without
_PLACEHOLDER = re.compile(r"\{[^{}\s]*\}")
_ADDRESS = re.compile(r"(?:https?://)?(?:[a-z0-9-]+\.)+(?:vn|com|org|net|app)(?:/[^\s“”\"')\]។,;]*)?", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:[.,/:]\d+)*")


class Problem(Value):
    """What is wrong with one row; `unit` is its id."""

    unit: str
    message: str

    def __str__(self) -> str:
        return f"{self.unit}: {self.message}"


def check_row(row: Row, unit: Unit | None) -> Iterator[Problem]:
    """Everything wrong with a row that came back; `unit` is today's unit of that id."""
    if unit is None:
        yield Problem(unit=row.id, message="mã này không có trong nội dung hiện nay; có thể bài đã đổi, xin xuất tệp mới")
        return
    if row.hash and row.hash != unit.hash:
        yield Problem(unit=row.id, message="bản tiếng Việt đã đổi sau khi xuất tệp; xin xuất lại và dịch theo bản mới")
        return
    yield from (Problem(unit=row.id, message=message) for message in faults(unit, row.target))
    if row.audio and not re.fullmatch(r"[\w.-]{1,120}", row.audio):
        yield Problem(unit=row.id, message=f"tên tệp âm thanh “{row.audio}” chỉ được có chữ, số, dấu chấm và gạch")


def faults(unit: Unit, target: str) -> Iterator[str]:
    """What a translation lost or added; nothing for an empty one."""
    if not target:
        return
    yield from _placeholders(unit.source, target)
    yield from _differences("số", _numbers(unit.source), _numbers(target))
    yield from _hotlines(unit.source, target)
    yield from _differences("địa chỉ", _addresses(unit.source), _addresses(target))
    if target.count("**") % 2:
        yield "dấu ** phải đi theo cặp"
    if unit.limit and len(target) > unit.limit:
        yield f"dài {len(target)} ký tự, nhiều nhất {unit.limit}"
    if len(target) > LONGEST:
        yield f"dài quá {LONGEST} ký tự"


def _placeholders(source: str, target: str) -> Iterator[str]:
    ours, theirs = Counter(_PLACEHOLDER.findall(source)), Counter(_PLACEHOLDER.findall(target))
    for name in sorted(set(ours) - _OPTIONAL):
        if theirs[name] != ours[name]:
            yield f"phải giữ nguyên {name} ({ours[name]} lần, bản dịch có {theirs[name]})"
    for name in sorted(set(theirs) - set(ours) - _OPTIONAL):
        yield f"thừa {name}, bản tiếng Việt không có"
    outside = _PLACEHOLDER.sub("", target)
    if "{" in outside or "}" in outside:
        yield "có dấu { hoặc } lẻ"


def _plain(text: str) -> str:
    """The text with its own script's digits as 0–9, so that ១១៣ counts as 113; without placeholders and addresses."""
    bare = _ADDRESS.sub(" ", _PLACEHOLDER.sub(" ", text))
    return "".join(str(unicodedata.digit(c)) if c.isdigit() and c not in "²³¹" else c for c in bare)


def _numbers(text: str) -> Counter[str]:
    return Counter(_NUMBER.findall(_plain(text)))


def _addresses(text: str) -> Counter[str]:
    return Counter(found.rstrip(".").lower() for found in _ADDRESS.findall(text))


def _hotlines(source: str, target: str) -> Iterator[str]:
    """A number to be dialled must stand in the digits of the keypad."""
    for number in sorted(HOTLINES & set(_numbers(source))):
        if number in _numbers(target) and number not in _NUMBER.findall(target):
            yield f"số điện thoại {number} phải viết bằng chữ số 0–9 như trên bàn phím"


def _differences(what: str, ours: Counter[str], theirs: Counter[str]) -> Iterator[str]:
    lost, added = ours - theirs, theirs - ours
    if lost:
        yield f"thiếu {what} {_listed(lost)}"
    if added:
        yield f"thừa {what} {_listed(added)}"


def _listed(found: Iterable[str]) -> str:
    return ", ".join(f"“{item}”" for item in sorted(found))
