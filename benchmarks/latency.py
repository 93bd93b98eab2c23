"""From a served feed to a posted message: how long an alert takes while many items come in.

    python -m benchmarks.latency [--rate 50] [--seconds 60] [--broker tansu|apache|embedded] [--interval 1s]

`poll`, `process` and `dispatch` run as processes of their own, against a local web server, a local Slack, a real
Postgres and a real broker. The clock of an alert starts when a feed that holds its item is first answered, so waiting
for the next poll is not counted, and stops when Slack has the message. Prints one line of figures.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from monitor.storage.engine import make_engine, transaction
from monitor.storage.migrate import upgrade
from monitor.storage.tables import alerts, articles, developments
from tests.support.brokers import ApacheBroker, TansuBroker, free_port
from tests.support.generator import TOPIC_COUNT, channel_of, expected_alerts, generate, topics_yaml
from tests.support.newsstand import NewsStand
from tests.support.postgres import running_server
from tests.support.slack_server import SlackServer
from tests.support.stack import Stack, partitions_of, wait_for

CHANNELS = tuple(channel_of(f"trips-{number}") for number in range(TOPIC_COUNT))
SOURCES = 12
PARTITIONS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one run came to; seconds from served to posted."""

    items: int
    expected: int
    seconds: tuple[float, ...]

    def __str__(self) -> str:
        cuts = statistics.quantiles(self.seconds, n=100)
        return (
            f"{self.items} items, {len(self.seconds)} of {self.expected} alerts: "
            f"p50 {cuts[49]:.2f} s, p95 {cuts[94]:.2f} s, longest {max(self.seconds):.2f} s"
        )


def measure(*, rate: float, seconds: float, broker: str, interval: str) -> Run:
    """One run of `rate` items a second for so many seconds."""
    stream = generate(items=int(rate * seconds), sources=SOURCES, seed=11, reports_each=2)
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="watchdesk-latency-")))
        server = stack.enter_context(running_server())
        archive_url = stack.enter_context(server.database())
        engine = make_engine(archive_url)
        stack.callback(engine.dispose)
        upgrade(engine)
        bus_url = stack.enter_context(_bus(broker))
        stand = stack.enter_context(NewsStand(stream, rate=rate))
        slack = stack.enter_context(SlackServer(channels=CHANNELS))
        (directory / "topics.yaml").write_text(topics_yaml())
        (directory / "sources.yaml").write_text(stand.sources_yaml(interval=interval))
        running = stack.enter_context(Stack(directory, _environment(directory, archive_url, bus_url, slack)))
        port = free_port()
        for command in ("poll", "process", "dispatch"):
            running.start(command, command, {"WATCHDESK_METRICS_PORT": str(port)} if command == "process" else None)
        wait_for(
            "every feed is polled and every partition read",
            lambda: stand.asked >= SOURCES and len(partitions_of(port)) == PARTITIONS,
            seconds=60,
            each=running.check_alive,
        )
        stand.open_shop()
        expected = len(expected_alerts(stream))
        wait_for(
            "all alerts posted",
            lambda: stand.sold_out and len(_posted(slack)) >= expected,
            seconds=seconds + 120,
            each=running.check_alive,
        )
        first_items = _first_items(engine)
        taken = [at - stand.first_served[first_items[key]] for key, at in _posted(slack).items()]
    return Run(items=len(stream), expected=expected, seconds=tuple(sorted(taken)))


@contextmanager
def _bus(broker: str) -> Iterator[str]:
    if broker == "embedded":
        yield "embedded:"
        return
    with ApacheBroker() if broker == "apache" else TansuBroker() as running:
        yield f"kafka://{running.bootstrap}"


def _environment(directory: Path, archive_url: str, bus_url: str, slack: SlackServer) -> dict[str, str]:
    return {
        "WATCHDESK_CONFIG_DIR": str(directory),
        "WATCHDESK_DATA_DIR": str(directory / "data"),
        "WATCHDESK_DATABASE_URL": archive_url,
        "WATCHDESK_BUS_URL": bus_url,
        **({} if bus_url == "embedded:" else {"WATCHDESK_KAFKA_PARTITIONS": str(PARTITIONS)}),
        "WATCHDESK_SLACK_TOKEN": slack.token,
        "WATCHDESK_SLACK_BASE_URL": slack.url,
    }


def _posted(slack: SlackServer) -> dict[str, float]:
    """When each alert was first handed to Slack, by its key."""
    posted: dict[str, float] = {}
    for (method, body), (at, _) in zip(list(slack.calls), list(slack.arrivals), strict=False):
        if method == "chat.postMessage" and not body.get("thread_ts"):
            metadata = body["metadata"]
            key = (metadata if isinstance(metadata, dict) else json.loads(metadata))["event_payload"]["key"]
            posted.setdefault(key, at)
    return posted


def _first_items(engine: sa.Engine) -> dict[str, str]:
    """The item that each alert was raised on, by the alert's key."""
    chosen = (
        sa.select(alerts.c.key, articles.c.key)
        .join_from(alerts, developments, alerts.c.development_id == developments.c.id)
        .join(articles, articles.c.id == developments.c.article_id)
    )
    with transaction(engine) as connection:
        return {str(row[0]): str(row[1]) for row in connection.execute(chosen)}


def main() -> None:
    """Measure once and print."""
    parser = argparse.ArgumentParser(description="Time from served feed to posted message.")
    parser.add_argument("--rate", type=float, default=50, help="items a second")
    parser.add_argument("--seconds", type=float, default=60, help="how long items come in")
    parser.add_argument("--broker", choices=["tansu", "apache", "embedded"], default="tansu")
    parser.add_argument("--interval", default="1s", help="between two polls of a feed")
    options = parser.parse_args()
    run = measure(rate=options.rate, seconds=options.seconds, broker=options.broker, interval=options.interval)
    print(f"{options.broker}, {options.rate:g} items/s: {run}")


if __name__ == "__main__":
    main()
