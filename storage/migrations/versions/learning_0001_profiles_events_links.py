"""Families, learners, where they are met, append-only learning events, codes for joining apps."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.base import Json, UtcDateTime

revision = "learning_0001"
down_revision = None
branch_labels = ("learning",)
depends_on = None

_REFUSE = "learning_events is append-only"


def upgrade() -> None:
    op.create_table(
        "learning_families",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_families")),
    )
    op.create_table(
        "link_tries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=24), nullable=False),
        sa.Column("person", sa.String(length=128), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_tries")),
    )
    with op.batch_alter_table("link_tries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_link_tries_at"), ["at"], unique=False)

    op.create_table(
        "learners",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("address", sa.String(length=8), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("audience", sa.String(length=24), nullable=True),
        sa.Column("province", sa.String(length=8), nullable=True),
        sa.Column("commune", sa.String(length=8), nullable=True),
        sa.Column("guardian", sa.Boolean(), nullable=False),
        sa.Column("consent_text", sa.String(length=16), nullable=False),
        sa.Column("consented_at", UtcDateTime(), nullable=False),
        sa.Column("record", Json, nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["family_id"], ["learning_families.id"], name=op.f("fk_learners_family_id_learning_families"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learners")),
    )
    with op.batch_alter_table("learners", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_learners_commune_audience"), ["commune", "audience"], unique=False)
        batch_op.create_index(batch_op.f("ix_learners_family_id"), ["family_id"], unique=False)

    op.create_table(
        "link_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["family_id"], ["learning_families.id"], name=op.f("fk_link_codes_family_id_learning_families"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_codes")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_link_codes_code_hash")),
    )
    with op.batch_alter_table("link_codes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_link_codes_family_id_made_at"), ["family_id", "made_at"], unique=False)

    op.create_table(
        "learner_places",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=24), nullable=False),
        sa.Column("person", sa.String(length=128), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("learner_id", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(
            ["family_id"],
            ["learning_families.id"],
            name=op.f("fk_learner_places_family_id_learning_families"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learners.id"], name=op.f("fk_learner_places_learner_id_learners"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learner_places")),
        sa.UniqueConstraint("channel", "person", name=op.f("uq_learner_places_channel_person")),
    )
    with op.batch_alter_table("learner_places", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_learner_places_family_id"), ["family_id"], unique=False)

    op.create_table(
        "learning_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("learner_id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("course_id", sa.String(length=64), nullable=True),
        sa.Column("lesson_id", sa.String(length=64), nullable=True),
        sa.Column("attempt_id", sa.String(length=16), nullable=True),
        sa.Column("item_id", sa.String(length=80), nullable=True),
        sa.Column("success", sa.Boolean(), nullable=True),
        sa.Column("body", Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learners.id"], name=op.f("fk_learning_events_learner_id_learners"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_events")),
        sa.UniqueConstraint("learner_id", "attempt_id", "item_id", name=op.f("uq_learning_events_learner_id_attempt_id_item_id")),
    )
    with op.batch_alter_table("learning_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_learning_events_kind_at"), ["kind", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_learning_events_learner_id_id"), ["learner_id", "id"], unique=False)
    _refuse_updates()


def _refuse_updates() -> None:
    """Events are only added; deleting stays possible, because erasing a profile erases what happened to it."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER learning_events_append_only BEFORE UPDATE ON learning_events "
            f"BEGIN SELECT RAISE(ABORT, '{_REFUSE}'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION learning_events_append_only() RETURNS trigger LANGUAGE plpgsql "
        f"AS $$ BEGIN RAISE EXCEPTION '{_REFUSE}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER learning_events_append_only BEFORE UPDATE ON learning_events "
        "FOR EACH ROW EXECUTE FUNCTION learning_events_append_only()"
    )


def downgrade() -> None:
    with op.batch_alter_table("learning_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_learning_events_learner_id_id"))
        batch_op.drop_index(batch_op.f("ix_learning_events_kind_at"))

    op.drop_table("learning_events")
    with op.batch_alter_table("learner_places", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_learner_places_family_id"))

    op.drop_table("learner_places")
    with op.batch_alter_table("link_codes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_link_codes_family_id_made_at"))

    op.drop_table("link_codes")
    with op.batch_alter_table("learners", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_learners_family_id"))
        batch_op.drop_index(batch_op.f("ix_learners_commune_audience"))

    op.drop_table("learners")
    with op.batch_alter_table("link_tries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_link_tries_at"))

    op.drop_table("link_tries")
    op.drop_table("learning_families")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION learning_events_append_only()")
