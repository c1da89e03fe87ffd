"""Who comes when: the visits of eight weeks, in the order of time."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final

from admin.audit import VIETNAM
from bot.demo.people import Household, Resident

DAYS: Final = 56
HOURS: Final = (8, 12, 16, 19, 20)  # of phones that only ask
LONGEST: Final = timedelta(hours=2)  # of a visit: none may reach into the future
QUESTIONS_PER_LEARNER: Final = 3.4


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody takes a phone in hand. `who` is None on a phone that only asks."""

    at: datetime
    household: Household
    who: Resident | None
    questions: int


def visits(households: list[Household], now: datetime, rng: Random) -> list[Visit]:
    """All visits before `now` in order of time; about `QUESTIONS_PER_LEARNER` questions for each learner."""
    found = sorted(
        (visit for household in households for visit in _of_household(household, now, rng)), key=lambda visit: visit.at
    )
    learners = sum(len(household.residents) for household in households)
    weights = [_curiosity(visit) for visit in found]
    asked = Counter(rng.choices(range(len(found)), weights, k=round(learners * QUESTIONS_PER_LEARNER)))
    return [Visit(v.at, v.household, v.who, asked[n]) for n, v in enumerate(found) if v.who or asked[n]]


def _curiosity(visit: Visit) -> int:
    return 2 if visit.who is None else 1


def _of_household(household: Household, now: datetime, rng: Random) -> list[Visit]:
    if not household.residents:
        return [Visit(_moment(rng.randrange(1, DAYS), HOURS, now, rng), household, None, 0) for _ in range(rng.randint(1, 3))]
    return [visit for who in household.residents for visit in _of_resident(household, who, now, rng)]


def _of_resident(household: Household, who: Resident, now: datetime, rng: Random) -> list[Visit]:
    """Somebody joins on one of the first days or weeks, and comes again with growing gaps."""
    count = max(1, round(rng.expovariate(1 / who.kind.zeal)))
    joined = rng.randrange(3, DAYS)
    days = {joined, *(rng.randrange(1, joined + 1) for _ in range(count - 1))}  # days before now
    return [Visit(_moment(day, who.kind.hours, now, rng), household, who, 0) for day in days]


def _moment(days_ago: int, hours: tuple[int, ...], now: datetime, rng: Random) -> datetime:
    """A moment of that day in Vietnam at one of the hours, well before now."""
    day = now.astimezone(VIETNAM) - timedelta(days=days_ago)
    at = day.replace(hour=rng.choice(hours), minute=rng.randrange(60), second=rng.randrange(60), microsecond=0)
    return min(at.astimezone(now.tzinfo), now - LONGEST)
