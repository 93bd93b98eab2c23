"""The archive's database, as the commands open it: the one that is set, else the embedded one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import sqlalchemy as sa
from pydantic import SecretStr
from sqlalchemy import Connection, Engine

from monitor.errors import ConfigError
from monitor.settings import Settings
from monitor.storage import migrate
from monitor.storage.embedded import EmbeddedPostgres
from monitor.storage.engine import make_engine, transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """Where the archive is."""

    url: str  # with its password: not to be shown
    engine: Engine
    embedded: bool


@contextmanager
def database(settings: Settings, *, process: str = "cli") -> Iterator[Database]:
    """The archive's database: the one that is set, else the embedded one, which is started and kept at our schema.

    Raises ConfigError and StorageError.
    """
    if settings.database_url is not None:
        url = _with_password(settings.database_url.get_secret_value(), settings.database_password)
        with _engine(url, process) as engine:
            yield Database(url=url, engine=engine, embedded=False)
        return
    with EmbeddedPostgres(settings.data_dir) as server:
        url = server.url()
        with _engine(url, process) as engine:
            migrate.upgrade(engine)
            yield Database(url=url, engine=engine, embedded=True)


@contextmanager
def _engine(url: str, process: str) -> Iterator[Engine]:
    engine = make_engine(url, application_name=f"watchdesk-{process}")
    try:
        yield engine
    finally:
        engine.dispose()


def _with_password(url: str, password: SecretStr | None) -> str:
    """The address with the password that was given apart from it."""
    if password is None:
        return url
    address = sa.make_url(url)
    if address.password:
        raise ConfigError(
            "WATCHDESK_DATABASE_URL holds a password, and WATCHDESK_DATABASE_PASSWORD gives another. Keep one of them."
        )
    return address.set(password=password.get_secret_value()).render_as_string(hide_password=False)


def require_schema(database: Database) -> None:
    """Raise ConfigError unless the archive's schema is the one that this program needs."""
    found, needed = migrate.current(database.engine), migrate.head()
    if found != needed:
        state = f"at {found}" if found else "empty"
        raise ConfigError(f"The database is {state}, this program needs {needed}. Run `watchdesk db upgrade` first.")


@contextmanager
def reading(settings: Settings) -> Iterator[Connection]:
    """A transaction on the archive, for commands that look something up. Raises ConfigError and StorageError."""
    with database(settings) as base:
        require_schema(base)
        with transaction(base.engine) as conn:
            yield conn
