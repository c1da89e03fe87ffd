"""Which language is it? Sure about scripts, careful about the rest: short texts of many minorities look like Vietnamese."""

from __future__ import annotations

import re

from nlu.syllables import is_accented, is_plain_syllable, is_syllable
from nlu.tables import word_set

_LETTERS = re.compile(r"[^\W\d_]")
_SCRIPTS = {
    "khm": re.compile("[\u1780-\u17ff]"),
    "cjm": re.compile("[\uaa00-\uaa5f]"),
    "blt": re.compile("[\uaa80-\uaadf]"),
}
"""Scripts that belong to one minority language of Vietnam: Khmer, Chăm, Tai Viet."""
_LATIN = re.compile("[a-zA-Z\u00c0-\u024f\u1e00-\u1eff]")
_WORD = re.compile(r"[^\W\d_]+")
_RPA = re.compile(
    r"(?:n?(?:p|t|k|q|c|r|x|s|ts|tx|pl|tl|dl|ph|th|kh|qh|ch|rh|tsh|txh|plh|pl|dh|dlh)|b|d|f|g|h|hl|hm|hn|hml|l|m|ml|n|ny|hny|v|w|y|z|zh|xy)?"
    r"(?:ai|au|aw|ee|ia|oo|ua|a|e|i|o|u|w)(?P<tone>[bsjvmgd])?"
)
_RPA_TONE_ONLY = re.compile(r".*[bsjvgd]$")
_MIN_WORDS = 3
"""Fewer words than this are never called Hmong or unknown Latin."""


def guess(text: str) -> str:
    """Return "vi", "khm", "cjm" or "blt" (Khmer, Chăm, Tai Viet script), "hmn?" (looks like Hmong in RPA) or "unknown".

    "vi" when in doubt: a wrong guess would be worse than none.
    """
    letters = _LETTERS.findall(text)
    if not letters:
        return "vi"
    script = next((code for code, signs in _SCRIPTS.items() if len(signs.findall(text)) * 3 >= len(letters)), None)
    if script:
        return script
    if len(_LATIN.findall(text)) * 2 < len(letters):
        return "unknown"
    return _latin(_WORD.findall(text.lower()))


def _looks_vietnamese(word: str) -> bool:
    if word in word_set("foreign.txt"):
        return False
    return is_syllable(word) or is_plain_syllable(word) or is_accented(word)


def _latin(words: list[str]) -> str:
    if len(words) < _MIN_WORDS:
        return "vi"
    vietnamese = sum(1 for word in words if _looks_vietnamese(word))
    if vietnamese * 2 > len(words):
        return "vi"
    rpa = [word for word in words if word.isascii() and _RPA.fullmatch(word)]
    toned = [word for word in rpa if _RPA_TONE_ONLY.match(word)]
    if len(rpa) * 10 >= len(words) * 8 and len(toned) * 5 >= len(words) * 2:
        return "hmn?"
    return "unknown" if vietnamese * 3 <= len(words) else "vi"
