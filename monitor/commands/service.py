"""What a long-running process has around its work: threads, signals, health, metrics, and a clean end."""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from types import FrameType

from monitor.errors import BusConfigError, BusError, StorageError
from monitor.observe.health import Health, HealthServer
from monitor.observe.metrics import Metrics
from monitor.settings import Settings

log = logging.getLogger(__name__)

GRACE = 25.0  # seconds to end what is under way; below the thirty that `docker compose stop` and systemd allow here
PATIENCE = 60.0  # seconds at start for a database or a broker that is still coming up
FLUSH_SECONDS = 30.0  # for the bus to acknowledge what a command has published
RETRY = 2.0  # seconds between two attempts
OK, FAILED, INTERRUPTED = 0, 1, 130

Work = Callable[[threading.Event], None]


@dataclass(slots=True)
class Stop:
    """Asked for once, heard by all. A second Ctrl-C ends the process at once."""

    event: threading.Event = field(default_factory=threading.Event)
    signal: int | None = None

    def ask(self, number: int, _frame: FrameType | None) -> None:
        """The handler of SIGTERM and SIGINT."""
        if self.event.is_set() and number == signal.SIGINT:
            os._exit(INTERRUPTED)
        self.signal = number
        self.event.set()


@contextmanager
def stopping() -> Iterator[Stop]:
    """SIGTERM and SIGINT ask for an end within the block; afterwards they do what they did before."""
    stop = Stop()
    before = {number: signal.signal(number, stop.ask) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def patiently(attempt: Callable[[], None], stop: threading.Event, *, pause: float = RETRY) -> None:
    """Do what may fail while a database or broker still comes up; after a minute the last error is raised."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            attempt()
        except (StorageError, BusError) as error:
            lasting = isinstance(error, BusConfigError) or (isinstance(error, StorageError) and not error.temporary)
            if lasting or time.monotonic() > deadline or stop.is_set():
                raise
            log.warning("not there yet, trying again: %s", error)
            stop.wait(pause)
        else:
            return


class Crew:
    """Threads that do one kind of work each. The first that ends by itself ends all of them."""

    def __init__(self, work: Mapping[str, Work], stop: threading.Event) -> None:
        self._stop = stop
        self._threads = {
            name: threading.Thread(target=self._run, args=(name, do), name=name, daemon=True)
            for name, do in work.items()
        }
        self.failed: dict[str, BaseException] = {}

    def _run(self, name: str, do: Work) -> None:
        try:
            do(self._stop)
        except Exception as error:
            self.failed[name] = error
            log.exception("%s has failed", name)
        finally:
            self._stop.set()

    def check(self, name: str) -> str | None:
        """Why one of them is not alive."""
        if self._threads[name].is_alive():
            return None
        return f"failed: {self.failed[name]}" if name in self.failed else "has ended"

    def start(self) -> None:
        """Begin."""
        for thread in self._threads.values():
            thread.start()

    def wait(self) -> list[str]:
        """Wait for the stop and then for the threads; returns the names of those that would not end in time."""
        while not self._stop.wait(3600):
            pass
        deadline = time.monotonic() + GRACE
        for thread in self._threads.values():
            thread.join(max(0.0, deadline - time.monotonic()))
        return [name for name, thread in self._threads.items() if thread.is_alive()]


def serve(settings: Settings, health: Health, metrics: Metrics, work: Mapping[str, Work], stop: Stop) -> int:
    """Do the work until a signal or a failure ends it, and say so over HTTP meanwhile. Returns the exit code."""
    crew = Crew(work, stop.event)
    for name in work:
        health.alive_when(name, lambda name=name: crew.check(name))  # type: ignore[misc]
    port = settings.metrics_port
    server = HealthServer(health, metrics.registry, host=settings.metrics_host, port=port) if port else nullcontext()
    with server:
        crew.start()
        log.info("%s started", ", ".join(work))
        stuck = crew.wait()
    if crew.failed or stuck:
        if stuck:
            log.error("%s did not end within %g s and is left", ", ".join(stuck), GRACE)
        return FAILED
    log.info("stopped")
    return INTERRUPTED if stop.signal == signal.SIGINT else OK


def owner(process: str) -> str:
    """A name that no other process has, for leases."""
    return f"{process}@{socket.gethostname()}:{os.getpid()}:{os.urandom(3).hex()}"
