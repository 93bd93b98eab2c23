"""How the stories of open topics were first told, to compare later items with."""

from __future__ import annotations

import sqlalchemy as sa

from monitor.storage.tables.base import metadata, text
from monitor.storage.tables.decisions import developments

tellings = sa.Table(
    "tellings",
    metadata,
    sa.Column("development_id", sa.ForeignKey(developments.c.id), primary_key=True, comment="The story's development"),
    text("telling", "The words of its first report as the matcher compares them, one line of JSON"),
    comment="How the stories of open topics were first told, to compare later items with",
)
