"""Replies that could not be delivered: look, try again, or drop."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from admin import audit
from admin.permissions import Actor
from bot.delivery import revive
from bot.tables import OutboxRow


class NoLetter(LookupError):
    """That reply is not a dead letter (any more)."""


def retry(session: Session, letter: int, actor: Actor, now: datetime) -> None:
    """Send it again as soon as its turn comes. Raises NoLetter."""
    row = _dead(session, letter)
    before = _describe(row)
    revive(session, letter, now)
    audit.record(session, actor.name, "letter.retry", f"letter:{letter}", before, "gửi lại")


def drop(session: Session, letter: int, actor: Actor) -> None:
    """Delete it; the audit log keeps channel and error, not the text. Raises NoLetter."""
    row = _dead(session, letter)
    audit.record(session, actor.name, "letter.drop", f"letter:{letter}", _describe(row), "đã xóa")
    session.delete(row)


def _dead(session: Session, letter: int) -> OutboxRow:
    row = session.get(OutboxRow, letter, with_for_update=True)
    if row is None or row.status != "dead":
        raise NoLetter(letter)
    return row


def _describe(row: OutboxRow) -> str:
    return f"{row.channel} · {row.attempts} lần · {row.error or ''}"
