"""The quiz engine: pure. What is asked next, what an answer means, how it ended; all of it follows from the events."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from pydantic import BaseModel, ConfigDict

from knowledge.model import checksum_of
from knowledge.quiz import FIXED_OPTIONS, Kind, Option, QuizItem
from learning.criterion import Criterion
from learning.events import AttemptFinished, AttemptStarted, Event, ItemAnswered, Purpose

MAX_SECONDS = 24 * 3600  # a longer silence says nothing about how hard a question was
Items = Mapping[str, QuizItem]
Ordered = TypeVar("Ordered")


class QuizError(ValueError):
    """An answer that cannot be counted."""


class AlreadyAnswered(QuizError):
    """The question has its answer; the first one counts."""


class NotAsked(QuizError):
    """The question is not the one that is open now, or it has no such option."""


class Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    item: str
    chosen: tuple[str, ...]
    correct: bool


class Attempt(BaseModel):
    """One run through a quiz. `items` are in the order of asking; `at` is the time of its last event."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    purpose: Purpose
    course: str | None = None
    lesson: str | None = None
    items: tuple[str, ...]
    seed: str
    criterion: Criterion
    answers: tuple[Answer, ...] = ()
    at: datetime

    @property
    def right(self) -> int:
        return sum(answer.correct for answer in self.answers)

    def answer_to(self, item_id: str) -> Answer | None:
        """The answer that was given, or None."""
        return next((answer for answer in self.answers if answer.item == item_id), None)

    def item_at(self, number: int) -> str:
        """The item with that number, counted from 1. Raises NotAsked."""
        if not 1 <= number <= len(self.items):
            raise NotAsked(f"no question {number}")
        return self.items[number - 1]


class Band(StrEnum):
    """How a quiz went, for choosing kind words."""

    ALL = "all"
    PASSED = "passed"
    HALF = "half"
    AGAIN = "again"


@dataclass(frozen=True, slots=True)
class Result:
    right: int
    count: int
    passed: bool
    band: Band


def seeded(values: Iterable[Ordered], seed: str, name: str = "") -> list[Ordered]:
    """The values in an order that depends on the seed and their `str` alone: the same on every machine and version."""
    return sorted(values, key=lambda value: hashlib.sha256(f"{seed}|{name}|{value}".encode()).digest())


@dataclass(frozen=True, slots=True)
class Quiz:
    """What a new attempt is about."""

    purpose: Purpose
    items: tuple[str, ...]
    course: str | None = None
    lesson: str | None = None


def start(attempt_id: str, quiz: Quiz, seed: str, criterion: Criterion, at: datetime) -> AttemptStarted:
    """Begin an attempt, the items in the order of the seed. Raises QuizError without items."""
    if not quiz.items:
        raise QuizError("a quiz needs items")
    return AttemptStarted(
        at=at,
        attempt=attempt_id,
        purpose=quiz.purpose,
        course=quiz.course,
        lesson=quiz.lesson,
        items=tuple(seeded(dict.fromkeys(quiz.items), seed)),
        seed=seed,
        criterion=criterion,
    )


def options(item: QuizItem, seed: str) -> tuple[Option, ...]:
    """The options in the order to show: shuffled by the seed, but true/false and real/fake always the same way round.

    Those to be put in order never come in their right order.
    """
    if item.kind in FIXED_OPTIONS:
        return item.options
    by_id = {option.id: option for option in item.options}
    ids = seeded(by_id, seed, item.id)
    if item.kind is Kind.ORDER and tuple(ids) == item.right_order:
        ids = [*ids[1:], ids[0]]
    return tuple(by_id[option_id] for option_id in ids)


def open_number(attempt: Attempt, items: Items) -> int | None:
    """The number of the question to ask now; None when nothing is left. Items withdrawn meanwhile are passed over."""
    answered = {answer.item for answer in attempt.answers}
    left = (n for n, item_id in enumerate(attempt.items, 1) if item_id not in answered and item_id in items)
    return next(left, None)


def answer(attempt: Attempt, number: int, chosen: Sequence[str], items: Items, at: datetime) -> tuple[Event, ...]:
    """What an answer to that question brings about: the answer itself and, after the last question, the end.

    Raises:
        AlreadyAnswered: the question has its answer.
        NotAsked: it is not this question's turn, or the options are not its own.
    """
    item_id = attempt.item_at(number)
    if attempt.answer_to(item_id):
        raise AlreadyAnswered(f"question {number} has its answer")
    if number != open_number(attempt, items):
        raise NotAsked(f"question {number} is not open")
    item = items[item_id]
    given = _answered(attempt, number, item, _checked(item, chosen), at)
    after = with_answer(attempt, given)
    return (given,) if open_number(after, items) else (given, finish(after, at))


def _checked(item: QuizItem, chosen: Sequence[str]) -> tuple[str, ...]:
    """The chosen options: an order as it was chosen, others in the item's own order.

    Raises NotAsked for none, a stranger, two where one is asked for, or an order that is not whole.
    """
    if item.kind is Kind.ORDER:
        if sorted(chosen) != sorted(item.right_order):
            raise NotAsked(f"{item.id} cannot be answered with {chosen}")
        return tuple(chosen)
    known = tuple(option.id for option in item.options if option.id in chosen)
    if not known or set(chosen) != set(known) or (item.kind is not Kind.MULTIPLE and len(known) != 1):
        raise NotAsked(f"{item.id} cannot be answered with {chosen}")
    return known


def is_right(item: QuizItem, chosen: tuple[str, ...]) -> bool:
    """Whether that is the right answer; an order only when the whole of it is right."""
    return chosen == item.right_order if item.kind is Kind.ORDER else frozenset(chosen) == item.correct


def _answered(attempt: Attempt, number: int, item: QuizItem, chosen: tuple[str, ...], at: datetime) -> ItemAnswered:
    return ItemAnswered(
        at=at,
        attempt=attempt.id,
        number=number,
        item=item.id,
        skill=item.skill,
        checksum=checksum_of(item),
        chosen=chosen,
        correct=is_right(item, chosen),
        seconds=max(0, min(MAX_SECONDS, int((at - attempt.at).total_seconds()))),
        seed=attempt.seed,
        criterion=attempt.criterion,
    )


def with_answer(attempt: Attempt, given: ItemAnswered) -> Attempt:
    """The attempt with one answer more; one that is there already changes nothing."""
    if attempt.answer_to(given.item):
        return attempt
    added = Answer(item=given.item, chosen=given.chosen, correct=given.correct)
    return attempt.model_copy(update={"answers": (*attempt.answers, added), "at": given.at})


def finish(attempt: Attempt, at: datetime) -> AttemptFinished:
    """The end of an attempt, judged by the criterion it began with."""
    count = len(attempt.answers)
    return AttemptFinished(
        at=at,
        attempt=attempt.id,
        purpose=attempt.purpose,
        course=attempt.course,
        lesson=attempt.lesson,
        right=attempt.right,
        count=count,
        passed=attempt.criterion.passes(attempt.right, count),
        criterion=attempt.criterion,
    )


def result(attempt: Attempt) -> Result:
    """How an attempt went, over the questions that were answered."""
    count, right = len(attempt.answers), attempt.right
    passed = attempt.criterion.passes(right, count)
    if count and right == count:
        band = Band.ALL
    elif passed:
        band = Band.PASSED
    else:
        band = Band.HALF if right * 2 >= count > 0 else Band.AGAIN
    return Result(right, count, passed, band)


def balanced(items: Iterable[QuizItem], seed: str, count: int) -> tuple[str, ...]:
    """Up to `count` item ids with the skills as evenly covered as they can be, chosen by the seed."""
    by_skill: dict[str, list[str]] = {}
    for item in items:
        by_skill.setdefault(item.skill, []).append(item.id)
    queues = [seeded(ids, seed) for _, ids in seeded(by_skill.items(), seed)]
    rounds = (queue[turn] for turn in range(max(map(len, queues), default=0)) for queue in queues if turn < len(queue))
    return tuple(item_id for item_id, _ in zip(rounds, range(count), strict=False))
