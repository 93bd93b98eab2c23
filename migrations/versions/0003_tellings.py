"""How the stories of open topics were first told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tellings",
        sa.Column("development_id", sa.Text(), nullable=False, comment="The story's development"),
        sa.Column(
            "telling",
            sa.Text(),
            nullable=False,
            comment="The words of its first report as the matcher compares them, one line of JSON",
        ),
        sa.ForeignKeyConstraint(["development_id"], ["developments.id"], name=op.f("fk_tellings_development_id")),
        sa.PrimaryKeyConstraint("development_id", name=op.f("pk_tellings")),
        comment="How the stories of open topics were first told, to compare later items with",
    )


def downgrade() -> None:
    op.drop_table("tellings")
