"""Tables are built without the garbage collector, which is left as it was found."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from monitor.language.data import collector_paused


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    yield
    gc.enable()


def test_it_rests_meanwhile_and_goes_on() -> None:
    with collector_paused():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_goes_on_after_an_error() -> None:
    with pytest.raises(ValueError, match="no table"), collector_paused():
        raise ValueError("no table")
    assert gc.isenabled()


def test_who_runs_without_it_goes_on_without_it() -> None:
    gc.disable()
    with collector_paused():
        assert not gc.isenabled()
    assert not gc.isenabled()
