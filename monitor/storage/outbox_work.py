"""The outbox hands out work: one message at a time and channel, to one dispatcher of several.

`lease_until` does two things.  With an owner it is a lease: when it ends, the message is in doubt.  Without one it is
a rest: nothing is said in the channel before.  So order, pace and waits that Slack asks for hold for all dispatchers.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection
from sqlalchemy.dialects.postgresql import distinct_on

from monitor.storage.outbox_queries import HORIZON, current_counts, reached, since
from monitor.storage.outbox_threads import edit, reply, thread_doubts
from monitor.storage.outbox_types import Doubt, Kind, Lease, Look, Post, Work
from monitor.storage.tables import alert_replies, alerts

OPEN = ("pending", "sending", "held", "unknown")  # the states in which something is still to be done
LOCK = 0x77617463686F7574  # "watchout"; the key of the advisory lock under which work is handed out


def lease(conn: Connection, *, owner: str, now: datetime, until: datetime, edit_every: timedelta) -> Work | None:
    """The next thing to do, leased to `owner` until `until`; None when there is nothing, or another is choosing.

    An alert goes before replies and edits, a doubt before what comes after it in its channel.
    """
    # A dispatcher that freezes in here must not keep the others from choosing.
    choosing = sa.select(
        sa.func.set_config("idle_in_transaction_session_timeout", "5s", True),
        sa.func.pg_try_advisory_xact_lock(LOCK).label("mine"),
        sa.exists().where(alerts.c.state.in_(OPEN)).label("alerts"),
        sa.exists().where(alert_replies.c.state.in_(OPEN)).label("replies"),
        sa.exists().where(alerts.c.edit_due_at.is_not(None), alerts.c.state == "sent").label("edits"),
    )
    hint = conn.execute(choosing).one()
    if not hint.mine or not (hint.alerts or hint.replies or hint.edits):
        return None
    quiet = _quiet(conn, now)
    return (
        _alert(conn, owner, now, until, quiet)
        or thread_doubts(conn, owner, now, until, quiet)
        or reply(conn, owner, now, until, quiet, edit_every)
        or edit(conn, owner, now, until, quiet, edit_every)
    )


def retried_channels(conn: Connection, *, since: datetime) -> list[str]:
    """Channels where a message that was sent since then took more than one attempt, and so may stand twice."""
    return list(
        conn.scalars(
            sa.select(alerts.c.channel)
            .where(alerts.c.attempts > 1, alerts.c.sent_at >= since)
            .distinct()
            .order_by(alerts.c.channel)
        )
    )


def _quiet(conn: Connection, now: datetime) -> frozenset[str]:
    """Channels in which something is being said, or that rest."""
    posts = sa.select(alerts.c.channel).where(_running(alerts, now))
    replies = sa.select(alerts.c.channel).join(alert_replies).where(_running(alert_replies, now))
    return frozenset(conn.scalars(posts.union(replies)))


def _running(table: sa.Table, now: datetime) -> ColumnElement[bool]:
    rest_ends = table.c.lease_until
    return sa.and_(rest_ends > now, sa.or_(table.c.lease_owner.is_not(None), rest_ends <= now + HORIZON))


def _alert(conn: Connection, owner: str, now: datetime, until: datetime, quiet: Collection[str]) -> Work | None:
    """The oldest alert that is first in its channel's line and due, or the doubt that stands there.

    What was tried and waits to be tried again keeps its place in the line.  What was raised to be said later, as a
    source's summary is, joins the line when its time has come; what was raised to be said at once is due even if the
    clock of whoever raised it is ahead of ours.
    """
    untried = sa.and_(alerts.c.state == "pending", alerts.c.attempts == 0)
    due = sa.or_(reached(alerts.c.not_before, now), sa.and_(untried, alerts.c.not_before <= alerts.c.created_at))
    heads = conn.execute(
        sa.select(alerts.c.id, alerts.c.channel, alerts.c.state, due.label("due"))
        .ext(distinct_on(alerts.c.channel))
        .where(
            alerts.c.state.in_(("pending", "sending", "held")),
            alerts.c.channel.not_in(quiet),
            sa.or_(sa.not_(untried), due),
        )
        .order_by(alerts.c.channel, alerts.c.id)
    ).all()
    ready = sorted((head for head in heads if head.due or head.state == "sending"), key=lambda head: head.id)
    if ready and ready[0].state == "sending":
        return _look(conn, owner, now, until, ready[0].channel)
    if ready:
        return _post(conn, owner, now, until, ready[0].id)
    unknown = conn.scalar(
        sa.select(alerts.c.channel)
        .where(alerts.c.state == "unknown", reached(alerts.c.not_before, now), alerts.c.channel.not_in(quiet))
        .order_by(alerts.c.id)
        .limit(1)
    )
    return None if unknown is None else _look(conn, owner, now, until, unknown)


def _post(conn: Connection, owner: str, now: datetime, until: datetime, alert_id: int) -> Post:
    development = conn.scalar(sa.select(alerts.c.development_id).where(alerts.c.id == alert_id))
    told, independent = current_counts(conn, development)
    row = conn.execute(
        sa.update(alerts)
        .where(alerts.c.id == alert_id)
        .values(
            state="sending",
            attempts=alerts.c.attempts + 1,
            attempted_at=sa.func.coalesce(alerts.c.attempted_at, now),
            lease_owner=owner,
            lease_until=until,
            said_reports=told,
            said_independent=independent,
            said_revision=alerts.c.revision,
            # A summary's edit says what its payload says: this post says it.
            edit_due_at=alerts.c.edit_due_at if development else None,
        )
        .returning(alerts)
    ).one()
    return Post(
        lease=Lease(kind=Kind.POST, owner=owner, ids=(row.id,)),
        key=row.key,
        channel=row.channel,
        development_id=row.development_id,
        payload=row.payload,
        reports=told,
        independent=independent,
        attempts=row.attempts,
    )


def _look(conn: Connection, owner: str, now: datetime, until: datetime, channel: str) -> Look:
    rows = conn.execute(
        sa.update(alerts)
        .where(alerts.c.channel == channel, alerts.c.state.in_(("sending", "unknown")))
        .values(lease_owner=owner, lease_until=until)
        .returning(alerts.c.id, alerts.c.key, alerts.c.attempted_at)
    ).all()
    doubts = [
        Doubt(lease=Lease(kind=Kind.POST, owner=owner, ids=(row.id,)), key=row.key)
        for row in sorted(rows, key=lambda row: row.id)
    ]
    return Look(
        channel=channel, thread=None, since=since((row.attempted_at for row in rows), now), doubts=tuple(doubts)
    )
