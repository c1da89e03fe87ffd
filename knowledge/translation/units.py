"""What a translator works on, piece by piece: one unit is one text with its context. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from pydantic import field_validator

from knowledge.model import Aspect, Body, Level, Section, Step, Value

HASH_LENGTH = 12  # hexadecimal digits: enough to notice a change, short enough to be seen whole


class Kind(StrEnum):
    """Where a unit belongs; also the beginning of its id."""

    TOPIC = "topic"  # a piece of a lesson
    WORD = "ui"  # an interface text
    TERM = "term"  # a term of the glossary


class Remarks(Value):
    """What a translator may add to a text: the file name of a recording, and a note on one line."""

    audio: str = ""
    note: str = ""

    @field_validator("audio", "note")
    @classmethod
    def _one_line(cls, text: str) -> str:
        return " ".join(text.split())


class Unit(Remarks):
    """One text to be translated.

    `source` is what is to be translated (the simple wording where there is one), `standard` the fuller wording beside it;
    `target` what there is already. `limit` is the greatest length in characters, 0 for none.
    """

    id: str
    source: str
    standard: str = ""
    context: str = ""
    target: str = ""
    limit: int = 0

    @property
    def kind(self) -> Kind:
        return Kind(self.id.partition(":")[0])

    @property
    def topic(self) -> str:
        """The topic of a lesson's unit, empty for others."""
        return self.id.partition(":")[2].partition("/")[0] if self.kind is Kind.TOPIC else ""

    @property
    def hash(self) -> str:
        """Changes with the source: tells whether a translation was made from today's text."""
        return hashlib.sha256(self.source.encode()).hexdigest()[:HASH_LENGTH]


class Kit(Value):
    """All units for one language."""

    language: str
    name: str
    units: tuple[Unit, ...]

    def of(self, kind: Kind) -> tuple[Unit, ...]:
        """The units of that kind, in order."""
        return tuple(unit for unit in self.units if unit.kind is kind)


@dataclass(frozen=True)
class InterfaceText:
    """An interface text in Vietnamese. `limit` is its greatest length in characters, 0 for none."""

    standard: str
    simple: str = ""
    limit: int = 0


Interface = Mapping[str, InterfaceText]


class Row(Remarks):
    """What came back for one unit. `hash` is that of the source at the time of export."""

    id: str
    target: str = ""
    hash: str = ""


class Returned(Value):
    """A file that came back from a translator."""

    language: str
    translator: str = ""
    rows: tuple[Row, ...] = ()


def pieces(body: Body) -> Iterator[tuple[str, str]]:
    """(part of an id, text) for every translatable piece of a body: title, sections, steps from 1."""
    for name in ("title", "short_title"):
        if text := getattr(body, name):
            yield name, text
    for section in body.sections:
        if section.text:
            yield section.aspect.value, section.text
        for number, step in enumerate(section.steps, 1):
            yield f"{section.aspect.value}/{number}", step.text


def topic_unit(topic: str, level: Level, piece: str) -> str:
    """The id of a piece of a lesson, e.g. ``topic:otp/simple/steps/2``."""
    return f"{Kind.TOPIC.value}:{topic}/{level.value}/{piece}"


def rebuilt(source: Body, earlier: Body, texts: dict[str, str]) -> tuple[Body, list[str]]:
    """The translated body for the pieces given, on top of an earlier one; and the pieces left out, by name.

    A section is taken only when all of it is translated: a lesson with holes would mislead.
    """
    sections, missing = {s.aspect: s for s in earlier.sections}, []
    for section in source.sections:
        gaps = [piece for piece, _ in _section_pieces(section) if not texts.get(piece)]
        given = any(texts.get(piece) for piece, _ in _section_pieces(section))
        if given and gaps:
            missing += gaps
        elif given:
            sections[section.aspect] = _translated(section, texts)
    heads = {name: texts[name] for name in ("title", "short_title") if texts.get(name)}
    ordered = tuple(sections[aspect] for aspect in Aspect if aspect in sections)
    return Body.model_validate({**earlier.model_dump(), **heads, "sections": [s.model_dump() for s in ordered]}), missing


def _section_pieces(section: Section) -> list[tuple[str, str]]:
    return list(pieces(Body(sections=(section,))))


def _translated(section: Section, texts: dict[str, str]) -> Section:
    """The section with its texts replaced, its pictures kept."""
    name = section.aspect.value
    steps = tuple(Step(text=texts[f"{name}/{n}"], picture=step.picture) for n, step in enumerate(section.steps, 1))
    return Section(aspect=section.aspect, text=texts.get(name, "") if section.text else "", steps=steps)
