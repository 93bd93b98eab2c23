"""How Alembic runs the migrations: one program at a time, and never long in anybody's way.

Settings of a run: `monitor.storage.migrate` hands over an open connection; the `alembic` command of developers takes
the address from WATCHDESK_DATABASE_URL.
"""

from __future__ import annotations

import os
from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext

from monitor.storage.engine import make_engine, transaction
from monitor.storage.tables import metadata
from monitor.storage.tables.base import Instant

# Any number that nobody else uses: the first eight bytes of sha256("watchdesk migrations"), as a signed integer.
LOCK = 2870840214733756651
# A migration that waits for a table makes everybody behind it wait as well: better give up soon and try again.
LOCK_TIMEOUT = "5s"
STATEMENT_TIMEOUT = "15min"


def plain_types(kind: str, item: Any, autogenerate: AutogenContext) -> str | Literal[False]:
    """A migration must not depend on the program's own types, which may change after it."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Instant) else False


def migrate(connection: sa.Connection) -> None:
    """Run what was asked for, in the connection's transaction."""
    # Waiting for another migrator is no harm to anybody, so that wait comes before the short lock timeout.
    connection.execute(sa.text("SET LOCAL statement_timeout = '30min'"))
    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
    connection.execute(sa.text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))
    connection.execute(sa.text(f"SET LOCAL statement_timeout = '{STATEMENT_TIMEOUT}'"))
    context.configure(
        connection=connection,
        target_metadata=metadata,
        compare_type=True,
        compare_server_default=True,
        render_item=plain_types,
    )
    context.run_migrations()


def run() -> None:
    """Take the connection handed over, else open one."""
    if context.is_offline_mode():
        raise SystemExit("these migrations look at the database they change: there is no offline (--sql) mode")
    connection = context.config.attributes.get("connection")
    if connection is not None:
        migrate(connection)
        return
    url = os.environ.get("WATCHDESK_DATABASE_URL")
    if not url:
        raise SystemExit(
            "set WATCHDESK_DATABASE_URL to the address of the database, such as postgresql://localhost/dev"
        )
    with transaction(make_engine(url), limit=None) as own:
        migrate(own)


run()
