"""A deterministic embedder without a model, for tests: hashed words and character n-grams."""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import normalize
from zlib import crc32

import numpy as np

from retrieval.embedders.base import Progress, Vectors, clean, stack

_DIMENSION = 256
_NGRAMS = (3, 4)


class HashEmbedder:
    """Texts that share spelling get close vectors; meaning plays no part."""

    model_id = f"hash/v1-{_DIMENSION}"
    dimension = _DIMENSION

    def queries(self, texts: Sequence[str]) -> Vectors:
        return self.passages(texts)

    def passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        return stack(map(_vector, texts), len(texts), _DIMENSION, progress)


def _vector(text: str) -> Vectors:
    vector = np.zeros(_DIMENSION, dtype=np.float32)
    for feature in _features(text):
        code = crc32(feature.encode())
        vector[code % _DIMENSION] += 1.0 if code & 0x8000_0000 else -1.0
    if not vector.any():  # an empty text, or signs that cancel out: any fixed direction will do
        vector[0] = 1.0
    return vector / np.float32(np.linalg.norm(vector))


def _features(text: str) -> list[str]:
    """Words, and the character n-grams of the text with its words set apart by single spaces."""
    words = normalize("NFC", clean(text)).casefold().split()
    line = f" {' '.join(words)} "
    grams = [line[i : i + size] for size in _NGRAMS for i in range(len(line) - size + 1)]
    return words + grams
