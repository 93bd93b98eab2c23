"""What an address offers: by itself, by what is there, by what a page names."""

from __future__ import annotations

import gzip

import pytest

from connectors.discovery import Candidate, by_address, by_body, in_robots, usual_places
from monitor.types import SourceKind
from tests.support.feeds import STORY, linked_data, live_page, page, rss, update
from tests.support.listings import index, sitemap

HERE = "https://wire.example/world/"


def found(body: bytes, url: str = HERE) -> list[tuple[str, str]]:
    """Kinds and addresses of what a body offers."""
    return [(each.kind.value, each.url) for each in by_body(body, "", url)]


@pytest.mark.parametrize(
    ("address", "kind", "read"),
    [
        ("https://t.me/rian_ru", "telegram", "https://t.me/s/rian_ru"),
        ("https://t.me/s/rian_ru/4711", "telegram", "https://t.me/s/rian_ru"),
        ("https://bsky.app/profile/wire.example", "bluesky", None),
        ("https://bsky.app/profile/wire.example/rss", "bluesky", "https://bsky.app/profile/wire.example"),
        ("https://public.api.bsky.app/xrpc/app.bsky.feed.getAuthorFeed?actor=wire.example", "bluesky", None),
        ("https://api.gdeltproject.org/api/v2/doc/doc?query=kim", "gdelt", None),
        ("https://news.google.com/rss/search?q=kim&hl=en-US&gl=US&ceid=US:en", "google-news", None),
        ("https://social.example/api/v1/accounts/7/statuses", "mastodon", None),
    ],
)
def test_some_addresses_say_what_they_are(address: str, kind: str, read: str | None) -> None:
    candidate = by_address(address)
    assert candidate is not None
    assert (candidate.kind.value, candidate.url) == (kind, read or address)


@pytest.mark.parametrize(
    "address", ["https://wire.example/", "https://bsky.app/", "https://t.me/", "https://news.google.com/"]
)
def test_most_have_to_be_looked_at(address: str) -> None:
    assert by_address(address) is None


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (rss(), "feed"),
        (b'\xef\xbb\xbf {"version": "https://jsonfeed.org/version/1.1", "items": []}', "feed"),
        (sitemap(), "sitemap"),
        (index(), "sitemap"),
        (b'<?xml version="1.0"?><sm:urlset xmlns:sm="http://www.sitemaps.org/schemas/sitemap/0.9"/>', "sitemap"),
        (gzip.compress(sitemap()), "sitemap"),
    ],
)
def test_feeds_and_sitemaps_are_what_they_are(body: bytes, kind: str) -> None:
    assert found(body) == [(kind, HERE)]


@pytest.mark.parametrize("body", [b"", b"{}", b"[1]", b"\x00\xff", b"plain words", b"{" * 5000])
def test_what_is_nothing_offers_nothing(body: bytes) -> None:
    assert found(body) == []


def test_a_page_names_its_feeds() -> None:
    """By link elements first, then by links; relative to its base; those of comments last, each once."""
    head = (
        "<base href='https://cdn.example/deep/'>"
        "<link rel='alternate' type='application/rss+xml' title='Comments' href='/comments/feed/'>"
        "<link rel='stylesheet' href='x.css'><link rel='alternate' hreflang='de' href='/de'>"
        "<link rel='alternate feed' type='application/atom+xml; charset=utf-8' href='atom.xml'>"
        "<link rel='alternate' type='application/feed+json' href='https://wire.example/feed.json'>"
        "<link rel='alternate' type='application/rss+xml' href='javascript:alert(1)'>"
    )
    body = page(head=head, story=[*STORY]).replace(
        b"<footer>", b"<footer><a href='/rss.xml'>RSS</a> <a href='/en/feed/'>Feed</a> <a href='atom.xml'>Atom</a>"
    )
    assert found(body) == [
        ("feed", "https://cdn.example/deep/atom.xml"),
        ("feed", "https://wire.example/feed.json"),
        ("feed", "https://cdn.example/comments/feed/"),
        ("feed", "https://cdn.example/rss.xml"),
        ("feed", "https://cdn.example/en/feed/"),
    ]


def test_live_blogs_and_accounts_are_told_by_their_pages() -> None:
    feed = "<link rel='alternate' type='application/rss+xml' href='/@wire.rss'>"
    account = page(head=f"{feed}<link rel='alternate' type='application/activity+json' href='/users/wire'>")
    assert found(account, "https://social.example/@wire") == [
        ("mastodon", "https://social.example/@wire"),
        ("feed", "https://social.example/@wire.rss"),
    ]
    assert found(page(head=feed), "https://blog.example/@wire") == [("feed", "https://blog.example/@wire.rss")]
    assert found(live_page([update(1)])) == [("liveblog", HERE)]
    assert found(page(head=linked_data({"@type": "NewsArticle"}))) == []


def test_robots_names_sitemaps_of_news() -> None:
    lines = b"User-agent: *\nSitemap: https://wire.example/sitemap.xml\nsitemap: /sitemaps/news.xml\nSITEMAP:ftp://x/news.xml"
    assert in_robots(lines, HERE) == [
        Candidate(kind=SourceKind.SITEMAP, url="https://wire.example/sitemaps/news.xml", because="robots.txt names it")
    ]


def test_the_usual_places_are_at_the_sites_root() -> None:
    places = usual_places(HERE)
    assert {"https://wire.example/feed", "https://wire.example/rss.xml"} <= {each.url for each in places}
    assert {each.kind for each in places} == {SourceKind.FEED, SourceKind.SITEMAP}
    assert len(places) <= 15, "each of them is a request"
