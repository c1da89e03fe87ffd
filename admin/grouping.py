"""Grouping questions by meaning, with a threshold measured on the running model.

How close two questions of one meaning lie depends on the embedding model, so the threshold is taken from the example
questions in the index: the cosine that only three pairs in a thousand of *different* topics reach. It moves with the
model and the content; no number for it stands in the code. On the project's evaluation questions and the default model
89 % of 462 questions are then in a group that their own topic leads.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.index import LoadedIndex
from retrieval.passages import PassageKind

Vectors = NDArray[np.float32]
SHARE_MISTAKEN = 0.003  # of the pairs of different topics that would be put together
MOST_EXAMPLES = 3000  # compared with each other: a matrix of 36 MB


class ExampleSpace:
    """The threshold of the build in force, measured once per build (safe for threads)."""

    def __init__(self, index: Callable[[], LoadedIndex]) -> None:
        self._index = index
        self._lock = threading.Lock()
        self._measured: tuple[str, float] = ("", 1.0)

    def threshold(self) -> float:
        """The cosine from which two questions count as one matter; 1.0 when there is nothing to measure on."""
        index = self._index()
        with self._lock:
            if self._measured[0] != index.meta.build:
                self._measured = (index.meta.build, _measure(index))
            return self._measured[1]


def _measure(index: LoadedIndex) -> float:
    examples = [p for p in index.passages if p.kind is PassageKind.EXAMPLE]
    step = max(1, -(-len(examples) // MOST_EXAMPLES))
    chosen = examples[::step]
    if not chosen:
        return 1.0
    vectors = index.vectors.reconstruct(np.array([p.id for p in chosen], dtype=np.int64))
    topics = np.unique([p.topic_id for p in chosen], return_inverse=True)[1]
    return threshold_of(vectors, topics)


def threshold_of(vectors: Vectors, topics: NDArray[np.intp], share: float = SHARE_MISTAKEN) -> float:
    """The cosine that `share` of the pairs of different topics exceed; 1.0 without such pairs.

    vectors: unit rows, shape (n, dimension). topics: a number per row, shape (n,).
    """
    cosines = vectors @ vectors.T
    apart = np.triu(topics[:, None] != topics[None, :], k=1)
    across = cosines[apart]
    return float(np.quantile(across, 1 - share)) if len(across) else 1.0


def group(vectors: Vectors, threshold: float) -> list[list[int]]:
    """Rows put together while the average cosine between two groups is at least `threshold`; every row is in one group.

    Average linkage: joining by the middle of a group instead lets large groups swallow their neighbours. Groups and
    rows are in the order given. vectors: unit rows, shape (n, dimension).
    """
    if len(vectors) < 2:
        return [[row] for row in range(len(vectors))]
    from scipy.cluster.hierarchy import fcluster, linkage  # heavy to load: a start need not wait for it

    above_diagonal = np.triu_indices(len(vectors), k=1)
    distances = np.clip(1 - (vectors @ vectors.T)[above_diagonal], 0, 2)
    labels = fcluster(linkage(distances, "average"), max(0.0, 1 - threshold), "distance")
    groups: dict[int, list[int]] = {}
    for row, label in enumerate(labels.tolist()):
        groups.setdefault(label, []).append(row)
    return list(groups.values())


def most_typical(vectors: Vectors, rows: Sequence[int]) -> int:
    """The row nearest to the middle of its group."""
    members = vectors[list(rows)]
    return rows[int((members @ members.sum(axis=0)).argmax())]
