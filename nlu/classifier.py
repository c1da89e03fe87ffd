"""A small text classifier: logistic regression over weighted evidence, trained once, scored without scikit-learn."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from nlu.syllables import fold

Floats = NDArray[np.float32]
Pairs = Sequence[tuple[str, str]]
Evidence = Callable[[str], list[str]]

_LONGEST = 4


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


@dataclass(frozen=True, slots=True)
class Recipe:
    """How texts become evidence, and how weights are fitted to it.

    Attributes:
        name: of what is told; names the file that keeps the result.
        evidence: what a text offers to the guess, a piece as often as it counts.
        strength: inverse regularisation.
        seen: texts a piece of evidence has to stand in to be learnt.
        balanced: every label weighs the same, however many texts it has.
        tolerance: where the fit stops; a finer one costs a multiple of the time.
        version: to be raised when `evidence` changes; what was trained before is then no longer read.
    """

    name: str
    evidence: Evidence
    strength: float
    seen: int = 1
    balanced: bool = True
    tolerance: float = 1e-3
    version: int = 1

    def file(self, source: str) -> str:
        """The name of the file that keeps what was made by this recipe from `source`."""
        recipe = (self.name, self.strength, self.seen, self.balanced, self.tolerance, self.version, source)
        return f"{self.name}-{hashlib.sha256(repr(recipe).encode()).hexdigest()[:16]}.npz"


class Classifier:
    """Tells how probable each of a few labels is. Made by `trained` or `train`, never by hand."""

    def __init__(
        self, evidence: Evidence, labels: Sequence[str], vocabulary: Sequence[str], idf: Floats, weights: Floats, bias: Floats
    ) -> None:
        """`idf` has shape (evidence,), `weights` (evidence, labels), `bias` (labels,); evidence in the order of `vocabulary`."""
        self.labels = tuple(labels)
        self._evidence = evidence
        self._column = {piece: at for at, piece in enumerate(vocabulary)}
        self._idf, self._weights, self._bias = idf, np.ascontiguousarray(weights), bias

    @classmethod
    def train(cls, pairs: Pairs, recipe: Recipe) -> Classifier:
        """Fit to (text, label) pairs: under a second for 500, 15 s for 14,000. Raises ValueError for fewer than two labels."""
        from sklearn.feature_extraction.text import TfidfVectorizer  # heavy to load (2 s, 70 MB), and only training needs it
        from sklearn.linear_model import LogisticRegression
        from threadpoolctl import threadpool_limits

        vectorizer = TfidfVectorizer(analyzer=recipe.evidence, sublinear_tf=True, min_df=recipe.seen)
        weight = "balanced" if recipe.balanced else None
        model = LogisticRegression(C=recipe.strength, class_weight=weight, max_iter=1000, tol=recipe.tolerance)
        with threadpool_limits(1):  # many threads on so little work wait for each other: minutes on a busy machine
            model.fit(vectorizer.fit_transform([text for text, _ in pairs]), [label for _, label in pairs])
        vocabulary = [str(piece) for piece in vectorizer.get_feature_names_out()]
        bias = _two_sided(model.intercept_.reshape(-1, 1)).ravel()
        arrays = (array.astype(np.float32) for array in (vectorizer.idf_, _two_sided(model.coef_).T, bias))
        return cls(recipe.evidence, [str(label) for label in model.classes_], vocabulary, *arrays)

    def save(self, path: Path) -> None:
        """Write everything to one file, as a whole or not at all."""
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f"{path.stem}.{os.getpid()}.partial.npz")
        texts = {"labels": np.array(self.labels), "vocabulary": np.array("\n".join(self._column))}
        np.savez(partial, idf=self._idf, weights=self._weights, bias=self._bias, **texts)  # type: ignore[arg-type]
        partial.replace(path)

    @classmethod
    def load(cls, path: Path, evidence: Evidence) -> Classifier:
        """Read what `save` wrote. Raises OSError, ValueError or KeyError for a missing or damaged file."""
        with np.load(path, allow_pickle=False) as stored:
            vocabulary = str(stored["vocabulary"]).split("\n")
            return cls(evidence, stored["labels"].tolist(), vocabulary, stored["idf"], stored["weights"], stored["bias"])

    def probabilities(self, text: str) -> dict[str, float]:
        """Return the probability of every label for `text`; they sum to 1."""
        return shares(self.labels, self.scores(text))

    def best(self, text: str) -> tuple[str, float]:
        """Return the most probable label for `text` and its probability."""
        found = self.probabilities(text)
        label = max(found, key=found.__getitem__)
        return label, found[label]

    def scores(self, text: str) -> Floats:
        """How much `text` speaks for each label, shape (labels,): logarithms of odds, to be compared with each other only."""
        counts = Counter(column for piece in self._evidence(text) if (column := self._column.get(piece)) is not None)
        if not counts:
            return self._bias
        columns = np.fromiter(counts.keys(), dtype=np.intp)
        values = (1.0 + np.log(np.fromiter(counts.values(), dtype=np.float32))) * self._idf[columns]
        return np.asarray((values / np.linalg.norm(values)) @ self._weights[columns] + self._bias, dtype=np.float32)


def shares(labels: Sequence[str], scores: Floats) -> dict[str, float]:
    """The probability of each label by its score; they sum to 1."""
    powers = np.exp(scores - scores.max())
    return dict(zip(labels, (powers / powers.sum()).tolist(), strict=True))


def trained(recipe: Recipe, pairs: Callable[[], Pairs], source: str, folder: Path | None = None) -> Classifier:
    """A classifier for these pairs; kept in `folder` (if given) and read from there until the recipe or `source` changes.

    `source` stands for what the pairs are made from: they are asked for only when there is something to train.
    """
    path = folder / recipe.file(source) if folder else None
    if path:
        with suppress(OSError, ValueError, KeyError, BadZipFile):
            return Classifier.load(path, recipe.evidence)
    made = Classifier.train(pairs(), recipe)
    if path:
        made.save(path)
    return made


def fingerprint(pairs: Pairs) -> str:
    """A `source` for pairs that are at hand anyway."""
    return hashlib.sha256(repr(sorted(pairs)).encode()).hexdigest()


def _two_sided(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Two labels give one row of weights; spread it so that softmax works for any number."""
    return np.vstack([-rows / 2, rows / 2]) if rows.shape[0] == 1 else rows
