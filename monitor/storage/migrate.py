"""Bring a database to the schema that this program needs. Works from an installed package, without alembic.ini."""

from __future__ import annotations

import threading
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

import migrations
from monitor.storage.engine import transaction

# Alembic keeps the running migration in module globals: two threads of one program have to take turns.
_turn = threading.Lock()


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Upgrade to `revision`. Several programs may do so at once: one does it, the others wait. Raises StorageError."""
    with _turn, transaction(engine, limit=None) as connection:
        command.upgrade(_config(connection), revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Go back to `revision` ("base": to nothing). What the later schema held is lost. Raises StorageError."""
    with _turn, transaction(engine, limit=None) as connection:
        command.downgrade(_config(connection), revision)


def current(engine: Engine) -> str | None:
    """The revision that the database is at; None before the first. Raises StorageError."""
    with transaction(engine) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str | None:
    """The revision that this program needs."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def is_current(engine: Engine) -> bool:
    """Whether the database is at the revision that this program needs. Raises StorageError."""
    return current(engine) == head()


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    # Alembic's options are interpolated, so a per cent sign in the path has to be doubled.
    config.set_main_option("script_location", str(Path(migrations.__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
