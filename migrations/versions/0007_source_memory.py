"""How a source is reached and how it usually does are remembered from poll to poll."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

COLUMNS = {
    "reach": "How it is reached: where it moved to, whether its 304 is true",
    "pulse": "How it usually does and how it does now: rhythm and health",
}


def upgrade() -> None:
    for name, comment in COLUMNS.items():
        op.add_column("source_state", sa.Column(name, JSONB(), nullable=False, server_default="{}", comment=comment))
        op.alter_column("source_state", name, server_default=None)


def downgrade() -> None:
    for name in COLUMNS:
        op.drop_column("source_state", name)
