"""From passage scores to ranked topics (pure numpy).

A topic scores a mean of its best text and its three best example questions (dense), plus a share of
its two best lexical scores and of what the linear probe says (`retrieval/probe.py`). Convex fusion beat
reciprocal ranks; averaging beat the maximum, because question–question cosines live on a higher scale
than question–text cosines. The constants were chosen on the project's own evaluation set;
`docs/retrieval.md` has the figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.passages import Coverage, Passage, PassageKind

LEXICAL_WEIGHT = 0.045  # cosines of one question spread over about 0.1
EXAMPLE_WEIGHT = 0.65
BEST_EXAMPLES = 3  # one lucky neighbour is no topic
BEST_WORDS = 2
PROBE_WEIGHT = 0.04  # the probe spreads over about 1
MISSING_PENALTY = 0.02  # a topic without examples (or texts) is judged by the other kind, a little lowered
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Ranked:
    """One topic's scores: cosines in [-1, 1], lexical in [0, 1], probe about -1 to 1, `score` on the cosine scale."""

    topic_id: str
    coverage: Coverage
    score: float
    text: float
    example: float
    lexical: float
    probe: float = 0.0

    @property
    def dense(self) -> float:
        return (1 - EXAMPLE_WEIGHT) * self.text + EXAMPLE_WEIGHT * self.example


class TopicTable:
    """Which passages belong to which topic, as padded rows of passage numbers: one gather scores all topics."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self.topics = tuple(dict.fromkeys(p.topic_id for p in passages))
        self.coverage = tuple({p.topic_id: p.coverage for p in passages}[topic] for topic in self.topics)
        self._texts = self._rows(passages, PassageKind.TEXT)
        self._examples = self._rows(passages, PassageKind.EXAMPLE)
        self._all = self._rows(passages, None)

    def covers(self, topic_id: str) -> bool:
        """Whether that topic has content here."""
        return (topic_id, Coverage.COVERED) in zip(self.topics, self.coverage, strict=True)

    def _rows(self, passages: Sequence[Passage], kind: PassageKind | None) -> NDArray[np.intp]:
        """Shape (topics, longest): numbers of the topic's passages, filled up with -1."""
        members: dict[str, list[int]] = {topic: [] for topic in self.topics}
        for number, passage in enumerate(passages):
            if kind is None or passage.kind is kind:
                members[passage.topic_id].append(number)
        rows = np.full((len(members), max(map(len, members.values()), default=1) or 1), -1, dtype=np.intp)
        for row, numbers in enumerate(members.values()):
            rows[row, : len(numbers)] = numbers
        return rows

    def rank(self, dense: Floats, lexical: Floats, limit: int = 8, probe: Floats | None = None) -> tuple[Ranked, ...]:
        """`dense` and `lexical` have one score a passage, `probe` one a topic in the order of `topics`; best topics first."""
        texts = best_mean(dense, self._texts, 1)
        examples = best_mean(dense, self._examples, BEST_EXAMPLES)
        examples, texts = (
            np.where(np.isnan(examples), texts - MISSING_PENALTY, examples),
            np.where(np.isnan(texts), examples - MISSING_PENALTY, texts),
        )
        words = np.nan_to_num(best_mean(lexical, self._all, BEST_WORDS))
        told = np.zeros(len(self.topics), dtype=np.float32) if probe is None else probe
        scores = (1 - EXAMPLE_WEIGHT) * texts + EXAMPLE_WEIGHT * examples + LEXICAL_WEIGHT * words + PROBE_WEIGHT * told
        order = np.argsort(-scores, kind="stable")[:limit]
        return tuple(
            Ranked(self.topics[i], self.coverage[i], *(float(part[i]) for part in (scores, texts, examples, words, told)))
            for i in order
        )


def best_mean(scores: Floats, rows: NDArray[np.intp], count: int) -> Floats:
    """Mean of the `count` best scores of each row, of as many as it has; NaN for an empty row."""
    picked = np.where(rows >= 0, np.append(scores, np.float32(0))[rows], -np.inf)
    if picked.shape[1] > count:
        picked = np.partition(picked, picked.shape[1] - count, axis=1)[:, -count:]
    there = np.isfinite(picked)
    found = there.sum(axis=1)
    total = np.where(there, picked, 0).sum(axis=1)
    return np.where(found > 0, total / np.maximum(found, 1), np.nan).astype(np.float32)
