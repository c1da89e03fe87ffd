"""Removing the demo commune: exactly what was invented, found by its marks, in the caller's transaction."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, CursorResult, delete, select, update
from sqlalchemy.orm import Session

from admin.tables import AttemptRow, AuditRow, CommuneDirectoryRow, QuestionMarkRow, SessionRow, UserRow
from bot.demo.marks import ACTOR, USERS, full_name, is_account, is_demo
from bot.demo.office import NOTE
from bot.tables import ConversationRow, FeedbackRow, HumanRequestRow, InboxRow, OutboxRow, QuestionRow
from knowledge.model import Level, VariantKey
from knowledge.store import bump_version, discard_draft
from knowledge.tables import RevisionRow, VariantEventRow, VariantRow
from learning import store
from learning.tables import LearnerPlaceRow, LinkTryRow
from storage import Base


def remove(session: Session) -> dict[str, int]:
    """Delete all demo data; gives the rows deleted by table, those deleted with their learners not counted.

    What a person took over stays: a commune's directory saved by somebody since, a demo text published by somebody.
    """
    counts: dict[str, int] = {}
    _texts(session, counts)
    _conversations(session, counts)
    _learners(session, counts)
    _office(session, counts)
    return {table: count for table, count in counts.items() if count}


def _delete(session: Session, counts: dict[str, int], row: type[Base], *where: ColumnElement[bool]) -> None:
    found: CursorResult[Any] = session.connection().execute(delete(row).where(*where))
    counts[row.__tablename__] = counts.get(row.__tablename__, 0) + found.rowcount


def _conversations(session: Session, counts: dict[str, int]) -> None:
    people = select(ConversationRow.id).where(is_demo(ConversationRow.person))
    questions = QuestionRow.conversation_id.in_(people)
    turns = select(QuestionRow.turn_id).where(questions)
    _delete(session, counts, FeedbackRow, FeedbackRow.turn_id.in_(turns))
    _delete(session, counts, QuestionMarkRow, QuestionMarkRow.question_id.in_(select(QuestionRow.id).where(questions)))
    _delete(session, counts, QuestionRow, questions)
    _delete(session, counts, HumanRequestRow, HumanRequestRow.conversation_id.in_(people))
    for row in (OutboxRow, InboxRow, LinkTryRow, ConversationRow):
        _delete(session, counts, row, is_demo(row.person))


def _learners(session: Session, counts: dict[str, int]) -> None:
    """Families that are met on demo phones only go with their learners, events and codes."""
    mine = is_demo(LearnerPlaceRow.person)
    families = set(session.scalars(select(LearnerPlaceRow.family_id).where(mine)))
    _delete(session, counts, LearnerPlaceRow, mine)
    for family in families:
        store.erase_if_unmet(session, family)
    counts["learning_families"] = len(families)


def _office(session: Session, counts: dict[str, int]) -> None:
    users = dict(session.execute(select(UserRow.id, UserRow.name).where(is_account())).tuples().all())
    _delete(session, counts, SessionRow, SessionRow.user_id.in_(users))
    _delete(session, counts, AttemptRow, AttemptRow.name.in_(users.values()))
    _delete(session, counts, UserRow, UserRow.id.in_(users))
    _delete(session, counts, CommuneDirectoryRow, CommuneDirectoryRow.updated_by == ACTOR)
    _delete(session, counts, AuditRow, AuditRow.actor == ACTOR)


def _texts(session: Session, counts: dict[str, int]) -> None:
    """Texts nobody published are deleted, with their place in the workflow; confirmations by demo accounts are withdrawn."""
    published = select(VariantEventRow.id).where(
        VariantEventRow.revision_id == RevisionRow.id, VariantEventRow.action.in_(("published", "rolled_back"))
    )
    query = select(RevisionRow.id, RevisionRow.variant_id).where(RevisionRow.note == NOTE, ~published.exists())
    for revision_id, variant_id in session.execute(query).all():
        _take_back(session, revision_id, variant_id)
        _delete(session, counts, VariantEventRow, VariantEventRow.revision_id == revision_id)
        _delete(session, counts, RevisionRow, RevisionRow.id == revision_id)
    _withdraw(session)


def _take_back(session: Session, revision_id: int, variant_id: int) -> None:
    row = session.get_one(VariantRow, variant_id)
    if row.draft_revision_id == revision_id:
        discard_draft(session, VariantKey(topic_id=row.topic_id, language=row.language, level=Level(row.level)), ACTOR)
        session.flush()


def _withdraw(session: Session) -> None:
    names = [full_name(user) for user in USERS]
    withdrawn = update(VariantRow).where(VariantRow.confirmed_by.in_(names)).values(confirmed_by=None, confirmed_on=None)
    if session.connection().execute(withdrawn).rowcount:
        bump_version(session)
