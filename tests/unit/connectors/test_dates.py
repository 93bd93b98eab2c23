"""Dates as sources write them, and dates that are none."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.datelines import dateline, is_label
from connectors.dates import find_dates, parse_date, read_date


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Thu, 28 Aug 2025 05:02:43 GMT", "2025-08-28T05:02:43"),
        ("Thu, 28 Aug 2025 05:02:43 +0200", "2025-08-28T03:02:43"),
        ("28 Aug 25 05:02 -0500", "2025-08-28T10:02:00"),
        ("Thu, 28 Aug 2025 05:02:43 CEST", "2025-08-28T03:02:43"),
        ("Thu, 28 Aug 2025 05:02:43 KST", "2025-08-27T20:02:43"),
        ("Thu, 28 Aug 2025 05:02:43 JST", "2025-08-27T20:02:43"),
        ("Thu, 28 Aug 2025 05:02:43 MSK", "2025-08-28T02:02:43"),
        ("Thu, 28 Aug 2025 05:02:43 EDT", "2025-08-28T09:02:43"),
        ("Wed, 03 Sep 2025 12:00 CST", "2025-09-03T18:00:00"),
        ("Sun, 06 Nov 94 08:49:37 GMT", "1994-11-06T08:49:37"),
        ("2025-08-28T05:02:43Z", "2025-08-28T05:02:43"),
        ("2025-08-28T05:02:43.123+05:30", "2025-08-27T23:32:43"),
        ("2025-08-28 05:02:43 -0500", "2025-08-28T10:02:43"),
        ("2025-08-28T05:02:43−03:00", "2025-08-28T08:02:43"),
        ("20250828T050243Z", "2025-08-28T05:02:43"),
        ("2025-06-30T23:59:60Z", "2025-07-01T00:00:00"),
        ("Thu Aug 28 05:02:43 GMT 2025", "2025-08-28T05:02:43"),
        ("Thu Aug 28 2025 05:02:43 GMT+0200 (Central European Summer Time)", "2025-08-28T03:02:43"),
        ("28/08/2025 – 5:27 GMT+2", "2025-08-28T03:27:00"),
        ("Sept. 3, 2025 5:00 p.m. ET", "2025-09-03T21:00:00"),
        ("3 September 2025 | 12:02 AM GMT", "2025-09-03T00:02:00"),
        ("Чт, 28 авг 2025 10:00:00 +0300", "2025-08-28T07:00:00"),
    ],
)
def test_dates_that_name_their_zone(raw: str, expected: str) -> None:
    """Offsets, and names that mean one thing only."""
    assert parse_date(raw) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("raw", "zone", "expected"),
    [
        ("2016/6/29 15:07:41", "Asia/Seoul", "2016-06-29T06:07:41"),
        ("2025-08-28T05:02:43", "Asia/Seoul", "2025-08-27T20:02:43"),
        ("Thu, 28 Aug 2025 05:02:43 IST", "Asia/Kolkata", "2025-08-27T23:32:43"),
        ("Thu, 28 Aug 2025 05:02:43 IST", "Europe/Dublin", "2025-08-28T04:02:43"),
        ("Mon, 06 Jan 2025 05:02:43 IST", "Asia/Jerusalem", "2025-01-06T03:02:43"),
        ("Wed, 03 Sep 2025 12:00 CST", "Asia/Shanghai", "2025-09-03T04:00:00"),
        ("Thu, 28 Aug 2025 05:02:43 BST", "Europe/London", "2025-08-28T04:02:43"),
        ("August 28, 2025 at 8:17 AM IST", "Asia/Kolkata", "2025-08-28T02:47:00"),
        ("2025年8月28日 15:07", "Asia/Shanghai", "2025-08-28T07:07:00"),
        ("2025年9月3日(水) 10時5分", "Asia/Tokyo", "2025-09-03T01:05:00"),
        ("2025.08.28. 오후 3:07", "Asia/Seoul", "2025-08-28T06:07:00"),
        ("28 августа 2025, 15:07", "Europe/Moscow", "2025-08-28T12:07:00"),
        ("28.08.2025 15:07", "Europe/Moscow", "2025-08-28T12:07:00"),
    ],
)
def test_dates_that_are_read_by_the_sources_own_zone(raw: str, zone: str, expected: str) -> None:
    """Local times, and abbreviations that mean different things in different places."""
    assert parse_date(raw, zone) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "raw",
    [
        None,
        "",
        "yesterday",
        "2 hours ago",
        "31 Jun",
        "31 Jun 2025 10:00 GMT",
        "2025-02-30T10:00:00Z",
        "2025-08-28T25:00:00Z",
        "2025-08",
        "Thu, 1 Jan 1970 00:00:00 GMT",
        "0001-01-01T00:00:00Z",
        "Thu, 28 Aug 2025 05:02:43 XYZ",
        "Thu, 28 Aug 2025 05:02:43 +9900",
        "05/06/2025 10:00 GMT",
        "1756357363",
        "x" * 5000,
    ],
)
def test_what_is_not_surely_known_is_none(raw: str | None) -> None:
    """Neither now nor anything near."""
    assert parse_date(raw, "UTC") is None


@pytest.mark.parametrize(
    "raw", ["2016/6/29 15:07:41", "2025-08-28", "Thu, 28 Aug 2025 05:02:43 IST", "August 28, 2025"]
)
def test_without_a_zone_a_local_date_is_unknown(raw: str) -> None:
    """The same dates that a source's zone makes plain."""
    assert parse_date(raw) is None


def test_a_day_without_a_time_says_so() -> None:
    """It is midnight where the source is."""
    day = read_date("August 28, 2025", "Asia/Seoul")
    assert day is not None
    assert (day.at, day.day_only) == (datetime(2025, 8, 27, 15, tzinfo=UTC), True)
    moment = read_date("2025-08-28T00:00:00Z")
    assert moment is not None
    assert not moment.day_only


@given(
    st.integers(min_value=700_000_000, max_value=4_000_000_000).map(lambda stamp: datetime.fromtimestamp(stamp, UTC)),
    st.sampled_from(["Z", "+09:00", "-0330"]),
)
def test_iso_dates_come_back(moment: datetime, offset: str) -> None:
    """What Python writes is read to the second."""
    written = moment.replace(tzinfo=None).isoformat() + offset
    assert parse_date(written) == datetime.fromisoformat(written).astimezone(UTC)


@given(st.text(max_size=120), st.sampled_from([None, "Asia/Seoul", "Europe/Berlin"]))
def test_reading_never_raises(text: str, zone: str | None) -> None:
    """Any text is a date or none."""
    parsed = parse_date(text, zone)
    assert parsed is None or parsed.utcoffset() is not None
    for start, end in find_dates(text):
        assert 0 <= start < end <= len(text)


@pytest.mark.parametrize(
    ("line", "published", "updated"),
    [
        ("Published : August 28, 2025 at 8:17 AM IST", "August 28, 2025 at 8:17 AM IST", None),
        ("28/08/2025 – 5:27 GMT+2", "28/08/2025 – 5:27 GMT+2", None),
        (
            "Published September 3, 2025last updated September 4, 2025What you need to know",
            "September 3, 2025",
            "September 4, 2025",
        ),
        ("입력 2025.08.28. 오전 9:10 수정 2025.08.28. 오전 10:20", "2025.08.28. 오전 9:10", "2025.08.28. 오전 10:20"),
        ("By A. Writer | 28 August 2025 5:27", "28 August 2025 5:27", None),
        ("Updated 2025-08-28 15:07", None, "2025-08-28 15:07"),
    ],
)
def test_a_line_about_dates(line: str, published: str | None, updated: str | None) -> None:
    """Which of its dates is which."""
    found = dateline(line)
    assert found is not None
    assert (found.published, found.updated) == (published, updated)


def test_a_sentence_with_a_date_is_no_line_about_dates() -> None:
    """It has other things to say."""
    assert dateline("The leader spoke at a ceremony in the capital on Thursday, Aug. 14, 2025.") is None
    assert is_label("Published on")
    assert not is_label("Published in Berlin")
