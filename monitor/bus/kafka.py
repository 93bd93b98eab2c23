"""The bus on Kafka, through kafka-python 3."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType
from kafka.errors import IncompatibleBrokerVersion, TopicAlreadyExistsError, UnsupportedVersionError

from monitor.bus.base import Record
from monitor.bus.kafka_client import connect, errors_named
from monitor.bus.kafka_consumer import KafkaBusConsumer
from monitor.bus.kafka_producer import Publisher
from monitor.bus.records import refuse_too_large
from monitor.bus.settings import MAX_RECORD_BYTES, KafkaSettings

log = logging.getLogger(__name__)

_ADMIN_SECONDS = 30.0
_HEADERS_BYTES = 64 * 1024  # room for headers and the batch's own frame, beside the record


class KafkaBus:
    """A log in a Kafka cluster. Nothing is connected to before it is used."""

    def __init__(self, settings: KafkaSettings) -> None:
        self._settings = settings
        self._publisher = Publisher(settings)

    def ensure_topics(self) -> None:
        """Create missing topics; give existing ones more partitions and another retention where the settings say so."""
        with self._admin(_ADMIN_SECONDS) as admin, errors_named("could not make the topics"):
            there = {topic["name"]: topic for topic in admin.describe_topics(list(self._settings.topics))}
            for name in self._settings.topics:
                if there[name]["error_code"]:
                    self._create(admin, name)
                else:
                    self._adjust(admin, name, len(there[name]["partitions"]))

    def _create(self, admin: Any, name: str) -> None:
        settings = self._settings
        topic = {
            "num_partitions": settings.partitions,
            "replication_factor": settings.replication,
            "configs": self._configs(),
        }
        try:
            admin.create_topics({name: topic}, wait_for_metadata=True)
        except TopicAlreadyExistsError:
            pass  # another process was quicker

    def _adjust(self, admin: Any, name: str, partitions: int) -> None:
        try:
            if partitions < self._settings.partitions:
                admin.create_partitions({name: self._settings.partitions})
            admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, name, self._configs())])
        except (UnsupportedVersionError, IncompatibleBrokerVersion) as error:
            log.warning("topic %s stays as it is, this broker changes none: %s", name, error)

    def _configs(self) -> dict[str, str]:
        return {
            "retention.ms": str(int(self._settings.retention_hours * 3_600_000)),
            "cleanup.policy": "delete",
            "max.message.bytes": str(MAX_RECORD_BYTES + _HEADERS_BYTES),
            # `Delivery.at` is when the log took it, whatever the publisher's clock says.
            "message.timestamp.type": "LogAppendTime",
            # One replica may be down without stopping us, and what is acknowledged is in two places where it can be.
            "min.insync.replicas": str(max(self._settings.replication - 1, 1)),
        }

    def publish(self, records: Sequence[Record]) -> None:
        """Hand the records over, in order."""
        refuse_too_large(records)
        if records:
            self._publisher.publish(records)

    def flush(self, *, timeout: float) -> None:
        """Wait until Kafka has acknowledged what this thread has published."""
        self._publisher.flush(timeout=timeout)

    def consumer(self, *, group: str, topics: Sequence[str]) -> KafkaBusConsumer:
        """Join `group`."""
        return KafkaBusConsumer(self._settings, group=group, topics=topics)

    def ping(self, *, timeout: float) -> None:
        """Raise BusError unless a broker lets us in within `timeout` seconds."""
        with self._admin(timeout):
            pass  # it has asked for the cluster's metadata to get here

    def close(self) -> None:
        """Drop the producer; consumers close themselves."""
        self._publisher.close()

    @contextmanager
    def _admin(self, seconds: float) -> Iterator[Any]:
        admin = connect(KafkaAdminClient, self._settings, seconds=seconds)
        try:
            yield admin
        finally:
            admin.close()
