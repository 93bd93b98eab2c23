"""The tables of the archive; `docs/archive.md` describes them for people."""

from monitor.storage.tables.alerts import STATES, alert_replies, alerts, dead_letters
from monitor.storage.tables.articles import article_versions, articles, raw_items
from monitor.storage.tables.base import metadata
from monitor.storage.tables.decisions import (
    article_topics,
    changes,
    claims,
    decisions,
    developments,
    episodes,
    pending_claims,
    reports,
)
from monitor.storage.tables.feedback import feedback
from monitor.storage.tables.sources import polls, source_state, sources
from monitor.storage.tables.stories import tellings

__all__ = [
    "STATES",
    "alert_replies",
    "alerts",
    "article_topics",
    "article_versions",
    "articles",
    "changes",
    "claims",
    "dead_letters",
    "decisions",
    "developments",
    "episodes",
    "feedback",
    "metadata",
    "pending_claims",
    "polls",
    "raw_items",
    "reports",
    "source_state",
    "sources",
    "tellings",
]
