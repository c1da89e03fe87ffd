"""Linter rules for example questions: enough, by different people, different, and not the evaluation's own. Pure."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.findings import Report
from knowledge.model import Example, Style

FEWEST, MOST = 25, 150
FEWEST_WRITERS = 3
GRAM = 4  # characters of folded text
TOO_CLOSE = 0.7  # share of common 4-grams among all of both texts: one or two letters or small words changed
HELD = 0.95  # share of the shorter text's 4-grams found in the longer one …
HELD_LENGTH = 30  # … which only counts from this many 4-grams on: short keywords stand in many questions


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """Lower case, no accents, words separated by one space."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return " ".join(re.findall(r"\w+", "".join(c for c in plain if not unicodedata.combining(c))))


def grams(text: str) -> frozenset[str]:
    """The runs of four characters of a folded text, its ends counted as spaces."""
    padded = f" {fold(text)} "
    return frozenset(padded[i : i + GRAM] for i in range(max(1, len(padded) - GRAM + 1)))


@dataclass(frozen=True)
class Query:
    """A question of an evaluation file."""

    id: str
    text: str


@dataclass(frozen=True, order=True)
class Overlap:
    """How much a text has in common with its nearest query: 0 (nothing) to 1 (the same but for accents and case)."""

    share: float
    query: str
    held: bool = False  # one of the two is part of the other

    @property
    def too_close(self) -> bool:
        return self.share >= TOO_CLOSE or self.held


def read_queries(paths: Sequence[Path]) -> list[Query]:
    """The questions of evaluation files (JSON lines with `id` and `text`). Raises OSError or ValueError."""
    lines = (line for path in paths for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
    return [Query(str(r["id"]), r["text"]) for r in map(json.loads, lines)]


class Queries:
    """Evaluation questions indexed by their 4-grams, so that thousands of examples are compared in a second."""

    def __init__(self, queries: Sequence[Query]) -> None:
        self._queries = queries
        found = [grams(query.text) for query in queries]
        self._sizes = np.array([len(one) for one in found], dtype=np.float64)
        rows: dict[str, list[int]] = {}
        for row, one in enumerate(found):
            for gram in one:
                rows.setdefault(gram, []).append(row)
        self._rows: dict[str, NDArray[np.intp]] = {gram: np.array(where, dtype=np.intp) for gram, where in rows.items()}

    def nearest(self, text: str) -> Overlap | None:
        """The query with which a text has most in common, None where it shares nothing with any."""
        mine = grams(text)
        hits = [rows for gram in mine if (rows := self._rows.get(gram)) is not None]
        if not hits:
            return None
        shared = np.bincount(np.concatenate(hits), minlength=len(self._queries)).astype(np.float64)
        shorter = np.minimum(self._sizes, len(mine))
        jaccard = shared / (self._sizes + len(mine) - shared)
        held = (shared / shorter >= HELD) & (shorter >= HELD_LENGTH)
        best = int(np.argmax(np.where(held, jaccard + 1, jaccard)))
        return Overlap(float(jaccard[best]), self._queries[best].id, bool(held[best]))


def highest_overlap(examples: Mapping[str, Sequence[Example]], queries: Queries) -> tuple[Overlap, str, str] | None:
    """The closest pair of all: its overlap, the topic and the example; None where nothing is shared at all."""
    texts = ((topic, example.text) for topic, given in examples.items() for example in given)
    found = ((near, topic, text) for topic, text in texts if (near := queries.nearest(text)))
    return max(found, default=None)


def check_examples(examples: Sequence[Example], queries: Queries, report: Report) -> None:
    """Enough examples, writers and styles, and none that nearly repeats an evaluation query."""
    if len(examples) < FEWEST:
        report.error("few-examples", f"{len(examples)} example questions, at least {FEWEST} are needed")
    if len(examples) > MOST:
        report.warning("many-examples", f"{len(examples)} example questions, {MOST} are enough")
    _check_variety(examples, report)
    check_leaks({example.text: report.line_ending(f"\t{example.text}") for example in examples}, queries, report)


def check_leaks(lines: Mapping[str, int], queries: Queries, report: Report) -> None:
    """No question, given with its line, may nearly repeat an evaluation query: what is indexed is no measure."""
    for text, line in lines.items():
        near = queries.nearest(text)
        if near and near.too_close:
            message = f"{text!r} nearly repeats evaluation query {near.query} (overlap {near.share:.2f})"
            report.error("evaluation-leak", message, line)


def _check_variety(examples: Sequence[Example], report: Report) -> None:
    writers = {example.writer for example in examples if example.writer}
    if len(writers) < FEWEST_WRITERS:
        report.error("few-writers", f"{len(writers)} writers of example questions, at least {FEWEST_WRITERS} are needed")
    if lacking := [style.value for style in Style if style not in {example.style for example in examples}]:
        report.error("few-styles", f"example questions lack {', '.join(lacking)}")


def duplicates(examples: Mapping[str, Sequence[Example]]) -> Iterator[tuple[str, str, str]]:
    """(topic, example, other topic) for each example that an earlier one repeats, accents and case aside.

    Within one topic a question with and without its accents counts as two styles, not as a repeat.
    """
    seen: dict[str, tuple[str, str]] = {}
    for topic, given in examples.items():
        written: set[str] = set()
        for text in (example.text for example in given):
            same = " ".join(text.lower().split())
            earlier = seen.setdefault(fold(text), (topic, text))
            if same in written or earlier[0] != topic:
                yield topic, text, earlier[0]
            written.add(same)
