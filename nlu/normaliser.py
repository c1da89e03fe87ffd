"""From what was typed to standard spelling: keystrokes, held letters, stuck words, short forms, dialect, sums of money."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from nlu import telex
from nlu.characters import clean, unify
from nlu.money import spell_sums
from nlu.restoration import BARE_SHARE, accented_share
from nlu.rewrite import Rewriter, curators_rules, read_rules
from nlu.words import repair

MAX_NORMAL = 4000
"""Spelling out short forms may lengthen a text; characters beyond this are dropped."""
_ROUNDS = 6
"""A word spelt out may decide what its neighbour means, once more; three rounds are rare."""
_TOKEN = re.compile(r"[^\W_]+|[^\w\s]|_")


@dataclass(frozen=True, slots=True)
class Normalised:
    """`text` is the normal form of the clean lower-case `typed`."""

    typed: str
    text: str

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """The span of `typed` that `text[start:end]` was made of; changed words map to the whole stretch that changed."""
        here, there = list(_TOKEN.finditer(self.text)), list(_TOKEN.finditer(self.typed))
        matcher = SequenceMatcher(None, [t.group() for t in here], [t.group() for t in there], autojunk=False)
        touched = [at for at, token in enumerate(here) if token.start() < end and token.end() > start]
        if not touched:
            return 0, 0
        first, last = touched[0], touched[-1]
        spans = [_mapped(code, first, last) for code in matcher.get_opcodes() if _touches(code, first, last)]
        low, high = min(span[0] for span in spans), max(span[1] for span in spans)
        return (there[low].start(), there[high - 1].end()) if high > low else (0, 0)


def _touches(code: tuple[str, int, int, int, int], first: int, last: int) -> bool:
    """Whether a stretch of the alignment lies within tokens `first` to `last`; what was dropped counts with its neighbours."""
    _, low, high, _, _ = code
    return first <= low <= last + 1 if low == high else low <= last and high > first


def _mapped(code: tuple[str, int, int, int, int], first: int, last: int) -> tuple[int, int]:
    """The tokens of the other side that one stretch of the alignment gives for tokens `first` to `last`."""
    kind, low, high, other_low, other_high = code
    if kind != "equal":
        return other_low, other_high
    return other_low + max(first, low) - low, other_high - max(high - 1 - last, 0)


class Normaliser:
    """Holds the tables; safe to share between threads."""

    def __init__(self) -> None:
        self._short_forms = Rewriter([*curators_rules("viet_tat"), *read_rules("teencode.tsv")])
        self._dialect = Rewriter([*curators_rules("dia_phuong"), *read_rules("regional.tsv")])
        self._plain_dialect = Rewriter(read_rules("regional_plain.tsv"))

    def normalise(self, text: str) -> Normalised:
        """Clean any text, lower it, resolve what is not standard spelling. Doing so twice changes nothing more. Never raises."""
        typed = unify(clean(text))
        found = typed
        for _ in range(_ROUNDS):
            before, found = found, self.apply(found, accented_share(found) <= BARE_SHARE)
            if found == before:
                break
        return Normalised(typed, found)

    def apply(self, typed: str, bare: bool) -> str:
        """The normal form of clean lower-case `typed`; `bare`: typed without accents, so that most words may be several."""
        text = telex.decode(typed, keep=self._short_forms.forms)
        text = spell_sums(repair(text))
        text = self._short_forms.apply(text)
        text = (self._plain_dialect if bare else self._dialect).apply(text)
        return unify(text)[:MAX_NORMAL]

    def dialect(self, text: str) -> str:
        """Resolve dialect words only, in text whose accents have just been restored."""
        return self._dialect.apply(text)[:MAX_NORMAL]
