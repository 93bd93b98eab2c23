"""What polls teach of a source: its interval, its rhythm and its health, poll after poll."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from connectors.base import FetchOutcome, FetchResult, Listing
from connectors.hints import Hints
from connectors.items import DAY_ONLY
from connectors.pulse import after_failure, after_success, interval_of
from monitor.sourcememory import Pulse
from monitor.types import RawItem, Source, SourceKind, SourceState
from tests.support.sources import NOW, source

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def an_item(key: str, published: datetime | None, seen: datetime, flags: tuple[str, ...] = ()) -> RawItem:
    wire = source("https://wire.example/f")
    return RawItem(
        source_id=wire.id,
        source_name=wire.name,
        tier=wire.tier,
        kind=wire.item_kind,
        key=key,
        url=None,
        title=key,
        text="",
        published=published,
        seen=seen,
        flags=flags,
    )


@dataclass
class Feed:
    """A feed that lists its last items, and what polls have taught of it."""

    source: Source
    size: int = 20
    now: datetime = NOW
    hints: Hints = field(default_factory=Hints)
    items: list[tuple[str, datetime]] = field(default_factory=list)
    state: SourceState = field(default_factory=lambda: SourceState(source_id="wire"))

    def publish(self, *moments: datetime) -> None:
        for each in moments:
            self.items.append((f"item {len(self.items)}", each))

    def listed(self) -> list[tuple[str, datetime]]:
        return self.items[-self.size :] if self.size else []

    def poll(self) -> Pulse:
        """One successful poll, now."""
        listed, seen = self.listed(), self.state.seen_items
        new = [an_item(key, published, self.now) for key, published in listed if key not in seen]
        repeats = len(listed) - len(new)
        known = dict(seen) | {key: "" for key, _ in listed}
        result = FetchResult(
            items=tuple(new),
            state=replace(self.state, seen_items=known),
            outcome=FetchOutcome.CHANGED,
            listing=Listing(items=len(listed), repeats=repeats),
            hints=self.hints,
        )
        return self._learn(result)

    def not_modified(self) -> Pulse:
        """One poll that was answered with 304."""
        hints = replace(self.hints, feed=None)
        return self._learn(FetchResult(items=(), state=self.state, outcome=FetchOutcome.NOT_MODIFIED, hints=hints))

    def _learn(self, result: FetchResult) -> Pulse:
        pulse = after_success(self.source, self.state, result, self.now)
        self.state = replace(result.state, polls=self.state.polls + 1, pulse=pulse)
        return pulse

    def wait(self) -> None:
        """Until the next poll is due, jitter aside."""
        self.now += interval_of(self.source, self.state.pulse)


def adaptive(**changes: Any) -> Source:
    return source("https://wire.example/f", adaptive=True, **changes)


def every(gap: timedelta, count: int, until: datetime = NOW) -> Sequence[datetime]:
    return [until - gap * number for number in reversed(range(count))]


@pytest.mark.parametrize(
    ("gap", "least", "most"),
    [(2 * MINUTE, 2, 2), (40 * MINUTE, 4, 6), (24 * HOUR, 150, 200), (240 * HOUR, 360, 360)],
)
def test_an_interval_finds_the_pace_of_its_source(gap: timedelta, least: float, most: float) -> None:
    """In minutes, after a day or three: a wire every two, a monthly every six hours."""
    feed = Feed(adaptive())
    feed.publish(*every(gap, 30))
    feed.poll()
    end = NOW + max(HOUR * 24, 3 * gap)
    while feed.now < end:
        feed.wait()
        last = feed.items[-1][1]
        feed.publish(*(last + gap * number for number in range(1, (feed.now - last) // gap + 1)))
        feed.poll()
    assert least * MINUTE <= interval_of(feed.source, feed.state.pulse) <= most * MINUTE


def test_no_item_of_a_burst_is_missed_for_long() -> None:
    """A daily feed of twenty that suddenly has an item a minute: one gap, seen and shown, then it is kept up with."""
    feed = Feed(adaptive())
    feed.publish(*every(24 * HOUR, 30))
    for _ in range(40):
        feed.poll()
        feed.wait()
    begin, gaps = feed.now, 0
    feed.publish(*(begin - MINUTE * number for number in reversed(range(300))))
    while feed.now < begin + 6 * HOUR:
        before = feed.state.pulse.gap_at
        gaps += feed.poll().gap_at != before
        last = feed.now
        feed.wait()
        feed.publish(*every(MINUTE, (feed.now - last) // MINUTE, feed.now))
    assert gaps <= 5
    assert feed.state.pulse.health == "gap_suspected"
    assert interval_of(feed.source, feed.state.pulse) <= 10 * MINUTE


def test_a_fixed_interval_stays_and_a_gap_says_what_to_do() -> None:
    """The user's word goes before all that is measured."""
    feed = Feed(source("https://wire.example/f", interval=5 * MINUTE))
    feed.publish(*every(MINUTE, 20))
    feed.poll()
    feed.wait()
    feed.publish(*every(MINUTE, 20, feed.now))
    pulse = feed.poll()
    assert interval_of(feed.source, pulse) == 5 * MINUTE
    assert pulse.health == "gap_suspected"
    assert "its interval is fixed: shorten it" in pulse.why


def test_a_gap_halves_the_interval_and_is_shown_for_a_day() -> None:
    """Though what follows overlaps."""
    feed = Feed(adaptive(interval=HOUR))
    feed.publish(*every(10 * HOUR, 20))
    feed.poll()
    feed.wait()
    feed.publish(*every(MINUTE, 20, feed.now))
    pulse = feed.poll()
    assert (pulse.health, pulse.since) == ("gap_suspected", feed.now)
    assert interval_of(feed.source, pulse) == HOUR / 2
    feed.now += 23 * HOUR
    assert feed.not_modified().health == "gap_suspected"
    feed.now += 2 * HOUR
    assert feed.not_modified().health != "gap_suspected"


def test_a_feed_that_had_items_and_has_none_is_emptied_until_it_has_some() -> None:
    """304 does not make it better; a new feed without items has only not begun."""
    feed = Feed(adaptive(), size=0)
    assert feed.poll().health == "quiet"
    feed.size = 20
    feed.publish(feed.now)
    assert feed.poll().health == "ok"
    feed.size = 0
    assert feed.poll().health == "emptied"
    assert feed.not_modified().health == "emptied"
    feed.size = 20
    assert feed.poll().health == "ok"


@pytest.mark.parametrize("kind", [SourceKind.SITEMAP, SourceKind.GDELT, SourceKind.GOOGLE_NEWS])
def test_what_lists_the_last_days_only_may_be_empty(kind: SourceKind) -> None:
    feed = Feed(adaptive(kind=kind))
    feed.publish(*every(HOUR, 10))
    feed.poll()
    feed.size = 0
    assert feed.poll().health == "ok"


def test_an_unchanged_feed_is_asked_less_often_and_keeps_its_hint() -> None:
    """A 304 brings no head: what the feed said of itself still holds."""
    feed = Feed(adaptive(), hints=Hints(feed=1800.0))
    feed.publish(*every(24 * HOUR, 20))
    assert interval_of(feed.source, feed.poll()) == 30 * MINUTE
    feed.wait()
    assert feed.not_modified().feed_hint == 1800.0
    assert interval_of(feed.source, feed.state.pulse) == timedelta(minutes=37.5)


def test_an_hourly_feed_that_stops_at_midday_is_silent_and_a_weekly_one_is_not() -> None:
    """After three weeks of watching; it is ok again with its next item."""
    found = {}
    for gap, watched in ((HOUR, 3), (168 * HOUR, 6)):
        feed = Feed(source("https://wire.example/f", interval=30 * MINUTE))
        feed.publish(*every(gap, 4))
        while feed.now < NOW + timedelta(weeks=watched):
            feed.poll()
            feed.now += 30 * MINUTE if gap == HOUR else 24 * HOUR
            if feed.now - feed.items[-1][1] >= gap:
                feed.publish(feed.now)
        feed.poll()
        feed.now += 9 * HOUR
        found[gap] = feed.not_modified().health
        feed.publish(feed.now)
        assert feed.poll().health == "ok"
    assert found == {HOUR: "silent", 168 * HOUR: "ok"}


def test_a_failure_teaches_nothing_but_itself() -> None:
    """The rhythm is known when the source comes back; since when it fails, too."""
    feed = Feed(adaptive())
    feed.publish(*every(HOUR, 20))
    before = feed.poll()
    failing = after_failure(before, FetchOutcome.BLOCKED, "HTTP 403", NOW + HOUR)
    assert failing == replace(before, health="blocked", since=NOW + HOUR, why="HTTP 403")
    still = after_failure(failing, FetchOutcome.BLOCKED, "HTTP 451", NOW + 2 * HOUR)
    assert still.since == NOW + HOUR


@pytest.mark.parametrize("kind", [SourceKind.GDELT, SourceKind.GOOGLE_NEWS])
def test_searches_are_never_asked_more_often_than_their_hosts_want(kind: SourceKind) -> None:
    """However often they change."""
    assert interval_of(adaptive(kind=kind), Pulse(interval=120.0)) >= 10 * MINUTE


def test_only_new_items_arrive_and_only_with_dates_that_can_be() -> None:
    """An edit is no arrival; a day, a date far back or ahead, and none at all are replaced by when it was seen."""
    wire = adaptive()
    before = SourceState(source_id="wire", polls=1, seen_items={"old": "x"})
    items = (
        an_item("old", NOW - MINUTE, NOW),
        an_item("sure", NOW - 3 * MINUTE, NOW),
        an_item("day", NOW - HOUR, NOW, flags=(DAY_ONLY,)),
        an_item("late", NOW - 30 * HOUR, NOW),
        an_item("ahead", NOW + HOUR, NOW),
        an_item("none", None, NOW),
    )
    result = FetchResult(items=items, state=before, outcome=FetchOutcome.CHANGED)
    assert after_success(wire, before, result, NOW).arrivals == (NOW, NOW, NOW, NOW, NOW - 3 * MINUTE)
    first = replace(before, polls=0)
    assert after_success(wire, first, result, NOW).arrivals == (NOW - 3 * MINUTE, NOW - 30 * HOUR)
