"""Is someone in danger now? Patterns on accent-folded text, so that they hold for every way of typing."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlu.patterns import patterns
from nlu.syllables import fold
from nlu.tables import word_set
from nlu.vocabulary import Urgency

_WORD = re.compile(r"\w+")
_SIGNS = patterns("urgency.yml")


@dataclass(frozen=True, slots=True)
class _Reading:
    """A message without accents, look-alikes of danger words marked; `tells` asks it for one list of signs."""

    text: str

    def tells(self, *names: str) -> bool:
        """True if any of the lists `names` of `urgency.yml` is found."""
        return any(_SIGNS[name].search(self.text) for name in names)


def spot(restored: str) -> Urgency | None:
    """Return the danger that lower-case `restored` tells of, the gravest first, or None."""
    reading = _Reading(" ".join(_folded(word) for word in _WORD.findall(restored)))
    if not reading.tells("stir"):
        return None
    return next((kind for kind, test in _TESTS if test(reading)), None)


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
