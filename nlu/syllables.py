"""The shape of a Vietnamese syllable: which letters may meet, where the tone mark sits, how to fold accents away."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from nlu.tables import word_set

TONES = {"\u0301": "sắc", "\u0300": "huyền", "\u0309": "hỏi", "\u0303": "ngã", "\u0323": "nặng"}
_TONE_MARKS = frozenset(TONES)
_SHAPED = "ăâêôơư"
_VOWELS = frozenset("aeiouy" + _SHAPED)
_STOPS = ("c", "ch", "p", "t")


def _all_bases() -> frozenset[str]:
    rimes = word_set("rimes.txt")
    with_onset = {onset + rime for onset in word_set("onsets.txt") for rime in rimes}
    return frozenset(with_onset | rimes | {"gi", "gin", "giếng", "giêc"})


BASES = _all_bases()


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Return `text` without any accent, `đ` as `d`; letters keep their case."""
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFD", text)
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return unicodedata.normalize("NFC", bare).replace("đ", "d").replace("Đ", "D")


FOLDED = frozenset(fold(base) for base in BASES)


def split_tone(word: str) -> tuple[str, str]:
    """Return (`word` without its tone marks in NFC, the tone mark or `""`); the last mark wins."""
    tone, kept = "", []
    for char in unicodedata.normalize("NFD", word):
        if char in _TONE_MARKS:
            tone = char
        else:
            kept.append(char)
    return unicodedata.normalize("NFC", "".join(kept)), tone


def place_tone(base: str, tone: str) -> str:
    """Put `tone` (a combining mark or `""`) on the letter of `base` where the older school spelling puts it: "hòa", "thúy"."""
    if not tone:
        return base
    seat = _seat(base)
    if seat < 0:
        return base
    return base[:seat] + unicodedata.normalize("NFC", base[seat] + tone) + base[seat + 1 :]


def _seat(base: str) -> int:
    start = 2 if base.startswith(("qu", "gi")) and len(base) > 2 and base[2] in _VOWELS else 0
    seats = [i for i in range(start, len(base)) if base[i] in _VOWELS]
    if not seats:
        return -1
    shaped = [i for i in seats if base[i] in _SHAPED]
    if shaped:
        return shaped[-1]
    if seats[-1] < len(base) - 1:
        return seats[-1]
    return seats[1] if len(seats) > 2 else seats[0]


@lru_cache(maxsize=65536)
def is_syllable(word: str) -> bool:
    """True if the lower-case `word` is a possible Vietnamese syllable with its accents as written."""
    base, tone = split_tone(word)
    if base not in BASES:
        return False
    return not base.endswith(_STOPS) or TONES.get(tone) in ("sắc", "nặng")


def is_plain_syllable(word: str) -> bool:
    """True if the lower-case ASCII `word` could be a Vietnamese syllable typed without accents."""
    return word in FOLDED


def is_accented(word: str) -> bool:
    """True if `word` carries any Vietnamese letter or tone mark."""
    return not word.isascii() and fold(word) != word
