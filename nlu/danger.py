"""Is someone in danger now, and in which? A trained guess over words, and a second one from what the message means."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlu import aspects, meaning
from nlu.classifier import Recipe, shares, trained
from nlu.tables import content, lines, tables
from nlu.urgency import signs_in, spot, spot_in, words_of
from nlu.vocabulary import Urgency

_CALM, _WORRY = "none", "worry"
"""Labels of what is no danger now: a calm question, and something bad that need not be stopped within minutes."""
SURE_ENOUGH = 0.55
"""Probability of a danger now from which it is taken for one; how it was chosen, and on what: docs/understanding.md."""
SURE_WITH_RULE = 0.45
"""The same where the hand-written patterns find a danger too."""
WORRIED = 0.5
"""Probability of danger or worry from which a person is shown the way to the emergency steps beside the answer."""
MEANT = 0.35
"""What the guess from the meaning weighs, the one from the words having the rest."""
MEANING = "danger_meaning"
_REMEMBERED = 1024

Floats = NDArray[np.float32]
Shares = dict[str, float]


def evidence(restored: str) -> list[str]:
    """What lower-case `restored` offers to the guess: its words, pairs and triples, and what the patterns found in it."""
    words = words_of(restored)
    text = " ".join(words)
    found = [*words, *map("_".join, zip(["^", *words], [*words, "$"], strict=True))]
    found += map("_".join, zip(words, words[1:], words[2:], strict=False))
    rule = spot_in(text)
    return found + [f"sign:{sign}" for sign in signs_in(text)] * 2 + [f"rule:{rule.value if rule else _CALM}"] * 3


RECIPE = Recipe("danger", evidence, strength=10.0, seen=3, balanced=False, tolerance=1e-4)
"""Six of seven pieces of evidence stand in fewer than three messages, and nothing is the better for them."""


@dataclass(frozen=True, slots=True)
class Danger:
    """What a message tells of: a danger now, which goes before every answer, or only a worry, shown a warning beside it."""

    urgency: Urgency | None = None
    worry: bool = False


def examples_by_writer() -> dict[str, list[tuple[str, str]]]:
    """The (text, label) pairs of each `danger*.tsv`, one file a writer; a label is a value of `Urgency`, "worry" or "none".

    What was written to teach aspects is calm, but for the questions whether something is safe, which nobody has graded.
    """
    found = {name: [_pair(line) for line in lines(name)] for name in tables("danger")}
    for name, some in aspects.examples_by_writer().items():
        found[name] = [(example.text, _CALM) for example in some if example.part != "safety"]
    return found


def examples() -> list[tuple[str, str]]:
    """All of them, in a fixed order."""
    return [pair for pairs in examples_by_writer().values() for pair in pairs]


def _pair(line: str) -> tuple[str, str]:
    label, text = line.split("\t", 1)
    return text, label


def is_danger(label: str) -> bool:
    """Whether a label of `danger*.tsv` asks for the emergency steps."""
    return label not in (_CALM, _WORRY)


def risk_of(found: Shares) -> float:
    """The probability of any danger now, from those of all labels."""
    return sum(share for label, share in found.items() if is_danger(label))


def judge(found: Shares, by_rule: bool) -> Danger:
    """What the probabilities say; `by_rule`: the hand-written patterns find a danger too."""
    risk = risk_of(found)
    if risk < (SURE_WITH_RULE if by_rule else SURE_ENOUGH):
        return Danger(worry=risk + found.get(_WORRY, 0.0) >= WORRIED)
    return Danger(Urgency(max(filter(is_danger, found), key=found.__getitem__)))


def pooled(words: Floats, meant: Floats) -> Floats:
    """The scores of both guesses in one: the weighted mean of their logarithms of odds (logarithmic opinion pool)."""
    return np.asarray((1 - MEANT) * words + MEANT * meant, dtype=np.float32)


class DangerGuesser:
    """Tells the danger of a message. Safe to share between threads once built."""

    def __init__(self, models: Path | None = None, second: meaning.Meaning | None = None) -> None:
        """Train on all examples (20 s), or read what was trained before from the folder `models`.

        `second` guesses from the meaning; by default the one that comes with the project.
        """
        words = trained(RECIPE, examples, source(), models)
        self._labels, self._scores = words.labels, lru_cache(_REMEMBERED)(words.scores)
        found = second or meaning.read(meaning.shipped(MEANING))
        self._meaning = found if found.labels == self._labels else None  # else the tables know a kind that it does not

    def guess(self, restored: str, vector: Floats | None = None, model_id: str = "") -> Danger:
        """What lower-case `restored` most probably tells of; from its words alone where there is no `vector`.

        `vector` is its embedding by the model `model_id`, shape (dimension,); another model than the meaning was fitted to is
        not asked.
        """
        scores = self._scores(restored)
        if vector is not None and self._meaning and self._meaning.model_id == model_id:
            scores = pooled(scores, self._meaning.scores(vector))
        return judge(shares(self._labels, scores), spot(restored) is not None)


def source() -> str:
    """Stands for what the guesses are taught; files are read as they lie, since parsing them all takes as long as a start may."""
    digest = hashlib.sha256()
    for name in (*tables("danger"), *tables("aspects"), "urgency.yml", "lookalikes.txt"):
        digest.update(content(name))
    return digest.hexdigest()
