"""One member of a group on Kafka."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

from kafka import ConsumerRebalanceListener, KafkaConsumer, TopicPartition
from kafka.coordinator.assignors.cooperative_sticky import CooperativeStickyAssignor
from kafka.errors import (
    CommitFailedError,
    FencedInstanceIdError,
    IllegalGenerationError,
    KafkaError,
    RebalanceInProgressError,
    UnknownMemberIdError,
)
from kafka.structs import OffsetAndMetadata

from monitor.bus.base import Delivery, Partition
from monitor.bus.kafka_client import connect, errors_named
from monitor.bus.kafka_join import keep_joins
from monitor.bus.settings import KafkaSettings

log = logging.getLogger(__name__)

_CONNECT_SECONDS = 10.0
_COMMIT_MS = 5_000
_LAG_MS = 2_000
_METADATA_MS = 10_000  # how soon new partitions are seen
_CLOSE_MS = 3_000
# What the partitions' next reader will read again, or, when they stay ours, is committed once the group has settled.
_REBALANCING = (
    CommitFailedError,
    FencedInstanceIdError,
    IllegalGenerationError,
    RebalanceInProgressError,
    UnknownMemberIdError,
)


class KafkaBusConsumer:
    """Reads its share of the group's partitions; kafka-python's own thread says that it lives."""

    def __init__(self, settings: KafkaSettings, *, group: str, topics: Sequence[str]) -> None:
        self._paused = False
        # Offsets that a rebalance kept from being committed, of partitions that are still ours.
        self._owed: dict[TopicPartition, int] = {}
        # No deserializers: after one raises, poll() spins for ever on the same message.
        self._consumer = connect(
            KafkaConsumer,
            settings,
            seconds=_CONNECT_SECONDS,
            group_id=group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            allow_auto_create_topics=False,
            # One assignor, the same in every member: eager and cooperative ones do not mix in a group.
            partition_assignment_strategy=[CooperativeStickyAssignor],
            session_timeout_ms=settings.session_timeout_ms,
            heartbeat_interval_ms=settings.session_timeout_ms // 5,
            max_poll_interval_ms=settings.max_poll_interval_ms,
            metadata_max_age_ms=_METADATA_MS,
            metrics_enabled=False,
        )
        keep_joins(self._consumer)
        self._consumer.subscribe(topics=list(topics), listener=_Rebalances(self))

    def poll(self, *, max_records: int, timeout: float) -> Sequence[Delivery]:
        """Up to `max_records` messages, waiting up to `timeout` seconds for the first."""
        self._commit(dict(self._owed))  # before anything new is taken: what is taken can't be given back
        with errors_named("could not read from Kafka"):
            found = self._consumer.poll(timeout_ms=int(timeout * 1000), max_records=max_records)
        return [_delivery(record) for records in found.values() for record in records]

    def commit(self, offsets: Mapping[Partition, int]) -> None:
        """Record positions; those of partitions that have moved are left to their new reader."""
        self._commit(
            {TopicPartition(partition.topic, partition.number): offset for partition, offset in offsets.items()}
        )

    def _commit(self, offsets: Mapping[TopicPartition, int]) -> None:
        if not offsets:
            return
        # A leader epoch of None makes kafka-python declare the coordinator dead.
        places = {partition: OffsetAndMetadata(offset, "", -1) for partition, offset in offsets.items()}
        with errors_named("could not commit offsets to Kafka"):
            try:
                self._consumer.commit(places, timeout_ms=_COMMIT_MS)
            except _REBALANCING as error:
                log.info("offsets wait for the group to rebalance: %s", " ".join(str(error).split()))
                self._owed.update(offsets)
            else:
                for partition in offsets:
                    self._owed.pop(partition, None)

    def pause(self) -> None:
        """Take nothing more until `resume`."""
        self._paused = True
        self._consumer.pause(*self._consumer.assignment())

    def resume(self) -> None:
        """Take messages again."""
        self._paused = False
        self._consumer.resume(*self._consumer.paused())

    def assignment(self) -> frozenset[Partition]:
        """The partitions that this member reads now."""
        return frozenset(Partition(each.topic, each.partition) for each in self._consumer.assignment())

    def lag(self) -> Mapping[Partition, int]:
        """Messages not yet polled, per partition held; empty when the broker does not say."""
        held = list(self._consumer.assignment())
        try:
            ends = self._consumer.end_offsets(held, timeout_ms=_LAG_MS) if held else {}
            positions = {each: self._consumer.position(each, timeout_ms=_LAG_MS) for each in ends}
        except KafkaError as error:
            log.info("lag is unknown: %s", error)
            return {}
        return {
            Partition(each.topic, each.partition): max(end - positions[each], 0)
            for each, end in ends.items()
            if positions[each] is not None
        }

    def close(self) -> None:
        """Leave the group at once; when the broker can't be told, the session ends by itself."""
        try:
            self._consumer.close(autocommit=False, timeout_ms=_CLOSE_MS)
        except (KafkaError, OSError) as error:
            log.warning("could not leave the group, its members wait for the session to end: %s", error)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        self.close()

    def _took(self, partitions: Iterable[TopicPartition]) -> None:
        if self._paused:  # kafka-python forgets pauses of partitions that are newly assigned
            self._consumer.pause(*partitions)

    def _lost(self, partitions: Iterable[TopicPartition]) -> None:
        for partition in partitions:
            self._owed.pop(partition, None)


class _Rebalances(ConsumerRebalanceListener):  # type: ignore[misc]  # kafka-python has no types
    """Runs on kafka-python's own thread, while the owner waits in `poll`."""

    def __init__(self, consumer: KafkaBusConsumer) -> None:
        self._consumer = consumer

    def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        self._consumer._took(assigned)

    def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        self._consumer._lost(revoked)


def _delivery(record: Any) -> Delivery:
    return Delivery(
        partition=Partition(record.topic, record.partition),
        offset=record.offset,
        key=record.key,
        value=record.value,
        headers={name: (text or b"").decode("utf-8", "replace") for name, text in record.headers},
        at=datetime.fromtimestamp(max(record.timestamp, 0) / 1000, UTC),
    )
