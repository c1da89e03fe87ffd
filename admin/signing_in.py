"""Signing in and out: lock-out after failures, sessions kept on the server."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from admin import audit
from admin.accounts import find_user, password_fits
from admin.permissions import Actor, Role
from admin.tables import AttemptRow, SessionRow, UserRow
from storage import Database

MOST_FAILURES = 5  # per name, then it is locked
MOST_FAILURES_ADDRESS = 50  # per address, which may be a whole office behind one router
LOCKED_FOR = timedelta(minutes=15)
IDLE = timedelta(hours=2)
LONGEST_SESSION = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)  # how exactly the last use is kept, so that reading pages seldom writes
REMEMBERED = timedelta(days=30)  # attempts, for whoever looks into an attack


class SignInRefused(Exception):
    """Not signed in; `minutes` until trying again makes sense when name or address is locked."""

    def __init__(self, minutes: int = 0) -> None:
        super().__init__("locked" if minutes else "wrong name or password")
        self.minutes = minutes


@dataclass(frozen=True, slots=True)
class Signed:
    """A session as the browser keeps it, and whose it is."""

    token: str
    actor: Actor


def token_hash(token: str) -> str:
    """SHA-256 of a session token: what the database keeps of it."""
    return hashlib.sha256(token.encode()).hexdigest()


def sign_in(database: Database, name: str, password: str, address: str, now: datetime) -> Signed:
    """Check the password and open a session. Raises SignInRefused.

    The attempt is on record before the password is looked at, so that guesses made at the same time all count.
    """
    name, address = name.strip().lower()[:40], address[:64]
    with database.session() as session:
        attempt = _note_attempt(session, name, address, now)
    with database.reading() as session:
        user = find_user(session, name)
    fits = password_fits(user, password)  # outside any transaction: it is slow on purpose
    if not fits or user is None or not user.active:
        raise SignInRefused
    with database.session() as session:
        session.get_one(AttemptRow, attempt).ok = True
        token = _open_session(session, user, now)
        audit.record(session, user.name, "sign_in", f"user:{user.name}", after=address)
        return Signed(token, _actor(user, session.get_one(SessionRow, token_hash(token))))


def actor_of(database: Database, token: str, now: datetime) -> Actor | None:
    """Whose session that is, or None when it is unknown, too old, or its user was switched off."""
    with database.reading() as session:
        row = session.get(SessionRow, token_hash(token))
        user = session.get(UserRow, row.user_id) if row else None
    if row is None or user is None or not user.active:
        return None
    if now - row.seen_at > IDLE or now - row.created_at > LONGEST_SESSION:
        return None
    if now - row.seen_at > SEEN_EVERY:
        with database.session() as session:
            if again := session.get(SessionRow, row.token_hash):
                again.seen_at = now
    return _actor(user, row)


def sign_out(session: Session, actor: Actor, token: str) -> None:
    """Forget the session on the server, so that a copied cookie is worth nothing."""
    session.execute(delete(SessionRow).where(SessionRow.token_hash == token_hash(token)))
    audit.record(session, actor.name, "sign_out", f"user:{actor.name}")


def _note_attempt(session: Session, name: str, address: str, now: datetime) -> int:
    if session.get_bind().dialect.name == "postgresql":  # SQLite has one writer at a time anyway
        session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": f"sign-in {name}"})
    session.execute(delete(AttemptRow).where(AttemptRow.at < now - REMEMBERED))
    _refuse_locked(session, name, address, now)
    attempt = AttemptRow(name=name, address=address, at=now)
    session.add(attempt)
    session.flush()
    return attempt.id


def _refuse_locked(session: Session, name: str, address: str, now: datetime) -> None:
    last_good = session.scalar(select(func.max(AttemptRow.id)).where(AttemptRow.name == name, AttemptRow.ok)) or 0
    recent = AttemptRow.at > now - LOCKED_FOR, AttemptRow.ok.is_(False)
    by_name = (*recent, AttemptRow.name == name, AttemptRow.id > last_good)
    by_address = (*recent, AttemptRow.address == address)
    for failures, most in ((by_name, MOST_FAILURES), (by_address, MOST_FAILURES_ADDRESS)):
        times = session.scalars(select(AttemptRow.at).where(*failures).order_by(AttemptRow.at.desc()).limit(most)).all()
        if len(times) == most:
            raise SignInRefused(minutes=1 + int((times[0] + LOCKED_FOR - now).total_seconds() // 60))


def _open_session(session: Session, user: UserRow, now: datetime) -> str:
    session.execute(delete(SessionRow).where(SessionRow.created_at < now - LONGEST_SESSION))
    token = secrets.token_urlsafe(32)
    row = SessionRow(token_hash=token_hash(token), user_id=user.id, csrf=secrets.token_urlsafe(24), created_at=now, seen_at=now)
    session.add(row)
    session.flush()
    return token


def _actor(user: UserRow, row: SessionRow) -> Actor:
    return Actor(user.id, user.name, user.full_name, Role(user.role), user.commune_code, row.csrf)
