"""Courses: lessons of short cards, a practice task and quiz items. Pure values."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from knowledge.model import Level, Value


class Card(Value):
    """One screen of a lesson. `simple` says the same in fewer and more everyday words."""

    text: str = Field(min_length=1)
    simple: str | None = Field(default=None, min_length=1)

    def text_at(self, level: Level) -> str:
        """The card for a reader of that level."""
        return (self.simple if level is Level.SIMPLE else None) or self.text


class Practice(Value):
    """Something to do on one's own phone, and how to see that it worked. `simple` is the task in everyday words."""

    text: str = Field(min_length=1)
    simple: str | None = Field(default=None, min_length=1)
    check: str = Field(min_length=1)

    def text_at(self, level: Level) -> str:
        """The task for a reader of that level."""
        return (self.simple if level is Level.SIMPLE else None) or self.text


class Lesson(Value):
    """`items` are quiz item ids, `topics` the topics it teaches, `minutes` the time it takes."""

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    title: str
    short_title: str = Field(max_length=25)
    minutes: int = Field(gt=0, le=60)
    topics: tuple[str, ...] = ()
    cards: tuple[Card, ...] = Field(min_length=1)
    practice: Practice | None = None
    items: tuple[str, ...] = ()


class Course(Value):
    """An ordered list of lessons for an audience."""

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    title: str
    short_title: str = Field(max_length=25)
    summary: str
    audience: tuple[str, ...] = ()
    lessons: tuple[Lesson, ...] = Field(min_length=1)

    def lesson(self, lesson_id: str) -> Lesson | None:
        """The lesson with that id, or None."""
        return next((lesson for lesson in self.lessons if lesson.id == lesson_id), None)

    @model_validator(mode="after")
    def _lesson_ids_differ(self) -> Self:
        ids = [lesson.id for lesson in self.lessons]
        if repeated := {i for i in ids if ids.count(i) > 1}:
            raise ValueError(f"lesson ids repeat: {sorted(repeated)}")
        return self
