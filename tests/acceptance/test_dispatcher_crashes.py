"""Dispatchers that die, freeze or compete: what is visible stays one message an alert."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from monitor.dispatcher import Dispatcher, DispatcherSettings
from monitor.notify.slack import SlackNotifier
from monitor.observe.metrics import Metrics
from monitor.storage import outbox_record, outbox_work
from monitor.storage.engine import transaction
from monitor.storage.outbox_types import Place, Post
from monitor.storage.tables import alert_replies, alerts
from tests.support.alerts import CHANNEL, a_mend, an_alert
from tests.support.desk import OTHER, Desk
from tests.support.dying_dispatcher import DIED
from tests.support.outbox_data import change_told, raise_alerts, report_again
from tests.support.slack_server import SlackServer

ROOT = Path(__file__).parents[2]


@pytest.fixture
def desk(archive: Engine) -> Iterator[Desk]:
    with SlackServer(channels=(CHANNEL, OTHER)) as slack:
        yield Desk(archive, slack)


def process(url: str, slack: SlackServer, point: str) -> int:
    """Run a dispatcher that dies at `point`; its exit code."""
    command = [sys.executable, "-m", "tests.support.dying_dispatcher", url, slack.url, point]
    return subprocess.run(command, cwd=ROOT, timeout=60, check=False).returncode


@pytest.mark.parametrize("point", ["leased", "said", "recorded"])
def test_a_killed_dispatcher_loses_no_alert_and_doubles_none(desk: Desk, archive_url: str, point: str) -> None:
    now = datetime.now(UTC)
    raise_alerts(desk.engine, "a", "b", "c", now=now)
    raise_alerts(desk.engine, "x", channel=OTHER, now=now)
    assert process(archive_url, desk.slack, point) == DIED
    assert process(archive_url, desk.slack, "never") == 0
    keys = desk.said()
    assert sorted(keys) == ["a", "b", "c", "x"]
    assert [key for key in keys if key != "x"] == ["a", "b", "c"]
    assert set(desk.states().values()) == {"sent"}


@pytest.mark.parametrize("point", ["leased", "said", "recorded"])
def test_a_killed_dispatcher_loses_no_reply_and_doubles_none(desk: Desk, archive_url: str, point: str) -> None:
    now = datetime.now(UTC)
    raise_alerts(desk.engine, "a", now=now)
    assert process(archive_url, desk.slack, "never") == 0
    report_again(desk.engine, "a", "second", "third", now=now)
    assert process(archive_url, desk.slack, point) == DIED
    assert process(archive_url, desk.slack, "never") == 0
    assert [m.text for m in desk.slack.said(thread=True)] == ["2 more reports: Source second, Source third"]
    assert "3 reports" in str(desk.slack.said()[0].blocks)
    with transaction(desk.engine) as conn:
        assert set(conn.scalars(sa.select(alert_replies.c.state))) == {"sent"}


@pytest.mark.parametrize("point", ["leased", "said", "recorded"])
def test_a_killed_dispatcher_loses_no_change_and_doubles_none(desk: Desk, archive_url: str, point: str) -> None:
    now = datetime.now(UTC)
    raise_alerts(desk.engine, "a", now=now)
    assert process(archive_url, desk.slack, "never") == 0
    change_told(desk.engine, a_mend(key="a#1", development="a"), now=now)
    report_again(desk.engine, "a", "second", now=now)
    assert process(archive_url, desk.slack, point) == DIED
    assert process(archive_url, desk.slack, "never") == 0
    told = [m.text for m in desk.slack.said(thread=True)]
    assert told == ["Update: now 5 September 2025 (was 3 September 2025)", "Also reported by: Source second"]
    assert "now 5 September 2025" in str(desk.slack.said()[0].blocks)
    with transaction(desk.engine) as conn:
        assert set(conn.scalars(sa.select(alert_replies.c.state))) == {"sent"}


def test_two_dispatchers_at_once_say_each_alert_once_and_in_order(desk: Desk) -> None:
    keys = [f"{n:02d}" for n in range(24)]
    for n, key in enumerate(keys):
        raise_alerts(desk.engine, key, channel=(CHANNEL, OTHER)[n % 2], now=datetime.now(UTC))
    stop = threading.Event()
    workers = [threading.Thread(target=competitor(desk, name).run, args=(stop,)) for name in ("one", "two")]
    for worker in workers:
        worker.start()
    deadline = time.monotonic() + 60
    while set(desk.states().values()) != {"sent"} and time.monotonic() < deadline:
        time.sleep(0.1)
    stop.set()
    for worker in workers:
        worker.join()
    for n, channel in enumerate((CHANNEL, OTHER)):
        assert [m.key for m in desk.slack.said() if m.channel == channel] == keys[n::2]
    assert desk.slack.count("chat.postMessage") == len(keys)


def competitor(desk: Desk, owner: str) -> Dispatcher:
    return Dispatcher(
        desk.engine,
        SlackNotifier(desk.slack.token, base_url=desk.slack.url, timeout=5),
        clock=lambda: datetime.now(UTC),
        sleep=time.sleep,
        metrics=Metrics(),
        owner=owner,
        settings=DispatcherSettings(pace=0, poll=0.01),
    )


def leased(desk: Desk, owner: str, seconds: float = 60) -> Post:
    """A post that `owner` has leased and not yet said."""
    now = desk.clock()
    with transaction(desk.engine) as conn:
        work = outbox_work.lease(
            conn, owner=owner, now=now, until=now + timedelta(seconds=seconds), edit_every=timedelta(seconds=60)
        )
    assert isinstance(work, Post)
    return work


def test_what_another_has_leased_is_left_to_him_until_his_lease_ends(desk: Desk) -> None:
    raise_alerts(desk.engine, "a", "b")
    leased(desk, "frozen", seconds=60)
    dispatcher = desk.dispatcher()
    desk.work(dispatcher, 55)
    assert desk.slack.calls == []
    desk.work(dispatcher, 20)
    assert desk.said() == ["a", "b"]
    assert desk.slack.count("conversations.history") == 1


def test_a_lease_that_grew_old_before_its_use_is_not_used(desk: Desk) -> None:
    """The process was frozen between the lease and the call: somebody else may be at it."""
    raise_alerts(desk.engine, "a")
    moments = iter([0.0, 31.0])  # the lease is taken, the call is due
    frozen = Dispatcher(
        desk.engine,
        SlackNotifier(desk.slack.token, base_url=desk.slack.url),
        clock=desk.clock,
        sleep=desk.clock.sleep,
        metrics=Metrics(),
        owner="frozen",
        settings=DispatcherSettings(lease=60),
        monotonic=lambda: next(moments),
    )
    assert frozen.run_once()
    assert desk.slack.calls == []
    assert desk.states() == {"a": "pending"}
    desk.work(desk.dispatcher(), 5)
    assert desk.said() == ["a"]


def test_a_message_of_a_frozen_process_that_comes_second_is_deleted(desk: Desk) -> None:
    """Frozen in the call itself for longer than its lease: the one case in which two messages can stand."""
    raise_alerts(desk.engine, "a")
    late = leased(desk, "frozen", seconds=60)
    desk.clock.tick(61)
    dispatcher = desk.dispatcher()
    desk.work(dispatcher, 5)
    assert desk.said() == ["a"]

    bot = SlackNotifier(desk.slack.token, base_url=desk.slack.url)
    second = bot.post(an_alert(key="a"), key="a")
    with transaction(desk.engine) as conn:
        at = Place(channel=second.channel, ts=second.ts)
        assert not outbox_record.sent(conn, late.lease, at, now=desk.clock(), rest_until=desk.clock())
    assert desk.said() == ["a", "a"]
    first = desk.slack.said()[0].ts
    dispatcher.sweep()
    assert [m.ts for m in desk.slack.said()] == [first]
    with transaction(desk.engine) as conn:
        assert conn.scalar(sa.select(alerts.c.receipt_ts)) == first


def test_after_a_sweep_the_receipt_names_the_message_that_was_kept(desk: Desk) -> None:
    """The frozen process spoke first and recorded nothing; edits must go to its message."""
    raise_alerts(desk.engine, "a")
    leased(desk, "frozen", seconds=60)
    desk.slack.fail("status", status=404)
    dispatcher = desk.dispatcher()
    desk.clock.tick(61)
    dispatcher.run_once()  # looked: not there
    bot = SlackNotifier(desk.slack.token, base_url=desk.slack.url)
    desk.slack.heal()
    kept = bot.post(an_alert(key="a"), key="a")
    desk.work(dispatcher, 5)
    assert len(desk.slack.said()) == 2
    dispatcher.sweep()
    assert [m.ts for m in desk.slack.said()] == [kept.ts]
    report_again(desk.engine, "a", "second")
    desk.work(dispatcher, 5)
    assert desk.slack.said()[0].edits == 1


def test_a_sweep_asks_nothing_where_nothing_was_tried_twice(desk: Desk) -> None:
    raise_alerts(desk.engine, "a", "b")
    dispatcher = desk.dispatcher()
    desk.work(dispatcher, 10)
    dispatcher.sweep()
    assert desk.slack.count("conversations.history") == 0


def test_only_the_owner_of_a_lease_may_put_its_message_back(desk: Desk) -> None:
    raise_alerts(desk.engine, "a")
    old = leased(desk, "frozen", seconds=60)
    desk.clock.tick(61)
    desk.work(desk.dispatcher(), 5)
    with transaction(desk.engine) as conn:
        outbox_record.again(conn, old.lease, not_before=desk.clock())
        outbox_record.failed(conn, old.lease, error="late")
    assert desk.states() == {"a": "sent"}


@pytest.mark.parametrize("fault", [None, "drop_before"])
def test_after_a_restore_a_careful_dispatcher_says_nothing_again(desk: Desk, fault: str | None) -> None:
    """The archive has forgotten that it was said; the channel has not."""
    now = datetime.now(UTC)
    desk.clock.now = now
    raise_alerts(desk.engine, "a", now=now)
    desk.work(desk.dispatcher(), 5)
    with transaction(desk.engine) as conn:
        forgotten = {"state": "pending", "attempts": 0, "attempted_at": None, "receipt_ts": None, "sent_at": None}
        conn.execute(sa.update(alerts).values(**forgotten))
    raise_alerts(desk.engine, "b", now=now)
    if fault:
        desk.slack.fail(fault, method="conversations.history")
    desk.work(desk.dispatcher("two", careful=True), 30)
    assert desk.said() == ["a", "b"]
    assert desk.states() == {"a": "sent", "b": "sent"}
    with transaction(desk.engine) as conn:
        assert list(conn.scalars(sa.select(alerts.c.receipt_ts).order_by(alerts.c.id))) == [
            message.ts for message in desk.slack.said()
        ]
