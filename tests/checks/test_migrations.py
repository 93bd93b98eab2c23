"""The migrations make what the models say, from nothing and back."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine

from monitor.storage import migrate
from monitor.storage.engine import make_engine, transaction
from monitor.storage.tables import metadata

ROOT = Path(__file__).parents[2]
CATALOGUE = """
SELECT c.relname, 'column', a.attname, concat_ws(' ', format_type(a.atttypid, a.atttypmod), a.attnotnull,
       a.attidentity, pg_get_expr(d.adbin, d.adrelid), col_description(c.oid, a.attnum))
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
UNION ALL
SELECT conrelid::regclass::text, 'constraint', conname, pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL
SELECT tablename, 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL
SELECT relname, 'table', relname, obj_description(oid) FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""


def catalogue(connection: Connection) -> set[tuple[str, ...]]:
    """Everything that Postgres knows of the tables, but for Alembic's own."""
    rows = connection.execute(sa.text(CATALOGUE))
    return {tuple(row) for row in rows if row[0] != "alembic_version"}


@pytest.fixture
def empty(postgres_url: str) -> Iterator[Engine]:
    """An engine on an empty database."""
    engine = make_engine(postgres_url)
    yield engine
    engine.dispose()


def test_alembic_finds_no_difference(archive: Engine) -> None:
    """Autogenerate, comments included, would write an empty migration."""
    with transaction(archive) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_the_catalogue_is_the_same(archive: Engine, empty: Engine) -> None:
    """What Alembic does not compare (checks, index conditions, identities) agrees as well."""
    with transaction(empty) as connection:
        metadata.create_all(connection)
        modelled = catalogue(connection)
    with transaction(archive) as connection:
        migrated = catalogue(connection)
    assert modelled == migrated


def test_a_round_trip_leaves_nothing_and_comes_back(empty: Engine) -> None:
    """Down to nothing removes every table and view; up again makes the same as before."""
    migrate.upgrade(empty)
    with transaction(empty) as connection:
        before = catalogue(connection)
    migrate.downgrade(empty, "base")
    with transaction(empty) as connection:
        left = connection.scalars(
            sa.text(
                "SELECT relname FROM pg_class WHERE relkind IN ('r', 'v', 'S') "
                "AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'"
            )
        ).all()
        assert left == []
    migrate.upgrade(empty)
    with transaction(empty) as connection:
        assert catalogue(connection) == before


def test_the_revision_is_told(empty: Engine) -> None:
    """An empty database has no revision; an upgraded one has the newest."""
    assert migrate.current(empty) is None
    assert not migrate.is_current(empty)
    migrate.upgrade(empty, "0001")
    assert migrate.current(empty) == "0001"
    assert not migrate.is_current(empty)
    migrate.upgrade(empty)
    assert migrate.is_current(empty)


def test_two_programs_upgrade_at_once(postgres_url: str) -> None:
    """Both end well: the second waits and finds nothing left to do."""
    program = (
        "import sys; from monitor.storage import migrate; from monitor.storage.engine import make_engine;"
        "migrate.upgrade(make_engine(sys.argv[1]))"
    )
    both = [subprocess.Popen([sys.executable, "-c", program, postgres_url]) for _ in range(2)]
    assert [each.wait(timeout=60) for each in both] == [0, 0]


def test_two_threads_upgrade_at_once(empty: Engine) -> None:
    """Alembic is not made for that; we are."""
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(migrate.upgrade, empty) for _ in range(2)]:
            done.result(timeout=60)
    assert migrate.is_current(empty)


def test_every_table_and_column_says_what_it_is_for() -> None:
    """A comment on each, so that a client such as psql or DBeaver shows it."""
    silent = [f"{table}" for table in metadata.tables.values() if not table.comment]
    silent += [f"{column}" for table in metadata.tables.values() for column in table.c if not column.comment]
    assert silent == []


def test_the_command_of_developers_works(archive_url: str) -> None:
    """`alembic check` with alembic.ini and the address from the environment, finds nothing to add."""
    environment = os.environ | {"WATCHDESK_DATABASE_URL": archive_url}
    alembic = [str(Path(sys.executable).with_name("alembic")), "check"]
    done = subprocess.run(alembic, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "No new upgrade operations detected."), done.stderr


@pytest.mark.parametrize(
    ("command", "variable", "expected"),
    [
        (["current"], "", "set WATCHDESK_DATABASE_URL"),
        (["upgrade", "--sql", "head"], "postgresql://localhost/x", "no offline"),
    ],
)
def test_the_command_says_what_is_wrong(command: list[str], variable: str, expected: str) -> None:
    """No address; a mode that these migrations do not have."""
    environment = os.environ | {"WATCHDESK_DATABASE_URL": variable}
    alembic = [str(Path(sys.executable).with_name("alembic")), *command]
    done = subprocess.run(alembic, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert expected in done.stderr
