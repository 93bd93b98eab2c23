"""Validators, untrue 304, and moves, from poll to poll on a real server and a clock of the test's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from connectors.base import FetchOutcome, FetchResult
from connectors.http import Fetcher, FetchSettings
from connectors.registry import connectors_for
from monitor.errors import FetchError
from monitor.types import Source, SourceKind, SourceState
from tests.support.feeds import item, live_page, page, rss, update
from tests.support.httpserver import LocalServer, Reply, Request
from tests.support.sources import NOW, source

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(slots=True)
class Reader:
    """Reads one source again and again, and remembers what the poller would."""

    source: Source
    now: datetime = NOW
    state: SourceState = field(default_factory=lambda: SourceState(source_id="wire"))
    settings: dict[str, Any] = field(default_factory=dict)

    async def read(self, later: timedelta = timedelta(minutes=10)) -> FetchResult:
        """One reading, so much later than the last one. Raises FetchError."""
        self.now += later
        clock = lambda: self.now  # noqa: E731
        async with Fetcher(FetchSettings(**self.settings), clock=clock) as fetcher:
            try:
                result = await connectors_for(fetcher, clock=clock)[self.source.kind].fetch(self.source, self.state)
            except FetchError:
                self.state = replace(self.state, failures=self.state.failures + 1)
                raise
        self.state = replace(
            result.state, polls=result.state.polls + 1, failures=0, last_outcome=result.outcome, last_success=self.now
        )
        return result


def liar(*bodies: bytes) -> Callable[[Request], Reply]:
    """Says "not modified" to whoever sends validators, and gives the next body to those who send none."""
    left = list(bodies)

    def answer(request: Request) -> Reply:
        if "If-None-Match" in request.headers or "If-Modified-Since" in request.headers:
            return Reply(status=304)
        return Reply(body=left.pop(0) if len(left) > 1 else left[0], headers={"ETag": '"always"'})

    return answer


def validators(web: LocalServer, path: str) -> list[str | None]:
    """The ETag that each request for a path carried."""
    return [request.headers.get("If-None-Match") for request in web.asked(path)]


async def test_validators_of_a_304_are_the_ones_that_go_back(web: LocalServer) -> None:
    """Where it refreshes them; those that it leaves out stay."""
    refreshed = Reply(status=304, headers={"ETag": 'W/"two"'})
    first = Reply(body=rss(item(1)), headers={"ETag": '"one"', "Last-Modified": "any date"})
    reader = Reader(source(web.serve("/f", first, refreshed, Reply(status=304))))
    outcomes = [(await reader.read()).outcome for _ in range(3)]
    assert outcomes == [FetchOutcome.CHANGED, FetchOutcome.NOT_MODIFIED, FetchOutcome.NOT_MODIFIED]
    assert validators(web, "/f") == [None, '"one"', 'W/"two"']
    assert [each.headers.get("If-Modified-Since") for each in web.asked("/f")] == [None, "any date", "any date"]


async def test_every_twelve_hours_a_source_is_asked_without_validators(web: LocalServer) -> None:
    """Counted from the last time; what is still the same is no news and no lie."""
    reader = Reader(source(web.serve("/f", Reply(body=rss(item(1)), etag='"1"'))))
    await reader.read()
    outcomes = [(await reader.read(hours * HOUR)).outcome for hours in (11, 1, 11, 1)]
    same, full = FetchOutcome.NOT_MODIFIED, FetchOutcome.UNCHANGED
    assert outcomes == [same, full, same, full]
    assert validators(web, "/f") == [None, '"1"', None, '"1"', None]


async def test_how_often_that_is_can_be_set(web: LocalServer) -> None:
    """In seconds."""
    reader = Reader(source(web.serve("/f", Reply(body=rss(item(1)), etag='"1"'))), settings={"full_every": 1200})
    for _ in range(5):
        await reader.read()
    assert validators(web, "/f") == [None, '"1"', None, '"1"', None]


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        (SourceKind.FEED, rss(item(1)), rss(item(2), item(1))),
        (
            SourceKind.PAGE,
            page(),
            page(story=("It is all different now, officials said on Wednesday in the capital.",)),
        ),
        (SourceKind.LIVEBLOG, live_page([update(1)]), live_page([update(1), update(2)])),
    ],
)
async def test_news_that_a_304_denied_end_conditional_requests(
    web: LocalServer, kind: SourceKind, before: bytes, after: bytes
) -> None:
    """They are handed on, the outcome names the lie, and from then on nothing is asked with validators."""
    reader = Reader(source(web.serve("/f", liar(before, after)), kind))
    await reader.read()
    assert (await reader.read()).outcome == FetchOutcome.NOT_MODIFIED
    caught = await reader.read(12 * HOUR)
    assert caught.outcome == FetchOutcome.LYING_304
    assert len(caught.items) == 1
    assert "304" in caught.message
    asked = len(web.asked("/f"))
    outcomes = [(await reader.read()).outcome for _ in range(3)]
    assert outcomes == [FetchOutcome.UNCHANGED] * 3
    assert validators(web, "/f")[asked:] == [None] * 3


async def test_news_since_the_last_304_are_no_lie(web: LocalServer) -> None:
    """A source that changed just before it was asked in full says so to its old validators as well."""
    first, second = Reply(body=rss(item(1)), etag='"1"'), Reply(body=rss(item(2), item(1)), etag='"2"')
    reader = Reader(source(web.serve("/f", first, first, second)))
    await reader.read()
    assert (await reader.read()).outcome == FetchOutcome.NOT_MODIFIED
    result = await reader.read(12 * HOUR)
    assert (result.outcome, len(result.items)) == (FetchOutcome.CHANGED, 1)
    await reader.read()
    assert validators(web, "/f") == [None, '"1"', None, '"1"', '"2"']


async def test_other_bytes_without_news_are_no_lie(web: LocalServer) -> None:
    """A feed that counts its readings is the same feed, as a weak ETag says."""
    reader = Reader(source(web.serve("/f", liar(rss(item(1)), rss(item(1)) + b"<!-- read 2 times -->"))))
    await reader.read()
    await reader.read()
    assert (await reader.read(12 * HOUR)).outcome == FetchOutcome.UNCHANGED
    assert (await reader.read()).outcome == FetchOutcome.NOT_MODIFIED


async def test_a_failing_second_question_proves_nothing_and_loses_nothing(web: LocalServer) -> None:
    """The news come, the suspicion stays for another time."""
    answers: list[Reply] = [
        Reply(body=rss(item(1)), headers={"ETag": '"1"'}),
        Reply(status=304),
        Reply(body=rss(item(2), item(1)), headers={"ETag": '"1"'}),
        Reply(status=500),
    ]
    reader = Reader(source(web.serve("/f", *answers)))
    await reader.read()
    await reader.read()
    result = await reader.read(12 * HOUR)
    assert (result.outcome, len(result.items)) == (FetchOutcome.CHANGED, 1)
    assert not reader.state.reach.conditionals_end


async def test_a_server_that_fails_on_validators_is_asked_without_them(web: LocalServer) -> None:
    """After three failures in a row; else it would fail for ever."""

    def picky(request: Request) -> Reply:
        if "If-None-Match" in request.headers:
            return Reply(status=500)
        return Reply(body=rss(item(1)), headers={"ETag": '"1"'})

    reader = Reader(source(web.serve("/f", picky)))
    await reader.read()
    for _ in range(3):
        with pytest.raises(FetchError):
            await reader.read()
    assert (await reader.read()).outcome == FetchOutcome.UNCHANGED


async def test_another_address_in_the_configuration_gets_no_old_validators(web: LocalServer) -> None:
    """Another server might find that nothing has changed since then."""
    reader = Reader(source(web.serve("/old", Reply(body=rss(item(1)), etag='"1"'))))
    await reader.read()
    await reader.read()
    reader.source = replace(reader.source, url=web.serve("/new", liar(rss(item(2)))))
    assert [each.title for each in (await reader.read()).items] == ["Headline 2"]
    assert validators(web, "/new") == [None]


@pytest.mark.parametrize("status", [301, 308])
async def test_a_permanent_move_is_learned_after_a_week(web: LocalServer, status: int) -> None:
    """Until then the configured address is asked, then the new one only; a move for now is never learned."""
    web.serve("/new", Reply(body=rss(item(1)), etag='"1"'))
    reader = Reader(source(web.serve("/old", Reply(status=status, headers={"Location": "/new"}))))
    for later in (0 * DAY, 3 * DAY, 3.9 * DAY, 0.2 * DAY):
        await reader.read(later)
    assert len(web.asked("/old")) == 4
    for _ in range(3):
        await reader.read()
    assert (len(web.asked("/old")), len(web.asked("/new"))) == (4, 7)
    passing = Reader(source(web.serve("/passing", Reply(status=302, headers={"Location": "/new"}))))
    for _ in range(10):
        await passing.read(DAY)
    assert len(web.asked("/passing")) == 10


async def test_only_leading_permanent_hops_count(web: LocalServer) -> None:
    """301 to where a 302 leads on is a move to the 302's address, and no further."""
    web.serve("/end", Reply(body=rss(item(1))))
    web.serve("/middle", Reply(status=302, headers={"Location": "/last"}))
    web.serve("/last", Reply(status=301, headers={"Location": "/end"}))
    reader = Reader(source(web.serve("/old", Reply(status=301, headers={"Location": "/middle"}))))
    await reader.read()
    assert reader.state.reach.moved_to == web.url("/middle")


async def test_a_learned_address_that_fails_gives_way_to_the_configured_one(web: LocalServer) -> None:
    """After three failures in a row: nothing that was learned can cut a source off."""
    web.serve("/new", Reply(body=rss(item(1))), Reply(body=rss(item(1))), Reply(status=404))
    moved = Reply(status=301, headers={"Location": "/new"})
    reader = Reader(source(web.serve("/old", moved, moved, Reply(body=rss(item(2), item(1))))))
    await reader.read()
    await reader.read(7 * DAY)
    for _ in range(3):
        with pytest.raises(FetchError):
            await reader.read()
    assert len(web.asked("/old")) == 2
    assert [each.title for each in (await reader.read()).items] == ["Headline 2"]
    await reader.read()
    assert len(web.asked("/old")) == 4


async def test_a_refused_move_teaches_nothing(web: LocalServer) -> None:
    """A redirect to an error, or to where nobody may go, leaves the state as it was."""
    reader = Reader(source(web.serve("/old", Reply(status=301, headers={"Location": "http://169.254.169.254/"}))))
    before = reader.state.reach
    with pytest.raises(FetchError):
        await reader.read()
    assert reader.state.reach == before
