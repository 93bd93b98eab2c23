"""Later reports of an alerted development: the count on the message, and the replies in its thread."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from monitor.storage import outbox
from monitor.storage.engine import transaction
from monitor.storage.outbox import LaterReport
from monitor.storage.tables import alert_replies, alerts
from tests.support.alerts import CHANNEL
from tests.support.desk import Desk
from tests.support.outbox_data import NOON, raise_alerts, report_again
from tests.support.slack_server import SlackServer


@pytest.fixture
def desk(archive: Engine) -> Iterator[Desk]:
    with SlackServer(channels=(CHANNEL,)) as slack:
        yield Desk(archive, slack)


def thread(desk: Desk) -> list[str]:
    return [message.text for message in desk.slack.said(thread=True)]


def reply_states(desk: Desk) -> list[str]:
    with transaction(desk.engine) as conn:
        return list(conn.scalars(sa.select(alert_replies.c.state).order_by(alert_replies.c.id)))


def test_a_later_report_is_counted_on_the_message_and_told_in_its_thread(desk: Desk) -> None:
    raise_alerts(desk.engine, "a")
    dispatcher = desk.dispatcher()
    desk.work(dispatcher, 5)
    report_again(desk.engine, "a", "second")
    desk.work(dispatcher, 10)
    [message] = desk.slack.said()
    assert message.edits == 1
    assert "2 reports, 2 independent" in str(message.blocks)
    [reply] = desk.slack.said(thread=True)
    assert reply.thread_ts == message.ts
    assert "Source second" in str(reply.blocks)
    assert "Title of second" in str(reply.blocks)
    assert (desk.told("edit", "sent"), desk.told("reply", "sent")) == (1, 1)


def test_reports_that_come_together_make_one_edit_and_one_reply(desk: Desk) -> None:
    raise_alerts(desk.engine, "a")
    dispatcher = desk.dispatcher()
    desk.work(dispatcher, 5)
    report_again(desk.engine, "a", "second", "third", origin="Agency")
    report_again(desk.engine, "a", "fourth")
    desk.work(dispatcher, 200)
    [message] = desk.slack.said()
    assert message.edits == 1
    assert "4 reports, 3 independent" in str(message.blocks)
    assert thread(desk) == ["3 more reports: Source second, Source third, Source fourth"]
    assert "repeats another" in str(desk.slack.said(thread=True)[0].blocks)


def test_a_message_is_edited_and_answered_at_most_once_a_minute(desk: Desk) -> None:
    raise_alerts(desk.engine, "a")
    dispatcher = desk.dispatcher(edit_every=60)
    desk.work(dispatcher, 5)
    report_again(desk.engine, "a", "second")
    desk.work(dispatcher, 10)
    report_again(desk.engine, "a", "third")
    report_again(desk.engine, "a", "fourth")
    desk.work(dispatcher, 30)
    assert desk.slack.said()[0].edits == 1
    assert len(thread(desk)) == 1
    desk.work(dispatcher, 30)
    assert desk.slack.said()[0].edits == 2
    assert "4 reports" in str(desk.slack.said()[0].blocks)
    assert thread(desk)[1] == "2 more reports: Source third, Source fourth"


def test_many_reports_are_told_ten_at_a_time(desk: Desk) -> None:
    raise_alerts(desk.engine, "a")
    dispatcher = desk.dispatcher()
    desk.work(dispatcher, 5)
    report_again(desk.engine, "a", *(f"r{n:02d}" for n in range(23)))
    desk.work(dispatcher, 20)
    assert [text.split(":")[0] for text in thread(desk)] == ["10 more reports", "10 more reports"]
    desk.work(dispatcher, 60)
    assert [text.split(":")[0] for text in thread(desk)][2:] == ["3 more reports"]


def test_reports_from_before_the_message_are_counted_on_it_at_once(desk: Desk) -> None:
    """They still go into the thread: there it says who they are."""
    raise_alerts(desk.engine, "a")
    report_again(desk.engine, "a", "second")
    desk.work(desk.dispatcher(), 30)
    [message] = desk.slack.said()
    assert "2 reports, 2 independent" in str(message.blocks)
    assert message.edits == 0
    assert thread(desk) == ["Also reported by: Source second"]


def test_a_redelivered_report_and_the_first_article_change_nothing(desk: Desk) -> None:
    raise_alerts(desk.engine, "a")
    dispatcher = desk.dispatcher()
    desk.work(dispatcher, 5)
    assert report_again(desk.engine, "a", "second") == 1
    with transaction(desk.engine) as conn:
        again = [LaterReport(development_id="a", article_id=name, version=1) for name in ("second", "a-first")]
        assert outbox.note_reports(conn, again, NOON) == 0
    desk.work(dispatcher, 100)
    assert desk.slack.said()[0].edits == 1
    assert len(thread(desk)) == 1


def test_a_report_of_what_was_never_alerted_is_no_business_of_the_outbox(desk: Desk) -> None:
    raise_alerts(desk.engine, "a")
    with transaction(desk.engine) as conn:
        conn.execute(sa.delete(alerts))
    assert report_again(desk.engine, "a", "second") == 0


@pytest.mark.parametrize("kind", ["drop_after", "drop_before"])
def test_a_doubtful_reply_is_looked_for_in_its_thread(desk: Desk, kind: str) -> None:
    raise_alerts(desk.engine, "a")
    dispatcher = desk.dispatcher()
    desk.work(dispatcher, 5)
    report_again(desk.engine, "a", "second", "third")
    desk.slack.fail(kind)
    dispatcher.run_once()
    report_again(desk.engine, "a", "fourth")
    desk.work(dispatcher, 30)
    assert thread(desk) == ["2 more reports: Source second, Source third"]
    assert desk.slack.count("conversations.replies") == 1
    desk.work(dispatcher, 60)
    assert thread(desk)[1:] == ["Also reported by: Source fourth"]
    assert desk.slack.count("chat.postMessage") == 3  # that arrived: the alert and two replies
    assert set(reply_states(desk)) == {"sent"}


def test_a_doubtful_edit_is_simply_made_again(desk: Desk) -> None:
    raise_alerts(desk.engine, "a")
    dispatcher = desk.dispatcher(edit_retry=30)
    desk.work(dispatcher, 5)
    desk.slack.fail("drop_after", method="chat.update")
    report_again(desk.engine, "a", "second")
    desk.work(dispatcher, 100)
    [message] = desk.slack.said()
    assert "2 reports" in str(message.blocks)
    assert message.edits == 2
    assert desk.told("edit", "retry") == 1


def test_a_rate_limited_edit_keeps_the_whole_channel_quiet(desk: Desk) -> None:
    raise_alerts(desk.engine, "a")
    dispatcher = desk.dispatcher()
    desk.work(dispatcher, 5)
    report_again(desk.engine, "a", "second")
    desk.slack.fail("status", method="chat.update", status=429, headers={"Retry-After": "40"})
    desk.work(dispatcher, 5)
    raise_alerts(desk.engine, "b")
    desk.work(dispatcher, 20)
    assert desk.said() == ["a"]
    desk.work(dispatcher, 30)
    assert desk.said() == ["a", "b"]
    assert desk.slack.said()[0].edits == 1


def test_a_new_alert_goes_before_replies_and_edits(desk: Desk) -> None:
    raise_alerts(desk.engine, "a")
    dispatcher = desk.dispatcher()
    desk.work(dispatcher, 5)
    report_again(desk.engine, "a", "second")
    raise_alerts(desk.engine, "b")
    desk.slack.calls.clear()
    desk.work(dispatcher, 10)
    assert [method for method, _ in desk.slack.calls] == ["chat.postMessage", "chat.postMessage", "chat.update"]
    assert desk.said() == ["a", "b"]


def test_a_message_that_somebody_deleted_is_left_alone(desk: Desk) -> None:
    raise_alerts(desk.engine, "a")
    dispatcher = desk.dispatcher()
    desk.work(dispatcher, 5)
    desk.slack.messages.clear()
    report_again(desk.engine, "a", "second")
    desk.work(dispatcher, 200)
    assert desk.slack.messages == []
    assert reply_states(desk) == ["failed"]
    assert desk.told("edit", "failed") == 1
    assert desk.slack.count("chat.update") == 1


def test_replies_of_a_channel_that_takes_nothing_wait(desk: Desk) -> None:
    raise_alerts(desk.engine, "a")
    dispatcher = desk.dispatcher(hold=300)
    desk.work(dispatcher, 5)
    desk.slack.channels[CHANNEL] = "is_archived"
    report_again(desk.engine, "a", "second")
    desk.work(dispatcher, 100)
    assert desk.slack.count("chat.postMessage") == 2
    desk.slack.channels[CHANNEL] = ""
    desk.work(dispatcher, 300)
    assert thread(desk) == ["Also reported by: Source second"]
    assert "2 reports" in str(desk.slack.said()[0].blocks)


def test_the_counts_of_the_outbox_tell_what_waits(desk: Desk) -> None:
    raise_alerts(desk.engine, "a", "b")
    report_again(desk.engine, "a", "second")
    with transaction(desk.engine) as conn:
        counts = outbox.counts(conn)
    assert (counts.pending, counts.waiting, counts.oldest) == (3, 3, NOON)
    desk.work(desk.dispatcher(), 30)
    with transaction(desk.engine) as conn:
        counts = outbox.counts(conn)
    assert (counts.waiting, counts.oldest) == (0, None)
