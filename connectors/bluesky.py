"""Bluesky: what an account says in public, by `app.bsky.feed.getAuthorFeed` of the AT Protocol, which needs no key.

Its shape is in the lexicons `app.bsky.feed.getAuthorFeed` and `app.bsky.feed.defs` (docs.bsky.app).  Replies are not
asked for.  A reposted post keeps its own identity, author and date; its author's name stands with it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from connectors.base import FetchOutcome
from connectors.items import FORWARDED
from connectors.jsonapi import list_at, loaded, member, text_at
from connectors.parsed import LONGEST_GUID, Entry, ParsedFeed, collect, language_code, web_link
from connectors.text import one_line, text_of
from monitor.errors import FetchError

API = "https://public.api.bsky.app/xrpc/app.bsky.feed.getAuthorFeed"  # the public AppView: no login
AT_ONCE = 50  # posts a page, of 100 at most
PAGES = 4
_PROFILE = re.compile(r"^/profile/([^/]+)(?:/(?:rss|post/.*)?)?$")
_REPOST = "app.bsky.feed.defs#reasonRepost"
_POST_URI = re.compile(r"^at://([^/]+)/app\.bsky\.feed\.post/([^/]+)$")


def feed_address(address: str) -> str:
    """The address to ask: that of a profile on bsky.app becomes the interface's; others stay as they are."""
    parts = urlsplit(address)
    match = _PROFILE.match(parts.path)
    if parts.hostname not in ("bsky.app", "www.bsky.app") or match is None:
        return address
    asked = {"actor": match[1], "filter": "posts_no_replies", "limit": str(AT_ONCE)}
    return f"{API}?{urlencode(asked)}"


def parse_author_feed(body: bytes, _content_type: str, url: str) -> ParsedFeed:
    """The account's posts, the newest first. Raises FetchError: not_a_feed."""
    answer = loaded(body, url)
    if not isinstance(member(answer, "feed"), list):
        raise FetchError(FetchOutcome.NOT_A_FEED, f"{url}: JSON, but no author feed: it has no list `feed`")
    feed = list_at(answer, "feed")
    return replace(
        collect(feed, _entry), title=_owner(feed), older=_next_page(url, text_at(answer, "cursor")) if feed else None
    )


def _entry(view: Mapping[str, Any]) -> Entry:
    post, record = view["post"], view["post"]["record"]
    uri = text_at(post, "uri")
    author = text_at(post, "author", "displayName") or text_at(post, "author", "handle")
    return Entry(
        guid=one_line(uri, LONGEST_GUID) or None,
        link=_post_link(uri),
        text="\n\n".join(filter(None, (text_of(text_at(record, "text"), html=False), _card(record)))),
        author=one_line(author) or None,
        language=language_code(*list_at(record, "langs")),
        published_raw=one_line(text_at(record, "createdAt")) or None,
        flags=(FORWARDED,) if _is_repost(view) else (),
    )


def _card(record: Mapping[str, Any]) -> str:
    """Headline and summary of the page that the post links to, which its author attached; they stay as they are."""
    lines = (text_at(record, "embed", "external", name) for name in ("title", "description"))
    return "\n\n".join(filter(None, (text_of(line, html=False) for line in lines)))


def _post_link(uri: str) -> str | None:
    """Where people read the post, by the account's identity, which outlives its handle."""
    match = _POST_URI.match(uri)
    return web_link(f"https://bsky.app/profile/{match[1]}/post/{match[2]}", "") if match else None


def _owner(feed: Any) -> str:
    """The account's name as its own posts have it."""
    for view in feed:
        if not _is_repost(view):
            author = member(view, "post", "author")
            return one_line(text_at(author, "displayName") or text_at(author, "handle"))
    return ""


def _is_repost(view: object) -> bool:
    return text_at(view, "reason", "$type") == _REPOST


def _next_page(url: str, cursor: str) -> str | None:
    if not cursor:
        return None
    parts = urlsplit(url)
    asked = parse_qs(parts.query) | {"cursor": [cursor]}
    return parts._replace(query=urlencode(asked, doseq=True)).geturl()
