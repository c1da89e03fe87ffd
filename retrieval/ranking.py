"""From passage scores to ranked topics (pure numpy).

A topic scores the mean of its best text and its best example question (dense), plus a share of its
best lexical score. Convex fusion beat reciprocal ranks; averaging beat the maximum, because
question–question cosines live on a higher scale than question–text cosines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.passages import Coverage, Passage, PassageKind

LEXICAL_WEIGHT = 0.030  # cosines of one question spread over about 0.1; found on the project's own evaluation set
EXAMPLE_WEIGHT = 0.65
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Ranked:
    """One topic's scores: cosines in [-1, 1], lexical in [0, 1], `score` on the cosine scale."""

    topic_id: str
    coverage: Coverage
    score: float
    text: float
    example: float
    lexical: float

    @property
    def dense(self) -> float:
        return (1 - EXAMPLE_WEIGHT) * self.text + EXAMPLE_WEIGHT * self.example


class TopicTable:
    """Which passages belong to which topic, laid out for fast segment maxima."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self.topics = tuple(dict.fromkeys(p.topic_id for p in passages))
        position = {topic: row for row, topic in enumerate(self.topics)}
        self.coverage = tuple({p.topic_id: p.coverage for p in passages}[topic] for topic in self.topics)
        self._owner = np.array([position[p.topic_id] for p in passages], dtype=np.intp)
        self._is_example = np.array([p.kind is PassageKind.EXAMPLE for p in passages], dtype=bool)

    def _best(self, scores: Floats, chosen: NDArray[np.bool_] | None, default: float) -> Floats:
        best = np.full(len(self.topics), default, dtype=np.float32)
        owner, values = (self._owner, scores) if chosen is None else (self._owner[chosen], scores[chosen])
        np.maximum.at(best, owner, values)
        return best

    def rank(self, dense: Floats, lexical: Floats, limit: int = 8) -> tuple[Ranked, ...]:
        """`dense` and `lexical` have one score a passage. Topics without examples are judged by their texts, a little lowered."""
        texts = self._best(dense, ~self._is_example, -1.0)
        examples = self._best(dense, self._is_example, -1.0)
        examples = np.where(examples < 0, texts - 0.02, examples)
        texts = np.where(texts < 0, examples - 0.02, texts)
        words = self._best(lexical, None, 0.0)
        scores = (1 - EXAMPLE_WEIGHT) * texts + EXAMPLE_WEIGHT * examples + LEXICAL_WEIGHT * words
        order = np.argsort(-scores, kind="stable")[:limit]
        return tuple(
            Ranked(self.topics[i], self.coverage[i], float(scores[i]), float(texts[i]), float(examples[i]), float(words[i]))
            for i in order
        )
