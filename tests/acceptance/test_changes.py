"""What becomes of an alert: from the text that changes it, through the pipeline, to the message and its thread."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from monitor.pipeline import Processed, Watch, process, read
from monitor.storage.engine import transaction
from monitor.storage.tables import changes, decisions
from monitor.types import Outcome, RawItem
from tests.support.alerts import CHANNEL, a_mend
from tests.support.desk import Desk
from tests.support.journey import ANNOUNCED, ARRIVED, MODI, WATCH, news
from tests.support.outbox_data import change_told, raise_alerts
from tests.support.slack_messages import Message
from tests.support.slack_server import SlackServer

MOVED = "India's Narendra Modi will travel to Ukraine on August 26 rather than August 23, New Delhi said."
TITLE = "Modi to travel to Ukraine in August"
DENIED = "The foreign ministry in New Delhi denied that Narendra Modi had arrived in Kyiv."
WATCHED = Watch(topics=(MODI,), gazetteer=WATCH.gazetteer, default_channel=CHANNEL)


@pytest.fixture
def desk(archive: Engine) -> Iterator[Desk]:
    with SlackServer(channels=(CHANNEL,)) as slack:
        yield Desk(archive, slack)


def report(key: str, *sentences: str, title: str = "Modi", source: str = "globe", minutes: int = 0) -> RawItem:
    """An item of a source that has a name of its own."""
    item = news(key, *sentences, source=source, minutes=minutes)
    return replace(item, title=title, source_name=source.title())


def hears(desk: Desk, *batch: RawItem) -> list[Outcome]:
    """What was decided on a batch, and all that follows from it said."""
    with transaction(desk.engine) as conn:
        results: list[Processed] = process(conn, [read(item, WATCHED) for item in batch], WATCHED)
    desk.work(desk.dispatcher(edit_every=1), 20)
    return [decision.outcome for result in results for decision in result.decisions]


def shown(message: Message) -> str:
    return json.dumps(message.blocks, ensure_ascii=False)


def test_a_day_that_moves_is_told_in_the_thread_and_edited_in(desk: Desk) -> None:
    assert hears(desk, report("a", ANNOUNCED)) == [Outcome.NEW]
    assert hears(desk, report("b", MOVED, source="star", minutes=30)) == [Outcome.UPDATE]
    (message,), (note,) = desk.slack.said(), desk.slack.said(thread=True)
    assert note.thread_ts == message.ts
    assert note.text == "Update: now 26 August 2024 (was 23 August 2024)"
    assert not note.broadcast
    assert MOVED in shown(note)
    assert message.edits == 1
    assert "Monday 26 Aug 2024" in shown(message)
    assert "Update: now 26 August 2024 (was 23 August 2024)" in shown(message)
    assert "2 reports, 1 independent" in shown(message)  # both have it from New Delhi


def test_what_is_told_of_a_change_is_told_once(desk: Desk) -> None:
    first, second = report("a", ANNOUNCED), report("b", MOVED, source="star", minutes=30)
    hears(desk, first)
    hears(desk, second)
    assert hears(desk, first, second) == []
    assert hears(desk, report("c", MOVED, source="post", minutes=40)) == [Outcome.CORROBORATES]
    assert [m.text for m in desk.slack.said(thread=True)] == [
        "Update: now 26 August 2024 (was 23 August 2024)",
        "Also reported by: Post",
    ]
    assert len(desk.slack.said()) == 1


@pytest.mark.parametrize("fault", ["drop_after", "drop_before"])
def test_a_doubtful_note_is_looked_for_before_it_is_said_again(desk: Desk, fault: str) -> None:
    hears(desk, report("a", ANNOUNCED))
    desk.slack.fail(fault)
    hears(desk, report("b", MOVED, source="star", minutes=30))
    assert [m.text for m in desk.slack.said(thread=True)] == ["Update: now 26 August 2024 (was 23 August 2024)"]
    assert desk.slack.count("conversations.replies") == 1


@pytest.mark.parametrize(
    "edit",
    [
        report("a", ANNOUNCED, title="STORY WITHDRAWN: Modi to travel to Ukraine", minutes=60),
        report("a", "This story has been withdrawn. There will be no substitute.", title="Modi", minutes=60),
    ],
    ids=["marked in its title", "with nothing left of it"],
)
def test_a_withdrawn_story_is_struck_through_and_a_later_report_is_an_alert(desk: Desk, edit: RawItem) -> None:
    hears(desk, report("a", ANNOUNCED))
    assert hears(desk, edit) == [Outcome.WITHDRAWN]
    (message, note) = desk.slack.said()[0], desk.slack.said(thread=True)[0]
    assert (note.text, note.broadcast) == ("Withdrawn by Globe", True)
    assert '"No longer stands"' in shown(message)
    assert '"text": "Narendra Modi will travel to Ukraine", "style": {"strike": true}' in shown(message)
    assert message.text.startswith("No longer stands: Narendra Modi will travel to Ukraine · Withdrawn by Globe")
    assert hears(desk, report("b", ANNOUNCED, source="star", minutes=90)) == [Outcome.NEW]
    alerts = [m for m in desk.slack.said() if m.thread_ts is None]
    assert [m.text.split(":")[0] for m in alerts] == ["No longer stands", "Announced"]


def test_what_others_report_too_stands_when_one_withdraws(desk: Desk) -> None:
    hears(desk, report("a", ANNOUNCED))
    hears(desk, report("b", ANNOUNCED, source="star", minutes=10))
    hears(desk, report("a", ANNOUNCED, title="WITHDRAWN-Modi to travel to Ukraine", minutes=60))
    message = desk.slack.said()[0]
    assert "No longer stands" not in shown(message)
    assert desk.slack.said(thread=True)[-1].text == "Withdrawn by Globe; others still report it"


def test_a_corrected_destination_is_an_alert_and_the_wrong_one_is_struck_through(desk: Desk) -> None:
    hears(desk, report("a", ANNOUNCED))
    right = ANNOUNCED.replace("Ukraine", "Poland")
    corrected = report("a", right, title="CORRECTED-Modi to travel to Poland, not Ukraine", minutes=60)
    assert Outcome.CORRECTION in hears(desk, corrected)
    wrong, other = (m for m in desk.slack.said() if m.thread_ts is None)
    assert '"No longer stands"' in shown(wrong)
    assert "Narendra Modi will travel to Poland" in other.text
    assert desk.slack.said(thread=True)[0].text == "Corrected by Globe: Narendra Modi will travel to Poland"


def test_both_sides_of_a_contradiction_stand_in_the_thread(desk: Desk) -> None:
    hears(desk, report("a", ARRIVED))
    assert hears(desk, report("b", DENIED, source="star", minutes=30)) == [Outcome.CONTRADICTION]
    (note,) = desk.slack.said(thread=True)
    assert note.text.startswith("Contradicted: ")
    assert note.text.endswith(" denies it")
    assert note.broadcast
    assert DENIED in shown(note)
    assert f"by Globe: “{ARRIVED}”" in shown(note)
    assert "No longer stands" not in shown(desk.slack.said()[0])


def test_a_change_that_comes_before_the_alert_is_sent_is_said_with_it(desk: Desk) -> None:
    desk.slack.channels[CHANNEL] = "is_archived"
    hears(desk, report("a", ANNOUNCED))
    hears(desk, report("b", MOVED, source="star", minutes=30))
    desk.slack.channels[CHANNEL] = ""
    desk.work(desk.dispatcher(), 400)
    (message,) = desk.slack.said()
    assert "Monday 26 Aug 2024" in shown(message)
    assert message.edits == 0
    assert len(desk.slack.said(thread=True)) == 1


def test_a_change_of_what_was_never_alerted_is_kept_and_not_told(desk: Desk) -> None:
    silent = replace(WATCHED, topics=(replace(MODI, muted_stages=("announced",)),))
    for item in (report("a", ANNOUNCED), report("b", MOVED, source="star", minutes=30)):
        with transaction(desk.engine) as conn:
            process(conn, [read(item, silent)], silent)
    desk.work(desk.dispatcher(), 10)
    assert desk.slack.messages == []
    with transaction(desk.engine) as conn:
        assert conn.scalars(sa.select(changes.c.outcome)).all() == ["update"]


def test_an_old_story_with_a_new_date_under_another_address_is_no_news(desk: Desk) -> None:
    filler = "The two sides are expected to speak about trade, about grain and about the war. " * 4
    hears(desk, report("a", ANNOUNCED, filler, title=TITLE))
    again = report(
        "z", ANNOUNCED.replace("23", "28"), filler, title="Modi to travel to Ukraine in August", source="star"
    )
    again = replace(again, seen=again.seen.replace(year=2025), published=again.seen.replace(year=2025))
    assert hears(desk, again) == [Outcome.LATE]
    with transaction(desk.engine) as conn:
        reason = conn.scalars(sa.select(decisions.c.reason).where(decisions.c.outcome == "late")).one()
    assert reason == "an old story again: this text was seen on 19 August 2024 12:00 UTC"


def test_a_change_is_noted_once_however_often_it_is_delivered(desk: Desk) -> None:
    raise_alerts(desk.engine, "a")
    mend = a_mend(key="a#1", development="a")
    assert change_told(desk.engine, mend) == 1
    assert change_told(desk.engine, mend) == 0
    desk.work(desk.dispatcher(), 200)
    assert len(desk.slack.said(thread=True)) == 1
    assert shown(desk.slack.said()[0]).count("now 5 September 2025") == 1
