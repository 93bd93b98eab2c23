"""The processes as users run them: from a served feed to a message in Slack, with health, metrics and a clean end."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError

import pytest

from tests.support.command import Watchdesk
from tests.support.httpserver import LocalServer, Reply, local_server
from tests.support.slack_server import CHANNEL, SlackServer

PATIENCE = 90.0  # seconds; far beyond what it takes, so that only a fault reaches it

FEED = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>Daily Globe</title><link>https://globe.example/</link>
<item><guid>1</guid><link>https://globe.example/1</link>
<title>Kim Jong Un to visit China next week, Beijing says</title>
<description>North Korean leader Kim Jong Un will visit China next week, the foreign ministry said.</description>
</item></channel></rss>
"""


@pytest.fixture
def site() -> Iterator[LocalServer]:
    with local_server() as server:
        yield server


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer() as server:
        yield server


@pytest.fixture
def watchdesk(tmp_path: Path, site: LocalServer, archive_url: str) -> Watchdesk:
    """The command, set up to watch one feed of the local site on an archive and bus in Postgres."""
    home, desk = tmp_path / "home", tmp_path / "desk"
    home.mkdir()
    watchdesk = Watchdesk(home)
    assert watchdesk("init", desk).code == 0
    address = site.serve("/feed", Reply(body=FEED.encode(), content_type="application/rss+xml"))
    (desk / "sources.yaml").write_text(
        f"sources:\n  - {{id: globe, name: Daily Globe, kind: feed, url: '{address}', interval: 1s, language: en, "
        "allow_private: yes, backfill: alert}\n"
    )
    watchdesk.settings |= {"CONFIG_DIR": str(desk), "DATABASE_URL": archive_url, "LOG_FORMAT": "json"}
    return watchdesk


def in_slack(slack: SlackServer) -> dict[str, str]:
    """Settings that let alerts go to this Slack."""
    return {"SLACK_TOKEN": slack.token, "SLACK_BASE_URL": slack.url, "SLACK_CHANNEL": CHANNEL}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(holds: Callable[[], bool], *running: subprocess.Popen[str]) -> None:
    """Wait for something to hold; a process that has ended in the meantime is a failure."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        for process in running:
            assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.1)


@contextmanager
def running(watchdesk: Watchdesk, *commands: str, **settings: str) -> Iterator[list[subprocess.Popen[str]]]:
    """The commands at work; those still running at the end are killed."""
    processes: list[subprocess.Popen[str]] = []
    try:
        processes.extend(watchdesk.start(command, **settings) for command in commands)
        yield processes
    finally:
        for process in processes:
            if process.poll() is None:
                process.kill()
                process.communicate()


def end(process: subprocess.Popen[str], number: signal.Signals) -> tuple[int, str, str]:
    """Send a signal; returns exit code and output."""
    process.send_signal(number)
    out, err = process.communicate(timeout=PATIENCE)
    return process.returncode, out, err


def get(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()
    except OSError:
        return 0, ""


def test_run_takes_an_item_from_a_feed_to_slack_and_says_how_it_is(watchdesk: Watchdesk, slack: SlackServer) -> None:
    port = free_port()
    with running(watchdesk, "run", METRICS_PORT=str(port), **in_slack(slack)) as (process,):
        until(lambda: bool(slack.said()), process)
        (message,) = slack.said()
        assert message.channel == CHANNEL
        assert "Kim Jong Un will travel to China" in message.text
        status, body = get(port, "/readyz")
        health = json.loads(body)
        assert (status, health["status"]) == (200, "ok"), body
        assert set(health["checks"]) == {"poller", "processor", "dispatcher", "database", "bus", "notifier"}
        assert get(port, "/healthz")[0] == 200
        metrics = get(port, "/metrics")[1]
        assert 'watchdesk_items_processed_total{outcome="new",source="globe"} 1.0' in metrics
        assert 'watchdesk_alerts_total{kind="post",result="sent"} 1.0' in metrics
        code, _, err = end(process, signal.SIGTERM)
    assert code == 0, err
    events = [json.loads(line) for line in err.splitlines() if line.startswith("{")]
    assert events[-1]["event"] == "stopped"
    assert slack.token not in err
    (source,) = watchdesk("sources", "--json").json
    assert source["failures"] == 0
    assert source["last_success"]


def test_three_processes_do_the_same_and_ctrl_c_ends_them(watchdesk: Watchdesk, slack: SlackServer) -> None:
    with running(watchdesk, "poll", "process", "dispatch", **in_slack(slack)) as processes:
        until(lambda: bool(slack.said()), *processes)
        for process in processes:
            code, _, err = end(process, signal.SIGINT)
            assert code == 130, err
            assert "Traceback" not in err
    assert len(slack.said()) == 1


def test_without_a_token_the_alert_is_printed_with_a_warning(watchdesk: Watchdesk, tmp_path: Path) -> None:
    with running(watchdesk, "run") as (process,):
        record = watchdesk.home / ".local" / "share" / "watchdesk" / "console.jsonl"
        until(record.exists, process)
        code, out, err = end(process, signal.SIGTERM)
    assert code == 0, err
    assert "Kim Jong Un will travel to China" in out
    assert "WATCHDESK_SLACK_TOKEN is not set" in err


def test_a_metrics_port_that_is_taken_ends_with_2(watchdesk: Watchdesk) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ended = watchdesk("dispatch", METRICS_PORT=str(taken.getsockname()[1]))
    assert ended.code == 2
    assert "WATCHDESK_METRICS_PORT" in ended.err


def test_check_fetch_reads_each_source_once_and_keeps_nothing(watchdesk: Watchdesk, site: LocalServer) -> None:
    desk = Path(watchdesk.settings["CONFIG_DIR"])
    with (desk / "sources.yaml").open("a") as file:
        file.write(f"  - {{id: gone, kind: feed, url: '{site.url('/gone')}', allow_private: yes}}\n")
    ended = watchdesk("check", "--fetch", "--json")
    assert ended.code == 1
    findings = {finding["what"]: finding for finding in ended.json}
    assert findings["source globe"]["detail"] == "1 items"
    assert "404" in findings["source gone"]["problem"]
    assert watchdesk("search", "Kim", "--json").json == []
