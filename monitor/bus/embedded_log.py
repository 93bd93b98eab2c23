"""The log of the embedded bus: records are appended, read in order and deleted when they are old."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from monitor.bus.base import Delivery, Partition, Record
from monitor.bus.embedded_tables import partitions, records, topics
from monitor.bus.records import fit

# Each partition is read by its index; the running sum keeps a batch of large records within memory, and lets the first
# one through whatever its size.
_FETCH = sa.text("""
    SELECT topic, partition, "offset", key, value, headers, at
    FROM (
        SELECT found.*, logs.turn,
               sum(coalesce(octet_length(found.value), 0)) OVER (ORDER BY logs.turn, found."offset")
               - coalesce(octet_length(found.value), 0) AS bytes_before
        FROM unnest(CAST(:topics AS text[]), CAST(:numbers AS integer[]), CAST(:positions AS bigint[]))
             WITH ORDINALITY AS logs(topic, number, position, turn)
        CROSS JOIN LATERAL (
            SELECT * FROM bus.records AS record
            WHERE record.topic = logs.topic AND record.partition = logs.number AND record."offset" >= logs.position
            ORDER BY record."offset" LIMIT :max_records
        ) AS found
    ) AS batch
    WHERE bytes_before < :max_bytes
    ORDER BY turn, "offset" LIMIT :max_records
""")

_EXPIRE = sa.text("""
    WITH gone AS (
        DELETE FROM bus.records
        USING bus.topics
        WHERE records.topic = topics.name AND records.at < clock_timestamp() - topics.retention
        RETURNING records.topic, records.partition, records."offset"
    ), ends AS (
        SELECT topic, partition, max("offset") + 1 AS first FROM gone GROUP BY topic, partition
    )
    UPDATE bus.partitions SET first_offset = greatest(first_offset, ends.first)
    FROM ends WHERE partitions.topic = ends.topic AND partitions.number = ends.partition
""")


def append(connection: sa.Connection, partition: Partition, batch: Sequence[Record]) -> None:
    """Write records of one partition; its row stays locked until commit, so offsets become visible in order."""
    row = connection.execute(
        sa.update(partitions)
        .where(partitions.c.topic == partition.topic, partitions.c.number == partition.number)
        .values(next_offset=partitions.c.next_offset + len(batch))
        .returning(partitions.c.next_offset, sa.func.clock_timestamp().label("at"))
    ).one()
    connection.execute(
        sa.insert(records),
        [
            {
                "topic": partition.topic,
                "partition": partition.number,
                "offset": offset,
                "key": record.key,
                "value": record.value,
                "headers": {name: fit(text) for name, text in record.headers.items()},
                "at": row.at,
            }
            for offset, record in enumerate(batch, start=row.next_offset - len(batch))
        ],
    )


def fetch(
    connection: sa.Connection, positions: Mapping[Partition, int], *, max_records: int, max_bytes: int
) -> list[Delivery]:
    """The records from these positions on, partition after partition as given, each in the order of its offsets."""
    rows = connection.execute(
        _FETCH,
        {
            "topics": [partition.topic for partition in positions],
            "numbers": [partition.number for partition in positions],
            "positions": list(positions.values()),
            "max_records": max_records,
            "max_bytes": max_bytes,
        },
    )
    return [
        Delivery(
            partition=Partition(row.topic, row.partition),
            offset=row.offset,
            key=row.key,
            value=row.value,
            headers=row.headers,
            at=row.at,
        )
        for row in rows
    ]


def ends(connection: sa.Connection, which: Sequence[Partition]) -> dict[Partition, tuple[int, int]]:
    """The oldest offset kept and the next one to be written, per partition."""
    rows = connection.execute(
        sa.select(partitions).where(
            sa.tuple_(partitions.c.topic, partitions.c.number).in_([(p.topic, p.number) for p in which])
        )
    )
    return {Partition(row.topic, row.number): (row.first_offset, row.next_offset) for row in rows}


def partition_counts(connection: sa.Connection) -> dict[str, int]:
    """How many partitions each topic has."""
    return {row.name: row.partitions for row in connection.execute(sa.select(topics.c.name, topics.c.partitions))}


def expire(connection: sa.Connection) -> None:
    """Delete what is older than its topic's retention."""
    connection.execute(_EXPIRE)
