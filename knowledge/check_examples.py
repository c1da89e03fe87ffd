"""Linter rules for example questions: enough, different, and not the evaluation's own. Pure."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

FEWEST, MOST = 15, 40
TOO_CLOSE = 0.9  # share of common words or letters, without accents
_WORTH_COMPARING = 0.4  # below this share of common words, letters are not compared


def fold(text: str) -> str:
    """Lower case, no accents, words separated by one space."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return " ".join(re.findall(r"\w+", "".join(c for c in plain if not unicodedata.combining(c))))


@dataclass(frozen=True)
class Query:
    """A question of an evaluation file, folded."""

    id: str
    text: str
    words: frozenset[str]


def read_queries(paths: Sequence[Path]) -> list[Query]:
    """The questions of evaluation files (JSON lines with `id` and `text`). Raises OSError or ValueError."""
    lines = (line for path in paths for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
    records = (json.loads(line) for line in lines)
    return [Query(str(r["id"]), fold(r["text"]), frozenset(fold(r["text"]).split())) for r in records]


def nearest_query(example: str, queries: Sequence[Query]) -> Query | None:
    """The first evaluation question that the example nearly repeats, or None."""
    text = fold(example)
    words = frozenset(text.split())
    return next((query for query in queries if too_close(text, words, query)), None)


def too_close(text: str, words: frozenset[str], query: Query) -> bool:
    """Whether a folded text shares nearly all its words or letters with a query."""
    common = len(words & query.words) / (len(words | query.words) or 1)
    if common >= TOO_CLOSE:
        return True
    lengths = sorted((len(text), len(query.text)))
    if common < _WORTH_COMPARING or lengths[0] < 0.8 * lengths[1]:
        return False
    return SequenceMatcher(None, text, query.text, autojunk=False).ratio() >= TOO_CLOSE


def duplicates(examples: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str, str]]:
    """(topic, example, other topic) for each example that an earlier one repeats, accents and case aside.

    Within one topic a question with and without its accents counts as two styles, not as a repeat.
    """
    seen: dict[str, tuple[str, str]] = {}
    for topic, texts in examples.items():
        written: set[str] = set()
        for text in texts:
            same = " ".join(text.lower().split())
            earlier = seen.setdefault(fold(text), (topic, text))
            if same in written or earlier[0] != topic:
                yield topic, text, earlier[0]
            written.add(same)
