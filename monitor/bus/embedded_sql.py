"""Transactions of the embedded bus: each has a deadline of its own, and errors that say what to do."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
from collections.abc import Iterator

import psycopg
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from monitor.errors import BusConfigError, BusError

CHANNEL = "watchdesk_bus"  # NOTIFY on it wakes whoever waits for records or partitions

_NEVER = re.compile(r"authentication failed|does not exist|no pg_hba.conf entry|no password supplied")
_NEVER_STATES = ("28", "3D000", "42501")  # wrong credentials, no such database, no right to
_NO_TABLES = ("3F000", "42P01")


def make_engine(url: str, *, connect_seconds: int = 5) -> sa.Engine:
    """An engine for `postgresql://…`; it connects when first used."""
    try:
        address = sa.make_url(url)
    except SQLAlchemyError as error:
        raise BusConfigError(
            "the bus's address is no Postgres address; expected postgresql://user@host/database"
        ) from (error)
    if address.get_backend_name() != "postgresql":
        raise BusConfigError(f"the embedded bus needs a Postgres address, got {address.get_backend_name()}://…")
    return sa.create_engine(
        address.set(drivername="postgresql+psycopg"),
        pool_size=4,
        max_overflow=16,
        connect_args={
            "connect_timeout": connect_seconds,
            "options": "-c timezone=UTC",
            "application_name": "watchdesk-bus",
        },
    )


@contextlib.contextmanager
def transaction(engine: sa.Engine, *, seconds: float) -> Iterator[sa.Connection]:
    """One transaction that ends within `seconds`, or BusError. A BusError may leave it committed all the same."""
    with errors_named(), engine.connect() as connection, give_up_after(connection, seconds), connection.begin():
        yield connection


@contextlib.contextmanager
def errors_named() -> Iterator[None]:
    """Turn what the driver raises into BusError or BusConfigError, with a remedy where there is one."""
    try:
        yield
    except DBAPIError as error:
        raise _named(error.orig) from error
    except psycopg.Error as error:
        raise _named(error) from error
    except SQLAlchemyError as error:
        raise BusError(f"the embedded bus failed: {error}") from error


def _named(error: BaseException | None) -> BusError:
    state = getattr(error, "sqlstate", None) or ""
    message = " ".join(str(error).split())
    if state in _NO_TABLES:
        return BusError(f"the embedded bus has no tables yet ({message}); ensure_topics() makes them")
    if state.startswith(_NEVER_STATES) or (not state and _NEVER.search(message)):
        return BusConfigError(f"Postgres refuses the bus: {message}; check the database's address, user and password")
    return BusError(f"Postgres did not answer the bus: {message}")


@contextlib.contextmanager
def give_up_after(connection: sa.Connection, seconds: float) -> Iterator[None]:
    """Cut the connection when the block takes longer.

    A stopped server answers neither the query nor its cancellation, and TCP keepalives do not notice: only closing our
    end of the socket ends the wait.
    """
    driver = connection.connection.driver_connection
    assert driver is not None
    lock = threading.Lock()
    over = False

    def cut() -> None:
        with lock:
            if not over:
                _shut_down(driver.fileno())

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        with lock:
            over = True
        timer.cancel()


def _shut_down(descriptor: int) -> None:
    end = socket.socket(fileno=descriptor)
    try:
        end.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # the other side was quicker
    finally:
        end.detach()  # the driver closes it
