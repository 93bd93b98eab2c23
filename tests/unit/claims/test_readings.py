"""What is read of plain sentences about many leaders, years and languages: each with every claim that it makes."""

from __future__ import annotations

import pytest

from monitor.frames import frame as frames
from monitor.language.lexicon import LANGUAGES
from tests.unit.claims.reading import PARADES, TRIPS, Case, load, params, said, talks

CASES = {"travel": load("journeys"), "attendance": load("attendance"), "talks": load("talks")}


@pytest.mark.parametrize("case", params(CASES["travel"]))
def test_of_journeys_all_is_read_that_is_said_and_nothing_else(case: Case) -> None:
    assert said(case, TRIPS) == case.wanted


@pytest.mark.parametrize("case", params(CASES["attendance"]))
def test_of_parades_all_is_read_that_is_said_and_nothing_else(case: Case) -> None:
    assert said(case, PARADES) == case.wanted


@pytest.mark.parametrize("case", params(CASES["talks"]))
def test_of_meetings_all_is_read_that_is_said_and_nothing_else(case: Case) -> None:
    assert said(case, talks(case.pair)) == case.wanted


@pytest.mark.parametrize("frame", sorted(CASES))
def test_every_stage_that_a_rule_tells_is_tried_three_times_in_english(frame: str) -> None:
    english = [case for case in CASES[frame] if case.lang == "en"]
    tried = [stage for case in english for claim in case.wanted for stage in claim[0].split("|")]
    assert {r.stage for r in frames.load(frame).rules if tried.count(r.stage) < 3} == set()


def test_every_language_is_tried_in_every_frame() -> None:
    for frame, found in CASES.items():
        assert {case.lang for case in found} == set(LANGUAGES), frame
