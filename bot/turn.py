"""What goes into a turn and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.directory import Directory
from bot.facts import Fact
from bot.messages import Outgoing
from bot.state import State
from knowledge.procedures.book import EMPTY_BOOK, ProcedureBook
from knowledge.snapshot import Content
from learning.people import Learner
from nlu.understanding import Understanding
from retrieval.decision import Decision


@dataclass(frozen=True, slots=True)
class Heard:
    """What the shell made of a typed text. `decision` is None where retrieval was not asked (small talk) or failed."""

    understanding: Understanding
    decision: Decision | None


@dataclass(frozen=True, slots=True)
class World:
    """All a turn may look at besides the state: today's content, the time and the person's surroundings.

    `turn_id` is 8–10 ASCII letters or digits, unique per turn. `learner` is read by the learning flows only: None where the
    shell did not load it. `typed` is the text of this message, personal numbers hidden; the engine sets it. `procedures` are
    the imported official ones.
    """

    content: Content
    now: datetime
    turn_id: str
    directory: Directory | None = None
    learner: Learner | None = None
    typed: str | None = None
    procedures: ProcedureBook = EMPTY_BOOK


@dataclass(frozen=True, slots=True)
class Turn:
    """The new state, what to send in order (at least one) and what to store."""

    state: State
    replies: tuple[Outgoing, ...]
    facts: tuple[Fact, ...]
