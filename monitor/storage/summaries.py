"""Who said it, and the one message that a new source raises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert

from monitor.storage.alert_payload import encode
from monitor.storage.outbox import BACKFILL
from monitor.storage.tables import alerts, article_topics, article_versions, articles
from monitor.types import Alert, Standing, Tier

SETTLE = timedelta(seconds=60)  # a first reading may come in several batches: the summary waits for the last


def source_names(conn: Connection, article_ids: Sequence[str]) -> dict[str, str]:
    """The outlet of each article."""
    if not article_ids:
        return {}
    rows = conn.execute(sa.select(articles.c.id, articles.c.source_name).where(articles.c.id.in_(list(article_ids))))
    return {row.id: row.source_name for row in rows}


def summarise_backfill(conn: Connection, source_id: str, source_name: str, channel: str, now: datetime) -> None:
    """Put one summary of a new source's first reading into the outbox, or renew the one that is there.

    It waits until no batch of the reading has been stored for a while: by the database's clock, since `now`, when the
    items were seen, may be long past where the processor is behind. Once it was said, or perhaps said, an edit of it
    waits in the same way, so that the message ends with the final numbers.
    """
    key = f"{BACKFILL}{source_id}"
    # Batches of one source that are stored at once are counted one after the other; the later one has both.
    conn.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(key, 0))))
    found = _backfilled(conn, source_id)
    row = {
        "key": key,
        "topic": "",
        "development_id": None,
        "channel": channel,
        "payload": encode(_summary(key, source_name, channel, now, found)),
        "state": "pending",
        "not_before": now,
        "last_error": "",
        "created_at": now,
    }
    settled = sa.func.greatest(sa.literal(now, alerts.c.not_before.type), sa.func.clock_timestamp()) + SETTLE
    statement = insert(alerts).values(row | {"not_before": settled})
    untried = sa.and_(alerts.c.state == "pending", alerts.c.attempts == 0)
    may_stand = alerts.c.state.in_(("sending", "unknown", "sent"))
    conn.execute(
        statement.on_conflict_do_update(
            index_elements=["key"],
            set_={
                "payload": statement.excluded.payload,
                "not_before": sa.case((untried, statement.excluded.not_before), else_=alerts.c.not_before),
                "edit_due_at": sa.case((may_stand, statement.excluded.not_before), else_=alerts.c.edit_due_at),
            },
        )
    )


@dataclass(frozen=True, slots=True)
class _Backfilled:
    """How many articles a source's first reading brought, and how many of them are on watched topics."""

    total: int
    telling: int


def _backfilled(conn: Connection, source_id: str) -> _Backfilled:
    first = (
        sa.select(articles.c.id)
        .join(article_versions, article_versions.c.article_id == articles.c.id)
        .where(articles.c.source_id == source_id, article_versions.c.version == 1, article_versions.c.backfill)
    )
    telling = sa.select(article_topics.c.article_id).where(article_topics.c.article_id.in_(first)).distinct()
    counts = (sa.select(sa.func.count()).select_from(query.subquery()).scalar_subquery() for query in (first, telling))
    total, told = conn.execute(sa.select(*counts)).one()
    return _Backfilled(total, told)


def _summary(key: str, source_name: str, channel: str, now: datetime, found: _Backfilled) -> Alert:
    return Alert(
        key=key,
        channel=channel,
        topic="",
        topic_name="New source",
        headline=f"{source_name} is watched from now on",
        stage="",
        stage_label="",
        changed="",
        subject_name=source_name,
        object_name="",
        event_date=None,
        published=None,
        time_zone=None,
        first_seen=now,
        speaker="",
        standing=Standing.NARRATOR,
        quote=f"Its first poll brought {found.total} items into the archive, {found.telling} of them on "
        "watched topics. None of them raised an alert.",
        quote_language="en",
        url=None,
        source_name=source_name,
        tier=Tier.OUTLET,
    )
