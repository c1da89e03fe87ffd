"""Quiz items: the questions a lesson ends with. Pure values; the quiz engine lives in `learning`."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from knowledge.model import Level, Value

MAX_OPTION_LENGTH = 60  # option texts become buttons; longer ones are shown by number


class Kind(StrEnum):
    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUE_FALSE = "true_false"
    REAL_OR_FAKE = "real_or_fake"
    ORDER = "order"  # the options as written are the right order; the learner sees them shuffled


class Difficulty(StrEnum):
    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"


SEVERAL = frozenset({Kind.MULTIPLE, Kind.ORDER})
"""Kinds answered with several options."""
FEWEST_TO_ORDER = 3
FIXED_OPTIONS = {Kind.TRUE_FALSE: {"dung", "sai"}, Kind.REAL_OR_FAKE: {"that", "gia"}}


class Option(Value):
    """One answer with the kind words that follow it."""

    id: str = Field(pattern=r"^[a-z0-9]{1,8}$")
    text: str = Field(min_length=1, max_length=MAX_OPTION_LENGTH)
    correct: bool
    feedback: str = Field(min_length=1)


class Checked(Value):
    """The second pass over an item: who did it, when, and what is worth knowing about it."""

    by: str = Field(min_length=1)
    on: date
    note: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _yaml_on(cls, data: object) -> object:
        """YAML 1.1 reads the bare key `on` as the truth value."""
        return {"on" if key is True else key: value for key, value in data.items()} if isinstance(data, dict) else data


class QuizItem(Value):
    """One question.

    `scenario` is what the learner sees first (a message, a call) for real_or_fake; `simple` is the stem in
    everyday words, for learners at that reading level.
    """

    id: str = Field(pattern=r"^[a-z0-9-]+-\d+$")
    kind: Kind
    skill: str
    difficulty: Difficulty | None = None
    checked: Checked | None = None
    scenario: str | None = None
    stem: str = Field(min_length=1)
    simple: str | None = Field(default=None, min_length=1)
    options: tuple[Option, ...] = Field(min_length=2, max_length=5)

    @property
    def topic_id(self) -> str:
        """The topic the item belongs to: its id without the number."""
        return self.id.rpartition("-")[0]

    @property
    def correct(self) -> frozenset[str]:
        """Ids of the correct options."""
        return frozenset(o.id for o in self.options if o.correct)

    @property
    def right_order(self) -> tuple[str, ...]:
        """Ids of the options as written, which for order items is the right order."""
        return tuple(o.id for o in self.options)

    def stem_at(self, level: Level) -> str:
        """The question for a reader of that level."""
        return (self.simple if level is Level.SIMPLE else None) or self.stem

    @model_validator(mode="after")
    def _rules(self) -> Self:
        ids = [o.id for o in self.options]
        if len(set(ids)) != len(ids):
            raise ValueError("option ids repeat")
        if not self.correct:
            raise ValueError("no correct option")
        if self.kind is Kind.ORDER and (len(self.correct) != len(ids) or len(ids) < FEWEST_TO_ORDER):
            raise ValueError(f"order needs {FEWEST_TO_ORDER} to 5 options, all correct: true, in the right order")
        if self.kind not in SEVERAL and len(self.correct) != 1:
            raise ValueError(f"{self.kind.value} needs exactly one correct option, has {len(self.correct)}")
        if (fixed := FIXED_OPTIONS.get(self.kind)) and set(ids) != fixed:
            raise ValueError(f"{self.kind.value} options must have the ids {sorted(fixed)}")
        if self.kind is Kind.REAL_OR_FAKE and not self.scenario:
            raise ValueError("real_or_fake needs a scenario")
        return self


class QuizFile(Value):
    """All items of one topic in one language."""

    topic: str
    items: tuple[QuizItem, ...]

    @model_validator(mode="after")
    def _ids_belong(self) -> Self:
        ids = [item.id for item in self.items]
        if repeated := {i for i in ids if ids.count(i) > 1}:
            raise ValueError(f"item ids repeat: {sorted(repeated)}")
        if strangers := [item.id for item in self.items if item.topic_id != self.topic]:
            raise ValueError(f"item ids must be topic id + number: {strangers}")
        return self
