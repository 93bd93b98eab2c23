"""What people thought of alerts: kept as it was given; of several verdicts on one alert the last counts."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from monitor.storage.tables import alerts, developments, feedback
from monitor.types import Feedback, Verdict


def alerted(conn: Connection, identity: str) -> str | None:
    """The development of the alert with this number or key; None where there is no such alert, or it is a summary."""
    known_by = alerts.c.id == int(identity) if identity.isdecimal() else alerts.c.key == identity
    return conn.scalar(sa.select(alerts.c.development_id).where(known_by))


def give(conn: Connection, development: str, verdict: Verdict, *, by: str, note: str, at: datetime) -> None:
    """Keep a verdict on an alerted development."""
    row = {"development_id": development, "verdict": verdict.value, "given_by": by, "note": note, "at": at}
    conn.execute(sa.insert(feedback).values(row))


def history(conn: Connection, development: str) -> tuple[Feedback, ...]:
    """All that was said of one development, the last at the end."""
    return _found(conn, _all().where(feedback.c.development_id == development).order_by(feedback.c.id))


def counting(
    conn: Connection, *, since: datetime | None = None, until: datetime | None = None, topic: str | None = None
) -> tuple[Feedback, ...]:
    """The verdict that counts on each development first seen in that time, in the order in which they became known."""
    latest = sa.select(sa.func.max(feedback.c.id)).group_by(feedback.c.development_id)
    asked = _all().where(feedback.c.id.in_(latest)).order_by(developments.c.number)
    if since is not None:
        asked = asked.where(developments.c.first_seen >= since)
    if until is not None:
        asked = asked.where(developments.c.first_seen < until)
    if topic is not None:
        asked = asked.where(developments.c.topic == topic)
    return _found(conn, asked)


def _all() -> sa.Select[tuple[object, ...]]:
    joined = feedback.join(developments, developments.c.id == feedback.c.development_id)
    return sa.select(feedback, *(column for column in developments.c if column.name != "id")).select_from(joined)


def _found(conn: Connection, asked: sa.Select[tuple[object, ...]]) -> tuple[Feedback, ...]:
    return tuple(
        Feedback(
            development=row.development_id,
            topic=row.topic,
            stage=row.stage,
            subject=row.subject,
            object=row.object,
            detail=row.detail,
            article=row.article_id,
            first_seen=row.first_seen,
            verdict=Verdict(row.verdict),
            given_by=row.given_by,
            note=row.note,
            at=row.at,
        )
        for row in conn.execute(asked)
    )
