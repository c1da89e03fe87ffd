"""What an intent classifier says of a text, and the contract every one keeps: the embedded one and Rasa."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from nlu.entities import Entity
from nlu.vocabulary import Intent


@dataclass(frozen=True, slots=True)
class Guess:
    """What a text seems to want.

    Attributes:
        intent: `question` for everything that fits no other intent surely enough.
        confidence: of the best intent, from 0 to 1; 0 where there is nothing to judge.
        entities: places, sums, phone brands and papers named in the text, in order.
    """

    intent: Intent
    confidence: float
    entities: tuple[Entity, ...] = ()


UNKNOWN = Guess(Intent.question, 0.0)


class IntentClassifier(Protocol):
    """Guesses the intent of a text without personal numbers; safe to share between threads.

    `classify` takes any string at all, empty, with NUL or of 100,000 characters, and never raises; a text that fits no intent
    is a `question`.
    """

    def classify(self, text: str) -> Guess:
        """Return what `text` (lower case, personal numbers hidden) seems to want."""
        ...
