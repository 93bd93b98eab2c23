"""Parsing in processes that can be ended."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from pathlib import Path

import pytest

from connectors.base import FetchOutcome
from connectors.workers import Limits, Workers
from monitor.errors import FetchError

MEBIBYTE = 2**20


def fail() -> None:
    raise FetchError(FetchOutcome.NOT_A_FEED, "no feed", retry_after=3.0)


def fill(mebibytes: int) -> int:
    return len(b"x" * (mebibytes * MEBIBYTE))


def say(text: str) -> str:
    print(text)
    return text


def wait_at(path: Path, others: int) -> bool:
    """Whether so many are at this place at the same time."""
    (path / str(os.getpid())).touch()
    for _ in range(1000):
        if len(list(path.iterdir())) > others:
            return True
        time.sleep(0.01)
    return False


def others_at(path: Path) -> int:
    """How many are at this place while this one is, itself included."""
    own = path / os.urandom(8).hex()
    own.touch()
    time.sleep(0.05)
    seen = len(list(path.iterdir()))
    own.unlink()
    return seen


def environment() -> dict[str, str]:
    return dict(os.environ)


async def test_results_and_errors_come_back() -> None:
    """As if the function had been called, in another process; what a library prints harms nothing."""
    workers = Workers()
    assert await workers.run(divmod, 7, 2) == (3, 1)
    assert await workers.run(say, "x" * 100_000) == "x" * 100_000
    assert await workers.run(os.getpid) != os.getpid()
    with pytest.raises(ZeroDivisionError):
        await workers.run(divmod, 1, 0)
    with pytest.raises(FetchError) as caught:
        await workers.run(fail)
    assert (caught.value.outcome, str(caught.value), caught.value.retry_after) == ("not_a_feed", "no feed", 3.0)


async def test_a_process_is_kept_for_the_next_piece_of_work() -> None:
    """Starting one takes longer than most work."""
    workers = Workers(at_once=1)
    assert await workers.run(os.getpid) == await workers.run(os.getpid)


async def test_work_that_takes_too_long_is_killed() -> None:
    """With an error that says so; another process takes its place."""
    workers = Workers(at_once=1, limits=Limits(seconds=0.2))
    killed = await workers.run(os.getpid)
    for _ in range(2):
        with pytest.raises(FetchError, match=r"longer than 0\.2 s") as caught:
            await workers.run(time.sleep, 60)
        assert caught.value.outcome == FetchOutcome.PARSE_ERROR
    with pytest.raises(ProcessLookupError):
        os.kill(killed, 0)
    assert await workers.run(os.getpid) != killed


@pytest.mark.skipif(os.name == "nt", reason="the system has no limit of memory")
async def test_work_that_takes_too_much_memory_is_ended() -> None:
    """The program itself has all that it had."""
    workers = Workers(limits=Limits(memory=300 * MEBIBYTE))
    assert await workers.run(fill, 10) == 10 * MEBIBYTE
    with pytest.raises(FetchError, match="more than 300 MiB of memory") as caught:
        await workers.run(fill, 2000)
    assert caught.value.outcome == FetchOutcome.PARSE_ERROR
    assert await workers.run(divmod, 7, 2) == (3, 1)


@pytest.mark.skipif(os.name == "nt", reason="the system has no signals")
async def test_a_process_that_breaks_down_takes_nothing_with_it() -> None:
    """As when a library in C fails."""
    workers = Workers()
    with pytest.raises(FetchError, match="ended \\(signal 11\\)"):
        await workers.run(signal.raise_signal, signal.SIGSEGV)
    assert await workers.run(divmod, 7, 2) == (3, 1)


async def test_work_that_nobody_waits_for_is_ended() -> None:
    """Its place is free at once."""
    workers = Workers(at_once=1, limits=Limits(seconds=100))
    task = asyncio.create_task(workers.run(time.sleep, 60))
    done, _ = await asyncio.wait([task], timeout=0.2)
    assert not done
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await workers.run(divmod, 7, 2) == (3, 1)


async def test_several_work_at_once(tmp_path: Path) -> None:
    """And the loop goes on meanwhile."""
    workers = Workers(at_once=2, limits=Limits(seconds=30))
    jobs = asyncio.gather(*(workers.run(wait_at, tmp_path, 1) for _ in range(2)))
    ticks = 0
    while not jobs.done():
        ticks += 1
        await asyncio.sleep(0.005)
    assert await jobs == [True, True]
    assert ticks > 1


async def test_no_more_than_allowed_work_at_once(tmp_path: Path) -> None:
    """The others wait for their turn."""
    workers = Workers(at_once=1)
    assert await asyncio.gather(*(workers.run(others_at, tmp_path) for _ in range(4))) == [1] * 4


async def test_secrets_do_not_reach_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever breaks out of a parser finds none."""
    monkeypatch.setenv("WATCHDESK_SLACK_TOKEN", "xoxb-secret")
    told = await Workers(limits=Limits(seconds=20)).run(environment)
    assert not [name for name in told if name.startswith("WATCHDESK_")]
