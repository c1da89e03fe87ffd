"""What can happen while somebody learns. Events are written once and never changed; all progress follows from them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from learning.criterion import Criterion


class Outcome(StrEnum):
    """What a learner says about a practice task."""

    DONE = "done"
    NOT_YET = "not_yet"
    SKIPPED = "skipped"


class Purpose(StrEnum):
    LESSON = "lesson"  # the quiz at the end of a lesson
    SELF = "self"  # self-assessment over all covered skills


class _Event(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    at: datetime


class Consented(_Event):
    """Somebody agreed to have progress kept; `text` names the wording they read, `guardian` says who agreed."""

    kind: Literal["consented"] = "consented"
    text: str
    guardian: bool


class CardRead(_Event):
    """A card of a lesson was shown for the first time. `card` counts from 1."""

    kind: Literal["card_read"] = "card_read"
    course: str
    lesson: str
    card: int


class PracticeReported(_Event):
    kind: Literal["practice"] = "practice"
    course: str
    lesson: str
    outcome: Outcome


class LessonDone(_Event):
    """All cards were read and the practice task was answered, for the first time."""

    kind: Literal["lesson_done"] = "lesson_done"
    course: str
    lesson: str


class AttemptStarted(_Event):
    """A quiz began. `items` are in the order of asking, which `seed` determines."""

    kind: Literal["attempt_started"] = "attempt_started"
    attempt: str
    purpose: Purpose
    course: str | None = None
    lesson: str | None = None
    items: tuple[str, ...]
    seed: str
    criterion: Criterion


class ItemAnswered(_Event):
    """One answer. `checksum` names the wording of the item, `seconds` is the time since the question came up."""

    kind: Literal["answered"] = "answered"
    attempt: str
    number: int
    item: str
    skill: str
    checksum: str
    chosen: tuple[str, ...]
    correct: bool
    seconds: int
    seed: str
    criterion: Criterion


class AttemptFinished(_Event):
    """Nothing is left to answer. `passed` was judged by `criterion`."""

    kind: Literal["attempt_finished"] = "attempt_finished"
    attempt: str
    purpose: Purpose
    course: str | None = None
    lesson: str | None = None
    right: int
    count: int
    passed: bool
    criterion: Criterion


Event = Annotated[
    Consented | CardRead | PracticeReported | LessonDone | AttemptStarted | ItemAnswered | AttemptFinished,
    Field(discriminator="kind"),
]
EVENT: Final[TypeAdapter[Event]] = TypeAdapter(Event)
"""Reads an event from JSON: `EVENT.validate_python(body)`."""
