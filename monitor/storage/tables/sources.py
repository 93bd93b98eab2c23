"""Sources, what their connectors remember of them, and how the last polls went."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from monitor.storage.tables.base import flag, identity, instant, metadata, number, one_of, text
from monitor.types import Backfill, ItemKind, SourceKind, Tier

sources = sa.Table(
    "sources",
    metadata,
    sa.Column("id", sa.Text, primary_key=True, comment="The source's id in sources.yaml"),
    text("name", "The outlet, as a reader names it"),
    text("kind", "How it is read: feed, sitemap, page, telegram, ...; docs/sources.md has all kinds"),
    text("url", "Address; for an archive the path of a file or folder"),
    sa.Column("interval_seconds", sa.Integer, nullable=False, comment="Time between two polls"),
    text("language", "ISO 639-1 code of what it publishes; null when found per item", nullable=True),
    text("tier", "What kind of voice it is: official, agency, outlet or aggregator"),
    flag("fetch_article", "Whether a feed's items are completed from their pages"),
    text("backfill", "What the first poll does with what it finds: archive keeps it silently, alert treats it as news"),
    text("time_zone", "IANA zone of dates that name none; null when not known", nullable=True),
    flag("allow_private", "Whether it may be fetched from a private or loopback address"),
    text("item_kind", "What kind of text its items are"),
    instant("added_at", "When the configuration first named it"),
    instant("changed_at", "When its configuration last changed"),
    instant("removed_at", "When the configuration stopped naming it; null while it does", nullable=True),
    one_of("kind", SourceKind),
    one_of("tier", Tier),
    one_of("backfill", Backfill),
    one_of("item_kind", ItemKind),
    comment="Every source that was ever configured; those no longer configured are marked, not deleted",
)

source_state = sa.Table(
    "source_state",
    metadata,
    sa.Column("source_id", sa.ForeignKey(sources.c.id), primary_key=True, comment="The source"),
    text("etag", "ETag of the last answer, sent back as If-None-Match", nullable=True),
    text("last_modified", "Last-Modified of the last answer, sent back as If-Modified-Since", nullable=True),
    text("body_hash", "Hash of the last body; the same body is not parsed again", nullable=True),
    sa.Column("seen_items", JSONB, nullable=False, comment="Item key to content hash, of the last snapshot"),
    number("polls", "Readings that were completed, ever; 0: the first is not through; one may take several polls"),
    number("failures", "Polls that failed since the last success"),
    instant("last_success", "When a poll last succeeded", nullable=True),
    text("last_outcome", "How the last poll went; empty before the first"),
    text("last_error", "What was wrong at the last poll that failed; empty when nothing"),
    instant("next_poll", "When it is due; null: at once", nullable=True),
    sa.Column("reach", JSONB, nullable=False, comment="How it is reached: where it moved to, whether its 304 is true"),
    sa.Column("pulse", JSONB, nullable=False, comment="How it usually does and how it does now: rhythm and health"),
    comment="What a connector remembers of a source between polls; saved only after the bus has the items",
)

polls = sa.Table(
    "polls",
    metadata,
    identity("Number of the poll"),
    sa.Column("source_id", sa.ForeignKey(sources.c.id), nullable=False, comment="The source that was polled"),
    instant("started", "When the poll began"),
    sa.Column("seconds", sa.Double, nullable=False, comment="How long it took, fetch to saved state"),
    text("outcome", "How it went: changed, unchanged, timeout, ..."),
    number("items", "New or changed items that were published"),
    number("skipped", "Entries that could not be read"),
    text("message", "What was wrong or odd; empty when nothing"),
    sa.Index(None, "source_id", "started"),
    comment="The polls of the last seven days, for health at a glance",
)
