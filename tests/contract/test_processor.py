"""The processor's loop over the embedded bus: offsets, what comes again, dead letters, several at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from monitor import deadletters
from monitor.bus import open_bus
from monitor.bus.base import Bus, Consumer, Record
from monitor.bus.settings import EmbeddedSettings
from monitor.codec import DEAD_TOPIC, RAW_TOPIC, encode
from monitor.errors import WatchdeskError
from monitor.observe.logs import redactor
from monitor.observe.metrics import Metrics
from monitor.processor import Processor, ProcessorSettings
from monitor.storage.deadletters import list_letters
from monitor.storage.engine import transaction
from monitor.storage.tables import raw_items
from monitor.types import RawItem
from tests.support.journey import ANNOUNCED, DEPARTED, OTHER, SEEN, WATCH, news, poison, rows, run, stages


@pytest.fixture
def bus(archive_url: str) -> Iterator[Bus]:
    """The embedded bus in the archive's own database."""
    opened = open_bus(f"embedded:{archive_url}", embedded=EmbeddedSettings(partitions=2))
    opened.ensure_topics()
    yield opened
    opened.close()


def processor(engine: Engine, bus: Bus, metrics: Metrics, settings: ProcessorSettings | None = None) -> Processor:
    return Processor(
        engine=engine,
        bus=bus,
        watch=WATCH,
        clock=lambda: SEEN + timedelta(hours=1),
        metrics=metrics,
        redact=redactor(()),
        settings=settings,
    )


def publish(bus: Bus, *given: RawItem | bytes) -> None:
    """Items, and bytes that are none, onto the topic of raw items, all under one key so that they keep their order."""
    records = [Record(topic=RAW_TOPIC, key=b"k", value=g if isinstance(g, bytes) else encode(g)) for g in given]
    bus.publish(records)
    bus.flush(timeout=30)


@contextmanager
def member(bus: Bus, group: str = "watchdesk") -> Iterator[Consumer]:
    with bus.consumer(group=group, topics=[RAW_TOPIC]) as consumer:
        yield consumer


def taken(subject: Processor, consumer: Consumer, count: int) -> None:
    """Run the processor until it has taken so many messages."""
    had = 0
    for _ in range(60):
        had += subject.run_once(consumer, threading.Event())
        if had >= count:
            break
    assert had == count


def left(bus: Bus, topic: str = RAW_TOPIC, group: str = "watchdesk") -> list[bytes | None]:
    """What a new member of the group is still given."""
    found: list[bytes | None] = []
    with bus.consumer(group=group, topics=[topic]) as consumer:
        for _ in range(4):
            found += [delivery.value for delivery in consumer.poll(max_records=100, timeout=0.5)]
    return found


def processed(metrics: Metrics, outcome: str, source: str = "globe") -> float:
    labels = {"source": source, "outcome": outcome}
    return metrics.registry.get_sample_value("watchdesk_items_processed_total", labels) or 0.0


def test_items_go_from_the_bus_into_the_archive_and_their_offsets_are_committed(archive: Engine, bus: Bus) -> None:
    metrics = Metrics()
    publish(bus, news("a", ANNOUNCED), news("b", OTHER, minutes=1), news("a", ANNOUNCED))
    with member(bus) as consumer:
        taken(processor(archive, bus, metrics), consumer, 3)
    assert left(bus) == []
    assert stages(archive) == ["announced"]
    assert (processed(metrics, "new"), processed(metrics, "known")) == (2, 1)


def test_what_was_stored_but_not_committed_is_taken_again_and_changes_nothing(archive: Engine, bus: Bus) -> None:
    """As after a crash between the transaction and the commit of its offsets."""
    publish(bus, news("a", ANNOUNCED))
    run(archive, news("a", ANNOUNCED))
    before = {k: v for k, v in rows(archive).items() if k != "records"}
    metrics = Metrics()
    with member(bus) as consumer:
        taken(processor(archive, bus, metrics), consumer, 1)
    assert {k: v for k, v in rows(archive).items() if k != "records"} == before
    assert processed(metrics, "known") == 1


def test_what_can_not_be_decoded_is_given_up_with_its_story_and_the_rest_goes_on(archive: Engine, bus: Bus) -> None:
    metrics = Metrics()
    publish(bus, news("a", ANNOUNCED), b"\xff not ours", b'{"schema": "9.0"}', news("b", DEPARTED, minutes=1))
    with member(bus) as consumer:
        taken(processor(archive, bus, metrics), consumer, 4)
    assert stages(archive) == ["announced", "departed"]
    with transaction(archive) as conn:
        kept = {stored.letter.error: stored.letter for stored in list_letters(conn)}
    assert sorted(kept) == ["DecodeError", "UnknownVersion"]
    assert kept["DecodeError"].value == b"\xff not ours"
    assert kept["DecodeError"].topic == RAW_TOPIC
    assert sorted(str(value) for value in left(bus, DEAD_TOPIC, "readers")) == sorted(
        str(value) for value in (b"\xff not ours", b'{"schema": "9.0"}')
    )
    assert left(bus) == []
    assert processed(metrics, "dead_letter", source="") == 2


def test_poison_in_a_batch_is_given_up_alone(archive: Engine, bus: Bus) -> None:
    """Postgres refuses one item of three for good; the others are stored as if it had not been there."""
    publish(bus, news("a", ANNOUNCED), poison("p"), news("b", DEPARTED, minutes=1))
    with member(bus) as consumer:
        taken(processor(archive, bus, Metrics()), consumer, 3)
    assert stages(archive) == ["announced", "departed"]
    with transaction(archive) as conn:
        (given_up,) = list_letters(conn)
        assert conn.scalar(sa.select(sa.func.count()).select_from(raw_items)) == 2
    assert given_up.letter.error == "StorageError"
    assert given_up.letter.value == encode(poison("p"))
    assert left(bus) == []


def test_a_letter_that_is_replayed_comes_back_as_it_was(archive: Engine, bus: Bus) -> None:
    publish(bus, poison("p"))
    with member(bus) as consumer:
        taken(processor(archive, bus, Metrics()), consumer, 1)
    with transaction(archive) as conn:
        (given_up,) = list_letters(conn)
    bus.publish([deadletters.replay(given_up.letter)])
    bus.flush(timeout=30)
    assert left(bus) == [encode(poison("p"))]


def test_a_flood_of_dead_letters_stops_the_loop_and_loses_none(archive: Engine, bus: Bus) -> None:
    publish(bus, *[b"not ours %d" % n for n in range(5)])
    hopeless = processor(archive, bus, Metrics(), ProcessorSettings(flood=3, poll=0.5, batch=2))
    with pytest.raises(WatchdeskError, match="messages in a row went to the dead letters"):
        hopeless.run(threading.Event())
    with transaction(archive) as conn:
        buried = [stored.letter.value for stored in list_letters(conn)]
    assert sorted([*map(str, buried), *map(str, left(bus))]) == sorted(str(b"not ours %d" % n) for n in range(5))


def test_two_processors_of_one_group_share_the_work(archive: Engine, bus: Bus) -> None:
    """Both run until all is processed; every item is in the archive once and the news is alerted once."""
    stream = [news(str(n), ANNOUNCED if n % 2 else OTHER, source=f"s{n}", minutes=n) for n in range(40)]
    bus.publish([Record(topic=RAW_TOPIC, key=entry.source_id.encode(), value=encode(entry)) for entry in stream])
    bus.flush(timeout=30)
    stop = threading.Event()
    both = [processor(archive, bus, Metrics(), ProcessorSettings(batch=5, poll=0.1)) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        running = [pool.submit(one.run, stop) for one in both]
        _until(lambda: rows(archive)["articles"] == len(stream), running_out=60, stop=stop)
        stop.set()
        for one in running:
            one.result(timeout=60)
    count = rows(archive)
    assert (count["articles"], count["raw_items"], count["developments"], count["alerts"]) == (40, 40, 1, 1)
    assert left(bus) == []


def _until(done: Callable[[], bool], *, running_out: int, stop: threading.Event) -> None:
    """Wait for `done`; whatever happens, the processors are told to stop."""
    patience = threading.Event()
    for _ in range(running_out * 10):
        if done():
            return
        patience.wait(0.1)
    stop.set()
    raise AssertionError("the items were not processed")
