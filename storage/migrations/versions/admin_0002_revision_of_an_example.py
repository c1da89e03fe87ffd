"""revision of an example"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "admin_0002"
down_revision = "admin_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("question_marks", schema=None) as batch_op:
        batch_op.add_column(sa.Column("revision_id", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("question_marks", schema=None) as batch_op:
        batch_op.drop_column("revision_id")
