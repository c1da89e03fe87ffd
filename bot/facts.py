"""What a turn leaves behind. The engine only says it; the shell stores it in the turn's transaction."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from retrieval.decision import ScoredTopic


class Rating(StrEnum):
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class QuestionAsked:
    """A question with the decision about it. `text_masked` has personal numbers hidden: safe to keep.

    `topic_id` and `revision_id` are what was shown, None where no topic was; `decision` is a
    `retrieval.decision.Kind` value, or "" when the question never reached retrieval.
    """

    turn_id: str
    text_masked: str
    restored: str
    intent: str
    aspect: str | None
    urgency: str | None
    decision: str
    topics: tuple[ScoredTopic, ...]
    confidence: float
    index_build: str
    topic_id: str | None
    revision_id: int | None
    follow_up: bool


@dataclass(frozen=True, slots=True)
class Feedback:
    """👍 or 👎 on the answer of an earlier turn. A reason comes as a second fact about the same turn."""

    about_turn_id: str
    value: Rating
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class HumanRequested:
    """The person asked where to find a human."""

    topic_id: str | None


@dataclass(frozen=True, slots=True)
class ProfileChanged:
    """A setting was chosen: `field` is a field of `bot.state.Profile`."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class ConversationErased:
    """The person confirmed: everything kept about this conversation is to be deleted."""


Fact = QuestionAsked | Feedback | HumanRequested | ProfileChanged | ConversationErased
