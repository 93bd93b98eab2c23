"""What is to be said and what was said: the outbox of alerts and thread replies; and messages that were given up."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import BYTEA, JSONB

from monitor.storage.tables.articles import article_versions
from monitor.storage.tables.base import identity, instant, metadata, number, one_of, text
from monitor.storage.tables.decisions import changes, developments

STATES = ("pending", "sending", "sent", "failed", "unknown", "held")

alerts = sa.Table(
    "alerts",
    metadata,
    identity("Order in which alerts were raised; a channel hears them in this order"),
    text("key", "The development's id, or backfill:<source> for a summary; said once"),
    text("topic", "Id of the watch topic; empty for a summary"),
    sa.Column("development_id", sa.ForeignKey(developments.c.id), comment="What it tells; null for a summary"),
    text("channel", "Where it is to be said, as configured"),
    sa.Column("payload", JSONB, nullable=False, comment="Everything that the message says"),
    text("state", "pending, sending (leased), sent, failed, unknown (perhaps sent), held (the channel takes none)"),
    number("attempts", "How often it was tried"),
    instant("not_before", "Not to be tried before"),
    text("lease_owner", "The dispatcher that is sending it", nullable=True),
    instant("lease_until", "Nothing else is said in the channel before; for a lease, its end", nullable=True),
    instant("attempted_at", "When it was first handed to the channel; looking for it starts here", nullable=True),
    text("last_error", "What went wrong the last time; empty when nothing"),
    text("receipt_channel", "The channel's own id, once sent", nullable=True),
    text("receipt_ts", "The message's name within the channel, once sent", nullable=True),
    instant("created_at", "When it was raised"),
    instant("sent_at", "When its receipt came", nullable=True),
    number("said_reports", "Number of reports that the message shows now"),
    number("said_independent", "Number of independent sources that the message shows now"),
    number("revision", "How often the payload was renewed since it was raised"),
    number("said_revision", "Which of these the message shows now"),
    instant("edited_at", "When the message was last edited", nullable=True),
    instant("edit_due_at", "When it is next to be edited; null: nothing to change", nullable=True),
    sa.UniqueConstraint("key"),
    sa.Index(
        "ix_alerts_due", "channel", "id", postgresql_where=sa.text("state IN ('pending', 'sending', 'unknown', 'held')")
    ),
    sa.Index("ix_alerts_quiet", "channel", "lease_until", postgresql_where=sa.text("lease_until IS NOT NULL")),
    sa.Index("ix_alerts_edit_due", "edit_due_at", postgresql_where=sa.text("edit_due_at IS NOT NULL")),
    sa.Index(None, "development_id"),
    sa.Index(None, "topic", "created_at"),
    one_of("state", STATES),
    comment="The outbox: one row a message, written in the transaction of the decision, sent by the dispatcher",
)

alert_replies = sa.Table(
    "alert_replies",
    metadata,
    identity("Order in which later reports and changes came"),
    sa.Column("alert_id", sa.ForeignKey(alerts.c.id), nullable=False, comment="The alert whose thread it belongs to"),
    sa.Column("article_id", sa.Text, nullable=False, comment="The later report, or the article that changes something"),
    sa.Column("version", sa.Integer, nullable=False, comment="The version of the article that reports it"),
    sa.Column("change_id", sa.ForeignKey(changes.c.id), comment="The change that it tells; null for a later report"),
    sa.Column("payload", JSONB, comment="Everything that is said of the change; null for a later report"),
    text("state", "As in alerts"),
    text("batch", "Key of the one message that says these reports together; null until it is made", nullable=True),
    number("attempts", "How often it was tried"),
    instant("not_before", "Not to be tried before"),
    text("lease_owner", "The dispatcher that is sending it", nullable=True),
    instant("lease_until", "Nothing else is said in the channel before; for a lease, its end", nullable=True),
    instant("attempted_at", "When it was first handed to the channel; looking for it starts here", nullable=True),
    text("last_error", "What went wrong the last time; empty when nothing"),
    text("receipt_ts", "The reply's name within the channel, once sent; several may share one", nullable=True),
    instant("created_at", "When the report was decided on"),
    instant("sent_at", "When its receipt came", nullable=True),
    sa.ForeignKeyConstraint(["article_id", "version"], [article_versions.c.article_id, article_versions.c.version]),
    sa.UniqueConstraint("change_id"),
    sa.Index(
        "uq_alert_replies_report",
        "alert_id",
        "article_id",
        unique=True,
        postgresql_where=sa.text("change_id IS NULL"),
    ),
    sa.Index(
        "ix_alert_replies_due",
        "alert_id",
        "id",
        postgresql_where=sa.text("state IN ('pending', 'sending', 'unknown', 'held')"),
    ),
    sa.Index("ix_alert_replies_quiet", "lease_until", postgresql_where=sa.text("lease_until IS NOT NULL")),
    one_of("state", STATES),
    comment="Later reports of an alerted development, and what became of it, that go, or went, into its thread",
)

dead_letters = sa.Table(
    "dead_letters",
    metadata,
    identity("Number of the dead letter"),
    text("topic", "Topic of the message that was given up"),
    sa.Column("partition", sa.Integer, nullable=False, comment="Its partition"),
    sa.Column("message_offset", sa.BigInteger, nullable=False, comment="Its offset within the partition"),
    sa.Column("key", BYTEA, comment="Its key, byte for byte"),
    sa.Column("value", BYTEA, comment="Its value, byte for byte; null for a tombstone"),
    text("error", "Class of the error"),
    text("reason", "What was wrong, in words"),
    text("trace", "Where in the program it went wrong"),
    number("attempts", "How often it was tried"),
    text("program_version", "Version of the program that gave it up"),
    instant("failed_at", "When it was given up"),
    number("replays", "How often it was published again"),
    instant("replayed_at", "When it was last published again", nullable=True),
    sa.UniqueConstraint("topic", "partition", "message_offset"),
    sa.Index(None, "failed_at"),
    comment="Messages that could not be decoded or processed, with their story",
)
