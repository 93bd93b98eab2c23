"""One suite for every Notifier: Slack over HTTP against a local server, and the console."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.errors import NotifyError, Verdict
from monitor.notify.base import Notifier, Receipt
from monitor.notify.console import ConsoleNotifier
from monitor.notify.slack import SlackNotifier
from monitor.types import Mended
from tests.support.alerts import BACKFILL, CHANNEL, a_mend, a_report, an_alert
from tests.support.slack_server import SlackServer

OTHER = "C0OTHER"


@dataclass(frozen=True)
class Place:
    """A place to say things, and how to see what was said there."""

    notifier: Notifier
    reopen: Callable[[], Notifier]  # as after a restart
    visible: Callable[[], str]  # everything that a reader sees


@pytest.fixture(params=["slack", "console"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    if request.param == "console":
        stream = io.StringIO()

        def console() -> ConsoleNotifier:
            return ConsoleNotifier(stream, record=tmp_path / "said.jsonl", width=200)

        yield Place(console(), console, stream.getvalue)
        return
    with SlackServer(channels=(CHANNEL, OTHER)) as slack:

        def bot() -> SlackNotifier:
            return SlackNotifier(slack.token, base_url=slack.url, timeout=5)

        yield Place(bot(), bot, lambda: str([(m.text, m.blocks) for m in slack.messages]))


def test_a_posted_alert_is_visible_with_its_headline_evidence_and_speaker(place: Place) -> None:
    place.notifier.post(an_alert(), key="k1")
    for part in ("Kim Jong Un will travel to China", "26 foreign leaders", "Hong Lei", "1 report", "Why it is new"):
        assert part in place.visible()


def test_each_message_has_a_receipt_of_its_own(place: Place) -> None:
    one, two = place.notifier.post(an_alert(), key="k1"), place.notifier.post(an_alert(), key="k2")
    assert one.channel == two.channel == CHANNEL
    assert one.ts < two.ts


def test_find_knows_what_was_said_and_only_that(place: Place) -> None:
    receipt = place.notifier.post(an_alert(), key="k1")
    assert place.notifier.find(CHANNEL, ["k1", "k2"]) == {"k1": receipt}


def test_find_works_after_a_restart(place: Place) -> None:
    receipt = place.notifier.post(an_alert(), key="k1")
    assert place.reopen().find(CHANNEL, ["k1"]) == {"k1": receipt}


def test_find_looks_no_further_back_than_told(place: Place) -> None:
    place.notifier.post(an_alert(), key="k1")
    now = datetime.now(UTC)
    assert place.notifier.find(CHANNEL, ["k1"], since=now + timedelta(minutes=1)) == {}
    assert set(place.notifier.find(CHANNEL, ["k1"], since=now - timedelta(minutes=1))) == {"k1"}


def test_find_in_an_empty_channel_finds_nothing(place: Place) -> None:
    assert place.notifier.find(CHANNEL, ["k1"]) == {}


def test_an_edit_shows_the_new_counts_and_the_message_can_still_be_found(place: Place) -> None:
    receipt = place.notifier.post(an_alert(), key="k1")
    assert "7 reports, 3 independent" not in place.visible()
    place.notifier.edit(receipt, an_alert(reports=7, independent=3), key="k1")
    assert "7 reports, 3 independent" in place.visible()
    assert place.notifier.find(CHANNEL, ["k1"]) == {"k1": receipt}


def test_an_edit_of_a_source_s_summary_shows_its_new_numbers(place: Place) -> None:
    receipt = place.notifier.post(BACKFILL, key=BACKFILL.key)
    told = "Its first poll brought 5,001 items into the archive"
    place.notifier.edit(receipt, replace(BACKFILL, quote=told), key=BACKFILL.key)
    assert told in place.visible()


def test_editing_what_does_not_stand_is_refused_for_good(place: Place) -> None:
    with pytest.raises(NotifyError) as caught:
        place.notifier.edit(Receipt(channel=CHANNEL, ts="1756340000.000001"), an_alert(), key="k1")
    assert caught.value.verdict is Verdict.BAD_MESSAGE
    assert caught.value.code == "message_not_found"


def test_a_reply_stands_in_the_thread_and_not_in_the_channel(place: Place) -> None:
    receipt = place.notifier.post(an_alert(), key="k1")
    answer = place.notifier.reply(receipt, [a_report("Evening Post"), a_report("Tribune", independent=False)], key="r1")
    assert place.notifier.find(CHANNEL, ["r1"], thread=receipt) == {"r1": answer}
    assert place.notifier.find(CHANNEL, ["r1"]) == {}
    assert "Evening Post" in place.visible()
    assert "repeats another" in place.visible()


def test_a_change_is_told_in_the_thread_with_who_says_so(place: Place) -> None:
    receipt = place.notifier.post(an_alert(), key="k1")
    mend = a_mend(before="Hong Lei, in Wire Service: “on 3 September”")
    note = place.notifier.note(receipt, mend, key="k1#1", broadcast=True)
    assert place.notifier.find(CHANNEL, ["k1#1"], thread=receipt) == {"k1#1": note}
    for part in (mend.headline, mend.quote, "Guo Jiakun, spokesman", "one of the parties", "Hong Lei, in Wire Service"):
        assert part in place.visible()


def test_an_edit_shows_what_became_of_the_alert(place: Place) -> None:
    receipt = place.notifier.post(an_alert(), key="k1")
    line = Mended(at=datetime(2025, 8, 29, 3, tzinfo=UTC), text="Withdrawn by Wire Service", void=True)
    place.notifier.edit(receipt, an_alert(mends=(line,)), key="k1")
    assert "Withdrawn by Wire Service · 29 Aug 2025, 03:00 UTC" in place.visible()
    assert place.notifier.find(CHANNEL, ["k1"]) == {"k1": receipt}


def test_a_message_said_twice_is_swept_and_the_first_stays(place: Place) -> None:
    since = datetime.now(UTC) - timedelta(hours=1)
    first = place.notifier.post(an_alert(), key="k1")
    other = place.notifier.post(an_alert(), key="k2")
    second = place.notifier.post(an_alert(), key="k1")
    [doubled] = place.notifier.sweep(CHANNEL, since=since)
    assert (doubled.key, doubled.kept, doubled.deleted) == ("k1", first, (second,))
    assert place.notifier.find(CHANNEL, ["k1", "k2"]) == {"k1": first, "k2": other}
    assert place.notifier.sweep(CHANNEL, since=since) == []


def test_a_check_says_who_we_are_and_nothing_in_the_channel(place: Place) -> None:
    before = place.visible()
    assert CHANNEL in place.notifier.check(CHANNEL)
    assert place.visible() == before


def test_a_channel_keeps_its_messages_to_itself(place: Place) -> None:
    place.notifier.post(an_alert(), key="k1")
    assert place.notifier.find(OTHER, ["k1"]) == {}
