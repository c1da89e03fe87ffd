"""The tables of the console: who may sign in, what they did, whom citizens can turn to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from bot.tables import QuestionRow
from storage import Base, Json, utc_now


class UserRow(Base):
    """Somebody who works in the console. `name` is the sign-in name, lower case; `full_name` is what others read."""

    __tablename__ = "admin_users"
    __table_args__ = (CheckConstraint("role in ('viewer', 'editor', 'publisher', 'admin')", name="role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    full_name: Mapped[str]
    role: Mapped[str] = mapped_column(String(16))
    commune_code: Mapped[str | None] = mapped_column(String(16))
    password_hash: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class SessionRow(Base):
    """A signed-in browser. Only the SHA-256 of its token is kept; `csrf` goes into every form."""

    __tablename__ = "admin_sessions"
    __table_args__ = (Index(None, "user_id"),)

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("admin_users.id", ondelete="CASCADE"))
    csrf: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    seen_at: Mapped[datetime] = mapped_column(default=utc_now)


class AttemptRow(Base):
    """One attempt to sign in, written as failed before the password is looked at and marked when it was right."""

    __tablename__ = "admin_attempts"
    __table_args__ = (Index(None, "name", "at"), Index(None, "address", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    address: Mapped[str] = mapped_column(String(64))
    ok: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = mapped_column(default=utc_now)


class AuditRow(Base):
    """One write made in the console. Append-only."""

    __tablename__ = "audit_log"
    __table_args__ = (Index(None, "at"), Index(None, "actor", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=utc_now)
    actor: Mapped[str] = mapped_column(String(40))
    action: Mapped[str] = mapped_column(String(40))
    object: Mapped[str]
    before: Mapped[str]
    after: Mapped[str]


class CommuneDirectoryRow(Base):
    """The contacts of one commune; empty strings are unknown. `helpers` are name, village and phone each."""

    __tablename__ = "commune_directories"

    commune_code: Mapped[str] = mapped_column(String(16), primary_key=True)
    commune: Mapped[str]
    one_stop_address: Mapped[str] = mapped_column(default="")
    one_stop_hours: Mapped[str] = mapped_column(default="")
    one_stop_phone: Mapped[str] = mapped_column(default="")
    police_phone: Mapped[str] = mapped_column(default="")
    helpers: Mapped[list[dict[str, str]]] = mapped_column(Json, default=list)
    updated_at: Mapped[datetime] = mapped_column(default=utc_now)
    updated_by: Mapped[str] = mapped_column(String(40), default="")


class QuestionMarkRow(Base):
    """A citizen's question that a curator has dealt with: dismissed, or made an example in that revision of a topic's text."""

    __tablename__ = "question_marks"
    __table_args__ = (CheckConstraint("action in ('dismissed', 'example')", name="action"),)

    question_id: Mapped[int] = mapped_column(ForeignKey(QuestionRow.id, ondelete="CASCADE"), primary_key=True)
    action: Mapped[str] = mapped_column(String(16))
    topic_id: Mapped[str | None] = mapped_column(String(64))
    revision_id: Mapped[int | None]
    actor: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(default=utc_now)


def _refuse(_mapper: Mapper[Any], _connection: object, row: object) -> None:
    raise TypeError(f"{type(row).__name__} is written once and never changed")


for _moment in ("before_update", "before_delete"):
    event.listen(AuditRow, _moment, _refuse)
