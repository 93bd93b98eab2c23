"""WebSub: what a feed offers, which pushes are believed, when a hub is asked, and how far it is relied on."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.hints import Offer
from connectors.websub import (
    BACKUP,
    LEASE,
    LONGEST_LEASE,
    PROVEN,
    asked,
    backup,
    must_ask,
    offer,
    polled,
    pushed,
    signed,
    verified,
)
from monitor.sourcememory import Push
from tests.support.sources import NOW

URL = "https://news.example/feed"
HUB, TOPIC = "https://hub.example/", "https://news.example/feed.xml"
OFFER = Offer(hub=HUB, topic=TOPIC)
HOUR = timedelta(hours=1)
FRESH = asked(Push(), OFFER, NOW, token="token", secret="secret")
ACTIVE = verified(FRESH, "864000", NOW)


@pytest.mark.parametrize(
    ("head", "headers", "found"),
    [
        (f'<link rel="hub" href="{HUB}"/><link rel="self" href="{TOPIC}"/>', {}, OFFER),
        (f"<atom:link href='{TOPIC}' rel='self' /><atom:link rel='hub' href='{HUB}'/>", {}, OFFER),
        (f'<link rel="hub" href="{HUB}"/>', {}, Offer(hub=HUB, topic=URL)),
        (f'<link rel="hub" href="{HUB}"/><link rel="self" href="/other?a=1&amp;b=2"/>', {}, None),
        (f'<link rel="self" href="{TOPIC}"/>', {}, None),
        ('<link rel="hub" href="file:///etc/passwd"/>', {}, None),
        ("", {"link": f'<{HUB}>; rel="hub", <{TOPIC}>; rel="self"'}, OFFER),
        ("", {"link": f'<{HUB}>;rel=hub,<{TOPIC}>;title="a, b";rel="self alternate"'}, OFFER),
        ('<link rel="hub" href="https://other.example/"/>', {"link": f"<{HUB}>; rel=hub"}, Offer(hub=HUB, topic=URL)),
        ("<link>https://news.example/</link>", {"link": "</style.css>; rel=preload"}, None),
    ],
)
def test_a_hub_is_found_in_the_header_or_the_head(head: str, headers: dict[str, str], found: Offer | None) -> None:
    """The header goes first; without `self` the address that was read is the topic; only the web counts."""
    if found is None and "/other" in head:
        found = Offer(hub=HUB, topic="https://news.example/other?a=1&b=2")
    body = f'<feed xmlns="x">{head}<entry><link rel="hub" href="https://evil.example/"/></entry></feed>'
    assert offer(body.encode(), headers, URL) == found


@settings(max_examples=50)
@given(st.binary(max_size=100).map(lambda junk: b"<feed><link " + junk + b">"), st.text(max_size=50))
def test_nothing_in_a_head_breaks_it(body: bytes, header: str) -> None:
    """What is no link is none."""
    found = offer(body, {"link": header}, URL)
    assert found is None or found.hub


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "sha384", "sha512"])
def test_a_push_is_believed_when_its_signature_is_right(algorithm: str) -> None:
    """By any algorithm of the recommendation, and by no other."""
    body = "뉴스".encode()
    right = hmac.new(b"secret", body, getattr(hashlib, algorithm)).hexdigest()
    assert signed(body, f"{algorithm}={right}", "secret")
    assert signed(body, f"{algorithm.upper()}={right.upper()}", "secret")
    assert not signed(body + b" ", f"{algorithm}={right}", "secret")
    assert not signed(body, f"{algorithm}={right}", "another")
    assert not signed(body, f"{algorithm}={right[:-1]}", "secret")


@pytest.mark.parametrize("header", [None, "", "sha256", "sha256=", "md5=00", "new=00", "sha256=é", "=", "sha1=0"])
def test_a_push_without_a_signature_that_can_be_read_is_not_believed(header: str | None) -> None:
    assert not signed(b"", header, "secret")


def test_a_hub_is_asked_at_first_and_before_the_lease_ends() -> None:
    """And after six hours without an answer, not in between."""
    assert must_ask(Push(), OFFER, NOW)
    assert not must_ask(FRESH, OFFER, NOW + 5 * HOUR)
    assert must_ask(FRESH, OFFER, NOW + 6 * HOUR)
    assert not must_ask(ACTIVE, OFFER, NOW + timedelta(days=7))
    assert must_ask(ACTIVE, OFFER, NOW + timedelta(days=8))
    assert must_ask(ACTIVE, OFFER, NOW + timedelta(days=11))


def test_another_hub_or_topic_begins_anew() -> None:
    """Under another address and with another secret; asking the same again keeps both."""
    other = Offer(hub="https://hub2.example/", topic=TOPIC)
    assert must_ask(ACTIVE, other, NOW + 7 * HOUR)
    again = asked(ACTIVE, other, NOW, token="t2", secret="s2")
    assert (again.hub, again.token, again.secret, again.until) == (other.hub, "t2", "s2", None)
    renewed = asked(ACTIVE, OFFER, NOW + HOUR, token="t2", secret="s2")
    assert (renewed.token, renewed.secret, renewed.until) == ("token", "secret", ACTIVE.until)


@pytest.mark.parametrize(
    ("said", "lease"),
    [("3600", HOUR), ("", LEASE), ("0", LEASE), ("-5", LEASE), ("soon", LEASE), ("9" * 30, LONGEST_LEASE)],
)
def test_a_lease_is_what_the_hub_says_within_reason(said: str, lease: timedelta) -> None:
    assert verified(FRESH, said, NOW).until == NOW + lease


def test_news_that_no_push_told_of_are_missed() -> None:
    """While the hub has promised pushes; not those from before, and not those that one told of."""
    last, now = NOW + HOUR, NOW + 2 * HOUR
    assert polled(ACTIVE, news=True, before=last, now=now).missed == 1
    assert polled(ACTIVE, news=False, before=last, now=now).missed == 0
    assert polled(pushed(ACTIVE, last), news=True, before=last, now=now).missed == 0
    assert polled(FRESH, news=True, before=last, now=now).missed == 0
    assert polled(ACTIVE, news=True, before=NOW - HOUR, now=now).missed == 0
    assert polled(ACTIVE, news=True, before=last, now=NOW + timedelta(days=20)).missed == 0


def test_a_hub_that_has_proven_itself_leaves_an_hourly_poll() -> None:
    """Until it misses something once; a push whose news are not there yet is looked for at the usual pace."""
    usual, last, now = timedelta(minutes=5), NOW + HOUR, NOW + 2 * HOUR
    proven = ACTIVE
    for number in range(PROVEN):
        assert backup(usual, proven, news=False, before=last, now=now) == usual
        proven = pushed(proven, NOW + timedelta(minutes=number))
    assert backup(usual, proven, news=False, before=last, now=now) == BACKUP
    assert backup(2 * BACKUP, proven, news=False, before=last, now=now) == 2 * BACKUP
    assert backup(usual, pushed(proven, last), news=False, before=last, now=now) == usual
    assert backup(usual, pushed(proven, last), news=True, before=last, now=now) == BACKUP
    missed = polled(proven, news=True, before=last, now=now)
    assert (missed.missed, missed.pushes) == (1, PROVEN)
    assert backup(usual, missed, news=False, before=now, now=now) == usual
    assert backup(usual, replace(proven, until=NOW), news=False, before=last, now=now) == usual
