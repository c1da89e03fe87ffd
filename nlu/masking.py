"""Hide personal numbers and passwords, and leave money, dates, years and hotlines readable."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlu.codes import NEAR, PROCEDURE, is_code
from nlu.syllables import fold
from nlu.tables import word_set

LABELS = {
    "id_number": "[số giấy tờ]",
    "card": "[số thẻ]",
    "phone": "[số điện thoại]",
    "otp": "[mã bí mật]",
    "account": "[số tài khoản]",
    "password": "[mật khẩu]",
}
"""What stands in the masked text for each kind of personal data."""

_SEP = r"(?:[ .\-_/()]{1,2}|,(?!\s))?"
_MONEY_UNIT = r"[ ]?(?:đồng|dong|vnđ|vnd|đ|d|nghìn|nghin|ngàn|ngan|triệu|trieu|tr|tỷ|tỉ|ty|ti|k|xu)(?![^\W\d_])"
_TOKEN = re.compile(
    rf"""
    (?P<link>https?://\S+)
  | (?P<date>(?<!\d)(?:0?[1-9]|[12]\d|3[01])(?P<slash>[/.\-])(?:0?[1-9]|1[0-2])(?P=slash)(?:\d{{4}}|\d{{2}})(?![\d/.\-]*\d))
  | (?P<money>(?<!\d)\d{{1,3}}(?:[.,\ ]\d{{3}})+{_MONEY_UNIT}|(?<!\d)\d+(?:[.,]\d{{1,3}})?{_MONEY_UNIT})
  | (?P<passport>(?<!\w)[A-Z]\d{{7}}(?!\w))
  | (?P<hotline>(?<![\d+])(?:1900|1800)(?:{_SEP}\d){{4,6}}(?!\d))
  | (?P<mobile>(?<![\d+])0[35789]\d{{8}}(?!\d))
  | (?P<phone>(?<!\d)(?:\(?\+?{_SEP}84\)?{_SEP}(?:0{_SEP})?|0{_SEP})(?:[35789](?:{_SEP}\d){{8}}|2(?:{_SEP}\d){{9}})(?!{_SEP}\d))
  | (?P<run>(?<!\d)\d{{9,}}(?!\d)|\d(?:{_SEP}\d){{3,}})
    """,
    re.VERBOSE | re.IGNORECASE,
)
_GROUPED_AMOUNT = re.compile(r"[1-9]\d{0,2}(?:[.,]\d{3})+")
_YEARS = re.compile(r"(?:(?:19|20)\d\d)(?:\D+(?:19|20)\d\d)*")
_KEPT = frozenset({"113", "114", "115", "111", "156", "5656", "1022", "1414", "1900", "1800"})

_FILLER = (
    r"(?:\W+(?:la|cua|toi|tui|em|minh|ban|so|gui|ve|nhan|duoc|nay|day|nhu|sau|otp|vua|moi|ma|no|bao|xac|thuc|"
    r"minh|giao|dich|ngan|hang|zalo|vneid|moi|cu)){0,6}\W*"
)
_SECRET_BEFORE = re.compile(rf"\b(?:otp|ma|code|passcode|mat ma|pin|xac nhan|xac thuc|verification|smart otp){_FILLER}$")
_SECRET_AFTER = re.compile(r"^\W*(?:la |day la )?(?:ma |so )?(?:otp|xac nhan|xac thuc|ma otp|ma xac)\b")
_ACCOUNT_BEFORE = re.compile(
    rf"\b(?:stk|so tk|tk|tai khoan|account|acc|vcb|bidv|vietcombank|agribank|mbbank|techcombank){_FILLER}$"
)
_ID_BEFORE = re.compile(
    rf"\b(?:cccd|cmnd|cmt|can cuoc|can cuoc cong dan|chung minh|dinh danh|ho chieu|ma so thue|mst|bhxh|bhyt){_FILLER}$"
)
_CARD_BEFORE = re.compile(rf"\b(?:the|card|visa|mastercard|napas|atm){_FILLER}$")
_PHONE_BEFORE = re.compile(rf"\b(?:sdt|dien thoai|zalo|sim|so may|phone){_FILLER}$")

_PASSWORD = re.compile(
    r"(?P<lead>\b(?:mật khẩu|mat khau|password|passcode|passwd|pass|mkhau|mk|pw|mã pin|ma pin)"
    r"(?: (?:của|cua|tôi|toi|em|mình|minh|zalo|facebook|fb|vneid|wifi|gmail|email|ngân hàng|ngan hang|app|mới|moi|cũ|cu)){0,4}"
    r" ?(?:[:=]| là| la|-) ?:? ?)(?P<secret>[^\s,;]{3,})"
    r"|(?P<short>\b(?:mật khẩu|mat khau|password|passcode|pass|mkhau|mk|pw) "
    r"(?:(?:của|cua|tôi|toi|em|mình|minh|zalo|facebook|fb|vneid|wifi|gmail|email|"
    r"app|mới|moi|cũ|cu) ){0,3})(?P<bare>(?=\S*\d)[\w@#$!%*.&]{5,})",
    re.IGNORECASE,
)

_DIGIT = "không|khong|một|mot|hai|ba|bốn|bon|tư|tu|năm|nam|lăm|lam|sáu|sau|bảy|bay|tám|tam|chín|chin"
_SPOKEN = re.compile(
    rf"(?P<lead>\b(?:otp|mã|ma|pin|xác nhận|xac nhan|xác thực|xac thuc)"
    rf"(?: (?:là|la|của|cua|tôi|toi|em|mình|minh|số|so|otp|gồm|gom)){{0,3}}"
    rf" ?:? ?)(?:(?:{_DIGIT})\b[ ,.-]{{0,2}}){{3,7}}(?:{_DIGIT})\b",
    re.IGNORECASE,
)
_CVV = re.compile(
    r"(?P<lead>\b(?:cvv2?|cvc2?|(?:3|ba) (?:số|so|con số|con so)"
    r"(?: (?:cuối|cuoi))?(?: (?:ở|o))?(?: (?:mặt|mat))? (?:sau|lưng|lung)"
    r"(?: (?:thẻ|the))?)(?: (?:là|la|của|cua|tôi|toi|thẻ|the|em|mình|minh))* ?:? ?)\d{3}(?!\d)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Masked:
    """`text` that is safe to store, and the kinds that were hidden (keys of `LABELS`), in order of appearance."""

    text: str
    kinds: tuple[str, ...]


def mask(text: str) -> Masked:
    """Replace personal numbers and passwords in clean `text` by the labels of `LABELS`; everything else stays as typed.

    Masking what is masked already changes nothing and names the same kinds.
    """
    kinds = list(hidden_in(text))
    text = _PASSWORD.sub(lambda match: _masked_password(match, kinds), text)
    text = _SPOKEN.sub(lambda match: _labelled(match, "otp", kinds), text)
    if any(char.isdigit() for char in text):
        text = _CVV.sub(lambda match: _labelled(match, "otp", kinds), text)
        text = _TOKEN.sub(lambda match: _masked_token(match, kinds), text)
    return Masked(text, tuple(dict.fromkeys(kinds)))


def hidden_in(text: str) -> tuple[str, ...]:
    """The kinds whose labels stand in `text`."""
    return tuple(kind for kind, label in LABELS.items() if label in text)


def _labelled(match: re.Match[str], kind: str, kinds: list[str]) -> str:
    kinds.append(kind)
    return f"{match['lead']}{LABELS[kind]}"


def _masked_password(match: re.Match[str], kinds: list[str]) -> str:
    secret = match["secret"] or match["bare"]
    if secret.strip("?.!").lower() in word_set("not_secrets.txt") or secret.startswith("["):
        return match.group()
    kinds.append("password")
    return (match["lead"] or match["short"]) + LABELS["password"]


def _masked_token(match: re.Match[str], kinds: list[str]) -> str:
    typed = match.group()
    kind = "link" if match["link"] else _kind(match)
    if kind == "link":
        return re.sub(r"\d{4,}", "…", typed)
    if kind is None:
        return typed
    kinds.append(kind)
    return LABELS[kind]


def _kind(match: re.Match[str]) -> str | None:
    """The kind of personal number that `match` holds, None for anything that may be shown."""
    if match["date"] or match["hotline"]:
        return None
    near = (match.string[max(0, match.start() - NEAR) : match.start()].lower(), match.string[match.end() :][:NEAR].lower())
    before, after = map(fold, near)
    if match["passport"]:
        return "id_number" if _ID_BEFORE.search(before) or "passport" in before else None
    if match["money"]:
        return _money_or_not(match.group(), before)
    if match["phone"] or match["mobile"]:
        return "account" if _ACCOUNT_BEFORE.search(before) and not _PHONE_BEFORE.search(before) else "phone"
    if re.sub(r"\D", "", match.group()) in _KEPT or PROCEDURE.fullmatch(match.group()):
        return None
    return _kind_of_run(match.group(), before, after) or ("otp" if is_code(match.group(), *near) else None)


def _money_or_not(typed: str, before: str) -> str | None:
    """An amount stays; a long bare number that a stray unit follows ("0123456789 đ") is no amount."""
    digits = re.sub(r"\D", "", typed)
    plain = re.match(r"\d+", typed)
    if plain and len(plain.group()) >= 9 and (typed[0] == "0" or len(digits) >= 12 or _ACCOUNT_BEFORE.search(before)):
        return _by_length(digits)
    return None


def _kind_of_run(typed: str, before: str, after: str) -> str | None:
    digits = re.sub(r"\D", "", typed)
    if len(digits) <= 8 and (_SECRET_BEFORE.search(before) or _SECRET_AFTER.search(after)):
        return None if _YEARS.fullmatch(typed) and before.rstrip().endswith("nam") else "otp"
    if _YEARS.fullmatch(typed):
        return None
    if len(digits) >= 5 and _ACCOUNT_BEFORE.search(before):
        return "account"
    if len(digits) < 9:
        return "id_number" if len(digits) >= 7 and _ID_BEFORE.search(before) else None
    if _GROUPED_AMOUNT.fullmatch(typed) and not _ID_BEFORE.search(before):
        return None
    if _CARD_BEFORE.search(before) and 13 <= len(digits) <= 19:
        return "card"
    return _by_length(digits)


def _by_length(digits: str) -> str:
    if 13 <= len(digits) <= 19 and _luhn(digits):
        return "card"
    if len(digits) in (9, 12) or (len(digits) == 10 and digits[0] != "0"):
        return "id_number"
    return "phone" if len(digits) in (10, 11) and digits[0] == "0" else "account"


def _luhn(digits: str) -> bool:
    """True if the check digit of a payment card number is right."""
    total = 0
    for at, char in enumerate(reversed(digits)):
        value = int(char) * (1 + at % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
