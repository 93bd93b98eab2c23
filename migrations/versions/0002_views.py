"""Views for people, and the read-only role that may look at everything."""

from __future__ import annotations

from typing import NamedTuple

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


class View(NamedTuple):
    """A view with what it and its columns are for. A column's expression comes first, then its comment."""

    name: str
    comment: str
    columns: dict[str, tuple[str, str]]
    source: str


TIMELINE = View(
    name="timeline",
    comment="Developments in the order in which they became known, with who told them first and how many did since",
    columns={
        "topic": ("d.topic", "Id of the watch topic"),
        "first_seen": ("d.first_seen", "When the first article that says it was seen"),
        "stage": ("d.stage", "How far it is: possible, announced, arrived, ..."),
        "subject": ("d.subject", "Who: an entity's id"),
        "object": ("d.object", "Where, or which parade"),
        "detail": ("d.detail", "What tells two outcomes of one meeting apart; else empty"),
        "event_date": ("d.event_date", "The day on which it happens; null when not known"),
        "first_source": ("a.source_name", "The outlet that said it first"),
        "first_source_id": ("a.source_id", "That outlet's id"),
        "first_tier": ("a.tier", "What kind of voice that outlet is"),
        "published": ("v.published", "When that outlet published it; null when not known"),
        "language": ("v.language", "Language of that article"),
        "title": ("v.title", "Title of that article"),
        "url": ("v.url", "Address of that article"),
        "quote": ("said.quote", "The sentence that says it"),
        "speaker": ("said.speaker", "Who says so; empty when the article itself does"),
        "standing": ("said.standing", "What the speaker can know of it"),
        "reports": ("told.reports", "Articles that report it, the first included"),
        "independent_sources": ("told.independent", "First tellers among them"),
        "alert_state": ("l.state", "Where its alert stands; null when none was raised"),
        "alerted_at": ("l.sent_at", "When its alert was sent"),
        "episode_id": ("d.episode_id", "The episode that it belongs to"),
        "development_id": ("d.id", "The development"),
        "article_id": ("d.article_id", "The article that said it first"),
        "article_version": ("v.version", "The version of that article which did"),
        "number": ("d.number", "Order in which developments became known"),
    },
    source="""
        FROM developments d
        JOIN articles a ON a.id = d.article_id
        LEFT JOIN reports r ON r.development_id = d.id AND r.article_id = d.article_id
        LEFT JOIN article_versions v ON v.article_id = d.article_id AND v.version = coalesce(r.version, 1)
        LEFT JOIN alerts l ON l.key = d.id
        LEFT JOIN LATERAL (
            SELECT c.evidence ->> 'sentence' AS quote, c.speaker, c.standing
            FROM claims c JOIN decisions x ON x.claim_id = c.id
            WHERE c.article_id = d.article_id AND c.excluded = ''
              AND (x.development_id = d.id OR (c.topic, c.stage, c.subject) = (d.topic, d.stage, d.subject))
            ORDER BY (c.topic, c.stage, c.subject, c.object, c.detail)
                     = (d.topic, d.stage, d.subject, d.object, d.detail) DESC, c.version, c.position
            LIMIT 1
        ) said ON true
        CROSS JOIN LATERAL (
            SELECT count(*) AS reports, count(*) FILTER (WHERE independent) AS independent
            FROM reports WHERE development_id = d.id
        ) told
    """,
)

COVERAGE = View(
    name="coverage",
    comment="Which article reports which development, and how late after the first",
    columns={
        "topic": ("d.topic", "Id of the watch topic"),
        "development_id": ("d.id", "The development"),
        "stage": ("d.stage", "How far it is: possible, announced, arrived, ..."),
        "subject": ("d.subject", "Who: an entity's id"),
        "object": ("d.object", "Where, or which parade"),
        "source": ("a.source_name", "The outlet that reports it"),
        "source_id": ("a.source_id", "That outlet's id"),
        "tier": ("a.tier", "What kind of voice that outlet is"),
        "language": ("v.language", "Language of the article"),
        "title": ("v.title", "Title of the article"),
        "url": ("v.url", "Address of the article"),
        "published": ("v.published", "When the outlet published it; null when not known"),
        "seen": ("r.at", "When the reporting version was seen"),
        "late": ("r.at - d.first_seen", "How long after the development was first seen"),
        "origin": ("r.origin", "The first teller: whom the article names as such, else its own source"),
        "independent": ("r.independent", "Whether this is the first report of the development with this origin"),
        "first": ("r.article_id = d.article_id", "Whether this article said it first"),
        "article_id": ("r.article_id", "The article"),
        "article_version": ("r.version", "The first version of the article that reports it"),
    },
    source="""
        FROM reports r
        JOIN developments d ON d.id = r.development_id
        JOIN articles a ON a.id = r.article_id
        JOIN article_versions v ON v.article_id = r.article_id AND v.version = r.version
    """,
)

ALERTS_SENT = View(
    name="alerts_sent",
    comment="Every message that was sent, with its receipt",
    columns={
        "alert_id": ("l.id", "Number of the alert"),
        "topic": ("l.topic", "Id of the watch topic; empty for a summary"),
        "stage": ("d.stage", "How far it is; null for a summary"),
        "subject": ("d.subject", "Who; null for a summary"),
        "object": ("d.object", "Where, or which parade; null for a summary"),
        "headline": ("l.payload ->> 'headline'", "What the message says happened"),
        "channel": ("l.channel", "Where it was said, as configured"),
        "raised": ("l.created_at", "When it was raised"),
        "sent": ("l.sent_at", "When its receipt came"),
        "delay": ("l.sent_at - l.created_at", "Time between the two"),
        "said_reports": ("l.said_reports", "Number of reports that the message shows"),
        "said_independent": ("l.said_independent", "Number of independent sources that the message shows"),
        "edited": ("l.edited_at", "When the message was last edited; null when never"),
        "replies": ("thread.replies", "Later reports told in its thread"),
        "receipt_channel": ("l.receipt_channel", "The channel's own id"),
        "receipt_ts": ("l.receipt_ts", "The message's name within the channel"),
        "development_id": ("l.development_id", "What it tells; null for a summary"),
    },
    source="""
        FROM alerts l
        LEFT JOIN developments d ON d.id = l.development_id
        CROSS JOIN LATERAL (
            SELECT count(*) AS replies FROM alert_replies WHERE alert_id = l.id AND state = 'sent'
        ) thread
        WHERE l.state = 'sent'
    """,
)

SUPPRESSED = View(
    name="suppressed",
    comment="Every claim that raised nothing, and why",
    columns={
        "at": ("x.at", "When the article was seen: the moment the decision stands for"),
        "topic": ("c.topic", "Id of the watch topic"),
        "stage": ("c.stage", "How far it is: possible, announced, arrived, ..."),
        "subject": ("c.subject", "Who: an entity's id"),
        "object": ("c.object", "Where, or which parade"),
        "detail": ("c.detail", "What tells two outcomes of one meeting apart; else empty"),
        "outcome": ("x.outcome", "What the claim meant: corroborates, superseded, background, ..."),
        "reason": ("x.reason", "Why, one sentence for people"),
        "development_id": ("x.development_id", "The development that it repeats or comes nearest to; null for none"),
        "source": ("a.source_name", "The outlet that makes the claim"),
        "source_id": ("a.source_id", "That outlet's id"),
        "title": ("v.title", "Title of the article"),
        "url": ("v.url", "Address of the article"),
        "published": ("v.published", "When the outlet published it; null when not known"),
        "quote": ("c.evidence ->> 'sentence'", "The sentence that makes the claim"),
        "speaker": ("c.speaker", "Who says so; empty when the article itself does"),
        "standing": ("c.standing", "What the speaker can know of it"),
        "article_id": ("c.article_id", "The article"),
        "article_version": ("c.version", "The version of the article"),
        "claim_id": ("c.id", "Number of the claim and of the decision on it"),
    },
    source="""
        FROM decisions x
        JOIN claims c ON c.id = x.claim_id
        JOIN articles a ON a.id = c.article_id
        JOIN article_versions v ON v.article_id = c.article_id AND v.version = c.version
        WHERE x.outcome <> 'new'
    """,
)

VIEWS = (TIMELINE, COVERAGE, ALERTS_SENT, SUPPRESSED)

# A role belongs to the whole server, so another database may have made it, or may be making it right now.
MAKE_ANALYST = """
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'watchdesk_analyst') THEN
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolcreaterole)) THEN
            BEGIN
                CREATE ROLE watchdesk_analyst NOLOGIN;
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                NULL;
            END;
        ELSE
            RAISE WARNING 'role watchdesk_analyst is missing and % may not create it; see docs/archive.md', current_user;
            RETURN;
        END IF;
    END IF;
    GRANT USAGE ON SCHEMA public TO watchdesk_analyst;
    GRANT SELECT ON ALL TABLES IN SCHEMA public TO watchdesk_analyst;
    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO watchdesk_analyst;
END
$$
"""

# The role itself stays: other databases of the server may use it, and people may be members of it.
FORGET_ANALYST = """
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'watchdesk_analyst') THEN
        ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE SELECT ON TABLES FROM watchdesk_analyst;
        REVOKE SELECT ON ALL TABLES IN SCHEMA public FROM watchdesk_analyst;
        REVOKE USAGE ON SCHEMA public FROM watchdesk_analyst;
    END IF;
END
$$
"""


def upgrade() -> None:
    for view in VIEWS:
        listed = ", ".join(f'{expression} AS "{column}"' for column, (expression, _) in view.columns.items())
        op.execute(f"CREATE VIEW {view.name} AS SELECT {listed} {view.source}")
        op.execute(f"COMMENT ON VIEW {view.name} IS {_quoted(view.comment)}")
        for column, (_, comment) in view.columns.items():
            op.execute(f'COMMENT ON COLUMN {view.name}."{column}" IS {_quoted(comment)}')
    op.execute(MAKE_ANALYST)


def downgrade() -> None:
    op.execute(FORGET_ANALYST)
    for view in reversed(VIEWS):
        op.execute(f"DROP VIEW {view.name}")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
