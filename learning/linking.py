"""Joining another app: a code shown on one and typed on the other brings both to the same profiles and progress.

A code works once, for 15 minutes. Only its hash is stored; making and guessing codes are limited.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from learning import store
from learning.people import MAX_PEOPLE
from learning.tables import LearnerPlaceRow, LearnerRow, LinkCodeRow, LinkTryRow

LIFETIME = timedelta(minutes=15)
CODES_PER_LIFETIME = 3  # of one family
TRIES_PER_LIFETIME = 5  # wrong codes of one conversation
TRIES_OF_ALL = 500  # wrong codes of everybody together
KEPT_TRIES = timedelta(days=1)

LETTERS = "BCGHKLMNPQRTVX"  # no vowels, hence no words and no accents while typing; nothing that looks like a digit
DIGITS = "23456789"
PATTERN = "LLLDDDLL"  # never four digits in a row: those would be hidden as a personal number
_CODE = re.compile(f"[{LETTERS}]{{3}}[{DIGITS}]{{3}}[{LETTERS}]{{2}}")


class LinkOutcome(StrEnum):
    """How a typed code did."""

    JOINED = "joined"
    ALREADY = "already"  # this app belongs to that family
    WRONG = "wrong"  # unknown, used or too old: which of these is not told
    TOO_MANY = "too_many"
    FULL = "full"  # both families together would be too many people for one phone


def tidy(text: str) -> str | None:
    """A code as typed, with spaces, dots or dashes and in any case; None for what cannot be a code."""
    plain = re.sub(r"[\s.\-–]+", "", text).upper()
    return plain if _CODE.fullmatch(plain) else None


def shown(code: str) -> str:
    """A code in groups that are easy to read out: "KHM 472 TB"."""
    return f"{code[:3]} {code[3:6]} {code[6:]}"


def make_code(session: Session, family_id: int, now: datetime) -> str | None:
    """A fresh code for that family; None when too many were made lately."""
    recent = (LinkCodeRow.family_id == family_id, LinkCodeRow.made_at > now - LIFETIME)
    if (session.scalar(select(func.count()).select_from(LinkCodeRow).where(*recent)) or 0) >= CODES_PER_LIFETIME:
        return None
    code = "".join(secrets.choice(LETTERS if place == "L" else DIGITS) for place in PATTERN)
    session.add(LinkCodeRow(family_id=family_id, code_hash=_hash(code), made_at=now, expires_at=now + LIFETIME))
    session.flush()
    return code


def _hash(code: str) -> str:
    return hashlib.sha256(f"hocvuso-link|{code}".encode()).hexdigest()


def redeem(session: Session, code: str, channel: str, person: str, now: datetime) -> LinkOutcome:
    """Join that conversation to the family of the code. A wrong code is counted against the conversation."""
    if _too_many(session, channel, person, now):
        return LinkOutcome.TOO_MANY
    row = _valid(session, code, now)
    if row is None:
        session.add(LinkTryRow(channel=channel, person=person, at=now))
        session.execute(delete(LinkTryRow).where(LinkTryRow.at < now - KEPT_TRIES))
        return LinkOutcome.WRONG
    outcome = _join(session, row.family_id, channel, person)
    if outcome is LinkOutcome.JOINED:
        row.used_at = now
    return outcome


def _too_many(session: Session, channel: str, person: str, now: datetime) -> bool:
    recent = select(func.count()).select_from(LinkTryRow).where(LinkTryRow.at > now - LIFETIME)
    own = recent.where(LinkTryRow.channel == channel, LinkTryRow.person == person)
    return (session.scalar(own) or 0) >= TRIES_PER_LIFETIME or (session.scalar(recent) or 0) >= TRIES_OF_ALL


def _valid(session: Session, code: str, now: datetime) -> LinkCodeRow | None:
    usable = (LinkCodeRow.code_hash == _hash(code), LinkCodeRow.used_at.is_(None), LinkCodeRow.expires_at > now)
    return session.scalar(select(LinkCodeRow).where(*usable).with_for_update())


def _join(session: Session, family_id: int, channel: str, person: str) -> LinkOutcome:
    """Move the conversation over. Profiles of a family that is met nowhere else any more come along."""
    place = store.place_of(session, channel, person)
    if place is not None and place.family_id == family_id:
        return LinkOutcome.ALREADY
    if place is None:
        session.add(LearnerPlaceRow(channel=channel, person=person, family_id=family_id, learner_id=_only(session, family_id)))
        return LinkOutcome.JOINED
    return _merge(session, place, family_id)


def _merge(session: Session, place: LearnerPlaceRow, family_id: int) -> LinkOutcome:
    left = place.family_id
    others = select(LearnerPlaceRow.id).where(LearnerPlaceRow.family_id == left, LearnerPlaceRow.id != place.id)
    alone = session.scalar(others.limit(1)) is None
    coming = len(store.people_of(session, left)) if alone else 0
    if coming + len(store.people_of(session, family_id)) > MAX_PEOPLE:
        return LinkOutcome.FULL
    if alone:
        session.execute(update(LearnerRow).where(LearnerRow.family_id == left).values(family_id=family_id))
    place.family_id = family_id
    place.learner_id = _only(session, family_id)
    session.flush()
    store.erase_if_unmet(session, left)
    return LinkOutcome.JOINED


def _only(session: Session, family_id: int) -> str | None:
    """The family's learner where there is just one; else who is learning has to be asked."""
    people = store.people_of(session, family_id)
    return people[0].id if len(people) == 1 else None
