"""The stories of open topics: read and written inside one transaction per batch, while their topics are locked."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert

from monitor.novelty import Stories
from monitor.storage import ledger
from monitor.storage import ledger_rows as rows
from monitor.storage.items import Stored
from monitor.storage.ledger import STOOD
from monitor.storage.tables import claims, decisions, developments, episodes, tellings
from monitor.stories import Telling
from monitor.types import Ledger, WatchTopic


def load(conn: Connection, topics: Collection[WatchTopic], at: datetime, also: Collection[str] = ()) -> Stories:
    """The stories of these topics that go on at that time or later, and those of the developments `also`."""
    windows = {topic.id: topic.search.window for topic in topics if topic.search is not None}
    if not windows:
        return Stories()
    since = at - max(windows.values())
    wanted = sa.and_(
        episodes.c.topic.in_(sorted(windows)),
        sa.or_(episodes.c.last >= since, developments.c.id.in_(sorted(also))),
    )
    told = sa.select(developments, tellings.c.telling).join(tellings, tellings.c.development_id == developments.c.id)
    known = conn.execute(
        told.join(episodes, episodes.c.id == developments.c.episode_id).where(wanted).order_by(developments.c.number)
    ).all()
    of = [row.episode_id for row in known]
    found = conn.execute(sa.select(episodes).where(episodes.c.id.in_(of)).order_by(episodes.c.number)).all()
    return Stories(
        ledger=Ledger(
            episodes=tuple(rows.episode(row) for row in found),
            developments=tuple(rows.development(row) for row in known),
        ),
        tellings={row.id: Telling.from_json(row.telling) for row in known},
    )


def told_before(conn: Connection, stored: Stored) -> set[str]:
    """The developments of open topics that the version before this one told, repeated or came after."""
    if stored.version == 1:
        return set()
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
    return set(conn.scalars(said))


def save(conn: Connection, before: Stories, after: Stories) -> None:
    """Write what differs. A story is never removed."""
    ledger.save(conn, before.ledger, after.ledger)
    fresh = [
        {"development_id": identity, "telling": telling.to_json()}
        for identity, telling in after.tellings.items()
        if identity not in before.tellings
    ]
    if fresh:
        conn.execute(insert(tellings).on_conflict_do_nothing(), fresh)
