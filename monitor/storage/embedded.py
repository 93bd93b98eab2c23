"""A Postgres server of our own, from a wheel: for one machine with nothing installed but Python.

Several programs may use one data directory at the same time. Each holds a shared lock on `users.lock` while it does,
and whoever finds himself the last one stops the server. The operating system drops the locks of a program that is
killed; the server then stays up until the next program that uses it ends.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import psycopg
from psycopg import sql
from psycopg.pq import PGconn, Ping

from monitor.errors import ConfigError, StorageError
from monitor.storage.embedded_host import Host

WAIT = 90.0  # seconds: for a start with crash recovery, or for another program's
SUPERUSER = "postgres"
SETTINGS = {"listen_addresses": "", "log_checkpoints": "off"}


class EmbeddedPostgres:
    """The server of one data directory; a context manager that starts or joins it, and stops it after the last user."""

    def __init__(self, data_dir: Path, *, settings: Mapping[str, str] | None = None) -> None:
        self.directory = data_dir.expanduser().absolute() / "postgres"
        self._data = self.directory / "data"
        self._settings = SETTINGS | dict(settings or {})
        self._host: Host | None = None
        self._users: int | None = None

    def __enter__(self) -> Self:
        self._host = Host.prepare(self.directory)
        with self._alone():
            users = os.open(self.directory / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(users, fcntl.LOCK_SH)
                self._initialise()
                self._start()
            except BaseException:
                os.close(users)
                raise
            self._users = users
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        users, self._users = self._users, None
        if users is None:
            return
        try:
            with self._alone():
                try:
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    return  # somebody else still uses the server
                self._stop()
        finally:
            os.close(users)

    def url(self, database: str = "watchdesk") -> str:
        """The address of a database of this server, which is made if it is missing. Raises StorageError."""
        if self._users is None:
            raise StorageError("the embedded Postgres is not running: use it in a `with` block", temporary=False)
        with psycopg.connect(
            host=self._socket_directory(), user=SUPERUSER, dbname="postgres", autocommit=True
        ) as connection:
            if not connection.execute("SELECT FROM pg_database WHERE datname = %s", [database]).rowcount:
                try:
                    connection.execute(
                        sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(database))
                    )
                except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
                    pass  # another program was quicker
        # Quoted as libpq reads it, which knows no "+" for a space: the address serves psql and pg_dump as well.
        return f"postgresql+psycopg://{SUPERUSER}@/{quote(database, '')}?host={quote(self._socket_directory(), '')}"

    @property
    def host(self) -> Host:
        """Where and as whom the server runs; known inside the `with` block."""
        assert self._host is not None
        return self._host

    def _initialise(self) -> None:
        """Make the data directory. It is made aside and then renamed, so that half of one is never taken for one."""
        version = self._data / "PG_VERSION"
        if version.exists():
            found = version.read_text().strip()
            if found != str(self.host.version):
                raise ConfigError(
                    f"{self._data} was written by Postgres {found}, this program brings Postgres {self.host.version}:"
                    " export it with the old program (pg_dump), move the directory away, and import it again"
                )
            return
        aside = self.directory / "data.new"
        shutil.rmtree(aside, ignore_errors=True)
        self.host.run(
            "initdb", "-D", str(aside), "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8", *self.host.locale_options()
        )
        aside.rename(self._data)

    def _start(self) -> None:
        deadline = time.monotonic() + WAIT
        while True:
            answer = self._ping()
            if answer is Ping.OK:
                return
            if answer is not Ping.REJECT:
                break
            # It rejects while it starts up or shuts down.
            if time.monotonic() > deadline:
                raise StorageError(f"the server of {self._data} accepts no connections\n{self._log()}", temporary=True)
            time.sleep(0.05)
        self._forget_stale_pid()
        settings = self._settings | {"unix_socket_directories": str(self.host.socket_directory())}
        self._pg_ctl("start", "-l", str(self.directory / "log"), "-o", self.host.options(settings))

    def _stop(self) -> None:
        try:
            self._pg_ctl("stop", "-m", "fast")
        except StorageError:
            if self._ping() in (Ping.OK, Ping.REJECT):
                raise
            # It was down already, killed by somebody else.

    def _pg_ctl(self, action: str, *options: str) -> None:
        try:
            self.host.run("pg_ctl", action, "-D", str(self._data), "-w", "-t", str(int(WAIT)), *options)
        except StorageError as error:
            raise StorageError(f"{error}\n{self._log()}", temporary=False) from error

    def _ping(self) -> Ping:
        info = psycopg.conninfo.make_conninfo(
            host=self._socket_directory(), user=SUPERUSER, dbname="postgres", connect_timeout=5
        )
        return Ping(PGconn.ping(info.encode()))

    def _socket_directory(self) -> str:
        """Where the running server listens, as it says itself; else where a new one would."""
        lines = self._pid_file_lines()
        return lines[4] if len(lines) > 4 and lines[4] else str(self.host.socket_directory())

    def _pid_file_lines(self) -> list[str]:
        """postmaster.pid: process id, data directory, start time, port, socket directory, ..."""
        try:
            return (self._data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def _forget_stale_pid(self) -> None:
        """Postgres does not start while the number in postmaster.pid belongs to any process of its user: a zombie, or
        another program after a restart of a container."""
        lines = self._pid_file_lines()
        if not lines:
            return
        try:
            command = Path("/proc", lines[0], "cmdline").read_bytes()  # empty for a zombie
        except OSError:
            return  # no such process, which Postgres sees for itself; or no /proc
        if b"postgres" not in command:
            (self._data / "postmaster.pid").unlink()

    def _log(self) -> str:
        """The end of the server's log, for an error."""
        try:
            lines = (self.directory / "log").read_text(errors="replace").splitlines()
        except FileNotFoundError:
            return "(the server has written no log)"
        return "\n".join(lines[-10:])

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Nobody else starts or stops the server meanwhile."""
        deadline = time.monotonic() + WAIT
        lock = os.open(self.directory / "start.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            while True:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > deadline:
                        raise StorageError(
                            f"another program has been starting or stopping the server of {self._data} for {WAIT:g} s",
                            temporary=True,
                        ) from None
                    time.sleep(0.02)
            yield
        finally:
            os.close(lock)
