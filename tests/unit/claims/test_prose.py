"""What is read of newspaper prose, language by language: one fact, told with the many verbs that papers have for it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.unit.claims.reading import PARADES, READINGS, TRIPS, Case, params, said, talks

PROSE = READINGS / "prose"


def _cases(path: Path) -> list[tuple[str, Case]]:
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [(frame, Case(lang=path.stem, **row)) for frame, rows in found.items() for row in rows]


ALL = [pair for path in sorted(PROSE.glob("*.yaml")) for pair in _cases(path)]


@pytest.mark.parametrize(
    ("frame", "case"),
    [
        pytest.param(frame, *each.values, id=each.id, marks=each.marks)
        for (frame, _), each in zip(ALL, params([case for _, case in ALL]), strict=True)
    ],
)
def test_of_prose_all_is_read_that_is_said_and_nothing_else(frame: str, case: Case) -> None:
    topic = {"travel": TRIPS, "attendance": PARADES}.get(frame) or talks(case.pair)
    assert said(case, topic) == case.wanted
