"""Which part of an answer does a question ask for: fee, time, documents …? Cue words first, then a trained guess."""

from __future__ import annotations

import re
from pathlib import Path

from nlu.classifier import trained
from nlu.examples import phrases
from nlu.patterns import patterns
from nlu.syllables import fold

_SURE_ENOUGH = 0.5
"""Probability from which the trained guess counts."""


_CUES = patterns("aspects.yml")
_PREVENTION = re.compile(r"\b(?:de khong|khoi bi|phong|tranh|de phong|nhan biet|nhan ra|phan biet|dau hieu|canh giac|luu y)\b")


def names_trouble(title: str) -> bool:
    """Whether a title itself names a mishap ("Quên mật khẩu", "Khóa thẻ khẩn cấp"): a question about it asks for the whole."""
    plain = fold(title.lower())
    return "khan cap" in plain or _CUES["trouble"].search(plain) is not None


def asks_prevention(restored: str) -> bool:
    """Whether a question asks how to keep safe from something rather than what to think of it."""
    return _PREVENTION.search(fold(restored)) is not None


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
