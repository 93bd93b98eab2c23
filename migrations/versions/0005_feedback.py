"""What people thought of alerts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "feedback",
        sa.Column(
            "id",
            sa.BigInteger(),
            sa.Identity(always=True),
            nullable=False,
            comment="Order in which it was given; of several on one development the last counts",
        ),
        sa.Column("development_id", sa.Text(), nullable=False, comment="What the alert told"),
        sa.Column("verdict", sa.Text(), nullable=False, comment="useful, not_new or off_topic"),
        sa.Column("given_by", sa.Text(), nullable=False, comment="Who says so"),
        sa.Column("note", sa.Text(), nullable=False, comment="Why, in his or her words; may be empty"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, comment="When it was given"),
        sa.CheckConstraint("verdict IN ('useful', 'not_new', 'off_topic')", name=op.f("ck_feedback_verdict")),
        sa.ForeignKeyConstraint(["development_id"], ["developments.id"], name=op.f("fk_feedback_development_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
        comment="What people thought of alerts; nothing is overwritten, the last verdict on a development counts",
    )
    op.create_index(op.f("ix_feedback_development_id_id"), "feedback", ["development_id", "id"])


def downgrade() -> None:
    op.drop_table("feedback")
