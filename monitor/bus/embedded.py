"""The bus on Postgres: what `kafka.py` promises, with no broker to install."""

from __future__ import annotations

import math
import zlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from monitor.bus import embedded_group, embedded_log
from monitor.bus.base import Partition, Record
from monitor.bus.embedded_consumer import EmbeddedConsumer
from monitor.bus.embedded_sql import make_engine, transaction
from monitor.bus.embedded_tables import SCHEMA, groups, metadata, partitions, topics
from monitor.bus.records import refuse_too_large
from monitor.bus.settings import EmbeddedSettings
from monitor.errors import BusError

# Key of the advisory lock under which the tables are made: "wdbus" in ASCII.
_MAKING_TABLES = 0x7764627573


class EmbeddedBus:
    """A log in a Postgres database. Records are durable when `publish` returns."""

    def __init__(self, settings: EmbeddedSettings) -> None:
        self._settings = settings
        self._engine = make_engine(settings.url)

    def ensure_topics(self) -> None:
        """Make the tables, the topics and their partitions as far as they are missing."""
        with transaction(self._engine, seconds=self._settings.deadline_seconds) as connection:
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_MAKING_TABLES)))
            connection.execute(sa.schema.CreateSchema(SCHEMA, if_not_exists=True))
            metadata.create_all(connection)
            for name in self._settings.topics:
                self._ensure_topic(connection, name)
            for group in connection.scalars(sa.select(groups.c.name).order_by(groups.c.name).with_for_update()).all():
                embedded_group.share_out(connection, group)

    def _ensure_topic(self, connection: sa.Connection, name: str) -> None:
        upsert = postgresql.insert(topics).values(
            name=name,
            partitions=self._settings.partitions,
            retention=timedelta(hours=self._settings.retention_hours),
        )
        count = connection.scalar(
            upsert.on_conflict_do_update(
                index_elements=[topics.c.name],
                set_={
                    "partitions": sa.func.greatest(topics.c.partitions, upsert.excluded.partitions),
                    "retention": upsert.excluded.retention,
                },
            ).returning(topics.c.partitions)
        )
        connection.execute(
            postgresql.insert(partitions).on_conflict_do_nothing(),
            [{"topic": name, "number": number} for number in range(count or 0)],
        )

    def publish(self, records: Sequence[Record]) -> None:
        """Write the records, in order, in one transaction."""
        refuse_too_large(records)
        if not records:
            return
        with transaction(self._engine, seconds=self._settings.deadline_seconds) as connection:
            parted = _parted(records, embedded_log.partition_counts(connection))
            for partition in sorted(parted):  # in one order everywhere: two publishers can't deadlock
                embedded_log.append(connection, partition, parted[partition])
            embedded_group.wake(connection)

    def flush(self, *, timeout: float) -> None:
        """Nothing is left to do: `publish` has written everything, or raised."""

    def consumer(self, *, group: str, topics: Sequence[str]) -> EmbeddedConsumer:
        """Join `group`."""
        return EmbeddedConsumer(self._engine, self._settings, group=group, topics=topics)

    def ping(self, *, timeout: float) -> None:
        """Raise BusError unless Postgres answers on a new connection."""
        engine = make_engine(self._settings.url, connect_seconds=max(1, math.ceil(timeout)))
        try:
            with transaction(engine, seconds=timeout) as connection:
                connection.execute(sa.select(1))
        finally:
            engine.dispose()

    def close(self) -> None:
        """Close idle connections; consumers close their own."""
        self._engine.dispose()


def _parted(records: Sequence[Record], counts: Mapping[str, int]) -> Mapping[Partition, list[Record]]:
    parted: dict[Partition, list[Record]] = defaultdict(list)
    for record in records:
        if record.topic not in counts:
            raise BusError(f"topic {record.topic} is not on the bus; ensure_topics() makes it")
        parted[Partition(record.topic, zlib.crc32(record.key) % counts[record.topic])].append(record)
    return parted
