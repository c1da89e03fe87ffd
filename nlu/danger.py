"""Is someone in danger now, and in which? A trained guess over words, with the hand-written patterns among its evidence."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from nlu.tables import lines, tables
from nlu.urgency import signs_in, spot, spot_in, words_of
from nlu.vocabulary import Urgency

_CALM = "none"
_SURE_ENOUGH = 0.65
"""Probability of any danger from which it is taken for one; chosen on writers left out (`benchmarks/danger.py`)."""
_SURE_WITH_RULE = 0.5
"""The same where the hand-written patterns find a danger too."""
_STRENGTH = 10.0
"""Inverse regularisation of the regression."""
_FORMAT = 2
"""To be raised when `evidence` changes: what was trained before is then no longer read."""

Floats = NDArray[np.float32]


def evidence(restored: str) -> list[str]:
    """What lower-case `restored` offers to the guess: its words, pairs and triples, and what the patterns found in it."""
    words = words_of(restored)
    text = " ".join(words)
    found = [*words, *map("_".join, zip(["^", *words], [*words, "$"], strict=True))]
    found += map("_".join, zip(words, words[1:], words[2:], strict=False))
    rule = spot_in(text)
    return found + [f"sign:{sign}" for sign in signs_in(text)] * 2 + [f"rule:{rule.value if rule else _CALM}"] * 3


@cache
def phrases_by_writer() -> dict[str, tuple[tuple[str, str], ...]]:
    """The (text, label) pairs of each `danger*.tsv`, one file a writer; a label is a value of `Urgency` or "none"."""
    return {
        name: tuple((text, label) for label, text in (line.split("\t", 1) for line in lines(name))) for name in tables("danger")
    }


def phrases() -> tuple[tuple[str, str], ...]:
    """Those of all writers."""
    return tuple(pair for pairs in phrases_by_writer().values() for pair in pairs)


class DangerGuesser:
    """Tells the danger of a message. Safe to share between threads once built."""

    def __init__(self, models: Path | None = None) -> None:
        """Train on `danger.tsv` (10 s), or read what was trained before from the folder `models`."""
        self._model = trained(phrases(), models)

    def guess(self, restored: str) -> Urgency | None:
        """Return the danger that lower-case `restored` most probably tells of, or None."""
        shares = self._model.probabilities(restored)
        risk = 1.0 - shares.pop(_CALM)
        if risk < _SURE_WITH_RULE or (risk < _SURE_ENOUGH and spot(restored) is None):
            return None
        return Urgency(max(shares, key=shares.__getitem__))


class Model:
    """A logistic regression over weighted evidence, scored without scikit-learn. Made by `trained`."""

    def __init__(self, labels: Sequence[str], vocabulary: Sequence[str], idf: Floats, weights: Floats, bias: Floats) -> None:
        """`idf` has shape (evidence,), `weights` (evidence, labels), `bias` (labels,); evidence in the order of `vocabulary`."""
        self.labels = tuple(labels)
        self._column = {name: at for at, name in enumerate(vocabulary)}
        self._idf, self._weights, self._bias = idf, np.ascontiguousarray(weights), bias

    @classmethod
    def train(cls, pairs: Sequence[tuple[str, str]]) -> Model:
        """Fit to (text, label) pairs. Raises ValueError if there are fewer than three labels."""
        from sklearn.feature_extraction.text import TfidfVectorizer  # heavy to load, and only training needs it
        from sklearn.linear_model import LogisticRegression

        vectorizer = TfidfVectorizer(analyzer=evidence, sublinear_tf=True)
        model = LogisticRegression(C=_STRENGTH, max_iter=300, tol=1e-3)
        model.fit(vectorizer.fit_transform([text for text, _ in pairs]), [label for _, label in pairs])
        if len(model.classes_) < 3:
            raise ValueError("danger needs at least three labels")
        names = [str(name) for name in vectorizer.get_feature_names_out()]
        arrays = (array.astype(np.float32) for array in (vectorizer.idf_, model.coef_.T, model.intercept_))
        return cls([str(label) for label in model.classes_], names, *arrays)

    def save(self, path: Path) -> None:
        """Write everything to one file, as a whole or not at all."""
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f"{path.stem}.{os.getpid()}.partial.npz")
        texts = {"labels": np.array(self.labels), "vocabulary": np.array("\n".join(self._column))}
        np.savez(partial, idf=self._idf, weights=self._weights, bias=self._bias, **texts)  # type: ignore[arg-type]
        partial.replace(path)

    @classmethod
    def load(cls, path: Path) -> Model:
        """Read what `save` wrote. Raises OSError, ValueError or KeyError for a missing or damaged file."""
        with np.load(path, allow_pickle=False) as stored:
            vocabulary = str(stored["vocabulary"]).split("\n")
            return cls(stored["labels"].tolist(), vocabulary, stored["idf"], stored["weights"], stored["bias"])

    def probabilities(self, restored: str) -> dict[str, float]:
        """Return the probability of every label for lower-case `restored`; they sum to 1."""
        scores = self._scores(restored)
        powers = np.exp(scores - scores.max())
        return dict(zip(self.labels, (powers / powers.sum()).tolist(), strict=True))

    def _scores(self, restored: str) -> Floats:
        counts = Counter(column for name in evidence(restored) if (column := self._column.get(name)) is not None)
        if not counts:
            return self._bias
        columns = np.fromiter(counts.keys(), dtype=np.intp)
        values = (1.0 + np.log(np.fromiter(counts.values(), dtype=np.float32))) * self._idf[columns]
        return np.asarray((values / np.linalg.norm(values)) @ self._weights[columns] + self._bias)


def trained(pairs: Sequence[tuple[str, str]], folder: Path | None = None) -> Model:
    """A model for these pairs; kept in `folder` (if given) and read from there until the pairs or the patterns change."""
    if folder is None:
        return Model.train(pairs)
    patterns = lines("urgency.yml") + lines("lookalikes.txt")
    key = hashlib.sha256(repr((_FORMAT, _STRENGTH, patterns, sorted(pairs))).encode()).hexdigest()[:16]
    path = folder / f"danger-{key}.npz"
    with suppress(OSError, ValueError, KeyError, BadZipFile):
        return Model.load(path)
    made = Model.train(pairs)
    made.save(path)
    return made
