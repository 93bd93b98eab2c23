"""Which source is read when: APScheduler, with the clock's jumps taken out."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = structlog.stdlib.get_logger(__name__)

CLOCK_STEP = 2.0  # seconds that the wall clock may fall back against the monotonic one before jobs are dated anew


class Timetable:
    """Calls `due(name, late)` once at each time that was entered; `late` is in seconds.

    APScheduler goes by the wall clock: when that is set back an hour, everything would sleep for an hour.  So the times
    are kept by the monotonic clock as well, and after such a step the jobs are dated anew (`watch_clock`).
    """

    def __init__(
        self,
        due: Callable[[str, float], None],
        *,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._due = due
        self._wall = wall
        self._monotonic = monotonic
        self._entries: dict[str, float] = {}  # name -> monotonic time
        self._stopped = False
        self._scheduler = AsyncIOScheduler(
            timezone=UTC,
            # Without these a run that is a second late is dropped without a word.
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )

    def start(self) -> None:
        """Begin to call; from within the event loop."""
        self._scheduler.start()

    def stop(self) -> None:
        """Call nothing more."""
        self._stopped = True
        self._entries.clear()
        self._scheduler.shutdown(wait=False)

    def enter(self, name: str, seconds: float) -> None:
        """Call for `name` in so many seconds, instead of when it was entered for before."""
        if self._stopped:
            return
        self._entries[name] = self._monotonic() + seconds
        self._scheduler.add_job(
            self._call,
            "date",
            run_date=datetime.now(UTC) + timedelta(seconds=seconds),
            args=(name,),
            id=name,
            replace_existing=True,
        )

    def seconds_to(self, name: str) -> float | None:
        """How long until the call for `name`; None when there is none to come."""
        at = self._entries.get(name)
        return None if at is None else at - self._monotonic()

    def redate(self) -> None:
        """Date all jobs by the monotonic clock."""
        for name in list(self._entries):
            left = max(self.seconds_to(name) or 0.0, 0.0)
            try:
                self._scheduler.modify_job(name, next_run_time=datetime.now(UTC) + timedelta(seconds=left))
            except JobLookupError:
                continue  # its call is on the way

    async def watch_clock(self, every: float) -> None:
        """Look for a clock that was set back, every so many seconds, until cancelled."""
        wall, monotonic = self._wall(), self._monotonic()
        while True:
            await asyncio.sleep(every)
            before, wall = wall, self._wall()
            started, monotonic = monotonic, self._monotonic()
            lost = (monotonic - started) - (wall - before).total_seconds()
            if lost > CLOCK_STEP:
                log.warning("clock_set_back", seconds=round(lost, 1))
                self.redate()

    async def _call(self, name: str) -> None:
        at = self._entries.pop(name, None)
        if at is not None:
            self._due(name, max(self._monotonic() - at, 0.0))
