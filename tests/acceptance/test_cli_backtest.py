"""`watchdesk backtest`: edited topics on a real archive, in a process of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.test_cli_replay import ITEMS, write
from tests.support.command import Watchdesk

SPAN = ("--since", "2025-08-28", "--until", "2025-08-29")


@pytest.fixture
def filled(archive_url: str, tmp_path: Path) -> Watchdesk:
    """The command on an archive of one alert."""
    watchdesk = Watchdesk(tmp_path, {"DATABASE_URL": archive_url})
    stream = write(tmp_path / "stream.jsonl", ITEMS)
    ended = watchdesk("replay", stream, "--output", tmp_path / "out.jsonl", "--database", archive_url)
    assert ended.code == 0, ended.err
    return watchdesk


def topics(folder: Path, name: str, *entries: str) -> Path:
    """A topics file with these topics."""
    path = folder / name
    path.write_text("topics:\n" + "".join(f"  - {{{entry}}}\n" for entry in entries), encoding="utf-8")
    return path


def test_an_edit_is_shown_beside_what_is_in_force(filled: Watchdesk, tmp_path: Path) -> None:
    """Kim's travel is lost to a muted stage; the price of rice is gained by an open topic. The feedback is told."""
    (known,) = filled("timeline", "kim-travel", "--json").json
    assert filled("feedback", known["development_id"], "useful", "--by", "Ana").code == 0
    edited = topics(
        tmp_path,
        "edited.yaml",
        "id: kim-travel, name: Kim, frame: travel, subjects: [kim-jong-un], muted_stages: [announced]",
        "id: rice, name: Rice, any: [rice]",
    )
    ended = filled("backtest", "--topics", edited, *SPAN, "--json")
    assert ended.code == 0, ended.err
    report = ended.json
    assert report["items"] == 3
    assert [(row["difference"], row["topic"], row["why"]) for row in report["alerts"]] == [
        ("lost", "kim-travel", "its stage, announced, is muted"),
        ("gained", "rice", "there is no such topic"),
    ]
    lost, gained = report["alerts"]
    assert (lost["before"]["source"], lost["before"]["title"], lost["after"]) == (
        "Daily Globe",
        ITEMS[0]["title"],
        None,
    )
    assert (gained["before"], gained["after"]["title"]) == (None, ITEMS[2]["title"])
    assert lost["before"]["seen"].startswith("2025-08-28T01:02")
    assert lost["verdict"] == "useful"
    assert [(each["verdict"], each["before"], each["after"]) for each in report["feedback"]] == [("useful", 1, 0)]
    shown = filled("backtest", "--topics", edited, *SPAN).out
    for words in ("3 items seen", "lost", "gained", "Rice prices rise", "is muted", "1 raised", "0 raised"):
        assert words in shown


def test_two_files_are_compared(filled: Watchdesk, tmp_path: Path) -> None:
    mine = "id: mine, name: Mine, frame: travel, subjects: [kim-jong-un]"
    before = topics(tmp_path, "before.yaml", mine)
    after = topics(tmp_path, "after.yaml", mine + ', channel: "#korea"')
    report = filled("backtest", "--topics", after, "--against", before, *SPAN, "--json").json
    assert [(row["difference"], row["changed"]) for row in report["alerts"]] == [("changed", ["channel"])]
    shown = filled("backtest", "--topics", after, "--against", before, *SPAN).out
    assert "changed: channel" in shown
    assert (shown.count("→ #watchdesk"), shown.count("→ #korea")) == (1, 1)
    assert shown.count("Daily Globe: ") == 1  # the item is told once
    same = filled("backtest", "--topics", before, "--against", before, *SPAN)
    assert "No alert is lost, gained or changed." in same.out


def test_what_can_not_be_tried_is_refused(filled: Watchdesk, tmp_path: Path) -> None:
    edited = topics(tmp_path, "edited.yaml", "id: mine, name: Mine, frame: travel, subjects: [kim-jong-un]")
    backwards = filled("backtest", "--topics", edited, "--since", "2025-08-29", "--until", "2025-08-28")
    assert (backwards.code, backwards.out) == (2, "")
    assert "is not before the end" in backwards.err
    broken = filled("backtest", "--topics", topics(tmp_path, "broken.yaml", "id: mine, name: M, frame: trvel"), *SPAN)
    assert broken.code == 2
    assert "broken.yaml" in broken.err
    missing = filled("backtest", "--topics", edited, "--against", tmp_path / "none.yaml", *SPAN)
    assert missing.code == 2
    assert "none.yaml" in missing.err
    nothing = filled("backtest", "--topics", edited, "--since", "2020-01-01", "--until", "2020-02-01")
    assert (nothing.code, nothing.out) == (0, "")
    assert "has no items" in nothing.err
