"""A small archive with a known story in it: an announcement, a departure, an arrival, and much that is no news."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from monitor.storage import ledger
from monitor.storage.items import Stored, store
from monitor.storage.outbox import LaterReport, enqueue, note_reports
from monitor.storage.sources import sync_sources
from monitor.storage.tables import alerts, polls
from monitor.types import Alert, Article, Development, Ledger, Outcome, Source, SourceKind, Standing, Tier
from tests.support.archive_samples import T0, at, claim, decision, development, episode, pair

TOPICS = ["kim-travel"]


def tell(conn: Connection) -> None:
    """Fill an empty archive with the story."""
    _sources(conn)
    first, article = _article(conn, "1", "Kim to visit Moscow", "Kim Jong Un will visit Moscow, the Kremlin said.")
    announced = development("announced", first.article_id)
    _develop(conn, Ledger(), first, article, announced, speaker="the Kremlin")
    _raise(conn, announced.id, "Kim Jong Un will visit Russia", minutes=0, sent=0.05)
    _repeat(conn, "2", "Ким посетит Москву", "Ким Чен Ын посетит Москву.", announced.id, 4, "tass", "TASS", "ru")
    _repeat(conn, "3", "Kim going to Moscow", "Kim will go, Yonhap says.", announced.id, 20, "daily", "Daily Global")
    known = Ledger(episodes=(episode(),), developments=(announced,))
    second, article = _article(conn, "4", "Ким выехал", "Ким Чен Ын выехал из Пхеньяна.", 60, "tass", "TASS", "ru")
    departed = development("departed", second.article_id, minutes=60)
    _develop(conn, known, second, article, departed)
    _raise(conn, departed.id, "Kim Jong Un has left for Russia", minutes=60, sent=60.5)
    past, article = _article(
        conn, "5", "Kim's journeys", "Kim arrived in Vladivostok in 2019.", 70, "daily", "Daily Global"
    )
    ledger.save_decisions(
        conn,
        past,
        article,
        TOPICS,
        [decision(claim("arrived", excluded="history"), Outcome.BACKGROUND, announced.id, "tells what is past")],
    )
    border = "김정은의 전용열차가 국경역에 있다."
    quiet, article = _article(conn, "6", "김정은 열차", border, 80, "yonhap", "Yonhap", "ko")
    ledger.save_decisions(conn, quiet, article, TOPICS, [])
    edited = "Kim Jong Un will visit Moscow on 9 May, the Kremlin said."
    _article(conn, "1", "Kim to visit Moscow on 9 May", edited, 90)
    third, article = _article(conn, "7", "Kim arrives in Moscow", "Kim Jong Un's train arrived in Moscow.", 600)
    arrived = development("arrived", third.article_id, minutes=600)
    _develop(conn, Ledger(episodes=known.episodes, developments=(announced, departed)), third, article, arrived)
    _raise(conn, arrived.id, "Kim Jong Un has arrived in Russia", minutes=600, sent=None)


def _sources(conn: Connection) -> None:
    sync_sources(
        conn,
        [
            Source(
                id=identifier,
                name=name,
                kind=SourceKind.FEED,
                url=f"https://{identifier}.example/rss",
                interval=timedelta(minutes=5),
                tier=tier,
            )
            for identifier, name, tier in (
                ("daily", "Daily Global", Tier.AGGREGATOR),
                ("tass", "TASS", Tier.AGENCY),
                ("yonhap", "Yonhap", Tier.AGENCY),
            )
        ],
        T0,
    )
    rows = [
        {
            "source_id": source,
            "started": at(minute),
            "seconds": 0.5,
            "outcome": outcome,
            "message": "",
            "items": 0,
            "skipped": 0,
        }
        for source, outcomes in (("tass", ["changed", "unchanged"]), ("daily", ["changed", "timeout", "timeout"]))
        for minute, outcome in enumerate(outcomes)
    ]
    conn.execute(sa.insert(polls), rows)


def _article(
    conn: Connection,
    key: str,
    title: str,
    text: str,
    minutes: float = 0,
    source: str = "yonhap",
    name: str = "Yonhap",
    language: str = "en",
) -> tuple[Stored, Article]:
    tier = Tier.AGGREGATOR if source == "daily" else Tier.AGENCY
    made = pair(key, title, text, source=source, name=name, language=language, minutes=minutes, tier=tier)
    return store(conn, [made])[0], made[1]


def _develop(
    conn: Connection, before: Ledger, stored: Stored, article: Article, made: Development, *, speaker: str = ""
) -> None:
    after = Ledger(episodes=(episode(last=article.seen),), developments=(*before.developments, made))
    ledger.save(conn, before, after)
    said = claim(made.stage, speaker=speaker)
    ledger.save_decisions(conn, stored, article, TOPICS, [decision(said, Outcome.NEW, made.id)])


def _repeat(
    conn: Connection,
    key: str,
    title: str,
    text: str,
    development_id: str,
    minutes: float,
    source: str,
    name: str,
    language: str = "en",
) -> None:
    stored, article = _article(conn, key, title, text, minutes, source, name, language)
    said = claim("announced", origin="Yonhap" if source == "daily" else "")
    reason = "known since 1 May 2030 08:00 UTC"
    ledger.save_decisions(conn, stored, article, TOPICS, [decision(said, Outcome.CORROBORATES, development_id, reason)])
    later = LaterReport(development_id=development_id, article_id=stored.article_id, version=stored.version)
    note_reports(conn, [later], article.seen)


def _raise(conn: Connection, key: str, headline: str, *, minutes: float, sent: float | None) -> None:
    alert = Alert(
        key=key,
        channel="#desk",
        topic="kim-travel",
        topic_name="Kim's travel",
        headline=headline,
        stage="announced",
        stage_label="announced",
        changed="",
        subject_name="Kim Jong Un",
        object_name="Russia",
        event_date=None,
        published=None,
        time_zone=None,
        first_seen=at(minutes),
        speaker="",
        standing=Standing.NARRATOR,
        quote="",
        quote_language=None,
        url=None,
        source_name="Yonhap",
        tier=Tier.AGENCY,
    )
    enqueue(conn, [alert], at(minutes))
    if sent is not None:
        receipt = {"state": "sent", "sent_at": at(sent), "receipt_channel": "C1", "receipt_ts": f"{minutes:g}.000100"}
        conn.execute(sa.update(alerts).where(alerts.c.key == key).values(receipt))
