"""Settings: from the environment, from `.env`, from secret files; what is wrong is named with its remedy."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.config import template_dir
from monitor.errors import ConfigError
from monitor.settings import PREFIX, Settings, load_settings, reference

DOC = Path(__file__).parents[3] / "docs" / "settings.md"
TOKEN = "xoxb-1-not-a-real-token"

Set = Callable[..., None]


@pytest.fixture
def env(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Set:
    """An environment without any setting, in an empty directory; call it to set some."""
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)

    def put(**values: str) -> None:
        for name, value in values.items():
            monkeypatch.setenv(PREFIX + name, value)

    return put


def silent(warning: str) -> None:
    """No warning is expected."""
    raise AssertionError(warning)


def wrong(config_dir: Path | None = None) -> str:
    """What loading complains of."""
    with pytest.raises(ConfigError) as caught:
        load_settings(config_dir=config_dir, warn=lambda _: None)
    return str(caught.value)


def config_with_env(folder: Path, text: str) -> Path:
    folder.mkdir()
    (folder / ".env").write_text(text, encoding="utf-8")
    return folder


def test_without_any_variable_everything_is_embedded(env: Set) -> None:
    """Nothing set is a working configuration."""
    settings = load_settings(warn=silent)
    assert (settings.bus_url, settings.database_url, settings.slack_token) == ("embedded:", None, None)
    assert settings.config_dir is None


def test_environment_wins_over_env_file(env: Set, tmp_path: Path) -> None:
    folder = config_with_env(tmp_path / "c", "WATCHDESK_BATCH_SIZE=7\nWATCHDESK_LOG_LEVEL=debug\nOTHER=1\n")
    env(BATCH_SIZE="9")
    settings = load_settings(config_dir=folder, warn=silent)
    assert (settings.batch_size, settings.log_level, settings.config_dir) == (9, "debug", folder)


def test_config_dir_may_come_from_the_environment(env: Set, tmp_path: Path) -> None:
    env(CONFIG_DIR=str(config_with_env(tmp_path / "c", "WATCHDESK_BATCH_SIZE=7\n")))
    assert load_settings(warn=silent).batch_size == 7


def test_working_directory_with_the_files_is_the_config_dir(env: Set, tmp_path: Path) -> None:
    """Inside a configuration directory no variable is needed."""
    for name in ("topics.yaml", "sources.yaml"):
        (tmp_path / name).touch()
    assert load_settings(warn=silent).config_dir == tmp_path


def test_missing_config_dir_is_named_with_the_remedy(env: Set, tmp_path: Path) -> None:
    env(CONFIG_DIR=str(tmp_path / "none"))
    assert f"watchdesk init {tmp_path / 'none'}" in wrong()


def test_an_empty_variable_counts_as_not_set(env: Set) -> None:
    env(SLACK_TOKEN="", BATCH_SIZE="")
    settings = load_settings(warn=silent)
    assert settings.slack_token is None
    assert settings.batch_size == 200


def test_every_wrong_value_is_named_at_once(env: Set) -> None:
    env(KAFKA_PARTITIONS="six", METRICS_PORT="70000", LOG_FORMAT="xml")
    message = wrong()
    assert "WATCHDESK_KAFKA_PARTITIONS: expected 1 to 1000, found 'six'." in message
    assert "WATCHDESK_METRICS_PORT: expected 0 to 65535, found '70000'." in message
    assert "WATCHDESK_LOG_FORMAT: expected pretty or json, found 'xml'." in message


def test_unknown_variable_is_refused_with_the_nearest_name(env: Set) -> None:
    env(SLAK_TOKEN="x")
    assert "WATCHDESK_SLAK_TOKEN: there is no such setting. Did you mean WATCHDESK_SLACK_TOKEN?" in wrong()


def test_env_file_errors_name_file_and_line(env: Set, tmp_path: Path) -> None:
    folder = config_with_env(tmp_path / "c", "# mine\nWATCHDESK_BATCH_SIZE=0\nWATCHDESK_COLOUR=red\n")
    message = wrong(folder)
    assert f"{folder}/.env:2: WATCHDESK_BATCH_SIZE: expected 1 to 5000, found '0'." in message
    assert f"{folder}/.env:3: WATCHDESK_COLOUR: there is no such setting." in message


def test_config_dir_in_the_env_file_is_refused(env: Set, tmp_path: Path) -> None:
    """It could not have any effect there."""
    assert "WATCHDESK_CONFIG_DIR can't be set here" in wrong(
        config_with_env(tmp_path / "c", f"WATCHDESK_CONFIG_DIR={tmp_path}\n")
    )


def test_secret_from_a_file_loses_its_line_end(env: Set, tmp_path: Path) -> None:
    secret = tmp_path / "token"
    secret.write_text(TOKEN + "\n")
    secret.chmod(0o600)
    env(SLACK_TOKEN_FILE=str(secret))
    settings = load_settings(warn=silent)
    assert settings.slack_token is not None
    assert settings.slack_token.get_secret_value() == TOKEN


def test_secret_given_twice_is_refused(env: Set, tmp_path: Path) -> None:
    env(SLACK_TOKEN=TOKEN, SLACK_TOKEN_FILE=str(tmp_path / "token"))
    assert "WATCHDESK_SLACK_TOKEN and WATCHDESK_SLACK_TOKEN_FILE are both set. Keep one of them." in wrong()


def test_unreadable_secret_file_is_named(env: Set, tmp_path: Path) -> None:
    env(KAFKA_PASSWORD_FILE=str(tmp_path / "none"))
    assert f"WATCHDESK_KAFKA_PASSWORD_FILE: {tmp_path}/none can't be read: No such file" in wrong()


@pytest.mark.parametrize(("mode", "text", "warning"), [(0o644, TOKEN, "chmod o-r"), (0o600, "\n", "is empty")])
def test_doubtful_secret_file_is_warned_of(env: Set, tmp_path: Path, mode: int, text: str, warning: str) -> None:
    """Readable to everybody, or empty: it works, and is said."""
    secret = tmp_path / "token"
    secret.write_text(text)
    secret.chmod(mode)
    env(SLACK_TOKEN_FILE=str(secret))
    heard: list[str] = []
    load_settings(warn=heard.append)
    assert len(heard) == 1
    assert warning in heard[0]


def test_secrets_show_in_neither_repr_nor_errors(env: Set) -> None:
    env(SLACK_TOKEN=TOKEN, DATABASE_URL="postgresql://u:geheim@h/d")
    settings = load_settings(warn=silent)
    assert "geheim" not in repr(settings)
    assert TOKEN not in repr(settings)
    assert settings.secret_values() == ("postgresql://u:geheim@h/d", TOKEN)
    env(SLACK_TOKEN="xoxp-geheim", DATABASE_URL="mysql://u:geheim@h/d")
    message = wrong()
    assert "geheim" not in message
    assert "WATCHDESK_SLACK_TOKEN: expected a bot token" in message
    assert "WATCHDESK_DATABASE_URL: expected postgresql://" in message


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ({"KAFKA_USERNAME": "u"}, "WATCHDESK_KAFKA_USERNAME would do nothing"),
        ({"KAFKA_SECURITY_PROTOCOL": "SASL_SSL", "KAFKA_USERNAME": "u"}, "WATCHDESK_KAFKA_SASL_MECHANISM and"),
        ({"KAFKA_SSL_CERTFILE": __file__}, "belong together"),
        ({"KAFKA_SSL_CAFILE": "/none"}, "expected a file that exists, found '/none'"),
        ({"BUS_URL": "kafka://"}, '"embedded:" or kafka://host:9092'),
        ({"SLACK_CHANNEL": "my desk"}, "WATCHDESK_SLACK_CHANNEL: expected a channel's #name or id"),
        ({"CONTACT": "me"}, "WATCHDESK_CONTACT: expected a URL or a mail address"),
    ],
)
def test_what_does_not_fit_is_refused(env: Set, values: dict[str, str], complaint: str) -> None:
    env(**values)
    assert complaint in wrong()


def test_kafka_settings_without_kafka_are_warned_of(env: Set) -> None:
    env(KAFKA_PARTITIONS="3")
    heard: list[str] = []
    load_settings(warn=heard.append)
    assert heard == ["Without effect while WATCHDESK_BUS_URL is embedded: WATCHDESK_KAFKA_PARTITIONS"]


def test_the_reference_lists_every_setting_and_no_other() -> None:
    """docs/settings.md and the code say the same, in both directions: name, default, expectation, meaning."""
    rows = [line for line in DOC.read_text(encoding="utf-8").splitlines() if line.startswith("| `WATCHDESK_")]
    right = [
        f"| `{name}` | {f'`{d}`' if d else 'none'} | {wanted} | {meaning} |" for name, d, wanted, meaning in reference()
    ]
    assert sorted(rows) == sorted(right)
    assert len(rows) == len(Settings.model_fields)


def test_the_env_example_names_every_setting_that_may_stand_in_it() -> None:
    """Each is there with its default, commented out, so that the file as written changes nothing."""
    lines = template_dir().joinpath(".env.example").read_text(encoding="utf-8").splitlines()
    offered = [line for line in lines if line and not line.startswith("# ")]
    right = [f"#{name}={default}" for name, default, _, _ in reference() if name != "WATCHDESK_CONFIG_DIR"]
    assert sorted(offered) == sorted(right)
