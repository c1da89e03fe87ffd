"""What changed between two texts, word by word (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Final

from admin.words import ASPECTS, FIELDS
from knowledge.model import Body, Source
from knowledge.render import resolve, source_date, vietnamese_date

READ: Final = frozenset({FIELDS["title"], FIELDS["short_title"], *ASPECTS.values()})  # what citizens read of a text
FEW_WORDS: Final = 12  # added or removed: a correction of spelling or style seldom takes more
_NUMBER = re.compile(r"\d")
_TOKEN = re.compile(r"\w+\s*|[^\w\s]\s*|\s+")  # a space belongs to its word: else every space would count as kept


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text; `kind` is same, added or removed."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class FieldDiff:
    """One field that differs, as people read it: bold marks aside, placeholders filled."""

    label: str
    pieces: tuple[Piece, ...]

    @property
    def changed(self) -> tuple[str, ...]:
        """The runs that were added or removed; none where only marks differ."""
        return tuple(piece.text for piece in self.pieces if piece.kind != "same")


def body_diff(before: Body, after: Body) -> list[FieldDiff]:
    """The fields and sections that differ, in the order of the form."""
    old, new = dict(_fields(before)), dict(_fields(after))
    labels = list(dict.fromkeys([*new, *old]))
    pairs = ((label, old.get(label, ""), new.get(label, "")) for label in labels)
    return [
        FieldDiff(label, tuple(word_diff(_readable(was, before), _readable(now, after))))
        for label, was, now in pairs
        if was != now
    ]


def may_change_meaning(diff: Sequence[FieldDiff]) -> bool:
    """Whether what citizens read has another number or many other words: more than correcting how it is spelt."""
    read = [run for field in diff if field.label in READ for run in field.changed]
    return any(_NUMBER.search(run) for run in read) or sum(len(run.split()) for run in read) > FEW_WORDS


def _readable(text: str, body: Body) -> str:
    """Without marks, and with the words and figures that stand for placeholders."""
    return resolve(text.replace("**", ""), body.figures or (), date.min)  # every figure is in force on the earliest day


def word_diff(before: str, after: str) -> Iterator[Piece]:
    """The two texts as one run of kept, removed and added words."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Piece("same", "".join(old[i1:i2]))
            continue
        if i2 > i1:
            yield Piece("removed", "".join(old[i1:i2]))
        if j2 > j1:
            yield Piece("added", "".join(new[j1:j2]))


def summary(before: Body, after: Body) -> str:
    """The labels of what differs, for the audit log."""
    return ", ".join(diff.label for diff in body_diff(before, after)) or "không đổi"


def _fields(body: Body) -> Iterator[tuple[str, str]]:
    yield FIELDS["title"], body.title or ""
    yield FIELDS["short_title"], body.short_title or ""
    for section in body.sections:
        steps = "\n".join(_step(n, step.text, step.picture) for n, step in enumerate(section.steps, 1))
        yield ASPECTS[section.aspect], "\n".join(part for part in (section.text, steps) if part)
    yield FIELDS["examples"], "\n".join(example.text for example in body.examples or ())
    yield FIELDS["sources"], "\n".join(map(_source, body.sources or ()))
    yield (
        FIELDS["figures"],
        "\n".join(f"{f.id}: {f.value} · đến {f.valid_until} · {f.fallback} · {f.source}" for f in body.figures or ()),
    )
    yield FIELDS["not_applicable"], ", ".join(ASPECTS[aspect] for aspect in body.not_applicable or ())
    yield FIELDS["reviewed_on"], vietnamese_date(body.reviewed_on) if body.reviewed_on else ""
    yield FIELDS["review_by"], vietnamese_date(body.review_by) if body.review_by else ""


def _source(source: Source) -> str:
    parts = (source.title, source.publisher, source.url or "", source_date(source), source.confidence or "")
    return f"{source.id}: {' · '.join(map(str, parts))}"


def _step(number: int, text: str, picture: object) -> str:
    path = getattr(picture, "path", "")
    return f"{number}. {text}" + (f" [{path}]" if path else "")
