"""The three-way decision: answer, ask back, or say that we do not know (pure).

One calibrated object holds the model of confidence and the two thresholds. It belongs to an
embedding model and an index build and is made by `calibrate`; no threshold lives in code.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from pydantic import BaseModel, ConfigDict

from retrieval.decision import Decision, Kind, ScoredTopic
from retrieval.passages import Coverage
from retrieval.ranking import Ranked

CLEAR_LEAD = 0.01  # a topic without content so far ahead of every lesson is named instead of asking back
FEATURES = ("score", "margin", "example", "text", "lexical", "other_lead", "length", "probe", "probe_margin", "known", "odds")


class Calibration(BaseModel):
    """Logistic confidence over `FEATURES`, standardised by `mean` and `scale`.

    `answer_at` and `ask_at` are probabilities; `report` keeps the figures measured when it was made.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    model_id: str
    index_build: str
    made_on: str
    queries: str  # name and checksum of the query file
    mean: tuple[float, ...]
    scale: tuple[float, ...]
    weights: tuple[float, ...]
    bias: float
    answer_at: float
    ask_at: float
    report: dict[str, float]

    def confidence(self, features: dict[str, float]) -> float:
        """Probability in [0, 1] that the best covered topic is the right one."""
        values = np.array([features[name] for name in FEATURES])
        z = float(((values - self.mean) / self.scale) @ np.array(self.weights) + self.bias)
        return float(1 / (1 + np.exp(-z)))


def covered(ranked: Sequence[Ranked]) -> list[Ranked]:
    return [topic for topic in ranked if topic.coverage is Coverage.COVERED]


def features_of(ranked: Sequence[Ranked], words: int) -> dict[str, float]:
    """Everything the decision looks at. `ranked` is best first and holds at least one covered topic."""
    first, *rest = covered(ranked)
    others = [topic.score for topic in ranked if topic.coverage is not Coverage.COVERED]
    return {
        "score": first.score,
        "margin": min(first.score - rest[0].score, 0.05) if rest else 0.05,
        "example": first.example,
        "text": first.text,
        "lexical": first.lexical,
        "other_lead": max(others) - first.score if others else -0.1,
        "length": float(np.log1p(words)),
        "probe": first.probe,
        "probe_margin": first.probe - max((topic.probe for topic in ranked if topic is not first), default=first.probe),
        "known": first.known,
        "odds": first.odds,
    }


def _scored(topic: Ranked) -> ScoredTopic:
    return ScoredTopic(topic.topic_id, topic.score, topic.dense, topic.lexical, topic.coverage is Coverage.COVERED)


def decide(ranked: Sequence[Ranked], words: int, calibration: Calibration, build: str) -> Decision:
    """Turn ranked topics into a decision that keeps every score.

    `topics` lists covered topics, best first. When the best match of all is a topic still without content, it leads the
    list of a `DONT_KNOW` with `covered=False`, so that the reply can name it.
    """
    if not covered(ranked):
        return Decision(Kind.DONT_KNOW, _named(ranked), index_build=build, outside=_led_by(ranked, Coverage.OUTSIDE))
    features = features_of(ranked, words)
    confidence = calibration.confidence(features)
    kind = _kind(confidence, features["other_lead"], ranked, calibration)
    named = _named(ranked) if kind is Kind.DONT_KNOW else ()
    topics = (*named, *map(_scored, covered(ranked)))
    outside = kind is Kind.DONT_KNOW and _led_by(ranked, Coverage.OUTSIDE)
    return Decision(kind, topics, confidence, build, scores=features, outside=outside)


def _kind(confidence: float, other_lead: float, ranked: Sequence[Ranked], calibration: Calibration) -> Kind:
    if confidence >= calibration.answer_at:
        return Kind.ANSWER
    if _led_by(ranked, Coverage.UNCOVERED) and other_lead >= CLEAR_LEAD:
        return Kind.DONT_KNOW
    return Kind.ASK_BACK if confidence >= calibration.ask_at else Kind.DONT_KNOW


def _led_by(ranked: Sequence[Ranked], coverage: Coverage) -> bool:
    return bool(ranked) and ranked[0].coverage is coverage


def _named(ranked: Sequence[Ranked]) -> tuple[ScoredTopic, ...]:
    """The topic without content that fits best of all, if it is one."""
    return (_scored(ranked[0]),) if _led_by(ranked, Coverage.UNCOVERED) else ()
