"""The main job over a real broker, with every process killed at some time or other.

A made-up stream of news is served as feeds; `poll`, `process` and `dispatch` run as processes of their own; Slack is
the local one. What must come out is known.
"""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from monitor.bus import open_bus
from monitor.bus.base import Record
from monitor.bus.settings import KafkaSettings
from monitor.codec import RAW_TOPIC, encode
from monitor.storage.engine import make_engine, transaction
from monitor.storage.tables import alerts, articles, claims, decisions, developments
from monitor.types import ItemKind, RawItem, Tier
from tests.support.brokers import ApacheBroker, Broker, BrokerUnavailable, TansuBroker, free_port
from tests.support.generator import TOPIC_COUNT, Expected, Generated, channel_of, expected_alerts, generate, topics_yaml
from tests.support.newsstand import NewsStand
from tests.support.postgres import PostgresServer
from tests.support.slack_server import SlackServer
from tests.support.stack import Stack, partitions_of, stored_by, wait_for

pytestmark = [pytest.mark.kafka, pytest.mark.slow]

CHANNELS = tuple(channel_of(f"trips-{number}") for number in range(TOPIC_COUNT))
PARTITIONS = 6
COMMANDS = ("poll", "process", "dispatch")
START = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture(params=["tansu", pytest.param("apache", marks=pytest.mark.apache)])
def broker_kind(request: pytest.FixtureRequest) -> type[Broker]:
    """Each kind of broker in turn, where it is to be had."""
    return TansuBroker if request.param == "tansu" else ApacheBroker


@pytest.fixture
def broker(broker_kind: type[Broker]) -> Iterator[Broker]:
    """A broker of our own."""
    with started(broker_kind) as running:
        yield running


def started(kind: type[Broker]) -> Broker:
    """A broker that is to be started with `with`; skips where this kind is not to be had."""
    try:
        return kind()
    except BrokerUnavailable as reason:
        pytest.skip(str(reason))


def environment(broker: Broker, archive_url: str, directory: Path, slack: SlackServer | None = None) -> dict[str, str]:
    """What the processes are told."""
    told = {
        "WATCHDESK_CONFIG_DIR": str(directory),
        "WATCHDESK_DATA_DIR": str(directory / "data"),
        "WATCHDESK_DATABASE_URL": archive_url,
        "WATCHDESK_BUS_URL": f"kafka://{broker.bootstrap}",
        "WATCHDESK_KAFKA_PARTITIONS": str(PARTITIONS),
        "WATCHDESK_KAFKA_SESSION_SECONDS": "6",
    }
    if slack is not None:
        told |= {"WATCHDESK_SLACK_TOKEN": slack.token, "WATCHDESK_SLACK_BASE_URL": slack.url}
    return told


def configure(directory: Path, sources: str) -> None:
    """Write the configuration."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "topics.yaml").write_text(topics_yaml())
    (directory / "sources.yaml").write_text(sources)


def told_to_the_archive(engine: Engine) -> list[Expected]:
    """The developments that the archive says were alerted."""
    chosen = sa.select(developments.c.topic, developments.c.stage, developments.c.subject, developments.c.object)
    with transaction(engine) as connection:
        rows = connection.execute(chosen.join(alerts, alerts.c.development_id == developments.c.id)).all()
    return sorted(Expected(topic=row.topic, stage=row.stage, subject=row.subject, object=row.object) for row in rows)


def posted(slack: SlackServer) -> Counter[str]:
    """How often each alert was handed to Slack, by its key; threads aside."""
    keys = [
        body["metadata"]["event_payload"]["key"] if isinstance(body["metadata"], dict) else _key(body["metadata"])
        for method, body in list(slack.calls)
        if method == "chat.postMessage" and not body.get("thread_ts")
    ]
    return Counter(keys)


def _key(metadata: str) -> str:
    return str(json.loads(metadata)["event_payload"]["key"])


def stored(engine: Engine) -> list[tuple[str, int]]:
    """Every article's key in its source, with its version."""
    with transaction(engine) as connection:
        return [(row.key, row.version) for row in connection.execute(sa.select(articles.c.key, articles.c.version))]


def all_said(engine: Engine, number: int) -> bool:
    """Whether so many alerts are sent and none waits."""
    with transaction(engine) as connection:
        states = Counter(connection.execute(sa.select(alerts.c.state)).scalars())
    return states["sent"] >= number and set(states) == {"sent"}


@pytest.mark.timeout(400)
def test_every_item_is_kept_once_and_every_alert_said_once_whatever_is_killed(
    broker: Broker, archive_url: str, tmp_path: Path
) -> None:
    """2,000 items; poller, processor and dispatcher are killed with -9 again and again, and the broker if it can be."""
    stream = generate(items=2000, sources=8, seed=20)
    expected = expected_alerts(stream)
    with (
        running(archive_url) as engine,
        NewsStand(stream, rate=80) as stand,
        SlackServer(channels=CHANNELS) as slack,
        Stack(tmp_path, environment(broker, archive_url, tmp_path, slack)) as stack,
    ):
        configure(tmp_path, stand.sources_yaml())
        for command in COMMANDS:
            stack.start(command, command)
        stand.open_shop()
        victims: list[str] = []
        for victim in kill_in_turns(stack, stand, random.Random(7)):
            victims.append(victim)
            # Tansu keeps everything in memory: its death would be the loss of the log.
            if isinstance(broker, ApacheBroker) and len(victims) == len(COMMANDS):
                broker.kill()
                broker.start()
        wait_for("all items stored", lambda: len(stored(engine)) >= len(stream), seconds=120, each=stack.check_alive)
        wait_for("all alerts sent", lambda: all_said(engine, len(expected)), seconds=120, each=stack.check_alive)
        assert set(victims) == set(COMMANDS)
        assert sorted(stored(engine)) == sorted((item.id, 1) for item in stream)
        assert told_to_the_archive(engine) == sorted(expected)
        with transaction(engine) as connection:
            keys = set(connection.execute(sa.select(alerts.c.key)).scalars())
        assert posted(slack) == Counter(dict.fromkeys(keys, 1))
        assert Counter(message.key for message in slack.said()) == Counter(dict.fromkeys(keys, 1))


def kill_in_turns(stack: Stack, stand: NewsStand, dice: random.Random) -> Iterator[str]:
    """While news comes in, kill each of the processes in turn, in an order and after a time that the dice choose."""
    victims: list[str] = []
    while not stand.sold_out:
        time.sleep(dice.uniform(0.5, 2.5))
        stack.check_alive()
        victims = victims or dice.sample(COMMANDS, len(COMMANDS))
        stack.kill(victims[-1])
        stack.restart(victims[-1])
        yield victims.pop()


def raw_items(stream: Sequence[Generated]) -> list[RawItem]:
    """The stream as a poller would have published it, a second apart."""
    return [
        RawItem(
            source_id=item.source,
            source_name=item.source,
            tier=Tier.OUTLET,
            kind=ItemKind.ARTICLE,
            key=item.id,
            url=None,
            title=item.title,
            text=item.text,
            language="en",
            published=START + timedelta(seconds=number),
            seen=START + timedelta(seconds=number + 30),
        )
        for number, item in enumerate(stream)
    ]


def publish(broker: Broker, items: Sequence[RawItem]) -> None:
    """Put items on the bus."""
    bus = open_bus(f"kafka://{broker.bootstrap}", kafka=KafkaSettings(partitions=PARTITIONS))
    try:
        bus.ensure_topics()
        bus.publish(
            [Record(topic=RAW_TOPIC, key=item.source_id.encode(), value=encode(item), headers={}) for item in items]
        )
        bus.flush(timeout=30)
    finally:
        bus.close()


def all_decisions(engine: Engine) -> list[tuple[object, ...]]:
    """Every decision with its claim, in an order of its own."""
    chosen = sa.select(
        *(claims.c[name] for name in ("article_id", "version", "topic", "stage", "subject", "object")),
        *(decisions.c[name] for name in ("outcome", "reason", "development_id")),
    ).join_from(claims, decisions)
    with transaction(engine) as connection:
        return sorted((tuple(row) for row in connection.execute(chosen)), key=repr)


@contextmanager
def processors(broker: Broker, archive_url: str, directory: Path, ports: Sequence[int]) -> Iterator[Stack]:
    """Processors of one group, `process-0` and so on, each with metrics on a port of its own."""
    configure(directory, "sources:\n  - id: none\n    kind: feed\n    url: http://127.0.0.1:9/feed\n")
    with Stack(directory, environment(broker, archive_url, directory)) as stack:
        for number, port in enumerate(ports):
            stack.start(f"process-{number}", "process", {"WATCHDESK_METRICS_PORT": str(port)})
        yield stack


@pytest.mark.timeout(300)
def test_two_processors_share_the_partitions_and_decide_as_one_alone(
    broker_kind: type[Broker], postgres_server: PostgresServer, archive_template: str, tmp_path: Path
) -> None:
    """Two share; one is killed with -9 and the other takes over; the decisions are those of one that ran alone."""
    items = raw_items(generate(items=1200, sources=24, seed=5))
    alone, shared = tmp_path / "alone", tmp_path / "shared"
    with (
        postgres_server.database(template=archive_template) as one_url,
        postgres_server.database(template=archive_template) as two_url,
    ):
        with started(broker_kind) as broker, running(one_url) as one:
            publish(broker, items)
            with processors(broker, one_url, alone, [free_port()]) as stack:
                wait_for("all stored", lambda: len(stored(one)) == len(items), seconds=150, each=stack.check_alive)
            by_one = all_decisions(one)
        with started(broker_kind) as broker, running(two_url) as two:
            publish(broker, [])
            ports = [free_port(), free_port()]
            with processors(broker, two_url, shared, ports) as stack:
                wait_for("both hold some", lambda: both(ports, partitions_of), seconds=120, each=stack.check_alive)
                publish(broker, items[:400])
                wait_for("both store items", lambda: both(ports, stored_by), seconds=120, each=stack.check_alive)
                publish(broker, items[400:])
                stack.kill("process-0")
                wait_for("all stored", lambda: len(stored(two)) == len(items), seconds=150, each=stack.check_alive)
                assert partitions_of(ports[1]) == {str(number) for number in range(PARTITIONS)}
            by_two = all_decisions(two)
    assert len({decision[0] for decision in by_one}) > 400
    assert by_two == by_one


def both(ports: Sequence[int], asked: Callable[[int], object]) -> bool:
    """Whether both processors have some of what is asked."""
    return all(asked(port) for port in ports)


@contextmanager
def running(url: str) -> Iterator[Engine]:
    """An engine that is given back."""
    engine = make_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()
