"""A linear probe on the embeddings: which topic does this vector belong to, judged against all others at once?

Nearest neighbours ask "what is this question like?"; the probe asks "what tells the topics apart?". It is
ridge regression onto one target a topic (+1 for its own passages, -1 for the others'), topics weighted alike
however many passages they have: solved in closed form from the vectors of the build, so it needs neither
training runs nor labelled questions, and the same build always gives the same probe.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RIDGE = 1.0  # chosen on the project's own evaluation set; `docs/retrieval.md` has the figures
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class TopicProbe:
    """`weights` has shape (dimension, topics), `bias` (topics,)."""

    weights: Floats
    bias: Floats

    def values(self, vector: Floats) -> Floats:
        """How much a question of shape (dimension,) looks like each topic: shape (topics,), about -1 to 1."""
        return np.asarray(vector @ self.weights + self.bias, dtype=np.float32)

    def write(self, path: Path) -> None:
        with path.open("wb") as file:
            np.savez(file, weights=self.weights, bias=self.bias)

    @classmethod
    def read(cls, path: Path) -> TopicProbe:
        """Raises OSError, ValueError or KeyError for a file that is no probe."""
        with np.load(path, allow_pickle=False) as stored:
            return cls(stored["weights"], stored["bias"])


def topic_numbers(topic_ids: Sequence[str]) -> NDArray[np.intp]:
    """The number of each passage's topic, topics counted in the order they first appear."""
    numbers = {topic: number for number, topic in enumerate(dict.fromkeys(topic_ids))}
    return np.array([numbers[topic] for topic in topic_ids], dtype=np.intp)


def fit(vectors: Floats, topic_ids: Sequence[str]) -> TopicProbe:
    """The probe of passages with `vectors` of shape (passages, dimension); without passages an empty one."""
    if not topic_ids:
        return TopicProbe(np.zeros((vectors.shape[1], 0), dtype=np.float32), np.zeros(0, dtype=np.float32))
    number = topic_numbers(topic_ids)
    sizes = np.bincount(number)
    share = (sizes.mean() / sizes)[number]  # every topic weighs the same; the mean weight is 1
    x = vectors.astype(np.float64)
    targets = np.where(number[:, None] == np.arange(len(sizes)), 1.0, -1.0)
    mean, level = np.average(x, axis=0, weights=share), np.average(targets, axis=0, weights=share)
    centred = x - mean
    weighted = centred * share[:, None]
    gram = weighted.T @ centred + RIDGE * np.eye(x.shape[1])
    weights = np.linalg.solve(gram, weighted.T @ (targets - level))
    return TopicProbe(weights.astype(np.float32), (level - mean @ weights).astype(np.float32))
