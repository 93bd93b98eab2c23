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
import sqlalchemy as sa
from psycopg import sql

from monitor.storage.embedded import EmbeddedPostgres

FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}
_numbers = itertools.count(1)


class PostgresServer:
    """A running server; hands out databases."""

    def __init__(self, url: str) -> None:
        self._url = sa.make_url(url)

    def url(self, database: str) -> str:
        """The address of one database."""
        return self._url.set(database=database).render_as_string(hide_password=False)

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
        address = self._url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
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
    try:
        with EmbeddedPostgres(directory, settings=FAST) as server:
            yield PostgresServer(server.url("postgres"))
    finally:
        shutil.rmtree(directory)
