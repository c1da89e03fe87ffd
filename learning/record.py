"""What one learner's events add up to. The record can be made again from the events at any time: `fold`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from learning import quiz
from learning.events import (
    AttemptFinished,
    AttemptStarted,
    CardRead,
    Consented,
    Event,
    ItemAnswered,
    LessonDone,
    Outcome,
    PracticeReported,
    Purpose,
)
from learning.mastery import Outcomes, remember
from learning.quiz import Attempt

MAX_OPEN = 12  # unfinished quizzes kept; the one left alone longest goes first


class LessonRecord(BaseModel):
    """One lesson: the furthest card, the practice task, when it was done, the best quiz."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    cards: int = 0
    practice: Outcome | None = None
    done_at: datetime | None = None
    best: tuple[int, int] | None = None  # right answers, questions
    passed: bool = False


class SelfCheck(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    at: datetime
    right: int
    count: int


class Record(BaseModel):
    """All progress of one learner; `lessons` by ``course/lesson``, `skills` by skill id."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    lessons: dict[str, LessonRecord] = {}
    skills: dict[str, Outcomes] = {}
    open: tuple[Attempt, ...] = ()  # unfinished, the latest last
    latest: Attempt | None = None  # finished last
    self_check: SelfCheck | None = None
    last_at: datetime | None = None

    def lesson(self, course: str, lesson: str) -> LessonRecord:
        """A lesson's record, an empty one where nothing has happened."""
        return self.lessons.get(lesson_key(course, lesson)) or LessonRecord()

    def attempt(self, attempt_id: str) -> Attempt | None:
        """An unfinished attempt or the one finished last, else None."""
        known = (*self.open, *([self.latest] if self.latest else []))
        return next((attempt for attempt in known if attempt.id == attempt_id), None)

    def open_attempt(self, purpose: Purpose, course: str | None = None, lesson: str | None = None) -> Attempt | None:
        """The unfinished attempt at that quiz, else None."""
        wanted = (purpose, course, lesson)
        return next((a for a in reversed(self.open) if (a.purpose, a.course, a.lesson) == wanted), None)


def lesson_key(course: str, lesson: str) -> str:
    return f"{course}/{lesson}"


def fold(events: Iterable[Event], record: Record | None = None) -> Record:
    """The record after those events, in order."""
    folded = record or Record()
    for event in events:
        folded = apply(folded, event)
    return folded


def apply(record: Record, event: Event) -> Record:
    """The record after one event more."""
    changes: dict[str, object]
    match event:
        case CardRead() | PracticeReported() | LessonDone():
            changes = {"lessons": _lessons(record, event)}
        case AttemptStarted():
            changes = {"open": _started(record, event)}
        case ItemAnswered():
            changes = {"open": _answered(record, event), "skills": _skills(record, event)}
        case AttemptFinished():
            changes = _finished(record, event)
        case Consented():
            changes = {}
    return record.model_copy(update={**changes, "last_at": event.at})


def _lessons(record: Record, event: CardRead | PracticeReported | LessonDone) -> dict[str, LessonRecord]:
    was = record.lesson(event.course, event.lesson)
    match event:
        case CardRead():
            update: dict[str, object] = {"cards": max(was.cards, event.card)}
        case PracticeReported():
            update = {"practice": event.outcome}
        case LessonDone():
            update = {"done_at": was.done_at or event.at}
    return {**record.lessons, lesson_key(event.course, event.lesson): was.model_copy(update=update)}


def _started(record: Record, event: AttemptStarted) -> tuple[Attempt, ...]:
    begun = Attempt(
        id=event.attempt,
        purpose=event.purpose,
        course=event.course,
        lesson=event.lesson,
        items=event.items,
        seed=event.seed,
        criterion=event.criterion,
        at=event.at,
    )
    return (*record.open, begun)[-MAX_OPEN:]


def _answered(record: Record, event: ItemAnswered) -> tuple[Attempt, ...]:
    return tuple(quiz.with_answer(a, event) if a.id == event.attempt else a for a in record.open)


def _skills(record: Record, event: ItemAnswered) -> dict[str, Outcomes]:
    outcomes = remember(record.skills.get(event.skill, ()), event.item, event.correct)
    return {**record.skills, event.skill: outcomes}


def _finished(record: Record, event: AttemptFinished) -> dict[str, object]:
    changes: dict[str, object] = {"open": tuple(a for a in record.open if a.id != event.attempt)}
    if ended := next((a for a in record.open if a.id == event.attempt), None):
        changes["latest"] = ended
    if event.purpose is Purpose.SELF:
        changes["self_check"] = SelfCheck(at=event.at, right=event.right, count=event.count)
    elif event.course and event.lesson:
        changes["lessons"] = _quizzed(record, event, event.course, event.lesson)
    return changes


def _quizzed(record: Record, event: AttemptFinished, course: str, lesson: str) -> dict[str, LessonRecord]:
    was = record.lesson(course, lesson)
    now = (event.right, event.count)
    better = was.best is None or now[0] * was.best[1] >= was.best[0] * now[1]
    update = {"best": now if better else was.best, "passed": was.passed or event.passed}
    return {**record.lessons, lesson_key(course, lesson): was.model_copy(update=update)}
