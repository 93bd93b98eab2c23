"""The stories of open topics: read and written inside one transaction per batch, while their topics are locked."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert

from monitor.novelty import Stories
from monitor.storage import ledger
from monitor.storage import ledger_rows as rows
from monitor.storage.items import Stored
from monitor.storage.ledger import STOOD
from monitor.storage.tables import changes, claims, decisions, developments, episodes, tellings
from monitor.stories import Telling
from monitor.types import Ledger, WatchTopic


def load(conn: Connection, topics: Collection[WatchTopic], at: datetime, also: Collection[str] = ()) -> Stories:
    """The stories of these topics that go on at that time or later, and those of the developments `also`."""
    windows = {topic.id: topic.search.window for topic in topics if topic.search is not None}
    going_on = sa.and_(
        episodes.c.topic.in_(sorted(windows)),
        episodes.c.last >= at - max(windows.values(), default=timedelta(0)),
    )
    known = conn.execute(
        sa.select(developments)
        .join(tellings, sa.and_(tellings.c.development_id == developments.c.id, tellings.c.number == 1))
        .join(episodes, episodes.c.id == developments.c.episode_id)
        .where(sa.or_(going_on, developments.c.id.in_(sorted(also))))
        .order_by(developments.c.number)
    ).all()
    of, ids = [row.episode_id for row in known], [row.id for row in known]
    found = conn.execute(sa.select(episodes).where(episodes.c.id.in_(of)).order_by(episodes.c.number)).all()
    changed = conn.execute(sa.select(changes).where(changes.c.development_id.in_(ids)).order_by(changes.c.number)).all()
    return Stories(
        ledger=Ledger(
            episodes=tuple(rows.episode(row) for row in found),
            developments=tuple(rows.development(row) for row in known),
            changes=tuple(rows.change(row) for row in changed),
        ),
        tellings=_tellings(conn, ids),
    )


def _tellings(conn: Connection, ids: Collection[str]) -> dict[str, tuple[Telling, ...]]:
    """By development: what its reports told that are kept, the first first."""
    named = tellings.c.development_id.in_(ids)
    order = (tellings.c.development_id, tellings.c.number)
    told: dict[str, tuple[Telling, ...]] = {}
    for row in conn.execute(sa.select(tellings).where(named).order_by(*order)):
        told[row.development_id] = (*told.get(row.development_id, ()), Telling.from_json(row.telling))
    return told


def topic_of(development: str) -> str:
    """The topic of a story's development, which its id begins with."""
    return development.partition("/story/")[0]


def told_before(conn: Connection, stored: Stored) -> frozenset[str]:
    """The developments of open topics that the version before this one told, repeated or came after."""
    if stored.version == 1:
        return frozenset()
    said = (
        sa.select(decisions.c.development_id)
        .join(claims, claims.c.id == decisions.c.claim_id)
        .join(tellings, tellings.c.development_id == decisions.c.development_id)
        .where(
            claims.c.article_id == stored.article_id,
            claims.c.version == stored.version - 1,
            decisions.c.outcome.in_([outcome.value for outcome in STOOD]),
        )
    )
    return frozenset(identity for identity in conn.scalars(said) if identity is not None)


def save(conn: Connection, before: Stories, after: Stories) -> None:
    """Write what differs. A story is never removed."""
    ledger.save(conn, before.ledger, after.ledger)
    fresh = [
        {"development_id": identity, "number": number, "telling": telling.to_json()}
        for identity, told in after.tellings.items()
        for number, telling in enumerate(told, 1)
        if number > len(before.tellings.get(identity, ()))
    ]
    if fresh:
        conn.execute(insert(tellings).on_conflict_do_nothing(), fresh)
