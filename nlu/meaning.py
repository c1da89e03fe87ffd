"""A guess from what a question means: one linear score a label on its embedding. Holds for one embedding model only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Meaning:
    """`weights` has shape (dimension, labels), `bias` (labels,); `model_id` names the embedder whose vectors it was fitted to.

    `source` stands for what it was taught, so that it can be told when that has changed since.
    """

    model_id: str
    source: str
    labels: tuple[str, ...]
    weights: Floats
    bias: Floats

    @classmethod
    def fit(cls, vectors: Floats, labels: Sequence[str], strength: float, model_id: str, source: str) -> Meaning:
        """Logistic regression on `vectors`, shape (texts, dimension). Raises ValueError for fewer than three labels."""
        from sklearn.linear_model import LogisticRegression  # heavy to load, and only fitting needs it

        mean, scale = vectors.mean(axis=0), vectors.std(axis=0)
        model = LogisticRegression(C=strength, max_iter=1000, tol=1e-4).fit((vectors - mean) / scale, labels)
        if len(model.classes_) < 3:
            raise ValueError("a meaning needs at least three labels")
        weights = (model.coef_ / scale).T
        bias = model.intercept_ - mean @ weights
        return cls(model_id, source, tuple(map(str, model.classes_)), weights.astype(np.float32), bias.astype(np.float32))

    def scores(self, vector: Floats) -> Floats:
        """How much a question of shape (dimension,) speaks for each label, shape (labels,): logarithms of odds."""
        return np.asarray(vector @ self.weights + self.bias, dtype=np.float32)

    def write(self, path: Path) -> None:
        with path.open("wb") as file:
            texts = {"model_id": np.array(self.model_id), "source": np.array(self.source), "labels": np.array(self.labels)}
            np.savez(file, weights=self.weights, bias=self.bias, **texts)  # type: ignore[arg-type]


def shipped(name: str) -> Path:
    """Where the meaning `nlu/data/<name>.npz` that comes with the project lies."""
    return Path(str(files("nlu") / "data" / f"{name}.npz"))


def read(path: Path) -> Meaning:
    """What `Meaning.write` kept. Raises OSError, ValueError or KeyError for another file."""
    with np.load(path, allow_pickle=False) as kept:
        labels = tuple(kept["labels"].tolist())
        return Meaning(str(kept["model_id"]), str(kept["source"]), labels, kept["weights"], kept["bias"])
