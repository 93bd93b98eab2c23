"""How the stories of open topics were told, to compare later items with."""

from __future__ import annotations

import sqlalchemy as sa

from monitor.storage.tables.base import metadata, text
from monitor.storage.tables.decisions import developments

tellings = sa.Table(
    "tellings",
    metadata,
    sa.Column("development_id", sa.ForeignKey(developments.c.id), primary_key=True, comment="The story's development"),
    sa.Column(
        "number",
        sa.SmallInteger,
        primary_key=True,
        autoincrement=False,
        comment="1 is its first report; later ones are kept up to a few, unless they say the same",
    ),
    text("telling", "The words of the report as the matcher compares them, one line of JSON"),
    comment="How the stories of open topics were told by their first reports, to compare later items with",
)
