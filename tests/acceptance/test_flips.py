"""Status flips and their paraphrases, through the pipeline on a real Postgres: what is told and what is held back."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from benchmarks.quality import flips
from benchmarks.quality.figures import PAIRS
from benchmarks.quality.flips import FlipFigures
from benchmarks.quality.streams import watch_of


@pytest.fixture
def counted(archive: Engine) -> FlipFigures:
    """The pairs of tests/data/flips.jsonl, counted."""
    return flips.figures(list(flips.tell(archive, flips.read_pairs(PAIRS), watch_of())))


def test_there_are_enough_pairs_in_enough_languages() -> None:
    """At least 120 of each kind in at least five languages."""
    pairs = flips.read_pairs(PAIRS)
    flipped = [pair for pair in pairs if pair.flip]
    assert min(len(flipped), len(pairs) - len(flipped)) >= 120
    assert len({pair.language for pair in flipped}) >= 5
    assert len({pair.language for pair in pairs if not pair.flip}) >= 5


@pytest.mark.slow
def test_flips_are_told_and_repetitions_held_back(counted: FlipFigures) -> None:
    """Recall at least .98, repetitions held back at least .97."""
    assert (counted.recall or 0) >= 0.98
    assert (counted.silence or 0) >= 0.97
