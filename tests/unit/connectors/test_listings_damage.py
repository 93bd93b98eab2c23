"""Damaged answers of channels, accounts, searches and sitemaps: entries or a refusal, never anything else."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.addresses import is_web_url
from connectors.base import FetchOutcome
from connectors.bluesky import parse_author_feed
from connectors.gdelt import parse_articles
from connectors.googlenews import parse_results
from connectors.mastodon import parse_statuses
from connectors.parsed import ParsedFeed
from connectors.sitemapformat import Reading, read_sitemap
from connectors.telegram import parse_channel
from monitor.errors import FetchError
from tests.support import listings
from tests.support.sources import NOW

MOLESTED = [
    b"",
    b"{}",
    b"[]",
    b"null",
    b"[1]",
    b'{"feed": [1, {"post": 3}], "articles": [{}, 7, {"url": 3}]}',
    b"\xff\xfe",
    b"<html>",
]


def outcome_of(parse: Callable[[bytes, str, str], ParsedFeed], body: bytes) -> str:
    """The refusal's outcome, or what was found, as a reader would see it."""
    try:
        return "".join(
            f"{entry.title} {entry.text} {entry.link}" for entry in parse(body, "", "https://a.example").entries
        )
    except FetchError as error:
        return error.outcome


@pytest.mark.parametrize("body", MOLESTED, ids=repr)
@pytest.mark.parametrize("parse", [parse_channel, parse_author_feed, parse_statuses, parse_articles, parse_results])
def test_no_answer_breaks_a_parser_or_makes_it_invent(
    parse: Callable[[bytes, str, str], ParsedFeed], body: bytes
) -> None:
    assert outcome_of(parse, body) in ("", FetchOutcome.NOT_A_FEED, FetchOutcome.PARSE_ERROR)


def read_map(body: bytes, _content_type: str, url: str) -> ParsedFeed:
    """A sitemap's articles."""
    return read_sitemap(body, url, Reading(now=NOW)).feed


SAMPLES: dict[str, tuple[Callable[[bytes, str, str], ParsedFeed], bytes]] = {
    "telegram": (
        parse_channel,
        listings.channel(*(listings.post(n, f"<b>Headline {n}</b><br>Text &amp; of {n}") for n in range(1, 4))),
    ),
    "bluesky": (parse_author_feed, listings.author_feed([listings.view(n, f"Text of {n}") for n in range(3)])),
    "mastodon": (parse_statuses, json.dumps([listings.status(n, f"Text of {n}") for n in range(3)]).encode()),
    "gdelt": (
        parse_articles,
        json.dumps({"articles": [listings.article(n, f"Headline {n}") for n in range(3)]}).encode(),
    ),
    "sitemap": (read_map, listings.sitemap(*(listings.address(n, f"Headline {n}") for n in range(3)))),
}


def found_in(name: str, body: bytes) -> ParsedFeed | None:
    """What a parser makes of a body, or None where it refuses it as it should."""
    try:
        return SAMPLES[name][0](body, "", "https://a.example/x")
    except FetchError:
        return None


@settings(max_examples=60, deadline=None)
@given(name=st.sampled_from(sorted(SAMPLES)), share=st.floats(0, 1))
def test_what_is_cut_off_anywhere_lists_nothing_that_was_not_there(name: str, share: float) -> None:
    whole = SAMPLES[name][1]
    all_of_it = found_in(name, whole)
    assert all_of_it is not None
    assert len(all_of_it.entries) == 3
    cut = found_in(name, whole[: int(share * len(whole))])
    there = {(entry.guid, entry.link) for entry in all_of_it.entries}
    assert cut is None or {(entry.guid, entry.link) for entry in cut.entries} <= there


@settings(max_examples=150, deadline=None)
@given(
    name=st.sampled_from(sorted(SAMPLES)),
    changes=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 12), st.binary(max_size=6)), min_size=1, max_size=6),
)
def test_no_damage_breaks_a_parser(name: str, changes: list[tuple[float, int, bytes]]) -> None:
    """Whatever is left out or put in: entries or a refusal, never anything else."""
    body = SAMPLES[name][1]
    for share, length, put_in in changes:
        at = int(share * len(body))
        body = body[:at] + put_in + body[at + length :]
    feed = found_in(name, body)
    assert feed is None or all(entry.link is None or is_web_url(entry.link) for entry in feed.entries)
