"""One at a time per host, starts apart, on a clock of the test's own."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.manners import KEPT_PLACES, LONGEST_WAIT, HostGate, retry_after
from tests.support.sources import NOW


class Time:
    """A monotonic clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


async def test_starts_at_one_host_are_spaced() -> None:
    """The second and third wait for theirs."""
    time = Time()
    gate = HostGate(monotonic=time.monotonic, sleep=time.sleep)
    starts = []
    for _ in range(3):
        async with gate.turn("a", spacing=5):
            starts.append(time.now)
    assert starts == [100.0, 105.0, 110.0]


async def test_time_that_has_passed_anyway_counts() -> None:
    """After a slow request the next one need not wait again."""
    time = Time()
    gate = HostGate(monotonic=time.monotonic, sleep=time.sleep)
    async with gate.turn("a", spacing=5):
        time.now += 30
    async with gate.turn("a", spacing=5):
        assert time.now == 130.0


async def test_hosts_do_not_wait_for_each_other() -> None:
    """While one host's request is under way, another's goes ahead; the same host's does not."""
    gate = HostGate(monotonic=Time().monotonic, sleep=asyncio.sleep)
    order: list[str] = []
    release = asyncio.Event()

    async def visit(host: str, name: str, wait: bool) -> None:
        async with gate.turn(host, spacing=0):
            order.append(name)
            if wait:
                await release.wait()

    first = asyncio.create_task(visit("a", "first", True))
    second = asyncio.create_task(visit("a", "second", False))
    other = asyncio.create_task(visit("b", "other", False))
    await other
    assert order == ["first", "other"]
    release.set()
    await asyncio.gather(first, second)
    assert order == ["first", "other", "second"]


async def test_no_more_are_under_way_than_may_be_and_spacing_counts_from_the_start() -> None:
    """Of three places two may be asked at once; the time that the third waits is not taken off its spacing."""
    time = Time()
    gate = HostGate(monotonic=time.monotonic, sleep=time.sleep, at_once=2)
    release = asyncio.Event()
    begun: list[str] = []

    async def visit(place: str) -> None:
        async with gate.turn(place, spacing=5):
            begun.append(place)
            await release.wait()

    visits = [asyncio.create_task(visit(place)) for place in ("a", "b", "c")]
    await asyncio.sleep(0.01)
    assert begun == ["a", "b"]
    time.now += 60
    release.set()
    await asyncio.gather(*visits)
    async with gate.turn("c", spacing=5):
        assert time.now == 165.0


async def test_a_failed_request_gives_the_turn_back() -> None:
    """An exception inside does not lock the host for ever."""
    time = Time()
    gate = HostGate(monotonic=time.monotonic, sleep=time.sleep)
    for _ in range(2):
        try:
            async with gate.turn("a", spacing=1):
                raise RuntimeError
        except RuntimeError:
            continue
    assert time.now == 101.0


async def test_hosts_are_forgotten_but_not_their_spacing() -> None:
    """Thousands of hosts do not pile up, and one that was visited just now is still spared."""
    time = Time()
    gate = HostGate(monotonic=time.monotonic, sleep=time.sleep)
    for number in range(KEPT_PLACES + 1):
        async with gate.turn(f"host{number}", spacing=0):
            pass
    async with gate.turn("spaced", spacing=5):
        pass
    for number in range(KEPT_PLACES + 1):
        async with gate.turn(f"other{number}", spacing=0):
            pass
    assert len(gate._places) <= KEPT_PLACES + 1
    async with gate.turn("spaced", spacing=5):
        assert time.now == 105.0


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (" 120 ", 120.0),
        ("1.5", 1.5),
        ("0", 0.0),
        ("-0", None),
        ("-1", None),
        ("1e9", None),
        ("9" * 5000, LONGEST_WAIT),
        ("86401", LONGEST_WAIT),
        ("١٢٠", None),
        ("120, 240", None),
        ("120 seconds", None),
        ("nan", None),
        ("inf", None),
        ("Thu, 28 Aug 2025 06:10:00 GMT", 600.0),
        ("Thu, 28 Aug 2025 08:10:00 +0200", 600.0),
        ("Thursday, 28-Aug-25 06:10:00 GMT", 600.0),
        ("Thu, 28 Aug 2025 06:10:00 -0000", 600.0),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST_WAIT),
        ("Fri, 31 Dec 9999 23:59:59 -2359", LONGEST_WAIT),
        ("Thu, 99 Aug 2025 06:10:00 GMT", None),
        ("2025-08-28T06:10:00Z", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_read_in_seconds_or_as_a_date(value: str | None, seconds: float | None) -> None:
    """RFC 9110, 10.2.3, at 06:00; what is neither says nothing."""
    assert retry_after(value, now=NOW) == seconds


@given(st.one_of(st.text(max_size=60), st.from_regex(r"\w{3}, \d+ \w{3} \d+ [\d:]+ [+-]?\w+", fullmatch=True)))
def test_no_value_of_retry_after_breaks_anything(value: str) -> None:
    """It waits between nothing and a day, or says nothing."""
    seconds = retry_after(value, now=NOW)
    assert seconds is None or 0 <= seconds <= LONGEST_WAIT
