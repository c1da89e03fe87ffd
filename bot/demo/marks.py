"""How demo data is told from real data: ids that no app and no browser can have, and accounts with fixed names."""

from __future__ import annotations

from typing import Final

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from admin.permissions import Role
from admin.tables import AuditRow, UserRow
from bot.tables import ConversationRow
from learning.tables import LearnerPlaceRow, LearnerRow

PREFIX: Final = "demo:"  # of every person's id: web sessions have no colon, Telegram and Zalo give other ids
ACTOR: Final = "demo-data"  # whom the audit log and the directory name as their author
SAMPLE: Final = "(mẫu)"  # ends every name and number that somebody might take for a real one
USERS: Final = {
    "demo-viewer": (Role.VIEWER, "Nguyễn Thị Nhàn"),
    "demo-editor": (Role.EDITOR, "Lê Văn Soạn"),
    "demo-publisher": (Role.PUBLISHER, "Phạm Thị Duyệt"),
    "demo-admin": (Role.ADMIN, "Trịnh Văn Quản"),
    "demo-xa": (Role.EDITOR, "Hoàng Thị Xã"),  # limited to the demo commune
}
SCOPED: Final = "demo-xa"


def full_name(user: str) -> str:
    """What others read of a demo account."""
    return f"{USERS[user][1]} {SAMPLE}"


def is_demo(person: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Whether a row belongs to a demo person, by its column of platform ids."""
    return person.startswith(PREFIX, autoescape=True)


def is_account() -> ColumnElement[bool]:
    """Whether a `UserRow` was made by us: the audit log, which nobody can edit, says so; a name alone proves nothing."""
    made = exists().where(AuditRow.actor == ACTOR, AuditRow.object == "user:" + UserRow.name)
    return UserRow.name.in_(USERS) & made


def is_present(session: Session) -> bool:
    """Whether any demo person or account is in the database: two looks, cheap enough for every page."""
    people = exists().where(is_demo(ConversationRow.person))
    users = exists().where(is_account())
    return bool(session.scalar(select(or_(people, users))))


def is_complete(session: Session) -> bool:
    """Whether the demo data was filled to its end: the accounts come last."""
    found = session.scalar(select(func.count()).select_from(UserRow).where(is_account()))
    return found == len(USERS)


def real_learners(session: Session) -> int:
    """How many learners belong to no demo family."""
    demo = select(LearnerPlaceRow.family_id).where(is_demo(LearnerPlaceRow.person))
    query = select(func.count()).select_from(LearnerRow).where(LearnerRow.family_id.not_in(demo))
    return session.scalar(query) or 0
