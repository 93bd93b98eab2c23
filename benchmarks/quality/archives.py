"""Empty archives on a real Postgres, as many as are asked for: every measure starts from nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from sqlalchemy import Engine

from monitor.storage.engine import make_engine
from monitor.storage.migrate import upgrade
from tests.support.postgres import PostgresServer, running_server

Archives = Callable[[], AbstractContextManager[Engine]]


@contextmanager
def empty_archives() -> Iterator[Archives]:
    """A function that opens a fresh archive, thrown away after use."""
    with running_server() as server:
        template = server.create()
        engine = make_engine(server.url(template))
        upgrade(engine)
        engine.dispose()
        yield lambda: _archive(server, template)


@contextmanager
def _archive(server: PostgresServer, template: str) -> Iterator[Engine]:
    with server.database(template=template) as url:
        engine = make_engine(url)
        try:
            yield engine
        finally:
            engine.dispose()
