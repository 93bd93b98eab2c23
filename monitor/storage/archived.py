"""The archive's items again, in the order in which they were seen: page by page, so that memory stays bounded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from monitor.storage.engine import transaction
from monitor.storage.items import Status, Stored
from monitor.storage.tables import article_versions, articles, raw_items
from monitor.types import ItemKind, RawItem, Tier

PAGE = 256  # items a transaction: none lasts long, however large the archive is


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived:
    """An item as it came, and what it was when it came: a new article, or a new version of one."""

    item: RawItem
    stored: Stored


def count(conn: Connection, since: datetime, until: datetime) -> int:
    """How many items were seen in that time."""
    asked = sa.select(sa.func.count()).where(raw_items.c.seen >= since, raw_items.c.seen < until)
    return conn.execute(asked).scalar_one()


def pages(engine: Engine, since: datetime, until: datetime, size: int = PAGE) -> Iterator[list[Archived]]:
    """The items seen in that time in the order of `seen`; each page is read in a transaction of its own.

    Source, tier and kind are those of the article's current version: the archive keeps no others.
    """
    after: tuple[datetime, str, int] | None = None
    while True:
        with transaction(engine) as conn:
            rows = conn.execute(_asked(since, until, after).limit(size)).all()
        if rows:
            yield [_archived(row) for row in rows]
        if len(rows) < size:
            return
        after = (rows[-1].seen, rows[-1].article_id, rows[-1].version)


def _asked(since: datetime, until: datetime, after: tuple[datetime, str, int] | None) -> sa.Select[tuple[object, ...]]:
    raw, version = raw_items.c, article_versions.c
    this = sa.and_(version.article_id == raw.article_id, version.content_hash == raw.content_hash)
    asked = (
        sa.select(raw_items, version.version, articles.c.source_name, articles.c.tier, articles.c.kind)
        .join(articles, articles.c.id == raw.article_id)
        .join(article_versions, this)
        .where(raw.seen >= since, raw.seen < until)
        .order_by(raw.seen, raw.article_id, version.version)
    )
    if after is not None:
        asked = asked.where(sa.tuple_(raw.seen, raw.article_id, version.version) > sa.tuple_(*_literals(after)))
    return asked


def _literals(after: tuple[datetime, str, int]) -> list[sa.BindParameter[object]]:
    columns = (raw_items.c.seen, raw_items.c.article_id, article_versions.c.version)
    return [sa.literal(value, column.type) for value, column in zip(after, columns, strict=True)]


def _archived(row: sa.Row[tuple[object, ...]]) -> Archived:
    item = RawItem(
        source_id=row.source_id,
        source_name=row.source_name,
        tier=Tier(row.tier),
        kind=ItemKind(row.kind),
        key=row.key,
        url=row.url,
        title=row.title,
        text=row.text,
        summary=row.summary,
        author=row.author,
        language=row.language,
        published_raw=row.published_raw,
        published=row.published,
        updated_raw=row.updated_raw,
        updated=row.updated,
        time_zone=row.time_zone,
        seen=row.seen,
        backfill=row.backfill,
        flags=tuple(row.flags),
    )
    status: Status = "new" if row.version == 1 else "new_version"
    return Archived(item=item, stored=Stored(article_id=row.article_id, version=row.version, status=status))
