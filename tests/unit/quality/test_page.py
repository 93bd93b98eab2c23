"""The page of figures: only what stands between its marks is written, and twice the same is once."""

from __future__ import annotations

import pytest

from benchmarks.quality.figures import Other, Report
from benchmarks.quality.page import BEGIN, END, with_figures
from benchmarks.quality.tables import markdown, table
from monitor.errors import ConfigError

PAGE = f"# Quality\n\nBy hand.\n\n{BEGIN}\n\nold\n\n{END}\n\nBy hand again.\n"


def test_the_figures_are_replaced_and_the_prose_stays() -> None:
    """A second time changes nothing."""
    once = with_figures(PAGE, "| a |\n| --- |\n")
    assert once == PAGE.replace("old", "| a |\n| --- |")
    assert with_figures(once, "| a |\n| --- |\n") == once


@pytest.mark.parametrize("page", ["# Quality\n", PAGE + PAGE, f"{END}\n{BEGIN}\n"])
def test_a_page_without_its_two_marks_is_left_alone(page: str) -> None:
    with pytest.raises(ConfigError, match="these two lines once each"):
        with_figures(page, "| a |")


def test_a_table_shows_shares_to_three_digits_and_nothing_as_a_dash() -> None:
    assert table(["name", "share", "count"], [("x", 0.5, 3), ("y", None, 0)]).splitlines() == [
        "| name | share | count |",
        "| --- | ---: | ---: |",
        "| x | 0.500 | 3 |",
        "| y | – | 0 |",
    ]


def test_figures_of_other_benchmarks_are_shown_by_their_path() -> None:
    """Short lists are figures of several things, long ones are examples."""
    figures = {"speed": {"per_second": 7}, "corpora": [{"name": "a", "items": 2}], "errors": [{"text": "x"}] * 9}
    shown = markdown(Report(speed=(Other(command="python -m other", figures=figures),)))
    assert "| speed, per second | 7 |" in shown
    assert "| corpora 1, items | 2 |" in shown
    assert "errors" not in shown
