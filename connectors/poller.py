"""The poller: reads each source when it is due, hands what is new to the bus, and only then remembers it."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

import structlog

from connectors import pulse, websub
from connectors.addresses import is_web_url
from connectors.base import Connector, FetchOutcome, FetchResult
from connectors.health import Health
from connectors.http import Fetcher
from connectors.items import marked
from connectors.operations import OperationsDesk
from connectors.publisher import Publisher
from connectors.pushes import Subscriptions
from connectors.reporter import Reporter
from connectors.schedule import after_failure, after_success, first_waits, slowest
from connectors.timetable import Timetable
from connectors.websub import PushSettings
from monitor.bus.base import Bus, Record
from monitor.codec import RAW_TOPIC, SCHEMA, encode
from monitor.errors import FetchError, RecordTooLarge, StorageError
from monitor.observe.metrics import Metrics
from monitor.sourcememory import Pulse
from monitor.types import RawItem, Source, SourceKind, SourceState

T = TypeVar("T")

log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class PollRecord:
    """How one poll went, for the archive."""

    source_id: str
    started: datetime
    seconds: float
    outcome: str
    items: int = 0
    skipped: int = 0
    message: str = ""


class SourceStore(Protocol):
    """Remembers the state of sources between polls and runs. Called from worker threads. Raises StorageError."""

    def load(self, source_ids: Iterable[str]) -> dict[str, SourceState]:
        """The state of each source that is known."""
        ...

    def save(self, state: SourceState, poll: PollRecord) -> None:
        """Keep the state and the record of the poll that led to it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PollSettings:
    """How the poller behaves; times in seconds."""

    grace: float = 8.0  # for polls that are under way when the poller is to stop
    flush_timeout: float = 30.0
    start_spacing: float = 0.05  # between sources that are overdue at the start
    clock_check: float = 5.0
    operations_round: float = 60.0  # between two looks for what those who run this should know


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ended:
    """What a poll came to."""

    state: SourceState
    wait: timedelta
    outcome: str
    items: int = 0
    skipped: int = 0
    message: str = ""


class Poller:
    """Polls sources for as long as it is told to. One poll at a time of each source; none waits for another source."""

    def __init__(
        self,
        *,
        sources: Sequence[Source],
        fetcher: Fetcher,
        connectors: Mapping[SourceKind, Connector],
        bus: Bus,
        store: SourceStore,
        metrics: Metrics,
        clock: Callable[[], datetime],
        dice: random.Random,
        monotonic: Callable[[], float] = time.monotonic,
        settings: PollSettings | None = None,
        operations: OperationsDesk | None = None,
        pushes: PushSettings | None = None,
    ) -> None:
        self._sources = {source.id: source for source in sources}
        self._fetcher = fetcher
        self._connectors = connectors
        self._store = store
        self._metrics = metrics
        self._clock = clock
        self._dice = dice
        self._monotonic = monotonic
        self._settings = settings or PollSettings()
        # Apart from the loop's own threads, which look up names: a slow name server must not hold up the bus.
        self._threads = ThreadPoolExecutor(4, thread_name_prefix="poller")
        self._publisher = Publisher(bus, executor=self._threads, flush_timeout=self._settings.flush_timeout, dice=dice)
        self._timetable = Timetable(self._start, wall=clock, monotonic=monotonic)
        self._reporter = Reporter(sources, operations, metrics=metrics, clock=clock, in_thread=self._in_thread)
        self._subscriptions = pushes and Subscriptions(
            sources, fetcher, pushes, clock=clock, metrics=metrics, due=self._pushed
        )
        self._pushed_meanwhile: set[str] = set()  # while a poll was under way that may have missed what was pushed
        self._states: dict[str, SourceState] = {}
        self._running: dict[str, asyncio.Task[None]] = {}

    def run(self, stop: threading.Event) -> None:
        """Poll until `stop` is set.

        Raises StorageError when the states can't be loaded, BusConfigError when the bus can't ever be reached,
        ConfigError when hubs can't be answered.
        """
        asyncio.run(self._run(stop))

    async def _run(self, stop: threading.Event) -> None:
        self._states = await self._in_thread(lambda: self._store.load(list(self._sources)))
        self._reporter.recall(self._states.values())
        if self._subscriptions:
            self._subscriptions.recall(self._states.values())
        publishing = asyncio.create_task(self._publisher.run())
        watching = asyncio.create_task(self._timetable.watch_clock(self._settings.clock_check))
        reporting = asyncio.create_task(self._reporter.run(self._settings.operations_round, self._states))
        try:
            async with self._fetcher, self._subscriptions.serving() if self._subscriptions else nullcontext():
                await self._recall_holds()
                self._timetable.start()
                self._enter_all()
                while not stop.is_set() and not publishing.done():
                    await asyncio.sleep(0.1)
                self._timetable.stop()
                await self._finish()
        finally:
            watching.cancel()
            reporting.cancel()
            publishing.cancel()
            self._threads.shutdown(wait=False)
        if publishing.done() and not publishing.cancelled() and (error := publishing.exception()):
            raise error

    async def _recall_holds(self) -> None:
        """Leave those alone who had asked for it before this run."""
        for source in self._sources.values():
            reach, now = self._state(source).reach, self._clock()
            address = reach.configured or source.url
            if reach.held_until is not None and reach.held_until > now and is_web_url(address):
                left = (reach.held_until - now).total_seconds()
                await self._fetcher.recall(address, left, allow_private=source.allow_private)

    def _enter_all(self) -> None:
        """Enter every source for its time; those that are overdue one shortly after the other."""
        spacing = self._settings.start_spacing
        waits = first_waits(self._sources.values(), self._states, self._clock(), spacing=spacing)
        for source_id, wait in waits.items():
            self._timetable.enter(source_id, wait)
        log.info("polling", sources=len(waits), longest_wait=round(max(waits.values(), default=0.0)))

    async def _finish(self) -> None:
        """Let polls that are under way end, for a while; what is cut off then was not saved and is read again."""
        if not self._running:
            return
        grace = self._settings.grace if self._publisher.takes_items.is_set() else 0.0  # without the bus none can end
        log.info("finishing_polls", running=len(self._running), seconds=grace)
        _, late = await asyncio.wait(self._running.values(), timeout=grace)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    def _start(self, source_id: str, late: float) -> None:
        """Begin a poll that is due."""
        self._metrics.poll_lateness_seconds.observe(late)
        task = asyncio.create_task(self._poll(self._sources[source_id]), name=f"poll {source_id}")
        self._running[source_id] = task
        task.add_done_callback(lambda _: self._running.pop(source_id, None))

    def _pushed(self, source_id: str) -> None:
        """A hub says that a source has something new: it is due."""
        if source_id in self._running:
            self._pushed_meanwhile.add(source_id)
        else:
            self._timetable.enter(source_id, 0.0)

    async def _poll(self, source: Source) -> None:
        """One poll, from fetch to saved state, and the entry of the next."""
        self._reporter.begun(source)
        await self._publisher.takes_items.wait()
        before = self._state(source)
        started, began = self._clock(), self._monotonic()
        try:
            result = await self._connectors[source.kind].fetch(source, before)
            items = marked(result.items, source, before)
            await self._publisher.deliver(await self._in_thread(lambda: [_record(item) for item in items]))
        except FetchError as error:
            ended = self._failed(source, before, error.outcome, str(error), error.retry_after)
        except RecordTooLarge as error:
            ended = self._failed(source, before, FetchOutcome.TOO_LARGE, str(error))
        except Exception as error:
            # A fault in one connector must not end the polling of all other sources.
            log.exception("poll_broke", source=source.id)
            ended = self._failed(source, before, FetchOutcome.PARSE_ERROR, f"{type(error).__name__}: {error}")
        else:
            ended = self._succeeded(source, before, result)
        await self._close(source, ended, started, self._monotonic() - began)

    def _succeeded(self, source: Source, before: SourceState, result: FetchResult) -> _Ended:
        now = self._clock()
        learned = pulse.after_success(source, before, result, now)
        interval = pulse.interval_of(source, learned)
        self._reporter.succeeded(source)
        if self._subscriptions and not result.more:
            push = self._subscriptions.polled(source, result, before=before.last_success)
            interval = websub.backup(interval, push, news=bool(result.items), before=before.last_success, now=now)
        wait = timedelta() if result.more else after_success(interval, self._dice)
        state = replace(
            result.state,
            # A source's first reading may take several polls; until it is through, what it brings is old news.
            polls=before.polls + (not result.more),
            failures=0,
            last_success=now,
            last_outcome=result.outcome,
            last_error="",
            next_poll=now + wait,
            pulse=learned,
        )
        return _Ended(
            state=state,
            wait=wait,
            outcome=result.outcome,
            items=len(result.items),
            skipped=result.skipped,
            message=result.message,
        )

    def _failed(
        self, source: Source, before: SourceState, outcome: str, message: str, asked: float | None = None
    ) -> _Ended:
        failures = before.failures + 1
        wait = after_failure(
            pulse.interval_of(source, before.pulse), failures, asked, self._dice, longest=slowest(outcome)
        )
        log.warning("poll_failed", source=source.id, outcome=outcome, failures=failures, error=message)
        now = self._clock()
        reach = before.reach
        if outcome == FetchOutcome.RATE_LIMITED and asked:
            reach = replace(reach, held_until=now + timedelta(seconds=asked))
        state = replace(
            before,
            reach=reach,
            failures=failures,
            last_outcome=outcome,
            last_error=message,
            next_poll=now + wait,
            pulse=pulse.after_failure(before.pulse, outcome, message, now),
        )
        return _Ended(state=state, wait=wait, outcome=outcome, message=message)

    async def _close(self, source: Source, ended: _Ended, started: datetime, seconds: float) -> None:
        """Save, count, and enter the next poll."""
        was = self._state(source).pulse
        learned = replace(ended.state.pulse, told=self._reporter.told(source.id))
        if self._subscriptions:
            learned = replace(learned, push=self._subscriptions.of(source.id))
        state = self._states[source.id] = replace(ended.state, pulse=learned)
        record = PollRecord(
            source_id=source.id,
            started=started,
            seconds=seconds,
            outcome=ended.outcome,
            items=ended.items,
            skipped=ended.skipped,
            message=ended.message,
        )
        try:
            await self._in_thread(lambda: self._store.save(state, record))
        except StorageError as error:
            # The bus has the items, and the state is known here: the next save makes up for this one.
            log.warning("state_not_saved", source=source.id, error=str(error))
        self._note_health(source, was, learned)
        self._metrics.polls.labels(source.id, ended.outcome).inc()
        self._metrics.poll_seconds.observe(seconds)
        self._metrics.source_failures.labels(source.id).set(ended.state.failures)
        if ended.items:
            self._metrics.items_found.labels(source.id).inc(ended.items)
        if ended.skipped:
            self._metrics.entries_skipped.labels(source.id).inc(ended.skipped)
        if ended.state.last_success:
            self._metrics.source_last_success.labels(source.id).set(ended.state.last_success.timestamp())
        log.debug("polled", source=source.id, outcome=ended.outcome, items=ended.items, seconds=round(seconds, 3))
        again = source.id in self._pushed_meanwhile
        self._pushed_meanwhile.discard(source.id)
        self._timetable.enter(source.id, 0.0 if again else ended.wait.total_seconds())

    def _note_health(self, source: Source, was: Pulse, now: Pulse) -> None:
        """Show how the source does, and log what has changed."""
        if was.health != now.health:
            level = log.info if Health(now.health).well else log.warning
            level("source_health", source=source.id, health=now.health, was=was.health, why=now.why)
            self._metrics.forget_health(source.id, was.health)
        self._metrics.source_health.labels(source.id, now.health).set(1)
        self._metrics.source_interval_seconds.labels(source.id).set(pulse.interval_of(source, now).total_seconds())
        if now.gap_at != was.gap_at:
            self._metrics.gaps_suspected.labels(source.id).inc()

    def _state(self, source: Source) -> SourceState:
        return self._states.get(source.id) or SourceState(source_id=source.id)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)


def _record(item: RawItem) -> Record:
    return Record(topic=RAW_TOPIC, key=item.source_id.encode(), value=encode(item), headers={"schema": SCHEMA})
