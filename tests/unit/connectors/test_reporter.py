"""What the poller tells those who run it, through a real outbox."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from connectors.operations import DOWN_AFTER, DOWN_SOURCES
from connectors.reporter import Reporter
from monitor.errors import StorageError
from monitor.observe.metrics import Metrics
from monitor.sourcememory import Pulse
from monitor.storage.alert_payload import decode
from monitor.storage.engine import transaction
from monitor.storage.operations import OutboxOperations
from monitor.storage.sources import PostgresSourceStore, sync_sources
from monitor.storage.tables import alerts
from monitor.types import Bulletin, Source, SourceState
from tests.support.sources import NOW, source
from tests.unit.storage.test_sources import Polled

SOURCES = tuple(source(f"https://h{number}.example/f", id=f"s{number}", name=f"S{number}") for number in range(30))


async def in_thread(work: Callable[[], None]) -> None:
    work()


@dataclass
class Poll:
    """A poller's reporter, its states and its clock."""

    engine: Engine
    channel: str | None = "#ops"
    now: datetime = NOW
    metrics: Metrics = field(default_factory=Metrics)
    states: dict[str, SourceState] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with transaction(self.engine) as conn:
            sync_sources(conn, SOURCES, NOW)
        self.store = PostgresSourceStore(self.engine)
        self.states = self.store.load([each.id for each in SOURCES])
        desk = OutboxOperations(self.engine, channel=self.channel, default="#desk")
        self.reporter = Reporter(SOURCES, desk, metrics=self.metrics, clock=lambda: self.now, in_thread=in_thread)
        self.reporter.recall(self.states.values())

    def polled(self, each: Source, health: str, *, failures: int = 0, last_success: datetime | None = None) -> None:
        """A poll has ended, as the poller saves it."""
        pulse = Pulse(health=health, since=NOW, why="its reason", told=self.reporter.told(each.id))
        state = SourceState(source_id=each.id, failures=failures, pulse=pulse, last_success=last_success)
        self.states[each.id] = state
        self.store.save(state, Polled(source_id=each.id, started=self.now))

    async def round(self) -> None:
        await self.reporter.round(list(self.states.values()))

    def said(self) -> list[tuple[str, str, int]]:
        """Channel, headline and number of lines of what is in the outbox."""
        with transaction(self.engine) as conn:
            rows = conn.execute(sa.select(alerts.c.payload).order_by(alerts.c.id)).scalars()
            read = [decode(each) for each in rows]
        return [(each.channel, each.headline, len(each.lines)) for each in read]


@pytest.fixture
def poll(archive: Engine) -> Poll:
    return Poll(archive)


async def test_many_changes_are_one_message(poll: Poll) -> None:
    """And told once, by whichever process."""
    for each in SOURCES[:25]:
        poll.polled(each, "failing", failures=2)
    await poll.round()
    await poll.round()
    after_restart = Poll(poll.engine)
    await after_restart.round()
    assert poll.said() == [("#ops", "25 sources in trouble", 25)]
    after_restart.polled(SOURCES[0], "ok")
    await after_restart.round()
    assert poll.said()[1:] == [("#ops", "1 source well again", 1)]


async def test_nothing_at_all_coming_is_told_instead_of_what_follows_from_it(poll: Poll) -> None:
    """Once, also by the process after this one; then that it works again, and who is still in trouble."""
    for each in SOURCES[:DOWN_SOURCES]:
        poll.polled(each, "failing", failures=2, last_success=NOW - timedelta(hours=1))
    poll = Poll(poll.engine)
    for each in SOURCES[:DOWN_SOURCES]:
        poll.reporter.begun(each)
    poll.now += DOWN_AFTER
    await poll.round()
    assert poll.metrics.registry.get_sample_value("watchdesk_ingestion_down") == 1
    poll.now += DOWN_AFTER
    await poll.round()
    later = Poll(poll.engine, now=poll.now)
    for each in SOURCES[:DOWN_SOURCES]:
        later.reporter.begun(each)
    later.now += DOWN_AFTER
    await later.round()
    later.reporter.succeeded(SOURCES[0])
    later.polled(SOURCES[0], "ok")
    await later.round()
    await later.round()
    assert later.metrics.registry.get_sample_value("watchdesk_ingestion_down") == 0
    assert poll.said() == [
        ("#ops", "Ingestion is down", 1),
        ("#ops", "Ingestion works again", 1),
        ("#ops", "4 sources in trouble", 4),
    ]


async def test_without_an_operations_channel_only_what_concerns_everybody_is_told(archive: Engine) -> None:
    """In the desk's own channel."""
    poll = Poll(archive, channel=None)
    for each in SOURCES:
        poll.polled(each, "silent")
        poll.reporter.begun(each)
    await poll.round()
    poll.now += DOWN_AFTER
    await poll.round()
    assert poll.said() == [("#desk", "Ingestion is down", 1)]


@dataclass
class Away:
    """A desk that can't be reached the first time, as when Postgres restarts."""

    heard: list[Bulletin] = field(default_factory=list)
    tries: int = 0
    hears_of_sources: bool = True

    def tell(self, bulletin: Bulletin, told: Mapping[str, str]) -> None:
        self.tries += 1
        if self.tries == 1:
            raise StorageError("restarting", temporary=True, sqlstate="57P03")
        self.heard.append(bulletin)


async def test_what_could_not_be_stored_is_told_in_the_next_round() -> None:
    """Nothing of it is lost."""
    desk = Away()
    reporter = Reporter(SOURCES, desk, metrics=Metrics(), clock=lambda: NOW, in_thread=in_thread)
    silent = replace(SourceState(source_id="s1"), pulse=Pulse(health="silent", since=NOW))
    for _ in range(3):
        await reporter.round([silent])
    assert [each.headline for each in desk.heard] == ["1 source in trouble"]
    assert reporter.told("s1") == "silent"
