"""The data of the gazetteer, and how such data is read."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast where libyaml is there


def read_yaml(text: str) -> Any:
    """The value of a YAML text; plain values only, never objects."""
    return yaml.load(text, Loader=_LOADER)  # noqa: S506 - both are safe loaders


@contextmanager
def collector_paused() -> Iterator[None]:
    """While large tables are built that stay: looking for garbage among them meanwhile takes two fifths of the time."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()
