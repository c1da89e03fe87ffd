"""Which part of an answer does a question ask for: fee, time, documents …? A trained guess, cue words among its evidence."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from nlu.classifier import Recipe, grams, trained
from nlu.examples import phrases
from nlu.patterns import patterns
from nlu.syllables import fold
from nlu.tables import content, lines, tables
from nlu.vocabulary import ASPECTS

_CUES = patterns("aspects.yml")
_PREVENTION = re.compile(r"\b(?:de khong|khoi bi|phong|tranh|de phong|nhan biet|nhan ra|phan biet|dau hieu|canh giac|luu y)\b")
SURE_ENOUGH = 0.4
"""Probability from which a part is opened; below it the whole is shown, which hurts less than the wrong part."""
_BRIEF = 5
"""Words a message may have and still be most likely a follow-up, which names nothing but the part."""


def names_trouble(title: str) -> bool:
    """Whether a title itself names a mishap ("Quên mật khẩu", "Khóa thẻ khẩn cấp"): a question about it asks for the whole."""
    plain = fold(title.lower())
    return "khan cap" in plain or _CUES["trouble"].search(plain) is not None


def asks_prevention(restored: str) -> bool:
    """Whether a question asks how to keep safe from something rather than what to think of it."""
    return _PREVENTION.search(fold(restored)) is not None


def evidence(folded: str) -> list[str]:
    """What a question offers to the guess: its letters, words, pairs and triples, how it ends, and the cues it holds."""
    words = folded.split()
    cues = [aspect for aspect, cue in _CUES.items() if cue.search(folded)]
    found = [*grams(folded), *map("_".join, zip(words, words[1:], words[2:], strict=False))]
    found += [f"end:{'_'.join(words[-count:])}" for count in (1, 2) if words]
    return [*found, *map("cue:{}".format, cues), f"first:{cues[0] if cues else None}", *["brief"] * (len(words) <= _BRIEF)]


RECIPE = Recipe("aspects", evidence, strength=10.0)  # 3, 10 and 30 differ by a point, with writers left out


@dataclass(frozen=True, slots=True)
class Example:
    """A message of `aspects*.tsv`: the part it asks for or "general", and whether it leans on a question before it."""

    part: str
    follows: bool
    text: str


def examples() -> list[tuple[str, str]]:
    """The (folded text, label) pairs it is taught: an aspect or "general"; those of `nlu.yml` and of each `aspects*.tsv`."""
    own = [(fold(text.lower()), label.removeprefix("question/")) for text, label in phrases() if label.startswith("question/")]
    return [*own, *((fold(example.text), example.part) for some in examples_by_writer().values() for example in some)]


def examples_by_writer() -> dict[str, list[Example]]:
    """What stands in each `aspects*.tsv`, one file a writer."""
    return {name: [_example(line) for line in lines(name)] for name in tables("aspects")}


def _example(line: str) -> Example:
    part, place, text = line.split("\t")
    return Example(part, place == "follow", text)


class AspectGuesser:
    """Finds the aspect of a question in accent-folded text."""

    def __init__(self, models: Path | None = None) -> None:
        """Train on `examples()` (some seconds), or read what was trained before from the folder `models`."""
        self._classifier = trained(RECIPE, examples, _source(), models)

    def guess(self, folded: str) -> str | None:
        """Return one of `ASPECTS`, or None if the question names no part (``folded``: lower-case, without accents)."""
        label, share = self._classifier.best(folded)
        return label if share >= SURE_ENOUGH and label in ASPECTS else None


def _source() -> str:
    files = (content(name) for name in ("aspects.yml", "nlu.yml", *tables("aspects")))
    return hashlib.sha256(b"\0".join(files)).hexdigest()
