"""The intent classifier that is always there: in this process, offline, from the training phrases."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from nlu.classifier import trained
from nlu.entities import LONGEST, entity_finder
from nlu.examples import phrases
from nlu.guess import Guess
from nlu.vocabulary import Intent

SURE_ENOUGH = 0.55
"""Confidence from which a guess is believed; below it a text is a question."""


class EmbeddedClassifier:
    """An `IntentClassifier` made of the phrases of `nlu.yml`; about a millisecond a text."""

    def __init__(self, models: Path | None = None, localities: Iterable[str] = ()) -> None:
        """Train, or read from the folder `models` what was trained before; the aspects of questions count as one intent."""
        self._classifier = trained([(text, label.split("/")[0]) for text, label in phrases()], models)
        self._entities = entity_finder(tuple(localities))

    def classify(self, text: str) -> Guess:
        """See `IntentClassifier`; only the first 2,000 characters count."""
        text = text[:LONGEST].lower()
        if not any(char.isalnum() for char in text):
            return Guess(Intent.question, 0.0)
        label, share = self._classifier.best(text)
        intent = Intent(label) if share >= SURE_ENOUGH else Intent.question
        return Guess(intent, share, self._entities.find(text))
