"""Repair single words: letters held too long ("đượcccc") and syllables typed without a space ("đăngký", "lamhochieu")."""

from __future__ import annotations

import re
from functools import lru_cache

from nlu.syllables import fold, is_accented, is_plain_syllable, is_syllable
from nlu.tables import word_set

_WORD = re.compile(r"(?<![\w@./\-])[^\W\d_]{2,}(?![\w@]|[./\-]\w)")
_HELD = re.compile(r"([^\W\d_])\1{2,}")
_VOWEL = re.compile("[aeiouy]")
_HELD_END = re.compile(r"([^\W\d_])\1+$")
_SHORTEST_BARE = 8
"""Letters; shorter words without accents are too often foreign names."""
_LONGEST_SYLLABLE = 7
_LONGEST = 40


def repair(text: str) -> str:
    """Return lower-case `text` with held letters let go and stuck syllables parted; addresses and foreign words stay."""
    return _WORD.sub(lambda match: _repaired(match.group()), text)


@lru_cache(maxsize=65536)
def _repaired(word: str) -> str:
    if is_syllable(word) or is_plain_syllable(word) or word in word_set("foreign.txt"):
        return word
    word = _released(word)
    return word if is_syllable(word) or is_plain_syllable(word) else _parted(word)


def _released(word: str) -> str:
    """Three letters or more in a row are one; so are two at the end of an accented word."""
    if not _VOWEL.search(fold(word)):
        return word
    word = _HELD.sub(r"\1", word)
    shorter = _HELD_END.sub(r"\1", word)
    return shorter if is_accented(shorter) and is_syllable(shorter) else word


def _parted(word: str) -> str:
    if len(word) > _LONGEST or (len(word) < _SHORTEST_BARE and not is_accented(word)) or word in word_set("foreign.txt"):
        return word
    parts = _split(word)
    return " ".join(parts) if parts else word


def _split(word: str) -> tuple[str, ...]:
    """The fewest syllables and known foreign words that spell `word`, longer ones first; empty where there are none."""
    best: list[tuple[str, ...] | None] = [()] + [None] * len(word)
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - _LONGEST_SYLLABLE), end - 1):
            before, piece = best[start], word[start:end]
            if before is not None and _is_piece(piece) and _fewer((*before, piece), best[end]):
                best[end] = (*before, piece)
    found = best[len(word)]
    return found if found and len(found) > 1 else ()


def _fewer(new: tuple[str, ...], old: tuple[str, ...] | None) -> bool:
    return old is None or len(new) < len(old) or (len(new) == len(old) and _common(new) > _common(old))


def _common(parts: tuple[str, ...]) -> int:
    return sum(1 for part in parts if part in word_set("stuck.txt"))


def _is_piece(piece: str) -> bool:
    if piece in word_set("foreign.txt"):
        return len(piece) > 3
    return is_syllable(piece) if is_accented(piece) else is_plain_syllable(piece)
