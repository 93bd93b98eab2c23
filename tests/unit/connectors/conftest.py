"""A real web server for the tests of connectors."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.httpserver import LocalServer, local_server


@pytest.fixture
def web() -> Iterator[LocalServer]:
    """A fresh local web server."""
    with local_server() as server:
        yield server
