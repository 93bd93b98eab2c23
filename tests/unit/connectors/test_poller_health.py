"""Rhythm and health through the whole poller: a real web server, a real archive, a real Slack of our own."""

from __future__ import annotations

from datetime import timedelta

from connectors.base import FetchOutcome
from connectors.pulse import interval_of
from monitor.storage.operations import OutboxOperations
from tests.support.desk import Desk as SlackDesk
from tests.support.feeds import item, page, rss
from tests.support.httpserver import LocalServer, Reply
from tests.support.slack_server import SlackServer
from tests.support.sources import source
from tests.unit.connectors.test_poller import FAST, Desk, desk, now, wait_for

__all__ = ["desk"]

MINUTE = timedelta(minutes=1)


def test_each_source_has_its_health_and_says_why(desk: Desk, web: LocalServer) -> None:
    """By what its server answers, poll after poll."""
    feed = Reply(body=rss(*(item(number) for number in range(6))))
    later = Reply(body=rss(*(item(number) for number in range(6, 12))))
    answers = {
        "quiet": ([feed], "nothing new for"),
        "gap_suspected": ([feed, later], "items may be missing"),
        "blocked": ([feed, Reply(status=403)], "HTTP 403"),
        "not_a_feed": ([feed, Reply(body=page())], "a web page instead of a feed"),
        "emptied": ([feed, Reply(body=rss())], "lists no item any more"),
        "failing": ([feed, Reply(status=500)], "HTTP 500"),
        "gone": ([feed, Reply(status=410)], "HTTP 410"),
    }
    sources = [
        source(web.serve(f"/{health}", *replies), id=health.replace("_", "-"), interval=FAST)
        for health, (replies, _) in answers.items()
    ]
    with desk.polling(*sources):
        for each in sources:
            path = f"/{each.id.replace('-', '_')}"
            wait_for(lambda path=path: len(web.asked(path)) > 2, f"a third poll of {each.id}")  # type: ignore[misc]
    for health, (_, why) in answers.items():
        pulse = desk.state(health.replace("_", "-")).pulse
        assert pulse.health == health
        assert pulse.since is not None
        assert why in pulse.why
    assert desk.metric('watchdesk_source_health{health="blocked",source="blocked"} 1.0')
    assert not desk.metric('watchdesk_source_health{health="quiet",source="blocked"}')
    assert desk.metric('watchdesk_gaps_suspected_total{source="gap-suspected"} 1.0')
    assert desk.errors == []


def test_an_adaptive_source_is_read_when_its_rhythm_and_its_server_say(desk: Desk, web: LocalServer) -> None:
    """Its items are a year old: the hint decides, and is kept over a restart."""
    feed = Reply(body=rss(*(item(number) for number in range(6))), headers={"Cache-Control": "max-age=1500"})
    wire = source(web.serve("/f", feed), adaptive=True)
    with desk.polling(wire):
        wait_for(lambda: desk.state().polls, "a poll")
    state = desk.state()
    assert interval_of(wire, state.pulse) == 25 * MINUTE
    assert state.next_poll is not None
    assert 22 * MINUTE < state.next_poll - now() < 28 * MINUTE
    assert desk.metric('watchdesk_source_interval_seconds{source="wire"} 1500.0')


def test_a_server_s_patience_is_no_longer_than_an_hour(desk: Desk, web: LocalServer) -> None:
    """A feed that says "yearly" in its head and in its headers."""
    body = rss(*(item(number) for number in range(6))).replace(b"<item>", b"<ttl>525600</ttl><item>", 1)
    feed = Reply(body=body, headers={"Expires": "Fri, 31 Dec 2100 23:59:59 GMT"})
    wire = source(web.serve("/f", feed), adaptive=True)
    with desk.polling(wire):
        wait_for(lambda: desk.state().polls, "a poll")
    assert interval_of(wire, desk.state().pulse) == 60 * MINUTE


def test_trouble_and_its_end_are_said_once_in_the_operations_channel(desk: Desk, web: LocalServer) -> None:
    """After the second failure in a row, and after a restart no second time; one success resets the backoff."""
    answer = [Reply(status=403)]
    wire = source(web.serve("/f", lambda _: answer[0]), interval=FAST)
    with SlackServer(channels=("C0OPS",)) as slack:
        operations = OutboxOperations(desk.engine, channel="C0OPS", default="C0OPS")
        with desk.polling(wire, operations=operations):
            wait_for(lambda: desk.state().pulse.told, "the bulletin")
        answer[0] = Reply(body=rss(item(1)))
        with desk.polling(wire, operations=operations):
            wait_for(lambda: desk.state().polls > 2 and not desk.state().pulse.told, "the end of it")
        heard = SlackDesk(desk.engine, slack)
        heard.work(heard.dispatcher(), 10)
        said = [message.text for message in slack.said()]
    assert said == ["1 source in trouble", "1 source well again"]
    assert (desk.state().failures, desk.state().last_outcome) == (0, FetchOutcome.UNCHANGED)
