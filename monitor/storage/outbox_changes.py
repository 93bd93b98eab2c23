"""Changes of what was told: into the thread of its alert, and onto the alert itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert

from monitor.storage.alert_payload import decode, encode
from monitor.storage.tables import alert_replies, alerts
from monitor.types import Alert, Mend, Mended, Outcome


def note_changes(conn: Connection, mends: Sequence[Mend], article_id: str, version: int, now: datetime) -> int:
    """Put changes of alerted developments into the outbox; returns how many are new.

    To be called in the transaction that stores the changes, which `article_id` and its version made known. What is
    noted already and what was never alerted are passed over, so that a redelivery changes nothing.
    """
    noted = 0
    for mend in sorted(mends, key=lambda mend: mend.development):  # in one order, so that two never wait in a ring
        row = conn.execute(
            sa.select(alerts.c.id, alerts.c.payload)
            .where(alerts.c.development_id == mend.development)
            .with_for_update()
        ).one_or_none()
        if row is None:
            continue
        alert = decode(row.payload)
        if mend.outcome is Outcome.CONTRADICTION:
            mend = replace(mend, before=_side(alert))
        added = (
            insert(alert_replies)
            .values(
                alert_id=row.id,
                article_id=article_id,
                version=version,
                change_id=mend.key,
                payload=encode(mend),
                state="pending",
                not_before=now,
                last_error="",
                created_at=now,
            )
            .on_conflict_do_nothing(index_elements=["change_id"])
            .returning(alert_replies.c.id)
        )
        if conn.scalar(added) is None:
            continue
        noted += 1
        conn.execute(
            sa.update(alerts)
            .where(alerts.c.id == row.id)
            .values(
                payload=encode(_mended(alert, mend)),
                revision=alerts.c.revision + 1,
                edit_due_at=sa.func.coalesce(alerts.c.edit_due_at, now),
            )
        )
    return noted


def _mended(alert: Alert, mend: Mend) -> Alert:
    """The alert as it is from now on."""
    line = Mended(at=mend.seen, text=mend.headline, void=mend.void)
    return replace(alert, event_date=mend.event_date or alert.event_date, mends=(*alert.mends, line))


def _side(alert: Alert) -> str:
    """Who told it before, in which words."""
    who = f"{alert.speaker}, in {alert.source_name}" if alert.speaker else alert.source_name
    return f"{who}: “{alert.quote}”" if alert.quote else f"{who}: {alert.headline}"
