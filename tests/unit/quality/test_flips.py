"""Pairs of reports: what is told of the second, and how that is counted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from benchmarks.quality.flips import fault, figures, read_pairs, tell
from benchmarks.quality.streams import watch_of
from monitor.errors import ConfigError

ANNOUNCED = {
    "lang": "en",
    "published": "2025-05-02T09:00:00+02:00",
    "title": "French president to visit Japan",
    "text": "PARIS, May 2 - French President Emmanuel Macron will visit Japan next week, the Elysee Palace said.",
}
CANCELLED = {
    "lang": "en",
    "published": "2025-05-03T09:00:00+02:00",
    "title": "French president cancels visit to Japan",
    "text": "PARIS, May 3 - French President Emmanuel Macron has cancelled his visit to Japan, the Elysee Palace said.",
}
AGAIN = {
    "lang": "en",
    "published": "2025-05-03T08:00:00+02:00",
    "title": "Macron to travel to Japan next week",
    "text": "French President Emmanuel Macron will travel to Japan next week, his office said on Friday.",
}


def pair(name: str, following: dict[str, str], expect: str, stage: str | None) -> dict[str, Any]:
    topic = {"id": "macron", "name": "Macron", "frame": "travel", "subjects": ["emmanuel-macron"]}
    row = {"id": name, "lang": "en", "topic": topic, "known": ANNOUNCED, "next": following, "expect": expect}
    return {**row, "stage": stage, "about": "a test"}


def write(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_a_flip_is_told_and_a_repetition_is_not(archive: Engine, tmp_path: Path) -> None:
    """Both pairs begin with the same report, and neither knows of the other."""
    path = write(tmp_path / "flips.jsonl", pair("a", CANCELLED, "flip", "cancelled"), pair("b", AGAIN, "same", None))
    told = list(tell(archive, read_pairs(path), watch_of()))
    counted = figures(told)
    assert (counted.recall, counted.silence, counted.known, counted.right_stage) == (1.0, 1.0, 1.0, 1)
    assert [fault(each) for each in told] == [None, None]


def test_what_goes_wrong_is_said_with_what_was_decided(archive: Engine, tmp_path: Path) -> None:
    """The labels are turned round: a repetition that is labelled a flip is one that was not told."""
    rows = (
        pair("a", CANCELLED, "same", None),
        pair("b", AGAIN, "flip", "denied"),
        pair("c", CANCELLED, "flip", "denied"),
    )
    told = list(tell(archive, read_pairs(write(tmp_path / "flips.jsonl", *rows)), watch_of()))
    counted = figures(told)
    assert (counted.recall, counted.silence, counted.right_stage) == (0.5, 0.0, 0)
    kinds = [(fault(each) or "").partition(":")[0] for each in told]
    assert kinds == ["repetition told", "flip not told", "told, but not as denied"]
    assert "cancelled JP: new" in (fault(told[0]) or "")


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([pair("a", AGAIN, "maybe", None)], r'flips\.jsonl:1: .*expect: "flip" or "same", found \'maybe\''),
        ([{"id": "a"}], r"flips\.jsonl:1: no pair of reports: KeyError: 'topic'"),
        ([pair("a", AGAIN, "same", None)] * 2, r"flips\.jsonl: the id a is there twice"),
    ],
)
def test_a_damaged_file_is_refused_by_line(tmp_path: Path, rows: list[dict[str, Any]], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        read_pairs(write(tmp_path / "flips.jsonl", *rows))
