"""Whether a procedure is convincing enough to be shown, and clear enough to be shown alone (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from pydantic import BaseModel, ConfigDict

SHOWN = 3  # procedures offered at most
REACH = 0.06  # how far below the best one may lie and still be offered
MOST_MARGIN = 0.1
FEATURES = ("score", "margin", "official", "everyday", "lexical", "covered", "known", "odds")


@dataclass(frozen=True, slots=True)
class RankedProcedure:
    """One procedure's scores: cosines of its official and everyday names, words in [0, 1].

    `covered` is the share of the question's words that it knows; `known` and `odds` come from the second look.
    """

    code: str
    score: float
    official: float
    everyday: float
    lexical: float
    covered: float
    known: float
    odds: float


@dataclass(frozen=True, slots=True)
class Rival:
    """The topic that would answer: its score, and the codes of the procedures that belong to it."""

    score: float
    own: frozenset[str]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to show, best first; `clear`: the first one may be shown at once. `confidence` is that a right one is among them."""

    procedures: tuple[RankedProcedure, ...]
    confidence: float
    clear: bool


class Thresholds(BaseModel):
    """Logistic confidence over `FEATURES`, and from where on to show. Made by `calibrate` for one embedding model.

    `show_at` is for questions without any near topic, `show_beside_at` for those that topics are near to. A topic's answer
    given with a confidence below `doubt_below` is doubted when a procedure that is not the topic's own scores higher
    by `lead_at` or more.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    model_id: str
    index_build: str
    made_on: str
    queries: str
    mean: tuple[float, ...]
    scale: tuple[float, ...]
    weights: tuple[float, ...]
    bias: float
    show_at: float
    show_beside_at: float
    clear_margin: float
    doubt_below: float
    lead_at: float
    report: dict[str, float]

    def confidence(self, features: dict[str, float]) -> float:
        """Probability in [0, 1] that the question is about one of the best procedures."""
        values = np.array([features[name] for name in FEATURES])
        z = float(((values - self.mean) / self.scale) @ np.array(self.weights) + self.bias)
        return float(1 / (1 + np.exp(-z)))


def features_of(ranked: Sequence[RankedProcedure]) -> dict[str, float]:
    """Everything the decision looks at. `ranked` is best first and not empty."""
    first, best = ranked[0], ranked[:SHOWN]
    values = {name: float(getattr(first, name)) for name in ("score", "official", "everyday", "lexical")}
    values["margin"] = min(first.score - ranked[1].score, MOST_MARGIN) if len(ranked) > 1 else MOST_MARGIN
    values |= {name: max(float(getattr(found, name)) for found in best) for name in ("covered", "known", "odds")}
    return values


def lead(ranked: Sequence[RankedProcedure], rival: Rival) -> float:
    """How far the best procedure is ahead of a topic; minus infinity for one that belongs to the topic."""
    return -np.inf if ranked[0].code in rival.own else ranked[0].score - rival.score


def _beats(ranked: Sequence[RankedProcedure], rival: Rival, thresholds: Thresholds, named: str | None) -> bool:
    ahead = lead(ranked, rival)
    return ahead >= thresholds.lead_at or (named == ranked[0].code and np.isfinite(ahead))


def decide(
    ranked: Sequence[RankedProcedure],
    thresholds: Thresholds,
    *,
    asked_back: bool,
    rival: Rival | None = None,
    named: str | None = None,
) -> Verdict | None:
    """Up to `SHOWN` procedures, or None when even the best is not convincing, or not more so than the topic that would answer.

    `named` is the code whose name the question is: then the lead over a topic that is about something else does not count.
    """
    if not ranked or (rival and not _beats(ranked, rival, thresholds, named)):
        return None
    features = features_of(ranked)
    confidence = thresholds.confidence(features)
    if confidence < (thresholds.show_beside_at if asked_back or rival else thresholds.show_at):
        return None
    near = tuple(found for found in ranked[:SHOWN] if ranked[0].score - found.score <= REACH)
    return Verdict(near, confidence, features["margin"] >= thresholds.clear_margin)
