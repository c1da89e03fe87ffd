"""Undo keystrokes of Telex and VNI that an input method left in the text: "ddawng kys" and "d9a8ng ky1" become "đăng ký"."""

from __future__ import annotations

import re
from functools import lru_cache

from nlu.syllables import BASES, is_accented, is_plain_syllable, is_syllable, place_tone
from nlu.tables import word_set

_TELEX_TONES = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
_VNI_TONES = {"1": "\u0301", "2": "\u0300", "3": "\u0309", "4": "\u0303", "5": "\u0323"}
_VNI_SHAPES = {"6": {"a": "â", "e": "ê", "o": "ô"}, "7": {"o": "ơ", "u": "ư"}, "8": {"a": "ă"}, "9": {"d": "đ"}}
_DOUBLED = {"a": "â", "e": "ê", "o": "ô", "d": "đ"}
_HOOKED = {"a": "ă", "o": "ơ", "u": "ư"}
_PLAIN_VOWELS = frozenset("aeiouy")
_VOWELS = _PLAIN_VOWELS | frozenset("ăâêôơư")

_VNI_TOKEN = re.compile(r"[a-z]{2,7}[0-9a-z]*")
_WORD = re.compile(r"[a-z][a-z0-9]*", re.IGNORECASE)
# "muc 2" is often typed "muc2": after these words a digit is a number unless the sentence shows more VNI.
_COUNTED = word_set("counted.txt")
# "oong" is a rare rime ("xoong"); as keystrokes it means "ông".
_OO = re.compile(r"oo(?:ng|c)$")
_FOREIGN = word_set("foreign.txt")


def decode(text: str, keep: frozenset[str] = frozenset()) -> str:
    """Return lower-case `text` with raw Telex/VNI keystrokes turned into Vietnamese letters.

    Words of `keep` (short forms with a meaning of their own), foreign words and words that are already Vietnamese stay.
    """
    vni_seen = sum(1 for word in _WORD.findall(text) if _vni(word) is not None)

    def replaced(match: re.Match[str]) -> str:
        word = match.group()
        if word in keep or word in _FOREIGN:
            return word
        if word.isalpha():
            return _telex(word) or word
        return _decoded_vni(word, vni_seen) or word

    return _WORD.sub(replaced, text) if _may_hold_keystrokes(text) else text


_SUSPECT = re.compile(r"[a-z]*(?:[aeiouy][a-z]*[sfrxjw]|aa|ee|oo|dd|w|d[a-z]+d|[aeo][a-z]+[aeo])|[a-z]{2}[a-z]*\d|d9")


def _may_hold_keystrokes(text: str) -> bool:
    return _SUSPECT.search(text) is not None


def _decoded_vni(word: str, vni_seen: int) -> str | None:
    stem = word.rstrip("0123456789")
    if stem in _COUNTED and len(word) - len(stem) == 1 and vni_seen < 2:
        return None
    return _vni(word)


@lru_cache(maxsize=16384)
def _telex(word: str) -> str | None:
    """The Vietnamese syllable that the Telex keystrokes `word` spell, or None; a plain syllable is not decoded."""
    if len(word) < 2 or len(word) > 10 or (is_plain_syllable(word) and not _OO.search(word)):
        return None
    letters: list[str] = []
    tone = ""
    for char in word:
        if char in _TELEX_TONES and _has_vowel(letters) and not tone:
            tone = _TELEX_TONES[char]
        elif not _shape_telex(letters, char):
            letters.append(char)
    return _finished(letters, tone, word)


def _has_vowel(letters: list[str]) -> bool:
    return any(letter in _VOWELS for letter in letters)


def _shape_telex(letters: list[str], char: str) -> bool:
    """Let `char` reshape a letter typed before it; False if it is a letter of its own."""
    if char == "w":
        return _hook(letters)
    if char == "d":
        return _reshape(letters, "d", "đ") if letters and letters[0] == "d" else False
    if char in "aeo" and char in letters and _one_nucleus(letters, char):
        return _reshape(letters, char, _DOUBLED[char])
    return False


def _one_nucleus(letters: list[str], char: str) -> bool:
    after = letters[letters.index(char) + 1 :]
    return len(after) <= 2 and "d" not in after


def _hook(letters: list[str]) -> bool:
    joined = "".join(letters)
    if "uo" in joined:
        at = joined.index("uo")
        letters[at : at + 2] = ["ư", "ơ"]
        return True
    for at in range(len(letters) - 1, -1, -1):
        if letters[at] in _HOOKED:
            letters[at] = _HOOKED[letters[at]]
            return True
    letters.append("ư")
    return True


def _reshape(letters: list[str], old: str, new: str) -> bool:
    if old not in letters:
        return False
    letters[letters.index(old)] = new
    return True


@lru_cache(maxsize=16384)
def _vni(word: str) -> str | None:
    if word.isalpha() or (not _VNI_TOKEN.fullmatch(word) and not word.startswith("d9")):
        return None
    letters: list[str] = []
    tone = ""
    for char in word:
        if char in _VNI_TONES and not tone and _has_vowel(letters):
            tone = _VNI_TONES[char]
        elif char in _VNI_SHAPES:
            if not _shape_vni(letters, char):
                return None
        elif char.isdigit():
            return None
        else:
            letters.append(char)
    return _finished(letters, tone, word)


def _shape_vni(letters: list[str], digit: str) -> bool:
    shapes = _VNI_SHAPES[digit]
    if digit == "7" and "uo" in "".join(letters):
        return _hook(letters)
    for at in range(len(letters) - 1, -1, -1):
        if letters[at] in shapes:
            letters[at] = shapes[letters[at]]
            return True
    return False


def _finished(letters: list[str], tone: str, typed: str) -> str | None:
    base = _mended("".join(letters))
    if base not in BASES:
        return None
    syllable = place_tone(base, tone)
    return syllable if is_accented(syllable) and is_syllable(syllable) and syllable != typed else None


def _mended(base: str) -> str:
    """Typists leave out half of a pair: "uơ" before a final means "ươ", "ie"/"ye" before a final means "iê"/"yê"."""
    for half, whole in (("uơ", "ươ"), ("ưo", "ươ"), ("ie", "iê"), ("ye", "yê")):
        candidate = base.replace(half, whole)
        if base not in BASES and candidate in BASES:
            return candidate
    return base
