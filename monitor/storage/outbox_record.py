"""The outbox notes how it went. Only the lease's owner may, but for a receipt: a message that stands is sent."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection

from monitor.storage.outbox_queries import current_counts
from monitor.storage.outbox_types import Edit, Kind, Lease, Place
from monitor.storage.tables import alert_replies, alerts


def sent(conn: Connection, lease: Lease, at: Place, *, now: datetime, rest_until: datetime) -> bool:
    """The message stands at `at`; its channel rests until then. False when another receipt was recorded before."""
    if lease.kind is Kind.REPLY:
        return _replied(conn, lease, at, now, rest_until)
    (alert_id,) = lease.ids
    # The lock is a statement of its own, so that the counts below are read after whoever held it has committed.
    row = conn.execute(sa.select(alerts).where(alerts.c.id == alert_id).with_for_update()).one()
    if row.state == "sent" and (row.receipt_channel, row.receipt_ts) != (at.channel, at.ts):
        return False
    conn.execute(
        sa.update(alerts)
        .where(alerts.c.id == alert_id)
        .values(
            state="sent",
            receipt_channel=at.channel,
            receipt_ts=at.ts,
            sent_at=sa.func.coalesce(alerts.c.sent_at, now),
            lease_owner=None,
            lease_until=rest_until,
            last_error="",
            # A summary that was renewed since it was handed out is due for its edit already.
            edit_due_at=alerts.c.edit_due_at
            if row.development_id is None
            else _edit_due(conn, row, (row.said_reports, row.said_independent, row.said_revision), now),
        )
    )
    # It takes messages again: those that were held back go on in their order.
    conn.execute(
        sa.update(alerts)
        .where(alerts.c.channel == row.channel, alerts.c.state == "held")
        .values(state="pending", not_before=now)
    )
    return True


def _replied(conn: Connection, lease: Lease, at: Place, now: datetime, rest_until: datetime) -> bool:
    updated = conn.execute(
        sa.update(alert_replies)
        .where(alert_replies.c.id.in_(lease.ids), alert_replies.c.state != "sent")
        .values(state="sent", receipt_ts=at.ts, sent_at=now, lease_owner=None, lease_until=rest_until, last_error="")
    )
    return updated.rowcount > 0


def kept(conn: Connection, key: str, at: Place) -> None:
    """Of several messages with this key the one at `at` was kept."""
    conn.execute(
        sa.update(alerts)
        .where(alerts.c.key == key, alerts.c.state == "sent")
        .values(receipt_channel=at.channel, receipt_ts=at.ts)
    )


def again(
    conn: Connection, lease: Lease, *, not_before: datetime, rest_until: datetime | None = None, error: str = ""
) -> None:
    """It surely does not stand: say it again from `not_before` on."""
    _note(
        conn, lease, state="pending", not_before=not_before, attempted_at=None, lease_until=rest_until, last_error=error
    )


def doubtful(conn: Connection, lease: Lease, *, look_at: datetime, error: str) -> None:
    """It may stand: the channel waits until it was looked for."""
    _note(conn, lease, lease_until=look_at, last_error=error)


def unknown(conn: Connection, lease: Lease, *, look_at: datetime, error: str) -> None:
    """It may stand and can't be looked for: others may pass it meanwhile."""
    _note(conn, lease, state="unknown", not_before=look_at, lease_until=None, last_error=error)


def failed(conn: Connection, lease: Lease, *, error: str) -> None:
    """It never will be taken."""
    _note(conn, lease, state="failed", lease_until=None, last_error=error)


def held(conn: Connection, lease: Lease, channel: str, *, not_before: datetime, error: str) -> int:
    """The channel takes nothing: all that waits for it is held until then; returns how many alerts."""
    if lease.kind is Kind.REPLY:
        again(conn, lease, not_before=not_before, error=error)
        return 0
    _note(conn, lease, state="held", attempted_at=None, not_before=not_before, lease_until=None, last_error=error)
    waiting = sa.and_(alerts.c.channel == channel, alerts.c.state.in_(("pending", "held")))
    return conn.execute(
        sa.update(alerts).where(waiting).values(state="held", not_before=not_before, last_error=error)
    ).rowcount


def edited(conn: Connection, edit: Edit, *, now: datetime, rest_until: datetime) -> None:
    """The message shows what it was edited to; what was reported, changed or renewed since is due for another edit."""
    (alert_id,) = edit.lease.ids
    row = conn.execute(sa.select(alerts).where(alerts.c.id == alert_id).with_for_update()).one()
    due: ColumnElement[datetime] | None
    if row.development_id is None:
        due = None if row.payload == edit.payload else alerts.c.edit_due_at
    else:
        due = _edit_due(conn, row, (edit.reports, edit.independent, edit.revision), now)
    _note(
        conn,
        edit.lease,
        said_reports=edit.reports,
        said_independent=edit.independent,
        said_revision=edit.revision,
        edited_at=now,
        edit_due_at=due,
        lease_until=rest_until,
        last_error="",
    )


def edit_again(
    conn: Connection, edit: Edit, *, due: datetime | None, rest_until: datetime | None = None, error: str
) -> None:
    """The edit was not made, or perhaps not: it may be made again from `due` on; None: never."""
    _note(conn, edit.lease, edit_due_at=due, lease_until=rest_until, last_error=error)


def _edit_due(
    conn: Connection, row: sa.Row[Any], said: tuple[int, int, int], now: datetime
) -> ColumnElement[datetime] | None:
    """When an alert is to be edited: its counts or its payload are others than what the message shows."""
    if (*current_counts(conn, row.development_id), row.revision) == said:
        return None
    return sa.func.coalesce(alerts.c.edit_due_at, now)


def _note(conn: Connection, lease: Lease, **values: object) -> None:
    """Write `values` and end the lease, where it is still this owner's."""
    table = alerts if lease.kind is Kind.POST else alert_replies
    conn.execute(
        sa.update(table)
        .where(table.c.id.in_(lease.ids), table.c.lease_owner == lease.owner)
        .values(lease_owner=None, **values)
    )
