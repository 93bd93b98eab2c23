"""Manners towards a server that refuses, on real sockets and a clock of the test's own.

Names under example.com are public at the first look, which is the one at the manners, and this machine from then on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from connectors.base import FetchOutcome
from connectors.http import Fetcher
from monitor.errors import FetchError
from tests.support.hostile import FEED, HostileServer, hostile_server
from tests.support.hostile_plays import Wire, answer
from tests.support.names import PUBLIC, Names, refused
from tests.support.sources import clock


@pytest.fixture(scope="module")
def hostile() -> Iterator[HostileServer]:
    """One server for all."""
    with hostile_server() as server:
        yield server


class Time:
    """A monotonic clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0)


def neighbours(*names: str) -> Names:
    return Names({name: [[PUBLIC], ["127.0.0.1"]] for name in names})


async def test_one_request_at_a_time_to_a_domain_and_starts_apart(hostile: HostileServer) -> None:
    """Whatever its subdomains: six requests to three of them are one queue, five seconds apart."""
    hosts = ["example.com", "a.example.com", "b.news.example.com"] * 2
    time, starts, under_way = Time(), list[float](), list[int]()

    async def note(wire: Wire) -> None:
        starts.append(time.now)
        under_way.append(hostile.under_way)
        await answer(body=FEED)(wire)

    hostile.play("/queue", note)
    async with Fetcher(clock=clock, resolver=neighbours(*hosts), monotonic=time.monotonic, sleep=time.sleep) as fetcher:
        await asyncio.gather(*(fetcher.get(hostile.url("/queue", host=host), allow_private=True) for host in hosts))
    assert starts == [1000.0 + 5 * number for number in range(6)]
    assert under_way == [1] * 6


async def test_servers_of_ones_own_are_told_apart_by_port_and_not_spared(hostile: HostileServer) -> None:
    """Two at one address do not wait for each other, and neither for five seconds."""
    time = Time()
    async with Fetcher(clock=clock, monotonic=time.monotonic, sleep=time.sleep) as fetcher:
        for _ in range(3):
            await fetcher.get(hostile.url("/packed/gzip"), allow_private=True)
    assert time.now == 1000.0


async def test_429_is_for_the_whole_domain_and_503_for_its_source(hostile: HostileServer) -> None:
    """A neighbour of who was refused is not even asked, until the time is over."""
    names = neighbours("a.example.com", "b.example.com", "other.example.org")
    time = Time()
    hostile.play("/full", answer(429, Retry_After="3600"))
    hostile.play("/down", answer(503, Retry_After="3600"))
    async with Fetcher(clock=clock, resolver=names, monotonic=time.monotonic, sleep=time.sleep) as fetcher:
        down = await refused(fetcher, hostile.url("/down", host="a.example.com"), allow_private=True)
        assert (down.outcome, down.retry_after) == (FetchOutcome.HTTP_ERROR, 3600.0)
        await fetcher.get(hostile.url("/packed/gzip", host="b.example.com"), allow_private=True)
        full = await refused(fetcher, hostile.url("/full", host="a.example.com"), allow_private=True)
        assert (full.outcome, full.retry_after) == (FetchOutcome.RATE_LIMITED, 3600.0)
        time.now += 300
        asked = len(hostile.asked)
        held = await refused(fetcher, hostile.url("/packed/gzip", host="b.example.com"), allow_private=True)
        assert held.outcome == FetchOutcome.RATE_LIMITED
        assert held.retry_after == pytest.approx(3300.0)
        assert "example.com" in str(held)
        assert len(hostile.asked) == asked
        await fetcher.get(hostile.url("/packed/gzip", host="other.example.org"), allow_private=True)
        time.now += 3301
        await fetcher.get(hostile.url("/packed/gzip", host="b.example.com"), allow_private=True)


async def test_who_stands_in_the_queue_when_a_429_comes_is_turned_away(hostile: HostileServer) -> None:
    """Five at once, of which the first is refused: the other four never ask."""
    time, url = Time(), hostile.play("/crowded", answer(429, Retry_After="60"))
    async with Fetcher(clock=clock, monotonic=time.monotonic, sleep=time.sleep) as fetcher:
        errors = await asyncio.gather(*(refused(fetcher, url, allow_private=True) for _ in range(5)))
    assert [error.outcome for error in errors] == [FetchOutcome.RATE_LIMITED] * 5
    assert [asked.path for asked in hostile.asked].count("/crowded") == 1


async def test_a_form_that_is_refused_counts_as_well(hostile: HostileServer) -> None:
    """A hub that answers 429 to a subscription is left alone like any server."""
    time = Time()
    hostile.play("/hub", answer(429, Retry_After="60"))
    async with Fetcher(clock=clock, monotonic=time.monotonic, sleep=time.sleep) as fetcher:
        with pytest.raises(FetchError) as caught:
            await fetcher.post(hostile.url("/hub"), {"hub.mode": "subscribe"}, allow_private=True)
        assert caught.value.outcome == FetchOutcome.RATE_LIMITED
        held = await refused(fetcher, hostile.url("/packed/gzip"), allow_private=True)
    assert held.retry_after == pytest.approx(60.0)


async def test_429_without_a_time_is_left_alone_longer_each_time(hostile: HostileServer) -> None:
    """A minute, two, four, up to an hour, and from the start again after a success."""
    time, url = Time(), hostile.play("/unsaid", answer(429, Retry_After="soon"))
    waits = []
    async with Fetcher(clock=clock, monotonic=time.monotonic, sleep=time.sleep) as fetcher:
        for _ in range(9):
            assert (await refused(fetcher, url, allow_private=True)).retry_after is None
            waits.append((await refused(fetcher, url, allow_private=True)).retry_after)
            time.now += (waits[-1] or 0) + 1
        await fetcher.get(hostile.url("/packed/gzip"), allow_private=True)
        await refused(fetcher, url, allow_private=True)
        waits.append((await refused(fetcher, url, allow_private=True)).retry_after)
    assert waits == [60, 120, 240, 480, 960, 1920, 3600, 3600, 3600, 60]


async def test_a_crowd_after_a_restart_comes_one_by_one(hostile: HostileServer) -> None:
    """Many sources of one domain due at once: never two under way, and their starts as far apart as ever."""
    hosts = [f"s{number}.example.com" for number in range(50)]
    time = Time()
    hostile.most_at_once = 0
    async with Fetcher(clock=clock, resolver=neighbours(*hosts), monotonic=time.monotonic, sleep=time.sleep) as fetcher:
        gets = (fetcher.get(hostile.url("/packed/gzip", host=host), allow_private=True) for host in hosts)
        await asyncio.gather(*gets)
    assert hostile.most_at_once == 1
    assert time.now == 1000.0 + 5 * 49
