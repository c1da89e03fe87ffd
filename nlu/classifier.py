"""A small text classifier: accent-folded character n-grams, logistic regression trained once, scored without scikit-learn."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from nlu.syllables import fold

Floats = NDArray[np.float64]

_LONGEST = 4
_STRENGTH = 12.0
"""Inverse regularisation of the regression; chosen by cross-validation on the training phrases."""


def grams(text: str) -> list[str]:
    """Return the 2- to 4-grams inside the space-padded words of folded lower-case `text`, plus the words and word pairs."""
    words = fold(text.lower()).split()
    found = [f"={word}" for word in words]
    found += [f"={one}_{two}" for one, two in zip(["^", *words], [*words, "$"], strict=True)]
    for word in words:
        padded = f" {word} "
        for size in range(2, _LONGEST + 1):
            found += [padded[at : at + size] for at in range(len(padded) - size + 1)]
    return found


class Classifier:
    """Tells the most probable of a few labels. Made by `trained`, never by hand."""

    def __init__(self, labels: Sequence[str], vocabulary: Sequence[str], idf: Floats, weights: Floats, bias: Floats) -> None:
        """`idf` has shape (grams,), `weights` (grams, labels), `bias` (labels,); grams are in the order of `vocabulary`."""
        self.labels = tuple(labels)
        self._column = {gram: at for at, gram in enumerate(vocabulary)}
        self._idf, self._weights, self._bias = idf, np.ascontiguousarray(weights), bias

    @classmethod
    def train(cls, phrases: Sequence[tuple[str, str]]) -> Classifier:
        """Fit to (text, label) pairs: under 1 s for 500 phrases, after scikit-learn is loaded.

        Raises:
            ValueError: if there are fewer than two labels.
        """
        from sklearn.feature_extraction.text import TfidfVectorizer  # heavy to load (2 s, 70 MB), and only training needs it
        from sklearn.linear_model import LogisticRegression
        from threadpoolctl import threadpool_limits

        vectorizer = TfidfVectorizer(analyzer=grams, sublinear_tf=True)
        model = LogisticRegression(C=_STRENGTH, class_weight="balanced", max_iter=200, tol=1e-3)
        with threadpool_limits(1):  # many threads on so little work wait for each other: minutes on a busy machine
            model.fit(vectorizer.fit_transform([text for text, _ in phrases]), [label for _, label in phrases])
        vocabulary = [str(gram) for gram in vectorizer.get_feature_names_out()]
        bias = _two_sided(model.intercept_.reshape(-1, 1)).ravel()
        return cls([str(label) for label in model.classes_], vocabulary, vectorizer.idf_, _two_sided(model.coef_).T, bias)

    def save(self, path: Path) -> None:
        """Write everything to one file, as a whole or not at all."""
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f"{path.stem}.{os.getpid()}.partial.npz")
        texts = {"labels": np.array(self.labels), "vocabulary": np.array(list(self._column))}
        np.savez(partial, idf=self._idf, weights=self._weights, bias=self._bias, **texts)  # type: ignore[arg-type]
        partial.replace(path)

    @classmethod
    def load(cls, path: Path) -> Classifier:
        """Read what `save` wrote. Raises OSError, ValueError or KeyError for a missing or damaged file."""
        with np.load(path, allow_pickle=False) as stored:
            texts = (stored["labels"].tolist(), stored["vocabulary"].tolist())
            return cls(*texts, stored["idf"], stored["weights"], stored["bias"])

    def probabilities(self, text: str) -> dict[str, float]:
        """Return the probability of every label for `text`; they sum to 1."""
        scores = self._scores(text)
        powers = np.exp(scores - scores.max())
        return dict(zip(self.labels, (powers / powers.sum()).tolist(), strict=True))

    def best(self, text: str) -> tuple[str, float]:
        """Return the most probable label for `text` and its probability."""
        shares = self.probabilities(text)
        label = max(shares, key=shares.__getitem__)
        return label, shares[label]

    def _scores(self, text: str) -> NDArray[np.float64]:
        counts: dict[int, int] = {}
        for gram in grams(text):
            column = self._column.get(gram)
            if column is not None:
                counts[column] = counts.get(column, 0) + 1
        if not counts:
            return self._bias
        columns = np.fromiter(counts.keys(), dtype=np.intp)
        values = (1.0 + np.log(np.fromiter(counts.values(), dtype=np.float64))) * self._idf[columns]
        return np.asarray((values / np.linalg.norm(values)) @ self._weights[columns] + self._bias)


def trained(phrases: Sequence[tuple[str, str]], folder: Path | None = None) -> Classifier:
    """A classifier for these phrases; kept in `folder` (if given) and read from there until the phrases change."""
    if folder is None:
        return Classifier.train(phrases)
    key = hashlib.sha256(repr((_LONGEST, _STRENGTH, sorted(phrases))).encode()).hexdigest()[:16]
    path = folder / f"classifier-{key}.npz"
    with suppress(OSError, ValueError, KeyError, BadZipFile):
        return Classifier.load(path)
    made = Classifier.train(phrases)
    made.save(path)
    return made


def _two_sided(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Two labels give one row of weights; spread it so that softmax works for any number."""
    return np.vstack([-rows / 2, rows / 2]) if rows.shape[0] == 1 else rows
