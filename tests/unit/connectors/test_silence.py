"""When a source is quieter than it ever is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from connectors.silence import ENOUGH, IMPROBABLE, KEPT, KEPT_WEEKS, chance_of_silence, hour_of, seen
from monitor.sourcememory import History

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)


def watched(arrivals: Iterable[datetime], since: datetime = MONDAY) -> History:
    """A history of one poll after the other."""
    history = History(since=hour_of(since))
    for each in sorted(arrivals):
        history = seen(history, [each])
    return history


def hourly(weeks: int, *, hours: range = range(24), days: range = range(7)) -> list[datetime]:
    """An item an hour, on some hours of some days."""
    moments = (MONDAY + number * HOUR for number in range(weeks * 168))
    return [each + timedelta(minutes=20) for each in moments if each.hour in hours and each.weekday() in days]


def silent(history: History, now: datetime) -> bool:
    chance = chance_of_silence(history, now)
    assert chance is not None
    return chance < IMPROBABLE


@pytest.mark.parametrize("weeks", [3, 8, 20])
@pytest.mark.parametrize("hours", [range(24), range(6, 23)])
def test_an_hourly_feed_that_is_quiet_for_eight_hours_at_midday_is_silent(weeks: int, hours: range) -> None:
    """Whether it sleeps at night or not; a quiet hour or two mean nothing."""
    until = MONDAY + weeks * WEEK + timedelta(hours=8)
    history = watched([*hourly(weeks, hours=hours), *(until - number * HOUR for number in range(3))])
    assert silent(history, until + 9 * HOUR)
    assert not silent(history, until + 3 * HOUR)


def test_a_weekly_feed_that_is_quiet_for_eight_hours_is_not() -> None:
    """Nor for a week; for two months it is."""
    history = watched(MONDAY + number * WEEK + 9 * HOUR for number in range(8))
    last = MONDAY + 7 * WEEK + 9 * HOUR
    for quiet in (8 * HOUR, 6 * DAY, 8 * DAY):
        assert not silent(history, last + quiet)
    assert silent(history, last + 9 * WEEK)


def test_a_feed_that_sleeps_at_night_and_on_sundays_may() -> None:
    """Ten hours of a night, and a whole weekend, are its own."""
    history = watched(hourly(4, hours=range(6, 20), days=range(5)))
    friday = MONDAY + 3 * WEEK + 4 * DAY + 19 * HOUR
    assert not silent(history, friday + 11 * HOUR)
    assert not silent(history, friday + timedelta(hours=59))  # Monday, 6 o'clock
    assert silent(history, friday + timedelta(hours=59 + 8))


def test_before_two_weeks_or_three_hours_with_items_nothing_is_judged() -> None:
    """Too little is known of it."""
    assert chance_of_silence(History(), MONDAY) is None
    assert chance_of_silence(watched([MONDAY + number * HOUR for number in range(ENOUGH - 1)]), MONDAY + WEEK) is None
    assert chance_of_silence(watched([MONDAY, MONDAY + 3 * WEEK]), MONDAY + 5 * WEEK) is None


def test_a_silence_does_not_become_the_rule() -> None:
    """A source that has died stays silent, though more weeks pass than are remembered."""
    history = watched(hourly(8))
    assert silent(history, MONDAY + 8 * WEEK + 300 * DAY)


def test_a_silence_is_less_probable_the_longer_it_lasts() -> None:
    """Over the end of a week, too."""
    history = watched(hourly(8, hours=range(9, 12)))
    chances = [chance_of_silence(history, MONDAY + 8 * WEEK + number * HOUR) or 0.0 for number in range(0, 400, 3)]
    assert chances[0] == 1.0
    assert chances == sorted(chances, reverse=True)


def test_items_at_random_hours_are_rarely_taken_for_silent() -> None:
    """One a day at any hour, for a year: at most twice."""
    dice = Random(4)
    moment, history, alarms = MONDAY, History(since=hour_of(MONDAY)), 0
    while moment < MONDAY + 52 * WEEK:
        history = seen(history, [moment])
        moment += timedelta(days=dice.expovariate(1))
        alarms += (chance_of_silence(history, moment) or 1.0) < IMPROBABLE
    assert alarms <= 2


def test_items_out_of_order_and_old_ones_find_their_hours() -> None:
    """What is told late belongs to its hour; what is older than is kept is left out."""
    one_by_one = watched(hourly(2))
    at_once = seen(History(since=hour_of(MONDAY)), reversed(hourly(2)))
    assert one_by_one == at_once
    assert seen(at_once, [MONDAY - KEPT_WEEKS * WEEK]) == at_once
    assert len(watched(hourly(20)).bits) == KEPT / 4
