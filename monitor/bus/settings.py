"""How each bus is set up. `open_bus` takes the address; everything else has a default that works on one machine."""

from __future__ import annotations

from dataclasses import dataclass, field

from monitor.codec import DEAD_TOPIC, RAW_TOPIC

# One item is a page's text; connectors refuse bodies long before this. Kafka's own default is 1 MiB.
MAX_RECORD_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class KafkaSettings:
    """How to reach Kafka, what its topics look like and how patient we are."""

    bootstrap: str = "127.0.0.1:9092"  # host:port, several parted by commas
    topics: tuple[str, ...] = (RAW_TOPIC, DEAD_TOPIC)
    partitions: int = 6
    retention_hours: float = 168.0
    replication: int = 1
    security_protocol: str = "PLAINTEXT"  # PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL
    sasl_mechanism: str | None = None  # PLAIN, SCRAM-SHA-256, SCRAM-SHA-512
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    ssl_cafile: str | None = None  # None: the system's certificates
    ssl_certfile: str | None = None
    ssl_keyfile: str | None = None
    session_timeout_ms: int = 10_000  # a member unheard of for so long is dead
    max_poll_interval_ms: int = 300_000  # a member that takes so long over one batch is stuck
    delivery_timeout_ms: int = 30_000  # an unacknowledged record is given up after this
    max_in_flight: int = 10_000  # records handed over and not yet acknowledged
    max_in_flight_bytes: int = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedSettings:
    """Where the Postgres is that holds the log, what its topics look like and how patient we are."""

    url: str = field(default="", repr=False)  # holds a password where there is one
    topics: tuple[str, ...] = (RAW_TOPIC, DEAD_TOPIC)
    partitions: int = 6
    retention_hours: float = 168.0
    session_timeout_ms: int = 10_000
    max_poll_interval_ms: int = 300_000
    deadline_seconds: float = 10.0  # one transaction; a server that is silent for longer is given up
