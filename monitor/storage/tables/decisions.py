"""What was made of the articles: claims, decisions on them, developments and who reported them."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from monitor.storage.tables.articles import article_versions, articles
from monitor.storage.tables.base import flag, identity, instant, metadata, one_of, text
from monitor.types import Outcome, Standing

episodes = sa.Table(
    "episodes",
    metadata,
    sa.Column("id", sa.Text, primary_key=True, comment="topic/subject/object/day of opening"),
    sa.Column("number", sa.BigInteger, sa.Identity(always=True), nullable=False, comment="Order in which they opened"),
    text("topic", "Id of the watch topic"),
    text("subject", "Who travels or meets; empty for a parade, which has many"),
    text("object", "Destination, parade or place of the meeting"),
    instant("opened", "When its first item was seen"),
    instant("last", "When its newest item was seen"),
    sa.Column("event_date", sa.Date, comment="The day of the event; null while not known"),
    instant("closed", "When it was over; null while it is open, or nothing was decided since", nullable=True),
    text("closed_because", "Why it was over; empty while it is open"),
    sa.UniqueConstraint("number"),
    sa.Index(None, "topic", "last"),
    comment="One trip, one parade, one meeting: what developments belong to",
)

developments = sa.Table(
    "developments",
    metadata,
    sa.Column("id", sa.Text, primary_key=True, comment="Episode, stage, subject, object and detail as one name"),
    sa.Column(
        "number", sa.BigInteger, sa.Identity(always=True), nullable=False, comment="Order in which they became known"
    ),
    sa.Column("episode_id", sa.ForeignKey(episodes.c.id), nullable=False, comment="The episode that it belongs to"),
    text("topic", "Id of the watch topic"),
    text("stage", "How far it is: possible, announced, arrived, ..."),
    text("subject", "Who: an entity's id"),
    text("object", "Where, or which parade"),
    text("detail", "What tells two outcomes of one meeting apart; else empty"),
    sa.Column("event_date", sa.Date, comment="The day on which it happens, as it stands now; null when not known"),
    flag("exact_day", "Whether that day was named, not only a stretch of time such as next week"),
    text("place", "Id of the city, as it stands now; empty when not known"),
    text("level", "Kind of visit, as it stands now: state, official or working; empty when not known"),
    sa.Column(
        "figures",
        ARRAY(sa.Text),
        nullable=False,
        comment="Numbers that belong to it, as they stand now; with days behind it, how long it lasts",
    ),
    text("standing", "What the speaker who said it first can know of it"),
    sa.Column(
        "tellers", JSONB, nullable=False, comment="Who stands for it: pairs of first teller and source, the first ones"
    ),
    instant("withdrawn", "When nobody stood for it any more; null while it stands", nullable=True),
    instant("first_seen", "When the first article that says it was seen"),
    sa.Column("article_id", sa.ForeignKey(articles.c.id), nullable=False, comment="The article that said it first"),
    sa.UniqueConstraint("number"),
    sa.Index(None, "episode_id"),
    sa.Index(None, "topic", "first_seen"),
    sa.Index(None, "article_id"),
    comment="The first claim of its kind in its episode: what a desk is told once",
)

claims = sa.Table(
    "claims",
    metadata,
    identity("Number of the claim and of the decision on it"),
    sa.Column("article_id", sa.Text, nullable=False, comment="The article that makes it"),
    sa.Column("version", sa.Integer, nullable=False, comment="The version of the article that makes it"),
    sa.Column("position", sa.Integer, nullable=False, comment="Its place among the claims of that version, from 0"),
    text("topic", "Id of the watch topic"),
    text("stage", "How far it is: possible, announced, arrived, ..."),
    text("subject", "Who: an entity's id"),
    text("object", "Where, or which parade"),
    text("detail", "What tells two outcomes of one meeting apart; else empty"),
    sa.Column("event_date", sa.Date, comment="The day that the claim names; null when it names none"),
    flag("exact_day", "Whether it names the day, not only a stretch of time such as next week"),
    text("place", "Id of the city that it names; else empty"),
    text("level", "Kind of visit that it names: state, official or working; else empty"),
    flag("revises", "Whether the sentence says that something else was said before: rather than, moved to"),
    sa.Column(
        "figures",
        ARRAY(sa.Text),
        nullable=False,
        comment="Numbers that the claim gives; with days behind it, how long it lasts",
    ),
    flag("weak", "Hedged, deep in the text or with an inferred place: may not steer an episode alone"),
    text("excluded", "Why it can be no development, such as history; empty when it can"),
    text("speaker", "Who says so, as the text names him; empty when the narrator speaks"),
    text("standing", "What the speaker can know of it"),
    text("origin", "The first teller, where the text hands it on; else empty"),
    sa.Column(
        "evidence", JSONB, nullable=False, comment="The sentence, where it stands, and what in it matched (spans)"
    ),
    sa.ForeignKeyConstraint(["article_id", "version"], [article_versions.c.article_id, article_versions.c.version]),
    sa.UniqueConstraint("article_id", "version", "position"),
    sa.Index(None, "topic", "stage"),
    one_of("standing", Standing),
    comment="What articles say on the watch topics, with the sentence that says it",
)

decisions = sa.Table(
    "decisions",
    metadata,
    sa.Column("claim_id", sa.ForeignKey(claims.c.id), primary_key=True, comment="The claim that was decided on"),
    text("outcome", "What it meant: new, corroborates, superseded, ..."),
    text("reason", "Why, one sentence for people"),
    sa.Column(
        "development_id",
        sa.ForeignKey(developments.c.id),
        comment="The development that it makes, repeats or comes nearest to; null when there is none",
    ),
    instant("at", "When the article was seen: the moment the decision stands for"),
    sa.Index(None, "development_id"),
    sa.Index(None, "at"),
    sa.Index(None, "outcome", "at"),
    one_of("outcome", Outcome),
    comment="What each claim meant against what was known then; silence can be audited here",
)

changes = sa.Table(
    "changes",
    metadata,
    sa.Column("id", sa.Text, primary_key=True, comment="The development's id, #, and a number from 1"),
    sa.Column(
        "number", sa.BigInteger, sa.Identity(always=True), nullable=False, comment="Order in which they became known"
    ),
    sa.Column("development_id", sa.ForeignKey(developments.c.id), nullable=False, comment="What was told before"),
    text("outcome", "What became of it: update, contradiction, correction, withdrawn or unsaid"),
    text("fact", "What is otherwise: day, place, level, figure or length; empty where it is the whole development"),
    text("was", "That fact as it was known"),
    text("now", "That fact as it is said now; of a correction, the development that takes its place"),
    flag("stands", "Whether the development still stood afterwards"),
    sa.Column("claim", JSONB, nullable=False, comment="Who said so in which words, with its evidence"),
    sa.Column("article_id", sa.ForeignKey(articles.c.id), nullable=False, comment="The article that said so"),
    instant("seen", "When that article was seen"),
    sa.UniqueConstraint("number"),
    sa.Index(None, "development_id"),
    one_of("outcome", [outcome for outcome in Outcome if outcome.mends]),
    comment="What became of developments after they were told: updated, contradicted, corrected, withdrawn",
)

reports = sa.Table(
    "reports",
    metadata,
    sa.Column("development_id", sa.ForeignKey(developments.c.id), primary_key=True, comment="What is reported"),
    sa.Column("article_id", sa.Text, primary_key=True, comment="The article that reports it"),
    sa.Column("version", sa.Integer, nullable=False, comment="The first version of the article that does"),
    text("origin", "The first teller: whom the article names as such, else its own source; 200 characters at most"),
    flag("independent", "Whether this is the first report of the development with this origin"),
    instant("at", "When the reporting version was seen"),
    sa.ForeignKeyConstraint(["article_id", "version"], [article_versions.c.article_id, article_versions.c.version]),
    sa.Index(None, "article_id"),
    # Makes "one independent report an origin" a fact, whoever writes at the same time.
    sa.Index(
        "uq_reports_independent",
        "development_id",
        "origin",
        unique=True,
        postgresql_where=sa.text("independent"),
    ),
    comment="Which article reports which development, and who of them tells it first-hand",
)

article_topics = sa.Table(
    "article_topics",
    metadata,
    sa.Column("article_id", sa.Text, primary_key=True, comment="The article"),
    sa.Column("topic", sa.Text, primary_key=True, comment="Id of a watch topic that it reports on"),
    sa.Column("version", sa.Integer, nullable=False, comment="The first version of the article that does"),
    instant("at", "When that version was seen"),
    sa.ForeignKeyConstraint(["article_id", "version"], [article_versions.c.article_id, article_versions.c.version]),
    sa.Index(None, "topic", "at"),
    comment="Which articles are relevant to which topic, whether or not they raised anything",
)

pending_claims = sa.Table(
    "pending_claims",
    metadata,
    identity("Order in which they began to wait"),
    text("digest", "sha256 of all the rest: the same claim waits once"),
    text("topic", "Id of the watch topic"),
    sa.Column("article_id", sa.ForeignKey(articles.c.id), nullable=False, comment="The article that made it"),
    text("origin", "The first teller: whom the article names as such, else its source's id"),
    instant("seen", "When the article was seen"),
    sa.Column("claim", JSONB, nullable=False, comment="The whole claim with its evidence"),
    sa.UniqueConstraint("digest"),
    sa.Index(None, "topic", "seen"),
    comment="Weak claims that wait for a title or a second report; a row goes when the development comes",
)
