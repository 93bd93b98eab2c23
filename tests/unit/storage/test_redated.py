"""Which numbers of a text are figures: those that a new date does not change."""

from __future__ import annotations

import pytest

from monitor.storage.redated import figures


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Twelve dead, 340 hurt on 3 September 2025 at 10:15", "en", {"340"}),
        ("Updated 2025-09-03, 3/9/2025 and 03.09.25: 6.1 percent", "en", {"6.1"}),
        ("Am 3. September stieg der Index auf 1.204,5 Punkte", "de", {"1.204,5"}),
        ("9月3日上午，指数收于3,812点", "zh", {"3,812"}),
        ("2018 was the year of $2018 and 2018%", "en", {"2018"}),
    ],
)
def test_dates_and_times_are_no_figures(text: str, language: str, expected: set[str]) -> None:
    assert figures(text, language) == expected
