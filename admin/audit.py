"""The record of every write: who, when, what, and how it was before and after."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin.tables import AuditRow

VIETNAM = timezone(timedelta(hours=7))  # the whole country, all year round
LONGEST = 500  # characters of a summary


def record(session: Session, actor: str, action: str, subject: str, before: str = "", after: str = "") -> None:
    """Note a write in the transaction that makes it. Summaries must hold no password and no token."""
    session.add(AuditRow(actor=actor, action=action, object=subject, before=before[:LONGEST], after=after[:LONGEST]))


def audit_page(
    session: Session,
    *,
    actor: str = "",
    action: str = "",
    subject: str = "",
    day: date | None = None,
    before_id: int | None = None,
    limit: int = 50,
) -> list[AuditRow]:
    """The newest entries that fit all filters, from below `before_id` on; `day` is a day in Vietnam."""
    query = select(AuditRow).order_by(AuditRow.id.desc()).limit(limit)
    for column, wanted in ((AuditRow.actor, actor), (AuditRow.action, action)):
        query = query.where(column == wanted) if wanted else query
    if subject:
        query = query.where(AuditRow.object.contains(subject, autoescape=True))
    if day:
        start = datetime.combine(day, time.min, VIETNAM)
        query = query.where(AuditRow.at >= start, AuditRow.at < start + timedelta(days=1))
    if before_id is not None:
        query = query.where(AuditRow.id < before_id)
    return list(session.scalars(query))


def actors_and_actions(session: Session) -> tuple[list[str], list[str]]:
    """What the filters offer: everybody and every action on record."""
    actors = session.scalars(select(AuditRow.actor).distinct().order_by(AuditRow.actor))
    actions = session.scalars(select(AuditRow.action).distinct().order_by(AuditRow.action))
    return list(actors), list(actions)
