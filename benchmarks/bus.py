"""How fast the bus is, beside its library alone: `python -m benchmarks.bus [--broker B] [--messages N]`."""

from __future__ import annotations

import argparse
import contextlib
import json
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import quantiles
from typing import Any

import psycopg
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer

from monitor.bus import open_bus
from monitor.bus.base import Bus, Consumer, Record
from monitor.codec import RAW_TOPIC
from monitor.storage.embedded import EmbeddedPostgres
from tests.support.brokers import ApacheBroker, TansuBroker, external_bootstrap

BATCH = 100  # records a flush, messages a poll
KEYS = 50
LATENCY_SAMPLES = 300
LATENCY_PAUSE = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What one run measured."""

    broker: str
    messages: int
    bytes_each: int
    published_per_second: float
    bare_published_per_second: float
    consumed_per_second: float
    bare_consumed_per_second: float
    latency_p50_ms: float
    latency_p95_ms: float


@contextlib.contextmanager
def running(broker: str) -> Iterator[str]:
    """The address of a bus of that kind."""
    if broker == "embedded":
        with tempfile.TemporaryDirectory() as folder, EmbeddedPostgres(Path(folder)) as postgres:
            yield f"embedded:{postgres.url()}"
    elif broker == "external":
        yield f"kafka://{external_bootstrap()}"
    else:
        with {"tansu": TansuBroker, "apache": ApacheBroker}[broker]() as process:
            yield f"kafka://{process.bootstrap}"


def rate(count: int, work: Callable[[], None]) -> float:
    """How many a second."""
    start = time.perf_counter()
    work()
    return count / (time.perf_counter() - start)


def publish(bus: Bus, count: int, size: int) -> None:
    """Batches, each flushed, as a poll of a source does."""
    value = b"x" * size
    for start in range(0, count, BATCH):
        numbers = range(start, min(start + BATCH, count))
        bus.publish([Record(topic=RAW_TOPIC, key=b"source-%d" % (n % KEYS), value=value) for n in numbers])
        bus.flush(timeout=60)


def consume(consumer: Consumer, count: int) -> None:
    """Batches, each committed, as a processor does."""
    got = 0
    while got < count:
        batch = consumer.poll(max_records=BATCH, timeout=5)
        consumer.commit({delivery.partition: delivery.offset + 1 for delivery in batch})
        got += len(batch)


def latencies(bus: Bus, consumer: Consumer) -> list[float]:
    """Milliseconds from before a publish to after the poll that returns it."""

    def publish_some() -> None:
        for number in range(LATENCY_SAMPLES):
            stamp = repr(time.perf_counter()).encode()
            bus.publish([Record(topic=RAW_TOPIC, key=b"source-%d" % (number % KEYS), value=stamp)])
            bus.flush(timeout=60)
            time.sleep(LATENCY_PAUSE)

    publisher = threading.Thread(target=publish_some)
    publisher.start()
    found: list[float] = []
    while len(found) < LATENCY_SAMPLES:
        batch = consumer.poll(max_records=BATCH, timeout=5)
        now = time.perf_counter()
        found += [(now - float(delivery.value or b"")) * 1000 for delivery in batch]
    publisher.join()
    return found


def bare_kafka(bootstrap: str, count: int, size: int) -> tuple[float, float]:
    """kafka-python's own producer and consumer, with the same batches and nothing around them."""
    with KafkaAdminClient(bootstrap_servers=bootstrap) as admin:
        topic: dict[str, Any] = {"num_partitions": 6, "replication_factor": 1}
        admin.create_topics({"bare": topic}, wait_for_metadata=True)
    producer = KafkaProducer(bootstrap_servers=bootstrap, linger_ms=5)
    value = b"x" * size

    def send() -> None:
        for start in range(0, count, BATCH):
            for number in range(start, min(start + BATCH, count)):
                producer.send("bare", key=b"source-%d" % (number % KEYS), value=value)
            producer.flush()

    published = rate(count, send)
    producer.close()
    consumer = KafkaConsumer("bare", bootstrap_servers=bootstrap, auto_offset_reset="earliest")

    first = sum(map(len, consumer.poll(timeout_ms=10_000, max_records=BATCH).values()))  # waits for the metadata

    def receive() -> None:
        got = first
        while got < count:
            got += sum(map(len, consumer.poll(timeout_ms=5000, max_records=BATCH).values()))

    consumed = rate(count - first, receive)
    consumer.close()
    return published, consumed


def bare_postgres(url: str, count: int, size: int) -> tuple[float, float]:
    """psycopg's COPY, one transaction a batch, and a SELECT of each batch."""
    value = b"x" * size
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        connection.execute("CREATE TABLE bare (id bigint PRIMARY KEY, key bytea, value bytea)")

        def copy() -> None:
            for start in range(0, count, BATCH):
                with connection.cursor().copy("COPY bare FROM STDIN") as rows:
                    for number in range(start, min(start + BATCH, count)):
                        rows.write_row((number, b"source-%d" % (number % KEYS), value))
                connection.commit()

        def select() -> None:
            for start in range(0, count, BATCH):
                query = "SELECT * FROM bare WHERE id >= %s ORDER BY id LIMIT %s"
                connection.execute(query, (start, BATCH)).fetchall()

        return rate(count, copy), rate(count, select)


def measure(broker: str, count: int, size: int) -> Figures:
    """One run on a bus of its own."""
    with running(broker) as url:
        bus = open_bus(url)
        bus.ensure_topics()
        publish(bus, BATCH, size)  # the first batch pays for the connection
        published = rate(count, lambda: publish(bus, count, size))
        with bus.consumer(group="benchmark", topics=[RAW_TOPIC]) as consumer:
            consume(consumer, BATCH)  # the first batch waits for the group
            consumed = rate(count, lambda: consume(consumer, count))
            cuts = quantiles(latencies(bus, consumer), n=20)
        bus.close()
        kind, _, address = url.partition(":")
        bare = bare_postgres(address, count, size) if kind == "embedded" else bare_kafka(address[2:], count, size)
    return Figures(
        broker=broker,
        messages=count,
        bytes_each=size,
        published_per_second=round(published),
        bare_published_per_second=round(bare[0]),
        consumed_per_second=round(consumed),
        bare_consumed_per_second=round(bare[1]),
        latency_p50_ms=round(cuts[9], 1),
        latency_p95_ms=round(cuts[18], 1),
    )


def main() -> None:
    """Parse, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bus", description=__doc__)
    parser.add_argument("--broker", choices=("embedded", "tansu", "apache", "external"), default="embedded")
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--bytes", type=int, default=1_000, help="size of each message's value")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    figures = measure(options.broker, options.messages, options.bytes)
    if options.json:
        print(json.dumps(asdict(figures)))
        return
    print(f"{figures.broker}: {figures.messages:,} messages of {figures.bytes_each:,} bytes, {BATCH} a batch")
    bare = "COPY and SELECT" if options.broker == "embedded" else "kafka-python"
    print(
        f"  publish   {figures.published_per_second:>9,.0f}/s   bare {bare} {figures.bare_published_per_second:,.0f}/s"
    )
    print(f"  consume   {figures.consumed_per_second:>9,.0f}/s   bare {bare} {figures.bare_consumed_per_second:,.0f}/s")
    print(f"  latency   p50 {figures.latency_p50_ms} ms, p95 {figures.latency_p95_ms} ms, publish to poll")


if __name__ == "__main__":
    main()
