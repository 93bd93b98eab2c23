"""A desk to test with: an archive, a local Slack, a clock that goes when told to, and dispatchers between them."""

from __future__ import annotations

from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy import Engine

from monitor.dispatcher import Dispatcher, DispatcherSettings
from monitor.notify.base import Notifier
from monitor.notify.slack import SlackNotifier
from monitor.observe.metrics import Metrics
from monitor.storage.engine import transaction
from monitor.storage.tables import alerts
from tests.support.outbox_data import Clock
from tests.support.slack_server import SlackServer

OTHER = "C0OTHER"


@dataclass
class Desk:
    """An archive, a Slack, a clock, and a dispatcher between them."""

    engine: Engine
    slack: SlackServer
    clock: Clock = field(default_factory=Clock)
    metrics: Metrics = field(default_factory=Metrics)

    def dispatcher(
        self, owner: str = "one", *, careful: bool = False, notifier: Notifier | None = None, **settings: float
    ) -> Dispatcher:
        return Dispatcher(
            self.engine,
            notifier or SlackNotifier(self.slack.token, base_url=self.slack.url, timeout=1),
            clock=self.clock,
            sleep=self.clock.sleep,
            metrics=self.metrics,
            owner=owner,
            settings=DispatcherSettings(**settings),
            careful=careful,
            monotonic=self.clock.monotonic,
        )

    def work(self, dispatcher: Dispatcher, seconds: float) -> None:
        """Let it work for so long on the desk's clock."""
        end = self.clock.monotonic() + seconds
        while self.clock.monotonic() < end:
            if not dispatcher.run_once():
                self.clock.tick(1)

    def said(self) -> list[str]:
        return [str(message.key) for message in self.slack.said()]

    def states(self) -> dict[str, str]:
        with transaction(self.engine) as conn:
            rows = conn.execute(sa.select(alerts.c.key, alerts.c.state).order_by(alerts.c.id))
            return {row.key: row.state for row in rows}

    def told(self, kind: str, result: str) -> float:
        return self.metrics.registry.get_sample_value("watchdesk_alerts_total", {"kind": kind, "result": result}) or 0.0
