"""The one message that a new source raises: when it is said, and that it ends with the final numbers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from monitor.notify.base import Receipt
from monitor.notify.slack import SlackNotifier
from monitor.storage.engine import transaction
from monitor.storage.items import article_id, store
from monitor.storage.summaries import SETTLE, summarise_backfill
from monitor.storage.tables import alerts, article_topics
from monitor.types import Alert
from tests.support.alerts import CHANNEL
from tests.support.archive_samples import pair
from tests.support.desk import Desk
from tests.support.outbox_data import Clock
from tests.support.slack_server import SlackServer

BEHIND = timedelta(hours=1)  # how long ago the items were seen that are stored now


@pytest.fixture
def desk(archive: Engine) -> Iterator[Desk]:
    """With a clock that stands at the database's now, as all of them do where it matters."""
    with SlackServer(channels=(CHANNEL,)) as slack:
        yield Desk(archive, slack, clock=Clock(datetime.now(UTC)))


def bring(engine: Engine, *keys: str, telling: int = 0, backfill: bool = True, seen: datetime | None = None) -> None:
    """Store a batch of a source, the first of it on a watched topic, and sum it up as the pipeline does."""
    at = seen or datetime.now(UTC) - BEHIND
    batch = [(replace(raw, seen=at), replace(one, seen=at, backfill=backfill)) for raw, one in map(pair, keys)]
    with transaction(engine) as conn:
        store(conn, batch)
        for key in keys[:telling]:
            told = {"article_id": article_id("yonhap", key), "topic": "kim-travel", "version": 1, "at": at}
            conn.execute(sa.insert(article_topics).values(told))
        if backfill:
            summarise_backfill(conn, "yonhap", "Yonhap", CHANNEL, at)


def shown(desk: Desk) -> str:
    """What the only message in the channel says now."""
    [message] = desk.slack.said()
    return str(message.blocks)


def test_it_waits_for_the_rest_though_the_items_were_seen_long_ago(desk: Desk) -> None:
    """Counted from the items, its time would have come before the first batch was stored."""
    before = datetime.now(UTC)
    bring(desk.engine, "a", "b")
    with transaction(desk.engine) as conn:
        assert conn.execute(sa.select(alerts.c.not_before)).scalar_one() >= before + SETTLE
    dispatcher = desk.dispatcher()
    desk.work(dispatcher, 50)
    assert desk.said() == []
    bring(desk.engine, "c", telling=1)
    desk.work(dispatcher, 300)
    assert "brought 3 items into the archive, 1 of them on watched topics" in shown(desk)
    assert desk.slack.count("chat.update") == 0


def test_what_comes_after_it_was_said_is_edited_in(desk: Desk) -> None:
    """However many batches: one edit, a while after the last of them."""
    bring(desk.engine, "a", telling=1)
    dispatcher = desk.dispatcher()
    desk.work(dispatcher, 300)
    assert "brought 1 items" in shown(desk)
    for key in ("b", "c", "d"):
        bring(desk.engine, key, telling=1, seen=desk.clock())
        desk.work(dispatcher, 50)
    assert "brought 1 items" in shown(desk)
    desk.work(dispatcher, 60)
    assert "brought 4 items into the archive, 4 of them on watched topics" in shown(desk)
    desk.work(dispatcher, 300)
    assert desk.slack.count("chat.update") == 1
    assert desk.slack.count("chat.postMessage") == 1


class Busy(SlackNotifier):
    """Slack, with something that happens while a message is on its way there."""

    meanwhile: Callable[[], None] | None = None

    def post(self, alert: Alert, *, key: str) -> Receipt:
        self._meanwhile()
        return super().post(alert, key=key)

    def edit(self, receipt: Receipt, alert: Alert, *, key: str) -> None:
        self._meanwhile()
        super().edit(receipt, alert, key=key)

    def _meanwhile(self) -> None:
        happens, self.meanwhile = self.meanwhile, None
        if happens:
            happens()


@pytest.mark.parametrize("doubtful", [False, True])
@pytest.mark.parametrize("kind", ["post", "edit"])
def test_what_comes_while_it_is_being_said_is_edited_in_as_well(desk: Desk, kind: str, doubtful: bool) -> None:
    """The numbers change between the taking of the message and its standing; Slack answers, or does not."""
    slack = Busy(desk.slack.token, base_url=desk.slack.url, timeout=1)
    dispatcher = desk.dispatcher(notifier=slack)
    if kind == "edit":
        bring(desk.engine, "a", seen=desk.clock())
        desk.work(dispatcher, 100)
    bring(desk.engine, "b", seen=desk.clock())
    slack.meanwhile = lambda: bring(desk.engine, "c", seen=desk.clock())
    if doubtful:
        desk.slack.fail("drop_after", method="chat.postMessage" if kind == "post" else "chat.update")
    desk.work(dispatcher, 300)
    assert f"brought {2 if kind == 'post' else 3} items" in shown(desk)
    assert desk.slack.count("chat.postMessage") == 1
    assert slack.meanwhile is None


def test_what_was_not_taken_is_said_with_the_numbers_of_the_moment_and_needs_no_edit(desk: Desk) -> None:
    """Renewed between two attempts."""
    bring(desk.engine, "a", seen=desk.clock())
    desk.clock.tick(100)
    desk.slack.fail("drop_before")
    dispatcher = desk.dispatcher()
    dispatcher.run_once()
    bring(desk.engine, "b", seen=desk.clock())
    desk.work(dispatcher, 300)
    assert "brought 2 items" in shown(desk)
    assert desk.slack.count("chat.update") == 0


def test_news_that_is_stored_before_the_rest_is_not_counted(desk: Desk) -> None:
    """Later polls' items may stand in the same batch; of them it would not be true that they raised no alert."""
    bring(desk.engine, "news", backfill=False, telling=1)
    bring(desk.engine, "a", "b")
    desk.work(desk.dispatcher(), 300)
    assert "brought 2 items into the archive, 0 of them on watched topics" in shown(desk)


def test_batches_that_are_stored_at_once_are_both_counted(desk: Desk) -> None:
    """Whichever ends last has seen the other."""
    start = threading.Barrier(6)

    def store_one(number: int) -> None:
        start.wait()
        bring(desk.engine, f"item {number}")

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(store_one, range(6)))
    desk.work(desk.dispatcher(), 300)
    assert "brought 6 items" in shown(desk)
