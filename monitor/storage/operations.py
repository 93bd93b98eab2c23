"""Bulletins on the work of the sources: through the outbox, so that each is said once."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy import Connection, Engine
from sqlalchemy.dialects.postgresql import JSONB

from monitor.storage.engine import transaction
from monitor.storage.outbox import enqueue
from monitor.storage.tables import alerts, source_state
from monitor.types import Alert, Bulletin, Standing, Tier


class OutboxOperations:
    """Puts bulletins into the outbox: into `channel`, or where there is none and they are vital, into `default`."""

    def __init__(self, engine: Engine, *, channel: str | None, default: str) -> None:
        self._engine = engine
        self._channel = channel
        self._default = default

    @property
    def hears_of_sources(self) -> bool:
        """Whether there is a channel for what changes with single sources."""
        return self._channel is not None

    def tell(self, bulletin: Bulletin, told: Mapping[str, str]) -> None:
        """Take a bulletin, and keep with each source in `told` what has now been told of it. Raises StorageError."""
        channel = self._channel or (self._default if bulletin.vital else None)
        if channel is None:
            return
        with transaction(self._engine) as conn:
            if not bulletin.after or _was_told(conn, bulletin.after):
                enqueue(conn, [_alert(bulletin, channel)], bulletin.at)
            for source_id in sorted(told):  # in one order, so that two never wait in a ring
                mark = sa.func.jsonb_build_object("told", told[source_id], type_=JSONB)
                conn.execute(
                    sa.update(source_state)
                    .where(source_state.c.source_id == source_id)
                    .values(pulse=source_state.c.pulse.concat(mark))
                )


def _was_told(conn: Connection, key: str) -> bool:
    return bool(conn.scalar(sa.select(sa.exists().where(alerts.c.key == key))))


def _alert(bulletin: Bulletin, channel: str) -> Alert:
    return Alert(
        key=bulletin.key,
        channel=channel,
        topic="",
        topic_name="Operations",
        headline=bulletin.headline,
        stage="",
        stage_label="",
        changed=bulletin.remark,
        subject_name="",
        object_name="",
        event_date=None,
        published=None,
        time_zone=None,
        first_seen=bulletin.at,
        speaker="",
        standing=Standing.NARRATOR,
        quote="",
        quote_language=None,
        url=None,
        source_name="Watchdesk",
        tier=Tier.OUTLET,
        lines=bulletin.lines,
    )
