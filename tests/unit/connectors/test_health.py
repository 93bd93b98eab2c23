"""How a source does, from what its polls have left."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from connectors.base import FetchOutcome
from connectors.health import Findings, Health, judged, of_failure, of_success
from monitor.sourcememory import Pulse
from tests.support.sources import NOW

FINE = Findings(
    had_items=True,
    listed=20,
    last_item=NOW - timedelta(minutes=20),
    usual_gap=1200.0,
    chance=0.9,
    gap_at=None,
    fixed=False,
)


@pytest.mark.parametrize(
    ("outcome", "health"),
    [
        (FetchOutcome.BLOCKED, Health.BLOCKED),
        (FetchOutcome.NOT_A_FEED, Health.NOT_A_FEED),
        (FetchOutcome.GONE, Health.GONE),
        *((each, Health.FAILING) for each in (FetchOutcome.TIMEOUT, FetchOutcome.NOT_FOUND, FetchOutcome.TLS_ERROR)),
        ("an outcome of a later version", Health.FAILING),
    ],
)
def test_what_can_t_be_read_says_how(outcome: str, health: Health) -> None:
    """With the error's own words."""
    assert of_failure(outcome, "HTTP 403") == (health, "HTTP 403")
    assert health.unread
    assert not health.well


def test_a_source_whose_items_come_is_ok() -> None:
    """And nothing more is to be said of it."""
    assert of_success(FINE, NOW) == (Health.OK, "")


@pytest.mark.parametrize(
    ("changes", "health", "why"),
    [
        ({"listed": 0}, Health.EMPTIED, "lists no item any more"),
        ({"listed": 0, "had_items": False, "last_item": None}, Health.QUIET, "no item yet"),
        ({"last_item": None}, Health.QUIET, "nothing new since it is watched"),
        ({"last_item": NOW - timedelta(hours=9), "chance": 1e-6}, Health.SILENT, "nothing new for 9 h"),
        ({"last_item": NOW - timedelta(hours=9)}, Health.QUIET, "nothing new for 9 h"),
        ({"last_item": NOW - timedelta(days=3), "chance": None}, Health.QUIET, "nothing new for 3 days"),
        ({"last_item": NOW - timedelta(minutes=50), "usual_gap": 60.0}, Health.OK, ""),
        ({"last_item": NOW - timedelta(hours=9), "usual_gap": 4 * 3600.0}, Health.OK, ""),
        ({"gap_at": NOW - timedelta(hours=23)}, Health.GAP_SUSPECTED, "items may be missing"),
        ({"gap_at": NOW - timedelta(hours=23), "fixed": True}, Health.GAP_SUSPECTED, "shorten it, or make it auto"),
        ({"gap_at": NOW - timedelta(hours=25)}, Health.OK, ""),
        ({"gap_at": NOW, "listed": 0}, Health.EMPTIED, "no item any more"),
    ],
)
def test_what_was_read_is_judged_by_what_is_in_it(changes: dict[str, object], health: Health, why: str) -> None:
    """Each with its reason; the worse goes first."""
    found = of_success(replace(FINE, **changes), NOW)  # type: ignore[arg-type]
    assert found[0] is health
    assert why in found[1]
    assert bool(why) is bool(found[1])


def test_health_knows_since_when_it_is() -> None:
    """The reason may change under way; another health begins anew."""
    later = NOW + timedelta(hours=1)
    failing = judged(Pulse(), Health.FAILING, "timeout", NOW)
    assert (failing.health, failing.since, failing.why) == ("failing", NOW, "timeout")
    still = judged(failing, Health.FAILING, "refused", later)
    assert (still.since, still.why) == (NOW, "refused")
    assert judged(still, Health.OK, "", later).since == later
