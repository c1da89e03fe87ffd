"""What is indexed: the passages and example questions of every topic (pure).

Three kinds of topics share one index, so that a question about something we do *not* teach finds
its own place instead of the nearest lesson: topics with content, catalogue topics still without
(`covered=False`), and matters outside the movement (`outside`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from knowledge.model import Aspect, Level, View
from knowledge.render import resolve
from knowledge.snapshot import Content
from knowledge.unknowns import KnownUnknowns


class PassageKind(StrEnum):
    TEXT = "text"
    EXAMPLE = "example"


class Coverage(StrEnum):
    COVERED = "covered"
    UNCOVERED = "uncovered"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Passage:
    """One text to embed. `id` is a positive 63-bit number made from its content: stable over builds.

    In an index the text of an example question is the question as understood, while its id stays that of what was written.
    """

    id: int
    topic_id: str
    kind: PassageKind
    coverage: Coverage
    text: str


def passage_id(topic_id: str, kind: PassageKind, text: str) -> int:
    digest = hashlib.sha256(f"{topic_id}\0{kind.value}\0{text}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1


def _make(topic_id: str, kind: PassageKind, coverage: Coverage, text: str) -> Passage:
    return Passage(passage_id(topic_id, kind, text), topic_id, kind, coverage, text)


def _texts(view: View, day: date) -> Iterator[str]:
    """The title with each section: a section alone rarely names its own topic."""
    yield view.title
    for section in view.sections:
        if section.aspect in (Aspect.SAFETY, Aspect.EMERGENCY):
            continue  # the same warnings stand in many topics: they would blur them
        parts = [section.text, *(step.text for step in section.steps)]
        text = resolve(" ".join(part for part in parts if part), view.figures, day)
        yield f"{view.title}. {text}"


def _covered(content: Content, day: date) -> Iterator[Passage]:
    for key, view in content.views.items():
        if key.level is Level.STANDARD:
            for example in view.examples:
                yield _make(key.topic_id, PassageKind.EXAMPLE, Coverage.COVERED, example.text)
        for text in _texts(view, day):
            yield _make(key.topic_id, PassageKind.TEXT, Coverage.COVERED, text)


def _uncovered(content: Content, unknowns: KnownUnknowns, covered: set[str]) -> Iterator[Passage]:
    examples = {topic.id: topic.examples for topic in unknowns.topics}
    for entry in content.catalogue.values():
        if entry.id in covered:
            continue
        yield _make(entry.id, PassageKind.TEXT, Coverage.UNCOVERED, entry.title)
        yield _make(entry.id, PassageKind.TEXT, Coverage.UNCOVERED, f"{entry.title}. {entry.scope}")
        for example in examples.get(entry.id, ()):
            yield _make(entry.id, PassageKind.EXAMPLE, Coverage.UNCOVERED, example)


def _outside(unknowns: KnownUnknowns) -> Iterator[Passage]:
    for matter in unknowns.outside:
        yield _make(matter.id, PassageKind.TEXT, Coverage.OUTSIDE, matter.title)
        for example in matter.examples:
            yield _make(matter.id, PassageKind.EXAMPLE, Coverage.OUTSIDE, example)


def passages_of(content: Content, unknowns: KnownUnknowns, day: date) -> tuple[Passage, ...]:
    """All passages, without repeats, in a fixed order. `day` decides which figures are still shown."""
    covered = {key.topic_id for key in content.views}
    found = [*_covered(content, day), *_uncovered(content, unknowns, covered), *_outside(unknowns)]
    return tuple({passage.id: passage for passage in found}.values())
