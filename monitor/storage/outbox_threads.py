"""Later reports and changes: the replies that go into threads, and the edits of messages."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection

from monitor.storage.outbox_queries import current_counts, reached, since
from monitor.storage.outbox_types import Doubt, Edit, Kind, Lease, Look, Place, Reply, ReportRow
from monitor.storage.tables import alert_replies, alerts, article_versions, articles, reports

BATCH = 10  # reports in one reply


def thread_doubts(conn: Connection, owner: str, now: datetime, until: datetime, quiet: Collection[str]) -> Look | None:
    """All doubts in the thread where the oldest of them is."""
    in_doubt = sa.or_(
        alert_replies.c.state == "sending",
        sa.and_(alert_replies.c.state == "unknown", reached(alert_replies.c.not_before, now)),
    )
    alert = conn.execute(
        sa.select(alerts.c.id, alerts.c.channel, alerts.c.receipt_channel, alerts.c.receipt_ts)
        .join(alert_replies)
        .where(in_doubt, alerts.c.channel.not_in(quiet))
        .order_by(alert_replies.c.id)
        .limit(1)
    ).first()
    if alert is None:
        return None
    rows = conn.execute(
        sa.update(alert_replies)
        .where(alert_replies.c.alert_id == alert.id, alert_replies.c.state.in_(("sending", "unknown")))
        .values(lease_owner=owner, lease_until=until)
        .returning(alert_replies.c.id, alert_replies.c.batch, alert_replies.c.attempted_at)
    ).all()
    batches: dict[str, list[int]] = {}
    for row in sorted(rows, key=lambda row: row.id):
        batches.setdefault(row.batch, []).append(row.id)
    return Look(
        channel=alert.channel,
        thread=Place(channel=alert.receipt_channel, ts=alert.receipt_ts),
        since=since((row.attempted_at for row in rows), now),
        doubts=tuple(
            Doubt(lease=Lease(kind=Kind.REPLY, owner=owner, ids=tuple(ids)), key=batch)
            for batch, ids in batches.items()
        ),
    )


def reply(
    conn: Connection, owner: str, now: datetime, until: datetime, quiet: Collection[str], edit_every: timedelta
) -> Reply | None:
    """What waits for its thread: a change by itself and at once; reports up to ten as one, now and then.

    A batch that was made already is said as it was made.
    """
    due = sa.and_(alert_replies.c.state == "pending", reached(alert_replies.c.not_before, now))
    per_alert = (
        sa.select(
            alert_replies.c.alert_id,
            sa.func.count().label("waiting"),
            sa.func.count(alert_replies.c.change_id).label("changes"),
            sa.func.min(alert_replies.c.id).label("first"),
        )
        .where(due)
        .group_by(alert_replies.c.alert_id)
        .subquery()
    )
    said = alert_replies.alias("said")
    lately = sa.exists().where(said.c.alert_id == alerts.c.id, said.c.sent_at > now - edit_every, said.c.sent_at <= now)
    alert = conn.execute(
        sa.select(alerts.c.id, alerts.c.key, alerts.c.channel, alerts.c.receipt_channel, alerts.c.receipt_ts)
        .join(per_alert, per_alert.c.alert_id == alerts.c.id)
        .where(
            alerts.c.state == "sent",
            alerts.c.channel.not_in(quiet),
            sa.or_(per_alert.c.changes > 0, per_alert.c.waiting >= BATCH, sa.not_(lately)),
        )
        .order_by(per_alert.c.changes == 0, per_alert.c.first)
        .limit(1)
    ).first()
    if alert is None:
        return None
    ids, key = _batch(conn, alert.id, alert.key, due)
    rows = conn.execute(
        sa.update(alert_replies)
        .where(alert_replies.c.id.in_(ids))
        .values(
            state="sending",
            batch=key,
            attempts=alert_replies.c.attempts + 1,
            attempted_at=sa.func.coalesce(alert_replies.c.attempted_at, now),
            lease_owner=owner,
            lease_until=until,
        )
        .returning(alert_replies.c.attempts, alert_replies.c.payload)
    ).all()
    return Reply(
        lease=Lease(kind=Kind.REPLY, owner=owner, ids=tuple(ids)),
        key=key,
        channel=alert.channel,
        at=Place(channel=alert.receipt_channel, ts=alert.receipt_ts),
        reports=() if rows[0].payload is not None else _report_rows(conn, ids),
        change=rows[0].payload,
        attempts=max(row.attempts for row in rows),
    )


def _batch(conn: Connection, alert_id: int, alert_key: str, due: ColumnElement[bool]) -> tuple[list[int], str]:
    """Which rows make the next reply, and its key. A batch keeps its rows for good: that is how it is found again."""
    waiting = conn.execute(
        sa.select(alert_replies.c.id, alert_replies.c.batch, alert_replies.c.change_id)
        .where(alert_replies.c.alert_id == alert_id, due)
        .order_by(alert_replies.c.id)
    ).all()
    change = next((row for row in waiting if row.change_id is not None), None)
    if change is not None:
        return [change.id], change.change_id
    first = waiting[0]
    if first.batch is not None:
        return [row.id for row in waiting if row.batch == first.batch], first.batch
    ids = [row.id for row in waiting if row.batch is None][:BATCH]
    return ids, f"{alert_key}#reports-{ids[0]}"


def _report_rows(conn: Connection, ids: Collection[int]) -> tuple[ReportRow, ...]:
    rows = conn.execute(
        sa.select(
            articles.c.source_name,
            article_versions.c.title,
            article_versions.c.url,
            sa.func.coalesce(reports.c.independent, False).label("independent"),
        )
        .select_from(alert_replies)
        .join(alerts, alerts.c.id == alert_replies.c.alert_id)
        .join(articles, articles.c.id == alert_replies.c.article_id)
        .join(
            article_versions,
            sa.and_(
                article_versions.c.article_id == alert_replies.c.article_id,
                article_versions.c.version == alert_replies.c.version,
            ),
        )
        .outerjoin(
            reports,
            sa.and_(
                reports.c.development_id == alerts.c.development_id, reports.c.article_id == alert_replies.c.article_id
            ),
        )
        .where(alert_replies.c.id.in_(ids))
        .order_by(alert_replies.c.id)
    )
    return tuple(
        ReportRow(source_name=r.source_name, title=r.title, url=r.url, independent=r.independent) for r in rows
    )


def edit(
    conn: Connection, owner: str, now: datetime, until: datetime, quiet: Collection[str], edit_every: timedelta
) -> Edit | None:
    """The message whose edit has been due for longest."""
    lately = sa.and_(alerts.c.edited_at.is_not(None), alerts.c.edited_at > now - edit_every, alerts.c.edited_at <= now)
    due = conn.execute(
        sa.select(alerts.c.id, alerts.c.development_id)
        .where(
            alerts.c.edit_due_at.is_not(None),
            reached(alerts.c.edit_due_at, now),
            alerts.c.state == "sent",
            alerts.c.channel.not_in(quiet),
            sa.not_(lately),
        )
        .order_by(alerts.c.edit_due_at, alerts.c.id)
        .limit(1)
    ).first()
    if due is None:
        return None
    told, independent = current_counts(conn, due.development_id)
    row = conn.execute(
        sa.update(alerts).where(alerts.c.id == due.id).values(lease_owner=owner, lease_until=until).returning(alerts)
    ).one()
    return Edit(
        lease=Lease(kind=Kind.POST, owner=owner, ids=(row.id,)),
        key=row.key,
        channel=row.channel,
        development_id=row.development_id,
        payload=row.payload,
        reports=told,
        independent=independent,
        revision=row.revision,
        at=Place(channel=row.receipt_channel, ts=row.receipt_ts),
    )
