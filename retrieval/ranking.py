"""From passage scores to ranked topics (pure numpy).

A topic scores a mean of its best text and its best example questions (dense), plus a share of
its two best lexical scores and of what the linear probe says (`retrieval/probe.py`). Convex fusion beat
reciprocal ranks; averaging beat the maximum, because question–question cosines live on a higher scale
than question–text cosines. The constants were chosen on the project's own evaluation set;
`docs/retrieval.md` has the figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.passages import Coverage, Passage, PassageKind

BEST_WORDS = 2
MISSING_PENALTY = 0.02  # a topic without examples (or texts) is judged by the other kind, a little lowered
Floats = NDArray[np.float32]


class Parts(NamedTuple):
    """What a topic's score is made of: arrays of one shape, the last axis being the topics."""

    texts: Floats
    examples: Floats
    words: Floats
    probe: Floats


@dataclass(frozen=True, slots=True)
class Weights:
    """How the parts make a score. Chosen by `benchmarks/tune.py`; docs/retrieval.md has the figures."""

    example: float = 0.9
    best_examples: int = 3  # one lucky neighbour is no topic; with more, a question a curator adds would change too little
    lexical: float = 0.07  # cosines of one question spread over about 0.1
    probe: float = 0.04  # the probe spreads over about 1

    def combine(self, parts: Parts) -> Floats:
        dense = (1 - self.example) * parts.texts + self.example * parts.examples
        return np.asarray(dense + self.lexical * parts.words + self.probe * parts.probe, dtype=np.float32)


WEIGHTS = Weights()


@dataclass(frozen=True, slots=True)
class Ranked:
    """One topic's scores: cosines in [-1, 1], lexical in [0, 1], probe about -1 to 1, `score` on the cosine scale.

    `known` (in [0, 1]) and `odds` come with the second look (`retrieval/rerank.py`).
    """

    topic_id: str
    coverage: Coverage
    score: float
    text: float
    example: float
    lexical: float
    probe: float = 0.0
    known: float = 0.0
    odds: float = 0.0

    @property
    def dense(self) -> float:
        return (1 - WEIGHTS.example) * self.text + WEIGHTS.example * self.example


class Groups:
    """Which numbers belong together, as rows padded to one length: one gather looks at all groups."""

    def __init__(self, members: Sequence[Sequence[int]]) -> None:
        self._rows = np.full((len(members), max([1, *map(len, members)])), -1, dtype=np.intp)
        for row, numbers in enumerate(members):
            self._rows[row, : len(numbers)] = numbers
        self._sizes = np.array([len(numbers) for numbers in members], dtype=np.float32)

    def best_mean(self, scores: Floats, count: int) -> Floats:
        """Mean of each group's `count` best scores, of as many as it has; NaN for an empty group. Scores must be finite."""
        picked = np.append(scores, np.float32(-np.inf))[self._rows]  # -1, the padding, is the last: minus infinity
        if count == 1:
            best = picked.max(axis=1)
            return np.where(self._sizes > 0, best, np.float32(np.nan))
        if picked.shape[1] > count:
            picked = np.partition(picked, picked.shape[1] - count, axis=1)[:, -count:]
        total = np.where(picked > -np.inf, picked, np.float32(0)).sum(axis=1)
        with np.errstate(invalid="ignore"):  # an empty group: nothing by nothing
            return np.asarray(total / np.minimum(self._sizes, np.float32(count)), dtype=np.float32)


class TopicTable:
    """Which passages belong to which topic, as padded rows of passage numbers: one gather scores all topics."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self.topics = tuple(dict.fromkeys(p.topic_id for p in passages))
        coverage = {p.topic_id: p.coverage for p in passages}
        self.coverage = tuple(coverage[topic] for topic in self.topics)
        self._texts = self._groups(passages, PassageKind.TEXT)
        self._examples = self._groups(passages, PassageKind.EXAMPLE)
        self._all = self._groups(passages, None)

    def covers(self, topic_id: str) -> bool:
        """Whether that topic has content here."""
        return (topic_id, Coverage.COVERED) in zip(self.topics, self.coverage, strict=True)

    def _groups(self, passages: Sequence[Passage], kind: PassageKind | None) -> Groups:
        members: dict[str, list[int]] = {topic: [] for topic in self.topics}
        for number, passage in enumerate(passages):
            if kind is None or passage.kind is kind:
                members[passage.topic_id].append(number)
        return Groups(list(members.values()))

    def words(self, lexical: Floats) -> Floats:
        """Lexical scores of the topics, shape (topics,), from one score a passage."""
        return np.nan_to_num(self._all.best_mean(lexical, BEST_WORDS))

    def rank(self, dense: Floats, words: Floats, limit: int = 8, probe: Floats | None = None) -> tuple[Ranked, ...]:
        """`dense` has one score a passage; `words` and `probe` one a topic in the order of `topics`. Best topics first."""
        told = np.zeros(len(self.topics), dtype=np.float32) if probe is None else probe
        parts = self.parts(dense, words, told)
        scores = WEIGHTS.combine(parts)
        order = np.argsort(-scores, kind="stable")[:limit]
        return tuple(Ranked(self.topics[i], self.coverage[i], *(float(part[i]) for part in (scores, *parts))) for i in order)

    def parts(self, dense: Floats, words: Floats, probe: Floats, best_examples: int = WEIGHTS.best_examples) -> Parts:
        """The parts of every topic's score for one question."""
        texts = self._texts.best_mean(dense, 1)
        examples = self._examples.best_mean(dense, best_examples)
        return Parts(
            texts=np.where(np.isnan(texts), examples - MISSING_PENALTY, texts),
            examples=np.where(np.isnan(examples), texts - MISSING_PENALTY, examples),
            words=words,
            probe=probe,
        )

    def parts_of_many(self, dense: Floats, words: Floats, probe: Floats, best_examples: int) -> Parts:
        """The same for many questions: `dense` (questions, passages), the others (questions, topics)."""
        rows = [self.parts(*row, best_examples) for row in zip(dense, words, probe, strict=True)]
        return Parts(*(np.stack(values) for values in zip(*rows, strict=True)))
