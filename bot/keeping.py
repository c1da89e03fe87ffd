"""Does a question go on about the topic at hand? Measured evidence from its words and from the search, not a word list alone."""

from __future__ import annotations

import math
from typing import Final

from nlu.follow_up import subject_of
from nlu.understanding import Understanding
from retrieval.decision import Decision

CANDIDATES: Final = 12  # topics of the search that are looked at
WEIGHTS: Final = {
    "words": -0.56,  # length in tens of words, at most two
    "subject": -0.17,  # words that may name a matter, in threes, at most two
    "own": -0.98,  # a phrase that surely names one
    "gap": 1.57,  # score of the topic at hand above the best other one, in tenths
    "rank": -0.01,  # its place among the candidates, 0 (first) to 1
    "best": -1.46,  # how well the best topic fits, in tenths above 0.8
    "lead": -1.98,  # of the best over the second one, in tenths
    "aspect": 0.43,  # a part of an answer is asked for
    "outside": -1.7,  # what fits best is a matter outside the movement
}
"""Logistic regression on the even half of the follow-ups (`benchmarks/keeping.py --fit`), scores of the default embedder."""
BIAS: Final = 4.13


def evidence(understanding: Understanding, decision: Decision, topic_id: str) -> dict[str, float]:
    """The values of `WEIGHTS` for a question heard while the talk was about `topic_id`."""
    scores = {topic.topic_id: topic.score for topic in decision.topics[:CANDIDATES]}
    ranked = sorted(scores, key=lambda topic: -scores[topic])
    best = scores[ranked[0]] if ranked else 0.8
    others = [score for topic, score in scores.items() if topic != topic_id]
    here = scores.get(topic_id)
    subject = subject_of(understanding.restored)
    return {
        "words": min(len(understanding.restored.split()), 20) / 10,
        "subject": min(len(subject), 6) / 3,
        "own": float("subject" in subject),
        "gap": -1.5 if here is None or not others else 10 * max(here - max(others), -0.15),
        "rank": ranked.index(topic_id) / CANDIDATES if topic_id in scores else 1.0,
        "best": 10 * max(best - 0.8, 0.0),
        "lead": 10 * min(0.1, best - scores[ranked[1]]) if len(ranked) > 1 else 1.0,
        "aspect": float(understanding.aspect is not None),
        "outside": float(decision.outside),
    }


def chance(understanding: Understanding, decision: Decision, topic_id: str) -> float:
    """The probability (0 to 1) that the question is about `topic_id`, the topic at hand."""
    found = evidence(understanding, decision, topic_id)
    return 1.0 / (1.0 + math.exp(-BIAS - sum(WEIGHTS[name] * value for name, value in found.items())))


def goes_on(understanding: Understanding, decision: Decision, topic_id: str) -> bool:
    """Whether the topic at hand is kept: the words say so, or the evidence does."""
    return understanding.follow_up or chance(understanding, decision, topic_id) > 0.5
