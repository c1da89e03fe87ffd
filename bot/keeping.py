"""Does a question go on about the topic at hand? Measured evidence from its words and from the search, not a word list alone."""

from __future__ import annotations

import math
from typing import Final

from nlu.follow_up import subject_of
from nlu.understanding import Understanding
from retrieval.decision import Decision

CANDIDATES: Final = 12  # topics of the search that are looked at
WEIGHTS: Final = {
    "leaning": 0.43,  # logarithm of the odds that it goes on, by its words alone
    "words": -1.06,  # length in tens of words, at most two
    "subject": -1.88,  # words that may name a matter, in threes, at most two
    "own": -3.44,  # a phrase that surely names one
    "gap": 2.04,  # score of the topic at hand above the best other one, in tenths
    "rank": -1.6,  # its place among the candidates, 0 (first) to 1
    "best": -2.51,  # how well the best topic fits, in tenths above 0.8
    "lead": -5.25,  # of the best over the second one, in tenths
    "aspect": 0.59,  # a part of an answer is asked for
    "outside": -4.39,  # what fits best is a matter outside the movement
}
"""Logistic regression on follow-ups and changes of subject (`benchmarks/keeping.py --fit`), scores of the default embedder."""
BIAS: Final = 11.34


def evidence(understanding: Understanding, decision: Decision, topic_id: str) -> dict[str, float]:
    """The values of `WEIGHTS` for a question heard while the talk was about `topic_id`."""
    scores = {topic.topic_id: topic.score for topic in decision.topics[:CANDIDATES]}
    ranked = sorted(scores, key=lambda topic: -scores[topic])
    best = scores[ranked[0]] if ranked else 0.8
    others = [score for topic, score in scores.items() if topic != topic_id]
    here = scores.get(topic_id)
    subject = subject_of(understanding.restored)
    return {
        "leaning": math.log((understanding.leaning + 0.01) / (1.01 - understanding.leaning)),
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
