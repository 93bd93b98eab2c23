"""The figures of stories come from one run over all files, as the page of the matcher has them."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.quality.figures import of_stories


def test_all_files_are_measured_in_one_run(tmp_path: Path) -> None:
    """Weights are learned from all of them: one by one they would give other figures."""
    for name in ("a", "b"):
        rows = [
            {"doc": f"{topic}-{n}", "topic": topic, "event": f"{topic}-{event}", "text": f"{text} {name * (topic + 3)}"}
            for topic in range(5)
            for n, (event, text) in enumerate(
                [("x", "Fire destroys mill"), ("x", "Mill destroyed by fire"), ("y", "Quake")]
            )
        ]
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")

    (measured,) = of_stories(tmp_path)

    assert measured.command.startswith("python -m benchmarks.stories ")
    assert [Path(name).name for name in measured.figures] == ["a.jsonl", "b.jsonl"]


def test_without_files_there_are_no_figures(tmp_path: Path) -> None:
    """Where ../shared is absent."""
    assert of_stories(tmp_path) == ()
