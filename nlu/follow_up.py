"""Can the question be understood alone, or does it lean on what was said before?"""

from __future__ import annotations

import re

from nlu.syllables import fold
from nlu.tables import word_set

_LONGEST = 14
"""Words; whoever writes more has said what it is about."""

# A topic word of the domain is a subject; these words are not, in any combination (accent-folded).
_OPENING = re.compile(r"^(?:(?:a|u|o|da|vang|ok|roi|chau oi|con oi|em oi|ban oi|cho hoi|the|vay|con|nhung|nhung ma|ma|nua|them nua|hoi them|y toi la|the con|vay con|the thi|vay thi|neu the|neu vay)\s+)+")
_POINTS_BACK = re.compile(
    r"\b(?:cai (?:do|nay|ay|kia)|viec (?:do|nay|ay)|cho (?:do|ay)|thu tuc (?:do|nay|ay)|buoc (?:do|nay|ay|\d|thu|cuoi|dau|hai|ba|mot|may)|o do|den do|nhu (?:tren|vay|the)|cai vua|vua (?:noi|roi)|app (?:do|nay|ay)|giay (?:do|ay)|no\b(?! (?:bao|doi|goi|doa|nhan|bat)))"
)
_REMAINS = re.compile(r"^(?:(?:the|vay|con|ma|nhung)\s)+.*\b(?:thi sao|sao|the nao|duoc khong|thi the nao)$")
_WORD = re.compile(r"[^\W\d_]+")


def is_follow_up(restored: str) -> bool:
    """True if lower-case `restored` names no subject of its own ("thế mất bao nhiêu tiền?", "còn mẹ tôi 72 tuổi thì sao?")."""
    words = _WORD.findall(fold(restored))
    if not words or len(words) > _LONGEST:
        return False
    text = " ".join(words)
    subject = _subject(_PHRASES.sub(" ", _OPENING.sub("", text)))
    if not subject:
        return True
    if _POINTS_BACK.search(text):
        return len(subject) <= 2
    return len(subject) == 1 and bool(_REMAINS.search(text)) and subject[0] in _VERBS


def _subject(text: str) -> list[str]:
    return [word for word in text.split() if word not in word_set("subjectless.txt")]


_VERBS = frozenset("quen mat doi sua huy xoa them bot tra cap".split())
# Fixed phrases whose words alone might look like a subject.
_PHRASES = re.compile(
    r"\b(?:mat(?= (?:bao|may|phi|tien|nhieu|gi|thoi gian|le|them|khoang|lau|dong|cong|k|bn)\b)|dien thoai khac|giay to|le phi|chi phi|mien phi|ho so|thoi gian|thoi han|dia chi|ket qua|truc tiep|truc tuyen|cong an (?:xa|phuong)|uy ban(?: nhan dan)?|co quan|thu tuc|dieu kien|doi tuong|nguoi nha|nguoi gia|tre em|tre con|"
    r"thu (?:hai|ba|tu|nam|sau|bay)|chu nhat|ban (?:goc|sao)|cuoi tuan|ngay le|an toan|bat buoc|thay doi|uy quyen|huong dan|tra loi|giai thich|cong chung|so dien thoai|bao nhieu|lan sau|lan dau|o nha|tai nha|buu dien|qua mang|tren mang|online|mau don|to khai|anh chup|phi)\b"
)
