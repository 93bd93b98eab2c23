"""Fixtures that every suite may use: a real Postgres, empty or with the archive's tables."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from monitor.storage.engine import make_engine
from monitor.storage.migrate import upgrade
from tests.support.postgres import PostgresServer, running_server


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One real server for the whole session."""
    with running_server() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The address of a fresh, empty database."""
    with postgres_server.database() as url:
        yield url


@pytest.fixture(scope="session")
def archive_template(postgres_server: PostgresServer) -> str:
    """The name of a database with all migrations, to copy from: much faster than to migrate again."""
    name = postgres_server.create()
    engine = make_engine(postgres_server.url(name))
    upgrade(engine)
    engine.dispose()
    return name


@pytest.fixture
def archive_url(postgres_server: PostgresServer, archive_template: str) -> Iterator[str]:
    """The address of a fresh archive."""
    with postgres_server.database(template=archive_template) as url:
        yield url


@pytest.fixture
def archive(archive_url: str) -> Iterator[Engine]:
    """A fresh archive, as the product connects to it."""
    engine = make_engine(archive_url)
    yield engine
    engine.dispose()
