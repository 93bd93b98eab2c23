"""The demo, whole: its fictional stream through poller, processor and dispatcher, and what the user sees of it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from rich.console import Console

from monitor.commands.demonstration import run_demo
from monitor.demo.screen import FICTION
from monitor.demo.stream import load
from monitor.errors import ConfigError
from monitor.storage.embedded import EmbeddedPostgres
from monitor.storage.engine import make_engine, transaction
from monitor.storage.tables import alerts, article_versions, developments
from tests.support.stack import PROGRAM

Kind = tuple[str, str, str, str]
QUICK = 0.8  # seconds an item


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """One run of the demo, and what it left in its archive."""

    code: int
    output: str
    alerted: Counter[Kind]
    details: int  # outcomes are told apart by their details
    first_told: dict[Kind, str]  # by the title of the article
    titles: Counter[str]


@contextmanager
def directory_of_our_own() -> Iterator[Path]:
    """A directory outside of pytest's: as root the server runs as another user, whom pytest would lock out."""
    with tempfile.TemporaryDirectory(prefix="watchdesk-test-") as made:
        yield Path(made)


@pytest.fixture(scope="module")
def played() -> Iterator[Played]:
    """The demo is run once for all tests of this module."""
    with directory_of_our_own() as parent:
        yield play(parent / "data")


def play(directory: Path) -> Played:
    """Run the demo and read its archive."""
    stream = StringIO()
    code = run_demo(Console(file=stream, width=140, highlight=False, markup=False), data_dir=directory, step=QUICK)
    with EmbeddedPostgres(directory) as postgres:
        engine = make_engine(postgres.url())
        names = ("topic", "stage", "subject", "object")
        told = (
            sa.select(*(developments.c[name] for name in names), article_versions.c.title)
            .join(alerts, alerts.c.development_id == developments.c.id)
            .join(article_versions, article_versions.c.article_id == developments.c.article_id)
            .where(article_versions.c.version == 1)
        )
        with transaction(engine) as connection:
            rows = connection.execute(told).all()
            titles = Counter(connection.execute(sa.select(article_versions.c.title)).scalars())
        engine.dispose()
    kinds: list[Kind] = [(row.topic, row.stage, row.subject, row.object) for row in rows]
    return Played(
        code=code,
        output=stream.getvalue(),
        alerted=Counter(kind for kind in kinds if kind[1] != "outcome"),
        details=sum(kind[1] == "outcome" for kind in kinds),
        first_told={kind: row.title for kind, row in zip(kinds, rows, strict=True)},
        titles=titles,
    )


@pytest.fixture(scope="module")
def gold() -> list[dict[str, Any]]:
    """What a perfect monitor would tell."""
    text = resources.files("monitor.demo").joinpath("expected.json").read_text(encoding="utf-8")
    return list(json.loads(text)["developments"])


def kind_of(development: dict[str, Any]) -> Kind:
    return development["topic"], development["stage"], development["subject"], development["object"]


def test_the_demo_ends_well(played: Played) -> None:
    assert played.code == 0, played.output[-3000:]


def test_every_item_of_the_stream_is_in_the_archive_once(played: Played) -> None:
    assert played.titles == Counter(" ".join(item.title.split()) for item in load())


def test_every_development_is_alerted_once(played: Played, gold: list[dict[str, Any]]) -> None:
    required = {kind_of(development) for development in gold if not development["optional"]}
    assert required - set(played.alerted) - {kind for kind in required if kind[1] == "outcome"} == set()
    assert set(played.alerted.values()) == {1}
    assert played.details >= 1


def test_nothing_else_is_alerted(played: Played, gold: list[dict[str, Any]]) -> None:
    assert set(played.alerted) - {kind_of(development) for development in gold} == set()


def test_an_alert_is_raised_on_an_item_that_reports_it(played: Played, gold: list[dict[str, Any]]) -> None:
    titles = {item.id: " ".join(item.title.split()) for item in load()}
    for development in gold:
        kind = kind_of(development)
        if kind in played.first_told:
            assert played.first_told[kind] in {titles[report] for report in development["reports"]}


def test_the_user_sees_items_alerts_and_a_summary(played: Played) -> None:
    for item in load():
        assert " ".join(item.title.split())[:60] in played.output
    for words in (
        FICTION,
        "What the desk was told",
        "What it was spared",
        "says again what is known",
        "What to try next",
    ):
        assert words in played.output
    assert played.output.count("─ #foreign-desk ─╯") == sum(played.alerted.values()) + played.details


def test_a_directory_that_holds_something_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep me")
    with pytest.raises(ConfigError, match="not empty"):
        run_demo(Console(file=StringIO()), data_dir=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.fixture
def directory() -> Iterator[Path]:
    """Where the demo of a test puts its files."""
    with directory_of_our_own() as made:
        yield made


@pytest.fixture
def started(directory: Path) -> Iterator[subprocess.Popen[str]]:
    """`watchdesk demo` as a user starts it, its files under a directory of ours."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("WATCHDESK_")}
    process = subprocess.Popen(
        (str(PROGRAM), "demo"),
        env=environment | {"TMPDIR": str(directory)},
        cwd=directory,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    yield process
    process.kill()
    process.wait()


def test_ctrl_c_ends_it_cleanly(started: subprocess.Popen[str], directory: Path) -> None:
    """Interrupted while alerts come: exit code 130, no traceback, no server and no files left."""
    assert started.stdout is not None
    shown = []
    for line in started.stdout:
        shown.append(line)
        if "#foreign-desk" in line:
            break
    assert "#foreign-desk" in "".join(shown)
    started.send_signal(signal.SIGINT)
    shown.append(started.stdout.read())
    assert started.wait(timeout=60) == 130, "".join(shown)
    assert "Traceback" not in "".join(shown)
    assert list(directory.iterdir()) == []
