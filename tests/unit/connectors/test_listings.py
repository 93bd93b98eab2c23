"""Channels, accounts and searches: what becomes of their answers, and how more of them is asked for."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from connectors.base import FetchOutcome
from connectors.bluesky import feed_address, parse_author_feed
from connectors.gdelt import SPACING, parse_articles, search_address
from connectors.googlenews import outlet_address, parse_results
from connectors.http import Fetcher
from connectors.mastodon import parse_statuses, statuses_address
from connectors.telegram import channel_address, parse_channel
from monitor.errors import FetchError
from monitor.types import SourceKind, SourceState
from tests.support import listings
from tests.support.feeds import page
from tests.support.httpserver import LocalServer, Reply, local_server
from tests.support.sources import after, clock, connectors, read, source

HERE = "https://t.me/s/wire"

# ---- Telegram -----------------------------------------------------------------------------------------------------


def test_a_post_has_time_text_link_and_headline() -> None:
    """Emoji, emphasis and the post that it replies to change nothing; counts are left out."""
    text = '<i class="emoji"><b>⚡️</b></i><b>Kim arrives</b><br/><br/>He came by <a href="https://x.example">train</a>.'
    quoted = (
        '<a class="tgme_widget_message_reply" href="https://t.me/wire/1"><div class="tgme_widget_message_metatext '
        'js-message_reply_text">Words of another day</div></a>'
    )
    feed = parse_channel(listings.channel(listings.post(7, text, above=quoted)), "", HERE)
    (entry,) = feed.entries
    assert (feed.title, entry.guid, entry.link) == ("The Wire", "wire/7", "https://t.me/wire/7")
    assert (entry.title, entry.text) == ("⚡️Kim arrives", "He came by train.")
    assert (entry.published_raw, entry.author, entry.flags) == ("2025-08-28T05:07:43+00:00", None, ())


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("<b>Kim arrives</b>", ""),  # nothing below: the text is not taken from the item
        ("Kim <b>arrives</b><br>by train", ""),
        ("<b>Kim arrives<br><br></b>by train", "Kim arrives"),
        (f"<b>{'very ' * 80}long</b><br>by train", ""),
    ],
)
def test_only_a_bold_first_line_is_a_headline(text: str, title: str) -> None:
    (entry,) = parse_channel(listings.channel(listings.post(1, text)), "", HERE).entries
    assert entry.title == title
    assert "rain" in entry.text or "arrives" in entry.text


def test_forwards_and_edits_are_told() -> None:
    """The words of others stand under their name."""
    page = listings.channel(
        listings.post(1, "Taken over.", above=listings.forwarded("Other Agency", "https://t.me/other/9")),
        listings.post(2, "Corrected.", meta="edited &nbsp;"),
    )
    edited, handed_on = parse_channel(page, "", HERE).entries
    assert (handed_on.author, handed_on.flags) == ("Other Agency", ("forwarded",))
    assert (edited.author, edited.flags) == (None, ("edited",))


def test_posts_without_words_and_words_of_telegram_are_no_items() -> None:
    service = listings.post(3, "The Wire pinned «Kim arrives»").replace('js-widget_message"', 'service_message"', 1)
    poll = listings.post(4, None, above='<div class="tgme_widget_message_poll_question">Will he come?</div>')
    feed = parse_channel(listings.channel(listings.post(1, None), service, poll), "", HERE)
    assert [(entry.guid, entry.text) for entry in feed.entries] == [("wire/4", "Will he come?")]
    assert feed.skipped == 0


def test_where_no_channel_is_shown_is_no_success() -> None:
    """A group, a person and a name that nobody has lead to a card with a button."""
    card = b"<html><head><title>Telegram: Contact @nobody</title></head><body><div class=tgme_page></div></body></html>"
    with pytest.raises(FetchError, match="no public channel") as caught:
        parse_channel(card, "text/html", "https://t.me/nobody")
    assert caught.value.outcome == FetchOutcome.NOT_A_FEED
    assert parse_channel(listings.channel(), "", HERE).entries == (), "one that has said nothing yet is one"


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ("https://t.me/wire", "https://t.me/s/wire"),
        ("http://telegram.me/wire/123", "https://t.me/s/wire"),
        ("https://t.me/s/wire?q=kim", "https://t.me/s/wire?q=kim"),
        ("https://mirror.example/s/wire", "https://mirror.example/s/wire"),
    ],
)
def test_a_channel_is_known_by_any_of_its_addresses(given: str, asked: str) -> None:
    assert channel_address(given) == asked
    assert channel_address(asked) == asked


async def test_what_a_flood_has_pushed_off_the_page_is_read_as_well(web: LocalServer) -> None:
    """Older pages are read until something known comes up, and no page more."""
    wire = source(web.url("/s/wire"), SourceKind.TELEGRAM)
    web.serve("/s/wire", Reply(body=listings.channel(listings.post(1, "One"), before=1)))
    first = await read(wire)
    assert len(web.requests) == 1, "a new source's past is not dug up"
    web.serve("/s/wire", Reply(body=listings.channel(listings.post(5, "Five"), listings.post(6, "Six"), before=5)))
    web.serve("/s/wire?before=5", Reply(body=listings.channel(listings.post(3, "Three"), before=3)))
    web.serve("/s/wire?before=3", Reply(body=listings.channel(listings.post(1, "One"), before=1)))
    second = await read(wire, after(first))
    assert [item.text for item in second.items] == ["Three", "Five", "Six"]
    assert not web.asked("/s/wire?before=1")


async def test_an_old_post_that_is_brought_up_again_does_not_hide_a_gap(web: LocalServer) -> None:
    """One that is known among new ones does not prove that nothing came between them."""
    account = source(web.url("/xrpc"), SourceKind.BLUESKY)
    old = listings.view(1, "One")
    web.serve("/xrpc", Reply(body=listings.author_feed([old, listings.view(0, "Zero")])))
    first = await read(account)
    again = old | {"reason": {"$type": "app.bsky.feed.defs#reasonRepost"}}
    web.serve(
        "/xrpc", Reply(body=listings.author_feed([listings.view(9, "Nine"), again, listings.view(8, "Eight")], "c"))
    )
    web.serve("/xrpc?cursor=c", Reply(body=listings.author_feed([listings.view(5, "Five"), old])))
    second = await read(account, after(first))
    assert [item.text for item in second.items] == ["Five", "Eight", "Nine"]


async def test_an_older_page_that_fails_costs_the_newest_nothing(web: LocalServer) -> None:
    wire = source(web.url("/s/wire"), SourceKind.TELEGRAM)
    state = replace(SourceState(source_id="wire"), polls=3, seen_items={"wire/1": "x"})
    web.serve("/s/wire", Reply(body=listings.channel(listings.post(5, "Five"), before=5)))
    web.serve("/s/wire?before=5", Reply(status=500))
    result = await read(wire, state)
    assert [item.text for item in result.items] == ["Five"]
    assert "what is older could not be read" in result.message


# ---- Bluesky ------------------------------------------------------------------------------------------------------


def test_a_post_of_an_account() -> None:
    """The page that it links to, which its author attached, is part of what it says."""
    card = {"$type": "app.bsky.embed.external", "external": {"uri": "https://w.example/1", "title": "Kim arrives"}}
    feed = parse_author_feed(
        listings.author_feed([listings.view(1, "Now:", embed=card)], "c1"), "", "https://a.example/x?actor=w"
    )
    (entry,) = feed.entries
    assert (feed.title, entry.author, entry.language) == ("The Wire", "The Wire", "en")
    assert entry.link == "https://bsky.app/profile/did:plc:wire/post/3k1"
    assert (entry.text, entry.published_raw) == ("Now:\n\nKim arrives", "2025-08-28T05:01:00.000Z")
    assert feed.older == "https://a.example/x?actor=w&cursor=c1"


def test_a_repost_is_its_authors() -> None:
    view = listings.reposted(listings.view(1, "Kim arrives"))
    feed = parse_author_feed(listings.author_feed([view]), "", "https://a.example")
    assert (feed.entries[0].author, feed.entries[0].flags) == ("Other Agency", ("forwarded",))
    assert feed.title == "", "it does not give the account its name"


def test_a_profile_is_asked_for_at_the_public_interface() -> None:
    asked = feed_address("https://bsky.app/profile/wire.example")
    assert asked.startswith("https://public.api.bsky.app/xrpc/app.bsky.feed.getAuthorFeed?actor=wire.example&")
    assert feed_address(asked) == asked


# ---- Mastodon -----------------------------------------------------------------------------------------------------


async def test_a_profile_is_looked_up_once_and_then_asked_by_number(web: LocalServer) -> None:
    web.serve("/api/v1/accounts/lookup", Reply(body=b'{"id": "7", "acct": "wire"}'))
    web.serve(
        "/api/v1/accounts/7/statuses", Reply(body=json.dumps([listings.status(1, "Kim <b>arrives</b>")]).encode())
    )
    wire = source(web.url("/@wire"), SourceKind.MASTODON)
    async with Fetcher(clock=clock) as fetcher:
        connector = connectors(fetcher)[SourceKind.MASTODON]
        result = await connector.fetch(wire, SourceState(source_id="wire"))
        await connector.fetch(wire, after(result))
    assert [(item.text, item.key) for item in result.items] == [
        ("Kim arrives", "https://social.example/users/wire/statuses/1")
    ]
    assert [request.path.partition("?")[0].rpartition("/")[2] for request in web.requests] == [
        "lookup",
        "statuses",
        "statuses",
    ]


async def test_an_account_that_nobody_has_is_an_error(web: LocalServer) -> None:
    web.serve("/api/v1/accounts/lookup", Reply(body=b"{}"))
    with pytest.raises(FetchError, match="names no account"):
        await read(source(web.url("/@nobody"), SourceKind.MASTODON))


def test_boosts_edits_and_warnings() -> None:
    boosted = listings.status(2, "Kim arrives", account={"acct": "other@b.example", "display_name": ""})
    statuses = [
        listings.status(3, "", reblog=boosted),
        listings.status(1, "Corrected", edited_at="2025-08-28T06:00:00.000Z", spoiler_text="Politics"),
    ]
    feed = parse_statuses(json.dumps(statuses).encode(), "", "https://s.example/api/v1/accounts/7/statuses?limit=40")
    handed_on, edited = feed.entries
    assert (handed_on.author, handed_on.text, handed_on.flags) == ("other@b.example", "Kim arrives", ("forwarded",))
    assert (edited.title, edited.updated_raw) == ("Politics", "2025-08-28T06:00:00.000Z")
    assert (feed.title, feed.older) == (
        "The Wire",
        "https://s.example/api/v1/accounts/7/statuses?limit=40&max_id=110001",
    )
    assert statuses_address("https://s.example/tags/kim") == "https://s.example/api/v1/timelines/tag/kim?limit=40"


# ---- GDELT --------------------------------------------------------------------------------------------------------


def test_gdelts_articles_have_no_date_of_publication() -> None:
    """When GDELT came by an article says nothing of that; blanks before marks are its own."""
    body = json.dumps({"articles": [listings.article(1, "Kim arrives , he says : \\'yes\\'")]}).replace("\\\\'", "\\'")
    (entry,) = parse_articles(body.encode(), "", "https://g.example").entries
    assert (entry.title, entry.language, entry.author) == ("Kim arrives, he says: 'yes'", "en", "outlet.example")
    assert (entry.published_raw, entry.link) == (None, "https://outlet.example/1")


def test_gdelts_refusals_in_words_are_errors() -> None:
    """They come with status 200; nothing found is none."""
    for words, outcome in (
        ("Please limit requests to one every 5 seconds or contact ...", FetchOutcome.RATE_LIMITED),
        ("Your query was too short or too long.", FetchOutcome.NOT_A_FEED),
    ):
        with pytest.raises(FetchError, match=words[:20]) as caught:
            parse_articles(words.encode(), "text/html", "https://g.example")
        assert caught.value.outcome == outcome
    assert parse_articles(b"{}", "", "https://g.example").entries == ()


def test_gdelt_is_asked_for_a_list_the_newest_first() -> None:
    asked = search_address("https://api.gdeltproject.org/api/v2/doc/doc?query=kim&mode=timelinevol&maxrecords=50")
    assert asked.partition("?")[2] == "sort=datedesc&maxrecords=50&timespan=1d&query=kim&mode=artlist&format=json"


async def test_searches_keep_a_distance_of_their_own(web: LocalServer) -> None:
    """Two searches at one host are ten seconds apart, whatever the settings say."""
    web.serve("/x", Reply(body=b"{}"))
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    async with Fetcher(clock=clock, monotonic=lambda: 0.0, sleep=sleep) as fetcher:
        for query in ("a", "b"):
            wire = source(web.url(f"/x?query={query}"), SourceKind.GDELT)
            await connectors(fetcher)[SourceKind.GDELT].fetch(wire, SourceState(source_id="wire"))
    assert waited == [SPACING]


async def test_a_refusal_in_words_holds_for_all_searches_at_the_host(web: LocalServer) -> None:
    web.serve("/x", Reply(body=b"Please limit requests to one every 5 seconds"))
    async with Fetcher(clock=clock, monotonic=lambda: 0.0, sleep=at_once) as fetcher:
        for query in ("a", "b"):
            wire = source(web.url(f"/x?query={query}"), SourceKind.GDELT)
            with pytest.raises(FetchError) as caught:
                await connectors(fetcher)[SourceKind.GDELT].fetch(wire, SourceState(source_id="wire"))
            assert (caught.value.outcome, caught.value.retry_after) == (FetchOutcome.RATE_LIMITED, 900)
    assert len(web.requests) == 1


# ---- Google News --------------------------------------------------------------------------------------------------


def test_results_are_the_outlets_headlines() -> None:
    """The outlet is told from the headline; the list of what others say is not this item's text."""
    held = "https://outlet.example/2025/kim?a=1&b=2"
    opaque = "https://news.google.com/rss/articles/CBMiAU_yqL0pq?oc=5"
    older = f"https://news.google.com/rss/articles/{listings.packed(held)}?oc=5"
    feed = parse_results(
        listings.results(
            {"title": "Kim - at last - arrives", "outlet": "The Korea Herald", "link": opaque, "guid": "CBMiAU_yqL0pq"},
            {"title": "Kim leaves", "outlet": "Outlet", "link": older, "guid": "CBMiOld"},
        ),
        "application/xml",
        "https://news.google.com/rss/search?q=kim",
    )
    first, second = feed.entries
    assert (first.title, first.author, first.text) == ("Kim - at last - arrives", "The Korea Herald", "")
    assert (first.guid, first.link) == ("CBMiAU_yqL0pq", opaque), "the opaque link stays, and is what it is known by"
    assert (second.guid, second.link) == ("CBMiOld", held)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "CBMi",
        "CBMi!",
        "CBMi" + "A" * 400,
        listings.packed("javascript:alert(1)"),
        listings.packed("https://a.example")[:12],
    ],
)
def test_a_link_that_holds_no_address_is_left_alone(name: str) -> None:
    assert outlet_address(f"https://news.google.com/rss/articles/{name}?oc=5") is None


def test_a_long_address_in_a_link_is_read() -> None:
    address = "https://outlet.example/" + "a" * 200
    assert outlet_address(f"https://news.google.com/rss/articles/{listings.packed(address)}") == address


async def at_once(_seconds: float) -> None:
    """Waits for nothing."""


async def test_opaque_links_lead_on_where_both_sites_allow_it(web: LocalServer) -> None:
    """The item keeps its identity, and its address becomes the outlet's; else the link stays as it is."""
    with local_server() as outlet:
        outlet.serve("/robots.txt", Reply(body=b"User-agent: *\nDisallow: /closed/"))
        outlet.serve("/story", Reply(body=page("Leaders meet")))
        outlet.serve("/closed/story", Reply(body=page("Leaders meet")))
        web.serve("/robots.txt", Reply(status=404))
        ways = {"a": outlet.url("/story"), "b": outlet.url("/closed/story")}
        for name, way in ways.items():
            web.serve(f"/rss/articles/CBMi{name}", Reply(status=302, headers={"Location": way}))
        web.serve("/rss/articles/CBMic", Reply(body=page("Google News")))  # a page that leads on by a script
        found = [
            {
                "title": f"Headline {name}",
                "outlet": "Outlet",
                "link": web.url(f"/rss/articles/CBMi{name}"),
                "guid": name,
            }
            for name in "abc"
        ]
        web.serve("/rss/search", Reply(body=listings.results(*found)))
        wire = replace(source(web.url("/rss/search"), SourceKind.GOOGLE_NEWS), fetch_article=True)
        async with Fetcher(clock=clock, monotonic=lambda: 0.0, sleep=at_once) as fetcher:
            result = await connectors(fetcher)[SourceKind.GOOGLE_NEWS].fetch(wire, SourceState(source_id="wire"))
        items = {item.key: item for item in result.items}
        assert not outlet.asked("/closed/story"), "nobody is asked whose robots.txt forbids it"
    assert items["a"].url == ways["a"]
    assert "first such meeting in six years" in items["a"].text
    for name in "bc":
        assert (items[name].url, items[name].text) == (web.url(f"/rss/articles/CBMi{name}"), "")
        assert items[name].flags == ("summary_only",)
    assert {item.title for item in items.values()} == {"Headline a", "Headline b", "Headline c"}
