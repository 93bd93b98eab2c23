"""The embedded server: shared by programs, gone after the last, wherever its directory is and whoever runs it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from monitor.errors import ConfigError, StorageError
from monitor.storage.embedded import EmbeddedPostgres
from tests.support.postgres import FAST

# Starts or joins the server of argv[1], says so, and keeps it until its input ends.
USER = """
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from monitor.storage.embedded import EmbeddedPostgres
with EmbeddedPostgres(Path(sys.argv[1]), settings={"fsync": "off"}) as server:
    print(server.url(), flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def directory() -> Iterator[Path]:
    """Not pytest's tmp_path: any other pytest session of root closes the folder above it to the server's user."""
    with tempfile.TemporaryDirectory(prefix="watchdesk-") as made:
        yield Path(made)


def answers(url: str) -> bool:
    """Whether a server is there."""
    try:
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False


def another_program(directory: Path) -> tuple[subprocess.Popen[str], str]:
    """A second process that uses the server, and the address that it was given."""
    process = subprocess.Popen(
        [sys.executable, "-c", USER, str(directory)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def finish(process: subprocess.Popen[str]) -> None:
    """Let the other program end; it has to end well."""
    process.communicate(timeout=60)
    assert process.returncode == 0


def test_the_last_user_stops_it(directory: Path) -> None:
    """A program that ends leaves the server to those who still use it; the last one takes it down."""
    other, url = another_program(directory)
    with EmbeddedPostgres(directory) as server:
        assert server.url() == url
    assert answers(url)
    finish(other)
    assert not answers(url)


def test_programs_start_it_at_once(directory: Path) -> None:
    """Three start together in an empty directory: one makes it, the others join."""
    others = [
        subprocess.Popen(
            [sys.executable, "-c", USER, str(directory)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    urls = {each.stdout.readline().strip() for each in others if each.stdout}
    assert len(urls) == 1
    assert answers(urls.pop())
    for each in others:
        finish(each)


def test_a_killed_user_does_not_keep_it(directory: Path) -> None:
    """kill -9 of one program harms no other, and the last one still stops the server."""
    other, url = another_program(directory)
    with EmbeddedPostgres(directory):
        other.send_signal(signal.SIGKILL)
        other.communicate()
        assert answers(url)
    assert not answers(url)


def test_data_outlives_the_server(directory: Path) -> None:
    """What was committed is there after a stop and after a kill of the server itself."""
    with EmbeddedPostgres(directory) as server, psycopg.connect(server.url().replace("+psycopg", "")) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS n")
    with EmbeddedPostgres(directory) as server:
        pid = int((server.directory / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGKILL)
    with EmbeddedPostgres(directory) as server, psycopg.connect(server.url().replace("+psycopg", "")) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (1,)


@pytest.mark.parametrize("name", ["x" * 150, "with space, comma and 100% 'quote'", "바탕 화면"])
def test_any_directory_will_do(directory: Path, name: str) -> None:
    """Too long for a socket, full of characters that mean something to shells and lists, or not ASCII."""
    with EmbeddedPostgres(directory / name, settings=FAST) as server:
        assert answers(server.url())


def test_an_old_process_id_is_no_server(directory: Path) -> None:
    """A postmaster.pid whose number belongs to another program now, as after a restart of a container."""
    with EmbeddedPostgres(directory, settings=FAST) as server:
        pid_file = server.directory / "data" / "postmaster.pid"
        lines = pid_file.read_text().splitlines()
    lines[0] = str(os.getpid())
    pid_file.write_text("\n".join(lines))
    with EmbeddedPostgres(directory, settings=FAST) as server:
        assert answers(server.url())


def test_an_interrupted_first_start_is_done_again(directory: Path) -> None:
    """Half of a data directory, left by a kill during initdb, is not taken for one."""
    half = directory / "postgres" / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    with EmbeddedPostgres(directory, settings=FAST) as server:
        assert answers(server.url())


def test_data_of_another_version_is_refused(directory: Path) -> None:
    """It says which versions, and what to do."""
    (directory / "postgres" / "data").mkdir(parents=True)
    (directory / "postgres" / "data" / "PG_VERSION").write_text("16\n")
    with (
        pytest.raises(ConfigError, match=r"written by Postgres 16.*brings Postgres 18.*pg_dump"),
        EmbeddedPostgres(directory),
    ):
        pass


def test_a_server_that_does_not_start_says_why(directory: Path) -> None:
    """The error carries the server's own words."""
    with (
        pytest.raises(StorageError, match="no_such_setting"),
        EmbeddedPostgres(directory, settings={"no_such_setting": "1"}),
    ):
        pass


def test_only_its_owner_can_reach_it(directory: Path) -> None:
    """Connections need no password, so nobody else may come near the socket."""
    with EmbeddedPostgres(directory / ("x" * 150), settings=FAST) as server:
        assert server.host.socket_directory().stat().st_mode & 0o077 == 0


def test_a_plain_user_runs_it(directory: Path) -> None:
    """As root the tests above start it as a user of its own; here somebody without privileges does."""
    if os.geteuid() != 0:
        pytest.skip("the other tests run as a plain user already")
    home = directory / "home"
    home.mkdir()
    os.chown(home, 65534, 65534)
    for above in (directory, *directory.parents):
        above.chmod(above.stat().st_mode | 0o011)
    drop = "import os; os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
    probe = subprocess.run(
        [sys.executable, "-c", drop + "import decimal, psycopg"], capture_output=True, text=True, check=False
    )
    if probe.returncode != 0:
        pytest.skip(f"a plain user cannot use this Python: {probe.stderr.splitlines()[-1]}")
    done = subprocess.run(
        [sys.executable, "-c", drop + USER, str(home)], input="", capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert str(home) in done.stdout.replace("%2F", "/")
