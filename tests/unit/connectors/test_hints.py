"""What a source says of how often it wants to be read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.hints import Hints, cache_hint, feed_hint
from tests.support.feeds import item, rss

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"cache-control": "public, max-age=300"}, 300),
        ({"cache-control": 'MAX-AGE="60"'}, 60),
        ({"cache-control": "s-maxage=900"}, None),
        ({"cache-control": "no-cache"}, 0),
        ({"cache-control": "no-store, max-age=300"}, 0),
        ({"cache-control": "max-age=300", "expires": "Sun, 01 Mar 2026 13:00:00 GMT"}, 300),
        ({"cache-control": "public", "expires": "Sun, 01 Mar 2026 12:10:00 GMT"}, 600),
        ({"expires": "Sun, 01 Mar 2026 11:00:00 GMT"}, 0),
        ({"expires": "0"}, 0),
        ({"expires": "-1"}, 0),
        ({"cache-control": "max-age=soon"}, None),
        ({"cache-control": "max-age=99999999999999"}, 9_999_999_999),
    ],
)
def test_headers_say_for_how_long_an_answer_is_good(headers: dict[str, str], seconds: float | None) -> None:
    """max-age goes before Expires; an Expires that is no date has passed."""
    assert cache_hint(headers, NOON) == seconds


@pytest.mark.parametrize(
    ("head", "seconds"),
    [
        ("", None),
        ("<ttl>60</ttl>", 3600),
        ("<TTL> 5 </TTL>", 300),
        ("<ttl></ttl>", None),
        ("<ttl>an hour</ttl>", None),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>", 1800),
        ("<sy:updatePeriod> \n daily </sy:updatePeriod>", 86_400),
        ("<sy:updateFrequency>24</sy:updateFrequency>", 3600),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>", None),
        ("<sy:updatePeriod>always</sy:updatePeriod>", None),
        ("<ttl>10</ttl><sy:updatePeriod>hourly</sy:updatePeriod>", 3600),
    ],
)
def test_a_feed_s_head_says_how_often_it_wants_to_be_read(head: str, seconds: float | None) -> None:
    """`ttl` is in minutes; a period is divided by its frequency."""
    feed = f'<rss version="2.0"><channel><title>Wire</title>{head}<item><title>A</title></item></channel></rss>'
    assert feed_hint(feed.encode()) == seconds


def test_what_stands_in_an_item_is_no_hint() -> None:
    """An article may quote a feed."""
    assert feed_hint(rss(item(1)).replace(b"</item>", b"<ttl>60</ttl></item>")) is None


@settings(max_examples=50)
@given(st.binary(max_size=100) | st.text(max_size=30).map(lambda text: f"<ttl>{text}</ttl>".encode()))
def test_nothing_in_a_body_breaks_it(body: bytes) -> None:
    """What is no hint is none."""
    found = feed_hint(body)
    assert found is None or found >= 0


def test_of_two_hints_the_longer_counts() -> None:
    """And none is none."""
    assert Hints().seconds is None
    assert Hints(feed=60).seconds == 60
    assert Hints(feed=60, cache=120).seconds == 120
