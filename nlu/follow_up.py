"""Can the question be understood alone, or does it lean on what was said before?"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from nlu import aspects
from nlu.characters import unify
from nlu.classifier import Recipe, grams, trained
from nlu.patterns import patterns
from nlu.syllables import fold
from nlu.tables import content, lines, tables, word_set

_LONGEST = 14
"""Words; whoever writes more has said what it is about."""
_LONGEST_BARE = 10
"""The same where no word points back."""

_SIGNS = patterns("follow_up.yml")
_WORD = re.compile(r"[^\W\d_]+")


def is_follow_up(restored: str) -> bool:
    """True if lower-case `restored` names no subject of its own ("thế mất bao nhiêu tiền?", "còn mẹ tôi 72 tuổi thì sao?")."""
    words = _WORD.findall(unify(restored))
    if not words or len(words) > _LONGEST:
        return False
    subject = subject_of(restored)
    text = fold(" ".join(words))
    points_back = _SIGNS["points_back"].search(text) is not None
    if not subject:
        return points_back or _SIGNS["opening"].search(text) is not None or len(words) <= _LONGEST_BARE
    return points_back and len(subject) == 1 and "subject" not in subject


def subject_of(restored: str) -> list[str]:
    """The words of lower-case `restored` that may say what it is about; "subject" stands for a phrase that surely does."""
    plain = " ".join(_WORD.findall(unify(restored)))
    rest = _SIGNS["no_subjects"].sub(" ", _SIGNS["own_subjects"].sub(" subject ", plain))
    return [word for word in rest.split() if word not in word_set("subjectless.txt")]


def evidence(folded: str) -> list[str]:
    """What a message offers to the guess: its letters, words, pairs and triples, how it begins, and its length."""
    words = folded.split()
    triples = map("_".join, zip(words, words[1:], words[2:], strict=False))
    return [*grams(folded), *triples, f"start:{'_'.join(words[:2])}", f"length:{min(len(words), _COUNTED)}"]


_COUNTED = 12
_FOLLOWS, _FIRST = "follow", "first"
RECIPE = Recipe("follow-up", evidence, strength=10.0)


def examples() -> list[tuple[str, str]]:
    """The (folded text, label) pairs it is taught; the everyday questions of `danger_q_*.tsv` are first ones."""
    told = [example for some in aspects.examples_by_writer().values() for example in some]
    pairs = [(fold(example.text), _FOLLOWS if example.follows else _FIRST) for example in told]
    return pairs + [(fold(line.split("\t", 1)[1]), _FIRST) for name in tables("danger_q_") for line in lines(name)]


class FollowUpGuesser:
    """How likely it is from its words alone that a message leans on what was said before."""

    def __init__(self, models: Path | None = None) -> None:
        """Train on `examples()` (some seconds), or read what was trained before from the folder `models`."""
        files = (content(name) for name in (*tables("aspects"), *tables("danger_q_")))
        self._classifier = trained(RECIPE, examples, hashlib.sha256(b"\0".join(files)).hexdigest(), models)

    def chance(self, restored: str) -> float:
        """The probability in [0, 1] for lower-case `restored`."""
        return self._classifier.probabilities(fold(restored))[_FOLLOWS]
