"""The tables of the learning room: families, learners, where they are met, what happened, codes for joining apps."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage import Base, utc_now


class FamilyRow(Base):
    """People who share a phone, and the apps on which they are met."""

    __tablename__ = "learning_families"

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class LearnerRow(Base):
    """One profile. `record` is what the learner's events add up to, kept so that a turn need not read them all."""

    __tablename__ = "learners"
    __table_args__ = (Index(None, "family_id"), Index(None, "commune", "audience"))

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    family_id: Mapped[int] = mapped_column(ForeignKey("learning_families.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(32), default="")
    address: Mapped[str] = mapped_column(String(8), default="ban")
    language: Mapped[str] = mapped_column(String(8), default="vi")
    level: Mapped[str] = mapped_column(String(16), default="standard")
    audience: Mapped[str | None] = mapped_column(String(24))
    province: Mapped[str | None] = mapped_column(String(8))
    commune: Mapped[str | None] = mapped_column(String(8))
    guardian: Mapped[bool] = mapped_column(default=False)
    consent_text: Mapped[str] = mapped_column(String(16))
    consented_at: Mapped[datetime]
    record: Mapped[dict[str, Any]]
    updated_at: Mapped[datetime] = mapped_column(default=utc_now)


class LearnerPlaceRow(Base):
    """A conversation on some app, the family it belongs to, and who of them is learning there now."""

    __tablename__ = "learner_places"
    __table_args__ = (UniqueConstraint("channel", "person"), Index(None, "family_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(24))
    person: Mapped[str] = mapped_column(String(128))
    family_id: Mapped[int] = mapped_column(ForeignKey("learning_families.id", ondelete="CASCADE"))
    learner_id: Mapped[str | None] = mapped_column(ForeignKey("learners.id", ondelete="SET NULL"))


class LearningEventRow(Base):
    """One event. Rows are only added (a trigger refuses changes) and only deleted together with their learner.

    `body` is the whole event; the other columns repeat what figures count by. No item has two answers in one attempt.
    """

    __tablename__ = "learning_events"
    __table_args__ = (
        UniqueConstraint("learner_id", "attempt_id", "item_id"),
        Index(None, "learner_id", "id"),
        Index(None, "kind", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    learner_id: Mapped[str] = mapped_column(ForeignKey("learners.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(24))
    at: Mapped[datetime]
    course_id: Mapped[str | None] = mapped_column(String(64))
    lesson_id: Mapped[str | None] = mapped_column(String(64))
    attempt_id: Mapped[str | None] = mapped_column(String(16))
    item_id: Mapped[str | None] = mapped_column(String(80))
    success: Mapped[bool | None]  # of an answer: correct; of a finished quiz: passed
    body: Mapped[dict[str, Any]]


class LinkCodeRow(Base):
    """A code that joins another app to a family, once and for a short time. Only its hash is kept."""

    __tablename__ = "link_codes"
    __table_args__ = (UniqueConstraint("code_hash"), Index(None, "family_id", "made_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    family_id: Mapped[int] = mapped_column(ForeignKey("learning_families.id", ondelete="CASCADE"))
    code_hash: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class LinkTryRow(Base):
    """A wrong code typed by somebody: too many in a short time are refused."""

    __tablename__ = "link_tries"
    __table_args__ = (Index(None, "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(24))
    person: Mapped[str] = mapped_column(String(128))
    at: Mapped[datetime]
