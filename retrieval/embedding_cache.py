"""Vectors kept by model and text, so that a publish embeds only what changed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.embedders.base import Embedder
from retrieval.passages import Passage, PassageKind

BATCH = 32


class EmbeddingCache:
    """One file a model: row i of `vectors` belongs to key i (sha-256 of kind and text)."""

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        name = hashlib.sha256(embedder.model_id.encode()).hexdigest()[:12]
        self.folder = folder
        self._path = folder / f"embeddings-{name}.npz"
        self._embedder = embedder

    def vectors(self, passages: Sequence[Passage], progress: Callable[[int, int], None] | None = None) -> NDArray[np.float32]:
        """Shape (len(passages), dimension), in order. `progress` is told (done, total) of the texts that had to be embedded."""
        known = self._read()
        keys = [_key(passage) for passage in passages]
        missing = [(key, passage) for key, passage in zip(keys, passages, strict=True) if key not in known]
        done = 0
        for kind, embed in ((PassageKind.EXAMPLE, self._embedder.queries), (PassageKind.TEXT, self._embedder.passages)):
            of_kind = [(key, passage.text) for key, passage in missing if passage.kind is kind]
            group = sorted(of_kind, key=lambda one: len(one[1]))  # like lengths together: little padding to compute
            for start in range(0, len(group), BATCH):
                batch = group[start : start + BATCH]
                rows = embed([text for _, text in batch])
                known.update(zip((key for key, _ in batch), rows, strict=True))
                done += len(batch)
                if progress:
                    progress(done, len(missing))
        if missing:
            self._write({key: known[key] for key in dict.fromkeys(keys)})
        dimension = self._embedder.dimension
        return np.stack([known[key] for key in keys]) if keys else np.zeros((0, dimension), dtype=np.float32)

    def _read(self) -> dict[str, NDArray[np.float32]]:
        try:
            with np.load(self._path, allow_pickle=False) as stored:
                return dict(zip(stored["keys"].tolist(), stored["vectors"], strict=True))
        except (OSError, ValueError, KeyError):  # a damaged cache is only slow, never wrong
            return {}

    def _write(self, entries: dict[str, NDArray[np.float32]]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        temporary = self._path.with_name(f"{self._path.stem}.{os.getpid()}.tmp.npz")
        np.savez(temporary, keys=np.array(list(entries)), vectors=np.stack(list(entries.values())))
        temporary.replace(self._path)


def _key(passage: Passage) -> str:
    return hashlib.sha256(f"{passage.kind.value}\0{passage.text}".encode()).hexdigest()
