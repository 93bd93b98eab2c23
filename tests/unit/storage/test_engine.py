"""Errors of a real Postgres, and what we make of them."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from monitor.errors import ConfigError, StorageError
from monitor.storage.engine import make_engine, savepoint, storage_error, transaction
from tests.support.postgres import PostgresServer


@pytest.fixture
def engine(postgres_url: str) -> Iterator[Engine]:
    """An engine on an empty database."""
    made = make_engine(postgres_url)
    yield made
    made.dispose()


@pytest.mark.parametrize(
    ("sqlstate", "temporary"),
    [
        ("40001", True),  # serialization failure
        ("40P01", True),  # deadlock
        ("57P01", True),  # shut down by an administrator
        ("57P02", True),  # crash
        ("57P03", True),  # starting up
        ("57014", True),  # statement timeout
        ("55P03", True),  # lock timeout
        ("08006", True),  # connection failure
        ("53100", True),  # disk full
        ("53300", True),  # too many connections
        ("54000", False),  # an OperationalError as well, but the same text will never fit
        ("22001", False),  # too long
        ("23505", False),  # unique violation
        ("42501", False),  # insufficient privilege
        ("42P01", False),  # no such table
        ("XX000", False),  # internal error
    ],
)
def test_an_error_is_classified_by_its_state(engine: Engine, sqlstate: str, temporary: bool) -> None:
    """Raised by the server itself, so that the driver's classes are the real ones."""
    with pytest.raises(StorageError) as caught, transaction(engine) as connection:
        connection.execute(sa.text(f"DO $$ BEGIN RAISE EXCEPTION 'told so' USING ERRCODE = '{sqlstate}'; END $$"))
    assert (caught.value.sqlstate, caught.value.temporary) == (sqlstate, temporary)
    assert "told so" in str(caught.value)
    assert sqlstate in str(caught.value)


def test_a_text_that_no_tsvector_holds_is_permanent(engine: Engine) -> None:
    """54000 comes as an OperationalError: retrying those would go round for ever."""
    with pytest.raises(StorageError) as caught, transaction(engine) as connection:
        connection.execute(
            sa.text("SELECT to_tsvector('simple', string_agg(md5(n::text), ' ')) FROM generate_series(1, 100000) n")
        )
    assert isinstance(caught.value.__cause__, DBAPIError)
    assert isinstance(caught.value.__cause__.orig, psycopg.OperationalError)
    assert (caught.value.sqlstate, caught.value.temporary) == ("54000", False)


def test_a_deadlock_is_temporary_and_the_other_side_goes_on(engine: Engine) -> None:
    """Two transactions lock two rows crosswise: one of them is told to try again, the other commits."""
    with transaction(engine) as connection:
        connection.execute(sa.text("CREATE TABLE row AS SELECT n FROM generate_series(1, 2) n"))
    meet = threading.Barrier(2)
    outcomes: list[StorageError | None] = []

    def run(first: int, second: int) -> None:
        lock = sa.text("SELECT FROM row WHERE n = :n FOR UPDATE")
        try:
            with transaction(engine) as connection:
                connection.execute(lock, {"n": first})
                meet.wait()
                connection.execute(lock, {"n": second})
            outcomes.append(None)
        except StorageError as error:
            outcomes.append(error)

    threads = [threading.Thread(target=run, args=order) for order in ((1, 2), (2, 1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (failed,) = [error for error in outcomes if error is not None]
    assert (failed.sqlstate, failed.temporary) == ("40P01", True)


def test_a_failure_at_commit_is_translated(engine: Engine) -> None:
    """Two serializable transactions that read what the other writes: the second COMMIT fails with 40001."""
    with transaction(engine) as connection:
        connection.execute(sa.text("CREATE TABLE sum AS SELECT 0 AS n"))
    serializable = engine.execution_options(isolation_level="SERIALIZABLE")
    total, more = sa.text("SELECT sum(n) FROM sum"), sa.text("INSERT INTO sum VALUES (1)")

    def crosswise() -> None:
        with transaction(serializable) as outer:
            outer.execute(total)
            outer.execute(more)
            with transaction(serializable) as inner:
                inner.execute(total)
                inner.execute(more)

    with pytest.raises(StorageError) as caught:
        crosswise()
    assert (caught.value.sqlstate, caught.value.temporary) == ("40001", True)


def test_a_terminated_connection_is_temporary_and_replaced(engine: Engine) -> None:
    """An administrator ends our connection in mid-transaction; the next transaction gets another one."""

    def interrupted() -> None:
        with transaction(engine) as connection:
            mine = connection.scalar(sa.text("SELECT pg_backend_pid()"))
            with transaction(engine) as other:
                other.execute(sa.text("SELECT pg_terminate_backend(:pid)"), {"pid": mine})
            connection.execute(sa.text("SELECT 1"))

    with pytest.raises(StorageError) as caught:
        interrupted()
    assert caught.value.temporary
    with transaction(engine) as connection:
        assert connection.scalar(sa.text("SELECT 1")) == 1


def test_a_frozen_server_is_given_up(engine: Engine) -> None:
    """A server process that is stopped answers no query and no keepalive tells: the watchdog cuts the connection."""
    with transaction(engine) as connection:
        pid = connection.scalar(sa.text("SELECT pg_backend_pid()"))
    assert isinstance(pid, int)

    def frozen() -> None:
        with transaction(engine, limit=0.5) as connection:
            assert connection.scalar(sa.text("SELECT pg_backend_pid()")) == pid
            os.kill(pid, signal.SIGSTOP)
            connection.execute(sa.text("SELECT 1"))

    try:
        with pytest.raises(StorageError, match=r"did not finish within 0\.5 s") as caught:
            frozen()
    finally:
        os.kill(pid, signal.SIGCONT)
    assert caught.value.temporary
    with transaction(engine) as connection:
        assert connection.scalar(sa.text("SELECT 1")) == 1


def test_the_watchdog_leaves_a_returned_connection_alone(engine: Engine) -> None:
    """A transaction that ended in time may be followed by a longer one on the same connection."""
    with transaction(engine, limit=0.2) as connection:
        pid = connection.scalar(sa.text("SELECT pg_backend_pid()"))
    with transaction(engine) as connection:
        connection.execute(sa.text("SELECT pg_sleep(0.4)"))
        assert connection.scalar(sa.text("SELECT pg_backend_pid()")) == pid


def test_a_server_that_is_not_there_is_temporary() -> None:
    """It may come up later; the error says so without the password."""
    engine = make_engine("postgresql://desk:s3cret-word@127.0.0.1:1/none")
    with pytest.raises(StorageError) as caught, transaction(engine):
        pass
    assert caught.value.temporary
    assert "s3cret-word" not in f"{caught.value!s}{caught.value!r}{engine!r}{engine.url!r}"


def test_a_secret_in_an_error_is_masked() -> None:
    """Whatever the driver says."""
    error = storage_error(psycopg.OperationalError("FATAL: pa55 is wrong"), secret="pa55")
    assert str(error) == "Postgres: FATAL: *** is wrong"


def test_an_empty_pool_is_temporary(postgres_url: str) -> None:
    """All connections in use: another may come back."""
    engine = sa.create_engine(postgres_url, pool_size=1, max_overflow=0, pool_timeout=0.1)
    with engine.connect(), pytest.raises(StorageError) as caught, transaction(engine):
        pass
    engine.dispose()
    assert caught.value.temporary


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+psycopg", "postgres"])
def test_usual_addresses_are_accepted(postgres_url: str, scheme: str) -> None:
    """Sessions are in UTC and have a statement timeout; options of the address are kept beside ours."""
    url = postgres_url.replace("postgresql+psycopg", scheme) + "&options=-c%20work_mem%3D5MB"
    engine = make_engine(url, statement_timeout=7, application_name="test")
    with transaction(engine) as connection:
        settings = [
            connection.scalar(sa.text(f"SHOW {name}"))
            for name in ("timezone", "statement_timeout", "work_mem", "application_name")
        ]
    engine.dispose()
    assert settings == ["UTC", "7s", "5MB", "test"]


@pytest.mark.parametrize("url", ["sqlite:///x", "mysql://u:hush@h/d", "hush", "postgresql://u:hush@h:port/d", ""])
def test_other_addresses_are_refused_without_being_shown(url: str) -> None:
    """The message says what is expected and never what was given, which may hold a password."""
    with pytest.raises(ConfigError, match="expected postgresql://") as caught:
        make_engine(url)
    assert "hush" not in str(caught.value)


def test_an_error_rolls_back(engine: Engine) -> None:
    """Any error, ours or another's; a savepoint only its own part."""
    with transaction(engine) as connection:
        connection.execute(sa.text("CREATE TABLE kept (n int)"))
    with pytest.raises(ZeroDivisionError), transaction(engine) as connection:
        connection.execute(sa.text("INSERT INTO kept VALUES (1)")).rowcount / 0
    with transaction(engine) as connection:
        connection.execute(sa.text("INSERT INTO kept VALUES (2)"))
        with pytest.raises(StorageError), savepoint(connection):
            connection.execute(sa.text("WITH more AS (INSERT INTO kept VALUES (3) RETURNING n) SELECT 1 / 0 FROM more"))
        assert connection.scalars(sa.text("SELECT n FROM kept")).all() == [2]


def test_a_database_that_is_missing_is_named(postgres_server: PostgresServer) -> None:
    """The error says which."""
    engine = make_engine(postgres_server.url("no_such_database"))
    with pytest.raises(StorageError, match="no_such_database"), transaction(engine):
        pass
