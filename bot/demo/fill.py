"""Filling the demo commune: through the real conversation where people talk, through the rooms' own functions elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from random import Random

from sqlalchemy.orm import Session

from bot.conversations import Conversations, Hearing
from bot.demo import marks, office
from bot.demo.people import village
from bot.demo.phone import Clock
from bot.demo.remove import remove
from bot.demo.talking import Talks
from bot.demo.visiting import visits
from bot.directory import Directory
from bot.learners import Learners
from bot.messages import Place
from knowledge.model import VariantKey
from knowledge.snapshot import Content
from storage import Database

Report = Callable[[str, float], None]  # what is being done, share already done (0 to 1)


class RealLearners(RuntimeError):
    """The database holds learners who are not invented; figures would mix."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What the demo commune talks to: the outside of `Conversations`."""

    database: Database
    hearing: Hearing
    content: Callable[[], Content]
    directory: Callable[[Session, Place, str | None], Directory | None]
    learners: Learners


@dataclass(frozen=True, slots=True)
class Filled:
    """What was made. `passwords` by sign-in name are kept nowhere else; `draft` is the text in review, None without one."""

    visits: int
    passwords: dict[str, str]
    draft: VariantKey | None
    own_directory: bool


def fill(parts: Parts, now: datetime, report: Report, *, people: int = 60, seed: int = 1, force: bool = False) -> Filled | None:
    """Fill the demo commune with that many learners; None where it is there already, whole.

    What an interrupted run left behind is removed first.

    Raises:
        RealLearners: there are real learners and `force` is not set.
        AccountError: somebody has one of the demo accounts' names.
    """
    with parts.database.session() as session:
        if marks.is_complete(session):
            return None
        if not force and (real := marks.real_learners(session)):
            raise RealLearners(f"{real} real learners are in this database")
        remove(session)
        office.check_names(session)
        own_directory = not office.open_office(session)
    held = _talk(parts, now, report, people, seed)
    with parts.database.session() as session:
        office.lose_a_letter(session, now)
        draft = office.hand_in_draft(session, parts.content())
        return Filled(held, office.hire(session), draft, own_directory)


def _talk(parts: Parts, now: datetime, report: Report, people: int, seed: int) -> int:
    """Eight weeks of visits, one after another; gives how many."""
    rng, clock = Random(seed), Clock(now)
    households = village(people, rng, marks.PREFIX)
    planned = visits(households, now, rng)
    conversations = Conversations(parts.database, parts.hearing, parts.content, clock, parts.directory, parts.learners)
    talks = Talks(parts.database, conversations, clock, rng, parts.content().quiz.get("vi", {}))
    for done, visit in enumerate(planned):
        report("eight weeks in the demo commune", done / len(planned))
        talks.hold(visit)
    report("eight weeks in the demo commune", 1.0)
    return len(planned)
