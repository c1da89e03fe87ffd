"""Inbox and outbox: every message claimed once, every reply sent at least once and in order per person.

Replies are written in the transaction of the state change that caused them. A worker that dies
at any moment leaves either nothing (its transaction rolled back) or a reply whose lease runs out
and which is sent again; only a death between the platform's acceptance and our commit repeats it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, insert, or_, select, update
from sqlalchemy.orm import Session, aliased

from bot.messages import Incoming, Outgoing, Place
from bot.tables import InboxRow, OutboxRow
from bot.wire import incoming_body, incoming_from, outgoing_body, outgoing_from
from storage import insert_or_ignore, table_of

LEASE = timedelta(seconds=30)  # longer than any channel's send time-out
BACKOFF_SECONDS = (1, 2, 5, 15, 60, 300, 900)  # after the last: a dead letter
MAX_INBOX_ATTEMPTS = 3


# Every turn runs these: built once, and executed below the ORM, which would cost more than the writing itself.
_CLAIMED = ("channel", "person", "message_id", "body", "status", "attempts", "received_at")
_CLAIM = insert_or_ignore(InboxRow, *_CLAIMED, returning="id")
_POST = insert(table_of(OutboxRow))


class SendError(Exception):
    """A channel could not deliver. `message` is stored: it must hold no token and no personal text.

    `rest` is what is still to be sent where the platform took the first pieces of a long reply; None: all of it.
    """

    rest: Outgoing | None = None


class Retry(SendError):
    """A passing fault (network, 5xx, 429). `after` seconds when the platform says so; then the try does not count."""

    def __init__(self, message: str, after: float | None = None) -> None:
        super().__init__(message)
        self.after = after


class Rejected(SendError):
    """The platform will never take this message: a dead letter at once."""


class Unreachable(SendError):
    """The person blocked the bot or is gone: everything waiting for them becomes a dead letter."""


@dataclass(frozen=True, slots=True)
class Received:
    """A claimed message whose work is still to be done."""

    inbox_id: int
    incoming: Incoming
    attempts: int


@dataclass(frozen=True, slots=True)
class Parcel:
    """One reply taken from the outbox to be sent now."""

    outbox_id: int
    place: Place
    message: Outgoing
    attempts: int


def claim(session: Session, incoming: Incoming, *, done: bool = False) -> int | None:
    """Write the message to the inbox; its id, or None when it was there already. `incoming.text` must be masked."""
    values = {
        "channel": incoming.channel,
        "person": incoming.person,
        "message_id": incoming.message_id,
        "body": {} if done else incoming_body(incoming),
        "status": "done" if done else "received",
        "attempts": 0,
        "received_at": incoming.at,
    }
    return session.connection().execute(_CLAIM, values).scalar_one_or_none()


def has_received(session: Session) -> bool:
    """Whether any message waits to be worked on: a look that takes no lock."""
    return session.scalar(select(InboxRow.id).where(InboxRow.status == "received").limit(1)) is not None


def next_received(session: Session) -> Received | None:
    """Lock the oldest message whose person has no older one waiting. Rows locked by another worker are passed over."""
    earlier = aliased(InboxRow)
    same = and_(earlier.channel == InboxRow.channel, earlier.person == InboxRow.person)
    waits = select(earlier.id).where(same, earlier.status == "received", earlier.id < InboxRow.id).exists()
    query = select(InboxRow).where(InboxRow.status == "received", ~waits).order_by(InboxRow.id).limit(1)
    row = session.scalars(query.with_for_update(skip_locked=True, of=InboxRow)).first()
    if row is None:
        return None
    return Received(row.id, incoming_from(row.channel, row.person, row.message_id, row.body), row.attempts)


def finish(session: Session, inbox_id: int) -> None:
    """The work on a message is done; its text is no longer needed here."""
    session.execute(update(InboxRow).where(InboxRow.id == inbox_id).values(status="done", body={}))


def note_failure(session: Session, inbox_id: int, error: str) -> bool:
    """Count a failed attempt; after the last the message is set aside so that it cannot block the person's next ones.

    Returns whether it was the last.
    """
    row = session.get_one(InboxRow, inbox_id)
    row.attempts += 1
    row.error = error[:300]
    if row.attempts < MAX_INBOX_ATTEMPTS:
        return False
    row.status = "failed"
    return True


def post(
    link: Connection, place: Place, inbox_id: int | None, messages: Sequence[Outgoing], now: datetime, *, sent: bool
) -> None:
    """Write replies in order. `sent`: the caller hands them over itself (web, terminal)."""
    status: dict[str, Any] = {"status": "sent", "sent_at": now} if sent else {"status": "pending", "sent_at": None}
    common = {
        "channel": place.channel,
        "person": place.person,
        "inbox_id": inbox_id,
        "created_at": now,
        "not_before": now,
    } | status
    rows = [common | {"body": outgoing_body(message), "attempts": 0} for message in messages]
    if rows:
        link.execute(_POST, rows)


def replies_to(session: Session, incoming: Incoming) -> tuple[Outgoing, ...]:
    """What was answered to a message that had been claimed before."""
    same = (InboxRow.channel == incoming.channel, InboxRow.person == incoming.person, InboxRow.message_id == incoming.message_id)
    query = select(OutboxRow.body).join(InboxRow, OutboxRow.inbox_id == InboxRow.id).where(*same).order_by(OutboxRow.id)
    return tuple(outgoing_from(body) for body in session.scalars(query))


def _due(now: datetime) -> ColumnElement[bool]:
    fresh = and_(OutboxRow.status == "pending", OutboxRow.not_before <= now)
    lost = and_(OutboxRow.status == "sending", OutboxRow.leased_until < now)
    return or_(fresh, lost)


def has_due(session: Session, channels: Sequence[str], now: datetime) -> bool:
    """Whether any reply may be due: a look that takes no lock and may be wrong in the reply's favour."""
    return session.scalar(select(OutboxRow.id).where(OutboxRow.channel.in_(channels), _due(now)).limit(1)) is not None


def take(session: Session, channels: Sequence[str], now: datetime, limit: int = 10, lease: timedelta = LEASE) -> list[Parcel]:
    """Lease the next reply of up to `limit` people: never a later one while an earlier is on its way or waiting."""
    _bury_killers(session, channels, now)
    earlier = aliased(OutboxRow)
    same = and_(earlier.channel == OutboxRow.channel, earlier.person == OutboxRow.person)
    waits = select(earlier.id).where(same, earlier.status.in_(("pending", "sending")), earlier.id < OutboxRow.id).exists()
    query = select(OutboxRow).where(OutboxRow.channel.in_(channels), _due(now), ~waits).order_by(OutboxRow.id).limit(limit)
    rows = session.scalars(query.with_for_update(skip_locked=True, of=OutboxRow)).all()
    for row in rows:
        row.status, row.leased_until, row.attempts = "sending", now + lease, row.attempts + 1
    return [Parcel(row.id, Place(row.channel, row.person), outgoing_from(row.body), row.attempts) for row in rows]


def _bury_killers(session: Session, channels: Sequence[str], now: datetime) -> None:
    """A reply in whose sending the worker was lost more often than there are tries would take every worker down in turn."""
    lost = and_(OutboxRow.status == "sending", OutboxRow.leased_until < now, OutboxRow.attempts > len(BACKOFF_SECONDS))
    buried = update(OutboxRow).where(OutboxRow.channel.in_(channels), lost)
    session.execute(buried.values(status="dead", leased_until=None, error="the worker was lost at every try"))


def _held(parcel: Parcel) -> ColumnElement[bool]:
    """Our lease on the reply; false once it ran out and another worker took the reply over."""
    return and_(OutboxRow.id == parcel.outbox_id, OutboxRow.status == "sending", OutboxRow.attempts == parcel.attempts)


def mark_sent(session: Session, parcel: Parcel, now: datetime) -> bool:
    """The platform took it. False when another worker had taken the reply over after our lease ran out."""
    sent = update(OutboxRow).where(_held(parcel)).values(status="sent", sent_at=now, leased_until=None, error=None)
    return session.execute(sent.returning(OutboxRow.id)).first() is not None


def mark_failed(session: Session, parcel: Parcel, error: SendError, now: datetime) -> None:
    """Plan the next try or give up, by the class of the error. What another worker took over meanwhile is left alone."""
    row = session.scalars(select(OutboxRow).where(_held(parcel)).with_for_update()).first()
    if row is None:
        return
    row.error, row.leased_until = f"{type(error).__name__}: {error}"[:300], None
    if error.rest is not None:
        row.body = outgoing_body(error.rest)
    _plan(row, error, now)
    if isinstance(error, Unreachable):
        same = (OutboxRow.channel == parcel.place.channel, OutboxRow.person == parcel.place.person)
        session.execute(update(OutboxRow).where(*same, OutboxRow.status == "pending").values(status="dead", error=row.error))


def _plan(row: OutboxRow, error: SendError, now: datetime) -> None:
    row.status = "pending"
    if isinstance(error, Retry) and error.after is not None:
        row.not_before, row.attempts = now + timedelta(seconds=error.after), row.attempts - 1
    elif isinstance(error, Retry) and row.attempts <= len(BACKOFF_SECONDS):
        row.not_before = now + timedelta(seconds=BACKOFF_SECONDS[row.attempts - 1])
    else:
        row.status = "dead"


def dead_letters(session: Session, limit: int = 200) -> list[OutboxRow]:
    """Replies given up on, newest first."""
    return list(session.scalars(select(OutboxRow).where(OutboxRow.status == "dead").order_by(OutboxRow.id.desc()).limit(limit)))


def revive(session: Session, outbox_id: int, now: datetime) -> bool:
    """Try a dead letter once more; False when it is not dead."""
    row = session.get(OutboxRow, outbox_id)
    if row is None or row.status != "dead":
        return False
    row.status, row.attempts, row.not_before, row.error = "pending", 0, now, None
    return True
