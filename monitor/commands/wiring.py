"""The composition: from settings and configuration to database, bus, notifier and the three kinds of work."""

from __future__ import annotations

import logging
import random
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from connectors.http import Fetcher, FetchSettings
from connectors.websub import PushSettings
from connectors.workers import Limits
from monitor.bus import open_bus
from monitor.bus.base import Bus
from monitor.bus.settings import KafkaSettings
from monitor.commands.context import now
from monitor.commands.database import Database, require_schema
from monitor.commands.service import Work, owner
from monitor.config import Config
from monitor.dispatcher import Dispatcher
from monitor.language.gazetteer import Gazetteer
from monitor.notify.base import Notifier
from monitor.notify.console import ConsoleNotifier
from monitor.notify.slack import SlackNotifier
from monitor.observe.health import Health
from monitor.observe.logs import redactor
from monitor.observe.metrics import Metrics
from monitor.outcomes import DispatcherSettings
from monitor.pipeline import Watch
from monitor.processor import Processor, ProcessorSettings
from monitor.settings import MEBIBYTE, Settings
from monitor.storage.engine import transaction
from monitor.storage.operations import OutboxOperations
from monitor.storage.sources import PostgresSourceStore, sync_sources
from monitor.types import WatchTopic

log = logging.getLogger(__name__)


@contextmanager
def bus_of(settings: Settings, database: Database) -> Iterator[Bus]:
    """The bus that is set. Nothing is connected to before it is used. Raises BusConfigError."""
    url = f"embedded:{database.url}" if settings.bus_url == "embedded:" else settings.bus_url
    bus = open_bus(url, kafka=kafka_settings(settings))
    try:
        yield bus
    finally:
        bus.close()


def kafka_settings(settings: Settings) -> KafkaSettings:
    """How to speak to Kafka, the address aside."""
    password = settings.kafka_password
    files = (settings.kafka_ssl_cafile, settings.kafka_ssl_certfile, settings.kafka_ssl_keyfile)
    ca, certificate, key = (str(path) if path else None for path in files)
    return KafkaSettings(
        partitions=settings.kafka_partitions,
        retention_hours=settings.kafka_retention_hours,
        replication=settings.kafka_replication,
        security_protocol=settings.kafka_security_protocol,
        sasl_mechanism=settings.kafka_sasl_mechanism,
        username=settings.kafka_username,
        password=password.get_secret_value() if password else None,
        ssl_cafile=ca,
        ssl_certfile=certificate,
        ssl_keyfile=key,
        session_timeout_ms=int(settings.kafka_session_seconds * 1000),
    )


def fetch_settings(settings: Settings) -> FetchSettings:
    """How far a request may go."""
    return FetchSettings(
        contact=settings.contact,
        max_body=settings.fetch_max_bytes,
        total_timeout=settings.fetch_timeout_seconds,
        connect_timeout=settings.fetch_connect_seconds,
        host_spacing=settings.fetch_host_seconds,
        max_redirects=settings.fetch_redirects,
        longest_wait=settings.fetch_retry_hours * 3600,
        full_every=settings.fetch_full_hours * 3600,
        moved_after=settings.fetch_moved_days * 86_400,
    )


def push_settings(settings: Settings) -> PushSettings | None:
    """Where hubs reach us; None when they can't."""
    if settings.websub_callback is None:
        return None
    return PushSettings(callback=settings.websub_callback, host=settings.websub_host, port=settings.websub_port)


def parse_limits(settings: Settings) -> Limits:
    """How much the parsing of one feed or page may take."""
    return Limits(seconds=settings.parse_seconds, memory=settings.parse_memory_mebibytes * MEBIBYTE)


def notifier_of(settings: Settings) -> Notifier:
    """Slack when there is a token, else standard output, with a record in the data directory."""
    if settings.slack_token is not None:
        return SlackNotifier(settings.slack_token.get_secret_value(), base_url=settings.slack_base_url)
    return ConsoleNotifier(sys.stdout, record=settings.data_dir / "console.jsonl", clock=now)


def channels(settings: Settings, topics: tuple[WatchTopic, ...]) -> tuple[str, ...]:
    """Every channel that is spoken in; the default one where a topic names none."""
    of_topics = (topic.channel or settings.slack_channel for topic in topics)
    return tuple(dict.fromkeys((*of_topics, *([settings.ops_channel] if settings.ops_channel else []))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the work of one process is put together from."""

    settings: Settings
    config: Config
    gazetteer: Gazetteer
    database: Database
    bus: Bus | None  # None for a process that has no use for it
    process: str
    stop: threading.Event
    health: Health
    careful: bool = False  # look for each alert before saying it
    metrics: Metrics = field(default_factory=Metrics)

    def sleep(self, seconds: float) -> None:
        """Sleep, but not beyond the end of the process."""
        self.stop.wait(seconds)


def health_of(settings: Settings, process: str, database: Database, bus: Bus | None) -> Health:
    """The checks of what every work needs. Each kind of work adds its own."""
    health = Health(process, redact=redactor(settings.secret_values()))
    health.ready_when("database", lambda: require_schema(database))
    if bus is not None:
        health.ready_when("bus", lambda: bus.ping(timeout=4.0))
    return health


def dispatching(parts: Parts) -> Work:
    """The dispatcher: from the outbox to Slack or the console."""
    if parts.settings.slack_token is None:
        log.warning("WATCHDESK_SLACK_TOKEN is not set: alerts are printed on standard output")
    dispatcher = Dispatcher(
        parts.database.engine,
        notifier_of(parts.settings),
        clock=now,
        sleep=parts.sleep,
        metrics=parts.metrics,
        owner=owner(parts.process),
        careful=parts.careful,
        settings=DispatcherSettings(
            edit_every=parts.settings.edit_seconds,
            pace=1.0 if parts.settings.slack_token else 0.0,  # nobody but Slack limits how fast one speaks
        ),
    )
    parts.health.ready_when("notifier", lambda: dispatcher.paused or None)
    return dispatcher.run


def polling(parts: Parts) -> Work:
    """The poller: from the sources to the bus."""
    # Half of the program's start goes into what only the poller needs.
    from connectors.poller import Poller
    from connectors.registry import connectors_for

    assert parts.bus is not None
    with transaction(parts.database.engine) as conn:
        sync_sources(conn, parts.config.sources, now())
    fetcher = Fetcher(fetch_settings(parts.settings), clock=now)
    poller = Poller(
        sources=parts.config.sources,
        fetcher=fetcher,
        connectors=connectors_for(fetcher, clock=now, limits=parse_limits(parts.settings)),
        bus=parts.bus,
        store=PostgresSourceStore(parts.database.engine),
        metrics=parts.metrics,
        clock=now,
        dice=random.Random(),  # noqa: S311 - spreads polls, keeps no secret
        operations=OutboxOperations(
            parts.database.engine, channel=parts.settings.ops_channel, default=parts.settings.slack_channel
        ),
        pushes=push_settings(parts.settings),
    )
    if parts.settings.contact is None:
        log.warning("WATCHDESK_CONTACT is not set: sites that mind how they are read can't tell you")
    return poller.run


def processing(parts: Parts) -> Work:
    """The processor: from the bus to the archive and the outbox."""
    assert parts.bus is not None
    processor = Processor(
        engine=parts.database.engine,
        bus=parts.bus,
        watch=watch_of(parts.settings, parts.config, parts.gazetteer),
        clock=now,
        metrics=parts.metrics,
        redact=redactor(parts.settings.secret_values()),
        settings=ProcessorSettings(batch=parts.settings.batch_size),
    )
    return processor.run


def watch_of(settings: Settings, config: Config, gazetteer: Gazetteer) -> Watch:
    """What is watched."""
    return Watch(
        topics=config.topics, gazetteer=gazetteer, default_channel=settings.slack_channel, frames=config.frames
    )


WORK: Mapping[str, Callable[[Parts], Work]] = {"poller": polling, "processor": processing, "dispatcher": dispatching}


def needs_bus(kinds: tuple[str, ...]) -> bool:
    """Whether any of these kinds of work speaks to the bus."""
    return kinds != ("dispatcher",)
