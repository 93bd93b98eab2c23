"""Developments, articles and reports put straight into the archive's tables, for tests of what comes after them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from monitor.storage import outbox, outbox_changes
from monitor.storage.engine import transaction
from monitor.storage.outbox import LaterReport
from monitor.storage.tables import article_versions, articles, changes, developments, episodes, reports
from monitor.types import Alert, Mend
from tests.support.alerts import an_alert

NOON = datetime(2025, 8, 28, 12, 0, tzinfo=UTC)


class Clock:
    """A clock that goes when it is told to; sleeping moves it."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now
        self.slept: list[float] = []

    def __call__(self) -> datetime:
        return self.now

    def monotonic(self) -> float:
        return (self.now - NOON).total_seconds()

    def tick(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.tick(seconds)


def add_article(conn: Connection, name: str, at: datetime = NOON) -> None:
    """An article with one version."""
    conn.execute(
        sa.insert(articles).values(
            id=name,
            source_id=f"src-{name}",
            source_name=f"Source {name}",
            tier="outlet",
            kind="article",
            key=name,
            version=1,
            first_seen=at,
            last_seen=at,
        )
    )
    conn.execute(
        sa.insert(article_versions).values(
            article_id=name,
            version=1,
            content_hash=name,
            url=f"https://news.example.com/{name}",
            title=f"Title of {name}",
            text="",
            seen=at,
            backfill=False,
            flags=[],
            fts=sa.func.to_tsvector("simple", name),
        )
    )


def add_development(conn: Connection, key: str, article: str, at: datetime = NOON) -> None:
    """A development that `article` makes, with its first report."""
    episode = f"episode of {key}"
    conn.execute(
        sa.insert(episodes).values(
            id=episode, topic="kim-travel", subject="k", object="CN", opened=at, last=at, closed_because=""
        )
    )
    conn.execute(
        sa.insert(developments).values(
            id=key,
            episode_id=episode,
            topic="kim-travel",
            stage="announced",
            subject="k",
            object="CN",
            detail="",
            exact_day=False,
            place="",
            level="",
            figures=[],
            standing="narrator",
            tellers=[],
            first_seen=at,
            article_id=article,
        )
    )
    add_report(conn, key, article, origin=article, at=at)


def add_report(conn: Connection, key: str, article: str, *, origin: str, at: datetime = NOON) -> None:
    """`article` reports the development; independent when nobody did with this origin."""
    known = sa.exists().where(reports.c.development_id == key, reports.c.origin == origin)
    conn.execute(
        sa.insert(reports).values(
            development_id=key,
            article_id=article,
            version=1,
            origin=origin,
            independent=sa.select(sa.not_(known)).scalar_subquery(),
            at=at,
        )
    )


def raise_alerts(engine: Engine, *keys: str, channel: str = "C0WATCH", now: datetime = NOON) -> list[Alert]:
    """As many alerts in the outbox, each of a development of its own, first reported by the article `<key>-first`."""
    raised = [an_alert(key=key, channel=channel, headline=f"Headline of {key}", first_seen=now) for key in keys]
    with transaction(engine) as conn:
        for alert in raised:
            add_article(conn, f"{alert.key}-first")
            add_development(conn, alert.key, f"{alert.key}-first")
        outbox.enqueue(conn, raised, now)
    return raised


def change_told(engine: Engine, *mends: Mend, now: datetime = NOON) -> int:
    """Changes of alerted developments, made known by an article of their own and noted as the pipeline does it."""
    noted = 0
    with transaction(engine) as conn:
        for mend in mends:
            article = f"changes {mend.key}"
            if conn.scalar(sa.select(articles.c.id).where(articles.c.id == article)) is None:
                add_article(conn, article)
                add_change(conn, mend, article)
            noted += outbox_changes.note_changes(conn, [mend], article, 1, now)
    return noted


def add_change(conn: Connection, mend: Mend, article: str, at: datetime = NOON) -> None:
    """A change of a development, as the ledger keeps it."""
    conn.execute(
        sa.insert(changes).values(
            id=mend.key,
            development_id=mend.development,
            outcome=mend.outcome.value,
            fact="",
            was="",
            now="",
            stands=not mend.void,
            claim={},
            article_id=article,
            seen=at,
        )
    )


def report_again(engine: Engine, key: str, *names: str, now: datetime = NOON, origin: str | None = None) -> int:
    """Later articles that report the development, noted as the pipeline does it."""
    with transaction(engine) as conn:
        for name in names:
            add_article(conn, name)
            add_report(conn, key, name, origin=origin or name)
        noted = [LaterReport(development_id=key, article_id=name, version=1) for name in names]
        return outbox.note_reports(conn, noted, now)
