"""What did the citizen say? One call runs every step of this room over a message."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlu import follow_up, language
from nlu.accent_memory import counts_of
from nlu.aspects import AspectGuesser
from nlu.characters import clean, unify
from nlu.danger import DangerGuesser
from nlu.embedded import EmbeddedClassifier
from nlu.entities import Entity, entity_finder
from nlu.examples import phrases
from nlu.guess import IntentClassifier
from nlu.intents import IntentGuesser
from nlu.masking import LABELS, mask
from nlu.normaliser import MAX_NORMAL, Normaliser
from nlu.restoration import BARE_SHARE, AccentModel, accented_share
from nlu.syllables import fold
from nlu.tables import lines
from nlu.vocabulary import ASPECTS, Intent, Urgency

Floats = NDArray[np.float32]

__all__ = ["ASPECTS", "MAX_NORMAL", "Intent", "Understander", "Understanding", "Urgency"]

_TEACHES = 0.5
"""Share of accented words from which a sentence teaches accents: examples typed without them would teach to leave them out."""
_REMEMBERED = 2048
"""Messages whose understanding is kept: buttons, greetings and the questions of the day."""


@dataclass(frozen=True, slots=True)
class Understanding:
    """What one message says; all texts are NFC.

    Attributes:
        masked: the text as typed, personal numbers replaced by labels: safe to store.
        normal: lower case, tone marks in one place, keystroke residue, short forms and dialect words resolved.
        restored: `normal` with missing accents put back.
        was_unaccented: typed without accents.
        intent: what the message wants.
        aspect: the part of an answer asked for (one of `ASPECTS`), None if the question names none or is no question.
        urgency: a danger that goes before every answer; from the words alone until `Understander.reconsider`.
        worry: no danger now, as far as the message shows, but something that may become one.
        personal: kinds of personal data that were masked (keys of `nlu.masking.LABELS`).
        follow_up: cannot be understood without the question before it.
        leaning: how likely it is, from its words, that it goes on about what was asked before; 0 to 1.
        language: "vi", "khm", "cjm", "blt", "hmn?" or "unknown".
        entities: places, sums of money, phone brands and papers named; positions are those in lower-case `masked`.
    """

    masked: str
    normal: str
    restored: str
    was_unaccented: bool
    intent: Intent
    aspect: str | None
    urgency: Urgency | None
    personal: tuple[str, ...]
    follow_up: bool
    language: str
    entities: tuple[Entity, ...] = ()
    worry: bool = False
    leaning: float = 0.0


@dataclass(frozen=True, slots=True)
class Reading:
    """A text made readable, nothing judged yet; `typed` is clean and lower-case, the rest as in `Understanding`."""

    masked: str
    personal: tuple[str, ...]
    typed: str
    language: str
    normal: str
    restored: str
    was_unaccented: bool


class Understander:
    """Understands messages; holds the accent model and the classifiers, safe to share between threads once built."""

    def __init__(
        self,
        corpus: Iterable[str],
        models: Path | None = None,
        classifier: IntentClassifier | None = None,
        localities: Iterable[str] = (),
    ) -> None:
        """Build the models: seconds the first time in a process (unless the folder `models` keeps them), then about 0.1 s.

        Args:
            corpus: sentences and example questions of the content, with accents; the more, the better accents are restored.
            models: folder that keeps what was trained.
            classifier: guesses intents; by default the embedded one.
            localities: official names of the places to find in messages, "Tỉnh Thanh Hóa", "Phường Hạc Thành".
        """
        self._normaliser = Normaliser()
        own = [text for text, _ in phrases()]
        self._accents = AccentModel(counts_of([*corpus, *lines("everyday.txt"), *own], _with_accents, models))
        self._intents = IntentGuesser(classifier or _embedded(models))
        self._aspects, self._danger, self._follow_ups = _aspects(models), _dangers(models), _follow_ups(models)
        self._entities = entity_finder(tuple(localities))
        self._remembered_reading = lru_cache(maxsize=_REMEMBERED)(self._reading)
        self.judge = lru_cache(maxsize=_REMEMBERED)(self._judge)

    def understand(self, text: str) -> Understanding:
        """Understand `text`, any string at all; only its first 2,000 characters count. Never raises."""
        return self.judge(self.read(text))

    def reconsider(self, understanding: Understanding, vector: Floats, model_id: str) -> Understanding:
        """The same, its danger judged anew now that the embedding of `restored` by `model_id` is known: shape (dimension,)."""
        danger = self._danger.guess(understanding.restored, vector, model_id)
        if (danger.urgency, danger.worry) == (understanding.urgency, understanding.worry):
            return understanding
        return replace(understanding, urgency=danger.urgency, worry=danger.worry)

    def read(self, text: str) -> Reading:
        """The first half of `understand`: enough to start a search with, while `judge(reading)` does the rest."""
        return self._remembered_reading(clean(text))

    def _reading(self, cleaned: str) -> Reading:
        masked = mask(cleaned)
        typed = unify(masked.text)
        return Reading(masked.text, masked.kinds, typed, *self._read(typed))

    def _judge(self, reading: Reading) -> Understanding:
        restored = reading.restored
        intent = self._intents.guess(restored, reading.typed)
        danger = self._danger.guess(restored)
        asks = intent is Intent.question and reading.language == "vi"
        return Understanding(
            masked=reading.masked,
            normal=reading.normal,
            restored=restored,
            was_unaccented=reading.was_unaccented,
            intent=intent,
            aspect=self._aspects.guess(fold(_without_labels(restored))) if asks else None,
            urgency=danger.urgency,
            worry=danger.worry,
            personal=reading.personal,
            follow_up=asks and follow_up.is_follow_up(restored),
            language=reading.language,
            entities=self._entities.find(reading.typed),
            leaning=self._follow_ups.chance(restored) if asks else 0.0,
        )

    def _read(self, typed: str) -> tuple[str, str, str, bool]:
        """The language of `typed`, its normal and restored form, and whether it lacks accents; only Vietnamese is rewritten."""
        bare = accented_share(_without_labels(typed)) <= BARE_SHARE
        normal = self._normaliser.apply(typed, bare)
        tongue = language.guess(typed)
        if tongue == "unknown":  # raw Telex looks foreign until it is decoded
            tongue = language.guess(normal)
        if tongue != "vi":
            return tongue, typed, typed, False
        restored = self._accents.restore(normal, bare).text
        if restored != normal:
            restored = self._normaliser.dialect(restored)
        return tongue, normal, restored, bare


# Made once a process: they do not depend on the content, so a publish rebuilds the accent model only.
_embedded = cache(EmbeddedClassifier)
_aspects = cache(AspectGuesser)
_dangers = cache(DangerGuesser)
_follow_ups = cache(follow_up.FollowUpGuesser)


def _with_accents(texts: Sequence[str]) -> Iterator[str]:
    """Those from which accents can be learnt."""
    return (text for text in texts if accented_share(unify(clean(text))) > _TEACHES)


def _without_labels(text: str) -> str:
    for label in LABELS.values():
        text = text.replace(label, " ")
    return text
