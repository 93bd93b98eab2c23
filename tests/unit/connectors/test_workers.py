"""Parsing beside the event loop."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from connectors.base import FetchOutcome
from connectors.workers import Workers
from monitor.errors import FetchError


async def test_results_and_errors_come_back() -> None:
    """As if the function had been called."""
    workers = Workers()
    assert await workers.run(divmod, 7, 2) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        await workers.run(divmod, 1, 0)


async def test_work_that_takes_too_long_is_given_up() -> None:
    """With an error that says so; the place is free for the next."""
    workers = Workers(at_once=1, seconds=0.1)
    release = threading.Event()
    for _ in range(3):
        with pytest.raises(FetchError, match=r"longer than 0\.1 s") as caught:
            await workers.run(release.wait, 60)
        assert caught.value.outcome == FetchOutcome.PARSE_ERROR
    assert await workers.run(divmod, 7, 2) == (3, 1)
    release.set()


async def test_so_many_work_at_once_and_no_more() -> None:
    """And the loop goes on meanwhile."""
    workers = Workers(at_once=2)
    busy, most = 0, 0
    lock = threading.Lock()

    def work() -> None:
        nonlocal busy, most
        with lock:
            busy += 1
            most = max(most, busy)
        time.sleep(0.05)
        with lock:
            busy -= 1

    ticks = 0
    jobs = asyncio.gather(*(workers.run(work) for _ in range(6)))
    while not jobs.done():
        ticks += 1
        await asyncio.sleep(0.005)
    await jobs
    assert most == 2
    assert ticks > 1
