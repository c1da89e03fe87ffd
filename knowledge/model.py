"""The vocabulary of the knowledge room: pure, immutable values without a database.

A *variant* is one text of a topic in one language and reading level. What an editor
writes is a `Body`; what a citizen is shown is a `View`, the published body with the
fields its level inherits from the standard level of the same language.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from datetime import date
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator


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


class Style(StrEnum):
    """How an example question is put."""

    FORMAL = "formal"
    COLLOQUIAL = "colloquial"
    UNACCENTED = "unaccented"
    NOISY = "noisy"  # abbreviations, teencode, typing mistakes
    DIALECT = "dialect"


class Confidence(StrEnum):
    """How far a source carries: official text or page, one newspaper, hearsay."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


STEPPED = frozenset({Aspect.EMERGENCY, Aspect.STEPS})
"""Aspects written as numbered steps."""

_UNUSABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]")
_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029]")


def clean_text(text: str) -> str:
    """Unicode NFC, one kind of line end, no control characters: what YAML, JSON and PostgreSQL all can carry."""
    return unicodedata.normalize("NFC", _UNUSABLE.sub("", _LINE_ENDS.sub("\n", text)))


class Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    @field_validator("*", mode="before")
    @classmethod
    def _clean(cls, value: object) -> object:
        if type(value) is str:
            return clean_text(value)
        if isinstance(value, list | tuple):
            return tuple(clean_text(item) if type(item) is str else item for item in value)
        return value


def checksum_of(value: Value) -> str:
    """SHA-256 of a value's JSON; the same for equal values, whatever the order of its keys."""
    data = value.model_dump(mode="json", exclude_none=True)
    return hashlib.sha256(json.dumps(data, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


class Source(Value):
    """Where a statement comes from. `date` is the page's own date; of an `undated` page, the day it was read.

    `undated` is True or None, so that sources stored before it existed keep their checksums. `note` is what the editors
    doubt or have to check again; readers are told what to do instead.
    """

    id: str
    title: str
    publisher: str
    url: str | None = None
    date: date
    undated: bool | None = None
    confidence: Confidence | None = None
    note: str | None = None

    @field_validator("undated")
    @classmethod
    def _true_or_none(cls, undated: bool | None) -> bool | None:
        return undated or None


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
    """`path` is relative to the language folder; `alt` is one line."""

    path: str = Field(pattern=r"^[\w./-]+$")
    alt: str

    @field_validator("alt")
    @classmethod
    def _one_line(cls, alt: str) -> str:
        return " ".join(alt.split())


class Step(Value):
    """One thing to do; never empty, no blank lines inside."""

    text: str = Field(min_length=1)
    picture: Picture | None = None

    @field_validator("text")
    @classmethod
    def _no_blank_lines(cls, text: str) -> str:
        return "\n".join(line.strip() for line in text.split("\n") if line.strip())


class Section(Value):
    """One aspect: free text (paragraphs, ``- `` lists, ``**bold**``) and, where order matters, steps."""

    aspect: Aspect
    text: str = ""
    steps: tuple[Step, ...] = ()

    @field_validator("text")
    @classmethod
    def _tidy(cls, text: str) -> str:
        return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in text.split("\n"))).strip()

    @model_validator(mode="after")
    def _steps_where_order_matters(self) -> Self:
        if self.steps and self.aspect not in STEPPED:
            raise ValueError(f"{self.aspect.value} has no numbered steps")
        return self


class Example(Value):
    """A question as people put it, on one line. A plain text is an example without tags.

    `writer` is the short id of the person or persona whose wording it is.
    """

    text: str = Field(min_length=1)
    style: Style | None = None
    writer: str | None = Field(default=None, pattern=r"^[a-z0-9][a-z0-9-]*$")

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, data: object) -> object:
        return {"text": data} if isinstance(data, str) else data

    @field_validator("text")
    @classmethod
    def _one_line(cls, text: str) -> str:
        return " ".join(text.split())


class Body(Value):
    """All that an editor can change in a variant. None means: inherit from the standard level."""

    title: str | None = None
    short_title: str | None = Field(default=None, max_length=25)
    sections: tuple[Section, ...] = ()
    examples: tuple[Example, ...] | None = None
    sources: tuple[Source, ...] | None = None
    figures: tuple[Figure, ...] | None = None
    not_applicable: tuple[Aspect, ...] | None = None
    reviewed_on: date | None = None
    review_by: date | None = None

    @field_validator("sections")
    @classmethod
    def _display_order(cls, sections: tuple[Section, ...]) -> tuple[Section, ...]:
        written = [s for s in sections if s.text or s.steps]
        if len({s.aspect for s in written}) != len(written):
            raise ValueError("an aspect has two sections")
        return tuple(sorted(written, key=lambda s: list(Aspect).index(s.aspect)))

    def section(self, aspect: Aspect) -> Section | None:
        """The section of that aspect, or None."""
        return next((s for s in self.sections if s.aspect is aspect), None)


class Area(Value):
    """A group of topics as the main menu shows it."""

    id: str
    title: str
    icon: str


class Skill(Value):
    """What a learner can do, and its place in the official frameworks (`knowledge.frameworks`).

    `domain` is one of the six domains of the competence framework, `competences` are ids in it, `groups` ids
    of the groups of basic digital skills.
    """

    id: str
    title: str
    domain: str
    groups: tuple[str, ...] = ()
    competences: tuple[str, ...] = ()


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
    examples: tuple[Example, ...]
    sources: tuple[Source, ...]
    figures: tuple[Figure, ...]
    not_applicable: tuple[Aspect, ...] = ()
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
