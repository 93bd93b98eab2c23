"""The five documents of the issue: as files of an archive, and served as a feed, pages and a live blog.

They go through the real connectors and the real pipeline into a real Postgres. What they report is taken from the
labelled stream that they are part of: what must be alerted is listed here, and nothing else may be than what a labeller
found in the very same texts.
"""

from __future__ import annotations

import asyncio
import json
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from connectors.http import Fetcher
from connectors.items import marked
from connectors.registry import connectors_for
from monitor import pipeline
from monitor.commands.vocabulary import vocabulary_of
from monitor.config import load_config
from monitor.language import gazetteer
from monitor.pipeline import Watch
from monitor.storage.engine import transaction
from monitor.storage.tables import alerts, article_versions, developments
from monitor.types import Backfill, ItemKind, RawItem, Source, SourceKind, SourceState, Tier
from tests.support import five_documents as documents
from tests.support.httpserver import LocalServer, Reply, local_server

Kind = tuple[str, str, str, str]

PARADE = "beijing-2025-09-03"
STORIES_SEEN = datetime(2025, 8, 28, 9, tzinfo=UTC)
BLOG_SEEN = datetime(2025, 9, 3, 14, tzinfo=UTC)
STORIES_SAY: set[Kind] = {
    ("kim-travel", "announced", "kim-jong-un", "CN"),
    ("parade-attendance", "announced", "kim-jong-un", PARADE),
    ("parade-attendance", "announced", "vladimir-putin", PARADE),
    ("parade-attendance", "announced", "guest-list", PARADE),
}
BLOG_SAYS: set[Kind] = {
    ("parade-attendance", "attended", "kim-jong-un", PARADE),
    ("kim-travel", "invited", "kim-jong-un", "RU"),
}
TALKS = "putin-kim-talks"
FURNITURE = ("Belgiangate", "Islamic State fighters", "You Might Also Like", "Leave a", "Varun Beverages", "Bitcoin")
STREAM = documents.SEEDS.parent / "beijing-2025"

pytestmark = pytest.mark.skipif(not documents.SEEDS.is_dir(), reason="the five documents (../shared) are not here")


def source(
    id: str,
    kind: SourceKind,
    url: str,
    *,
    fetch_article: bool = False,
    blog: bool = False,
    time_zone: str | None = None,
) -> Source:
    """A source as a desk would configure it for these documents."""
    return Source(
        id=id,
        name=id,
        kind=kind,
        url=url,
        interval=timedelta(minutes=5),
        language="en",
        tier=Tier.OUTLET,
        fetch_article=fetch_article,
        backfill=Backfill.ALERT,
        time_zone=time_zone,
        allow_private=True,
        item_kind=ItemKind.LIVEBLOG_ENTRY if blog else ItemKind.ARTICLE,
    )


def poll(sources: Sequence[Source], now: datetime) -> list[RawItem]:
    """What one poll of each source finds."""

    async def all_of_them() -> list[RawItem]:
        fetcher = Fetcher(clock=lambda: now)
        connectors = connectors_for(fetcher, clock=lambda: now)
        found: list[RawItem] = []
        async with fetcher:
            for each in sources:
                new = SourceState(source_id=each.id)
                result = await connectors[each.kind].fetch(each, new)
                assert result.skipped == 0, result.message
                found += marked(result.items, each, new)
        return found

    return asyncio.run(all_of_them())


def watch() -> Watch:
    """The topics that the program comes with."""
    names = gazetteer.load()
    topics = load_config(None, vocabulary_of(names)).topics
    return Watch(topics=topics, gazetteer=names, default_channel="#desk")


def read(archive: Engine, items: Sequence[RawItem]) -> None:
    """Put items through the pipeline."""
    with transaction(archive) as connection:
        pipeline.process(connection, [pipeline.read(item, watch()) for item in items], watch())


def alerted(archive: Engine) -> Counter[Kind]:
    """What was alerted, and how often. Different outcomes of one meeting are different developments."""
    names = ("topic", "stage", "subject", "object", "detail")
    chosen = sa.select(*(developments.c[name] for name in names)).join(
        alerts, alerts.c.development_id == developments.c.id
    )
    with transaction(archive) as connection:
        rows = set(connection.execute(chosen).all())
    return Counter((row.topic, row.stage, row.subject, row.object) for row in rows if row.stage != "outcome")


def outcomes(archive: Engine) -> list[str]:
    """The kinds of outcomes that were alerted."""
    chosen = (
        sa.select(developments.c.detail)
        .join(alerts, alerts.c.development_id == developments.c.id)
        .where(developments.c.stage == "outcome")
    )
    with transaction(archive) as connection:
        return sorted(connection.execute(chosen).scalars())


def texts(archive: Engine) -> list[str]:
    """Title and text of all that is in the archive."""
    with transaction(archive) as connection:
        rows = connection.execute(sa.select(article_versions.c.title, article_versions.c.text))
        return [f"{row.title}\n{row.text}" for row in rows]


def labelled(belongs: Callable[[dict[str, str]], bool]) -> set[Kind]:
    """What a labeller found in those items of the stream, arguable things included."""
    rows = [json.loads(line) for line in (STREAM / "stream.jsonl").read_text(encoding="utf-8").splitlines()]
    ids = {row["id"] for row in rows if belongs(row)}
    assert ids
    gold = json.loads((STREAM / "gold.json").read_text(encoding="utf-8"))
    return {
        (d["topic"], d["stage"], d["subject"], d["object"]) for d in gold["developments"] if ids & set(d["reports"])
    }


def in_the_stories(row: dict[str, str]) -> bool:
    """Whether an item of the stream is one of the four stories."""
    titles = (documents.DW_TITLE, documents.AP_TITLE, documents.AGGREGATOR_TITLE, "Big News: North Korea's Kim")
    return row["title"].startswith(titles)


def in_the_blog(row: dict[str, str]) -> bool:
    """Whether an item of the stream is an entry of the live blog."""
    return row["source"] == "DW" and row["kind"] == "liveblog-entry"


def story_files(folder: Path, time_zone: str | None = None) -> list[Source]:
    """The four stories as files."""
    for name in documents.STORIES:
        shutil.copy(documents.SEEDS / name, folder / name)
    return [source("stories", SourceKind.ARCHIVE, str(folder), time_zone=time_zone)]


def story_pages(server: LocalServer) -> list[Source]:
    """Two of the stories in a feed, one of them with its page, and two as watched pages."""
    served = {
        "/dw.html": documents.dw_page(),
        "/ap.html": documents.ap_page(),
        "/viral.html": documents.aggregator_page(),
    }
    for path, body in served.items():
        server.serve(path, Reply(body=body.encode()))
    server.serve("/robots.txt", Reply(body=b"User-agent: *\nAllow: /\n", content_type="text/plain"))
    feed = documents.feed(server.url("").rstrip("/"))
    return [
        source(
            "paper",
            SourceKind.FEED,
            server.serve("/feed.xml", Reply(body=feed.encode(), content_type="application/rss+xml")),
            fetch_article=True,
        ),
        source("broadcaster", SourceKind.PAGE, server.url("/dw.html")),
        source("viral", SourceKind.PAGE, server.url("/viral.html")),
    ]


def check_stories(archive: Engine) -> None:
    """What the four stories must raise is raised once, and nothing from the furniture around them is."""
    raised = alerted(archive)
    assert set(raised) >= STORIES_SAY
    assert set(raised.values()) == {1}
    assert set(raised) <= labelled(in_the_stories)
    assert outcomes(archive) == []
    kept = texts(archive)
    assert len(kept) == len(documents.STORIES)
    for words in FURNITURE:
        assert not any(words in text for text in kept)


def check_blog(archive: Engine) -> None:
    """The live blog raises attendance, the talks and the invitation to Russia, once each."""
    raised = alerted(archive)
    assert set(raised) >= BLOG_SAYS
    assert set(raised.values()) == {1}
    assert {stage for topic, stage, _, _ in raised if topic == TALKS} & {"started", "held"}
    assert outcomes(archive).count("invitation") == 1
    assert set(raised) <= labelled(in_the_blog)


def test_the_four_stories_as_files(archive: Engine, tmp_path: Path) -> None:
    """An archive source with `backfill: alert` reads them from a folder."""
    read(archive, poll(story_files(tmp_path), STORIES_SEEN))
    check_stories(archive)


@pytest.mark.parametrize("time_zone", [None, "UTC"])
def test_the_four_stories_as_files_that_are_read_a_year_later(
    archive: Engine, tmp_path: Path, time_zone: str | None
) -> None:
    """`backfill: alert` asks for alerts on what is old: the day counts on which it was said."""
    read(archive, poll(story_files(tmp_path, time_zone), STORIES_SEEN + timedelta(days=450)))
    check_stories(archive)


def test_the_four_stories_served_as_feed_and_pages(archive: Engine) -> None:
    """A feed, completed from a page, and two watched pages."""
    with local_server() as server:
        read(archive, poll(story_pages(server), STORIES_SEEN))
    check_stories(archive)


def test_the_live_blog_as_a_file(archive: Engine, tmp_path: Path) -> None:
    """An archive source whose items are live-blog entries splits the text."""
    shutil.copy(documents.SEEDS / documents.LIVEBLOG, tmp_path / documents.LIVEBLOG)
    read(archive, poll([source("blog", SourceKind.ARCHIVE, str(tmp_path), blog=True)], BLOG_SEEN))
    check_blog(archive)


@pytest.mark.parametrize("markup", [True, False], ids=["schema.org", "headings"])
def test_the_live_blog_as_a_page(archive: Engine, markup: bool) -> None:
    """With schema.org's markup and without."""
    with local_server() as server:
        address = server.serve("/live", Reply(body=documents.liveblog_page(markup=markup).encode()))
        read(archive, poll([source("blog", SourceKind.LIVEBLOG, address, blog=True)], BLOG_SEEN))
    check_blog(archive)


def test_all_five_one_after_the_other(archive: Engine, tmp_path: Path) -> None:
    """The days follow each other in one archive: what the stories announced is not announced again by the blog."""
    stories, blog = tmp_path / "stories", tmp_path / "blog"
    stories.mkdir()
    blog.mkdir()
    read(archive, poll(story_files(stories), STORIES_SEEN))
    shutil.copy(documents.SEEDS / documents.LIVEBLOG, blog / documents.LIVEBLOG)
    read(archive, poll([source("blog", SourceKind.ARCHIVE, str(blog), blog=True)], BLOG_SEEN))
    raised = alerted(archive)
    assert set(raised) >= STORIES_SAY | BLOG_SAYS
    assert set(raised.values()) == {1}
