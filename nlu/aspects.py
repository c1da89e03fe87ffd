"""Which part of an answer does a question ask for: fee, time, documents …? Cue words first, then a trained guess."""

from __future__ import annotations

from pathlib import Path

from nlu.classifier import trained
from nlu.examples import phrases
from nlu.patterns import patterns

_SURE_ENOUGH = 0.5
"""Probability from which the trained guess counts."""


_CUES = patterns("aspects.yml")


class AspectGuesser:
    """Finds the aspect of a question in accent-folded text."""

    def __init__(self, models: Path | None = None) -> None:
        """Train on the question phrases of `nlu.yml`, or read what was trained before from the folder `models`."""
        pairs = [(text, label.removeprefix("question/")) for text, label in phrases() if label.startswith("question/")]
        self._classifier = trained(pairs, models)

    def guess(self, folded: str) -> str | None:
        """Return one of `ASPECTS`, or None if the question names no part (``folded``: lower-case, without accents)."""
        for aspect, cue in _CUES.items():
            if cue.search(folded):
                return aspect
        label, share = self._classifier.best(folded)
        return label if share >= _SURE_ENOUGH and label != "general" else None
