"""Is a run of four to eight digits a code that must stay secret, although nobody calls it one?

People paste the bare code ("482 913") or tell who sent it ("nó vừa gửi 482913 về máy"). Years, sums, dates, short numbers of
hotlines, house numbers, laws and procedures have as many digits and must stay readable: somebody asks about them.
"""

from __future__ import annotations

import re
from typing import Final

from nlu.syllables import fold
from nlu.tables import word_set

LENGTHS: Final = range(4, 9)
"""Digits of a code. Longer runs are personal numbers of other kinds."""
NEAR: Final = 40
"""Characters looked at on each side of a number for words that name it."""
PROCEDURE: Final = re.compile(r"\d\.\d{6}")
"""How the national portal numbers procedures: "1.013082"."""
_SHORT: Final = 5
"""Up to so many digits a number that messages are sent to or come from is likelier a short number ("soạn BHXH gửi 8079")."""

# What the digits show by themselves: years, a date, "69/2024", a procedure's code, a sum.
_READABLE: Final = re.compile(
    r"(?:19|20)\d\d(?:[ \-/]{1,2}(?:19|20)\d\d)?"
    r"|\d{1,2}(?:[ ]\d{1,2}[ ]|\d?[./\-])(?:19|20)\d\d"
    r"|(?:19|20)\d\d[./\-]\d{1,2}[./\-]\d{1,2}"
    r"|\d{1,4}/(?:19|20)\d\d"
    r"|[1-9]\d*0{3}|[1-9]\d{0,2}(?:[., ]\d{3})*[., ]\d00"
)
# Part of a longer name: a number plate, a form ("TK01"), "2345/QĐ", a code to dial.
_GROWN_ON: Final = re.compile(r"(?:\w|\w[-/.]|[*#/])$")
_GOES_ON: Final = re.compile(r"^(?:\w|[-/]\w|[#*])")
_GOOGLE: Final = re.compile(r"\bg-$")  # writes its codes "G-482913"
_NAMED: Final = re.compile(
    r"\b(?:so nha|nha|ngo|ngach|hem|kiet|duong|pho|to|thon|phong|lop|trang|bai|cau|muc|dieu|khoan|buoc|mau|bien|bien so|xe|"
    r"nghi dinh|nghi quyet|quyet dinh|thong tu|luat|chi thi|cong van|van ban|thu tuc|ho so|don|don hang|van don|"
    r"vang|nhan tron|nam|ngay|thang|doi|may|goi|cong|tong dai|dau so|hotline)(?: so| ma)?\W*$"
)
_COUNTED: Final = re.compile(
    r"^\W*(?:nguoi|cai|km|m|m2|met|kg|can|ho|ban|luot|lan|ngay|thang|nam|phut|giay|gio|usd|do|kwh|so dien|so nuoc|khoi|mb|gb|dan|"
    r"like|view|follow|sao|diem)\b"
)
# With accents: "gửi tới 8079" names the receiver, "gửi tôi 4829" does not.
_RECIPIENT: Final = re.compile(
    r"(?:\b(?:tới|tin toi|đến|den|qua|vào|vao|từ|tu|gọi|goi)|\b(?:soạn|soan)\b.{1,25}\b(?:gửi|gui)(?: \w+)?)"
    r"(?: số| so| tổng đài| tong dai| đầu số| dau so){0,2}\W*$"
)
_SENDER: Final = re.compile(r"^\W*(?:vua |no |cu |co )?(?:gui|nhan|goi)\b")

_CUE: Final = r"gui|nhan|ve may|ve dien thoai|sms|code|xac nhan|xac minh|kich hoat|doc|hien|nhap|go|bam|day so|con so"
_BETWEEN: Final = r"(?:[\s,:'\"“(\-]+\w+)"
_EDGE: Final = r"[\s,:'\"“(\-]*"
_CUE_NEAR: Final = re.compile(rf"\b(?:{_CUE}){_BETWEEN}{{0,3}}{_EDGE}$")
_CUE_BEFORE: Final = re.compile(rf"\b(?:{_CUE}){_BETWEEN}{{0,6}}{_EDGE}$")
_CUE_AFTER: Final = re.compile(
    r"^[\s,:'\"”)\-]*(?:\w+[\s,]+){0,3}?(?:ve may|ve dien thoai|ve sim|vua gui|gui|nhan|sms|code|xac nhan|xac minh|kich hoat|"
    r"hien len|doc (?:cho|giup|ho|len)|ma (?:gi|nay|do)|la (?:ma|so|cai) gi)\b"
)
_SENTENCE: Final = re.compile(r"[.?!;\n](?:\s|$)")


def is_code(typed: str, before: str, after: str) -> bool:
    """Whether the digits `typed` are a secret code, given `NEAR` characters of lower-case text on both sides of them."""
    left, right = _GOOGLE.sub("", fold(before)), fold(after)
    count = sum(char.isdigit() for char in typed)
    if count not in LENGTHS or _READABLE.fullmatch(typed) or _GROWN_ON.search(left) or _GOES_ON.search(right):
        return False
    left, right = _SENTENCE.split(left)[-1], _SENTENCE.split(right)[0]
    if _NAMED.search(left) or _COUNTED.search(right):
        return False
    if _is_alone(before) and _is_alone(after):
        return True
    if count <= _SHORT and (_RECIPIENT.search(before) or _SENDER.search(right)):
        return False
    cue = _CUE_NEAR if count <= _SHORT else _CUE_BEFORE
    return bool(cue.search(left) or _CUE_AFTER.search(right))


def _is_alone(beside: str) -> bool:
    return len(beside) < NEAR and says_nothing(beside)


def says_nothing(text: str) -> bool:
    """Nothing but signs, numbers and the small words that come with showing something ("đây cháu")."""
    return all(word in word_set("beside_codes.txt") for word in re.findall(r"[^\W\d_]+", fold(text.lower())))
