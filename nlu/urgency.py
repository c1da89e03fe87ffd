"""Signs of danger: patterns on accent-folded text, so that they hold for every way of typing (see `nlu/danger.py`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from nlu.patterns import patterns
from nlu.syllables import fold
from nlu.tables import word_set
from nlu.vocabulary import Urgency

_WORD = re.compile(r"\w+")
_SIGNS = patterns("urgency.yml")
_NO_SIGNS = frozenset({"child", "stir"})  # parts of other lists, and the quick look before them


@dataclass(frozen=True, slots=True)
class _Reading:
    """A message without accents, look-alikes of danger words marked; `tells` asks it for one list of signs."""

    text: str

    def tells(self, *names: str) -> bool:
        """True if any of the lists `names` of `urgency.yml` is found."""
        return any(_SIGNS[name].search(self.text) for name in names)


def spot(restored: str) -> Urgency | None:
    """Return the danger that the hand-written patterns find in lower-case `restored`, the gravest first, or None."""
    return spot_in(" ".join(words_of(restored)))


def words_of(restored: str) -> list[str]:
    """The words of lower-case `restored` without accents, look-alikes of danger words marked by "_"."""
    return [_folded(word) for word in _WORD.findall(restored)]


def spot_in(text: str) -> Urgency | None:
    """The same for the joined words of `words_of`."""
    reading = _Reading(text)
    if not reading.tells("stir"):
        return None
    return next((kind for kind, test in _TESTS if test(reading)), None)


def signs_in(text: str) -> list[str]:
    """The names of the lists of `urgency.yml` that are found in the joined words of `words_of`."""
    return [name for name, pattern in _SIGNS.items() if name not in _NO_SIGNS and pattern.search(text)]


@lru_cache(maxsize=65536)
def _folded(word: str) -> str:
    """`word` without accents; a look-alike ("mặt" for "mất", "lúa" for "lừa") gets a mark that keeps patterns off it."""
    return f"_{fold(word)}" if word in word_set("lookalikes.txt") else fold(word)


def _despair(reading: _Reading) -> bool:
    return reading.tells("despair") and not reading.tells("not_despair")


def _child(reading: _Reading) -> bool:
    return reading.tells("child_hurt") and not reading.tells("hypothetical", "warns_about")


def _captive(reading: _Reading) -> bool:
    if reading.tells("hypothetical"):
        return False
    return reading.tells("captive_sure") or (reading.tells("captive") and not reading.tells("not_captive"))


def _device(reading: _Reading) -> bool:
    if reading.tells("hypothetical", "long_ago"):
        return False
    return reading.tells("steered") or (reading.tells("stolen") and reading.tells("with_bank", "just_now"))


def _lost(reading: _Reading) -> bool:
    if reading.tells("hypothetical", "mistaken") or (reading.tells("long_ago") and not reading.tells("just_now")):
        return False
    return reading.tells("keys_given", "cheated") or (reading.tells("money_gone") and reading.tells("now"))


def _scam(reading: _Reading) -> bool:
    if reading.tells("long_ago") or (reading.tells("hypothetical") and not reading.tells("live")):
        return False
    if reading.tells("sextortion", "pay_more") or (reading.tells("rogue_call") and reading.tells("now", "threat")):
        return True
    return reading.tells("caller") and reading.tells("demand") and reading.tells("live", "threat")


_TESTS = (
    (Urgency.despair, _despair),
    (Urgency.child_danger, _child),
    (Urgency.captive, _captive),
    (Urgency.device_taken, _device),
    (Urgency.lost_money, _lost),
    (Urgency.being_scammed, _scam),
)
