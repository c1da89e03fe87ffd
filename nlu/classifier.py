"""A small text classifier: accent-folded character n-grams, logistic regression trained once, scored without scikit-learn."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nlu.syllables import fold

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
    """Tells the most probable of a few labels; ready after construction (under 1 s for 500 phrases)."""

    def __init__(self, phrases: Sequence[tuple[str, str]]) -> None:
        """Train on (text, label) pairs.

        Raises:
            ValueError: if there are fewer than two labels.
        """
        from sklearn.feature_extraction.text import TfidfVectorizer  # heavy to import, and only training needs it
        from sklearn.linear_model import LogisticRegression

        vectorizer = TfidfVectorizer(analyzer=grams, sublinear_tf=True)
        model = LogisticRegression(C=_STRENGTH, class_weight="balanced", max_iter=200, tol=1e-3)
        model.fit(vectorizer.fit_transform([text for text, _ in phrases]), [label for _, label in phrases])
        self.labels: tuple[str, ...] = tuple(str(label) for label in model.classes_)
        self._column: dict[str, int] = {str(gram): int(at) for gram, at in vectorizer.vocabulary_.items()}
        self._idf: NDArray[np.float64] = np.asarray(vectorizer.idf_, dtype=np.float64)
        self._weights: NDArray[np.float64] = np.ascontiguousarray(_two_sided(model.coef_).T)
        self._bias: NDArray[np.float64] = _two_sided(model.intercept_.reshape(-1, 1)).ravel()

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


def _two_sided(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Two labels give one row of weights; spread it so that softmax works for any number."""
    return np.vstack([-rows / 2, rows / 2]) if rows.shape[0] == 1 else rows
