"""Who said it, and the one message that a new source raises."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert

from monitor.storage.alert_payload import encode
from monitor.storage.outbox import BACKFILL
from monitor.storage.tables import alerts, article_topics, articles
from monitor.types import Alert, Standing, Tier

SETTLE = timedelta(seconds=60)  # a first poll may come in several batches: the summary waits for the last


def source_names(conn: Connection, article_ids: Sequence[str]) -> dict[str, str]:
    """The outlet of each article."""
    if not article_ids:
        return {}
    rows = conn.execute(sa.select(articles.c.id, articles.c.source_name).where(articles.c.id.in_(list(article_ids))))
    return {row.id: row.source_name for row in rows}


def summarise_backfill(conn: Connection, source_id: str, source_name: str, channel: str, now: datetime) -> None:
    """Put one summary of a new source's first poll into the outbox; until it is said, later batches renew it."""
    total = conn.scalar(sa.select(sa.func.count()).select_from(articles).where(articles.c.source_id == source_id)) or 0
    telling = (
        conn.scalar(
            sa.select(sa.func.count(sa.distinct(article_topics.c.article_id)))
            .join(articles, articles.c.id == article_topics.c.article_id)
            .where(articles.c.source_id == source_id)
        )
        or 0
    )
    alert = Alert(
        key=f"{BACKFILL}{source_id}",
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
        quote=f"Its first poll brought {total} items into the archive, {telling} of them on watched topics. "
        "None of them raised an alert.",
        quote_language="en",
        url=None,
        source_name=source_name,
        tier=Tier.OUTLET,
    )
    row = {
        "key": alert.key,
        "topic": "",
        "development_id": None,
        "channel": channel,
        "payload": encode(alert),
        "state": "pending",
        "not_before": now + SETTLE,
        "last_error": "",
        "created_at": now,
    }
    statement = insert(alerts)
    conn.execute(
        statement.on_conflict_do_update(
            index_elements=["key"],
            set_={"payload": statement.excluded.payload, "not_before": statement.excluded.not_before},
            where=sa.and_(alerts.c.state == "pending", alerts.c.attempts == 0),
        ),
        [row],
    )
