"""Alerts as Slack's blocks: what they say, and that nothing from the news can break out of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.notify.base import Report
from monitor.notify.blocks import alert_message, reply_message
from monitor.notify.content import STORY, content, counts, moment, source_moment
from monitor.types import Alert, Earlier
from tests.support.alerts import BACKFILL, a_report, an_alert, any_alert, any_text
from tests.support.slack_limits import alarms, problem

reports = st.lists(
    st.builds(Report, source_name=any_text, title=any_text, url=st.none() | any_text, independent=st.booleans()),
    min_size=1,
    max_size=10,
)


def body(message: Any) -> dict[str, Any]:
    return {"text": message.text, "blocks": list(message.blocks)}


@settings(max_examples=150)
@given(any_alert())
def test_any_alert_keeps_every_limit_and_holds_no_control_sequence(alert: Alert) -> None:
    made = body(alert_message(alert))
    assert problem(made) is None
    assert alarms(made) == []


@settings(max_examples=100)
@given(reports)
def test_any_reports_keep_every_limit_and_hold_no_control_sequence(made: list[Report]) -> None:
    message = body(reply_message(made))
    assert problem(message) is None
    assert alarms(message) == []


@given(st.sampled_from(["headline", "quote", "speaker", "source_name", "changed", "why_matched", "why_new"]))
def test_markup_of_the_news_is_shown_as_it_was_written(name: str) -> None:
    """The text of rich text is data; the text of text objects is escaped, once."""
    shown = str(alert_message(an_alert(**{name: "<!channel> R&D"})).blocks)
    if name in ("headline", "why_matched", "why_new"):
        assert "&lt;!channel&gt; R&amp;D" in shown
        assert "<!channel>" not in shown
    else:
        assert "<!channel> R&D" in shown


def test_news_never_stands_in_markup() -> None:
    """mrkdwn holds our labels, dates and counts only."""
    alert = an_alert(headline="NEWS", quote="NEWS", speaker="NEWS", changed="NEWS", why_matched="NEWS", why_new="NEWS")
    fields = [f for block in alert_message(alert).blocks for f in block.get("fields", [])]
    assert fields
    assert all(field["type"] == "mrkdwn" and field["verbatim"] and "NEWS" not in field["text"] for field in fields)


def test_the_headline_comes_first_and_the_counts_are_shown() -> None:
    message = alert_message(an_alert(reports=7, independent=3))
    assert message.blocks[0]["type"] == "header"
    assert message.blocks[0]["text"]["text"].startswith("Kim Jong Un will travel to China")
    assert "7 reports, 3 independent" in str(message.blocks)


@pytest.mark.parametrize(
    ("reports", "independent", "words"),
    [(1, 1, "1 report"), (2, 1, "2 reports, 1 independent"), (7, 3, "7 reports, 3 independent")],
)
def test_counts_in_words(reports: int, independent: int, words: str) -> None:
    assert counts(reports, independent) == words


def test_the_fallback_says_stage_headline_speaker_and_source() -> None:
    text = alert_message(an_alert(headline="Kim & Xi", speaker="Hong Lei")).text
    assert text == "Announced: Kim &amp; Xi · Hong Lei (one of the parties), in Wire Service (news agency)"


def test_a_moment_is_given_on_the_source_s_clock_and_in_utc() -> None:
    at = datetime(2025, 8, 28, 1, 2, tzinfo=UTC)
    assert source_moment(at, "Asia/Seoul") == "28 Aug 2025, 10:02 Seoul (01:02 UTC)"
    assert source_moment(at, "America/New_York") == "27 Aug 2025, 21:02 New York (28 Aug 2025, 01:02 UTC)"
    assert source_moment(at, None) == source_moment(at, "No/Where") == moment(at) == "28 Aug 2025, 01:02 UTC"


def test_what_is_not_known_is_said_to_be_unknown() -> None:
    shown = str(alert_message(an_alert(event_date=None, published=None)).blocks)
    assert "date not given" in shown
    assert "time not given" in shown


def test_a_long_story_is_cut_at_its_old_end_and_says_so() -> None:
    at = datetime(2025, 8, 28, tzinfo=UTC)
    story = tuple(Earlier(stage_label=f"Stage {n}", first_seen=at, source_name="S") for n in range(STORY + 3))
    lines = content(an_alert(earlier=story)).story
    assert lines[0] == "3 earlier still, in the archive"
    assert lines[-1].startswith(f"Stage {STORY + 2} · ")


def test_a_link_shows_the_host_where_it_leads() -> None:
    shown = str(alert_message(an_alert(url="https://agency.example@evil.example.net/a")).blocks)
    assert "'url': 'https://evil.example.net/a', 'text': 'evil.example.net'" in shown


def test_a_backfill_summary_is_a_small_message_without_a_header() -> None:
    message = alert_message(BACKFILL)
    assert [block["type"] for block in message.blocks] == ["rich_text", "context"]
    assert "brought 38 items into the archive" in str(message.blocks)
    assert message.text == BACKFILL.headline


def test_reports_are_listed_with_source_title_and_link() -> None:
    message = reply_message([a_report("Evening Post"), a_report("Tribune", independent=False)])
    assert message.text == "2 more reports: Evening Post, Tribune"
    assert "post.example.org" in str(message.blocks)
    assert reply_message([a_report("Evening Post")]).text == "Also reported by: Evening Post"


def test_a_bulletin_lists_its_sources_and_cuts_a_long_list() -> None:
    """As text: an error message from outside pings nobody."""
    lines = tuple(f"s{number} (Source): failing: <!channel> *{number}*" for number in range(25))
    message = alert_message(an_alert(key="ops:1", headline="25 sources in trouble", changed="Look.", lines=lines))
    assert [block["type"] for block in message.blocks] == ["rich_text", "context"]
    items = message.blocks[0]["elements"][1]["elements"]
    assert len(items) == 21
    assert items[0]["elements"] == [{"type": "text", "text": "s0 (Source): failing: <!channel> *0*"}]
    assert items[-1]["elements"] == [{"type": "text", "text": "and 5 more"}]
    assert message.text == "25 sources in trouble"
