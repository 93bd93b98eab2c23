"""How often a source is read: overlap, gaps and hints, each alone and against each other."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.rhythm import KEPT_ARRIVALS, LONGEST, SHORTEST, Overlap, next_interval, usual_gap, with_arrivals
from tests.support.sources import NOW

MINUTE, HOUR = 60.0, 3600.0


def overlap(share: float, *, listed: int = 100, before: int | None = 100) -> Overlap:
    """A reading of which so much was known."""
    return Overlap(listed=listed, repeats=round(share * listed), before=before)


@pytest.mark.parametrize(
    ("share", "minutes"), [(0.01, 5), (0.32, 5), (0.34, 10), (0.5, 10), (0.66, 10), (0.67, 12.5), (1.0, 12.5)]
)
def test_overlap_decides_the_direction(share: float, minutes: float) -> None:
    """Under a third known: sooner; two thirds or more: later; between: as it was."""
    assert next_interval(10 * MINUTE, overlap=overlap(share), usual_gap=10 * HOUR) == minutes * MINUTE


def test_the_first_reading_and_an_empty_one_say_nothing_of_overlap() -> None:
    """There is nothing to compare."""
    for each in (None, overlap(0, before=None), overlap(0, listed=0)):
        assert next_interval(10 * MINUTE, overlap=each, usual_gap=10 * HOUR) == 10 * MINUTE


def test_an_interval_is_no_longer_than_an_eighth_of_the_usual_gap() -> None:
    """However much comes again: a list of a hundred items would let it drift to hours."""
    assert next_interval(HOUR, overlap=overlap(0.99), usual_gap=40 * MINUTE) == 5 * MINUTE


def test_without_known_gaps_an_interval_grows_to_an_hour_only() -> None:
    """Who knows nothing of a source does not leave it for six hours."""
    seconds = 10 * MINUTE
    for _ in range(50):
        seconds = next_interval(seconds, overlap=overlap(1), usual_gap=None)
    assert seconds == HOUR


@pytest.mark.parametrize("hint", [2 * HOUR, 86_400.0, 31_536_000.0])
def test_no_hint_blinds_for_over_an_hour(hint: float) -> None:
    """A TTL of a year is an hour's."""
    assert next_interval(10 * MINUTE, overlap=overlap(0.5), usual_gap=None, hint=hint) == HOUR
    assert next_interval(10 * MINUTE, overlap=overlap(0.5), usual_gap=24 * HOUR, hint=hint) == HOUR


def test_a_hint_holds_readings_back() -> None:
    """Up to a quarter of the gap that the source itself shows: its TTL may be a program's default."""
    assert next_interval(5 * MINUTE, overlap=overlap(0.5), usual_gap=10 * HOUR, hint=30 * MINUTE) == 30 * MINUTE
    assert next_interval(5 * MINUTE, overlap=overlap(0.5), usual_gap=HOUR, hint=HOUR) == 15 * MINUTE
    assert next_interval(5 * MINUTE, overlap=overlap(0.5), usual_gap=10 * HOUR, hint=MINUTE) == 5 * MINUTE


def test_a_hint_does_not_hold_while_items_may_be_missed() -> None:
    """A TTL of an hour on a feed that rolls over in less."""
    assert next_interval(10 * MINUTE, overlap=overlap(0.1), usual_gap=None, hint=HOUR) == 5 * MINUTE


@pytest.mark.parametrize(
    ("listed", "repeats", "before", "gap"),
    [(5, 0, 5, True), (1, 0, 5, True), (20, 1, 20, False), (20, 0, 4, False), (0, 0, 20, False), (9, 0, None, False)],
)
def test_a_reading_that_shares_nothing_with_five_items_or_more_makes_a_gap(
    listed: int, repeats: int, before: int | None, gap: bool
) -> None:
    """An emptied list is something else, and the first reading has nothing before it."""
    assert Overlap(listed=listed, repeats=repeats, before=before).gap is gap


def test_a_gap_halves_the_interval_whatever_else_is_said() -> None:
    """Hints least of all."""
    gap = Overlap(listed=20, repeats=0, before=20)
    assert next_interval(40 * MINUTE, overlap=gap, usual_gap=24 * HOUR, hint=HOUR) == 20 * MINUTE
    assert next_interval(3 * MINUTE, overlap=gap, usual_gap=None) == SHORTEST


@given(
    st.floats(1, 10**6),
    st.none() | st.integers(0, 100),
    st.none() | st.floats(0, 10**8),
    st.none() | st.floats(0, 10**9),
)
def test_an_interval_stays_between_two_minutes_and_six_hours(
    current: float, repeats: int | None, gap: float | None, hint: float | None
) -> None:
    """Whatever is measured or said."""
    found = None if repeats is None else Overlap(listed=100, repeats=repeats, before=100)
    assert SHORTEST <= next_interval(current, overlap=found, usual_gap=gap, hint=hint) <= LONGEST


def test_a_wire_is_read_often_by_day_and_less_from_hour_to_hour_of_its_night() -> None:
    """Ten minutes between items, then nothing for eight hours."""
    arrivals = with_arrivals((), (NOW - timedelta(minutes=10 * number) for number in range(50)))
    assert len(arrivals) == KEPT_ARRIVALS
    day = usual_gap(arrivals, NOW)
    night = usual_gap(arrivals, NOW + timedelta(hours=8))
    assert day is not None
    assert night is not None
    assert 8 * MINUTE < day < 11 * MINUTE
    assert 40 * MINUTE < night < HOUR


def test_old_items_that_stay_listed_do_not_make_a_source_slow() -> None:
    """Half of the list may be years old."""
    fresh = [NOW - timedelta(minutes=10 * number) for number in range(12)]
    pinned = [NOW - timedelta(days=700 + number) for number in range(12)]
    gap = usual_gap(with_arrivals(fresh, pinned), NOW)
    assert gap is not None
    assert gap < 11 * MINUTE


def test_two_items_and_those_of_the_future_tell_of_no_gap() -> None:
    """Three are the fewest."""
    assert usual_gap((NOW, NOW - timedelta(hours=1)), NOW) is None
    assert usual_gap(tuple(NOW + timedelta(hours=number) for number in (3, 2, 1)), NOW) is None
