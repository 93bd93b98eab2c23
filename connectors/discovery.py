"""What an address offers to be read: told from the address itself, from what is there, and from what a page names.

Feeds are named by `link rel=alternate` (html.spec.whatwg.org, 4.6.7.1 and 4.6.7.2), else linked to; sitemaps by
robots.txt (sitemaps.org).  Where a page names nothing, the paths are tried at which most systems keep their feeds.
Candidates only: whoever asks reads them before he believes them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from lxml import html

from connectors.bluesky import feed_address
from connectors.jsonld import linked_data
from connectors.markup import is_feed_root, is_html, page_tree
from connectors.mastodon import PROFILE, TAG
from connectors.parsed import web_link
from connectors.telegram import HOSTS, channel_address
from connectors.text import one_line
from monitor.errors import FetchError
from monitor.types import SourceKind

MOST_LINKS = 20  # candidates that one page may name
_FEED_TYPES = frozenset(
    ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml", "text/xml")
)
_FEED_LINK = re.compile(
    r"(?:/(?:rss|feeds?|atom)/?$|\.(?:rss|atom|rdf)$|(?:rss|atom|feed)[\w-]*\.(?:xml|json|php)$)", re.IGNORECASE
)
_SITEMAP_LINE = re.compile(r"^\s*sitemap\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_COMMENTS = re.compile(r"comment|kommentar|comentario|commentaire", re.IGNORECASE)
# Where WordPress, Arc, Ghost, Jekyll, Hugo, Blogger, Drupal and most of what publishers built themselves have it.
_PATHS = (
    "/feed",
    "/rss",
    "/rss.xml",
    "/feed.xml",
    "/atom.xml",
    "/index.xml",
    "/feed.json",
    "/feeds/posts/default",
    "/arc/outboundfeeds/rss/?outputType=xml",
)
_SITEMAP_PATHS = ("/news-sitemap.xml", "/sitemap-news.xml", "/sitemap_news.xml", "/sitemaps/news.xml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Something that may be read, and how it was come by."""

    kind: SourceKind
    url: str
    because: str


def by_address(address: str) -> Candidate | None:
    """What an address is by itself, where its host says so."""
    parts = urlsplit(address)
    host, path = (parts.hostname or "").removeprefix("www."), parts.path
    if parts.hostname in HOSTS and path.strip("/"):
        return _candidate(SourceKind.TELEGRAM, channel_address(address), "a channel on Telegram")
    if host == "bsky.app" and feed_address(address) != address:
        return _candidate(SourceKind.BLUESKY, address.removesuffix("/rss"), "an account on Bluesky")
    if path == "/xrpc/app.bsky.feed.getAuthorFeed":
        return _candidate(SourceKind.BLUESKY, address, "the public interface of Bluesky")
    if host == "api.gdeltproject.org" and path == "/api/v2/doc/doc":
        return _candidate(SourceKind.GDELT, address, "GDELT's DOC API")
    if host == "news.google.com" and path.startswith("/rss"):
        return _candidate(SourceKind.GOOGLE_NEWS, address, "a feed of Google News")
    if re.match(r"^/api/v1/(?:accounts/\d+/statuses|timelines/tag/[^/]+)$", path):
        return _candidate(SourceKind.MASTODON, address, "Mastodon's public interface")
    return None


def by_body(body: bytes, content_type: str, url: str) -> list[Candidate]:
    """What is there itself, else what the page names, the likeliest first."""
    start = body[:2000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if is_feed_root(body) or _is_json_feed(body):
        return [_candidate(SourceKind.FEED, url, "the address itself")]
    if start.startswith(b"\x1f\x8b") or re.search(rb"<(?:\w+:)?(?:urlset|sitemapindex)\b", start):
        return [_candidate(SourceKind.SITEMAP, url, "the address itself")]
    if not is_html(body):
        return []
    try:
        tree = page_tree(body, content_type, url)
    except FetchError:
        return []
    return list(_in_page(tree, url))[:MOST_LINKS]


def in_robots(body: bytes, url: str) -> list[Candidate]:
    """Sitemaps that robots.txt names, those of news only: others list all that a site ever had."""
    lines = (match[1] for match in _SITEMAP_LINE.finditer(body.decode("utf-8", "replace")))
    links = dict.fromkeys(filter(None, (web_link(line, url) for line in lines)))
    return [_candidate(SourceKind.SITEMAP, each, "robots.txt names it") for each in links if "news" in each.lower()][:5]


def usual_places(url: str) -> list[Candidate]:
    """Where sites keep their feeds and news sitemaps when they do not say so."""
    feeds = [_candidate(SourceKind.FEED, urljoin(url, path), "a usual place of feeds") for path in _PATHS]
    maps = [_candidate(SourceKind.SITEMAP, urljoin(url, path), "a usual place of sitemaps") for path in _SITEMAP_PATHS]
    return feeds + maps


def the_page_itself(url: str) -> Candidate:
    """The page as one article that is watched for edits."""
    return _candidate(SourceKind.PAGE, url, "an article, to be watched for edits")


def _in_page(tree: html.HtmlElement, url: str) -> Iterable[Candidate]:
    base = urljoin(url, str(next(iter(tree.xpath("//base/@href")), "")))
    alternates = tree.xpath("//link[@href and contains(concat(' ', normalize-space(@rel), ' '), ' alternate ')]")
    path = urlsplit(url).path
    if (PROFILE.match(path) or TAG.match(path)) and _speaks_activitypub(tree, alternates):
        yield _candidate(SourceKind.MASTODON, url, "an account or hashtag on Mastodon")
    if any(linked_data(tree).of_type("LiveBlogPosting")):
        yield _candidate(SourceKind.LIVEBLOG, url, "the page is marked as a live blog")
    named = [
        (str(link.get("href")), one_line(link.get("title") or ""))
        for link in alternates
        if (link.get("type") or "").partition(";")[0].strip().lower() in _FEED_TYPES
    ]
    yield from _feeds(named, base, "the page names it")
    linked = [
        (str(link.get("href")), one_line(link.text_content()))
        for link in tree.iter("a")
        if link.get("href") and _FEED_LINK.search(urlsplit(str(link.get("href"))).path)
    ]
    yield from _feeds([each for each in linked if each[0] not in dict(named)], base, "the page links to it")


def _feeds(links: Sequence[tuple[str, str]], base: str, because: str) -> Iterable[Candidate]:
    """Feeds in the page's order, those of comments last."""
    for href, title in sorted(links, key=lambda link: _COMMENTS.search(f"{link[0]} {link[1]}") is not None):
        address = web_link(href, base)
        if address is not None:
            yield _candidate(SourceKind.FEED, address, f"{because}: {title}" if title else because)


def _speaks_activitypub(tree: html.HtmlElement, alternates: Sequence[html.HtmlElement]) -> bool:
    types = {(link.get("type") or "").lower() for link in alternates}
    return "application/activity+json" in types or bool(tree.xpath("//*[@id='mastodon' or @id='initial-state']"))


def _is_json_feed(body: bytes) -> bool:
    try:
        value = json.loads(body) if body[:200].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") else None
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) and "jsonfeed.org" in str(value.get("version", ""))


def _candidate(kind: SourceKind, url: str, because: str) -> Candidate:
    return Candidate(kind=kind, url=url, because=because)
