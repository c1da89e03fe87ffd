"""Replace short forms and dialect words by standard ones, looking at the neighbours where a form has two meanings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from nlu.syllables import fold
from nlu.tables import lines, table

_PIECE = re.compile(r"[^\W_]+|[\W_]+")
_EDGE = "^"


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition on the neighbouring word; with no words it always holds."""

    words: frozenset[str] = frozenset()
    forbid: bool = False

    def holds(self, neighbour: str) -> bool:
        """True if the accent-folded `neighbour` ("^" at an edge) is allowed."""
        return not self.words or (neighbour in self.words) != self.forbid


@dataclass(frozen=True, slots=True)
class Rule:
    """`words` (one to three) become `replacement` if the words before and after allow it."""

    words: tuple[str, ...]
    replacement: str
    before: Guard = field(default_factory=Guard)
    after: Guard = field(default_factory=Guard)


def read_rules(name: str) -> list[Rule]:
    """Read a tab-separated table: form, replacement, guard before, guard after; a guard is "=a,b" (one of) or "!a,b" (none)."""
    return [_rule(line) for line in lines(name)]


def curators_rules(section: str) -> list[Rule]:
    """Read a section of `curators.yml`, whose rows name the same four things in Vietnamese (explained in the file)."""
    rows: list[dict[str, str]] = table("curators.yml")[section]  # type: ignore[assignment]
    return [Rule(tuple(row["viet"].split()), row["nghia"], _named(row, "sau"), _named(row, "truoc")) for row in rows]


def _named(row: dict[str, str], side: str) -> Guard:
    if side in row:
        return _guard(f"={row[side]}")
    return _guard(f"!{row[f'khong_{side}']}" if f"khong_{side}" in row else "")


def _rule(line: str) -> Rule:
    cells = [*line.split("\t"), "", ""]
    return Rule(tuple(cells[0].split()), cells[1], _guard(cells[2]), _guard(cells[3]))


def _guard(cell: str) -> Guard:
    if not cell:
        return Guard()
    return Guard(frozenset(fold(word.strip()) for word in cell[1:].split(",")), forbid=cell[0] == "!")


class Rewriter:
    """Applies rules to lower-case text, longest form first, each word once."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._by_first: dict[str, list[Rule]] = {}
        for rule in rules:
            self._by_first.setdefault(rule.words[0], []).append(rule)
        for choices in self._by_first.values():
            choices.sort(key=lambda rule: -len(rule.words))
        self.forms = frozenset(rule.words[0] for choices in self._by_first.values() for rule in choices if len(rule.words) == 1)

    def apply(self, text: str) -> str:
        """Return `text` with every form replaced; spacing and punctuation stay."""
        pieces = _PIECE.findall(text)
        if not any(piece in self._by_first for piece in pieces):
            return text
        at = 0
        while at < len(pieces):
            at += self._replace(pieces, at)
        return "".join(pieces)

    def _replace(self, pieces: list[str], at: int) -> int:
        """Rewrite the form that starts at `at`, if any; the number of pieces dealt with."""
        for rule in self._by_first.get(pieces[at], ()):
            end = _match(pieces, at, rule.words)
            if end and rule.before.holds(_word(pieces, at, -1)) and rule.after.holds(_word(pieces, end - 1, 1)):
                pieces[at:end] = [rule.replacement]
                return 1
        return 1


def _match(pieces: list[str], at: int, words: tuple[str, ...]) -> int:
    """The end of `words` in `pieces` from `at`, one space between them; 0 if they are not there."""
    for offset, word in enumerate(words):
        place = at + 2 * offset
        if place >= len(pieces) or pieces[place] != word or (offset and pieces[place - 1] != " "):
            return 0
    return at + 2 * len(words) - 1


def _word(pieces: list[str], at: int, step: int) -> str:
    """The folded word next to piece `at`; the edge sign at the ends of the text and of a clause."""
    place = at + 2 * step
    if not 0 <= place < len(pieces) or any(mark in pieces[at + step] for mark in ".?!,;:"):
        return _EDGE
    words = fold(pieces[place]).split()
    if not words:
        return _EDGE
    return words[-1] if step < 0 else words[0]
