"""How reasons say things to people, the same for topics with a frame and without."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from monitor.developments.wording import when, why_excluded


def test_a_moment_is_told_in_utc_wherever_it_was_taken() -> None:
    assert when(datetime(2025, 9, 3, 8, 5, tzinfo=timezone(timedelta(hours=9)))) == "2 September 2025 23:05 UTC"


@pytest.mark.parametrize("excluded", ["opinion", "roundup", "condition", "furniture", "analyst"])
def test_what_is_excluded_is_told_in_words(excluded: str) -> None:
    assert " " in why_excluded(excluded)


def test_what_has_no_words_of_its_own_is_told_as_it_is() -> None:
    assert why_excluded("new kind") == "new kind"
