"""What a turn leaves behind. The engine only says it; the shell stores it in the turn's transaction."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from learning.events import Event
from learning.people import Person
from retrieval.decision import ScoredProcedure, ScoredTopic


class Rating(StrEnum):
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class QuestionAsked:
    """A question with the decision about it. `text_masked` has personal numbers hidden: safe to keep.

    `topic_id` and `revision_id` are what was shown, None where no topic was; `decision` is a
    `retrieval.decision.Kind` value, or "" when the question never reached retrieval. `procedures` are the official
    procedures that were found instead of a topic.
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
    procedures: tuple[ScoredProcedure, ...] = ()


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


@dataclass(frozen=True, slots=True)
class PersonAdded:
    """Somebody agreed to have progress kept: a new profile, which learns from now on."""

    person: Person


@dataclass(frozen=True, slots=True)
class PersonChanged:
    """A profile's field got another value: `field` is one of `learning.store.CHANGEABLE`."""

    person_id: str
    field: str
    value: str | None


@dataclass(frozen=True, slots=True)
class PersonErased:
    """A profile and all that happened to it is to be deleted."""

    person_id: str


@dataclass(frozen=True, slots=True)
class Learned:
    """Something happened to the profile that learns now."""

    event: Event


LearningFact = PersonAdded | PersonChanged | PersonErased | Learned
Fact = QuestionAsked | Feedback | HumanRequested | ProfileChanged | ConversationErased | LearningFact
