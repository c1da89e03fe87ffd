"""Topics, variants, revisions, quiz items and courses."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.base import Json, UtcDateTime

revision = "knowledge_0001"
down_revision = None
branch_labels = ("knowledge",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "content_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("folder_checksum", sa.String(length=64), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_content_state_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_state")),
    )
    op.create_table(
        "documents",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("body", Json, nullable=False),
        sa.Column("checksum", sa.String(length=64), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "language", "key", name=op.f("pk_documents")),
    )
    op.create_table(
        "topics",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("area", sa.String(length=32), nullable=False),
        sa.Column("skills", Json, nullable=False),
        sa.Column("audience", Json, nullable=False),
        sa.Column("related", Json, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topics")),
    )
    op.create_table(
        "variants",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("outdated", sa.Boolean(), nullable=False),
        sa.Column("published_revision_id", sa.Integer(), nullable=True),
        sa.Column("draft_revision_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_by", sa.Text(), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("curated", sa.Boolean(), nullable=False),
        sa.Column("shipped_checksum", sa.String(length=64), nullable=True),
        sa.CheckConstraint("level in ('standard', 'simple')", name=op.f("ck_variants_level")),
        sa.CheckConstraint("status in ('draft', 'in_review', 'published', 'outdated')", name=op.f("ck_variants_status")),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name=op.f("fk_variants_topic_id_topics")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_variants")),
        sa.UniqueConstraint("topic_id", "language", "level", name=op.f("uq_variants_topic_id_language_level")),
    )
    op.create_table(
        "revisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("variant_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body", Json, nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("substantive", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["variant_id"], ["variants.id"], name=op.f("fk_revisions_variant_id_variants")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revisions")),
        sa.UniqueConstraint("variant_id", "number", name=op.f("uq_revisions_variant_id_number")),
    )
    op.create_table(
        "variant_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("variant_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name=op.f("fk_variant_events_revision_id_revisions")),
        sa.ForeignKeyConstraint(["variant_id"], ["variants.id"], name=op.f("fk_variant_events_variant_id_variants")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_variant_events")),
    )
    with op.batch_alter_table("variant_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_variant_events_variant_id_id"), ["variant_id", "id"], unique=False)
    op.execute("INSERT INTO content_state (id, version) VALUES (1, 0)")


def downgrade() -> None:
    with op.batch_alter_table("variant_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_variant_events_variant_id_id"))

    op.drop_table("variant_events")
    op.drop_table("revisions")
    op.drop_table("variants")
    op.drop_table("topics")
    op.drop_table("documents")
    op.drop_table("content_state")
