"""The tables of the conversation: who talks, what came in, what goes out, what was asked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage import Base, utc_now


class ConversationRow(Base):
    """One person on one channel. `state` is the engine's JSON."""

    __tablename__ = "conversations"
    __table_args__ = (UniqueConstraint("channel", "person"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(24))
    person: Mapped[str] = mapped_column(String(128))
    state: Mapped[str]
    updated_at: Mapped[datetime] = mapped_column(default=utc_now)


class InboxRow(Base):
    """One platform message, claimed once. `body` (text already masked) is emptied when the work is done."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("channel", "person", "message_id"),
        CheckConstraint("status in ('received', 'done', 'failed')", name="status"),
        Index(None, "status", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(24))
    person: Mapped[str] = mapped_column(String(128))
    message_id: Mapped[str] = mapped_column(String(128))
    body: Mapped[dict[str, Any]]
    status: Mapped[str] = mapped_column(String(16))
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]
    received_at: Mapped[datetime] = mapped_column(default=utc_now)


class OutboxRow(Base):
    """One reply, written with the state change that caused it, sent in order per person at least once."""

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint("status in ('pending', 'sending', 'sent', 'dead')", name="status"),
        Index(None, "status", "channel", "person", "id"),
        Index(None, "inbox_id"),
        {"sqlite_autoincrement": True},  # open web pages remember ids: one that was erased must not come again
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(24))
    person: Mapped[str] = mapped_column(String(128))
    inbox_id: Mapped[int | None] = mapped_column(ForeignKey("inbox.id", ondelete="SET NULL"))
    body: Mapped[dict[str, Any]]
    status: Mapped[str] = mapped_column(String(16))
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime] = mapped_column(default=utc_now)
    leased_until: Mapped[datetime | None]
    error: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    sent_at: Mapped[datetime | None]


class QuestionRow(Base):
    """A question as the curators see it: masked text, how it was understood, what was decided and shown."""

    __tablename__ = "questions"
    __table_args__ = (UniqueConstraint("turn_id"), Index(None, "asked_at"), Index(None, "decision", "asked_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    turn_id: Mapped[str] = mapped_column(String(16))
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversations.id", ondelete="SET NULL"))
    channel: Mapped[str] = mapped_column(String(24))
    text_masked: Mapped[str]
    restored: Mapped[str]
    intent: Mapped[str] = mapped_column(String(24))
    aspect: Mapped[str | None] = mapped_column(String(16))
    urgency: Mapped[str | None] = mapped_column(String(24))
    decision: Mapped[str] = mapped_column(String(16))
    topics: Mapped[dict[str, Any]]
    confidence: Mapped[float] = mapped_column(Float)
    index_build: Mapped[str] = mapped_column(String(32))
    topic_id: Mapped[str | None] = mapped_column(String(64))
    revision_id: Mapped[int | None]
    follow_up: Mapped[bool]
    asked_at: Mapped[datetime] = mapped_column(default=utc_now)


class FeedbackRow(Base):
    """👍 or 👎 about an earlier question; a later row about the same question supersedes it."""

    __tablename__ = "feedback"
    __table_args__ = (Index(None, "turn_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    turn_id: Mapped[str] = mapped_column(String(16))
    value: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str | None] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(default=utc_now)


class HumanRequestRow(Base):
    """Somebody asked where to find a human: the figure that shows where help is missing."""

    __tablename__ = "human_requests"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversations.id", ondelete="SET NULL"))
    topic_id: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(default=utc_now)


class SecretRow(Base):
    """A platform's token pair, encrypted (`bot.secrets_store`). `leased_until`: somebody is renewing it right now."""

    __tablename__ = "secrets"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    ciphertext: Mapped[str]
    version: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    updated_at: Mapped[datetime] = mapped_column(default=utc_now)
