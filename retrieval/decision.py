"""What retrieval says about a question: one value that keeps every score."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

NEAR = 0.025  # how far below the best score a topic may lie and still be offered; on the own set the right one nearly always does


class Kind(StrEnum):
    """The three-way decision, and small talk, which never reaches retrieval."""

    ANSWER = "answer"
    ASK_BACK = "ask_back"
    DONT_KNOW = "dont_know"
    CHAT = "chat"
    PROCEDURE = "procedure"


@dataclass(frozen=True, slots=True)
class ScoredTopic:
    """A topic with the scores that ranked it. `covered` is False for a catalogue topic without content."""

    topic_id: str
    score: float
    dense: float
    lexical: float
    covered: bool = True


@dataclass(frozen=True, slots=True)
class ScoredProcedure:
    """An official procedure that was found, by its code."""

    code: str
    score: float


@dataclass(frozen=True, slots=True)
class Decision:
    """`topics` are ranked, best first; `confidence` is the calibrated probability that the first one with content is right.

    `outside`: what fits best of all is a matter outside the movement, so that no topic is really near.
    """

    kind: Kind
    topics: tuple[ScoredTopic, ...] = ()
    confidence: float = 0.0
    index_build: str = ""
    kept_topic: str | None = None  # a follow-up that kept the topic of the conversation
    scores: dict[str, float] = field(default_factory=dict)  # every number the decision looked at
    outside: bool = False
    procedures: tuple[ScoredProcedure, ...] = ()  # of a `PROCEDURE` decision, best first
    clear: bool = False  # the first procedure may be shown at once

    @property
    def best(self) -> ScoredTopic | None:
        return self.topics[0] if self.topics else None

    @property
    def near(self) -> tuple[str, ...]:
        """The topics with content that are near enough to the best match to be worth offering, best first."""
        if self.outside or not self.topics:
            return ()
        best = max(topic.score for topic in self.topics)
        return tuple(topic.topic_id for topic in self.topics if topic.covered and best - topic.score <= NEAR)
