"""One stand for each bus: the same handles on an embedded one and on real brokers."""

from __future__ import annotations

import contextlib
import itertools
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import psutil  # type: ignore[import-untyped]
import psycopg
from kafka import KafkaProducer

from monitor.bus import open_bus
from monitor.bus.base import Bus, Consumer, Delivery, Record
from monitor.bus.settings import EmbeddedSettings, KafkaSettings
from tests.support.brokers import Broker

# How long a silent member lives. Short, since tests wait for it; Tansu lets a new group join after half of it, and a
# broker of somebody else's may take nothing under Kafka's default minimum of 6 s.
SESSION_MS = {"embedded": 3_000, "tansu": 4_000, "apache": 6_000, "external": 6_000}
# How long a test waits for what must happen. Tansu takes a member back only a minute after it missed a session, as one
# does on a machine that stands still for some seconds (measured: 54 to 67 s).
PATIENCE = 120.0

_numbers = itertools.count(1)


@dataclass(kw_only=True)
class Stand:
    """A bus to be tested, with a topic of its own."""

    kind: str
    url: str
    freeze: Callable[[], contextlib.AbstractContextManager[None]]
    put_tombstone: Callable[[str, bytes], None]
    topic: str = field(default_factory=lambda: f"t{os.getpid()}-{next(_numbers)}")
    partitions: int = 4
    _open: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    @property
    def session_ms(self) -> int:
        """The session timeout of the stand's consumers."""
        return SESSION_MS[self.kind]

    def settings(self, **changes: Any) -> dict[str, Any]:
        """What `open_bus` takes beside the address."""
        common: dict[str, Any] = {
            "topics": (self.topic,),
            "partitions": self.partitions,
            "session_timeout_ms": self.session_ms,
        } | changes
        if self.kind == "embedded":
            return {"embedded": EmbeddedSettings(**common)}
        return {"kafka": KafkaSettings(**common)}

    def bus(self, **changes: Any) -> Bus:
        """A bus of its own, closed at the end of the test; the topic is there."""
        bus = open_bus(self.url, **self.settings(**changes))
        self._open.callback(bus.close)
        bus.ensure_topics()
        return bus

    def consumer(self, bus: Bus, group: str = "group") -> Consumer:
        """A member of `group`, closed at the end of the test."""
        consumer = bus.consumer(group=f"{self.topic}-{group}", topics=[self.topic])
        self._open.callback(consumer.close)
        return consumer

    def record(self, key: str, value: str | bytes, **headers: str) -> Record:
        """A record for the stand's topic."""
        data = value.encode() if isinstance(value, str) else value
        return Record(topic=self.topic, key=key.encode(), value=data, headers=headers)

    def publish(self, bus: Bus, records: Sequence[Record]) -> None:
        """Publish and flush."""
        bus.publish(records)
        bus.flush(timeout=30)

    def close(self) -> None:
        """Close everything that was opened."""
        self._open.close()


def read(*consumers: Consumer, count: int, commit: bool = False, max_records: int = 500) -> list[Delivery]:
    """Poll until `count` messages have come; fails when they do not."""
    found: list[Delivery] = []
    deadline = time.monotonic() + PATIENCE
    while len(found) < count:
        assert time.monotonic() < deadline, f"only {len(found)} of {count} messages came"
        for consumer in consumers:
            batch = consumer.poll(max_records=max_records, timeout=0.2)
            if commit:
                consumer.commit({delivery.partition: delivery.offset + 1 for delivery in batch})
            found += batch
    return found


def poll_until(consumers: Sequence[Consumer], done: Callable[[], bool]) -> list[Delivery]:
    """Poll the consumers in turn, committing nothing, until `done`; returns what came."""
    found: list[Delivery] = []
    deadline = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < deadline, f"still not so: {[sorted(each.assignment()) for each in consumers]}"
        for consumer in consumers:
            found += consumer.poll(max_records=500, timeout=0.05)
    return found


def embedded_stand(url: str) -> Stand:
    """On the Postgres database at `url`."""
    address = url.replace("postgresql+psycopg://", "postgresql://")

    @contextlib.contextmanager
    def freeze() -> Iterator[None]:
        with psycopg.connect(address) as connection:
            server = psutil.Process(connection.info.backend_pid).parent()
        assert server is not None
        processes = [server, *server.children(recursive=True)]
        for process in processes:
            with contextlib.suppress(psutil.NoSuchProcess):  # a backend of the server that has ended since
                process.suspend()
        try:
            yield
        finally:
            for process in processes:
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.resume()

    def put_tombstone(topic: str, key: bytes) -> None:
        with psycopg.connect(address) as connection:
            connection.execute(
                "WITH place AS (UPDATE bus.partitions SET next_offset = next_offset + 1"
                " WHERE topic = %s AND number = 0 RETURNING topic, number, next_offset - 1)"
                " INSERT INTO bus.records SELECT place.*, %s, NULL, '{}', now() FROM place",
                (topic, key),
            )

    return Stand(kind="embedded", url=f"embedded:{url}", freeze=freeze, put_tombstone=put_tombstone)


def kafka_stand(kind: str, bootstrap: str, broker: Broker | None = None) -> Stand:
    """On a Kafka broker; without `broker` it can't be frozen."""

    @contextlib.contextmanager
    def freeze() -> Iterator[None]:
        assert broker is not None
        broker.freeze()
        try:
            yield
        finally:
            broker.thaw()

    def put_tombstone(topic: str, key: bytes) -> None:
        producer = KafkaProducer(bootstrap_servers=bootstrap)
        producer.send(topic, key=key, value=None).get(timeout=30)
        producer.close()

    return Stand(kind=kind, url=f"kafka://{bootstrap}", freeze=freeze, put_tombstone=put_tombstone)
