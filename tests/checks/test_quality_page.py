"""The page of quality: its figures come from the command, and each stream of ours says what it is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.quality.figures import Part
from benchmarks.quality.page import BEGIN, END, PAGE, with_figures
from benchmarks.quality.streams import FIRST_SIGHT, OWN, ROOT, read_folder, unread

STREAMS = sorted(path.parent for path in OWN.glob("*/gold.json"))
TEXT = PAGE.read_text(encoding="utf-8")


def test_the_figures_stand_between_the_marks_that_the_command_writes_at() -> None:
    """The mark names the command, and what stands there can be written again without a change."""
    assert "python -m benchmarks.quality" in BEGIN
    tables = TEXT.partition(BEGIN)[2].partition(END)[0]
    assert with_figures(TEXT, tables) == TEXT


def test_the_tables_have_every_part_and_every_stream_that_was_looked_at() -> None:
    """A part or a stream that was added after the last run is noticed."""
    tables = TEXT.partition(BEGIN)[2].partition(END)[0]
    for heading in ("Streams", "By topic", "Peers, by items", "Flips", "General news"):
        assert f"### {heading}\n" in tables, heading
    seen = [folder.name for folder in STREAMS if (folder / FIRST_SIGHT).is_file()]
    assert [name for name in seen if f"| {name} |" not in tables] == []


def test_the_command_knows_what_the_page_tells_people_to_type() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "benchmarks.quality", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for option in ("--json", "--only", "--all-errors", "--first-sight"):
        assert option in ended.stdout
        assert option in TEXT
    assert all(part.value in ended.stdout for part in Part)


@pytest.mark.parametrize("folder", STREAMS, ids=lambda folder: folder.name)
def test_each_stream_is_sound_and_says_what_it_is(folder: Path) -> None:
    """Its gold names items that are there, its topics are known, and its README tells of its first sight."""
    stream = read_folder(folder)
    assert stream.gold.developments
    readme = (folder / "README.md").read_text(encoding="utf-8")
    assert "## At first sight" in readme
    assert bool(list(unread([folder]))) == ("not scored yet" in readme.lower())
