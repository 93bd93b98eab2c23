"""What is read of plain sentences about launches: a frame that is data alone, in all languages."""

from __future__ import annotations

import pytest

from monitor.frames import frame as frames
from monitor.language.lexicon import LANGUAGES
from monitor.types import WatchTopic
from tests.unit.claims.reading import Case, load, params, said

LAUNCHES = WatchTopic(id="launches", name="Launches", frame="launch")
CASES = load("launch")


@pytest.mark.parametrize("case", params(CASES))
def test_of_launches_all_is_read_that_is_said_and_nothing_else(case: Case) -> None:
    assert said(case, LAUNCHES) == case.wanted


def test_every_stage_is_tried_three_times_in_english_and_every_language_is_tried() -> None:
    tried = [claim[0] for case in CASES if case.lang == "en" for claim in case.wanted]
    assert {stage for stage in frames.load("launch").stages if tried.count(stage) < 3} == set()
    assert {case.lang for case in CASES} == set(LANGUAGES)
