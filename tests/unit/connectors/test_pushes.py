"""A hub and the poller, both real: subscription, verification, pushes true and forged, and the time after a restart."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from connectors.poller import PollRecord
from connectors.websub import ASK_AGAIN, PushSettings
from monitor.errors import ConfigError
from tests.support.feeds import item, rss
from tests.support.httpserver import LocalServer, Reply
from tests.support.hub import CHALLENGE, Hub, call, hub_server
from tests.support.sources import source
from tests.unit.connectors.test_poller import FAST, Desk, desk, now, wait_for

__all__ = ["desk"]


@pytest.fixture
def hub() -> Iterator[Hub]:
    with hub_server() as running:
        yield running


@pytest.fixture
def pushes() -> PushSettings:
    """A port of this machine that is free, called directly."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return PushSettings(callback=f"http://127.0.0.1:{port}/push/", port=port)


def offering(hub: Hub, *numbers: int) -> Reply:
    """A feed with these items that offers the hub."""
    link = f'<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="hub" href="{hub.url}"/>'
    return Reply(body=rss(*(item(number) for number in numbers)).replace(b"<item>", link.encode() + b"<item>", 1))


def answers(pushes: PushSettings) -> bool:
    """Whether hubs would reach somebody."""
    try:
        return call("GET", f"{pushes.callback}nobody")[0] == 404
    except ConnectionRefusedError:
        return False


def test_a_push_makes_its_source_due_and_a_forged_one_does_not(
    desk: Desk, web: LocalServer, hub: Hub, pushes: PushSettings
) -> None:
    """Without it the next poll would be in ten minutes; the hub's word is remembered."""
    url = web.serve("/f", offering(hub, 1), offering(hub, 2, 1))
    wire = source(url)
    with desk.polling(wire, pushes=pushes):
        wait_for(lambda: hub.verified, "the hub's question")
        assert hub.push(b"news", secret="guessed") == 202
        wait_for(lambda: desk.metric('watchdesk_pushes_total{result="forged",source="wire"} 1.0'), "the forged push")
        assert len(web.asked("/f")) == 1
        assert hub.push(b"news") == 202
        wait_for(lambda: desk.state().polls == 2, "the poll that was pushed")
    (form,) = hub.asked
    assert (form["hub.mode"], form["hub.topic"]) == ("subscribe", url)
    assert hub.verified == [(200, CHALLENGE)]
    assert [each.key for each in desk.items()] == ["guid-1", "guid-2"]
    push = desk.state().pulse.push
    assert (push.pushes, push.missed, push.topic) == (1, 0, url)
    assert push.until is not None
    assert form["hub.secret"] == push.secret
    assert push.secret not in repr(push)


def test_after_a_restart_the_same_subscription_holds(
    desk: Desk, web: LocalServer, hub: Hub, pushes: PushSettings
) -> None:
    """The hub is not asked again, and its pushes are believed."""
    wire = source(web.serve("/f", offering(hub, 1), offering(hub, 1), offering(hub, 2, 1)))
    with desk.polling(wire, pushes=pushes):
        wait_for(lambda: hub.verified, "the hub's question")
        hub.push(b"nothing new, after all")
        wait_for(lambda: desk.state().polls == 2, "a poll that saves the lease")
    with desk.polling(wire, pushes=pushes):
        wait_for(lambda: answers(pushes), "the port")
        hub.push(b"news")
        wait_for(lambda: desk.state().polls == 3, "the poll that was pushed")
    assert len(hub.asked) == 1
    assert desk.state().pulse.push.pushes == 2


def test_news_of_which_no_push_told_are_tallied(desk: Desk, web: LocalServer, hub: Hub, pushes: PushSettings) -> None:
    """The backup poll finds them."""
    listed = [1]
    wire = source(web.serve("/f", lambda _: offering(hub, *listed)), interval=FAST)
    with desk.polling(wire, pushes=pushes):
        wait_for(lambda: hub.verified, "the hub's question")
        since = desk.state().polls
        wait_for(lambda: desk.state().polls > since + 1, "a poll after it")
        listed.insert(0, 2)
        wait_for(lambda: desk.state().pulse.push.missed, "the miss")
    assert desk.metric('watchdesk_pushes_total{result="missed",source="wire"} 1.0')


def test_a_lease_is_renewed_in_time_while_the_feed_offers_its_hub(
    desk: Desk, web: LocalServer, hub: Hub, pushes: PushSettings
) -> None:
    """By polls that are answered with 304, too; once the feed names no hub any more, not again."""
    hub.lease = 3600  # an hour before its end is its beginning
    tagged = replace(offering(hub, 1), etag='"1"')
    web.serve("/f", tagged)
    wire = source(web.url("/f"), interval=FAST)
    with desk.polling(wire, pushes=pushes):
        wait_for(lambda: desk.state().pulse.push.until, "the lease")
    state = desk.state()
    long_ago = replace(state.pulse.push, asked=now() - ASK_AGAIN)
    record = PollRecord(source_id=wire.id, started=now(), seconds=0.1, outcome="unchanged")
    desk.store.save(replace(state, pulse=replace(state.pulse, push=long_ago)), record)
    with desk.polling(wire, pushes=pushes):
        wait_for(lambda: len(hub.verified) == 2, "the renewal")
    assert desk.state().last_outcome == "not_modified"
    assert hub.asked[0] == hub.asked[1]
    desk.store.save(replace(state, pulse=replace(state.pulse, push=long_ago)), record)
    web.serve("/f", Reply(body=rss(item(2), item(1))))
    polls = state.polls
    with desk.polling(wire, pushes=pushes):
        wait_for(lambda: desk.state().polls > polls and desk.state().last_outcome == "changed", "another feed")
    assert len(hub.asked) == 2


def test_strangers_learn_and_change_nothing(desk: Desk, web: LocalServer, hub: Hub, pushes: PushSettings) -> None:
    """Another address, another topic, another mode; a wish to end it is none of ours."""
    url = web.serve("/f", offering(hub, 1))
    with desk.polling(source(url), pushes=pushes):
        wait_for(lambda: hub.verified, "the hub's question")
        ours = hub.asked[0]["hub.callback"]
        assert hub.push(b"news", callback=f"{pushes.callback}nobody") == 410
        assert hub.verify(f"{pushes.callback}nobody", url)[0] == 404
        assert hub.verify(ours, f"{url}?other")[0] == 404
        assert hub.verify(ours, url, mode="unsubscribe")[0] == 404
        assert urlsplit(ours).path.startswith("/push/")
        assert len(web.asked("/f")) == 1


def test_a_port_that_is_taken_ends_the_poller_with_the_remedy(desk: Desk, web: LocalServer) -> None:
    """Half a desk would be worse."""
    taken = PushSettings(callback="http://127.0.0.1/push", port=web.port)
    with desk.polling(source(web.serve("/f", Reply(body=rss(item(1))))), pushes=taken) as thread:
        thread.join(30)
    (error,) = desk.errors
    assert isinstance(error, ConfigError)
    assert "WATCHDESK_WEBSUB_PORT" in str(error)
