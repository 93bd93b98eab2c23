"""The table of `watchdesk sources`, from an archive as the poller leaves it, and what it draws."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from monitor.cli import run
from monitor.commands.sourcetable import sparkline
from monitor.sourcememory import Pulse, Push
from monitor.storage.engine import transaction
from monitor.storage.sources import PostgresSourceStore, sync_sources
from monitor.types import SourceState
from tests.support.sources import source
from tests.unit.storage.test_sources import Polled

SOURCES = """
sources:
  - {id: wire, name: The Wire, kind: feed, url: "https://wire.example/f"}
  - {id: blog, kind: feed, url: "https://blog.example/f", interval: 5m}
  - {id: paper, kind: feed, url: "https://paper.example/f", interval: auto}
"""
HOUR = timedelta(hours=1)


@pytest.fixture
def desk(archive: Engine, archive_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A configuration, and an archive in which two of its three sources have been polled."""
    now = datetime.now(UTC)  # the command tells by the clock how long ago things were
    for name in ("topics.yaml", "entities.yaml"):
        (tmp_path / name).write_bytes((Path("monitor/templates") / name).read_bytes())
    (tmp_path / "sources.yaml").write_text(SOURCES)
    monkeypatch.setenv("WATCHDESK_CONFIG_DIR", str(tmp_path))
    monkeypatch.setenv("WATCHDESK_DATABASE_URL", archive_url)
    monkeypatch.setenv("COLUMNS", "200")
    with transaction(archive) as conn:
        sync_sources(conn, [source("https://x.example/", id=name) for name in ("wire", "blog")], now)
    store = PostgresSourceStore(archive)
    push = Push(hub="https://hub.example/", until=now + HOUR, pushes=3, secret="s3cret")
    fine = Pulse(since=now - 50 * HOUR, interval=450.0, arrivals=(now - HOUR,), push=push)
    store.save(
        SourceState(source_id="wire", polls=2, last_outcome="changed", last_success=now - HOUR / 2, pulse=fine),
        Polled(source_id="wire", started=now - timedelta(hours=2, minutes=1), items=7),
    )
    refused = Pulse(health="blocked", since=now - 3 * HOUR, why="HTTP 403 Forbidden")
    store.save(
        SourceState(source_id="blog", failures=3, last_outcome="blocked", pulse=refused),
        Polled(source_id="blog", started=now, outcome="blocked", items=0),
    )


@pytest.mark.usefixtures("desk")
def test_the_table_says_how_each_source_does(capsys: pytest.CaptureFixture[str]) -> None:
    """Health, since when, the interval as it is now, the last day, and why."""
    assert run(["sources"]) == 0
    wire, blog, paper, sums = capsys.readouterr().out.splitlines()[1:]
    assert wire.split()[:2] == ["wire", "ok"]
    for part in ("2d 2h", "~7m 30s, pushed", "  30m", "  1h", f"{'·' * 21}█··"):
        assert part in wire
    assert blog.split()[:3] == ["blog", "blocked", "3h"]
    assert " 5m " in blog
    assert blog.rstrip().endswith("HTTP 403 Forbidden")
    assert paper.split()[:4] == ["paper", "never", "polled", "~10m"]
    assert sums == "3 sources: 1 ok, 1 blocked, 1 never polled"


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("option", ["--trouble", "--failing"])
def test_only_those_in_trouble_are_listed(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    """For programs with all that is known."""
    assert run(["sources", option, "--json"]) == 0
    (blog,) = json.loads(capsys.readouterr().out)
    assert (blog["id"], blog["health"], blog["why"], blog["failures"]) == ("blog", "blocked", "HTTP 403 Forbidden", 3)
    assert (blog["interval"], blog["adaptive"], blog["items_per_hour"]) == (300.0, False, [0] * 24)


@pytest.mark.usefixtures("desk")
def test_what_a_hub_pushes_is_told_and_its_secret_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    """Not even to programs."""
    assert run(["sources", "--json"]) == 0
    out = capsys.readouterr().out
    wire = json.loads(out)[0]
    assert (wire["hub"], wire["pushes"], wire["missed_pushes"]) == ("https://hub.example/", 3, 0)
    assert "s3cret" not in out


@pytest.mark.parametrize(
    ("counts", "drawn"),
    [((), ""), ((0, 0), "··"), ((1,), "█"), ((1, 2, 4, 8), "▁▂▄█"), ((0, 1, 1000), "·▁█"), ((7, 7), "██")],
)
def test_numbers_are_drawn_by_their_share_of_the_largest(counts: tuple[int, ...], drawn: str) -> None:
    """The least is never nothing."""
    assert sparkline(counts) == drawn
