"""What translators gave besides the lessons' texts, and languages on trial."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.base import UtcDateTime

revision = "knowledge_0003"
down_revision = "knowledge_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "translations",
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("unit", sa.String(length=160), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("audio", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("translator", sa.Text(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("status in ('draft', 'published')", name=op.f("ck_translations_status")),
        sa.PrimaryKeyConstraint("language", "unit", name=op.f("pk_translations")),
    )
    op.create_table(
        "language_trials",
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("shown_by", sa.Text(), nullable=False),
        sa.Column("shown_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("language", name=op.f("pk_language_trials")),
    )


def downgrade() -> None:
    op.drop_table("language_trials")
    op.drop_table("translations")
