"""Ask the archive: full text, and what happened on a topic. Looking at single things is in `show`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import aggregate_order_by

from monitor.errors import ConfigError
from monitor.storage import fulltext, views
from monitor.storage.tables import article_topics, article_versions, articles
from monitor.types import Tier

SNIPPET = 160  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An article that a search found, in its current version."""

    article_id: str
    version: int
    source_id: str
    source_name: str
    tier: Tier
    language: str | None
    title: str
    url: str | None
    published: datetime | None
    seen: datetime
    topics: tuple[str, ...]
    snippet: str  # the text around the first word that matched, else its beginning


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """One development, with who told it first and how many did since."""

    development_id: str
    episode_id: str
    topic: str
    stage: str
    subject: str
    object: str
    detail: str
    event_date: date | None
    first_seen: datetime
    first_source: str
    first_tier: Tier
    published: datetime | None
    title: str | None
    url: str | None
    quote: str | None
    speaker: str | None
    standing: str | None
    reports: int
    independent_sources: int
    alert_state: str | None  # None: no alert was raised
    alerted_at: datetime | None
    article_id: str


def search(
    conn: Connection,
    text: str,
    *,
    topic: str | None = None,
    source: str | None = None,
    language: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 20,
) -> list[Found]:
    """Articles whose current version matches, the newest first. Raises ConfigError when there is nothing to look for.

    `text` is what people type: words that all have to be there, "a phrase", or, -not. Words are matched by the rules of
    each article's language. `since` (included) and `until` (not) bound the time at which the article was seen.
    """
    wanted = fulltext.query(text)
    if not re.search(r"\w", wanted):
        raise ConfigError("there is nothing to search for: give at least one word")
    version = article_versions.c
    query = (
        sa.select(
            *(articles.c.id, articles.c.version, articles.c.source_id, articles.c.source_name, articles.c.tier),
            *(version.language, version.title, version.text, version.url, version.published, version.seen),
            _topics_of(articles.c.id).label("topics"),
        )
        .join(article_versions, sa.and_(version.article_id == articles.c.id, version.version == articles.c.version))
        .where(fulltext.matches(version.fts, version.language, wanted))
        .order_by(version.seen.desc(), articles.c.id)
        .limit(limit)
    )
    if topic is not None:
        of_topic = sa.select(article_topics.c.article_id).where(article_topics.c.topic == topic)
        query = query.where(articles.c.id.in_(of_topic))
    if source is not None:
        query = query.where(articles.c.source_id == source)
    if language is not None:
        query = query.where(version.language == language)
    if since is not None:
        query = query.where(version.seen >= since)
    if until is not None:
        query = query.where(version.seen < until)
    return [_found(row, text) for row in conn.execute(query)]


def timeline(
    conn: Connection,
    topic: str,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    subject: str | None = None,
    limit: int = 200,
) -> list[TimelineEntry]:
    """The developments of a topic in the order in which they became known; with `limit`, the newest ones."""
    view = views.timeline.c
    query = sa.select(views.timeline).where(view.topic == topic).order_by(view.number.desc()).limit(limit)
    if since is not None:
        query = query.where(view.first_seen >= since)
    if until is not None:
        query = query.where(view.first_seen < until)
    if subject is not None:
        query = query.where(view.subject == subject)
    return [entry(row) for row in reversed(conn.execute(query).all())]


def entry(row: sa.Row[Any]) -> TimelineEntry:
    """A row of the view `timeline`."""
    return TimelineEntry(
        development_id=row.development_id,
        episode_id=row.episode_id,
        topic=row.topic,
        stage=row.stage,
        subject=row.subject,
        object=row.object,
        detail=row.detail,
        event_date=row.event_date,
        first_seen=row.first_seen,
        first_source=row.first_source,
        first_tier=Tier(row.first_tier),
        published=row.published,
        title=row.title,
        url=row.url,
        quote=row.quote,
        speaker=row.speaker,
        standing=row.standing,
        reports=row.reports,
        independent_sources=row.independent_sources,
        alert_state=row.alert_state,
        alerted_at=row.alerted_at,
        article_id=row.article_id,
    )


def _topics_of(article: sa.ColumnElement[str]) -> sa.ScalarSelect[Any]:
    ordered = sa.func.array_agg(aggregate_order_by(article_topics.c.topic, article_topics.c.topic))
    return sa.select(ordered).where(article_topics.c.article_id == article).scalar_subquery()


def _found(row: sa.Row[*tuple[Any, ...]], text: str) -> Found:
    return Found(
        article_id=row.id,
        version=row.version,
        source_id=row.source_id,
        source_name=row.source_name,
        tier=Tier(row.tier),
        language=row.language,
        title=row.title,
        url=row.url,
        published=row.published,
        seen=row.seen,
        topics=tuple(row.topics or ()),
        snippet=snippet(row.text, text),
    )


def snippet(text: str, searched: str) -> str:
    """The text around the first place where a word of the search begins; its first characters where none does."""
    folded, place = text.lower(), -1
    for word in re.findall(r"\w+", searched.lower()):
        # Endings differ where languages inflect: five letters of a long word are enough to find it.
        place = folded.find(word[:5] if len(word) > 6 else word)
        if place >= 0:
            break
    start = max(0, place - SNIPPET // 3)
    cut = " ".join(text[start : start + SNIPPET].split())
    return f"{'…' if start else ''}{cut}{'…' if start + SNIPPET < len(text) else ''}"
