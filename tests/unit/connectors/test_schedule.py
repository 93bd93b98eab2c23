"""When a source is read next."""

from __future__ import annotations

import random
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.base import FetchOutcome
from connectors.schedule import after_failure, after_success, at_start, first_waits, slowest
from monitor.types import SourceState
from tests.support.sources import NOW, source

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@given(st.integers())
def test_the_interval_is_jittered_by_a_tenth(seed: int) -> None:
    """Neither sooner nor later."""
    assert timedelta(seconds=54) <= after_success(MINUTE, random.Random(seed)) <= timedelta(seconds=66)


def test_intervals_are_spread() -> None:
    """A hundred sources that started together do not stay together."""
    dice = random.Random(1)
    assert len({after_success(MINUTE, dice) for _ in range(100)}) == 100


@pytest.mark.parametrize(
    ("failures", "minutes"), [(1, 1), (2, 2), (3, 4), (10, 512), (11, 1024), (12, 1440), (10**6, 1440)]
)
def test_failures_double_the_wait_up_to_a_day(failures: int, minutes: int) -> None:
    """And never end it."""
    wait = after_failure(MINUTE, failures, None, random.Random(1))
    assert 0.9 * minutes <= wait / MINUTE <= 1.1 * minutes


@pytest.mark.parametrize("outcome", FetchOutcome)
def test_what_lasts_slows_down_to_daily_and_what_passes_to_hourly(outcome: FetchOutcome) -> None:
    """An address that is gone and a name that does not exist; an outage may be over any minute. None ever stops."""
    daily = outcome in (FetchOutcome.GONE, FetchOutcome.NOT_FOUND, FetchOutcome.UNKNOWN_HOST)
    wait = after_failure(MINUTE, 10**6, None, random.Random(1), longest=slowest(outcome))
    assert 0.9 <= wait / (DAY if daily else 60 * MINUTE) <= 1.1


@given(st.integers(1, 50), st.floats(0, 86400), st.integers())
def test_a_server_is_not_asked_sooner_than_it_said(failures: int, asked: float, seed: int) -> None:
    """Whatever the backoff would be."""
    assert after_failure(MINUTE, failures, asked, random.Random(seed)) >= timedelta(seconds=asked)


def test_at_start_overdue_sources_are_due_and_others_wait() -> None:
    """A time in the far future was written by a clock that was wrong."""
    assert at_start(None, NOW, MINUTE) is None
    assert at_start(NOW - DAY, NOW, MINUTE) is None
    assert at_start(NOW + MINUTE, NOW, MINUTE) == MINUTE
    assert at_start(NOW + 400 * DAY, NOW, MINUTE) is None
    assert at_start(NOW + 5 * DAY, NOW, 7 * DAY) == 5 * DAY


def test_a_thousand_overdue_sources_start_one_after_the_other() -> None:
    """Twenty a second, each once, those of one host as far from each other as can be."""
    overdue = [source(f"https://h{number // 10}.example/{number}", id=f"s{number}") for number in range(1000)]
    waits = first_waits(overdue, {}, NOW, spacing=0.05)
    assert sorted(waits.values()) == pytest.approx([0.05 * number for number in range(1000)])
    for host in range(100):
        of_host = sorted(waits[f"s{number}"] for number in range(10 * host, 10 * host + 10))
        assert min(b - a for a, b in pairwise(of_host)) == pytest.approx(5.0)


def test_what_is_not_overdue_keeps_its_time() -> None:
    """An adaptive source's own interval decides whether a time is a wrong clock's."""
    slow = source("https://a.example/", id="slow", adaptive=True)
    states = {"slow": SourceState(source_id="slow", next_poll=NOW + 5 * MINUTE)}
    waits = first_waits([slow, source("https://b.example/", id="new")], states, NOW, spacing=0.05)
    assert waits == {"slow": 300.0, "new": 0.0}
