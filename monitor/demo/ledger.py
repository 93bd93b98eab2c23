"""What the demo reads from the archive: items as they arrive, and the whole story at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from monitor.storage.alert_payload import decode
from monitor.storage.tables import (
    alerts,
    article_topics,
    article_versions,
    articles,
    claims,
    decisions,
    reports,
)
from monitor.types import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What one claim of an item came to."""

    outcome: Outcome
    stage: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One version of one item, as it stands in the archive."""

    article: str
    version: int
    seen: datetime
    source: str
    language: str | None
    title: str
    topics: tuple[str, ...]  # that it is on
    verdicts: tuple[Verdict, ...]

    @property
    def new(self) -> bool:
        """Whether it told something that nobody had told before."""
        return any(verdict.outcome.alerts for verdict in self.verdicts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One alert, and how widely its development was reported in the end."""

    headline: str
    first_seen: datetime
    source: str
    reports: int
    independent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """How far the alerts are."""

    sent: int
    waiting: int
    given_up: int


def arrivals(connection: Connection) -> tuple[Arrival, ...]:
    """Every version of every item, in the order seen."""
    verdicts: dict[tuple[str, int], list[Verdict]] = {}
    decided = sa.select(
        claims.c.article_id, claims.c.version, decisions.c.outcome, claims.c.stage, decisions.c.reason
    ).join_from(claims, decisions)
    for row in connection.execute(decided.order_by(claims.c.id)):
        verdict = Verdict(outcome=Outcome(row.outcome), stage=row.stage, reason=row.reason)
        verdicts.setdefault((row.article_id, row.version), []).append(verdict)
    topics: dict[str, list[str]] = {}
    for article, topic in connection.execute(sa.select(article_topics.c.article_id, article_topics.c.topic)):
        topics.setdefault(article, []).append(topic)
    found = sa.select(
        article_versions.c.article_id,
        article_versions.c.version,
        article_versions.c.seen,
        article_versions.c.language,
        article_versions.c.title,
        articles.c.source_name,
    ).join_from(article_versions, articles)
    return tuple(
        Arrival(
            article=row.article_id,
            version=row.version,
            seen=row.seen,
            source=row.source_name,
            language=row.language,
            title=row.title,
            topics=tuple(sorted(topics.get(row.article_id, ()))),
            verdicts=tuple(verdicts.get((row.article_id, row.version), ())),
        )
        for row in connection.execute(found.order_by(article_versions.c.seen, articles.c.source_id))
    )


def story(connection: Connection) -> tuple[Told, ...]:
    """Every alert, in the order in which they were raised."""
    counts = (
        sa.select(
            reports.c.development_id,
            sa.func.count().label("reports"),
            sa.func.count().filter(reports.c.independent).label("independent"),
        )
        .group_by(reports.c.development_id)
        .subquery()
    )
    found = sa.select(alerts.c.payload, counts.c.reports, counts.c.independent).join(
        counts, counts.c.development_id == alerts.c.development_id
    )
    told = []
    for row in connection.execute(found.order_by(alerts.c.id)):
        alert = decode(row.payload)
        told.append(
            Told(
                headline=alert.headline,
                first_seen=alert.first_seen,
                source=alert.source_name,
                reports=row.reports,
                independent=row.independent,
            )
        )
    return tuple(told)


def queue(connection: Connection) -> Queue:
    """How far the alerts are."""
    states = Counter(connection.execute(sa.select(alerts.c.state)).scalars())
    return Queue(
        sent=states["sent"],
        waiting=states["pending"] + states["sending"],
        given_up=states["failed"] + states["unknown"] + states["held"],
    )


def held_back(seen: Sequence[Arrival]) -> dict[Outcome, list[tuple[Arrival, Verdict]]]:
    """The claims that raised nothing, by why; those of items that raised nothing at all come first."""
    silent: dict[Outcome, list[tuple[Arrival, Verdict]]] = {}
    for arrival in sorted(seen, key=lambda arrival: arrival.new):
        for verdict in arrival.verdicts:
            if not verdict.outcome.alerts:
                silent.setdefault(verdict.outcome, []).append((arrival, verdict))
    return silent
