"""Fit the decision to an embedding model and an index build, on labelled questions.

Confidence is a logistic model of "the best covered topic is right". Thresholds are chosen on
out-of-fold confidences, so that the figures in the report are not those of the fit itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from retrieval.decide import FEATURES, Calibration, covered, features_of
from retrieval.queries import Query
from retrieval.ranking import Ranked

if TYPE_CHECKING:
    from sklearn.linear_model import LogisticRegression

FOLDS = 5
# Thresholds are the loosest that keep these on held-out folds. They are stricter than what the project promises citizens
# (8 % outside, 20 % uncovered), because questions of other authors go wrong about three times as often as those of the set.
MOST_FALSE_OUTSIDE = 0.03
MOST_FALSE_UNCOVERED = 0.04
MOST_WRONG = 0.04
MOST_ASKED_OUTSIDE = 0.10
LIKELY = 0.65  # whatever the folds allow: what is not clearly more likely right than wrong is asked back about

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled question as ranked. `group` is "covered", "uncovered" or "outside"."""

    features: dict[str, float]
    right: bool
    group: str


class CalibrationError(Exception):
    """The query file cannot calibrate: too few questions of a kind."""


def example_of(query: Query, ranked: Sequence[Ranked], words: int, known: frozenset[str]) -> Example | None:
    """None when nothing with content was ranked at all."""
    found = covered(ranked)
    if not found:
        return None
    group = "outside" if not query.topics else "covered" if set(query.topics) & known else "uncovered"
    return Example(features_of(ranked, words), found[0].topic_id in query.topics, group)


def calibrate(examples: Sequence[Example], model_id: str, build: str, queries: str) -> Calibration:
    """Fit and choose thresholds. Raises `CalibrationError` when right and wrong examples are too few to fold."""
    x = np.array([[example.features[name] for name in FEATURES] for example in examples], dtype=np.float64)
    y = np.array([example.right for example in examples], dtype=bool)
    if min(y.sum(), (~y).sum()) < FOLDS * 2:
        raise CalibrationError(
            f"{int(y.sum())} right and {int((~y).sum())} wrong examples: at least {FOLDS * 2} of each are needed"
        )
    mean, scale = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-6)
    z = (x - mean) / scale
    groups = np.array([example.group for example in examples])
    held_out = held_out_confidence(z, y)
    answer_at = _answer_threshold(held_out, y, groups)
    ask_at = min(_ask_threshold(held_out, groups), answer_at)
    model = fit(z, y)
    return Calibration(
        model_id=model_id,
        index_build=build,
        made_on=datetime.now(UTC).isoformat(timespec="seconds"),
        queries=queries,
        mean=tuple(mean.tolist()),
        scale=tuple(scale.tolist()),
        weights=tuple(model.coef_[0].tolist()),
        bias=float(model.intercept_[0]),
        answer_at=answer_at,
        ask_at=ask_at,
        report=_report(held_out, y, groups, answer_at, ask_at),
    )


def fit(z: Floats, y: NDArray[np.bool_]) -> LogisticRegression:
    """A logistic model of standardised features."""
    from sklearn.linear_model import LogisticRegression  # 70 MB that a server only answering questions never needs

    return LogisticRegression(C=1.0).fit(z, y)


def held_out_confidence(z: Floats, y: NDArray[np.bool_]) -> Floats:
    """Each row's probability by a model that was fitted without its fold."""
    from sklearn.model_selection import StratifiedKFold

    confidence = np.zeros(len(y))
    for train, test in StratifiedKFold(FOLDS, shuffle=True, random_state=7).split(z, y):
        confidence[test] = fit(z[train], y[train]).predict_proba(z[test])[:, 1]
    return confidence


def _rate(flags: NDArray[np.bool_]) -> float:
    return float(flags.mean()) if len(flags) else 0.0


def _answer_threshold(confidence: Floats, y: NDArray[np.bool_], groups: NDArray[Any]) -> float:
    for threshold in np.unique(confidence[confidence >= LIKELY]):
        answers = confidence >= threshold
        wrong = _rate((answers & ~y)[groups == "covered"])
        outside, uncovered = _rate(answers[groups == "outside"]), _rate(answers[groups == "uncovered"])
        if outside <= MOST_FALSE_OUTSIDE and uncovered <= MOST_FALSE_UNCOVERED and wrong <= MOST_WRONG:
            return float(threshold)
    return 1.0


def _ask_threshold(confidence: Floats, groups: NDArray[Any]) -> float:
    for threshold in np.unique(confidence):
        if _rate((confidence >= threshold)[groups == "outside"]) <= MOST_ASKED_OUTSIDE:
            return float(threshold)
    return 1.0


def _report(confidence: Floats, y: NDArray[np.bool_], groups: NDArray[Any], answer_at: float, ask_at: float) -> dict[str, float]:
    answers, asks = confidence >= answer_at, confidence >= ask_at
    inside = groups == "covered"
    figures = {
        "n": float(len(y)),
        "hit1": _rate(y[inside]),
        "answered": _rate(answers[inside]),
        "answered_or_asked": _rate(asks[inside]),
        "wrong_answer": _rate((answers & ~y)[inside]),
        "false_answer_outside": _rate(answers[groups == "outside"]),
        "false_answer_uncovered": _rate(answers[groups == "uncovered"]),
        "asked_outside": _rate(asks[groups == "outside"]),
    }
    return {name: round(value, 4) for name, value in figures.items()}
