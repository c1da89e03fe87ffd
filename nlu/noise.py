"""How people mangle what they type: copies of a question as others would have typed it, for training (pure).

The same tables that the normaliser undoes are used the other way round, together with slips no table knows.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable
from functools import cache

from nlu.rewrite import read_rules
from nlu.syllables import fold

SHORTEN, DIALECT, SLIP, DROP = 0.5, 0.6, 0.06, 0.5  # chance a word (or a letter, for slips) is changed


def unaccented(text: str, _chance: random.Random) -> str:
    """No accents at all."""
    return fold(text.lower())


def half_accented(text: str, chance: random.Random) -> str:
    """Accents on some words only."""
    return " ".join(fold(word) if chance.random() < DROP else word for word in text.lower().split())


def shortened(text: str, chance: random.Random) -> str:
    """Teencode and abbreviations."""
    return _replaced(text, _reversed("teencode.tsv"), SHORTEN, chance)


def regional(text: str, chance: random.Random) -> str:
    """Words of Thanh–Nghệ, Huế and the South."""
    return _replaced(text, _reversed("regional.tsv"), DIALECT, chance)


def slipped(text: str, chance: random.Random) -> str:
    """Letters left out, doubled or exchanged, and words stuck together."""
    letters: list[str] = []
    for letter in text.lower():
        slip = chance.random() < SLIP
        if not slip:
            letters.append(letter)
        elif letter != " " and chance.random() < 0.5:
            letters += [letter, letter]
        elif letters and chance.random() < 0.5:
            letters.insert(-1, letter)
    return "".join(letters)


WAYS: tuple[Callable[[str, random.Random], str], ...] = (unaccented, half_accented, shortened, regional, slipped)


def copies(text: str, count: int, seed: int = 0) -> list[str]:
    """Up to `count` different copies of `text`, none equal to it; the same for the same seed.

    Short forms and dialect may lose their accents, too.
    """
    chance = random.Random(f"{seed} {text}")
    found: dict[str, None] = {}
    for way in chance.sample(WAYS, k=len(WAYS)):
        copy = way(text, chance)
        if way in (shortened, regional) and chance.random() < DROP:
            copy = fold(copy)
        if copy != text.lower():
            found[copy] = None
    return list(found)[:count]


def _replaced(text: str, table: dict[str, list[str]], share: float, chance: random.Random) -> str:
    words, made, at = text.lower().split(), [], 0
    while at < len(words):
        length = next((n for n in (3, 2, 1) if " ".join(words[at : at + n]) in table), 0)
        if length and chance.random() < share:
            made.append(chance.choice(table[" ".join(words[at : at + length])]))
            at += length
        else:
            made.append(words[at])
            at += 1
    return " ".join(made)


@cache
def _reversed(name: str) -> dict[str, list[str]]:
    table: dict[str, list[str]] = defaultdict(list)
    for rule in read_rules(name):
        table[rule.replacement].append(" ".join(rule.words))
    return dict(table)
