"""One member of a group on the embedded bus."""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Self

import psycopg
import sqlalchemy as sa

from monitor.bus import embedded_group, embedded_log
from monitor.bus.base import Delivery, Partition
from monitor.bus.embedded_sql import CHANNEL, errors_named, give_up_after, transaction
from monitor.bus.settings import MAX_RECORD_BYTES, EmbeddedSettings
from monitor.errors import BusError

log = logging.getLogger(__name__)

# What one poll takes into memory: as much as Kafka's default `fetch.max.bytes`.
_MAX_BATCH_BYTES = 50 * 1024 * 1024
# A notification that got lost delays a record by no more than this.
_LOOK_AGAIN_SECONDS = 1.0
_EXPIRE_EVERY_SECONDS = 60.0
assert _MAX_BATCH_BYTES > MAX_RECORD_BYTES


class EmbeddedConsumer:
    """Reads its share of the group's partitions; a thread of its own says that it lives."""

    def __init__(self, engine: sa.Engine, settings: EmbeddedSettings, *, group: str, topics: Sequence[str]) -> None:
        self._engine = engine
        self._settings = settings
        self._group = group
        self._topics = tuple(topics)
        self._member = ""
        self._positions: dict[Partition, int] = {}  # of the partitions held, in the order of the next fetch
        self._paused = False
        self._ear: sa.Connection | None = None
        # Six heartbeats a session; the lease and the heartbeat in which others see it end make one session together.
        self._heartbeat = settings.session_timeout_ms / 1000 / 6
        self._lease = settings.session_timeout_ms / 1000 - self._heartbeat
        self._polled = time.monotonic()
        self._closing = threading.Event()
        self._join()
        self._heart = threading.Thread(target=self._beat, name=f"heartbeat-{group}", daemon=True)
        self._heart.start()

    def poll(self, *, max_records: int, timeout: float) -> Sequence[Delivery]:
        """Up to `max_records` messages, waiting up to `timeout` seconds for the first."""
        deadline = time.monotonic() + timeout
        while True:
            self._polled = time.monotonic()
            self._take_part()
            if not self._paused and (batch := self._fetch(max_records)):
                return batch
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                return ()
            self._wait(min(remaining, _LOOK_AGAIN_SECONDS))

    def commit(self, offsets: Mapping[Partition, int]) -> None:
        """Record positions; those of partitions that have moved are left to their new reader."""
        if offsets:
            with self._transaction() as connection:
                embedded_group.commit(connection, self._group, self._member, offsets)

    def pause(self) -> None:
        """Take nothing more until `resume`."""
        self._paused = True

    def resume(self) -> None:
        """Take messages again."""
        self._paused = False

    def assignment(self) -> frozenset[Partition]:
        """The partitions that this member reads now."""
        return frozenset(self._positions)

    def lag(self) -> Mapping[Partition, int]:
        """Messages not yet polled, per partition held."""
        if not self._positions:
            return {}
        with self._transaction() as connection:
            ends = embedded_log.ends(connection, list(self._positions))
        return {partition: end - max(first, self._positions[partition]) for partition, (first, end) in ends.items()}

    def close(self) -> None:
        """Leave the group at once; when Postgres can't be told, the lease ends by itself."""
        self._closing.set()
        self._heart.join(timeout=self._settings.deadline_seconds)
        self._positions.clear()
        self._stop_listening()
        try:
            with self._transaction() as connection:
                embedded_group.leave(connection, self._group, self._member)
        except BusError as error:
            log.warning("could not leave group %s, its members wait for the lease to end: %s", self._group, error)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        self.close()

    def _transaction(self) -> AbstractContextManager[sa.Connection]:
        return transaction(self._engine, seconds=self._settings.deadline_seconds)

    def _join(self) -> None:
        self._positions.clear()
        # A new name each time: what an earlier membership still has in hand can't be committed under this one.
        self._member = uuid.uuid4().hex
        with self._transaction() as connection:
            embedded_group.join(connection, self._group, self._member, self._topics, self._lease)

    def _take_part(self) -> None:
        """Join again when given up, let go of and take partitions as the group has decided."""
        with self._transaction() as connection:
            standing = embedded_group.standing(connection, self._group, self._member)
        if standing is None:
            log.warning("group %s had given this member up: joining again", self._group)
            self._join()
            standing = embedded_group.Standing(held=frozenset(), moves=True)
        if not standing.moves and standing.held == self._positions.keys():
            return
        with self._transaction() as connection:
            embedded_group.move(connection, self._group, self._member)
            now = embedded_group.standing(connection, self._group, self._member)
            held = now.held if now else frozenset()
            gained = embedded_group.committed(connection, self._group, held - self._positions.keys())
        self._positions = {p: offset for p, offset in self._positions.items() if p in held} | gained

    def _fetch(self, max_records: int) -> list[Delivery]:
        if not self._positions:
            return []
        with self._transaction() as connection:
            batch = embedded_log.fetch(connection, self._positions, max_records=max_records, max_bytes=_MAX_BATCH_BYTES)
        for delivery in batch:
            # The partition goes to the end of the queue: a busy one does not starve the others.
            self._positions.pop(delivery.partition)
            self._positions[delivery.partition] = delivery.offset + 1
        return batch

    def _wait(self, seconds: float) -> None:
        """Sleep until somebody publishes, partitions move, or the time is up."""
        try:
            with errors_named():
                if self._ear is None:
                    self._listen()
                    return  # something may have come before we listened: look first
                driver = self._ear.connection.driver_connection
                assert isinstance(driver, psycopg.Connection)
                for _ in driver.notifies(timeout=seconds, stop_after=1):
                    pass
        except BusError:
            self._stop_listening()
            raise

    def _listen(self) -> None:
        self._ear = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        with give_up_after(self._ear, self._settings.deadline_seconds):
            self._ear.execute(sa.text(f"LISTEN {CHANNEL}"))

    def _stop_listening(self) -> None:
        if self._ear is not None:
            self._ear.invalidate()  # a connection that listens must not go back to the pool
            self._ear.close()
            self._ear = None

    def _beat(self) -> None:
        expire_at = time.monotonic()
        while not self._closing.wait(self._heartbeat):
            try:
                self._say_alive()
                if time.monotonic() >= expire_at:
                    expire_at = time.monotonic() + _EXPIRE_EVERY_SECONDS
                    with self._transaction() as connection:
                        embedded_log.expire(connection)
            except BusError as error:
                log.warning("heartbeat in group %s failed: %s", self._group, error)

    def _say_alive(self) -> None:
        silent = time.monotonic() - self._polled
        with self._transaction() as connection:
            if silent * 1000 <= self._settings.max_poll_interval_ms:
                embedded_group.renew(connection, self._group, self._member, self._lease)
            else:
                log.warning("no poll in group %s for %.0f s: its partitions go to others", self._group, silent)
            embedded_group.bury_the_dead(connection, self._group)
