"""A dispatcher in a process of its own, which dies at a named point of its work:

    python -m tests.support.dying_dispatcher DATABASE_URL SLACK_URL POINT

`leased`: the lease is committed, nothing was said · `said`: Slack has it, no receipt is recorded · `recorded`: the
receipt is recorded, nothing else was done · `never`: it works until the outbox is empty and ends with 0.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from monitor.dispatcher import Dispatcher, DispatcherSettings
from monitor.notify.base import Receipt, Report
from monitor.notify.slack import SlackNotifier
from monitor.observe.metrics import Metrics
from monitor.storage import outbox
from monitor.storage.engine import make_engine, transaction
from monitor.types import Alert, Mend
from tests.support.slack_server import TOKEN

DIED = 9
SETTINGS = DispatcherSettings(pace=0, edit_every=0, lease=1, settle=0.2, look_every=0.2, poll=0.02)


class DyingNotifier(SlackNotifier):
    """Ends the process just before, or just after, it says something."""

    def __init__(self, base_url: str, point: str) -> None:
        super().__init__(TOKEN, base_url=base_url, timeout=5)
        self._point = point

    def post(self, alert: Alert, *, key: str) -> Receipt:
        self._die("leased")
        receipt = super().post(alert, key=key)
        self._die("said")
        return receipt

    def reply(self, receipt: Receipt, reports: Sequence[Report], *, key: str) -> Receipt:
        self._die("leased")
        answer = super().reply(receipt, reports, key=key)
        self._die("said")
        return answer

    def note(self, receipt: Receipt, mend: Mend, *, key: str, broadcast: bool = False) -> Receipt:
        self._die("leased")
        answer = super().note(receipt, mend, key=key, broadcast=broadcast)
        self._die("said")
        return answer

    def _die(self, point: str) -> None:
        if self._point == point:
            os._exit(DIED)


def main(url: str, slack_url: str, point: str) -> None:
    """Work until dead or done."""
    engine = make_engine(url)
    dispatcher = Dispatcher(
        engine,
        DyingNotifier(slack_url, point),
        clock=lambda: datetime.now(UTC),
        sleep=time.sleep,
        metrics=Metrics(),
        owner=f"dispatcher-{os.getpid()}",
        settings=SETTINGS,
    )
    if point == "recorded":
        while not dispatcher.run_once():
            time.sleep(0.02)
        os._exit(DIED)
    stop = threading.Event()
    worker = threading.Thread(target=dispatcher.run, args=(stop,), daemon=True)
    worker.start()
    while worker.is_alive():
        with transaction(engine) as conn:
            if outbox.counts(conn).waiting == 0:
                break
        time.sleep(0.05)
    stop.set()
    worker.join(timeout=20)
    engine.dispose()


if __name__ == "__main__":
    main(*sys.argv[1:])
