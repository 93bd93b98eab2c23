"""The views of the archive, as the migrations make them; described for people in `docs/archive.md`."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import sqlalchemy as sa

from monitor.storage.tables.base import Instant


def _text(*names: str) -> list[sa.ColumnClause[str]]:
    return [sa.column(name, sa.Text) for name in names]


def _instants(*names: str) -> list[sa.ColumnClause[datetime]]:
    return [sa.column(name, Instant) for name in names]


def _numbers(*names: str) -> list[sa.ColumnClause[int]]:
    return [sa.column(name, sa.BigInteger) for name in names]


def _day(name: str) -> sa.ColumnClause[date]:
    return sa.column(name, sa.Date)


def _span(name: str) -> sa.ColumnClause[timedelta]:
    return sa.column(name, sa.Interval)


timeline = sa.table(
    "timeline",
    *_text("topic"),
    *_instants("first_seen"),
    *_text("stage", "subject", "object", "detail"),
    _day("event_date"),
    *_text("first_source", "first_source_id", "first_tier"),
    *_instants("published"),
    *_text("language", "title", "url", "quote", "speaker", "standing"),
    *_numbers("reports", "independent_sources"),
    *_text("alert_state"),
    *_instants("alerted_at"),
    *_text("episode_id", "development_id", "article_id"),
    *_numbers("article_version", "number"),
)

coverage = sa.table(
    "coverage",
    *_text("topic", "development_id", "stage", "subject", "object"),
    *_text("source", "source_id", "tier", "language", "title", "url"),
    *_instants("published", "seen"),
    _span("late"),
    *_text("origin"),
    sa.column("independent", sa.Boolean),
    sa.column("first", sa.Boolean),
    *_text("article_id"),
    *_numbers("article_version"),
)

alerts_sent = sa.table(
    "alerts_sent",
    *_numbers("alert_id"),
    *_text("topic", "stage", "subject", "object", "headline", "channel"),
    *_instants("raised", "sent"),
    _span("delay"),
    *_numbers("said_reports", "said_independent"),
    *_instants("edited"),
    *_numbers("replies"),
    *_text("receipt_channel", "receipt_ts", "development_id"),
)

suppressed = sa.table(
    "suppressed",
    *_instants("at"),
    *_text("topic", "stage", "subject", "object", "detail", "outcome", "reason", "development_id"),
    *_text("source", "source_id", "title", "url"),
    *_instants("published"),
    *_text("quote", "speaker", "standing", "article_id"),
    *_numbers("article_version", "claim_id"),
)

VIEWS = (timeline, coverage, alerts_sent, suppressed)
