"""The numbers of a BERT sentence encoder, independent of the file they came from."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

BLOCK = 32
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Shape:
    """Sizes of a BERT encoder."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    max_positions: int
    epsilon: float


@dataclass(frozen=True)
class Blocks:
    """A (rows, columns) matrix in blocks of 32 weights: weight = value × scale of its block.

    `values` is int8 of shape (rows, columns / 32, 32), `scales` float16 of shape (rows, columns / 32).
    Weights that come from 4-bit blocks of the same size are held without loss.
    """

    values: NDArray[np.int8]
    scales: NDArray[np.float16]

    @classmethod
    def from_floats(cls, matrix: Floats) -> Blocks:
        """Round a (rows, columns) matrix to blocks; columns must be a multiple of 32."""
        blocks = matrix.reshape(len(matrix), -1, BLOCK)
        scales = (np.abs(blocks).max(axis=2) / 127).astype(np.float16)
        divisor = np.where(scales == 0, 1, scales).astype(np.float32)[:, :, None]
        values = np.clip(np.rint(blocks / divisor), -127, 127).astype(np.int8)
        return cls(values, scales)

    def __len__(self) -> int:
        return len(self.values)

    def take(self, index: NDArray[np.int64]) -> Blocks:
        """The chosen rows, in the order given."""
        return Blocks(self.values[index], self.scales[index])

    def floats(self) -> Floats:
        """The matrix in float32."""
        return (self.values * self.scales.astype(np.float32)[:, :, None]).reshape(len(self), -1)


@dataclass(frozen=True)
class EncoderWeights:
    """Tensors by name, float32, matrices as (outputs, inputs).

    `emb.pos`, `emb.type` (tables); `emb.ln.w|b`; per layer `l{i}.`: `q|k|v|ao|fi|fo` with `.w` and
    `.b`, `aln.w|b` (norm after attention), `oln.w|b` (norm after the feed-forward part).
    """

    shape: Shape
    words: Blocks
    tensors: dict[str, Floats]

    def keep_words(self, index: NDArray[np.int64]) -> EncoderWeights:
        """The same encoder with the chosen words only."""
        return replace(self, words=self.words.take(index))
