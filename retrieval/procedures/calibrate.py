"""Fit the decision about procedures to an embedding model, on labelled questions.

As for topics: a logistic model of "a right procedure is among the first three", thresholds chosen on out-of-fold
confidences, the loosest that keep the limits below.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.calibrate import FOLDS, CalibrationError, fit, held_out_confidence
from retrieval.procedures.decide import FEATURES, MOST_MARGIN, Thresholds

MOST_SHOWN_OUTSIDE = 0.06  # of questions about neither a topic nor a procedure
MOST_SHOWN_BESIDE = 0.03  # of questions about topics that have no procedures
MOST_LOOKED_AT = 0.25  # of right topic answers that are doubted enough to look at procedures at all
MOST_DOUBTED = 0.004  # of right topic answers that give way to a choice with a procedure
LEAST_LEAD = 0.06
LEAST_CLEAR = 0.9  # share of right ones among the procedures shown alone
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Group(StrEnum):
    PROCEDURE = "procedure"
    OUTSIDE = "outside"
    TOPIC = "topic"
    COVERED = "covered"  # a topic that has procedures: both are right, so it tells only how sure topics are


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled question as ranked: `right` is that the first one fits, `near` that one of the first three does.

    `answer` is the confidence of the topic that rightly answers it, None where none does; `lead` how far the best procedure
    is ahead of that topic.
    """

    features: dict[str, float]
    right: bool
    near: bool
    group: Group
    answer: float | None = None
    lead: float = -np.inf


def calibrate(examples: Sequence[Example], model_id: str, build: str, queries: str) -> Thresholds:
    """Fit and choose thresholds. Raises `CalibrationError` when examples of one kind are too few to fold."""
    topics = [example for example in examples if example.answer is not None]
    examples = [example for example in examples if example.group is not Group.COVERED]
    x = np.array([[example.features[name] for name in FEATURES] for example in examples], dtype=np.float64)
    near = np.array([example.near for example in examples], dtype=bool)
    if not len(near) or min(near.sum(), (~near).sum()) < FOLDS * 2:
        raise CalibrationError(f"{int(near.sum())} right and {int((~near).sum())} wrong examples: {FOLDS * 2} of each are needed")
    mean, scale = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-6)
    z = (x - mean) / scale
    held_out, groups = held_out_confidence(z, near), np.array([example.group.value for example in examples])
    show_at = _threshold(held_out, groups == Group.OUTSIDE, MOST_SHOWN_OUTSIDE)
    beside_at = max(show_at, _threshold(held_out, groups == Group.TOPIC, MOST_SHOWN_BESIDE))
    right = np.array([example.right for example in examples], dtype=bool)
    margins = x[:, FEATURES.index("margin")]
    clear = _clear_margin(margins, right, held_out >= show_at)
    model = fit(z, near)
    return Thresholds(
        model_id=model_id,
        index_build=build,
        made_on=datetime.now(UTC).isoformat(timespec="seconds"),
        queries=queries,
        mean=tuple(mean.tolist()),
        scale=tuple(scale.tolist()),
        weights=tuple(model.coef_[0].tolist()),
        bias=float(model.intercept_[0]),
        show_at=show_at,
        show_beside_at=beside_at,
        clear_margin=clear,
        doubt_below=(doubt := _doubt(topics)),
        lead_at=_lead(topics, doubt),
        report=_report(held_out, groups, right, near, show_at, beside_at, margins >= clear),
    )


def _threshold(confidence: Floats, wrong: Flags, most: float) -> float:
    """The lowest confidence from which on at most that share of the wrong ones would be shown."""
    return next((float(t) for t in np.unique(confidence) if _share((confidence >= t)[wrong]) <= most), 1.0)


def _clear_margin(margins: Floats, right: Flags, shown: Flags) -> float:
    """The smallest lead from which on the first procedure is nearly always the right one."""
    for margin in np.unique(margins[shown]):
        if _share(right[shown & (margins >= margin)]) >= LEAST_CLEAR:
            return float(margin)
    return MOST_MARGIN


def _doubt(topics: Sequence[Example]) -> float:
    """The confidence below which a small part of the right answers lie."""
    return float(np.quantile([example.answer or 0.0 for example in topics], MOST_LOOKED_AT)) if topics else 0.0


def _lead(topics: Sequence[Example], doubt: float) -> float:
    """The smallest lead by which hardly any right answer is doubted."""
    leads = sorted((e.lead for e in topics if e.answer is not None and e.answer < doubt), reverse=True)
    allowed = int(MOST_DOUBTED * len(topics))
    return max(LEAST_LEAD, float(leads[allowed]) + 1e-6 if len(leads) > allowed and np.isfinite(leads[allowed]) else LEAST_LEAD)


def _share(flags: Flags) -> float:
    return float(flags.mean()) if len(flags) else 0.0


def _report(
    confidence: Floats, groups: NDArray[Any], right: Flags, near: Flags, show_at: float, beside_at: float, clear: Flags
) -> dict[str, float]:
    shown, asked = confidence >= show_at, groups == Group.PROCEDURE
    figures = {
        "n": float(len(groups)),
        "hit1": _share(right[asked]),
        "hit3": _share(near[asked]),
        "shown": _share(shown[asked]),
        "shown_beside": _share((confidence >= beside_at)[asked]),
        "shown_wrong": _share((shown & ~near)[asked]),
        "shown_outside": _share(shown[groups == Group.OUTSIDE]),
        "shown_topics": _share(shown[groups == Group.TOPIC]),
        "clear": _share((shown & clear)[asked]),
        "clear_wrong": _share((shown & clear & ~right)[asked]),
    }
    return {name: round(value, 4) for name, value in figures.items()}
