"""The dense index: inner products with every vector, under stable ids (FAISS)."""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Ids = NDArray[np.int64]


def _alone() -> None:
    """No helpers for the calling thread: one question is too little work to share, and helpers would spin when idle.

    OpenMP keeps this setting for each thread, so a search has to make it wherever it runs.
    """
    faiss.omp_set_num_threads(1)


class VectorIndex:
    """`IndexIDMap2` over vectors of 16-bit floats: removing one never shifts another's id.

    A search reads every vector from memory once. Half the bytes take half the time; a cosine moves by less than 0.0001.
    """

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    @classmethod
    def empty(cls, dimension: int) -> VectorIndex:
        halves = faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
        return cls(faiss.IndexIDMap2(halves))

    @classmethod
    def read(cls, path: Path) -> VectorIndex:
        return cls(faiss.deserialize_index(np.frombuffer(path.read_bytes(), dtype=np.uint8)))

    def write(self, path: Path) -> None:
        path.write_bytes(faiss.serialize_index(self._index).tobytes())

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Add rows of unit length. A repeated id is an error: remove it first."""
        known = set(self.ids().tolist())
        if known & set(ids.tolist()) or len(set(ids.tolist())) != len(ids):
            raise ValueError("an id is already in the index")
        self._index.add_with_ids(np.ascontiguousarray(vectors, dtype=np.float32), np.ascontiguousarray(ids, dtype=np.int64))

    def remove(self, ids: Ids) -> int:
        """Remove what is there of `ids`; returns how many were."""
        return int(self._index.remove_ids(np.ascontiguousarray(ids, dtype=np.int64)))  # type: ignore[arg-type]

    def ids(self) -> Ids:
        """The ids in the order of their rows, shape (n,)."""
        return np.asarray(faiss.vector_to_array(self._index.id_map), dtype=np.int64)  # type: ignore[attr-defined]

    def reconstruct(self, ids: Ids) -> Vectors:
        """The rows of those ids, in their order; shape (len(ids), dimension). Raises RuntimeError for an unknown id."""
        return np.asarray(self._index.reconstruct_batch(np.ascontiguousarray(ids, dtype=np.int64)), dtype=np.float32)

    def best_rows(self, query: Vectors, limit: int) -> tuple[Vectors, NDArray[np.int64]]:
        """Cosines and row numbers (order of adding) of the `limit` nearest to one query of shape (1, dimension), best first."""
        _alone()
        inner = self._index.index  # type: ignore[attr-defined]
        scores, rows = inner.search(query, min(limit, max(len(self), 1)))
        return scores[0], rows[0]

    def search(self, queries: Vectors, limit: int) -> tuple[Vectors, Ids]:
        """Cosines and ids of the `limit` nearest rows, best first; shapes (queries, limit)."""
        _alone()
        scores, ids = self._index.search(np.ascontiguousarray(queries, dtype=np.float32), min(limit, max(len(self), 1)))
        return scores, ids
