"""What became of a development, and of the episode that it belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from monitor.developments.episodes import closing
from monitor.frames.frame import Frame
from monitor.storage import ledger_rows as rows
from monitor.storage.tables import articles, changes, developments, episodes
from monitor.types import Development, Episode


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeView:
    """One change of a development, with who said so."""

    id: str
    outcome: str
    fact: str
    was: str
    now: str
    stands: bool
    speaker: str
    quote: str
    source_name: str
    article_id: str
    seen: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeView:
    """An episode and its end."""

    id: str
    opened: datetime
    last: datetime
    event_date: date | None
    closes: datetime | None  # when it closed, or will unless more is reported; None: its topic is watched no more
    because: str


def changes_of(conn: Connection, development_id: str) -> tuple[ChangeView, ...]:
    """What became of it, in the order in which it became known."""
    found = conn.execute(
        sa.select(changes, articles.c.source_name)
        .join(articles, articles.c.id == changes.c.article_id)
        .where(changes.c.development_id == development_id)
        .order_by(changes.c.number)
    )
    return tuple(
        ChangeView(
            id=row.id,
            outcome=row.outcome,
            fact=row.fact,
            was=row.was,
            now=row.now,
            stands=row.stands,
            speaker=row.claim["speaker"],
            quote=row.claim["evidence"]["sentence"],
            source_name=row.source_name,
            article_id=row.article_id,
            seen=row.seen,
        )
        for row in found
    )


def episode_of(conn: Connection, development_id: str, frames: Mapping[str, Frame]) -> EpisodeView:
    """Its episode, and when that is over. `frames`: by topic, as far as they are watched by one."""
    episode, told = _episode(conn, development_id)
    over, why = episode.closed, episode.closed_because
    if over is None and episode.topic in frames:
        over, why = closing(episode, told, frames[episode.topic])
    return EpisodeView(
        id=episode.id,
        opened=episode.opened,
        last=episode.last,
        event_date=episode.event_date,
        closes=over,
        because=why,
    )


def _episode(conn: Connection, development_id: str) -> tuple[Episode, tuple[Development, ...]]:
    """The episode of a development, and what of it stands, in the order in which it became known."""
    own = sa.select(developments.c.episode_id).where(developments.c.id == development_id).scalar_subquery()
    episode = conn.execute(sa.select(episodes).where(episodes.c.id == own)).one()
    told = conn.execute(
        sa.select(developments)
        .where(developments.c.episode_id == episode.id, developments.c.withdrawn.is_(None))
        .order_by(developments.c.number)
    )
    return rows.episode(episode), tuple(rows.development(row) for row in told)
