"""Which article reports which development, and who tells it first-hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert

from monitor.storage.tables import article_versions, reports
from monitor.types import PendingClaim

LONGEST_ORIGIN = 200  # characters: an index entry has its limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One version of an article that reports a development."""

    development_id: str
    article_id: str
    version: int
    origin: str  # the first teller
    at: datetime


def add_reports(conn: Connection, tellings: Sequence[Telling]) -> None:
    """Store reports that are not stored yet. The first report of a development with its origin is an independent one.

    The caller holds the locks of the topics, so nobody adds another report of these developments meanwhile.
    """
    known: dict[str, set[str]] = {}
    said = sa.select(reports.c.development_id, reports.c.article_id, reports.c.origin)
    concerned = sorted({each.development_id for each in tellings})
    if not concerned:
        return
    stored = set()
    for row in conn.execute(said.where(reports.c.development_id.in_(concerned))):
        known.setdefault(row.development_id, set()).add(_folded(row.origin))
        stored.add((row.development_id, row.article_id))
    rows = []
    for each in tellings:
        if (each.development_id, each.article_id) in stored:
            continue
        stored.add((each.development_id, each.article_id))
        origins = known.setdefault(each.development_id, set())
        rows.append(
            {
                "development_id": each.development_id,
                "article_id": each.article_id,
                "version": each.version,
                "origin": each.origin[:LONGEST_ORIGIN],
                "independent": _folded(each.origin) not in origins,
                "at": each.at,
            }
        )
        origins.add(_folded(each.origin))
    if rows:
        conn.execute(insert(reports), rows)


def waited_tellings(conn: Connection, waited: PendingClaim, development_id: str) -> list[Telling]:
    """A claim that waited and was borne out, as a report by the version of its article that made it."""
    made_by = conn.execute(
        sa.select(article_versions.c.version)
        .where(article_versions.c.article_id == waited.article, article_versions.c.seen == waited.seen)
        .order_by(article_versions.c.version)
    ).first()
    if made_by is None:
        return []
    return [
        Telling(
            development_id=development_id,
            article_id=waited.article,
            version=made_by.version,
            origin=waited.origin,
            at=waited.seen,
        )
    ]


def _folded(origin: str) -> str:
    return origin[:LONGEST_ORIGIN].lower()
