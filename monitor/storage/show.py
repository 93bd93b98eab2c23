"""One article, development, alert or decision with everything that belongs to it. None when there is no such thing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from monitor.frames.frame import Frame
from monitor.storage import feedback, views
from monitor.storage.alert_payload import decode
from monitor.storage.claim_json import evidence_from_json
from monitor.storage.search import TimelineEntry, entry
from monitor.storage.show_changes import ChangeView, EpisodeView, changes_of, episode_of
from monitor.storage.tables import (
    alert_replies,
    alerts,
    article_topics,
    article_versions,
    articles,
    claims,
    decisions,
)
from monitor.types import Alert, Attribution, Claim, Decision, Feedback, ItemKind, Outcome, Standing, Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionView:
    """A claim of an article, what was decided on it and why."""

    claim_id: int
    decision: Decision
    at: datetime
    article_id: str
    version: int
    source_name: str
    title: str
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionView:
    """One text that an article has had."""

    version: int
    seen: datetime
    published: datetime | None
    title: str
    text: str
    url: str | None
    language: str | None
    author: str | None
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleView:
    """An article with all its versions, the current one last, and what was made of them."""

    article_id: str
    source_id: str
    source_name: str
    tier: Tier
    kind: ItemKind
    key: str
    versions: tuple[VersionView, ...]
    topics: tuple[str, ...]
    decisions: tuple[DecisionView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportView:
    """One article that reports a development."""

    article_id: str
    version: int
    source_name: str
    tier: Tier
    language: str | None
    title: str
    url: str | None
    published: datetime | None
    seen: datetime
    late: timedelta  # after the development was first seen
    origin: str
    independent: bool
    first: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DevelopmentView:
    """A development, who reports it, what became of it, and the others of its episode as they became known."""

    development: TimelineEntry
    reports: tuple[ReportView, ...]
    changes: tuple[ChangeView, ...]
    within: EpisodeView
    episode: tuple[TimelineEntry, ...]
    feedback: tuple[Feedback, ...]  # the last verdict counts


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertView:
    """A message of the outbox and where it stands."""

    id: int
    alert: Alert
    state: str
    attempts: int
    last_error: str
    created_at: datetime
    sent_at: datetime | None
    receipt_channel: str | None
    receipt_ts: str | None
    said_reports: int
    said_independent: int
    edited_at: datetime | None
    replies: int  # later reports told in its thread
    feedback: tuple[Feedback, ...]  # the last verdict counts


def show_article(conn: Connection, article_id: str) -> ArticleView | None:
    """The article with this id."""
    row = conn.execute(sa.select(articles).where(articles.c.id == article_id)).one_or_none()
    if row is None:
        return None
    versions = conn.execute(
        sa.select(article_versions)
        .where(article_versions.c.article_id == article_id)
        .order_by(article_versions.c.version == row.version, article_versions.c.version)
    )
    topics = sa.select(article_topics.c.topic).where(article_topics.c.article_id == article_id)
    return ArticleView(
        article_id=row.id,
        source_id=row.source_id,
        source_name=row.source_name,
        tier=Tier(row.tier),
        kind=ItemKind(row.kind),
        key=row.key,
        versions=tuple(_version(each) for each in versions),
        topics=tuple(conn.scalars(topics.order_by(article_topics.c.topic))),
        decisions=_decisions(conn, claims.c.article_id == article_id),
    )


def show_development(
    conn: Connection, development_id: str, frames: Mapping[str, Frame] | None = None
) -> DevelopmentView | None:
    """The development with this id. `frames`: by topic; they tell when its episode will be over."""
    view, report = views.timeline.c, views.coverage.c
    row = conn.execute(sa.select(views.timeline).where(view.development_id == development_id)).one_or_none()
    if row is None:
        return None
    told = conn.execute(
        sa.select(views.coverage)
        .where(report.development_id == development_id)
        .order_by(report.seen, report.first.desc(), report.article_id)
    )
    others = conn.execute(sa.select(views.timeline).where(view.episode_id == row.episode_id).order_by(view.number))
    return DevelopmentView(
        development=entry(row),
        reports=tuple(_report(each) for each in told),
        changes=changes_of(conn, development_id),
        within=episode_of(conn, development_id, frames or {}),
        episode=tuple(entry(each) for each in others),
        feedback=feedback.history(conn, development_id),
    )


def show_alert(conn: Connection, alert_id: int | str) -> AlertView | None:
    """The alert with this number, or with this key."""
    known_by = alerts.c.id == alert_id if isinstance(alert_id, int) else alerts.c.key == alert_id
    row = conn.execute(sa.select(alerts).where(known_by)).one_or_none()
    if row is None:
        return None
    sent = sa.select(sa.func.count()).where(alert_replies.c.alert_id == row.id, alert_replies.c.state == "sent")
    return AlertView(
        id=row.id,
        alert=decode(row.payload),
        state=row.state,
        attempts=row.attempts,
        last_error=row.last_error,
        created_at=row.created_at,
        sent_at=row.sent_at,
        receipt_channel=row.receipt_channel,
        receipt_ts=row.receipt_ts,
        said_reports=row.said_reports,
        said_independent=row.said_independent,
        edited_at=row.edited_at,
        replies=conn.execute(sent).scalar_one(),
        feedback=feedback.history(conn, row.development_id) if row.development_id else (),
    )


def show_decision(conn: Connection, claim_id: int) -> DecisionView | None:
    """The decision on the claim with this number."""
    found = _decisions(conn, claims.c.id == claim_id)
    return found[0] if found else None


def _decisions(conn: Connection, which: sa.ColumnElement[bool]) -> tuple[DecisionView, ...]:
    version = article_versions.c
    rows = conn.execute(
        sa.select(
            claims,
            *(decisions.c.outcome, decisions.c.reason, decisions.c.development_id, decisions.c.at),
            *(articles.c.source_name, version.title, version.url),
        )
        .join(decisions, decisions.c.claim_id == claims.c.id)
        .join(articles, articles.c.id == claims.c.article_id)
        .join(
            article_versions,
            sa.and_(version.article_id == claims.c.article_id, version.version == claims.c.version),
        )
        .where(which)
        .order_by(claims.c.version, claims.c.position)
    )
    return tuple(
        DecisionView(
            claim_id=row.id,
            decision=Decision(
                claim=_claim(row), outcome=Outcome(row.outcome), reason=row.reason, development=row.development_id
            ),
            at=row.at,
            article_id=row.article_id,
            version=row.version,
            source_name=row.source_name,
            title=row.title,
            url=row.url,
        )
        for row in rows
    )


def _claim(row: sa.Row[Any]) -> Claim:
    event_date: date | None = row.event_date
    return Claim(
        topic=row.topic,
        stage=row.stage,
        subject=row.subject,
        object=row.object,
        detail=row.detail,
        event_date=event_date,
        exact_day=row.exact_day,
        place=row.place,
        level=row.level,
        revises=row.revises,
        figures=tuple(row.figures),
        weak=row.weak,
        excluded=row.excluded,
        evidence=evidence_from_json(row.evidence),
        attribution=Attribution(speaker=row.speaker, standing=Standing(row.standing), origin=row.origin),
    )


def _version(row: sa.Row[Any]) -> VersionView:
    return VersionView(
        version=row.version,
        seen=row.seen,
        published=row.published,
        title=row.title,
        text=row.text,
        url=row.url,
        language=row.language,
        author=row.author,
        flags=tuple(row.flags),
    )


def _report(row: sa.Row[Any]) -> ReportView:
    return ReportView(
        article_id=row.article_id,
        version=row.article_version,
        source_name=row.source,
        tier=Tier(row.tier),
        language=row.language,
        title=row.title,
        url=row.url,
        published=row.published,
        seen=row.seen,
        late=row.late,
        origin=row.origin,
        independent=row.independent,
        first=row.first,
    )
