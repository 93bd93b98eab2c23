"""`watchdesk replay`: recorded streams through the real pipeline, in processes of their own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.command import Watchdesk

ITEMS = [
    {
        "id": "i1",
        "source": "Daily Globe",
        "kind": "article",
        "lang": "en",
        "url": "https://globe.example/1",
        "published": "2025-08-28T10:00:00+09:00",
        "seen": "2025-08-28T01:02:00Z",
        "updates": None,
        "title": "Kim Jong Un to visit China next week, Beijing says",
        "text": "BEIJING, Aug. 28 -- North Korean leader Kim Jong Un will visit China next week, "
        "China's foreign ministry said on Thursday.",
    },
    {
        "id": "i2",
        "source": "Morning Star",
        "kind": "article",
        "lang": "en",
        "url": "https://star.example/1",
        "published": "2025-08-28T11:00:00+09:00",
        "seen": "2025-08-28T02:02:00Z",
        "updates": None,
        "title": "China announces visit by North Korea's Kim Jong Un",
        "text": "North Korean leader Kim Jong Un will travel to China next week, the foreign ministry announced.",
    },
    {
        "id": "i3",
        "source": "Daily Globe",
        "kind": "article",
        "lang": "en",
        "url": "https://globe.example/2",
        "published": "2025-08-28T12:00:00+09:00",
        "seen": "2025-08-28T03:02:00Z",
        "updates": None,
        "title": "Rice prices rise for a third month",
        "text": "The price of rice rose again in July, the statistics office said.",
    },
]


@pytest.fixture
def watchdesk(tmp_path: Path) -> Watchdesk:
    home = tmp_path / "home"
    home.mkdir()
    return Watchdesk(home)


def write(path: Path, items: list[dict[str, str | None]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items), encoding="utf-8")
    return path


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_stream_is_replayed_and_twice_gives_the_same_bytes(watchdesk: Watchdesk, tmp_path: Path) -> None:
    """The announcement is alerted on once, its repetition is relevant, the price of rice is neither."""
    stream = write(tmp_path / "stream.jsonl", ITEMS)
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    ended = watchdesk("replay", stream, "--output", first, "--json")
    assert ended.code == 0, ended.err
    announced = {"topic": "kim-travel", "stage": "announced", "subject": "kim-jong-un", "object": "CN"}
    assert lines(first) == [
        {"item": "i1", "topics": ["kim-travel"], "alerts": [announced]},
        {"item": "i2", "topics": ["kim-travel"], "alerts": []},
    ]
    (summary,) = ended.json
    assert (summary["items"], summary["relevant"], summary["alerts"]) == (3, 2, 1)
    assert watchdesk("replay", stream, "--output", second).code == 0
    assert first.read_bytes() == second.read_bytes()


def test_several_streams_each_start_from_an_empty_archive(watchdesk: Watchdesk, tmp_path: Path) -> None:
    """The same stream under two names raises the same alert twice; results are named after file or folder."""
    one, other = write(tmp_path / "beijing" / "stream.jsonl", ITEMS), write(tmp_path / "other.jsonl", ITEMS)
    assert watchdesk("replay", one, other, "--output", tmp_path / "out").code == 0
    results = [lines(tmp_path / "out" / name) for name in ("beijing.jsonl", "other.jsonl")]
    assert results[0] == results[1]
    assert results[0][0]["alerts"]


def test_topics_of_ones_own_take_the_place_of_the_configured_ones(watchdesk: Watchdesk, tmp_path: Path) -> None:
    topics = tmp_path / "topics.yaml"
    topics.write_text("topics:\n  - {id: mine, name: Mine, frame: travel, subjects: [kim-jong-un], objects: [CN]}\n")
    out = tmp_path / "out.jsonl"
    stream = write(tmp_path / "stream.jsonl", ITEMS)
    assert watchdesk("replay", stream, "-o", out, "--topics", topics).code == 0
    assert lines(out)[0]["topics"] == ["mine"]


def test_a_database_can_be_kept_and_must_be_empty(watchdesk: Watchdesk, tmp_path: Path, postgres_url: str) -> None:
    stream, out = write(tmp_path / "stream.jsonl", ITEMS), tmp_path / "out.jsonl"
    assert watchdesk("replay", stream, "-o", out, "--database", postgres_url).code == 0
    again = watchdesk("replay", stream, "-o", out, "--database", postgres_url)
    assert again.code == 2
    assert "holds articles already" in again.err


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"seen": "yesterday"}, "stream.jsonl:3: seen:"),
        ({"title": None}, "stream.jsonl:3: title: expected text"),
        ({"kind": "poem"}, "stream.jsonl:3: kind:"),
    ],
)
def test_a_wrong_line_is_named_and_nothing_is_written(
    watchdesk: Watchdesk, tmp_path: Path, change: dict[str, str | None], complaint: str
) -> None:
    stream = write(tmp_path / "stream.jsonl", [*ITEMS[:2], {**ITEMS[2], **change}])
    ended = watchdesk("replay", stream, "--output", tmp_path / "out.jsonl")
    assert ended.code == 2
    assert complaint in ended.err
    assert list(tmp_path.glob("out*")) == []


def test_results_that_would_overwrite_each_other_are_refused(watchdesk: Watchdesk, tmp_path: Path) -> None:
    one, other = write(tmp_path / "a" / "x.jsonl", ITEMS), write(tmp_path / "b" / "x.jsonl", ITEMS)
    ended = watchdesk("replay", one, other, "--output", tmp_path / "out")
    assert ended.code == 2
    assert "would be written to x.jsonl" in ended.err
