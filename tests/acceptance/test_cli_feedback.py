"""`watchdesk feedback`: what the desk thought of its alerts, on a real archive."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.test_cli_replay import ITEMS, write
from tests.support.command import Watchdesk


@pytest.fixture
def filled(archive_url: str, tmp_path: Path) -> Watchdesk:
    """The command on an archive of one alert."""
    watchdesk = Watchdesk(tmp_path, {"DATABASE_URL": archive_url})
    stream = write(tmp_path / "stream.jsonl", ITEMS)
    ended = watchdesk("replay", stream, "--output", tmp_path / "out.jsonl", "--database", archive_url)
    assert ended.code == 0, ended.err
    return watchdesk


def test_the_last_verdict_counts_and_the_earlier_ones_are_kept(filled: Watchdesk) -> None:
    (known,) = filled("timeline", "kim-travel", "--json").json
    development = known["development_id"]
    number = str(filled("show", "alert", development, "--json").json["id"])
    given = filled("feedback", development, "useful", "--by", "Ana", "--json")
    assert given.code == 0, given.err
    second = filled("feedback", number, "not-new", "--by", "Ben", "--note", "TASS had it\nan hour before")
    assert second.code == 0, second.err
    history = filled("feedback", development, "--json").json
    assert [(each["verdict"], each["given_by"], each["note"]) for each in history] == [
        ("useful", "Ana", ""),
        ("not_new", "Ben", "TASS had it\nan hour before"),
    ]
    (counting,) = filled("feedback", "--json").json
    assert (counting["verdict"], counting["development"], counting["topic"]) == ("not_new", development, "kim-travel")
    assert filled("feedback", "--topic", "putin-kim-talks", "--json").json == []
    assert filled("feedback", "--since", "2025-08-29", "--json").json == []
    assert filled("feedback", "--until", "2025-08-28", "--json").json == []
    assert "not new" in filled("feedback").out


def test_show_tells_what_was_thought_of_it(filled: Watchdesk) -> None:
    (known,) = filled("timeline", "kim-travel", "--json").json
    development = known["development_id"]
    assert "feedback" not in filled("show", "alert", development).out
    assert filled("feedback", development, "OFF_TOPIC", "--by", "Ana", "--note", "another Kim").code == 0
    for thing in ("alert", "development"):
        assert "off topic (Ana, " in filled("show", thing, development).out
        (said,) = filled("show", thing, development, "--json").json["feedback"]
        assert (said["verdict"], said["note"]) == ("off_topic", "another Kim")


def test_what_can_not_be_kept_is_refused(filled: Watchdesk) -> None:
    (known,) = filled("timeline", "kim-travel", "--json").json
    development = known["development_id"]
    missing = filled("feedback", "kim-travel/nothing", "useful")
    assert (missing.code, missing.out) == (1, "")
    assert "There is no alert kim-travel/nothing" in missing.err
    slip = filled("feedback", development, "usefull")
    assert slip.code == 2
    assert "expected useful, not-new or off-topic" in " ".join(slip.err.split())
    assert filled("feedback", development, "--note", "why").code == 2
    assert filled("feedback", development, "useful", "--by", " ").code == 2
    assert filled("feedback", development, "useful", "--note", "x" * 2_001).code == 2
    assert filled("feedback", development, "--topic", "kim-travel").code == 2
    assert filled("feedback", "--json").json == []
