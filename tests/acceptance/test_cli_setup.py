"""The command itself, in processes of their own: help, exit codes, `init`, `settings`, `check`, `db`."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from monitor.config import template_dir
from tests.support.command import Watchdesk
from tests.support.slack_server import CHANNEL, SlackServer


@pytest.fixture
def watchdesk(tmp_path: Path) -> Watchdesk:
    home = tmp_path / "home"
    home.mkdir()
    return Watchdesk(home)


def test_without_a_command_it_says_what_there_is(watchdesk: Watchdesk) -> None:
    ended = watchdesk()
    assert ended.code == 0
    assert "check" in ended.out
    assert watchdesk("--version").out.startswith("watchdesk 0.")


def test_a_wrong_call_ends_with_2_and_without_a_traceback(watchdesk: Watchdesk) -> None:
    for arguments in (("nonsense",), ("check", "--nonsense"), ("init",)):
        ended = watchdesk(*arguments)
        assert ended.code == 2
        assert "Traceback" not in ended.err


def test_init_writes_the_templates_and_overwrites_nothing_unasked(watchdesk: Watchdesk, tmp_path: Path) -> None:
    target = tmp_path / "deep" / "desk"
    written = watchdesk("init", target, "--json")
    assert written.code == 0
    assert sorted(written.json) == sorted(str(path) for path in target.iterdir())
    names = {path.name for path in template_dir().iterdir()}
    assert {path.name for path in target.iterdir()} == names
    (target / "topics.yaml").write_text("mine")
    refused = watchdesk("init", target)
    assert refused.code == 2
    assert "topics.yaml already" in refused.err
    assert (target / "topics.yaml").read_text() == "mine"
    assert watchdesk("init", target, "--force").code == 0
    assert (target / "topics.yaml").read_bytes() == (template_dir() / "topics.yaml").read_bytes()


def test_init_where_nothing_can_be_written_fails_with_the_reason(watchdesk: Watchdesk, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    ended = watchdesk("init", tmp_path / "file" / "desk")
    assert ended.code == 1
    assert "can't be written to" in ended.err


def test_settings_shows_what_is_in_force_and_no_secret(watchdesk: Watchdesk) -> None:
    ended = watchdesk("settings", "--json", SLACK_TOKEN="xoxb-12345-geheim", BATCH_SIZE="7")
    assert ended.code == 0
    values = {row["variable"]: row["value"] for row in ended.json}
    assert (values["WATCHDESK_BATCH_SIZE"], values["WATCHDESK_SLACK_TOKEN"]) == ("7", "***")
    assert "geheim" not in watchdesk("settings", SLACK_TOKEN="xoxb-12345-geheim").out


def test_a_wrong_setting_ends_every_command_with_2(watchdesk: Watchdesk) -> None:
    ended = watchdesk("db", "current", BATCH_SIZE="none")
    assert ended.code == 2
    assert "WATCHDESK_BATCH_SIZE: expected 1 to 5000, found 'none'." in ended.err


def test_the_embedded_database_is_made_and_kept_current(watchdesk: Watchdesk) -> None:
    """Nothing is set, nothing is installed: the schema is there, in the user's own data directory."""
    ended = watchdesk("db", "current", "--json")
    assert ended.code == 0
    assert ended.json["is_current"]
    data = watchdesk.home / ".local" / "share" / "watchdesk"
    assert stat.S_IMODE((data / "postgres" / "data").stat().st_mode) & stat.S_IRWXO == 0


def test_a_database_of_ones_own_is_upgraded_on_request_only(watchdesk: Watchdesk, postgres_url: str) -> None:
    before = watchdesk("db", "current", DATABASE_URL=postgres_url)
    assert before.code == 1
    assert "at nothing" in before.out
    assert watchdesk("dispatch", DATABASE_URL=postgres_url).code == 2
    upgraded = watchdesk("db", "upgrade", DATABASE_URL=postgres_url)
    assert upgraded.code == 0
    assert "from nothing to" in upgraded.out
    assert watchdesk("db", "current", DATABASE_URL=postgres_url).code == 0
    assert watchdesk("db", "upgrade", DATABASE_URL=postgres_url).out.startswith("The schema is at")


def test_the_password_may_be_given_apart_from_the_address(watchdesk: Watchdesk) -> None:
    address = "postgresql://desk@127.0.0.1:1/desk"
    assert watchdesk("db", "url", DATABASE_URL=address, DATABASE_PASSWORD="p@ss").out == (
        "postgresql://desk:p%40ss@127.0.0.1:1/desk\n"
    )
    twice = watchdesk("db", "url", DATABASE_URL="postgresql://desk:a@127.0.0.1:1/desk", DATABASE_PASSWORD="geheim")
    assert twice.code == 2
    assert "Keep one of them" in twice.err
    assert "geheim" not in twice.err


def test_check_is_content_with_what_ships(watchdesk: Watchdesk, archive_url: str) -> None:
    ended = watchdesk("check", "--json", DATABASE_URL=archive_url)
    assert ended.code == 0, ended.out + ended.err
    assert [finding["what"] for finding in ended.json] == ["settings", "configuration", "database", "bus", "slack"]
    assert not any(finding["problem"] for finding in ended.json)


def test_check_names_every_fault_and_goes_on_to_the_next(watchdesk: Watchdesk, tmp_path: Path) -> None:
    """Wrong files and an unreachable database in one go; a password in the address shows nowhere."""
    desk = tmp_path / "desk"
    assert watchdesk("init", desk).code == 0
    with (desk / "topics.yaml").open("a") as file:
        file.write("  - {id: x, name: X, frame: travl}\n")
    ended = watchdesk("-c", desk, "check", DATABASE_URL="postgresql://desk:geheim@127.0.0.1:1/desk")
    assert ended.code == 2
    assert 'frame "travl" is not known. Did you mean "travel"?' in ended.out
    assert "✗ database: " in ended.out
    assert "geheim" not in ended.out + ended.err


def test_check_ends_with_1_when_only_a_connection_fails(watchdesk: Watchdesk) -> None:
    assert watchdesk("check", DATABASE_URL="postgresql://desk@127.0.0.1:1/desk").code == 1


def test_check_asks_slack_and_says_nothing_there(watchdesk: Watchdesk, archive_url: str) -> None:
    with SlackServer() as slack:
        settings = {"DATABASE_URL": archive_url, "SLACK_BASE_URL": slack.url, "SLACK_TOKEN": slack.token}
        well = watchdesk("check", **settings, SLACK_CHANNEL=CHANNEL)
        assert well.code == 0, well.out + well.err
        assert f"✓ slack {CHANNEL}: " in well.out
        nowhere = watchdesk("check", **settings, SLACK_CHANNEL="#nowhere")
        assert nowhere.code == 1
        assert "✗ slack #nowhere: the app is in no channel" in nowhere.out
        assert slack.said() == []
