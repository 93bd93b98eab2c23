"""What people thought of alerts."""

from __future__ import annotations

import sqlalchemy as sa

from monitor.storage.tables.base import identity, instant, metadata, one_of, text
from monitor.storage.tables.decisions import developments
from monitor.types import Verdict

feedback = sa.Table(
    "feedback",
    metadata,
    identity("Order in which it was given; of several on one development the last counts"),
    sa.Column("development_id", sa.ForeignKey(developments.c.id), nullable=False, comment="What the alert told"),
    text("verdict", "useful, not_new or off_topic"),
    text("given_by", "Who says so"),
    text("note", "Why, in his or her words; may be empty"),
    instant("at", "When it was given"),
    sa.Index(None, "development_id", "id"),
    one_of("verdict", Verdict),
    comment="What people thought of alerts; nothing is overwritten, the last verdict on a development counts",
)
