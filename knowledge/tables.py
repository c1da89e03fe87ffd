"""The tables of the knowledge room: topics, variants, revisions and what happened to them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from storage import Base, utc_now


class TopicRow(Base):
    """What all variants of a topic share."""

    __tablename__ = "topics"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    area: Mapped[str] = mapped_column(String(32))
    skills: Mapped[list[str]]
    audience: Mapped[list[str]]
    related: Mapped[list[str]]


class VariantRow(Base):
    """One text of a topic: where it stands in the workflow and which revisions are live and in work.

    `curated` is set by the first person who edits or confirms: from then on a new
    release's files no longer replace the text. `shipped_checksum` is that of the last file read.
    The two revision ids have no foreign key: revisions point here already, and only the store writes them.
    """

    __tablename__ = "variants"
    __table_args__ = (
        UniqueConstraint("topic_id", "language", "level"),
        CheckConstraint("status in ('draft', 'in_review', 'published', 'outdated')", name="status"),
        CheckConstraint("level in ('standard', 'simple')", name="level"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    topic_id: Mapped[str] = mapped_column(ForeignKey("topics.id"))
    language: Mapped[str] = mapped_column(String(16))
    level: Mapped[str] = mapped_column(String(16))
    status: Mapped[str] = mapped_column(String(16), default="draft")
    outdated: Mapped[bool] = mapped_column(Boolean, default=False)
    published_revision_id: Mapped[int | None] = mapped_column(Integer)
    draft_revision_id: Mapped[int | None] = mapped_column(Integer)
    confirmed_by: Mapped[str | None]
    confirmed_on: Mapped[date | None]
    curated: Mapped[bool] = mapped_column(Boolean, default=False)
    shipped_checksum: Mapped[str | None] = mapped_column(String(64))


class RevisionRow(Base):
    """One saved state of a variant's body. Never changed, never deleted: answers point at what was shown."""

    __tablename__ = "revisions"
    __table_args__ = (UniqueConstraint("variant_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    variant_id: Mapped[int] = mapped_column(ForeignKey("variants.id"))
    number: Mapped[int]
    body: Mapped[dict[str, Any]]
    author: Mapped[str]
    note: Mapped[str]
    substantive: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class VariantEventRow(Base):
    """One step of the workflow: who did what with which revision, when. Append-only."""

    __tablename__ = "variant_events"
    __table_args__ = (Index(None, "variant_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    variant_id: Mapped[int] = mapped_column(ForeignKey("variants.id"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    action: Mapped[str] = mapped_column(String(16))
    actor: Mapped[str]
    note: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=utc_now)


class DocumentRow(Base):
    """Content that has no revisions yet: catalogue, skills, quiz items and courses, as JSON."""

    __tablename__ = "documents"

    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    language: Mapped[str] = mapped_column(String(16), primary_key=True)
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    position: Mapped[int]
    body: Mapped[dict[str, Any]]
    checksum: Mapped[str] = mapped_column(String(64))
    published: Mapped[bool]


class ProcedureRow(Base):
    """A record of the national portal as it was imported: data beside the reviewed topics, never part of them."""

    __tablename__ = "procedures"

    code: Mapped[str] = mapped_column(String(16), primary_key=True)
    title: Mapped[str]
    ministry: Mapped[str]
    field: Mapped[str]
    level: Mapped[str]
    audience: Mapped[str]
    decision: Mapped[str]
    steps: Mapped[str]
    time_fee: Mapped[str]
    documents: Mapped[str]
    conditions: Mapped[str]
    result: Mapped[str]
    link: Mapped[str]
    recorded: Mapped[str] = mapped_column(String(7))
    mentions_district: Mapped[bool] = mapped_column(Boolean)
    checksum: Mapped[str] = mapped_column(String(64))
    imported_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)


class ContentStateRow(Base):
    """One row. `version` grows in every transaction that changes what citizens read."""

    __tablename__ = "content_state"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    version: Mapped[int]
    folder_checksum: Mapped[str | None] = mapped_column(String(64))


class TranslationRow(Base):
    """What translators gave for one unit beside the lessons' texts: an interface word or term, a recording's file name, a note.

    `unit` is a unit id of `knowledge.translation.units`. Only `published` words reach citizens outside a trial.
    """

    __tablename__ = "translations"
    __table_args__ = (CheckConstraint("status in ('draft', 'published')", name="status"),)

    language: Mapped[str] = mapped_column(String(16), primary_key=True)
    unit: Mapped[str] = mapped_column(String(160), primary_key=True)
    text: Mapped[str] = mapped_column(default="")
    audio: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    basis: Mapped[str] = mapped_column(default="")
    status: Mapped[str] = mapped_column(String(16), default="draft")
    translator: Mapped[str]
    updated_at: Mapped[datetime] = mapped_column(default=utc_now)


class TrialRow(Base):
    """A language whose drafts citizens may try, labelled as such; no row means no."""

    __tablename__ = "language_trials"

    language: Mapped[str] = mapped_column(String(16), primary_key=True)
    shown_by: Mapped[str]
    shown_at: Mapped[datetime] = mapped_column(default=utc_now)


def _refuse(_mapper: Mapper[Any], _connection: object, row: object) -> None:
    raise TypeError(f"{type(row).__name__} is written once and never changed")


for _table in (RevisionRow, VariantEventRow):
    event.listen(_table, "before_update", _refuse)
    event.listen(_table, "before_delete", _refuse)
