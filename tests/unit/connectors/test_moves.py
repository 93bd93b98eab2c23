"""When a move is believed, and when no longer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from connectors.moves import DOUBTED_AFTER, address, learned, of_address
from monitor.sourcememory import Reach
from tests.support.sources import NOW

OLD, NEW, OTHER = "https://old.example/feed", "https://new.example/feed", "https://other.example/feed"
DAY, WEEK = timedelta(days=1), timedelta(days=7)


def after(*days: tuple[float, tuple[str, ...]], asked: str = OLD, reach: Reach | None = None) -> Reach:
    """What is known after successes on these days, with where permanent redirects led on each."""
    known = reach or of_address(Reach(), OLD)
    for day, moved in days:
        known = learned(known, asked, moved, now=NOW + day * DAY, after=WEEK)
    return known


def test_a_move_is_believed_after_a_week() -> None:
    """Not an hour sooner; until then the configured address is asked."""
    assert address(after((0, (NEW,)), (6.9, (NEW,))), OLD, failures=0) == OLD
    assert address(after((0, (NEW,)), (3, (NEW,)), (7, (NEW,))), OLD, failures=0) == NEW


@pytest.mark.parametrize("meanwhile", [(), (OTHER,)])
def test_a_move_that_changes_is_forgotten(meanwhile: tuple[str, ...]) -> None:
    """One day on which it leads elsewhere, or nowhere, and the week begins anew."""
    known = after((0, (NEW,)), (6, meanwhile), (6.5, (NEW,)), (13, (NEW,)))
    assert address(known, OLD, failures=0) == OLD
    assert address(after((13.5, (NEW,)), reach=known), OLD, failures=0) == NEW


def test_https_in_the_place_of_http_is_believed_at_once() -> None:
    """With host, path and query the same; anything else takes its week."""
    http = "http://old.example/feed?x=1"
    for to, at in (
        ("https://old.example/feed?x=1", "https://old.example/feed?x=1"),
        ("https://www.old.example/feed?x=1", http),
        ("https://old.example/feed", http),
        ("https://old.example/", http),
        ("http://old.example/feed/", http),
    ):
        known = learned(of_address(Reach(), http), http, (to,), now=NOW, after=WEEK)
        assert address(known, http, failures=0) == at


def test_a_move_behind_https_takes_its_week() -> None:
    """http to https at once, and from there to another host when that has held."""
    http, secure = OLD.replace("https", "http"), OLD
    known = learned(of_address(Reach(), http), http, (secure, NEW), now=NOW, after=WEEK)
    assert address(known, http, failures=0) == secure
    for day in (1, 6, 7):
        known = learned(known, secure, (NEW,), now=NOW + day * DAY, after=WEEK)
    assert address(known, http, failures=0) == NEW


def test_no_move_from_https_to_http_is_ever_learned() -> None:
    """Whoever could forge the answers of the one could not those of the other."""
    plain = OLD.replace("https", "http")
    assert address(after(*((day, (plain,)) for day in range(20))), OLD, failures=0) == OLD
    assert after((0, (plain,))).moved_to is None


def test_a_learned_address_that_fails_is_doubted() -> None:
    """The configured one is asked again, and if it says nothing of the learned one, that is forgotten."""
    known = after((0, (NEW,)), (7, (NEW,)))
    assert address(known, OLD, failures=DOUBTED_AFTER - 1) == NEW
    assert address(known, OLD, failures=DOUBTED_AFTER) == OLD
    assert address(after((8, (NEW,)), reach=known), OLD, failures=0) == NEW
    assert address(after((8, ()), reach=known), OLD, failures=0) == OLD


def test_another_configured_address_begins_anew() -> None:
    """What was learned of the one before is of no use."""
    known = after((0, (NEW,)), (7, (NEW,)))
    assert address(known, OTHER, failures=0) == OTHER
    assert of_address(known, OTHER) == Reach(configured=OTHER)
    assert of_address(known, OLD) == known


def test_a_clock_that_was_put_back_does_not_stop_learning() -> None:
    """A week that began in the future begins now."""
    known = after((100, (NEW,)), (0, (NEW,)), (7, (NEW,)))
    assert address(known, OLD, failures=0) == NEW
