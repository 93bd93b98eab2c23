"""Settings: everything that the environment says, each a variable WATCHDESK_*; `docs/settings.md` lists them all.

The environment comes first, then the file `.env` in the configuration directory. Secrets may come from files.
"""

from __future__ import annotations

import difflib
import os
import stat
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, Self

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from monitor.errors import ConfigError

PREFIX = "WATCHDESK_"
MEBIBYTE = 1024 * 1024
CHANNEL_PATTERN = r"^(#[^\s#]{1,80}|[CDG][A-Z0-9]{6,20})$"


def _setting(default: object, meaning: str, expected: str, **limits: Any) -> Any:
    """A field with its meaning, and what a right value looks like, for the reference and for error messages."""
    return Field(default=default, description=meaning, json_schema_extra={"expected": expected}, **limits)


def default_data_dir() -> Path:
    """Where the embedded database lives when nobody says otherwise (XDG Base Directory Specification 0.8)."""
    base = os.environ.get("XDG_DATA_HOME") or Path("~/.local/share").expanduser()
    return Path(base) / "watchdesk"


class Settings(BaseSettings):
    """All settings, checked. Secrets are `SecretStr`, so that no repr, log or error shows them."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore", frozen=True
    )

    config_dir: Path | None = _setting(
        None,
        "Directory of topics.yaml, entities.yaml, sources.yaml and .env; without it the built-in ones",
        "a directory",
    )
    data_dir: Path = Field(
        default_factory=default_data_dir,
        description="Where the embedded Postgres keeps its data",
        json_schema_extra={"expected": "a directory that may be written to", "default": "~/.local/share/watchdesk"},
    )
    contact: str | None = _setting(
        None,
        "Address or mail of whoever runs this; sent in the User-Agent so that a site can reach you",
        "a URL or a mail address",
        pattern=r"^(https?://\S+|[^\s@]+@[^\s@]+)$",
    )

    database_url: SecretStr | None = _setting(
        None, "The archive; without it an embedded Postgres in the data directory", "postgresql://user@host:5432/name"
    )
    database_password: SecretStr | None = _setting(
        None, "Password for the database, when its URL holds none", "the password"
    )
    bus_url: str = _setting(
        "embedded:",
        "The log between poller and processor: a Kafka cluster, or tables in the archive's database",
        '"embedded:" or kafka://host:9092[,host2:9092]',
        pattern=r"^(embedded:|kafka://[^\s/,]+(,[^\s/,]+)*)$",
    )

    kafka_security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = _setting(
        "PLAINTEXT", "How to speak to the brokers", "PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL"
    )
    kafka_sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] | None = _setting(
        None, "How to log in, with SASL_*", "PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512"
    )
    kafka_username: str | None = _setting(None, "User name, with SASL_*", "the user's name")
    kafka_password: SecretStr | None = _setting(None, "Password, with SASL_*", "the password")
    kafka_ssl_cafile: Path | None = _setting(None, "Certificates to trust, PEM, with SSL", "a file that exists")
    kafka_ssl_certfile: Path | None = _setting(None, "Client certificate, PEM, with SSL", "a file that exists")
    kafka_ssl_keyfile: Path | None = _setting(None, "Client key, PEM, with SSL", "a file that exists")
    kafka_partitions: int = _setting(
        6, "Partitions of a topic that is made: the most processors that can share the work", "1 to 1000", ge=1, le=1000
    )
    kafka_retention_hours: int = _setting(168, "How long the log keeps messages", "hours, 1 or more", ge=1)
    kafka_replication: int = _setting(
        1, "Copies of each message; 3 on a cluster of three brokers or more", "1 to 9", ge=1, le=9
    )
    kafka_session_seconds: float = _setting(
        10, "A processor that is silent for so long is taken for dead", "seconds, 6 to 300", ge=6, le=300
    )

    slack_token: SecretStr | None = _setting(
        None, "Bot token; without it alerts are printed", "a bot token, xoxb-... (docs/alerts.md says how to get one)"
    )
    slack_channel: str = _setting(
        "#watchdesk",
        "Channel of every topic that names none",
        "a channel's #name or id (C0123ABCD)",
        pattern=CHANNEL_PATTERN,
    )
    ops_channel: str | None = _setting(
        None,
        "Channel that hears which sources come into trouble and out of it; without it only that nothing at all comes "
        "is told, in the default channel",
        "a channel's #name or id (C0123ABCD)",
        pattern=CHANNEL_PATTERN,
    )
    slack_base_url: str = _setting(
        "https://slack.com/api/",
        "Address of Slack's Web API; change it only to test",
        "an http(s) address that ends in /",
        pattern=r"^https?://\S+/$",
    )
    edit_seconds: float = _setting(
        60, "A message's count of reports is edited at most once in so many seconds", "seconds, 1 or more", ge=1
    )

    fetch_max_bytes: int = _setting(
        10 * MEBIBYTE, "Largest body that is read, decompressed", "bytes, 65536 or more", ge=65536
    )
    fetch_timeout_seconds: float = _setting(30, "Longest time for one request", "seconds, 1 to 600", ge=1, le=600)
    fetch_connect_seconds: float = _setting(10, "Longest time to connect", "seconds, 1 to 120", ge=1, le=120)
    fetch_host_seconds: float = _setting(
        5, "Shortest time between the starts of two requests to one domain", "seconds, 0 to 3600", ge=0, le=3600
    )
    fetch_redirects: int = _setting(5, "Most redirects that are followed", "0 to 20", ge=0, le=20)
    fetch_retry_hours: float = _setting(
        24,
        "Longest time that a server is left alone because it asks for it (Retry-After)",
        "hours, 0 to 168",
        ge=0,
        le=168,
    )
    fetch_full_hours: float = _setting(
        12,
        "A source is asked for all it has so often, even if it says that nothing has changed",
        "hours, 1 to 168",
        ge=1,
        le=168,
    )
    fetch_moved_days: float = _setting(
        7,
        "A permanent redirect has to hold for so long before its target is asked itself",
        "days, 0 to 365",
        ge=0,
        le=365,
    )
    websub_callback: str | None = _setting(
        None,
        "Public address that leads to WATCHDESK_WEBSUB_PORT, for hubs that push feeds; without it they are polled",
        "an http(s) address without a query, such as https://desk.example/push",
        pattern=r"^https?://[^\s?#@]+$",
    )
    websub_host: str = _setting("127.0.0.1", "Address on which the poller answers hubs", "an address")
    websub_port: int = _setting(
        8788, "Port on which the poller answers hubs, with WATCHDESK_WEBSUB_CALLBACK", "1 to 65535", ge=1, le=65535
    )
    parse_seconds: float = _setting(
        5,
        "Longest time in which a feed or page is parsed; then its process is killed",
        "seconds, 1 to 120",
        ge=1,
        le=120,
    )
    parse_memory_mebibytes: int = _setting(
        1024,
        "Most memory that parsing a feed or page may take, where the system limits it (Linux does)",
        "MiB, 512 to 65536",
        ge=512,
        le=65536,
    )
    batch_size: int = _setting(200, "Most messages that a processor takes at once", "1 to 5000", ge=1, le=5000)

    log_format: Literal["pretty", "json"] = _setting("pretty", "For people or for machines", "pretty or json")
    log_level: Literal["debug", "info", "warning", "error"] = _setting(
        "info", "The least that is logged", "debug, info, warning or error"
    )
    metrics_host: str = _setting(
        "127.0.0.1", "Address on which /metrics, /healthz and /readyz are served", "an address"
    )
    metrics_port: int = _setting(
        0, "Port of /metrics, /healthz and /readyz; 0 serves none", "0 to 65535", ge=0, le=65535
    )

    @field_validator("database_url")
    @classmethod
    def _is_postgres(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not value.get_secret_value().startswith(("postgresql://", "postgresql+psycopg://")):
            raise ValueError("not a Postgres URL")
        return value

    @field_validator("slack_token")
    @classmethod
    def _is_bot_token(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not value.get_secret_value().startswith("xoxb-"):
            raise ValueError("not a bot token")
        return value

    @field_validator("kafka_ssl_cafile", "kafka_ssl_certfile", "kafka_ssl_keyfile")
    @classmethod
    def _is_file(cls, value: Path | None) -> Path | None:
        if value and not value.is_file():
            raise ValueError("no such file")
        return value

    @model_validator(mode="after")
    def _kafka_fits_together(self) -> Self:
        sasl = self.kafka_security_protocol.startswith("SASL_")
        login = {
            "KAFKA_SASL_MECHANISM": self.kafka_sasl_mechanism,
            "KAFKA_USERNAME": self.kafka_username,
            "KAFKA_PASSWORD": self.kafka_password,
        }
        odd = [PREFIX + name for name, value in login.items() if (value is None) is sasl]
        if odd and sasl:
            raise ValueError(f"{_names(odd)} must be set, since {PREFIX}KAFKA_SECURITY_PROTOCOL asks for a login")
        if odd:
            raise ValueError(f"{_names(odd)} would do nothing: set {PREFIX}KAFKA_SECURITY_PROTOCOL to SASL_SSL as well")
        if (self.kafka_ssl_certfile is None) is not (self.kafka_ssl_keyfile is None):
            raise ValueError(
                f"{PREFIX}KAFKA_SSL_CERTFILE and {PREFIX}KAFKA_SSL_KEYFILE belong together: set both or none"
            )
        return self

    def secret_values(self) -> tuple[str, ...]:
        """Every secret that is set, for the log's redaction."""
        values = (getattr(self, name) for name in SECRETS)
        return tuple(value.get_secret_value() for value in values if value is not None)


SECRETS = ("database_url", "database_password", "kafka_password", "slack_token")


def load_settings(*, config_dir: Path | None = None, warn: Callable[[str], None]) -> Settings:
    """Settings from the environment and from `.env` in `config_dir`; raises ConfigError with everything that is wrong.

    `config_dir`, when given, overrides WATCHDESK_CONFIG_DIR. `warn` hears of what is unwise but works.
    """
    chosen = config_dir or _path(os.environ.get(f"{PREFIX}CONFIG_DIR")) or _working_dir_with_topics()
    if chosen is not None and not chosen.is_dir():
        raise ConfigError(f"There is no configuration directory {chosen}. `watchdesk init {chosen}` makes one.")
    env_file = chosen / ".env" if chosen else None
    from_file = _read_env_file(env_file)
    given = {**from_file, **{name: value for name, value in os.environ.items() if name.startswith(PREFIX) and value}}
    problems = [*_unknown(given, from_file, env_file), *_misplaced(from_file, env_file)]
    secrets, bad_secrets = _secrets_from_files(given, warn)
    problems += bad_secrets
    arguments: dict[str, Any] = {"_env_file": env_file, **secrets, **({"config_dir": chosen} if chosen else {})}
    try:
        settings = Settings(**arguments)
    except ValidationError as error:
        problems += [_explain(detail, from_file, env_file) for detail in error.errors(include_url=False)]
    if problems:
        raise ConfigError("\n".join(problems))
    if settings.bus_url == "embedded:" and (idle := sorted(n for n in given if n.startswith(f"{PREFIX}KAFKA_"))):
        warn(f"Without effect while {PREFIX}BUS_URL is embedded: {_names(idle)}")
    return settings


def reference() -> Iterator[tuple[str, str, str, str]]:
    """Each setting as (variable, default, what is expected, meaning), in the order of the code."""
    for name, field in Settings.model_fields.items():
        extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
        default = extra.get("default", field.default)
        yield PREFIX + name.upper(), "" if default is None else str(default), _expected(name), field.description or ""


def _expected(name: str) -> str:
    extra = Settings.model_fields[name].json_schema_extra
    return str(extra["expected"]) if isinstance(extra, dict) else "another value"


def _path(text: str | None) -> Path | None:
    return Path(text).expanduser() if text else None


def _working_dir_with_topics() -> Path | None:
    here = Path.cwd()
    return here if (here / "topics.yaml").is_file() and (here / "sources.yaml").is_file() else None


def _read_env_file(path: Path | None) -> dict[str, str]:
    if path is None or not path.is_file():
        return {}
    try:
        values = dotenv_values(path, encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} can't be read: {error}") from error
    return {name: value for name, value in values.items() if value and name.startswith(PREFIX)}


def _unknown(given: Mapping[str, str], from_file: Mapping[str, str], env_file: Path | None) -> Iterator[str]:
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    known |= {f"{PREFIX}{name.upper()}_FILE" for name in SECRETS}
    for name in sorted({*given, *from_file} - known):
        near = difflib.get_close_matches(name.upper(), sorted(known), n=1)
        hint = f" Did you mean {near[0]}?" if near else " `watchdesk settings` lists them all."
        yield f"{_origin(name, from_file, env_file)}: there is no such setting.{hint}"


def _misplaced(from_file: Mapping[str, str], env_file: Path | None) -> Iterator[str]:
    if f"{PREFIX}CONFIG_DIR" in from_file:
        yield f"{env_file}: {PREFIX}CONFIG_DIR can't be set here, since this file is found through it. Remove the line."


def _secrets_from_files(given: Mapping[str, str], warn: Callable[[str], None]) -> tuple[dict[str, Any], list[str]]:
    """Secrets whose `_FILE` variable is set, and what is wrong with those that can't be had."""
    secrets: dict[str, Any] = {}
    problems: list[str] = []
    for field in SECRETS:
        name = f"{PREFIX}{field.upper()}"
        path = _path(given.get(f"{name}_FILE"))
        if path is None:
            continue
        if given.get(name):
            problems.append(f"{name} and {name}_FILE are both set. Keep one of them.")
            continue
        try:
            value = path.read_text(encoding="utf-8").strip()
            # Container runtimes mount secrets readable to all of the container; that is no news to anybody.
            open_to_all = path.stat().st_mode & stat.S_IROTH and not path.is_relative_to("/run/secrets")
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
            problems.append(f"{name}_FILE: {path} can't be read: {reason}. Give the path of a readable file.")
            continue
        if not value:
            warn(f"{name}_FILE: {path} is empty, so {name} counts as not set.")
            continue
        if open_to_all:
            warn(f"{name}_FILE: every user of this machine can read {path}. `chmod o-r {path}` mends it.")
        secrets[field] = SecretStr(value)
    return secrets, problems


def _explain(detail: ErrorDetails, from_file: Mapping[str, str], env_file: Path | None) -> str:
    """One error of pydantic's in words: where it stands, what was expected, what was found."""
    if not detail["loc"]:
        return f"{detail['ctx']['error']}."
    field = str(detail["loc"][0])
    name = PREFIX + field.upper()
    found = "the value given (not shown)" if field in SECRETS else repr(detail["input"])
    because = f" ({detail['ctx']['error']})" if detail["type"] == "value_error" else ""
    return f"{_origin(name, from_file, env_file)}: expected {_expected(field)}, found {found}{because}."


def _origin(name: str, from_file: Mapping[str, str], env_file: Path | None) -> str:
    """The variable's name, with the file and line that it comes from when it is not the environment."""
    if name in os.environ or name not in from_file or env_file is None:
        return name
    lines = env_file.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, start=1):
        if line.removeprefix("export ").split("=", 1)[0].strip() == name:
            return f"{env_file}:{number}: {name}"
    return f"{env_file}: {name}"


def _names(names: list[str]) -> str:
    return ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else names[0]
