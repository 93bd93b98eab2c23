"""A topic written into `topics.yaml`."""

from __future__ import annotations

from pathlib import Path

from monitor.commands.context import Context
from monitor.commands.entryfile import EntryFile, Fields, rendered
from monitor.types import WatchTopic

__all__ = ["Fields", "add", "rendered", "tried"]


def tried(context: Context, path: Path, entry: str, identity: str) -> WatchTopic:
    """The topic that the entry would be, after a look at the whole of the file with it. Raises ConfigError."""
    (topic,) = _file(context, path).tried({identity: entry})
    return topic


def add(context: Context, path: Path, entry: str, identity: str) -> None:
    """Put the file with the entry in place of the old one. Raises ConfigError, WatchdeskError."""
    _file(context, path).add({identity: entry})


def _file(context: Context, path: Path) -> EntryFile[WatchTopic]:
    return EntryFile(
        path=path,
        name="topics",
        load=lambda file: context.config_of(topics=file).topics,
        identity=lambda topic: topic.id,
    )
