"""Asking the archive, and dead letters: the commands as users run them, on a real archive."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from monitor.bus import open_bus
from monitor.bus.base import Record
from monitor.codec import RAW_TOPIC
from monitor.storage import deadletters
from monitor.storage.engine import transaction
from tests.acceptance.test_cli_replay import ITEMS, write
from tests.support.command import Watchdesk
from tests.support.postgres import PostgresServer


@pytest.fixture
def watchdesk(tmp_path: Path) -> Watchdesk:
    home = tmp_path / "home"
    home.mkdir()
    return Watchdesk(home)


@pytest.fixture(scope="module")
def filled(postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watchdesk]:
    """The command on an archive of three articles, two of which announce the same trip. Tests only read it."""
    home = tmp_path_factory.mktemp("home")
    watchdesk, stream = Watchdesk(home), write(home / "stream.jsonl", ITEMS)
    with postgres_server.database() as url:
        ended = watchdesk("replay", stream, "--output", home / "out.jsonl", "--database", url)
        assert ended.code == 0, ended.err
        watchdesk.settings["DATABASE_URL"] = url
        yield watchdesk


def test_search_finds_articles_by_words_and_narrows_them(filled: Watchdesk) -> None:
    titles = [found["title"] for found in filled("search", "Kim", "China", "--json").json]
    assert titles == [ITEMS[1]["title"], ITEMS[0]["title"]]
    assert [found["title"] for found in filled("search", "rice", "--json").json] == [ITEMS[2]["title"]]
    assert filled("search", "rice", "--topic", "kim-travel", "--json").json == []
    assert filled("search", "rice", "--since", "2025-08-29", "--json").json == []
    assert filled("search", "rice", "--until", "2025-08-28T12:03:00+09:00", "--json").json
    assert len(filled("search", "Kim", "--limit", "1", "--json").json) == 1
    assert "Rice prices rise" in filled("search", "rice").out


def test_what_can_not_be_searched_for_is_refused(filled: Watchdesk) -> None:
    slip = filled("search", "rice", "--topic", "kim-trvel")
    assert slip.code == 2
    assert 'Did you mean "kim-travel"?' in slip.err
    assert filled("search", "rice", "--since", "soon").code == 2
    assert filled("search", "...").code == 2
    assert filled("search", "nosuchword").out == ""


def test_the_timeline_leads_to_development_article_decision_and_alert(filled: Watchdesk) -> None:
    """From one answer to the next by the ids that it names, down to the sentence that was read."""
    (known,) = filled("timeline", "kim-travel", "--json").json
    assert (known["stage"], known["object"], known["reports"]) == ("announced", "CN", 2)
    assert known["development_id"] in filled("timeline", "kim-travel").out
    development = filled("show", "development", known["development_id"], "--json").json
    assert [report["source_name"] for report in development["reports"]] == ["Daily Globe", "Morning Star"]
    article = filled("show", "article", development["reports"][1]["article_id"], "--json").json
    decisions = {each["decision"]["outcome"] for each in article["decisions"]}
    assert "corroborates" in decisions
    number = str(article["decisions"][0]["claim_id"])
    decision = filled("show", "decision", number, "--json").json
    assert decision["decision"]["reason"]
    assert decision["decision"]["claim"]["evidence"]["sentence"] in f"{ITEMS[1]['title']}\n{ITEMS[1]['text']}"
    alert = filled("show", "alert", known["development_id"], "--json").json
    assert alert["alert"]["headline"]
    for thing, identity in (
        ("development", known["development_id"]),
        ("article", article["article_id"]),
        ("decision", number),
        ("alert", str(alert["id"])),
    ):
        assert filled("show", thing, identity).code == 0


def test_what_is_not_there_fails_and_what_can_not_be_is_refused(filled: Watchdesk) -> None:
    for thing, identity in (("article", "0" * 20), ("development", "x"), ("alert", "99"), ("decision", "99")):
        ended = filled("show", thing, identity)
        assert (ended.code, ended.out) == (1, "")
        assert "in the archive" in ended.err
    assert filled("show", "decision", "first").code == 2
    assert filled("show", "poem", "1").code == 2


def test_topics_and_sources_are_listed(filled: Watchdesk) -> None:
    assert [topic["id"] for topic in filled("topics", "--json").json] == [
        "kim-travel",
        "parade-attendance",
        "putin-kim-talks",
    ]
    (person,) = filled("topics", "--people", "kim jong un", "--json").json
    assert (person["id"], person["country"]) == ("kim-jong-un", "KP")
    sources = filled("sources", "--json").json
    assert {source["last_success"] for source in sources} == {None}
    assert filled("sources", "--failing", "--json").json == []


def test_a_message_that_can_not_be_read_is_listed_shown_and_replayed(
    watchdesk: Watchdesk, archive_url: str, archive: Engine
) -> None:
    """Its bytes come out as they went in, and a replay puts them back on the bus, where they fail once more."""
    watchdesk.settings |= {"DATABASE_URL": archive_url, "LOG_LEVEL": "error"}
    broken = b'{"schema": "1.0", "broken": \xff}'
    bus = open_bus(f"embedded:{archive_url}")
    bus.ensure_topics()
    bus.publish([Record(topic=RAW_TOPIC, key=b"s", value=broken)])
    bus.flush(timeout=30)
    bus.close()
    process_until(watchdesk, archive, letters=1)
    (letter,) = watchdesk("dlq", "list", "--json").json
    assert (letter["error"], letter["replays"]) == ("DecodeError", 0)
    assert letter["id"] in watchdesk("dlq", "list").out
    shown = watchdesk("dlq", "show", letter["id"])
    assert letter["reason"] in " ".join(shown.out.split())
    assert watchdesk("dlq", "show", letter["id"], "--json").json["value"]
    assert watchdesk("dlq", "show", letter["id"], "--raw").out.encode("utf-8", "surrogateescape") == broken
    assert watchdesk("dlq", "replay", letter["id"]).code == 0
    process_until(watchdesk, archive, letters=2)
    again = watchdesk("dlq", "list", "--not-replayed", "--json").json
    assert [each["error"] for each in again] == ["DecodeError"]
    assert again[0]["id"] != letter["id"]
    assert watchdesk("dlq", "show", "watchdesk.raw/0/999").code == 1
    assert watchdesk("dlq", "replay").code == 2


def process_until(watchdesk: Watchdesk, archive: Engine, *, letters: int) -> None:
    """Run a processor until there are so many dead letters, then stop it; it has to end well."""
    process = watchdesk.start("process")
    try:
        while count(archive) < letters:
            assert process.poll() is None, process.communicate()
            time.sleep(0.1)
    finally:
        process.terminate()
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, out + err


def count(archive: Engine) -> int:
    """How many dead letters there are."""
    with transaction(archive) as conn:
        return len(deadletters.list_letters(conn))
