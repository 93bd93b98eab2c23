"""What only the embedded bus has: a database under it, and sharing that is ours to get right."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

import psycopg
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from monitor.bus import embedded_log, open_bus
from monitor.bus.base import Bus, Delivery, Partition
from monitor.bus.embedded_group import plan_shares
from monitor.bus.embedded_sql import make_engine, transaction
from monitor.errors import BusConfigError, BusError
from tests.support.buses import Stand, embedded_stand, poll_until, read

MIB = 1024 * 1024


@pytest.fixture
def stand(postgres_url: str) -> Iterator[Stand]:
    """A bus in an empty database."""
    made = embedded_stand(postgres_url)
    yield made
    made.close()


@pytest.fixture
def database(postgres_url: str) -> Iterator[psycopg.Connection]:
    """A look at the tables from outside."""
    with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as connection:
        yield connection


def values(bus: Bus, stand: Stand, count: int, group: str = "group") -> list[bytes | None]:
    with bus.consumer(group=group, topics=[stand.topic]) as consumer:
        return [delivery.value for delivery in read(consumer, count=count)]


def test_a_record_is_seen_only_after_every_earlier_one_of_its_partition(stand: Stand, postgres_url: str) -> None:
    """A publisher that commits late holds back those behind it, so that nobody reads past its offset."""
    bus = stand.bus()
    consumer = stand.consumer(bus)
    record = stand.record("k", "first")
    engine = make_engine(postgres_url)
    with transaction(engine, seconds=30) as late:
        place = late.execute(sa.text("SELECT number FROM bus.partitions ORDER BY number FOR UPDATE")).scalars().all()
        for number in place:
            embedded_log.append(late, Partition(stand.topic, number), [record])
        behind = threading.Thread(target=lambda: bus.publish([stand.record("k", "second")]))
        behind.start()
        assert consumer.poll(max_records=10, timeout=0.5) in ([], ())
    behind.join()
    engine.dispose()
    found = read(consumer, count=len(place) + 1)
    second = next(delivery for delivery in found if delivery.value == b"second")
    assert second.offset == 1
    assert [d.value for d in found if d.partition == second.partition] == [b"first", b"second"]


def test_old_records_are_deleted_and_readers_go_on_with_what_is_kept(
    stand: Stand, postgres_url: str, database: psycopg.Connection
) -> None:
    bus = stand.bus(retention_hours=24)
    stand.publish(bus, [stand.record("k", f"{n}") for n in range(4)])
    database.execute("UPDATE bus.records SET at = at - interval '25 hours' WHERE \"offset\" < 3")
    engine = make_engine(postgres_url)
    with transaction(engine, seconds=30) as connection:
        embedded_log.expire(connection)
    engine.dispose()
    assert values(bus, stand, 1) == [b"3"]
    with bus.consumer(group="new", topics=[stand.topic]) as consumer:
        poll_until([consumer], lambda: len(consumer.assignment()) == stand.partitions)
        assert sum(consumer.lag().values()) == 0
    assert database.execute("SELECT count(*) FROM bus.records").fetchone() == (1,)


def test_a_batch_of_large_messages_stays_within_memory_and_brings_all_in_turn(stand: Stand) -> None:
    """50 MiB a poll, as with Kafka."""
    bus = stand.bus()
    for n in range(10):
        bus.publish([stand.record("k", bytes([n]) * 7 * MIB)])
    with stand.consumer(bus) as consumer:
        sizes: list[int] = []
        firsts: list[int] = []
        while sum(sizes) < 10:
            batch = consumer.poll(max_records=100, timeout=1)
            sizes.append(len(batch))
            firsts += [(delivery.value or b"")[0] for delivery in batch]
    assert max(sizes) <= 8  # the last one may begin within the 50 MiB
    assert firsts == list(range(10))


def test_when_the_server_drops_connections_the_next_try_succeeds(stand: Stand, database: psycopg.Connection) -> None:
    """Every connection of the bus is cut: those of publisher, reader, listener and heartbeat."""
    bus = stand.bus()
    consumer = stand.consumer(bus)
    stand.publish(bus, [stand.record("k", "one")])
    read(consumer, count=1, commit=True)
    consumer.poll(max_records=1, timeout=0.1)
    database.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'watchdesk-bus'")
    found: list[Delivery] = []
    failures = 0
    attempts: list[Callable[[], None]] = [
        lambda: stand.publish(bus, [stand.record("k", "two")]),
        lambda: found.extend(consumer.poll(max_records=1, timeout=0.1)),
    ]
    for attempt in attempts:
        for _ in range(30):
            try:
                attempt()
                break
            except BusError:
                failures += 1
        else:
            pytest.fail("the bus does not recover")
    assert failures > 0
    found += read(consumer, count=1 - len(found))
    assert {delivery.value for delivery in found} == {b"two"}


def test_many_may_make_the_topics_at_once(stand: Stand, database: psycopg.Connection) -> None:
    buses = [open_bus(stand.url, **stand.settings()) for _ in range(4)]
    errors: list[BaseException] = []

    def ensure(bus: Bus) -> None:
        try:
            bus.ensure_topics()
        except BusError as error:
            errors.append(error)

    threads = [threading.Thread(target=ensure, args=(bus,)) for bus in buses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for bus in buses:
        bus.close()
    assert errors == []
    assert database.execute("SELECT count(*) FROM bus.partitions").fetchone() == (stand.partitions,)


def test_a_database_that_is_not_there_is_a_configuration_error_without_the_password(postgres_url: str) -> None:
    missing = sa.make_url(postgres_url).set(database="missing", password="hunter2hunter2")
    bus = open_bus(f"embedded:{missing.render_as_string(hide_password=False)}")
    with pytest.raises(BusConfigError, match='database "missing" does not exist; check the') as caught:
        bus.ping(timeout=5)
    assert "hunter2" not in f"{caught.value} {bus!r}"
    bus.close()


def test_before_the_tables_are_made_the_error_names_the_remedy(stand: Stand) -> None:
    bus = open_bus(stand.url, **stand.settings())
    for attempt in (
        lambda: bus.publish([stand.record("k", "v")]),
        lambda: bus.consumer(group="g", topics=[stand.topic]),
    ):
        with pytest.raises(BusError, match="has no tables yet"):
            attempt()
    bus.close()


subscriptions = st.dictionaries(
    st.text("abcdef", min_size=1), st.frozensets(st.sampled_from(["raw", "dead"]), min_size=1), max_size=6
)


@given(st.sets(st.builds(Partition, st.sampled_from(["raw", "dead"]), st.integers(0, 9))), subscriptions)
def test_each_partition_goes_to_one_member_that_reads_its_topic(
    logs: set[Partition], alive: Mapping[str, frozenset[str]]
) -> None:
    plan = plan_shares(logs, alive)
    assert set(plan) == {partition for partition in logs if any(partition.topic in read for read in alive.values())}
    assert all(partition.topic in alive[member] for partition, member in plan.items())


@given(st.integers(1, 12), st.integers(1, 12))
def test_members_that_read_the_same_have_equal_shares(partitions: int, members: int) -> None:
    alive = {f"m{n}": frozenset({"raw"}) for n in range(members)}
    shares = Counter(plan_shares([Partition("raw", n) for n in range(partitions)], alive).values())
    assert max(shares.values()) - min(shares.get(member, 0) for member in alive) <= 1
