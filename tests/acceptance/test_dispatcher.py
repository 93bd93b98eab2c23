"""The dispatcher on a real archive and a local Slack: what is said, in which order, how often and when not."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from monitor.storage import outbox
from monitor.storage.engine import transaction
from monitor.storage.tables import alerts
from tests.support.alerts import BACKFILL, CHANNEL
from tests.support.desk import OTHER, Desk
from tests.support.outbox_data import NOON, raise_alerts, report_again
from tests.support.slack_server import SlackServer


@pytest.fixture
def desk(archive: Engine) -> Iterator[Desk]:
    with SlackServer(channels=(CHANNEL, OTHER)) as slack:
        yield Desk(archive, slack)


def test_an_alert_is_said_once_and_its_receipt_kept(desk: Desk) -> None:
    raise_alerts(desk.engine, "a")
    desk.work(desk.dispatcher(), 30)
    [message] = desk.slack.said()
    assert "Headline of a" in message.text
    with transaction(desk.engine) as conn:
        row = conn.execute(sa.select(alerts)).one()
    assert (row.state, row.receipt_channel, row.receipt_ts) == ("sent", CHANNEL, message.ts)
    assert (row.said_reports, row.said_independent, row.edit_due_at) == (1, 1, None)
    assert desk.slack.count("chat.postMessage") == 1
    assert desk.told("post", "sent") == 1


def test_alerts_are_said_in_the_order_in_which_they_were_raised(desk: Desk) -> None:
    raise_alerts(desk.engine, "a", "b", "c", "d")
    desk.slack.fail("status", status=429, headers={"Retry-After": "5"})
    desk.work(desk.dispatcher(), 60)
    assert desk.said() == ["a", "b", "c", "d"]


def test_a_channel_hears_one_message_a_second(desk: Desk) -> None:
    raise_alerts(desk.engine, "a", "b")
    dispatcher = desk.dispatcher()
    assert dispatcher.run_once()
    desk.clock.tick(0.9)
    assert not dispatcher.run_once()
    desk.clock.tick(0.2)
    assert dispatcher.run_once()
    assert desk.said() == ["a", "b"]


def test_a_channel_does_not_wait_for_another(desk: Desk) -> None:
    raise_alerts(desk.engine, "a")
    raise_alerts(desk.engine, "b", channel=OTHER)
    dispatcher = desk.dispatcher()
    assert dispatcher.run_once()
    assert dispatcher.run_once()
    assert desk.said() == ["a", "b"]


@pytest.mark.parametrize("kind", ["drop_after", "hang_after"])
def test_what_slack_took_without_an_answer_is_found_and_not_said_again(desk: Desk, kind: str) -> None:
    raise_alerts(desk.engine, "a", "b")
    desk.slack.fail(kind)
    desk.work(desk.dispatcher(), 30)
    assert desk.said() == ["a", "b"]
    assert desk.slack.count("chat.postMessage") == 2
    assert desk.states() == {"a": "sent", "b": "sent"}


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "drop_before"},
        {"kind": "hang_before"},
        {"kind": "status", "status": 500},
        {"kind": "status", "status": 503, "body": "<html>"},
        {"kind": "status", "status": 200, "body": "<html>hello</html>"},
        {"kind": "error", "code": "internal_error"},
    ],
)
def test_what_slack_did_not_take_is_looked_for_and_then_said(desk: Desk, fault: dict[str, object]) -> None:
    raise_alerts(desk.engine, "a", "b")
    desk.slack.fail(**fault)  # type: ignore[arg-type]
    desk.work(desk.dispatcher(), 30)
    assert desk.said() == ["a", "b"]
    assert desk.slack.count("conversations.history") == 1


def test_a_doubt_is_given_time_to_arrive_before_it_is_looked_for(desk: Desk) -> None:
    raise_alerts(desk.engine, "a")
    desk.slack.fail("drop_before")
    dispatcher = desk.dispatcher(settle=5)
    dispatcher.run_once()
    desk.clock.tick(4)
    assert not dispatcher.run_once()
    desk.clock.tick(1.5)
    assert dispatcher.run_once()
    assert desk.slack.count("conversations.history") == 1


def test_without_the_history_a_doubt_becomes_unknown_and_lets_others_pass(desk: Desk) -> None:
    raise_alerts(desk.engine, "a", "b")
    desk.slack.fail("drop_after")
    desk.slack.fail("error", method="conversations.history", code="internal_error", times=-1)
    dispatcher = desk.dispatcher(patience=120)
    desk.work(dispatcher, 100)
    assert desk.states() == {"a": "sending", "b": "pending"}
    desk.work(dispatcher, 100)
    assert desk.states() == {"a": "unknown", "b": "sent"}
    with transaction(desk.engine) as conn:
        [trouble] = outbox.troubles(conn)
    assert (trouble.key, trouble.state) == ("a", "unknown")
    assert "conversations.history" in trouble.error
    assert desk.told("post", "unknown") >= 1

    desk.slack.heal()
    desk.work(dispatcher, 100)
    assert desk.states() == {"a": "sent", "b": "sent"}
    assert desk.said() == ["a", "b"]


def test_one_look_settles_all_doubts_of_a_channel(desk: Desk) -> None:
    raise_alerts(desk.engine, "a", "b")
    desk.slack.fail("drop_after")
    desk.slack.fail("drop_before")
    desk.slack.fail("error", method="conversations.history", code="internal_error", times=-1)
    dispatcher = desk.dispatcher(patience=5)
    desk.work(dispatcher, 60)
    assert desk.states() == {"a": "unknown", "b": "unknown"}
    desk.slack.heal()
    looks = desk.slack.count("conversations.history")
    desk.work(dispatcher, 100)
    assert desk.slack.count("conversations.history") == looks + 1
    assert desk.states() == {"a": "sent", "b": "sent"}
    assert desk.said() == ["a", "b"]


@pytest.mark.parametrize(
    ("header", "wait"), [({"Retry-After": "20"}, 20), ({"Retry-After": "in a while"}, 30), ({}, 30)]
)
def test_nothing_is_said_in_a_channel_for_as_long_as_slack_asks(desk: Desk, header: dict[str, str], wait: int) -> None:
    raise_alerts(desk.engine, "a", "b")
    desk.slack.fail("status", status=429, headers=header)
    dispatcher = desk.dispatcher()
    dispatcher.run_once()
    desk.work(dispatcher, wait - 1)
    assert desk.slack.count("chat.postMessage") == 0
    desk.work(dispatcher, 5)
    assert desk.said() == ["a", "b"]
    assert desk.slack.count("conversations.history") == 0


def test_a_refused_connection_is_tried_again_later_and_later(desk: Desk) -> None:
    raise_alerts(desk.engine, "a")
    desk.slack.fail("status", status=404, times=4)
    dispatcher = desk.dispatcher()
    tries = []
    while not desk.said():
        if dispatcher.run_once():
            tries.append(desk.clock.monotonic())
        desk.clock.tick(0.5)
    waits = [later - earlier for earlier, later in pairwise(tries)]
    assert waits == [1, 2, 4, 8]
    assert desk.slack.count("conversations.history") == 0


def test_a_message_that_slack_never_will_take_is_given_up_and_the_next_goes_out(desk: Desk) -> None:
    raise_alerts(desk.engine, "a", "b")
    desk.slack.fail("error", code="msg_too_long")
    desk.work(desk.dispatcher(), 30)
    assert desk.states() == {"a": "failed", "b": "sent"}
    with transaction(desk.engine) as conn:
        assert [(t.key, "msg_too_long" in t.error) for t in outbox.troubles(conn)] == [("a", True)]
    assert desk.told("post", "failed") == 1


def test_a_damaged_alert_is_given_up_and_the_next_goes_out(desk: Desk) -> None:
    raise_alerts(desk.engine, "a", "b")
    with transaction(desk.engine) as conn:
        conn.execute(sa.update(alerts).where(alerts.c.key == "a").values(payload={"v": 1}))
    desk.work(desk.dispatcher(), 30)
    assert desk.states() == {"a": "failed", "b": "sent"}


def test_an_archived_channel_holds_its_own_alerts_and_no_others(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    raise_alerts(desk.engine, "a", "b")
    raise_alerts(desk.engine, "c", channel=OTHER)
    desk.slack.channels[CHANNEL] = "is_archived"
    dispatcher = desk.dispatcher(hold=300)
    desk.work(dispatcher, 60)
    raise_alerts(desk.engine, "d")
    desk.work(dispatcher, 60)
    assert desk.states() == {"a": "held", "b": "held", "c": "sent", "d": "pending"}
    assert "unarchive the channel" in caplog.text
    assert desk.slack.count("chat.postMessage") == 2

    desk.slack.channels[CHANNEL] = ""
    desk.work(dispatcher, 300)
    assert desk.said() == ["c", "a", "b", "d"]


def test_a_revoked_token_stops_everything_and_says_why_until_it_is_mended(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    raise_alerts(desk.engine, "a")
    raise_alerts(desk.engine, "b", channel=OTHER)
    desk.slack.revoked = "token_revoked"
    dispatcher = desk.dispatcher(pause=60)
    desk.work(dispatcher, 50)
    assert desk.slack.count("chat.postMessage") == 1
    assert "token_revoked" in dispatcher.paused
    assert "reinstall the app" in caplog.text
    assert desk.states() == {"a": "pending", "b": "pending"}

    desk.slack.revoked = ""
    desk.work(dispatcher, 30)
    assert desk.said() == ["a", "b"]
    assert dispatcher.paused == ""


def test_a_summary_of_a_first_fill_is_said_like_an_alert(desk: Desk) -> None:
    with transaction(desk.engine) as conn:
        outbox.enqueue(conn, [BACKFILL], NOON)
    desk.work(desk.dispatcher(), 10)
    assert desk.said() == ["backfill:seoul-daily"]


def test_a_summary_that_is_to_wait_holds_up_nobody(desk: Desk) -> None:
    """It waits for the rest of a first poll; alerts raised meanwhile go before it."""
    with transaction(desk.engine) as conn:
        outbox.enqueue(conn, [BACKFILL], NOON)
        conn.execute(sa.update(alerts).values(not_before=NOON + timedelta(seconds=60)))
    raise_alerts(desk.engine, "a")
    dispatcher = desk.dispatcher()
    desk.work(dispatcher, 50)
    assert desk.said() == ["a"]
    desk.work(dispatcher, 20)
    assert desk.said() == ["a", BACKFILL.key]


def test_an_alert_goes_out_at_once_though_the_processor_s_clock_is_ahead(desk: Desk) -> None:
    raise_alerts(desk.engine, "a", now=NOON + timedelta(seconds=90))
    desk.dispatcher().run_once()
    assert desk.said() == ["a"]


def test_a_clock_that_is_set_back_stops_nothing_and_repeats_nothing(desk: Desk) -> None:
    raise_alerts(desk.engine, "a")
    dispatcher = desk.dispatcher()
    desk.work(dispatcher, 0.5)
    desk.clock.tick(-3600)
    raise_alerts(desk.engine, "b", now=desk.clock())
    report_again(desk.engine, "a", "a-second", now=desk.clock())
    for _ in range(8):
        desk.clock.tick(1)
        dispatcher.run_once()
    assert desk.said() == ["a", "b"]
    assert [message.edits for message in desk.slack.said()] == [1, 0]


def test_the_loop_ends_when_told_and_waits_for_a_database_that_is_away(desk: Desk) -> None:
    """Every connection is cut while it works; nothing is lost and nothing said twice."""
    stop = threading.Event()
    cuts = iter([3, 9])
    next_cut = next(cuts)
    steps = 0

    def sleep(seconds: float) -> None:
        nonlocal steps, next_cut
        steps += 1
        desk.clock.tick(seconds)
        if steps == next_cut:
            with transaction(desk.engine) as conn:
                conn.execute(
                    sa.text(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    )
                )
            next_cut = next(cuts, 0)
        if steps == 60:
            stop.set()

    raise_alerts(desk.engine, "a", "b", "c")
    dispatcher = desk.dispatcher()
    dispatcher._sleep = sleep
    dispatcher.run(stop)
    assert desk.said() == ["a", "b", "c"]
    assert desk.metrics.registry.get_sample_value("watchdesk_outbox_pending") == 0
