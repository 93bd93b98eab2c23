"""Connections to Postgres, transactions with a deadline, and what its errors mean."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import sqlalchemy as sa
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from monitor.errors import ConfigError, StorageError

CONNECT_TIMEOUT = 10  # seconds
STATEMENT_TIMEOUT = 30.0  # seconds
TRANSACTION_LIMIT = 120.0  # seconds

# SQLSTATEs after which the same work may succeed later (Postgres manual, appendix A): connection exceptions,
# lack of resources, serialization failure, deadlock, lock not available, query cancelled (statement timeout),
# idle transaction ended, shutdown, crash, starting up, I/O error.
TEMPORARY_CLASSES = ("08", "53")
TEMPORARY_STATES = frozenset(
    {"40001", "40P01", "55P03", "57014", "57P01", "57P02", "57P03", "57P05", "25P03", "25P04", "58030"}
)


def make_engine(
    url: str,
    *,
    statement_timeout: float = STATEMENT_TIMEOUT,
    pool_size: int = 5,
    application_name: str = "watchdesk",
) -> Engine:
    """An engine for `postgresql://...`; opens nothing yet. `statement_timeout` is in seconds. Raises ConfigError."""
    try:
        address = sa.make_url(url)
    except (ArgumentError, ValueError):
        # The message of the cause would show the address, and with it the password.
        address = None
    if address is None or address.drivername not in ("postgresql", "postgresql+psycopg", "postgres"):
        raise ConfigError(
            "the database address is no Postgres address; expected postgresql://user:password@host:5432/database"
        )
    given = address.query.get("options", "")
    options = " ".join(
        [
            *([given] if isinstance(given, str) else given),
            "-c timezone=UTC",
            f"-c statement_timeout={int(statement_timeout * 1000)}",
            f"-c idle_in_transaction_session_timeout={int(TRANSACTION_LIMIT * 1000)}",
        ]
    )
    return sa.create_engine(
        address.set(drivername="postgresql+psycopg").difference_update_query(["options"]),
        pool_size=pool_size,
        pool_pre_ping=True,
        hide_parameters=True,  # what an item says does not belong in an error's text
        connect_args={
            "options": options.strip(),
            "application_name": application_name,
            "connect_timeout": CONNECT_TIMEOUT,
            "keepalives": 1,
            "keepalives_idle": 30,
            "keepalives_interval": 10,
            "keepalives_count": 3,
            "tcp_user_timeout": 30_000,  # milliseconds
        },
    )


@contextmanager
def transaction(engine: Engine, *, limit: float | None = TRANSACTION_LIMIT) -> Iterator[Connection]:
    """One transaction: committed at the end of the block, rolled back on any error.

    Every error of the database, that of COMMIT included, becomes a StorageError; after a temporary one the whole block
    may be run again. A server that stays silent for longer than `limit` seconds (None: for ever) is given up: neither
    statement timeouts nor TCP keepalives notice a server that is frozen.
    """
    watchdog = _Watchdog(limit)
    try:
        with engine.connect() as connection, watchdog.over(connection), connection.begin():
            yield connection
    except (SQLAlchemyError, psycopg.Error, UnicodeEncodeError) as error:
        if watchdog.bit:
            message = f"Postgres did not finish within {limit:g} s; the connection was given up"
            raise StorageError(message, temporary=True) from error
        raise storage_error(error, secret=engine.url.password) from error


@contextmanager
def savepoint(connection: Connection) -> Iterator[None]:
    """A part of a transaction that may fail alone: rolled back on any error, those of the database as StorageError."""
    try:
        with connection.begin_nested():
            yield
    except (SQLAlchemyError, psycopg.Error, UnicodeEncodeError) as error:
        raise storage_error(error, secret=connection.engine.url.password) from error


def storage_error(error: Exception, *, secret: str | None = None) -> StorageError:
    """What an error of SQLAlchemy or psycopg means to us, in one line and without `secret`."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    sqlstate = cause.sqlstate if isinstance(cause, psycopg.Error) else None
    if isinstance(cause, psycopg.Error) and cause.diag.message_primary:
        message = cause.diag.message_primary
    elif isinstance(cause, UnicodeEncodeError):
        # str() of it would show the text.
        message = f"a text holds U+{ord(cause.object[cause.start]):04X}, which UTF-8 cannot carry"
    else:
        message = " ".join(str(cause).split())
    if secret:
        message = message.replace(secret, "***")
    state = f" (SQLSTATE {sqlstate})" if sqlstate else ""
    return StorageError(f"Postgres: {message}{state}", temporary=_is_temporary(cause, sqlstate), sqlstate=sqlstate)


def _is_temporary(cause: BaseException, sqlstate: str | None) -> bool:
    if sqlstate:
        return sqlstate[:2] in TEMPORARY_CLASSES or sqlstate in TEMPORARY_STATES
    # No SQLSTATE: the server was not reached, or was lost, or the pool had no connection left.
    return isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError | PoolTimeout)


class _Watchdog:
    """Cuts a connection that has been in use for too long, so that whoever waits on it wakes up with an error."""

    def __init__(self, limit: float | None) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._watching = False
        self.bit = False

    @contextmanager
    def over(self, connection: Connection) -> Iterator[None]:
        """Watch the connection until the end of the block; never touches it afterwards."""
        if self._limit is None:
            yield
            return
        driver = connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        self._watching = True
        timer = threading.Timer(self._limit, self._bite, [driver.fileno()])
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            with self._lock:
                self._watching = False
            timer.cancel()

    def _bite(self, descriptor: int) -> None:
        with self._lock:
            if self._watching:
                self.bit = True
                # A duplicate, since closing the socket object must not close the driver's descriptor.
                with socket.socket(fileno=os.dup(descriptor)) as twin:
                    twin.shutdown(socket.SHUT_RDWR)
