"""What was found: raw items as they came, articles and each of their versions."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR

from monitor.storage.tables.base import flag, identity, instant, metadata, one_of, text
from monitor.types import ItemKind, Tier

articles = sa.Table(
    "articles",
    metadata,
    sa.Column("id", sa.Text, primary_key=True, comment="First 20 hex digits of sha256(source_id, NUL, key)"),
    text("source_id", "Id of the source; a replayed stream may name sources that were never configured"),
    text("source_name", "The outlet, as a reader names it"),
    text("tier", "What kind of voice the source is: official, agency, outlet or aggregator"),
    text("kind", "What kind of text it is: article, liveblog-entry, wire-flash, opinion or roundup"),
    text("key", "Identity within the source: guid, else canonical link, else a hash of the content"),
    sa.Column("version", sa.Integer, nullable=False, comment="Number of the current version; counts from 1"),
    instant("first_seen", "When its first version was seen"),
    instant("last_seen", "When its current version was seen"),
    sa.Index(None, "source_id", "first_seen"),
    sa.Index(None, "first_seen"),
    one_of("tier", Tier),
    one_of("kind", ItemKind),
    comment="One row for each thing that a source published, however often it was edited since",
)

article_versions = sa.Table(
    "article_versions",
    metadata,
    sa.Column("article_id", sa.ForeignKey(articles.c.id), primary_key=True, comment="The article"),
    sa.Column(
        "version", sa.Integer, primary_key=True, autoincrement=False, comment="1 for the first text, 2 after an edit"
    ),
    text("content_hash", "sha256 of title, text and summary as they came; tells versions apart"),
    text("url", "Canonical address", nullable=True),
    text("title", "Title, plain text"),
    text("text", "Text, paragraphs parted by a blank line; empty for a flash"),
    text("language", "ISO 639-1 code; null when not known", nullable=True),
    text("author", "Author as the source names him", nullable=True),
    instant("published", "When the outlet published it; null when not known", nullable=True),
    instant("seen", "When a poll first saw this version"),
    sa.Column("dateline_date", sa.Date, comment="The day that 'today' means in the text, in the dateline's own zone"),
    text("time_zone", "IANA zone of dateline or source; null when not known", nullable=True),
    flag("backfill", "Whether the first poll of a source that alerts on nothing old found it"),
    sa.Column("flags", ARRAY(sa.Text), nullable=False, comment="Damage and doubts, such as date_in_future"),
    sa.Column("fts", TSVECTOR, nullable=False, comment="Title and text for search, in the language's configuration"),
    sa.UniqueConstraint("article_id", "content_hash"),
    # To know an old story that comes again under another key or date.
    sa.Index(None, "content_hash"),
    sa.Index("ix_article_versions_same_url", sa.text("md5(url)")),
    sa.Index("ix_article_versions_same_title", sa.text("md5(lower(title))")),
    sa.Index(None, "fts", postgresql_using="gin"),
    sa.Index(None, "seen"),
    sa.Index(None, "published"),
    sa.Index(None, "language", "seen"),
    comment="Each text that an article has had, cleaned and dated; what claims were read from",
)

raw_items = sa.Table(
    "raw_items",
    metadata,
    identity("Number of the raw item"),
    text("source_id", "Id of the source"),
    text("key", "Identity within the source"),
    text("content_hash", "sha256 of title, text and summary; tells versions apart"),
    sa.Column("article_id", sa.ForeignKey(articles.c.id), nullable=False, comment="The article that it became"),
    text("url", "Address as the source gave it", nullable=True),
    text("title", "Title as the source gave it"),
    text("text", "Text as the connector read it"),
    text("summary", "Summary as the feed gave it, plain text", nullable=True),
    text("author", "Author as the source gave him", nullable=True),
    text("language", "Language that the source declares", nullable=True),
    text("published_raw", "Date of publication, letter for letter", nullable=True),
    instant("published", "The same, as it was understood; null when it was not", nullable=True),
    text("updated_raw", "Date of the last change, letter for letter", nullable=True),
    instant("updated", "The same, as it was understood; null when it was not", nullable=True),
    text("time_zone", "IANA zone in which the item's dates are meant", nullable=True),
    instant("seen", "When the connector first saw this version"),
    flag("backfill", "Whether the first poll of a source that alerts on nothing old found it"),
    sa.Column("flags", ARRAY(sa.Text), nullable=False, comment="Damage and doubts that the connector noted"),
    # The article's id stands for (source_id, key): a key may be longer than an index entry can be.
    sa.UniqueConstraint("article_id", "content_hash"),
    sa.Index(None, "seen"),
    comment="Items as the connectors published them, each version once: what everything else was made from",
)
