"""The log between pollers and processors, on Kafka or on Postgres."""

from __future__ import annotations

from dataclasses import replace

from monitor.bus.base import Bus
from monitor.bus.embedded import EmbeddedBus
from monitor.bus.kafka import KafkaBus
from monitor.bus.settings import EmbeddedSettings, KafkaSettings
from monitor.errors import BusConfigError


def open_bus(url: str, *, kafka: KafkaSettings | None = None, embedded: EmbeddedSettings | None = None) -> Bus:
    """The bus at `url`: `kafka://host:port[,host:port]`, or `embedded:` and a Postgres address.

    The address comes from `url`, the rest from the settings. Nothing is connected to yet. Raises BusConfigError for an
    address of neither form.
    """
    kind, _, address = url.partition(":")
    if kind == "kafka" and address.startswith("//") and len(address) > 2:
        return KafkaBus(replace(kafka or KafkaSettings(), bootstrap=address[2:].rstrip("/")))
    if kind == "embedded" and address:
        return EmbeddedBus(replace(embedded or EmbeddedSettings(), url=address))
    # The address itself is not shown: it may hold a password.
    raise BusConfigError(
        f"no bus at an address that begins with {kind!r}: expected kafka://host:9092 or"
        " embedded:postgresql://user@host/database"
    )
