"""APScheduler behind the timetable: real jobs, and a wall clock that jumps."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from connectors.timetable import Timetable


class Calls:
    """Remembers what was due."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.one = asyncio.Event()

    def __call__(self, name: str, late: float) -> None:
        assert late >= 0
        self.names.append(name)
        self.one.set()


async def test_each_entry_is_called_once_in_order() -> None:
    """An entry for a name replaces the one before."""
    calls = Calls()
    table = Timetable(calls)
    table.start()
    table.enter("b", 0.2)
    table.enter("a", 600)
    table.enter("a", 0.05)
    await asyncio.sleep(0.6)
    table.stop()
    assert calls.names == ["a", "b"]
    assert table.seconds_to("a") is None


async def test_a_crowd_that_is_due_at_once_is_called_whole() -> None:
    """APScheduler's own default drops what is a second late."""
    calls = Calls()
    table = Timetable(calls)
    table.start()
    for number in range(500):
        table.enter(str(number), -5)
    while len(calls.names) < 500:
        await asyncio.sleep(0.01)
    table.stop()
    assert len(set(calls.names)) == 500


async def test_after_stop_nothing_is_called() -> None:
    """Neither what was entered before nor what is entered later."""
    calls = Calls()
    table = Timetable(calls)
    table.start()
    table.enter("a", 0.1)
    table.stop()
    table.enter("b", 0)
    await asyncio.sleep(0.3)
    assert calls.names == []


async def test_a_clock_that_is_set_back_delays_nothing() -> None:
    """The job is dated an hour ahead, as every job is after such a step; it is called all the same."""
    calls = Calls()
    lost = timedelta()
    table = Timetable(calls, wall=lambda: datetime.now(UTC) - lost)
    table.start()
    table.enter("a", 0.5)
    table._scheduler.modify_job("a", next_run_time=datetime.now(UTC) + timedelta(hours=1))
    watch = asyncio.create_task(table.watch_clock(0.05))
    await asyncio.sleep(0.1)
    assert calls.names == []
    lost = timedelta(hours=1)
    await asyncio.wait_for(calls.one.wait(), 10)
    watch.cancel()
    table.stop()
    assert calls.names == ["a"]
