"""Questions that handing out work and noting its result both ask."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection

from monitor.storage.tables import reports

# No wait of ours is longer: a moment beyond it was written by a clock that has been set back since.
HORIZON = timedelta(minutes=15)


def current_counts(conn: Connection, development_id: str | None) -> tuple[int, int]:
    """How many articles report it, and how many of them at first hand; at least the one that it was read from."""
    if development_id is None:
        return 1, 1
    told, independent = conn.execute(
        sa.select(sa.func.count(), sa.func.count().filter(reports.c.independent)).where(
            reports.c.development_id == development_id
        )
    ).one()
    return max(told, 1), max(independent, 1)


def reached(moment: ColumnElement[datetime], now: datetime) -> ColumnElement[bool]:
    """The moment has come, or was written by a clock that has been set back."""
    return sa.or_(moment <= now, moment > now + HORIZON)


def since(attempts: Iterable[datetime | None], now: datetime) -> datetime:
    """From when on messages that were attempted then may stand in a channel."""
    return min((at for at in attempts if at is not None), default=now)
