"""A frame of the user's own, the one that docs/frames.md shows: checked, and news read with it, by the command."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.support.command import Watchdesk

PAGE = Path(__file__).parents[2] / "docs" / "frames.md"
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
FRAME, TOPICS = EXAMPLES
# (id, language, minute, title, text), all on 4 November 2024, and the stage that each is alerted on with.
NEWS = [
    ("a", "en", 0, "Scholz may quit", "Olaf Scholz could resign this week, a party source said."),
    ("b", "en", 9, "Scholz stays", "Chancellor Olaf Scholz will not resign, the government in Berlin said."),
    ("c", "en", 20, "Trudeau to go", "Canadian Prime Minister Justin Trudeau will resign, his office said."),
    ("d", "fr", 31, "Justin Trudeau a démissionné", "Le premier ministre canadien Justin Trudeau a démissionné lundi."),
    ("e", "ko", 40, "", "저스틴 트뤼도 캐나다 총리가 4일 사임했다."),
    ("f", "en", 50, "Markets calm", "Investors resigned themselves to a dull day after Justin Trudeau resigned."),
]  # fmt: skip
ALERTS = {
    "a": ("possible", "olaf-scholz", "DE"),
    "b": ("denied", "olaf-scholz", "DE"),
    "c": ("announced", "justin-trudeau", "CA"),
    "d": ("resigned", "justin-trudeau", "CA"),
}


@pytest.fixture
def watchdesk(tmp_path: Path) -> Watchdesk:
    home = tmp_path / "home"
    home.mkdir()
    return Watchdesk(home)


@pytest.fixture
def config(tmp_path: Path, watchdesk: Watchdesk) -> Path:
    """A configuration directory with the frame and the topic of the page."""
    folder = tmp_path / "config"
    assert watchdesk("init", folder).code == 0
    (folder / "frames").mkdir()
    (folder / "frames" / "resignation.yaml").write_text(FRAME, encoding="utf-8")
    (folder / "topics.yaml").write_text(TOPICS, encoding="utf-8")
    return folder


def stream(folder: Path) -> Path:
    """NEWS as a stream."""
    path = folder / "stream.jsonl"
    lines = []
    for identity, language, minute, title, text in NEWS:
        moment = f"2024-11-04T12:{minute:02}:00+00:00"
        place = f"https://{identity}.example/"
        item = {"id": identity, "source": f"Paper {identity}", "lang": language, "title": title, "text": text}
        item |= {"url": place, "published": moment, "seen": moment}
        lines.append(json.dumps(item) + "\n")
    path.write_text("".join(lines), encoding="utf-8")
    return path


def test_news_is_read_with_a_frame_that_is_data_alone(watchdesk: Watchdesk, config: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.jsonl"
    ended = watchdesk("--config", config, "replay", stream(tmp_path), "--output", output)
    assert ended.code == 0, ended.err
    rows = [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]
    found = {(row["item"], a["stage"], a["subject"], a["object"]) for row in rows for a in row["alerts"]}
    assert found == {(item, *alert) for item, alert in ALERTS.items()}
    assert {row["item"] for row in rows} >= {"e", "f"}, "relevant, though known"


def test_the_check_counts_frames_of_ones_own(watchdesk: Watchdesk, config: Path) -> None:
    ended = watchdesk("--config", config, "check")
    assert "1 frame of your own" in ended.out


def test_the_check_names_file_line_field_and_remedy_of_a_frame_that_is_wrong(
    watchdesk: Watchdesk, config: Path
) -> None:
    path = config / "frames" / "resignation.yaml"
    path.write_text(FRAME.replace("ends: [resigned]", "ends: [resignd]"), encoding="utf-8")
    ended = watchdesk("--config", config, "check")
    line = FRAME[: FRAME.index("ends:")].count("\n") + 1
    assert ended.code == 2
    assert (
        f'{path}:{line}: frame "resignation": ends: there is no stage "resignd". Did you mean "resigned"?' in ended.out
    )


def test_what_the_words_of_a_frame_find_is_explained(watchdesk: Watchdesk, config: Path) -> None:
    text = "Justin Trudeau has resigned\n\nThe prime minister left no doubt."
    ended = watchdesk("--config", config, "explain", "-", "--published", "2024-11-04T12:00:00Z", given=text)
    assert ended.code == 0, ended.err
    assert "says: justin-trudeau — resign ('resigned', real)" in ended.out
    assert "claim: premiers · resigned · justin-trudeau · CA" in ended.out
