"""The vocabulary of the knowledge room: pure, immutable values without a database.

A *variant* is one text of a topic in one language and reading level. What an editor
writes is a `Body`; what a citizen is shown is a `View`, the published body with the
fields its level inherits from the standard level of the same language.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class Aspect(StrEnum):
    """The question a section answers. The order is the order of display."""

    EMERGENCY = "emergency"  # numbered steps for someone in danger right now
    SUMMARY = "summary"
    STEPS = "steps"
    DOCUMENTS = "documents"
    FEE = "fee"
    TIME = "time"
    WHERE = "where"
    ELIGIBILITY = "eligibility"
    TROUBLE = "trouble"
    SAFETY = "safety"


class Level(StrEnum):
    STANDARD = "standard"
    SIMPLE = "simple"


class Status(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    OUTDATED = "outdated"


class Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Source(Value):
    """Where a statement comes from. `date` is the page's date or the day it was read."""

    id: str
    title: str
    publisher: str
    url: str | None = None
    date: date


class Figure(Value):
    """A fee, limit or deadline that hides itself after `valid_until`.

    Used in text as ``{figure:ID}``; after the date `fallback` is shown in its place.
    """

    id: str
    value: str
    valid_until: date
    fallback: str
    source: str


class Picture(Value):
    path: str
    alt: str


class Step(Value):
    text: str
    picture: Picture | None = None


class Section(Value):
    """One aspect: free text (paragraphs, ``- `` lists, ``**bold**``) and, where order matters, steps."""

    aspect: Aspect
    text: str = ""
    steps: tuple[Step, ...] = ()


class Body(Value):
    """All that an editor can change in a variant. None means: inherit from the standard level."""

    title: str | None = None
    short_title: str | None = Field(default=None, max_length=25)
    sections: tuple[Section, ...] = ()
    examples: tuple[str, ...] | None = None
    sources: tuple[Source, ...] | None = None
    figures: tuple[Figure, ...] | None = None
    not_applicable: tuple[Aspect, ...] | None = None
    reviewed_on: date | None = None
    review_by: date | None = None


class Topic(Value):
    id: str
    area: str
    skills: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    related: tuple[str, ...] = ()


class CatalogueEntry(Value):
    """A topic of the movement's plan, with or without content."""

    id: str
    area: str
    title: str
    scope: str


class VariantKey(Value):
    topic_id: str
    language: str = "vi"
    level: Level = Level.STANDARD

    def __str__(self) -> str:
        return f"{self.topic_id}/{self.language}/{self.level.value}"


class View(Value):
    """A published variant, ready to be shown: figures unresolved, nothing left to inherit."""

    key: VariantKey
    revision_id: int
    title: str
    short_title: str
    sections: tuple[Section, ...]
    examples: tuple[str, ...]
    sources: tuple[Source, ...]
    figures: tuple[Figure, ...]
    reviewed_on: date
    review_by: date
    status: Status = Status.PUBLISHED
    confirmed_by: str | None = None
    confirmed_on: date | None = None

    def section(self, aspect: Aspect) -> Section | None:
        """The section of that aspect, or None."""
        return next((s for s in self.sections if s.aspect is aspect), None)

    @property
    def aspects(self) -> tuple[Aspect, ...]:
        """Aspects this view has, in display order."""
        present = {s.aspect for s in self.sections}
        return tuple(a for a in Aspect if a in present)
