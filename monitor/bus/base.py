"""The bus: a log of messages in partitions, read by groups. Kafka and Postgres behave alike behind it.

Promises, the same for every implementation (`tests/contract/test_bus.py`):

* Messages with one key keep their order. Messages may be delivered more than once, never not at all.
* A committed offset is the next one to be read. Nothing is committed that `commit` was not given.
* Two consumers of one group share the partitions; when one dies, the others take over within its session timeout and
  read on from the last commit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Protocol, Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One message to be published. `key` decides the partition; headers are for people and tools."""

    topic: str
    key: bytes
    value: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, order=True)
class Partition:
    """One partition of one topic."""

    topic: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message as it was read. `value` is None for a tombstone."""

    partition: Partition
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Mapping[str, str]
    at: datetime  # when the log took it, UTC


class Consumer(Protocol):
    """One member of a group. Not thread-safe: one thread owns it."""

    def poll(self, *, max_records: int, timeout: float) -> Sequence[Delivery]:
        """Up to `max_records` messages, waiting up to `timeout` seconds for the first. Raises BusError."""
        ...

    def commit(self, offsets: Mapping[Partition, int]) -> None:
        """Record the next offset to read of each partition given.

        Raises BusError when it could not; a partition that has moved to another member in the meantime is no error:
        what it delivered here will be delivered again there.
        """
        ...

    def pause(self) -> None:
        """Take nothing more until `resume`, but stay a member of the group: `poll` returns nothing and keeps alive."""
        ...

    def resume(self) -> None:
        """Take messages again."""
        ...

    def assignment(self) -> frozenset[Partition]:
        """The partitions that this member reads now."""
        ...

    def lag(self) -> Mapping[Partition, int]:
        """Messages not yet polled, per assigned partition; empty while unknown."""
        ...

    def close(self) -> None:
        """Leave the group at once. Commits nothing."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None: ...


class Bus(Protocol):
    """A connection to the log.

    `publish` and `flush` may be called from any thread: a flush answers for what its own thread has published, or, when
    that is nothing, for what every thread has. So publish and flush a batch on one thread.
    """

    def ensure_topics(self) -> None:
        """Create what is missing of the configured topics, with their partitions and retention. Raises BusError."""
        ...

    def publish(self, records: Sequence[Record]) -> None:
        """Hand over records, in order. Blocks while too much is in flight; durable only after `flush`.

        Raises BusError, and RecordTooLarge (before any is sent) for a record over `settings.MAX_RECORD_BYTES`.
        """
        ...

    def flush(self, *, timeout: float) -> None:
        """Wait until the log has acknowledged what was published.

        Raises BusError when it has not within `timeout` seconds or when any record failed: then all since the last
        flush must be published again (which may make doubles, and loses nothing).
        """
        ...

    def consumer(self, *, group: str, topics: Sequence[str]) -> Consumer:
        """Join `group`. A new group starts at the oldest message kept."""
        ...

    def ping(self, *, timeout: float) -> None:
        """Raise BusError unless the log answers within `timeout` seconds."""
        ...

    def close(self) -> None:
        """Give everything back. What was not flushed may be lost."""
        ...
