"""`watchdesk demo`: the real parts, run together on this machine against the recorded stream."""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from sqlalchemy import Engine

from connectors.http import Fetcher, FetchSettings
from connectors.poller import Poller
from connectors.registry import connectors_for
from monitor.bus import open_bus
from monitor.bus.base import Bus
from monitor.commands.service import INTERRUPTED, OK, Crew, Work, owner, stopping
from monitor.commands.vocabulary import vocabulary_of
from monitor.config import load_config
from monitor.demo import ledger, screen
from monitor.demo.ledger import Arrival
from monitor.demo.server import DemoServer
from monitor.demo.sources import sources
from monitor.demo.stream import DemoItem, StreamClock, load
from monitor.dispatcher import Dispatcher
from monitor.errors import ConfigError
from monitor.language import gazetteer
from monitor.normalize import clean_line
from monitor.notify.base import Receipt
from monitor.notify.console import ConsoleNotifier
from monitor.observe.logs import configure
from monitor.observe.metrics import Metrics
from monitor.outcomes import DispatcherSettings
from monitor.pipeline import Watch
from monitor.processor import Processor
from monitor.storage import migrate
from monitor.storage.embedded import EmbeddedPostgres
from monitor.storage.engine import make_engine, transaction
from monitor.storage.sources import PostgresSourceStore, sync_sources
from monitor.types import Alert, Source

STEP = 1.2  # seconds between two items of the stream
WARM_UP = 4.0  # seconds for the first item, in which every part reads what it needs for the first time
LOOK = 0.25  # seconds between two looks into the archive
PATIENCE = 30.0  # seconds for the last items to be processed and the last alerts to be said
EDIT_EVERY = 15.0  # seconds between two edits of one message: a minute would be most of the demo
CHANNEL = "#foreign-desk"
FAILED = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stage:
    """What the demo runs on."""

    engine: Engine
    bus: Bus
    sources: tuple[Source, ...]
    clock: StreamClock
    console: Console
    show: _Show
    data_dir: Path


def run_demo(console: Console, *, data_dir: Path | None = None, step: float = STEP) -> int:
    """Play the stream, one item each `step` seconds, and show what becomes of it. Returns the exit code.

    Everything is kept in `data_dir`, which must be new or empty; without one, in a directory that is removed at the
    end. 0: the main job was done; 1: items were lost or nothing was said; 130: interrupted.
    """
    configure(stream=sys.stderr, form="pretty", level="warning", process="demo")
    items = load()
    with stopping() as stop, ExitStack() as stack:
        console.print("Starting an embedded Postgres and a web server ...", style="dim")
        directory = stack.enter_context(_directory(data_dir))
        clock = StreamClock([item.seen for item in items], step=step, first=WARM_UP)
        stage = _stage(stack, console, directory, items, clock)
        screen.opening(console, len(items), len(stage.sources), WARM_UP + step * len(items))
        clock.start()
        crew = Crew(_work(stage, stop.event), stop.event)
        crew.start()
        finished = _play(stage, items, stop.event)
        stop.event.set()
        crew.wait()
        if stop.signal is not None:
            console.print("Interrupted.", style="yellow")
            return INTERRUPTED
        return _close(stage, items, finished, crew)


@contextmanager
def _directory(chosen: Path | None) -> Iterator[Path]:
    """The directory that was chosen, else one for the time of the demo."""
    if chosen is not None:
        if chosen.exists() and any(chosen.iterdir()):
            raise ConfigError(f"{chosen} is not empty, and to an archive that knows its stream already nothing is new.")
        yield chosen
        return
    made = Path(tempfile.mkdtemp(prefix="watchdesk-demo-"))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _stage(
    stack: ExitStack, console: Console, directory: Path, items: Sequence[DemoItem], clock: StreamClock
) -> _Stage:
    """Start database, bus and web server; they end with `stack`."""
    postgres = stack.enter_context(EmbeddedPostgres(directory))
    engine = make_engine(postgres.url(), application_name="watchdesk-demo")
    stack.callback(engine.dispose)
    migrate.upgrade(engine)
    bus = open_bus(f"embedded:{postgres.url()}")
    stack.callback(bus.close)
    bus.ensure_topics()
    server = stack.enter_context(DemoServer(items, clock))
    served = sources(server.base_url)
    with transaction(engine) as connection:
        sync_sources(connection, served, _now())
    return _Stage(
        engine=engine,
        bus=bus,
        sources=served,
        clock=clock,
        console=console,
        show=_Show(console, engine),
        data_dir=directory,
    )


def _work(stage: _Stage, stop: threading.Event) -> dict[str, Work]:
    """The three kinds of work, as `watchdesk run` does them.

    Only the connectors live in the stream's time: it is they who say when an item was seen.
    """
    metrics = Metrics()
    fetcher = Fetcher(FetchSettings(), clock=stage.clock)
    poller = Poller(
        sources=stage.sources,
        fetcher=fetcher,
        connectors=connectors_for(fetcher, clock=stage.clock),
        bus=stage.bus,
        store=PostgresSourceStore(stage.engine),
        metrics=metrics,
        clock=_now,
        dice=random.Random(),  # noqa: S311 - spreads polls, keeps no secret
    )
    processor = Processor(
        engine=stage.engine, bus=stage.bus, watch=_watch(), clock=_now, metrics=metrics, redact=_as_it_is
    )
    dispatcher = Dispatcher(
        stage.engine,
        _ItemsFirst(stage),
        clock=_now,
        sleep=lambda seconds: _sleep(stop, seconds),
        metrics=metrics,
        owner=owner("demo"),
        settings=DispatcherSettings(pace=0.0, edit_every=EDIT_EVERY),
    )
    return {"poller": poller.run, "processor": processor.run, "dispatcher": dispatcher.run}


def _watch() -> Watch:
    """The topics that the program comes with."""
    names = gazetteer.load()
    return Watch(topics=load_config(None, vocabulary_of(names)).topics, gazetteer=names, default_channel=CHANNEL)


class _Show:
    """Prints each item once, when it stands in the archive. Any thread may ask for it."""

    def __init__(self, console: Console, engine: Engine) -> None:
        self._console = console
        self._engine = engine
        self._lock = threading.Lock()
        self.seen: tuple[Arrival, ...] = ()

    def update(self) -> ledger.Queue:
        """Print what is new; returns how far the alerts are."""
        with self._lock:
            with transaction(self._engine) as connection:
                arrived = ledger.arrivals(connection)
                queue = ledger.queue(connection)
            shown = {(arrival.article, arrival.version) for arrival in self.seen}
            for arrival in arrived:
                if (arrival.article, arrival.version) not in shown:
                    self._console.print(screen.item_line(arrival))
            self.seen = arrived
            return queue


class _ItemsFirst(ConsoleNotifier):
    """Prints what raised an alert before the alert."""

    def __init__(self, stage: _Stage) -> None:
        super().__init__(
            stage.console.file, record=stage.data_dir / "console.jsonl", width=stage.console.width, clock=_now
        )
        self._show = stage.show

    def post(self, alert: Alert, *, key: str) -> Receipt:
        """Print the items that came in, then the alert."""
        self._show.update()
        return super().post(alert, key=key)


def _play(stage: _Stage, items: Sequence[DemoItem], stop: threading.Event) -> bool:
    """Show what happens until everything is processed and said; False when that takes too long or is interrupted."""
    over_since: float | None = None
    while not stop.wait(LOOK):
        queue = stage.show.update()
        if not stage.clock.over:
            continue
        over_since = over_since or time.monotonic()
        if len(stage.show.seen) >= len(items) and queue.waiting == 0:
            return True
        if time.monotonic() - over_since > PATIENCE:
            return False
    return False


def _close(stage: _Stage, items: Sequence[DemoItem], finished: bool, crew: Crew) -> int:
    """The summary, and whether the main job was done."""
    queue = stage.show.update()
    with transaction(stage.engine) as connection:
        told = ledger.story(connection)
    screen.summary(stage.console, stage.show.seen, told, queue.sent)
    problems = [f"{name} failed: {error}" for name, error in crew.failed.items()]
    problems += [f"lost: {name}" for name in lost(items, stage.show.seen)]
    if not queue.sent:
        problems.append("no alert was sent")
    if queue.waiting or queue.given_up:
        problems.append(f"{queue.waiting} alerts were not sent in time, {queue.given_up} were given up")
    if not finished and not problems:
        problems.append(f"not finished {PATIENCE:.0f} s after the last item")
    for problem in problems:
        stage.console.print(f"The demo failed: {problem}", style="bold red")
    return FAILED if problems else OK


def lost(items: Sequence[DemoItem], seen: Sequence[Arrival]) -> list[str]:
    """Items of the stream that are not in the archive, by source and title; an edited item counts as another one."""
    missing = Counter((item.source, clean_line(item.title)) for item in items)
    missing.subtract((arrival.source, arrival.title) for arrival in seen)
    return [f"{source}: {title}" for (source, title), number in missing.items() if number > 0]


def _sleep(stop: threading.Event, seconds: float) -> None:
    stop.wait(seconds)


def _as_it_is(text: str) -> str:
    return text  # the demo has no secrets


def _now() -> datetime:
    return datetime.now(UTC)
