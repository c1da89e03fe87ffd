"""Is someone in danger now, and in which? A trained guess over words, with the hand-written patterns among its evidence."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from nlu.tables import content, lines, tables
from nlu.urgency import signs_in, spot, spot_in, words_of
from nlu.vocabulary import Urgency

_CALM, _WORRY = "none", "worry"
"""Labels of what is no danger now: a calm question, and something bad that need not be stopped within minutes."""
SURE_ENOUGH = 0.55
"""Probability of a danger now from which it is taken for one; how it was chosen, and on what: docs/understanding.md."""
SURE_WITH_RULE = 0.45
"""The same where the hand-written patterns find a danger too."""
WORRIED = 0.5
"""Probability of danger or worry from which a person is shown the way to the emergency steps beside the answer."""
_STRENGTH = 10.0
"""Inverse regularisation of the regression."""
_SEEN = 3
"""Messages a word, pair or triple has to stand in to be learnt: six of seven are rarer, and nothing is the better for them."""
_FORMAT = 4
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


@dataclass(frozen=True, slots=True)
class Danger:
    """What a message tells of: a danger now, which goes before every answer, or only a worry, shown a warning beside it."""

    urgency: Urgency | None = None
    worry: bool = False


def phrases_by_writer() -> dict[str, list[tuple[str, str]]]:
    """The (text, label) pairs of each `danger*.tsv`, one file a writer; a label is a value of `Urgency`, "worry" or "none"."""
    return {name: [_pair(line) for line in lines(name)] for name in tables("danger")}


def _pair(line: str) -> tuple[str, str]:
    label, text = line.split("\t", 1)
    return text, label


def is_danger(label: str) -> bool:
    """Whether a label of `danger*.tsv` asks for the emergency steps."""
    return label not in (_CALM, _WORRY)


class DangerGuesser:
    """Tells the danger of a message. Safe to share between threads once built."""

    def __init__(self, models: Path | None = None) -> None:
        """Train on all `danger*.tsv` (10 s), or read what was trained before from the folder `models`."""
        self._model = trained(models)

    def guess(self, restored: str) -> Danger:
        """What lower-case `restored` most probably tells of."""
        shares = self._model.probabilities(restored)
        risk = risk_of(shares)
        if risk < SURE_WITH_RULE or (risk < SURE_ENOUGH and spot(restored) is None):
            return Danger(worry=risk + shares.get(_WORRY, 0.0) >= WORRIED)
        return Danger(Urgency(max(filter(is_danger, shares), key=shares.__getitem__)))


def risk_of(shares: dict[str, float]) -> float:
    """The probability of any danger now, from those of all labels."""
    return sum(share for label, share in shares.items() if is_danger(label))


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

        vectorizer = TfidfVectorizer(analyzer=evidence, sublinear_tf=True, min_df=_SEEN)
        model = LogisticRegression(C=_STRENGTH, max_iter=1000, tol=1e-4)
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


def trained(folder: Path | None = None) -> Model:
    """The model of all `danger*.tsv`; kept in `folder` (if given) and read from there until a table or the patterns change."""
    path = folder / f"danger-{_key()}.npz" if folder else None
    if path:
        with suppress(OSError, ValueError, KeyError, BadZipFile):
            return Model.load(path)
    made = Model.train([pair for pairs in phrases_by_writer().values() for pair in pairs])
    if path:
        made.save(path)
    return made


def _key() -> str:
    """Names what the model is made from; the tables are read as they lie, since parsing them all takes as long as a start may."""
    digest = hashlib.sha256(repr((_FORMAT, _STRENGTH, _SEEN)).encode())
    for name in (*tables("danger"), "urgency.yml", "lookalikes.txt"):
        digest.update(content(name))
    return digest.hexdigest()[:16]
