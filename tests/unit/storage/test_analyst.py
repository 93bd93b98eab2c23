"""The analysts' role may read everything and change nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from monitor.errors import StorageError
from monitor.storage import migrate, views
from monitor.storage.engine import make_engine, savepoint, transaction
from monitor.storage.tables import metadata
from tests.support.archive_docs import PAGE
from tests.support.postgres import running_server

READABLE = [*metadata.tables, *(view.name for view in views.VIEWS)]


def written(beginning: str) -> str:
    """The statements of docs/archive.md that begin so."""
    return beginning + PAGE.read_text(encoding="utf-8").partition(f"```sql\n{beginning}")[2].partition("```")[0]


@pytest.fixture
def analyst(archive: Engine) -> Iterator[Connection]:
    """A connection that has the analysts' rights."""
    with transaction(archive) as connection:
        connection.execute(sa.text("SET LOCAL ROLE watchdesk_analyst"))
        yield connection


@pytest.mark.parametrize("name", READABLE)
def test_everything_can_be_read(analyst: Connection, name: str) -> None:
    """Every table and every view."""
    assert analyst.execute(sa.text(f"SELECT * FROM {name}")).all() == []


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO article_topics VALUES ('a', 't', 1, now())",
        "UPDATE decisions SET reason = 'because'",
        "DELETE FROM alerts",
        "TRUNCATE claims",
        "DROP TABLE polls",
        "ALTER TABLE polls ADD COLUMN mine int",
        "CREATE TABLE mine (n int)",
        "CREATE VIEW mine AS SELECT 1",
        "SELECT * FROM alerts FOR UPDATE",
        "SELECT nextval('claims_id_seq')",
        "CREATE ROLE mine",
    ],
)
def test_nothing_can_be_changed(analyst: Connection, statement: str) -> None:
    """Refused with 42501, insufficient privilege."""
    with pytest.raises(StorageError) as caught, savepoint(analyst):
        analyst.execute(sa.text(statement))
    assert (caught.value.sqlstate, caught.value.temporary) == ("42501", False)


def test_later_tables_can_be_read_too(archive: Engine) -> None:
    """What a later migration makes is readable without another grant."""
    with transaction(archive) as connection:
        connection.execute(sa.text("CREATE TABLE later AS SELECT 1 AS n"))
        connection.execute(sa.text("SET LOCAL ROLE watchdesk_analyst"))
        assert connection.scalar(sa.text("SELECT n FROM later")) == 1


def test_the_role_can_not_log_in(archive: Engine) -> None:
    """It is for others to be members of."""
    with transaction(archive) as connection:
        may = connection.scalar(sa.text("SELECT rolcanlogin FROM pg_roles WHERE rolname = 'watchdesk_analyst'"))
    assert may is False


def test_a_migrator_without_rights_to_make_roles_goes_on() -> None:
    """The tables are made, the role is missing, and what docs/archive.md says to do then lets an analyst in."""
    with running_server() as server:
        administrator = make_engine(server.url("postgres"))
        with transaction(administrator) as connection:
            connection.execute(sa.text("CREATE ROLE watchdesk LOGIN"))
        with administrator.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text("CREATE DATABASE desk OWNER watchdesk"))
        administrator.dispose()
        owner = make_engine(server.url("desk").replace("postgres@", "watchdesk@"))
        migrate.upgrade(owner)
        assert migrate.is_current(owner)
        again = make_engine(server.url("desk"))
        with transaction(again) as connection:
            assert not connection.execute(sa.text("SELECT FROM pg_roles WHERE rolname = 'watchdesk_analyst'")).all()
            connection.exec_driver_sql(written("CREATE ROLE watchdesk_analyst NOLOGIN"))
            connection.exec_driver_sql(written("CREATE ROLE jane LOGIN"))
        with transaction(owner) as connection:
            connection.execute(sa.text("CREATE TABLE later AS SELECT 1 AS n"))
        with transaction(again) as connection:
            connection.execute(sa.text("SET LOCAL ROLE jane"))
            assert connection.execute(sa.text("SELECT * FROM timeline")).all() == []
            assert connection.scalar(sa.text("SELECT n FROM later")) == 1
        owner.dispose()
        again.dispose()
