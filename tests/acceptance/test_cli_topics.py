"""`watchdesk topics`, `topics new`, and what `check`, `explain` and `replay` make of open topics."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from monitor.pipeline import process, read
from monitor.storage.engine import transaction
from tests.support.command import Watchdesk
from tests.support.searching import CURBS, CURBS_AGAIN, MINE, WATCH, told

OPEN = """topics:
  # Kept as it is.
  - id: rare-earths
    name: Rare earths
    any: [rare earth*, 稀土]
    none: [horoscope]
    meaning: New limits on the export of rare earths.   # for the night desk
"""


@pytest.fixture
def watchdesk(tmp_path: Path) -> Watchdesk:
    home = tmp_path / "home"
    home.mkdir()
    return Watchdesk(home)


@pytest.fixture
def desk(watchdesk: Watchdesk, tmp_path: Path) -> Path:
    """A configuration with one open topic."""
    folder = tmp_path / "desk"
    assert watchdesk("init", folder).code == 0
    (folder / "topics.yaml").write_text(OPEN, encoding="utf-8")
    return folder


def answers(*given: str) -> str:
    """One answer a line."""
    return "".join(f"{each}\n" for each in given)


# ---- what there is ------------------------------------------------------------------------------------------------


def test_topics_lists_open_ones_and_those_with_a_frame(watchdesk: Watchdesk, desk: Path) -> None:
    (desk / "topics.yaml").write_text(OPEN + "  - {id: kim, name: Kim, frame: travel}\n", encoding="utf-8")
    listed = watchdesk("-c", desk, "topics").out
    assert "open" in listed
    assert "rare earth* or 稀土; not horoscope" in listed
    assert "travel" in listed
    found = watchdesk("-c", desk, "topics", "--json").json
    assert [(topic["id"], topic["frame"]) for topic in found] == [("rare-earths", ""), ("kim", "travel")]
    assert found[0]["search"]["window"] == 3 * 24 * 3600


def test_people_are_looked_up(watchdesk: Watchdesk) -> None:
    assert [row["id"] for row in watchdesk("topics", "--people", "lula", "--json").json] == [
        "luiz-inacio-lula-da-silva"
    ]


# ---- a new one ----------------------------------------------------------------------------------------------------


def test_new_asks_shows_and_adds_an_open_topic(watchdesk: Watchdesk, desk: Path) -> None:
    """Names are looked up, what can never match is told, and what stood in the file stands there still."""
    given = answers(
        "Chips & Müller", "", "open", "chip*, 반도체", "export*|出口, China", "Xi Jinping, Jane Nobody", "", "zz", "en",
        "lead", "New limits on the export of chips.", "12 hours", "12h", "#chips", "y",
    )  # fmt: skip
    ended = watchdesk("-c", desk, "topics", "new", "--no-sample", given=given)
    assert ended.code == 0, ended.out + ended.err
    assert "Xi Jinping → xi-jinping, in all spellings" in ended.out
    assert "xi-jinping is found in" in ended.out
    assert "习近平" in ended.out
    assert "! any: “반도체” is written as in ko" in ended.out
    assert (desk / "topics.yaml").read_text(encoding="utf-8") == (
        OPEN
        + """
  - id: chips-muller
    name: Chips & Müller
    any: [chip*, 반도체]
    all: [[export*, 出口], China]
    names: [xi-jinping, Jane Nobody]
    languages: [en]
    where: lead
    meaning: New limits on the export of chips.
    window: 12h
    channel: '#chips'
"""
    )
    added = watchdesk("-c", desk, "topics", "--json").json[-1]["search"]
    assert (added["all"], added["where"], added["window"]) == ([["export*", "出口"], ["China"]], "lead", 12 * 3600)
    assert "zz: no language by ISO 639-1. Those that are read: de, en, es, fr, ja, ko, ru, zh." in ended.out
    assert "12 hours: not a duration" in ended.out


def test_new_leaves_the_ends_of_lines_as_they_are(watchdesk: Watchdesk, desk: Path) -> None:
    """A file that was written on Windows, with a byte order mark, stays one."""
    there = b"\xef\xbb\xbf" + OPEN.replace("\n", "\r\n").encode()
    (desk / "topics.yaml").write_bytes(there)
    given = answers("Tin", "", "", "tin", *[""] * 8)
    ended = watchdesk("-c", desk, "topics", "new", "--no-sample", "--yes", given=given)
    assert ended.code == 0, ended.out + ended.err
    added = b"\r\n  - id: tin\r\n    name: Tin\r\n    any: [tin]\r\n"
    assert (desk / "topics.yaml").read_bytes() == there + added


def test_new_takes_bodies(watchdesk: Watchdesk, desk: Path) -> None:
    given = answers("Bodies", "", "", "", "", "UN, EU, UK, White House", *[""] * 6)
    ended = watchdesk("-c", desk, "topics", "new", "--no-sample", "--yes", given=given)
    assert ended.code == 0, ended.out + ended.err
    assert "UN → united-nations, in all spellings" in ended.out
    added = watchdesk("-c", desk, "topics", "--json").json[-1]["search"]
    assert added["names"] == ["united-nations", "EU", "GB", "white-house"]


def test_new_asks_again_until_an_answer_is_clear(watchdesk: Watchdesk, desk: Path) -> None:
    given = answers(
        "Lula abroad", "rare-earths", "lula", "travl", "travel", "lula, joe", "joe-biden", "China, Freedonia", "",
        "arived", "arrived", "no channel", "", "",
    )  # fmt: skip
    ended = watchdesk("-c", desk, "topics", "new", "--no-sample", given=given)
    assert ended.code == 0, ended.out + ended.err
    for said in (
        "rare-earths is there already",
        "travl: is it travel?",
        "lula → luiz-inacio-lula-da-silva",
        "joe: is it andry-rajoelina or joe-biden?",
        "Freedonia: nothing is known by that.",
        "arived: is it arrived?",
        "Luiz Inácio Lula da Silva will travel to China",
    ):
        assert said in ended.out
    topic = watchdesk("-c", desk, "topics", "--json").json[-1]
    assert (topic["id"], topic["subjects"], topic["objects"], topic["muted_stages"]) == (
        "lula",
        ["luiz-inacio-lula-da-silva", "joe-biden"],
        ["CN"],
        ["arrived"],
    )


@pytest.mark.parametrize("given", [answers("X", "x", "open"), answers("X", "", "open", "tin", *[""] * 8, "n")])
def test_new_writes_nothing_that_was_not_confirmed(watchdesk: Watchdesk, desk: Path, given: str) -> None:
    """Neither when the answers end before the questions nor when the last one is no."""
    watchdesk("-c", desk, "topics", "new", "--no-sample", given=given)
    assert (desk / "topics.yaml").read_text(encoding="utf-8") == OPEN
    assert sorted(path.name for path in desk.iterdir()) == [
        ".env.example",
        "entities.yaml",
        "sources.yaml",
        "topics.yaml",
    ]


def test_new_leaves_a_file_alone_that_it_can_not_add_to(watchdesk: Watchdesk, desk: Path) -> None:
    flow = "topics: [{id: a, name: A, frame: travel}]\n"
    (desk / "topics.yaml").write_text(flow, encoding="utf-8")
    ended = watchdesk(
        "-c", desk, "topics", "new", "--no-sample", "--yes", given=answers("Tin", "", "", "tin", *[""] * 9)
    )
    assert ended.code == 2
    assert "any: [tin]" in ended.err
    assert "topics.yaml:" in ended.err
    assert ".new" not in ended.err
    assert (desk / "topics.yaml").read_text(encoding="utf-8") == flow


def test_new_needs_a_file_of_ones_own(watchdesk: Watchdesk) -> None:
    ended = watchdesk("topics", "new")
    assert ended.code == 2
    assert "`watchdesk init DIR` writes one" in ended.err


def test_new_shows_what_of_the_archive_it_would_match(
    watchdesk: Watchdesk, desk: Path, archive: Engine, archive_url: str
) -> None:
    hours = (datetime.now(UTC) - told("x", CURBS).seen).total_seconds() / 3600 - 1
    with transaction(archive) as conn:
        process(conn, [read(told(key, text, hours=hours), WATCH) for key, text in (("a", CURBS), ("b", MINE))], WATCH)
    given = answers("Sweden", "", "", "Kiruna", *[""] * 8, "n")
    ended = watchdesk("-c", desk, "topics", "new", given=given, DATABASE_URL=archive_url)
    assert ended.code == 0, ended.err
    assert "Of 2 articles of the last 30 days it would match 1." in ended.out
    assert f"Globe: {MINE[0]}" in ended.out


# ---- what is made of them -----------------------------------------------------------------------------------------


def test_check_warns_of_what_can_never_match_and_is_content(watchdesk: Watchdesk, desk: Path, archive_url: str) -> None:
    with (desk / "topics.yaml").open("a", encoding="utf-8") as file:
        file.write("  - id: gone\n    name: Gone\n    frame: attendance\n    subjects: [joe-biden]\n")
    ended = watchdesk("-c", desk, "check", DATABASE_URL=archive_url)
    assert ended.code == 0, ended.out
    line = f"! topic gone: {desk}/topics.yaml:11: subjects: Joe Biden leads no country today"
    assert line in ended.out
    warned = [
        each for each in watchdesk("-c", desk, "check", "--json", DATABASE_URL=archive_url).json if each["warning"]
    ]
    assert [each["what"] for each in warned] == ["topic gone"]


def test_explain_tells_what_a_search_found_and_why_not(watchdesk: Watchdesk, desk: Path) -> None:
    title, text = CURBS
    ended = watchdesk("-c", desk, "explain", "-", given=f"{title}\n{text}\n")
    assert ended.code == 0, ended.err
    assert "rare-earths: word “rare earth” in the title" in ended.out
    assert "new: rare-earths · reported · " in ended.out
    assert "first report of this story" in ended.out
    excluded = watchdesk("-c", desk, "explain", "-", given=f"{title}\n{text} Your horoscope.\n")
    assert "no match: holds “horoscope”, which is excluded" in excluded.out
    nothing = watchdesk("-c", desk, "explain", "-", given="Fine weather\nIt was fine.\n")
    assert "nothing of what they look for: rare-earths" in nothing.out


def test_explain_knows_the_stories_of_the_archive(
    watchdesk: Watchdesk, desk: Path, archive: Engine, archive_url: str
) -> None:
    with transaction(archive) as conn:
        process(conn, [read(told("a", CURBS), WATCH)], WATCH)
    title, text = CURBS_AGAIN
    ended = watchdesk(
        "-c", desk, "explain", "-", "--archive", "--published", "2025-10-10", given=f"{title}\n{text}\n",
        DATABASE_URL=archive_url,
    )  # fmt: skip
    assert ended.code == 0, ended.err
    assert "corroborates: rare-earths · reported · 2025-10-09-1" in ended.out


def test_the_archive_shows_a_story_by_its_title(watchdesk: Watchdesk, archive: Engine, archive_url: str) -> None:
    """In the timeline, as a development and as a decision, with who else reports it."""
    with transaction(archive) as conn:
        items = [told("a", CURBS), told("b", CURBS_AGAIN, source="star", hours=1)]
        first, _ = process(conn, [read(item, WATCH) for item in items], WATCH)
    development = first.decisions[0].development
    assert development is not None
    timeline = watchdesk("timeline", "rare-earths", DATABASE_URL=archive_url)
    assert timeline.code == 0, timeline.err
    assert CURBS[0] in timeline.out
    assert "2, 2 independent" in timeline.out
    shown = watchdesk("show", "development", development, DATABASE_URL=archive_url)
    assert f"reported: {CURBS[0]}" in shown.out
    assert CURBS_AGAIN[0] in shown.out
    article = watchdesk("show", "article", first.stored.article_id, DATABASE_URL=archive_url)
    assert "new: rare-earths · reported · 2025-10-09-1" in article.out


def test_replay_alerts_on_the_first_report_of_each_story(watchdesk: Watchdesk, desk: Path, tmp_path: Path) -> None:
    stream, output = tmp_path / "stream.jsonl", tmp_path / "out.jsonl"
    rows = [
        {
            "id": f"i{number}",
            "source": f"Paper {number}",
            "kind": "article",
            "lang": "en",
            "url": f"https://paper{number}.example/1",
            "published": f"2025-10-09T0{number}:00:00Z",
            "seen": f"2025-10-09T0{number}:05:00Z",
            "updates": None,
            "title": title,
            "text": text,
        }
        for number, (title, text) in enumerate([CURBS, MINE, CURBS_AGAIN, ("Fine weather", "It was fine.")])
    ]
    stream.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    ended = watchdesk("-c", desk, "replay", stream, "-o", output, "--json")
    assert ended.code == 0, ended.err
    assert ended.json[0]["decisions"] == {"corroborates": 1, "new": 2}
    lines = [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]
    assert [(line["item"], len(line["alerts"])) for line in lines] == [("i0", 1), ("i1", 1), ("i2", 0)]
    assert lines[0]["alerts"][0] == {
        "topic": "rare-earths", "stage": "reported", "subject": "", "object": "2025-10-09-1",
    }  # fmt: skip
