"""The newest articles of the archive, as they were read: to try something out on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from monitor.storage.tables import article_versions, articles
from monitor.types import Article, ItemKind, Tier


def recent(conn: Connection, since: datetime, limit: int) -> Iterator[Article]:
    """The current versions of articles seen since then, the newest first, at most `limit`."""
    said = article_versions.c
    rows = conn.execute(
        sa.select(
            article_versions,
            articles.c.source_id,
            articles.c.source_name,
            articles.c.tier,
            articles.c.kind,
            articles.c.key,
        )
        .join(articles, sa.and_(articles.c.id == said.article_id, articles.c.version == said.version))
        .where(said.seen >= since)
        .order_by(said.seen.desc(), said.article_id)
        .limit(limit)
    )
    return (_article(row) for row in rows)


def _article(row: sa.Row[tuple[object, ...]]) -> Article:
    return Article(
        source_id=row.source_id,
        source_name=row.source_name,
        tier=Tier(row.tier),
        kind=ItemKind(row.kind),
        key=row.key,
        content_hash=row.content_hash,
        url=row.url,
        title=row.title,
        text=row.text,
        language=row.language,
        published=row.published,
        seen=row.seen,
        dateline_date=row.dateline_date,
        time_zone=row.time_zone,
        author=row.author,
        backfill=row.backfill,
        flags=tuple(row.flags),
    )
