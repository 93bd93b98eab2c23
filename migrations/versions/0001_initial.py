"""The tables of the archive"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

# fmt: off
# Written by Alembic, one column a line.
revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('articles',
        sa.Column('id', sa.Text(), nullable=False, comment='First 20 hex digits of sha256(source_id, NUL, key)'),
        sa.Column('source_id', sa.Text(), nullable=False, comment='Id of the source; a replayed stream may name sources that were never configured'),
        sa.Column('source_name', sa.Text(), nullable=False, comment='The outlet, as a reader names it'),
        sa.Column('tier', sa.Text(), nullable=False, comment='What kind of voice the source is: official, agency, outlet or aggregator'),
        sa.Column('kind', sa.Text(), nullable=False, comment='What kind of text it is: article, liveblog-entry, wire-flash, opinion or roundup'),
        sa.Column('key', sa.Text(), nullable=False, comment='Identity within the source: guid, else canonical link, else a hash of the content'),
        sa.Column('version', sa.Integer(), nullable=False, comment='Number of the current version; counts from 1'),
        sa.Column('first_seen', sa.DateTime(timezone=True), nullable=False, comment='When its first version was seen'),
        sa.Column('last_seen', sa.DateTime(timezone=True), nullable=False, comment='When its current version was seen'),
        sa.CheckConstraint("kind IN ('article', 'liveblog-entry', 'wire-flash', 'opinion', 'roundup')", name=op.f('ck_articles_kind')),
        sa.CheckConstraint("tier IN ('official', 'agency', 'outlet', 'aggregator')", name=op.f('ck_articles_tier')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_articles')),
        comment='One row for each thing that a source published, however often it was edited since'
    )
    op.create_index(op.f('ix_articles_first_seen'), 'articles', ['first_seen'], unique=False)
    op.create_index(op.f('ix_articles_source_id_first_seen'), 'articles', ['source_id', 'first_seen'], unique=False)
    op.create_table('dead_letters',
        sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False, comment='Number of the dead letter'),
        sa.Column('topic', sa.Text(), nullable=False, comment='Topic of the message that was given up'),
        sa.Column('partition', sa.Integer(), nullable=False, comment='Its partition'),
        sa.Column('message_offset', sa.BigInteger(), nullable=False, comment='Its offset within the partition'),
        sa.Column('key', postgresql.BYTEA(), nullable=True, comment='Its key, byte for byte'),
        sa.Column('value', postgresql.BYTEA(), nullable=True, comment='Its value, byte for byte; null for a tombstone'),
        sa.Column('error', sa.Text(), nullable=False, comment='Class of the error'),
        sa.Column('reason', sa.Text(), nullable=False, comment='What was wrong, in words'),
        sa.Column('trace', sa.Text(), nullable=False, comment='Where in the program it went wrong'),
        sa.Column('attempts', sa.Integer(), server_default=sa.text('0'), nullable=False, comment='How often it was tried'),
        sa.Column('program_version', sa.Text(), nullable=False, comment='Version of the program that gave it up'),
        sa.Column('failed_at', sa.DateTime(timezone=True), nullable=False, comment='When it was given up'),
        sa.Column('replays', sa.Integer(), server_default=sa.text('0'), nullable=False, comment='How often it was published again'),
        sa.Column('replayed_at', sa.DateTime(timezone=True), nullable=True, comment='When it was last published again'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_dead_letters')),
        sa.UniqueConstraint('topic', 'partition', 'message_offset', name=op.f('uq_dead_letters_topic_partition_message_offset')),
        comment='Messages that could not be decoded or processed, with their story'
    )
    op.create_index(op.f('ix_dead_letters_failed_at'), 'dead_letters', ['failed_at'], unique=False)
    op.create_table('episodes',
        sa.Column('id', sa.Text(), nullable=False, comment='topic/subject/object/day of opening'),
        sa.Column('number', sa.BigInteger(), sa.Identity(always=True), nullable=False, comment='Order in which they opened'),
        sa.Column('topic', sa.Text(), nullable=False, comment='Id of the watch topic'),
        sa.Column('subject', sa.Text(), nullable=False, comment='Who travels or meets; empty for a parade, which has many'),
        sa.Column('object', sa.Text(), nullable=False, comment='Destination, parade or place of the meeting'),
        sa.Column('opened', sa.DateTime(timezone=True), nullable=False, comment='When its first item was seen'),
        sa.Column('last', sa.DateTime(timezone=True), nullable=False, comment='When its newest item was seen'),
        sa.Column('event_date', sa.Date(), nullable=True, comment='The day of the event; null while not known'),
        sa.Column('closed', sa.DateTime(timezone=True), nullable=True, comment='When it was over; null while it is open'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_episodes')),
        sa.UniqueConstraint('number', name=op.f('uq_episodes_number')),
        comment='One trip, one parade, one meeting: what developments belong to'
    )
    op.create_index(op.f('ix_episodes_topic_last'), 'episodes', ['topic', 'last'], unique=False)
    op.create_table('sources',
        sa.Column('id', sa.Text(), nullable=False, comment="The source's id in sources.yaml"),
        sa.Column('name', sa.Text(), nullable=False, comment='The outlet, as a reader names it'),
        sa.Column('kind', sa.Text(), nullable=False, comment='How it is read: feed, page, liveblog or archive'),
        sa.Column('url', sa.Text(), nullable=False, comment='Address; for an archive the path of a file or folder'),
        sa.Column('interval_seconds', sa.Integer(), nullable=False, comment='Time between two polls'),
        sa.Column('language', sa.Text(), nullable=True, comment='ISO 639-1 code of what it publishes; null when found per item'),
        sa.Column('tier', sa.Text(), nullable=False, comment='What kind of voice it is: official, agency, outlet or aggregator'),
        sa.Column('fetch_article', sa.Boolean(), nullable=False, comment="Whether a feed's items are completed from their pages"),
        sa.Column('backfill', sa.Text(), nullable=False, comment='What the first poll does with what it finds: archive keeps it silently, alert treats it as news'),
        sa.Column('time_zone', sa.Text(), nullable=True, comment='IANA zone of dates that name none; null when not known'),
        sa.Column('allow_private', sa.Boolean(), nullable=False, comment='Whether it may be fetched from a private or loopback address'),
        sa.Column('item_kind', sa.Text(), nullable=False, comment='What kind of text its items are'),
        sa.Column('added_at', sa.DateTime(timezone=True), nullable=False, comment='When the configuration first named it'),
        sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False, comment='When its configuration last changed'),
        sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True, comment='When the configuration stopped naming it; null while it does'),
        sa.CheckConstraint("backfill IN ('archive', 'alert')", name=op.f('ck_sources_backfill')),
        sa.CheckConstraint("item_kind IN ('article', 'liveblog-entry', 'wire-flash', 'opinion', 'roundup')", name=op.f('ck_sources_item_kind')),
        sa.CheckConstraint("kind IN ('feed', 'page', 'liveblog', 'archive')", name=op.f('ck_sources_kind')),
        sa.CheckConstraint("tier IN ('official', 'agency', 'outlet', 'aggregator')", name=op.f('ck_sources_tier')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_sources')),
        comment='Every source that was ever configured; those no longer configured are marked, not deleted'
    )
    op.create_table('article_versions',
        sa.Column('article_id', sa.Text(), nullable=False, comment='The article'),
        sa.Column('version', sa.Integer(), autoincrement=False, nullable=False, comment='1 for the first text, 2 after an edit'),
        sa.Column('content_hash', sa.Text(), nullable=False, comment='sha256 of title, text and summary as they came; tells versions apart'),
        sa.Column('url', sa.Text(), nullable=True, comment='Canonical address'),
        sa.Column('title', sa.Text(), nullable=False, comment='Title, plain text'),
        sa.Column('text', sa.Text(), nullable=False, comment='Text, paragraphs parted by a blank line; empty for a flash'),
        sa.Column('language', sa.Text(), nullable=True, comment='ISO 639-1 code; null when not known'),
        sa.Column('author', sa.Text(), nullable=True, comment='Author as the source names him'),
        sa.Column('published', sa.DateTime(timezone=True), nullable=True, comment='When the outlet published it; null when not known'),
        sa.Column('seen', sa.DateTime(timezone=True), nullable=False, comment='When a poll first saw this version'),
        sa.Column('dateline_date', sa.Date(), nullable=True, comment="The day that 'today' means in the text, in the dateline's own zone"),
        sa.Column('time_zone', sa.Text(), nullable=True, comment='IANA zone of dateline or source; null when not known'),
        sa.Column('backfill', sa.Boolean(), nullable=False, comment='Whether the first poll of a source that alerts on nothing old found it'),
        sa.Column('flags', postgresql.ARRAY(sa.Text()), nullable=False, comment='Damage and doubts, such as date_in_future'),
        sa.Column('fts', postgresql.TSVECTOR(), nullable=False, comment="Title and text for search, in the language's configuration"),
        sa.ForeignKeyConstraint(['article_id'], ['articles.id'], name=op.f('fk_article_versions_article_id')),
        sa.PrimaryKeyConstraint('article_id', 'version', name=op.f('pk_article_versions')),
        sa.UniqueConstraint('article_id', 'content_hash', name=op.f('uq_article_versions_article_id_content_hash')),
        comment='Each text that an article has had, cleaned and dated; what claims were read from'
    )
    op.create_index(op.f('ix_article_versions_fts'), 'article_versions', ['fts'], unique=False, postgresql_using='gin')
    op.create_index(op.f('ix_article_versions_language_seen'), 'article_versions', ['language', 'seen'], unique=False)
    op.create_index(op.f('ix_article_versions_published'), 'article_versions', ['published'], unique=False)
    op.create_index(op.f('ix_article_versions_seen'), 'article_versions', ['seen'], unique=False)
    op.create_table('developments',
        sa.Column('id', sa.Text(), nullable=False, comment='Episode, stage, subject, object and detail as one name'),
        sa.Column('number', sa.BigInteger(), sa.Identity(always=True), nullable=False, comment='Order in which they became known'),
        sa.Column('episode_id', sa.Text(), nullable=False, comment='The episode that it belongs to'),
        sa.Column('topic', sa.Text(), nullable=False, comment='Id of the watch topic'),
        sa.Column('stage', sa.Text(), nullable=False, comment='How far it is: possible, announced, arrived, ...'),
        sa.Column('subject', sa.Text(), nullable=False, comment="Who: an entity's id"),
        sa.Column('object', sa.Text(), nullable=False, comment='Where, or which parade'),
        sa.Column('detail', sa.Text(), nullable=False, comment='What tells two outcomes of one meeting apart; else empty'),
        sa.Column('event_date', sa.Date(), nullable=True, comment='The day on which it happens; null when not known'),
        sa.Column('first_seen', sa.DateTime(timezone=True), nullable=False, comment='When the first article that says it was seen'),
        sa.Column('article_id', sa.Text(), nullable=False, comment='The article that said it first'),
        sa.ForeignKeyConstraint(['article_id'], ['articles.id'], name=op.f('fk_developments_article_id')),
        sa.ForeignKeyConstraint(['episode_id'], ['episodes.id'], name=op.f('fk_developments_episode_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_developments')),
        sa.UniqueConstraint('number', name=op.f('uq_developments_number')),
        comment='The first claim of its kind in its episode: what a desk is told once'
    )
    op.create_index(op.f('ix_developments_article_id'), 'developments', ['article_id'], unique=False)
    op.create_index(op.f('ix_developments_episode_id'), 'developments', ['episode_id'], unique=False)
    op.create_index(op.f('ix_developments_topic_first_seen'), 'developments', ['topic', 'first_seen'], unique=False)
    op.create_table('pending_claims',
        sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False, comment='Order in which they began to wait'),
        sa.Column('digest', sa.Text(), nullable=False, comment='sha256 of all the rest: the same claim waits once'),
        sa.Column('topic', sa.Text(), nullable=False, comment='Id of the watch topic'),
        sa.Column('article_id', sa.Text(), nullable=False, comment='The article that made it'),
        sa.Column('origin', sa.Text(), nullable=False, comment="The first teller: whom the article names as such, else its source's id"),
        sa.Column('seen', sa.DateTime(timezone=True), nullable=False, comment='When the article was seen'),
        sa.Column('claim', postgresql.JSONB(astext_type=sa.Text()), nullable=False, comment='The whole claim with its evidence'),
        sa.ForeignKeyConstraint(['article_id'], ['articles.id'], name=op.f('fk_pending_claims_article_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_pending_claims')),
        sa.UniqueConstraint('digest', name=op.f('uq_pending_claims_digest')),
        comment='Weak claims that wait for a title or a second report; a row goes when the development comes'
    )
    op.create_index(op.f('ix_pending_claims_topic_seen'), 'pending_claims', ['topic', 'seen'], unique=False)
    op.create_table('polls',
        sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False, comment='Number of the poll'),
        sa.Column('source_id', sa.Text(), nullable=False, comment='The source that was polled'),
        sa.Column('started', sa.DateTime(timezone=True), nullable=False, comment='When the poll began'),
        sa.Column('seconds', sa.Double(), nullable=False, comment='How long it took, fetch to saved state'),
        sa.Column('outcome', sa.Text(), nullable=False, comment='How it went: changed, unchanged, timeout, ...'),
        sa.Column('items', sa.Integer(), server_default=sa.text('0'), nullable=False, comment='New or changed items that were published'),
        sa.Column('skipped', sa.Integer(), server_default=sa.text('0'), nullable=False, comment='Entries that could not be read'),
        sa.Column('message', sa.Text(), nullable=False, comment='What was wrong or odd; empty when nothing'),
        sa.ForeignKeyConstraint(['source_id'], ['sources.id'], name=op.f('fk_polls_source_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_polls')),
        comment='The polls of the last seven days, for health at a glance'
    )
    op.create_index(op.f('ix_polls_source_id_started'), 'polls', ['source_id', 'started'], unique=False)
    op.create_table('raw_items',
        sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False, comment='Number of the raw item'),
        sa.Column('source_id', sa.Text(), nullable=False, comment='Id of the source'),
        sa.Column('key', sa.Text(), nullable=False, comment='Identity within the source'),
        sa.Column('content_hash', sa.Text(), nullable=False, comment='sha256 of title, text and summary; tells versions apart'),
        sa.Column('article_id', sa.Text(), nullable=False, comment='The article that it became'),
        sa.Column('url', sa.Text(), nullable=True, comment='Address as the source gave it'),
        sa.Column('title', sa.Text(), nullable=False, comment='Title as the source gave it'),
        sa.Column('text', sa.Text(), nullable=False, comment='Text as the connector read it'),
        sa.Column('summary', sa.Text(), nullable=True, comment='Summary as the feed gave it, plain text'),
        sa.Column('author', sa.Text(), nullable=True, comment='Author as the source gave him'),
        sa.Column('language', sa.Text(), nullable=True, comment='Language that the source declares'),
        sa.Column('published_raw', sa.Text(), nullable=True, comment='Date of publication, letter for letter'),
        sa.Column('published', sa.DateTime(timezone=True), nullable=True, comment='The same, as it was understood; null when it was not'),
        sa.Column('updated_raw', sa.Text(), nullable=True, comment='Date of the last change, letter for letter'),
        sa.Column('updated', sa.DateTime(timezone=True), nullable=True, comment='The same, as it was understood; null when it was not'),
        sa.Column('time_zone', sa.Text(), nullable=True, comment="IANA zone in which the item's dates are meant"),
        sa.Column('seen', sa.DateTime(timezone=True), nullable=False, comment='When the connector first saw this version'),
        sa.Column('backfill', sa.Boolean(), nullable=False, comment='Whether the first poll of a source that alerts on nothing old found it'),
        sa.Column('flags', postgresql.ARRAY(sa.Text()), nullable=False, comment='Damage and doubts that the connector noted'),
        sa.ForeignKeyConstraint(['article_id'], ['articles.id'], name=op.f('fk_raw_items_article_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_raw_items')),
        sa.UniqueConstraint('article_id', 'content_hash', name=op.f('uq_raw_items_article_id_content_hash')),
        comment='Items as the connectors published them, each version once: what everything else was made from'
    )
    op.create_index(op.f('ix_raw_items_seen'), 'raw_items', ['seen'], unique=False)
    op.create_table('source_state',
        sa.Column('source_id', sa.Text(), nullable=False, comment='The source'),
        sa.Column('etag', sa.Text(), nullable=True, comment='ETag of the last answer, sent back as If-None-Match'),
        sa.Column('last_modified', sa.Text(), nullable=True, comment='Last-Modified of the last answer, sent back as If-Modified-Since'),
        sa.Column('body_hash', sa.Text(), nullable=True, comment='Hash of the last body; the same body is not parsed again'),
        sa.Column('seen_items', postgresql.JSONB(astext_type=sa.Text()), nullable=False, comment='Item key to content hash, of the last snapshot'),
        sa.Column('polls', sa.Integer(), server_default=sa.text('0'), nullable=False, comment='Readings that were completed, ever; 0: the first is not through; one may take several polls'),
        sa.Column('failures', sa.Integer(), server_default=sa.text('0'), nullable=False, comment='Polls that failed since the last success'),
        sa.Column('last_success', sa.DateTime(timezone=True), nullable=True, comment='When a poll last succeeded'),
        sa.Column('last_outcome', sa.Text(), nullable=False, comment='How the last poll went; empty before the first'),
        sa.Column('last_error', sa.Text(), nullable=False, comment='What was wrong at the last poll that failed; empty when nothing'),
        sa.Column('next_poll', sa.DateTime(timezone=True), nullable=True, comment='When it is due; null: at once'),
        sa.ForeignKeyConstraint(['source_id'], ['sources.id'], name=op.f('fk_source_state_source_id')),
        sa.PrimaryKeyConstraint('source_id', name=op.f('pk_source_state')),
        comment='What a connector remembers of a source between polls; saved only after the bus has the items'
    )
    op.create_table('alerts',
        sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False, comment='Order in which alerts were raised; a channel hears them in this order'),
        sa.Column('key', sa.Text(), nullable=False, comment="The development's id, or backfill:<source> for a summary; said once"),
        sa.Column('topic', sa.Text(), nullable=False, comment='Id of the watch topic; empty for a summary'),
        sa.Column('development_id', sa.Text(), nullable=True, comment='What it tells; null for a summary'),
        sa.Column('channel', sa.Text(), nullable=False, comment='Where it is to be said, as configured'),
        sa.Column('payload', postgresql.JSONB(astext_type=sa.Text()), nullable=False, comment='Everything that the message says'),
        sa.Column('state', sa.Text(), nullable=False, comment='pending, sending (leased), sent, failed, unknown (perhaps sent), held (the channel takes none)'),
        sa.Column('attempts', sa.Integer(), server_default=sa.text('0'), nullable=False, comment='How often it was tried'),
        sa.Column('not_before', sa.DateTime(timezone=True), nullable=False, comment='Not to be tried before'),
        sa.Column('lease_owner', sa.Text(), nullable=True, comment='The dispatcher that is sending it'),
        sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True, comment='Nothing else is said in the channel before; for a lease, its end'),
        sa.Column('attempted_at', sa.DateTime(timezone=True), nullable=True, comment='When it was first handed to the channel; looking for it starts here'),
        sa.Column('last_error', sa.Text(), nullable=False, comment='What went wrong the last time; empty when nothing'),
        sa.Column('receipt_channel', sa.Text(), nullable=True, comment="The channel's own id, once sent"),
        sa.Column('receipt_ts', sa.Text(), nullable=True, comment="The message's name within the channel, once sent"),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='When it was raised'),
        sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True, comment='When its receipt came'),
        sa.Column('said_reports', sa.Integer(), server_default=sa.text('0'), nullable=False, comment='Number of reports that the message shows now'),
        sa.Column('said_independent', sa.Integer(), server_default=sa.text('0'), nullable=False, comment='Number of independent sources that the message shows now'),
        sa.Column('edited_at', sa.DateTime(timezone=True), nullable=True, comment='When the message was last edited'),
        sa.Column('edit_due_at', sa.DateTime(timezone=True), nullable=True, comment='When it is next to be edited; null: nothing to change'),
        sa.CheckConstraint("state IN ('pending', 'sending', 'sent', 'failed', 'unknown', 'held')", name=op.f('ck_alerts_state')),
        sa.ForeignKeyConstraint(['development_id'], ['developments.id'], name=op.f('fk_alerts_development_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_alerts')),
        sa.UniqueConstraint('key', name=op.f('uq_alerts_key')),
        comment='The outbox: one row a message, written in the transaction of the decision, sent by the dispatcher'
    )
    op.create_index(op.f('ix_alerts_development_id'), 'alerts', ['development_id'], unique=False)
    op.create_index('ix_alerts_due', 'alerts', ['channel', 'id'], unique=False, postgresql_where=sa.text("state IN ('pending', 'sending', 'unknown', 'held')"))
    op.create_index('ix_alerts_edit_due', 'alerts', ['edit_due_at'], unique=False, postgresql_where=sa.text('edit_due_at IS NOT NULL'))
    op.create_index('ix_alerts_quiet', 'alerts', ['channel', 'lease_until'], unique=False, postgresql_where=sa.text('lease_until IS NOT NULL'))
    op.create_index(op.f('ix_alerts_topic_created_at'), 'alerts', ['topic', 'created_at'], unique=False)
    op.create_table('article_topics',
        sa.Column('article_id', sa.Text(), nullable=False, comment='The article'),
        sa.Column('topic', sa.Text(), nullable=False, comment='Id of a watch topic that it reports on'),
        sa.Column('version', sa.Integer(), nullable=False, comment='The first version of the article that does'),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='When that version was seen'),
        sa.ForeignKeyConstraint(['article_id', 'version'], ['article_versions.article_id', 'article_versions.version'], name=op.f('fk_article_topics_article_id_version')),
        sa.PrimaryKeyConstraint('article_id', 'topic', name=op.f('pk_article_topics')),
        comment='Which articles are relevant to which topic, whether or not they raised anything'
    )
    op.create_index(op.f('ix_article_topics_topic_at'), 'article_topics', ['topic', 'at'], unique=False)
    op.create_table('claims',
        sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False, comment='Number of the claim and of the decision on it'),
        sa.Column('article_id', sa.Text(), nullable=False, comment='The article that makes it'),
        sa.Column('version', sa.Integer(), nullable=False, comment='The version of the article that makes it'),
        sa.Column('position', sa.Integer(), nullable=False, comment='Its place among the claims of that version, from 0'),
        sa.Column('topic', sa.Text(), nullable=False, comment='Id of the watch topic'),
        sa.Column('stage', sa.Text(), nullable=False, comment='How far it is: possible, announced, arrived, ...'),
        sa.Column('subject', sa.Text(), nullable=False, comment="Who: an entity's id"),
        sa.Column('object', sa.Text(), nullable=False, comment='Where, or which parade'),
        sa.Column('detail', sa.Text(), nullable=False, comment='What tells two outcomes of one meeting apart; else empty'),
        sa.Column('event_date', sa.Date(), nullable=True, comment='The day that the claim names; null when it names none'),
        sa.Column('figures', postgresql.ARRAY(sa.Text()), nullable=False, comment='Numbers that the claim gives'),
        sa.Column('weak', sa.Boolean(), nullable=False, comment='Hedged, deep in the text or with an inferred place: may not steer an episode alone'),
        sa.Column('excluded', sa.Text(), nullable=False, comment='Why it can be no development, such as history; empty when it can'),
        sa.Column('speaker', sa.Text(), nullable=False, comment='Who says so, as the text names him; empty when the narrator speaks'),
        sa.Column('standing', sa.Text(), nullable=False, comment='What the speaker can know of it'),
        sa.Column('origin', sa.Text(), nullable=False, comment='The first teller, where the text hands it on; else empty'),
        sa.Column('evidence', postgresql.JSONB(astext_type=sa.Text()), nullable=False, comment='The sentence, where it stands, and what in it matched (spans)'),
        sa.CheckConstraint("standing IN ('party', 'official', 'unnamed', 'witness', 'media', 'analyst', 'narrator')", name=op.f('ck_claims_standing')),
        sa.ForeignKeyConstraint(['article_id', 'version'], ['article_versions.article_id', 'article_versions.version'], name=op.f('fk_claims_article_id_version')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_claims')),
        sa.UniqueConstraint('article_id', 'version', 'position', name=op.f('uq_claims_article_id_version_position')),
        comment='What articles say on the watch topics, with the sentence that says it'
    )
    op.create_index(op.f('ix_claims_topic_stage'), 'claims', ['topic', 'stage'], unique=False)
    op.create_table('reports',
        sa.Column('development_id', sa.Text(), nullable=False, comment='What is reported'),
        sa.Column('article_id', sa.Text(), nullable=False, comment='The article that reports it'),
        sa.Column('version', sa.Integer(), nullable=False, comment='The first version of the article that does'),
        sa.Column('origin', sa.Text(), nullable=False, comment='The first teller: whom the article names as such, else its own source; 200 characters at most'),
        sa.Column('independent', sa.Boolean(), nullable=False, comment='Whether this is the first report of the development with this origin'),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='When the reporting version was seen'),
        sa.ForeignKeyConstraint(['article_id', 'version'], ['article_versions.article_id', 'article_versions.version'], name=op.f('fk_reports_article_id_version')),
        sa.ForeignKeyConstraint(['development_id'], ['developments.id'], name=op.f('fk_reports_development_id')),
        sa.PrimaryKeyConstraint('development_id', 'article_id', name=op.f('pk_reports')),
        comment='Which article reports which development, and who of them tells it first-hand'
    )
    op.create_index(op.f('ix_reports_article_id'), 'reports', ['article_id'], unique=False)
    op.create_index('uq_reports_independent', 'reports', ['development_id', 'origin'], unique=True, postgresql_where=sa.text('independent'))
    op.create_table('alert_replies',
        sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False, comment='Order in which later reports came'),
        sa.Column('alert_id', sa.BigInteger(), nullable=False, comment='The alert whose thread it belongs to'),
        sa.Column('article_id', sa.Text(), nullable=False, comment='The later report'),
        sa.Column('version', sa.Integer(), nullable=False, comment='The version of the article that reports it'),
        sa.Column('state', sa.Text(), nullable=False, comment='As in alerts'),
        sa.Column('batch', sa.Text(), nullable=True, comment='Key of the one message that says these reports together; null until it is made'),
        sa.Column('attempts', sa.Integer(), server_default=sa.text('0'), nullable=False, comment='How often it was tried'),
        sa.Column('not_before', sa.DateTime(timezone=True), nullable=False, comment='Not to be tried before'),
        sa.Column('lease_owner', sa.Text(), nullable=True, comment='The dispatcher that is sending it'),
        sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True, comment='Nothing else is said in the channel before; for a lease, its end'),
        sa.Column('attempted_at', sa.DateTime(timezone=True), nullable=True, comment='When it was first handed to the channel; looking for it starts here'),
        sa.Column('last_error', sa.Text(), nullable=False, comment='What went wrong the last time; empty when nothing'),
        sa.Column('receipt_ts', sa.Text(), nullable=True, comment="The reply's name within the channel, once sent; several may share one"),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='When the report was decided on'),
        sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True, comment='When its receipt came'),
        sa.CheckConstraint("state IN ('pending', 'sending', 'sent', 'failed', 'unknown', 'held')", name=op.f('ck_alert_replies_state')),
        sa.ForeignKeyConstraint(['alert_id'], ['alerts.id'], name=op.f('fk_alert_replies_alert_id')),
        sa.ForeignKeyConstraint(['article_id', 'version'], ['article_versions.article_id', 'article_versions.version'], name=op.f('fk_alert_replies_article_id_version')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_alert_replies')),
        sa.UniqueConstraint('alert_id', 'article_id', name=op.f('uq_alert_replies_alert_id_article_id')),
        comment='Later reports of an alerted development that go, or went, into its thread'
    )
    op.create_index('ix_alert_replies_due', 'alert_replies', ['alert_id', 'id'], unique=False, postgresql_where=sa.text("state IN ('pending', 'sending', 'unknown', 'held')"))
    op.create_index('ix_alert_replies_quiet', 'alert_replies', ['lease_until'], unique=False, postgresql_where=sa.text('lease_until IS NOT NULL'))
    op.create_table('decisions',
        sa.Column('claim_id', sa.BigInteger(), nullable=False, comment='The claim that was decided on'),
        sa.Column('outcome', sa.Text(), nullable=False, comment='What it meant: new, corroborates, superseded, ...'),
        sa.Column('reason', sa.Text(), nullable=False, comment='Why, one sentence for people'),
        sa.Column('development_id', sa.Text(), nullable=True, comment='The development that it makes, repeats or comes nearest to; null when there is none'),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='When the article was seen: the moment the decision stands for'),
        sa.CheckConstraint("outcome IN ('new', 'update', 'contradiction', 'correction', 'withdrawn', 'corroborates', 'superseded', 'background', 'not_own_knowledge', 'late', 'out_of_episode', 'pending', 'backfill', 'same_version')", name=op.f('ck_decisions_outcome')),
        sa.ForeignKeyConstraint(['claim_id'], ['claims.id'], name=op.f('fk_decisions_claim_id')),
        sa.ForeignKeyConstraint(['development_id'], ['developments.id'], name=op.f('fk_decisions_development_id')),
        sa.PrimaryKeyConstraint('claim_id', name=op.f('pk_decisions')),
        comment='What each claim meant against what was known then; silence can be audited here'
    )
    op.create_index(op.f('ix_decisions_at'), 'decisions', ['at'], unique=False)
    op.create_index(op.f('ix_decisions_development_id'), 'decisions', ['development_id'], unique=False)
    op.create_index(op.f('ix_decisions_outcome_at'), 'decisions', ['outcome', 'at'], unique=False)


def downgrade() -> None:
    op.drop_table('decisions')
    op.drop_table('alert_replies')
    op.drop_table('reports')
    op.drop_table('claims')
    op.drop_table('article_topics')
    op.drop_table('alerts')
    op.drop_table('source_state')
    op.drop_table('raw_items')
    op.drop_table('polls')
    op.drop_table('pending_claims')
    op.drop_table('developments')
    op.drop_table('article_versions')
    op.drop_table('sources')
    op.drop_table('episodes')
    op.drop_table('dead_letters')
    op.drop_table('articles')
