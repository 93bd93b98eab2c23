"""Open topics from the text to Slack: a message for a story, its reports in the thread, struck through if withdrawn."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Engine

from monitor.pipeline import process, read
from monitor.storage.engine import transaction
from monitor.types import Outcome, RawItem
from tests.support.alerts import CHANNEL
from tests.support.desk import Desk
from tests.support.searching import CURBS, CURBS_AGAIN, MINE, RARE, WATCH, told
from tests.support.slack_messages import Message
from tests.support.slack_server import SlackServer

WATCHED = replace(WATCH, topics=(replace(RARE, channel=CHANNEL),))


@pytest.fixture
def desk(archive: Engine) -> Iterator[Desk]:
    with SlackServer(channels=(CHANNEL,)) as slack:
        yield Desk(archive, slack)


def hears(desk: Desk, *batch: RawItem) -> list[Outcome]:
    """What was decided on a batch, and all that follows from it said."""
    with transaction(desk.engine) as conn:
        results = process(conn, [read(item, WATCHED) for item in batch], WATCHED)
    desk.work(desk.dispatcher(edit_every=1), 20)
    return [decision.outcome for result in results for decision in result.decisions]


def shown(message: Message) -> str:
    return json.dumps(message.blocks, ensure_ascii=False)


def test_a_story_is_one_message_and_its_reports_are_the_thread(desk: Desk) -> None:
    assert hears(desk, told("a", CURBS)) == [Outcome.NEW]
    assert hears(desk, told("b", CURBS_AGAIN, source="star", hours=1)) == [Outcome.CORROBORATES]
    (message,), (reply,) = desk.slack.said(), desk.slack.said(thread=True)
    assert message.text.startswith(f"Reported: {CURBS[0]} · ")
    assert "China on Thursday expanded its export controls" in shown(message)
    assert "meant is: New limits on the export of rare earths." in shown(message)
    assert "2 reports, 2 independent" in shown(message)
    assert reply.thread_ts == message.ts
    assert CURBS_AGAIN[0] in shown(reply)
    assert hears(desk, told("c", MINE, source="sun", hours=2)) == [Outcome.NEW]
    assert len(desk.slack.said()) == 2


def test_a_withdrawn_story_is_struck_through_and_may_be_told_again(desk: Desk) -> None:
    hears(desk, told("a", CURBS))
    assert hears(desk, told("a", ("STORY WITHDRAWN", "The story has been withdrawn."), hours=1)) == [Outcome.WITHDRAWN]
    (message,), (note,) = desk.slack.said(), desk.slack.said(thread=True)[-1:]
    assert note.text == "Withdrawn by Globe"
    assert message.text.startswith(f"No longer stands: {CURBS[0]}")
    assert hears(desk, told("b", CURBS_AGAIN, source="star", hours=2)) == [Outcome.NEW]


def test_text_from_the_news_reaches_slack_as_text(desk: Desk) -> None:
    """A title is the headline of a story's alert: nothing in it may act."""
    hostile = ("<!channel> *rare earths* <https://evil.example|safe> & more", "Rare earths <@U1> are dear today.")
    hears(desk, told("a", hostile))
    (message,) = desk.slack.said()
    assert "<!channel>" not in message.text
    assert "&lt;!channel&gt; *rare earths*" in message.text
    header = next(block for block in message.blocks if block["type"] == "header")
    assert header["text"]["type"] == "plain_text"
