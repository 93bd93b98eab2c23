"""`backfill: alert`: the past of a new source is told as on the days when it was published."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from connectors.http import Fetcher
from connectors.items import marked
from connectors.registry import connectors_for
from monitor import pipeline
from monitor.language import gazetteer
from monitor.notify.content import content
from monitor.pipeline import Processed, Watch
from monitor.storage.engine import transaction
from monitor.types import Backfill, Outcome, RawItem, Search, Source, SourceKind, SourceState, WatchTopic

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)
SAID = datetime(2024, 6, 10, 8, tzinfo=UTC)  # a Monday, nearly two years before it is read
ANNOUNCED = """---
title: Modi to visit Russia on Thursday
date: 2024-06-10T08:00:00Z
lang: en
---
Indian Prime Minister Narendra Modi will visit Russia on Thursday, India's foreign ministry said.
"""
ARRIVED = """---
title: Modi arrives in Moscow
date: 2024-06-13T15:00:00Z
lang: en
---
MOSCOW, June 13 - Indian Prime Minister Narendra Modi arrived in Moscow on Thursday, India's foreign ministry said.
"""
WATCH = Watch(
    topics=(
        WatchTopic(id="modi", name="Modi abroad", frame="travel", subjects=("narendra-modi",)),
        WatchTopic(id="moscow", name="Moscow", frame="", search=Search(any=("Moscow",))),
    ),
    gazetteer=gazetteer.load(),
    default_channel="#desk",
)


def first_reading(folder: Path, backfill: Backfill) -> tuple[RawItem, ...]:
    """What the first poll of a folder brings, the newest file first by name."""
    (folder / "a.md").write_text(ARRIVED, encoding="utf-8")
    (folder / "b.md").write_text(ANNOUNCED, encoding="utf-8")
    source = Source(
        id="cuttings",
        name="Cuttings",
        kind=SourceKind.ARCHIVE,
        url=str(folder),
        interval=timedelta(hours=1),
        backfill=backfill,
    )

    async def poll() -> tuple[RawItem, ...]:
        fetcher = Fetcher(clock=lambda: NOW)
        async with fetcher:
            new = SourceState(source_id=source.id)
            result = await connectors_for(fetcher, clock=lambda: NOW)[source.kind].fetch(source, new)
            assert result.skipped == 0, result.message
            return marked(result.items, source, new)

    return asyncio.run(poll())


def processed(archive: Engine, items: Sequence[RawItem]) -> list[Processed]:
    """The items after the real pipeline, in their order."""
    with transaction(archive) as connection:
        return list(pipeline.process(connection, [pipeline.read(item, WATCH) for item in items], WATCH))


def test_old_news_is_alerted_in_its_own_order_and_time(archive: Engine, tmp_path: Path) -> None:
    """The announcement is the older one; its "Thursday" is reckoned from its own day, and nothing is too late."""
    announced, arrived = processed(archive, first_reading(tmp_path, Backfill.ALERT))
    assert [(alert.topic, alert.stage) for alert in announced.alerts] == [("modi", "announced")]
    assert [(alert.topic, alert.stage) for alert in arrived.alerts] == [("modi", "arrived"), ("moscow", "reported")]
    assert announced.alerts[0].event_date == date(2024, 6, 13)
    assert announced.alerts[0].first_seen == SAID


def test_such_an_alert_has_the_day_of_its_article_under_first_seen_here(archive: Engine, tmp_path: Path) -> None:
    """As docs/sources.md and docs/alerts.md have it."""
    announced, _ = processed(archive, first_reading(tmp_path, Backfill.ALERT))
    facts = {fact.label: fact.value for fact in content(announced.alerts[0]).facts}
    assert facts["First seen here"] == facts["Published"]
    assert "10 Jun 2024" in facts["First seen here"]


@pytest.mark.parametrize("topic", ["modi", "moscow"])
def test_without_it_the_same_files_alert_nothing(archive: Engine, tmp_path: Path, topic: str) -> None:
    """They are kept, as seen when they were read, with their reason."""
    both = processed(archive, first_reading(tmp_path, Backfill.ARCHIVE))
    decisions = [each for item in both for each in item.decisions if each.claim.topic == topic]
    assert decisions
    assert not [alert for item in both for alert in item.alerts]
    assert all(each.outcome in (Outcome.BACKFILL, Outcome.LATE, Outcome.CORROBORATES) for each in decisions)
    assert all(item.article.seen - NOW < timedelta(seconds=1) and item.article.seen >= NOW for item in both)
