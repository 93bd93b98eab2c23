"""The outbox: what is to be said, written in the transaction of the decision and sent by the dispatcher.

An alert goes  pending -> sending (a lease, committed) -> sent (with its receipt).  Beside that way there are `held`
(its channel takes none), `failed` (Slack never will take it) and `unknown` (perhaps sent; the history can't be had).
A row that is `sending` without a living lease is in doubt: it must be looked for before it is said again.

This module is the pipeline's side and the operator's; `outbox_work` hands work out, `outbox_record` notes how it went.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert

from monitor.storage.alert_payload import encode
from monitor.storage.tables import alert_replies, alerts, developments
from monitor.types import Alert

BACKFILL = "backfill:"  # how the key of a source's summary begins
OPS = "ops:"  # how the key of a notice to those who run this begins; all other keys are developments' ids


@dataclass(frozen=True, slots=True, kw_only=True)
class LaterReport:
    """One version of an article that reports a development."""

    development_id: str
    article_id: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxCounts:
    """How much waits, by state, replies included."""

    pending: int = 0
    sending: int = 0
    held: int = 0
    unknown: int = 0
    failed: int = 0
    edits: int = 0
    oldest: datetime | None = None  # when the oldest alert that waits was raised

    @property
    def waiting(self) -> int:
        """Everything that is still to be said."""
        return self.pending + self.sending + self.held + self.unknown + self.edits


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """An alert that an operator should know of."""

    key: str
    channel: str
    state: str
    error: str
    raised: datetime


def enqueue(conn: Connection, raised: Sequence[Alert], now: datetime) -> list[str]:
    """Put alerts into the outbox, in this order; returns the keys that were not in it already."""
    if not raised:
        return []
    rows = [
        {
            "key": alert.key,
            "topic": "" if alert.key.startswith((BACKFILL, OPS)) else alert.topic,
            "development_id": None if alert.key.startswith((BACKFILL, OPS)) else alert.key,
            "channel": alert.channel,
            "payload": encode(alert),
            "state": "pending",
            "not_before": now,
            "last_error": "",
            "created_at": now,
        }
        for alert in raised
    ]
    added = (
        insert(alerts)
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(alerts.c.key, sort_by_parameter_order=False)
    )
    new = set(conn.scalars(added, rows))
    return [alert.key for alert in raised if alert.key in new]


def note_reports(conn: Connection, reports: Sequence[LaterReport], now: datetime) -> int:
    """Later reports of alerted developments: they go into the thread, and the count on the message is due for an edit.

    To be called in the transaction that stores the reports.  What is noted already, what was never alerted and the
    article that made the development are passed over, so that a redelivery changes nothing.  Returns how many are new.
    """
    noted = 0
    for report in sorted(set(reports), key=lambda r: (r.development_id, r.article_id, r.version)):
        told = (
            sa.select(
                alerts.c.id,
                sa.literal(report.article_id),
                sa.literal(report.version),
                sa.literal("pending"),
                sa.literal(now, alerts.c.created_at.type),
                sa.literal(""),
                sa.literal(now, alerts.c.created_at.type),
            )
            .join(developments, developments.c.id == alerts.c.development_id)
            .where(alerts.c.development_id == report.development_id, developments.c.article_id != report.article_id)
        )
        columns = ["alert_id", "article_id", "version", "state", "not_before", "last_error", "created_at"]
        added = (
            insert(alert_replies)
            .from_select(columns, told)
            .on_conflict_do_nothing(
                index_elements=["alert_id", "article_id"], index_where=alert_replies.c.change_id.is_(None)
            )
            .returning(alert_replies.c.alert_id)
        )
        alert_id = conn.scalar(added)
        if alert_id is not None:
            noted += 1
            conn.execute(
                sa.update(alerts)
                .where(alerts.c.id == alert_id)
                .values(edit_due_at=sa.func.coalesce(alerts.c.edit_due_at, now))
            )
    return noted


def counts(conn: Connection) -> OutboxCounts:
    """How much waits."""
    states: dict[str, int] = {}
    for table in (alerts, alert_replies):
        waiting = sa.select(table.c.state, sa.func.count()).where(table.c.state != "sent").group_by(table.c.state)
        for state, number in conn.execute(waiting):
            states[state] = states.get(state, 0) + number
    edits, oldest = conn.execute(
        sa.select(
            sa.select(sa.func.count())
            .where(alerts.c.edit_due_at.is_not(None), alerts.c.state == "sent")
            .scalar_subquery(),
            sa.select(sa.func.min(alerts.c.created_at))
            .where(alerts.c.state.in_(("pending", "sending", "held", "unknown")))
            .scalar_subquery(),
        )
    ).one()
    return OutboxCounts(**states, edits=edits, oldest=oldest)


def troubles(conn: Connection, *, limit: int = 100) -> list[Trouble]:
    """Alerts that are held, unknown or failed, the newest first, with the reason of each."""
    rows = conn.execute(
        sa.select(alerts.c.key, alerts.c.channel, alerts.c.state, alerts.c.last_error, alerts.c.created_at)
        .where(alerts.c.state.in_(("held", "unknown", "failed")))
        .order_by(alerts.c.id.desc())
        .limit(limit)
    )
    return [Trouble(key=r.key, channel=r.channel, state=r.state, error=r.last_error, raised=r.created_at) for r in rows]
