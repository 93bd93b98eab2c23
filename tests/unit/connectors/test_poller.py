"""The poller on a real web server, a real bus and a real archive."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from prometheus_client import generate_latest
from sqlalchemy import Engine

from connectors.archive import MOST_ITEMS
from connectors.base import Connector, FetchOutcome, FetchResult
from connectors.http import Fetcher, FetchSettings
from connectors.operations import OperationsDesk
from connectors.poller import Poller, PollRecord, PollSettings, SourceStore
from connectors.registry import connectors_for
from connectors.websub import PushSettings
from monitor.bus.embedded import EmbeddedBus
from monitor.bus.settings import MAX_RECORD_BYTES, EmbeddedSettings
from monitor.codec import RAW_TOPIC, decode
from monitor.errors import BusConfigError, FetchError, StorageError
from monitor.observe.metrics import Metrics
from monitor.storage.engine import transaction
from monitor.storage.sources import PostgresSourceStore, sync_sources
from monitor.types import Backfill, RawItem, Source, SourceKind, SourceState
from tests.support.feeds import item, rss
from tests.support.hostile import hostile_server, rows
from tests.support.httpserver import LocalServer, Reply
from tests.support.sources import source

PATIENCE = 30.0
FAST = timedelta(seconds=0.2)


def now() -> datetime:
    return datetime.now(UTC)


def wait_for(done: Callable[[], object], what: str) -> None:
    """Fails when it does not come."""
    deadline = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < deadline, f"waited in vain: {what}"
        time.sleep(0.02)


@dataclass(kw_only=True)
class Desk:
    """A bus, an archive, and pollers to run on them."""

    bus: EmbeddedBus
    engine: Engine
    metrics: Metrics = field(default_factory=Metrics)
    errors: list[Exception] = field(default_factory=list)

    @property
    def store(self) -> PostgresSourceStore:
        return PostgresSourceStore(self.engine)

    @contextmanager
    def polling(
        self,
        *sources: Source,
        connectors: Mapping[SourceKind, Connector] | None = None,
        store: SourceStore | None = None,
        grace: float = 5,
        operations: OperationsDesk | None = None,
        pushes: PushSettings | None = None,
        fetching: FetchSettings | None = None,
    ) -> Iterator[threading.Thread]:
        """Poll these sources until the block ends."""
        with transaction(self.engine) as conn:
            sync_sources(conn, sources, now())
        fetcher = Fetcher(fetching or FetchSettings(), clock=now)
        poller = Poller(
            sources=sources,
            fetcher=fetcher,
            connectors=connectors or connectors_for(fetcher, clock=now),
            bus=self.bus,
            store=store or self.store,
            metrics=self.metrics,
            clock=now,
            dice=random.Random(1),
            settings=PollSettings(grace=grace, operations_round=0.1),
            operations=operations,
            pushes=pushes,
        )
        stop = threading.Event()

        def run() -> None:
            try:
                poller.run(stop)
            except Exception as error:  # noqa: BLE001 - the test looks at it
                self.errors.append(error)

        thread = threading.Thread(target=run, name="poller", daemon=True)
        thread.start()
        try:
            yield thread
        finally:
            stop.set()
            thread.join(PATIENCE)
            assert not thread.is_alive(), "the poller did not stop"

    def items(self) -> list[RawItem]:
        """Everything on the bus."""
        found: list[RawItem] = []

        def read_on() -> bool:
            found.extend(decode(each.value or b"") for each in reader.poll(max_records=500, timeout=0.2))
            return bool(reader.assignment()) and not any(reader.lag().values())

        with self.bus.consumer(group=f"reader-{time.monotonic_ns()}", topics=[RAW_TOPIC]) as reader:
            wait_for(read_on, "all items")
        return found

    def state(self, source_id: str = "wire") -> SourceState:
        return self.store.load([source_id])[source_id]

    def metric(self, line: str) -> bool:
        return line in generate_latest(self.metrics.registry).decode()


@pytest.fixture
def desk(postgres_url: str, archive: Engine) -> Iterator[Desk]:
    """The bus in one database, the archive in another; the bus has its tables."""
    bus = EmbeddedBus(EmbeddedSettings(url=postgres_url))
    bus.ensure_topics()
    yield Desk(bus=bus, engine=archive)
    bus.close()


@dataclass(slots=True)
class Script:
    """A connector that does what a test tells it."""

    act: Callable[[Source, SourceState], FetchResult]
    delay: float = 0.0
    polls: list[str] = field(default_factory=list)
    under_way: dict[str, int] = field(default_factory=dict)
    most_of_one: int = 0

    async def fetch(self, source: Source, state: SourceState) -> FetchResult:
        self.polls.append(source.id)
        self.under_way[source.id] = self.under_way.get(source.id, 0) + 1
        self.most_of_one = max(self.most_of_one, self.under_way[source.id])
        try:
            await asyncio.sleep(self.delay)
            return self.act(source, state)
        finally:
            self.under_way[source.id] -= 1


def nothing_new(_: Source, state: SourceState) -> FetchResult:
    return FetchResult(items=(), state=state, outcome=FetchOutcome.UNCHANGED)


def one_item(source: Source, state: SourceState, *, text: str = "") -> FetchResult:
    found = RawItem(
        source_id=source.id,
        source_name=source.name,
        tier=source.tier,
        kind=source.item_kind,
        key=f"k{state.polls}",
        url=None,
        title="t",
        text=text,
        seen=now(),
    )
    return FetchResult(items=(found,), state=state, outcome=FetchOutcome.CHANGED)


def scripted(script: Script) -> dict[SourceKind, Connector]:
    return {SourceKind.FEED: script}


def test_items_go_to_the_bus_and_the_state_to_the_archive(desk: Desk, web: LocalServer) -> None:
    """Keyed by source, in order; a second poll asks with the validators that the first one kept."""
    url = web.serve("/f", Reply(body=rss(item(2), item(1)), etag='"1"'))
    with desk.polling(source(url, interval=FAST)):
        wait_for(lambda: len(web.asked("/f")) >= 2 and desk.state().polls >= 2, "a second poll")
    assert [each.key for each in desk.items()] == ["guid-1", "guid-2"]
    state = desk.state()
    assert (state.etag, state.failures, state.last_outcome) == ('"1"', 0, FetchOutcome.NOT_MODIFIED)
    assert state.seen_items.keys() == {"guid-1", "guid-2"}
    assert state.next_poll is not None
    assert web.asked("/f")[1].headers["If-None-Match"] == '"1"'
    assert desk.metric('watchdesk_polls_total{outcome="changed",source="wire"} 1.0')
    assert desk.metric('watchdesk_items_found_total{source="wire"} 2.0')
    assert desk.errors == []


def test_what_a_new_source_has_already_is_no_news(desk: Desk, web: LocalServer) -> None:
    """The items of the first successful poll are marked, those of later ones are not."""
    url = web.serve("/f", Reply(status=500), Reply(body=rss(item(1))), Reply(body=rss(item(2), item(1))))
    with desk.polling(source(url, interval=FAST)):
        wait_for(lambda: desk.state().polls >= 2, "two successful polls")
    assert {each.key: each.backfill for each in desk.items()} == {"guid-1": True, "guid-2": False}


def test_a_source_may_have_its_old_items_told(desk: Desk, web: LocalServer) -> None:
    """With `backfill: alert`."""
    url = web.serve("/f", Reply(body=rss(item(1))))
    with desk.polling(source(url, interval=FAST, backfill=Backfill.ALERT)):
        wait_for(lambda: desk.state().polls, "a poll")
    assert [each.backfill for each in desk.items()] == [False]


def test_while_the_bus_takes_nothing_nothing_is_fetched(postgres_url: str, archive: Engine, web: LocalServer) -> None:
    """What was fetched is held, no state saved, no source asked again; when the bus is back, nothing is missing."""
    bus = EmbeddedBus(EmbeddedSettings(url=postgres_url))  # without its tables it takes nothing
    desk = Desk(bus=bus, engine=archive)
    first, second = web.serve("/1", Reply(body=rss(item(1)))), web.serve("/2", Reply(body=rss(item(2))))
    sources = [source(first, interval=FAST), source(second, id="other", interval=FAST)]
    try:
        with desk.polling(*sources):
            wait_for(lambda: web.asked("/1"), "a first fetch")
            time.sleep(2)  # ten intervals
            assert len(web.asked("/1")) <= 1
            assert len(web.asked("/2")) <= 1
            assert desk.state() == SourceState(source_id="wire")
            bus.ensure_topics()
            wait_for(lambda: desk.state().polls and desk.state("other").polls, "saved states")
        assert {each.key for each in desk.items()} == {"guid-1", "guid-2"}
    finally:
        bus.close()


def test_a_bus_that_can_never_be_reached_ends_the_poller(desk: Desk, postgres_url: str) -> None:
    """With the error that says what to set right."""
    nowhere = sa.make_url(postgres_url).set(database="nowhere").render_as_string(hide_password=False)
    wrong = Desk(bus=EmbeddedBus(EmbeddedSettings(url=nowhere)), engine=desk.engine)
    with wrong.polling(source("http://127.0.0.1:9/")) as thread:
        thread.join(PATIENCE)
    assert [type(error) for error in wrong.errors] == [BusConfigError]


def test_a_slow_source_holds_up_no_other(desk: Desk, web: LocalServer) -> None:
    """And is cut off when the poller has to stop."""
    slow = source(web.serve("/slow", Reply(body=rss(item(1)), delay=25)), id="slow")
    quick = source(f"http://localhost:{web.port}/quick", interval=FAST)
    web.serve("/quick", Reply(body=rss(item(2))))
    with desk.polling(slow, quick, grace=0.2):
        wait_for(lambda: desk.state().polls >= 3, "three polls of the quick one")
        assert web.asked("/slow")
    assert desk.state("slow") == SourceState(source_id="slow")
    assert desk.errors == []


def test_a_poll_under_way_is_finished_before_the_end(desk: Desk, web: LocalServer) -> None:
    """Within the grace time what was begun is published and saved."""
    url = web.serve("/f", Reply(body=rss(item(1)), delay=1))
    with desk.polling(source(url)):
        wait_for(lambda: web.asked("/f"), "the request")
    assert desk.state().polls == 1
    assert len(desk.items()) == 1


def test_failures_are_counted_and_one_success_resets(desk: Desk, web: LocalServer) -> None:
    """What went wrong is kept with the source until it goes right."""
    url = web.serve("/f", Reply(status=404), Reply(status=404), Reply(body=rss(item(1))))
    with desk.polling(source(url, interval=FAST)):
        wait_for(lambda: desk.state().failures == 2, "two failures")
        failed = desk.state()
        wait_for(lambda: desk.state().polls, "a success")
    assert (failed.last_outcome, failed.polls) == (FetchOutcome.NOT_FOUND, 0)
    assert "404" in failed.last_error
    assert (desk.state().failures, desk.state().last_error) == (0, "")


def test_a_server_that_asks_for_patience_gets_it(desk: Desk, web: LocalServer) -> None:
    """Retry-After goes before the interval, and is still kept after a restart."""
    url = web.serve("/f", Reply(status=429, headers={"Retry-After": "3600"}))
    wire = source(url, interval=FAST)
    with desk.polling(wire):
        wait_for(lambda: desk.state().failures, "a failure")
    state = desk.state()
    assert state.next_poll is not None
    assert timedelta(minutes=59) < state.next_poll - now() < timedelta(minutes=67)
    with desk.polling(wire):
        time.sleep(1)
    assert len(web.asked("/f")) == 1


def test_a_server_that_refuses_is_left_alone_by_all_its_sources_after_a_restart_too(
    desk: Desk, web: LocalServer
) -> None:
    """One that has not been refused itself, and is new or due at once, does not ask either."""
    refused = source(web.serve("/f", Reply(status=429, headers={"Retry-After": "3600"})), interval=FAST)
    with desk.polling(refused):
        wait_for(lambda: desk.state().failures, "a failure")
    neighbour = replace(refused, id="neighbour", url=web.serve("/g", Reply(body=rss(item(1)))))
    with desk.polling(refused, neighbour):
        wait_for(lambda: desk.state("neighbour").failures, "a poll of the neighbour")
    assert desk.state("neighbour").last_outcome == FetchOutcome.RATE_LIMITED
    assert web.asked("/g") == []


def test_one_source_is_polled_one_at_a_time(desk: Desk) -> None:
    """However long a poll takes; runs that were missed meanwhile are one."""
    script = Script(nothing_new, delay=0.5)
    with desk.polling(source("x", interval=timedelta(seconds=0.1)), connectors=scripted(script)):
        wait_for(lambda: len(script.polls) >= 3, "three polls")
    assert script.most_of_one == 1


def test_a_connector_that_breaks_ends_no_other_source(desk: Desk) -> None:
    """An exception that nobody foresaw is a failed poll like others."""

    def act(source: Source, state: SourceState) -> FetchResult:
        if source.id == "bad":
            raise ZeroDivisionError("oh")
        return nothing_new(source, state)

    script = Script(act)
    with desk.polling(source("x", id="bad", interval=FAST), source("x", interval=FAST), connectors=scripted(script)):
        wait_for(lambda: desk.state("bad").failures >= 2 and desk.state().polls >= 3, "polls of both")
    assert desk.state("bad").last_outcome == FetchOutcome.PARSE_ERROR
    assert "ZeroDivisionError: oh" in desk.state("bad").last_error


def test_an_item_that_the_bus_will_never_take_harms_no_other(desk: Desk) -> None:
    """Its source has failed; the others' items arrive."""

    def act(source: Source, state: SourceState) -> FetchResult:
        return one_item(source, state, text="x" * MAX_RECORD_BYTES if source.id == "huge" else "")

    script = Script(act)
    with desk.polling(source("x", id="huge", interval=FAST), source("x", interval=FAST), connectors=scripted(script)):
        wait_for(lambda: desk.state("huge").failures and desk.state().polls >= 2, "polls of both")
    assert desk.state("huge").last_outcome == FetchOutcome.TOO_LARGE
    assert {each.source_id for each in desk.items()} == {"wire"}


def test_an_archive_with_more_to_read_is_read_on_at_once(desk: Desk) -> None:
    """Without waiting for its interval of ten minutes."""

    def act(source: Source, state: SourceState) -> FetchResult:
        return replace(one_item(source, state), more=len(script.polls) < 4)

    script = Script(act)
    with desk.polling(source("x"), connectors=scripted(script)):
        wait_for(lambda: desk.state().polls, "the end of the first reading")
        time.sleep(0.5)
    assert len(script.polls) == 4


def test_all_that_a_new_archive_holds_is_old_news_however_many_polls_it_takes(desk: Desk, tmp_path: Path) -> None:
    """One poll takes 5,000 items: the one after them is marked like them, what is added later is not."""
    cuttings = tmp_path / "cuttings.jsonl"
    cuttings.write_text("".join(f'{{"id": "{n}", "title": "Old {n}"}}\n' for n in range(MOST_ITEMS + 1)))
    with desk.polling(source(str(cuttings), SourceKind.ARCHIVE, interval=FAST)):
        wait_for(lambda: desk.state().polls, "the end of the first reading")
        with cuttings.open("a") as file:
            file.write('{"id": "added", "title": "New"}\n')
        wait_for(lambda: desk.metric(f'watchdesk_items_found_total{{source="wire"}} {MOST_ITEMS + 2}.0'), "the rest")
    found = desk.items()
    assert len(found) == MOST_ITEMS + 2
    assert [each.title for each in found if not each.backfill] == ["New"]


def test_a_first_reading_that_is_broken_off_is_still_the_first(desk: Desk) -> None:
    """A failed poll in the middle of it, and a restart, change nothing."""

    def act(source: Source, state: SourceState) -> FetchResult:
        number = len(script.polls)
        if number == 2:
            raise FetchError(FetchOutcome.TIMEOUT, "slow")
        return replace(one_item(source, state), more=number == 1)

    script = Script(act)
    wire = source("x", interval=FAST)
    with desk.polling(wire, connectors=scripted(script)):
        wait_for(lambda: desk.state().failures, "a failure")
    with desk.polling(wire, connectors=scripted(script)):
        wait_for(lambda: desk.state().polls >= 2, "polls after the first reading")
    assert [each.backfill for each in desk.items()][:3] == [True, True, False]


@dataclass
class Forgetful:
    """A store that fails to save, as a Postgres that restarts does, the first so many times."""

    real: PostgresSourceStore
    failures: int

    def load(self, source_ids: Iterable[str]) -> dict[str, SourceState]:
        return self.real.load(source_ids)

    def save(self, state: SourceState, poll: PollRecord) -> None:
        if self.failures:
            self.failures -= 1
            raise StorageError("restarting", temporary=True, sqlstate="57P03")
        self.real.save(state, poll)


def test_a_state_that_could_not_be_saved_is_saved_later(desk: Desk, web: LocalServer) -> None:
    """The poller goes on with what it knows, and publishes nothing twice."""
    url = web.serve("/f", Reply(body=rss(item(1))))
    with desk.polling(source(url, interval=FAST), store=Forgetful(desk.store, 2)):
        wait_for(lambda: desk.state().polls >= 3, "the third poll's state")
    assert len(desk.items()) == 1


def test_how_old_an_item_was_is_left_to_those_who_store_it(desk: Desk, web: LocalServer) -> None:
    """The processor observes it once for each stored item: counted here as well it would be counted twice."""
    url = web.serve("/f", Reply(body=rss(item(1))))
    with desk.polling(source(url, backfill=Backfill.ALERT)):
        wait_for(lambda: desk.state().polls, "a poll")
    assert [each.published is not None for each in desk.items()] == [True]
    assert desk.metric("watchdesk_published_to_seen_seconds_count 0.0")


def test_failures_of_every_kind_are_counted_by_their_outcome(desk: Desk) -> None:
    """The metric's label is the outcome, each poll counted once."""

    def act(_: Source, state: SourceState) -> FetchResult:
        raise FetchError(FetchOutcome.BLOCKED, "no", retry_after=None)

    with desk.polling(source("x"), connectors=scripted(Script(act))):
        wait_for(lambda: desk.state().failures, "a failure")
    assert desk.metric('watchdesk_polls_total{outcome="blocked",source="wire"} 1.0')
    assert desk.metric('watchdesk_source_failures{source="wire"} 1.0')


def test_a_hostile_server_ends_no_poll_of_anybody(desk: Desk) -> None:
    """Every row as a source, and a good one among them: each has its outcome, and its next check in the future."""
    with hostile_server() as hostile:
        played = {f"row{number}": row for number, row in enumerate(rows())}
        wires = [source(hostile.url(row.path), id=name, interval=timedelta(hours=1)) for name, row in played.items()]
        with desk.polling(*wires, fetching=FetchSettings(total_timeout=0.6, connect_timeout=0.3)):
            wait_for(lambda: all(each.last_outcome for each in states(desk, played)), "a poll of every row")
    for state in states(desk, played):
        row = played[state.source_id]
        assert state.last_outcome == (row.outcome or FetchOutcome.CHANGED), row.path
        assert state.next_poll is not None
        assert timedelta(minutes=50) < state.next_poll - now() < timedelta(minutes=70)
        assert (state.failures, state.polls) == ((1, 0) if row.outcome else (0, 1))
    assert desk.errors == []


def states(desk: Desk, names: Iterable[str]) -> list[SourceState]:
    found = desk.store.load(names)
    return [found.get(name) or SourceState(source_id=name) for name in names]
