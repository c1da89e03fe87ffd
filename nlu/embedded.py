"""The intent classifier that is always there: in this process, offline, from the training phrases."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from nlu.classifier import Recipe, fingerprint, grams, trained
from nlu.entities import LONGEST, entity_finder
from nlu.examples import phrases
from nlu.guess import Guess
from nlu.vocabulary import Intent

RECIPE = Recipe("intents", grams, strength=12.0)  # the strength chosen by cross-validation on the training phrases
SURE_ENOUGH = 0.55
"""Confidence from which a guess is believed; below it a text is a question."""


class EmbeddedClassifier:
    """An `IntentClassifier` made of the phrases of `nlu.yml`; about a millisecond a text."""

    def __init__(self, models: Path | None = None, localities: Iterable[str] = ()) -> None:
        """Train, or read from the folder `models` what was trained before; the aspects of questions count as one intent."""
        pairs = [(text, label.split("/")[0]) for text, label in phrases()]
        self._classifier = trained(RECIPE, lambda: pairs, fingerprint(pairs), models)
        self._entities = entity_finder(tuple(localities))

    def classify(self, text: str) -> Guess:
        """See `IntentClassifier`; only the first 2,000 characters count."""
        text = text[:LONGEST].lower()
        if not any(char.isalnum() for char in text):
            return Guess(Intent.question, 0.0)
        label, share = self._classifier.best(text)
        intent = Intent(label) if share >= SURE_ENOUGH else Intent.question
        return Guess(intent, share, self._entities.find(text))
