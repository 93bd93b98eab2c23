"""Slack's bad answers over a real connection: each becomes a verdict, and none names the token."""

from __future__ import annotations

import logging
import socket
import traceback
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from monitor.errors import NotifyError, Verdict
from monitor.notify import slack as slack_module
from monitor.notify.slack import SlackNotifier
from monitor.notify.slack_errors import DEFAULT_WAIT, LONGEST_WAIT, retry_after
from tests.support.alerts import CHANNEL, an_alert
from tests.support.slack_server import SlackServer


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer() as server:
        yield server


@pytest.fixture
def bot(slack: SlackServer) -> SlackNotifier:
    return SlackNotifier(slack.token, base_url=slack.url, timeout=2)


def refusal(bot: SlackNotifier) -> NotifyError:
    with pytest.raises(NotifyError) as caught:
        bot.post(an_alert(), key="k1")
    return caught.value


@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        ("ratelimited", Verdict.RETRY),
        ("fatal_error", Verdict.DOUBTFUL),
        ("internal_error", Verdict.DOUBTFUL),
        ("service_unavailable", Verdict.DOUBTFUL),
        ("request_timeout", Verdict.DOUBTFUL),
        ("msg_too_long", Verdict.BAD_MESSAGE),
        ("msg_blocks_too_long", Verdict.BAD_MESSAGE),
        ("invalid_blocks", Verdict.BAD_MESSAGE),
        ("invalid_blocks_format", Verdict.BAD_MESSAGE),
        ("no_text", Verdict.BAD_MESSAGE),
        ("metadata_too_large", Verdict.BAD_MESSAGE),
        ("an_error_of_tomorrow", Verdict.BAD_MESSAGE),
        ("channel_not_found", Verdict.BAD_CHANNEL),
        ("is_archived", Verdict.BAD_CHANNEL),
        ("not_in_channel", Verdict.BAD_CHANNEL),
        ("restricted_action_read_only_channel", Verdict.BAD_CHANNEL),
        ("invalid_auth", Verdict.STOP),
        ("token_revoked", Verdict.STOP),
        ("account_inactive", Verdict.STOP),
        ("missing_scope", Verdict.STOP),
    ],
)
def test_each_code_of_slack_has_its_verdict(
    slack: SlackServer, bot: SlackNotifier, code: str, verdict: Verdict
) -> None:
    slack.fail("error", code=code)
    error = refusal(bot)
    assert (error.verdict, error.code) == (verdict, code)
    assert code in str(error) or code == "ratelimited"
    assert slack.said() == []


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_server_error_is_doubtful(slack: SlackServer, bot: SlackNotifier, status: int) -> None:
    slack.fail("status", status=status, body="<html>upstream</html>")
    error = refusal(bot)
    assert (error.verdict, error.code) == (Verdict.DOUBTFUL, f"http_{status}")
    assert "html" not in str(error)


@pytest.mark.parametrize(
    "body", ["<html>hello</html>", "", "[]", "[1]", "null", '"ok"', '{"ok": false}', '{"ok": true}']
)
def test_an_answer_that_is_not_slack_s_is_doubtful(slack: SlackServer, bot: SlackNotifier, body: str) -> None:
    slack.fail("status", status=200, body=body)
    assert refusal(bot).verdict is Verdict.DOUBTFUL


def test_an_answer_in_no_charset_is_doubtful(slack: SlackServer, bot: SlackNotifier) -> None:
    slack.fail("status", status=200, body="{}", headers={"content-type": "application/json; charset=nonsense"})
    assert refusal(bot).verdict is Verdict.DOUBTFUL


def test_an_answer_of_a_proxy_is_safe_to_retry_and_names_the_setting(slack: SlackServer, bot: SlackNotifier) -> None:
    slack.fail("status", status=404, body="<html>not here</html>")
    error = refusal(bot)
    assert error.verdict is Verdict.RETRY
    assert "WATCHDESK_SLACK_BASE_URL" in str(error)


@pytest.mark.parametrize(
    ("header", "wait"),
    [({"Retry-After": "7"}, 7.0), ({"Retry-After": "soon"}, DEFAULT_WAIT), ({}, DEFAULT_WAIT)],
)
def test_a_rate_limit_says_how_long_to_wait(
    slack: SlackServer, bot: SlackNotifier, header: dict[str, str], wait: float
) -> None:
    slack.fail("status", status=429, headers=header, body='{"ok": false, "error": "ratelimited"}')
    error = refusal(bot)
    assert (error.verdict, error.retry_after) == (Verdict.RETRY, wait)


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("2.5", 2.5),
        ("0", 1.0),
        ("-3", DEFAULT_WAIT),
        ("nan", DEFAULT_WAIT),
        ("inf", DEFAULT_WAIT),
        ("1e9", LONGEST_WAIT),
    ],
)
def test_odd_values_of_retry_after(value: str, wait: float) -> None:
    assert retry_after({"retry-after": value}) == wait


@pytest.mark.parametrize(("kind", "stands"), [("drop_before", 0), ("drop_after", 1)])
def test_a_dropped_connection_is_doubtful_and_never_sent_again(
    slack: SlackServer, bot: SlackNotifier, kind: str, stands: int
) -> None:
    """With the SDK's own retries this would post twice."""
    slack.fail(kind)
    assert refusal(bot).verdict is Verdict.DOUBTFUL
    assert len(slack.said()) == stands
    assert set(bot.find(CHANNEL, ["k1"])) == ({"k1"} if stands else set())


@pytest.mark.parametrize(("kind", "stands"), [("hang_before", 0), ("hang_after", 1), ("trickle_after", 1)])
def test_silence_and_an_answer_without_end_are_doubtful(slack: SlackServer, kind: str, stands: int) -> None:
    impatient = SlackNotifier(slack.token, base_url=slack.url, timeout=1)
    slack.fail(kind)
    assert refusal(impatient).verdict is Verdict.DOUBTFUL
    assert len(slack.said()) == stands


def test_a_refused_connection_is_safe_to_retry() -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    error = refusal(SlackNotifier("xoxb-1", base_url=f"http://127.0.0.1:{port}/api/", timeout=2))
    assert (error.verdict, error.code) == (Verdict.RETRY, "unreachable")


def test_a_host_without_an_address_is_safe_to_retry() -> None:
    error = refusal(SlackNotifier("xoxb-1", base_url="http://nowhere.invalid/api/", timeout=2))
    assert (error.verdict, error.code) == (Verdict.RETRY, "unreachable")


def test_a_channel_may_be_given_by_name_and_is_looked_up_once(
    slack: SlackServer, bot: SlackNotifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The history, without which no doubt can be settled, is only to be had by id."""
    monkeypatch.setattr(slack_module, "PAGE", 1)
    slack.channels = {"C0OTHER": "", CHANNEL: ""}
    slack.names = {"C0OTHER": "other", CHANNEL: "watchdesk"}
    receipt = bot.post(an_alert(channel="#watchdesk"), key="k1")
    assert receipt.channel == CHANNEL
    assert bot.find("#watchdesk", ["k1"]) == {"k1": receipt}
    assert bot.check("#watchdesk") == "watchdesk in Foreign Desk, channel #watchdesk (C0WATCH)"
    assert slack.count("users.conversations") == 2


@pytest.mark.parametrize("channel", ["#nowhere", "nowhere", "", "c0watch"])
def test_a_channel_that_the_app_is_not_in_is_refused_with_the_remedy(bot: SlackNotifier, channel: str) -> None:
    with pytest.raises(NotifyError, match="invite it there") as caught:
        bot.post(an_alert(channel=channel), key="k1")
    assert caught.value.verdict is Verdict.BAD_CHANNEL


def test_the_token_is_in_no_error_log_or_repr(
    slack: SlackServer, bot: SlackNotifier, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    shown = [repr(bot), str(bot)]
    for kind in ("error", "status", "drop_before"):
        slack.fail(kind, code="invalid_auth", status=500)
        try:
            bot.post(an_alert(), key="k1")
        except NotifyError as error:
            shown += [repr(error), str(error), "".join(traceback.format_exception(error))]
    assert len(shown) == 2 + 3 * 3
    assert slack.token not in "\n".join([*shown, caplog.text])


def test_messages_are_posted_without_previews_mentions_or_markup(slack: SlackServer, bot: SlackNotifier) -> None:
    bot.post(an_alert(), key="k1")
    [message] = slack.said()
    assert message.options == {
        "unfurl_links": False,
        "unfurl_media": False,
        "parse": "none",
        "link_names": False,
        "mrkdwn": False,
    }
    assert message.metadata == {"event_type": "watchdesk_alert", "event_payload": {"key": "k1"}}


def test_a_long_history_is_read_page_by_page(
    slack: SlackServer, bot: SlackNotifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slack_module, "PAGE", 2)
    receipts = {f"k{n}": bot.post(an_alert(), key=f"k{n}") for n in range(7)}
    assert bot.find(CHANNEL, list(receipts)) == receipts
    assert slack.count("conversations.history") == 4


def test_a_history_too_long_to_be_read_whole_is_no_proof_of_absence(
    slack: SlackServer, bot: SlackNotifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slack_module, "PAGE", 2)
    monkeypatch.setattr(slack_module, "PAGES", 2)
    for n in range(5):
        bot.post(an_alert(), key=f"k{n}")
    with pytest.raises(NotifyError, match="longer than 4 messages"):
        bot.find(CHANNEL, ["nowhere"])
    since = datetime.fromtimestamp(float(slack.said()[2].ts), UTC)
    assert bot.find(CHANNEL, ["nowhere"], since=since) == {}


def test_the_messages_of_others_are_not_taken_for_ours(slack: SlackServer, bot: SlackNotifier) -> None:
    receipt = bot.post(an_alert(), key="k1")
    [ours] = slack.said()
    for metadata in (None, {"event_type": "other", "event_payload": {"key": "k2"}}):
        slack.messages.append(replace(ours, ts=f"{receipt.ts[:-1]}9", metadata=metadata))
    assert bot.find(CHANNEL, ["k1", "k2"]) == {"k1": receipt}


def test_a_check_finds_a_missing_scope_and_a_missing_invitation(slack: SlackServer, bot: SlackNotifier) -> None:
    assert bot.check(CHANNEL) == "watchdesk in Foreign Desk, channel C0WATCH"
    slack.channels[CHANNEL] = "not_in_channel"
    with pytest.raises(NotifyError, match="invite the app"):
        bot.check(CHANNEL)
    slack.scopes = "channels:history"
    with pytest.raises(NotifyError, match="lacks the scope chat:write"):
        bot.check(CHANNEL)


def test_limits_are_checked_by_the_local_slack_too(slack: SlackServer) -> None:
    """The test server refuses what Slack would, or the tests above would prove little."""
    header = {"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}
    for blocks, code in (
        ([header], "invalid_blocks"),
        ([{"type": "divider"}] * 51, "invalid_blocks"),
        ([{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2900}}] * 5, "msg_blocks_too_long"),
        ([], "no_text"),
    ):
        answer = slack.call("chat.postMessage", slack.token, {"channel": CHANNEL, "blocks": blocks})
        assert answer == {"ok": False, "error": code}
