"""Make any string clean Unicode: composed, no invisible or stacked marks, one place for the tone mark."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from nlu.syllables import BASES, place_tone, split_tone

MAX_CHARACTERS = 2000
"""Longer input is cut here: nobody's question is longer, and the work stays bounded."""

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_SPACES = re.compile(r"\s+")
_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_QUOTES = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "Ð": "Đ", "ð": "đ"})
_WORD = re.compile(r"[^\W\d_]+")
# Vietnamese needs at most two marks on a letter (ế = e + circumflex + acute); of a higher pile only Vietnamese marks stay.
_PILE = re.compile("[\u0300-\u036f]{3,}")
_VIETNAMESE_MARKS = frozenset("\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323")
_LOOSE = re.compile("(^|[^\\w\u0300-\u036f])[\u0300-\u036f]+")


def clean(text: str) -> str:
    """Return `text` in NFC without control, invisible or piled-up characters, single-spaced, at most `MAX_CHARACTERS` long.

    Digits of any script become 0-9, so that no number hides from masking. Case and tone placement stay as typed.
    """
    text = text[:MAX_CHARACTERS]
    if not text.isascii():
        text = _clean_unicode(text)
    text = _CONTROL.sub(" ", text)
    return _SPACES.sub(" ", text).strip()[:MAX_CHARACTERS]


def _clean_unicode(text: str) -> str:
    text = _CONTROL.sub(" ", text)
    text = _INVISIBLE.sub("", text)
    text = _DASHES.sub("-", unicodedata.normalize("NFC", text)).translate(_QUOTES)
    text = "".join(_plain(char) for char in text)
    if not text.isascii():
        text = _without_piles(text)
    return unicodedata.normalize("NFC", text)


def _plain(char: str) -> str:
    """ASCII for full-width letters, mathematical letters and digits of any script; other characters as they are."""
    if char < "\u0600":
        return char
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    folded = unicodedata.normalize("NFKC", char)
    return folded if len(folded) == 1 and folded.isascii() else char


def _without_piles(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text)
    decomposed = _PILE.sub(_two_marks, decomposed)
    return unicodedata.normalize("NFC", _LOOSE.sub(r"\1", decomposed))


def _two_marks(pile: re.Match[str]) -> str:
    kept = dict.fromkeys(mark for mark in pile.group() if mark in _VIETNAMESE_MARKS)
    return "".join(list(kept)[:2])


def unify(text: str) -> str:
    """Return lower-case `text` with each Vietnamese syllable's tone mark in one place ("hoà" and "hòa" become "hòa")."""
    lowered = unicodedata.normalize("NFC", text.lower())
    return _WORD.sub(lambda match: _unify_word(match.group()), lowered)


@lru_cache(maxsize=65536)
def _unify_word(word: str) -> str:
    if word.isascii():
        return word
    base, tone = split_tone(word)
    return place_tone(base, tone) if tone and base in BASES else word
