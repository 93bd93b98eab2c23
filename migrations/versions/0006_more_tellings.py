"""Stories keep how their first few reports told them, not the very first alone; how long a visit lasts is a fact."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLE = "How the stories of open topics were {}, to compare later items with"
TELLING = "The words of {} report as the matcher compares them, one line of JSON"
LENGTH = "; with days behind it, how long it lasts"
NUMBERS = {"developments": "Numbers that belong to it, as they stand now", "claims": "Numbers that the claim gives"}
FACT = "What is otherwise: day, place, level{} figure{}; empty where it is the whole development"


def upgrade() -> None:
    op.add_column(
        "tellings",
        sa.Column(
            "number",
            sa.SmallInteger(),
            nullable=False,
            server_default="1",
            comment="1 is its first report; later ones are kept up to a few, unless they say the same",
        ),
    )
    op.alter_column("tellings", "number", server_default=None)
    op.drop_constraint(op.f("pk_tellings"), "tellings")
    op.create_primary_key(op.f("pk_tellings"), "tellings", ["development_id", "number"])
    op.alter_column("tellings", "telling", comment=TELLING.format("the"))
    op.create_table_comment("tellings", TABLE.format("told by their first reports"))
    for table, comment in NUMBERS.items():
        op.alter_column(table, "figures", comment=comment + LENGTH)
    op.alter_column("changes", "fact", comment=FACT.format(",", " or length"))


def downgrade() -> None:
    op.execute("DELETE FROM tellings WHERE number > 1")
    op.drop_constraint(op.f("pk_tellings"), "tellings")
    op.drop_column("tellings", "number")
    op.create_primary_key(op.f("pk_tellings"), "tellings", ["development_id"])
    op.alter_column("tellings", "telling", comment=TELLING.format("its first"))
    op.create_table_comment("tellings", TABLE.format("first told"))
    for table, comment in NUMBERS.items():
        op.alter_column(table, "figures", comment=comment)
    op.alter_column("changes", "fact", comment=FACT.format(" or", ""))
