"""Mastodon and what speaks its interface: what an account, or a hashtag, says in public.

`GET /api/v1/accounts/:id/statuses` and `/api/v1/timelines/tag/:tag` need no key where the instance allows it
(docs.joinmastodon.org/methods); a profile's address is looked up once.  An instance that answers strangers with 401 or
403 still has an RSS feed at the profile's address with `.rss`, which is read as kind `feed`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from connectors.articles import Articles
from connectors.base import FetchOutcome, FetchResult
from connectors.feed import FeedConnector, Form
from connectors.http import Fetcher
from connectors.items import FORWARDED
from connectors.jsonapi import ACCEPT, loaded, member, text_at
from connectors.parsed import LONGEST_GUID, Entry, ParsedFeed, collect, language_code, web_link
from connectors.text import one_line, text_of
from connectors.workers import Workers
from monitor.errors import FetchError
from monitor.types import Source, SourceState

AT_ONCE = 40  # statuses a page, the interface's limit
PAGES = 4
PROFILE = re.compile(r"^/(?:web/)?@([\w.-]+(?:@[\w.-]+)?)/?$|^/users/([\w.-]+)/?$")
TAG = re.compile(r"^/tags/([^/]+)/?$")


class MastodonConnector:
    """Reads sources of kind `mastodon`."""

    def __init__(
        self, fetcher: Fetcher, workers: Workers, articles: Articles, *, clock: Callable[[], datetime]
    ) -> None:
        self._fetcher = fetcher
        form = Form(parse=parse_statuses, accept=ACCEPT, address=statuses_address, pages=PAGES)
        self._feed = FeedConnector(fetcher, workers, articles, clock=clock, form=form)
        self._accounts: dict[str, str] = {}  # address of a profile -> of its statuses; lost at the end, and asked again

    async def fetch(self, source: Source, state: SourceState) -> FetchResult:
        """Read the account's or the hashtag's newest statuses."""
        match = PROFILE.match(urlsplit(source.url).path)
        if match is None:
            return await self._feed.fetch(source, state)
        if source.url not in self._accounts:
            self._accounts[source.url] = await self._look_up(source, match[1] or match[2])
        return await self._feed.fetch(replace(source, url=self._accounts[source.url]), state)

    async def _look_up(self, source: Source, account: str) -> str:
        """The address of an account's statuses; the interface knows accounts by number."""
        asked = _at(source.url, "/api/v1/accounts/lookup", {"acct": account})
        response = await self._fetcher.get(asked, allow_private=source.allow_private, accept=ACCEPT)
        number = text_at(loaded(response.body, asked), "id")
        if not number:
            raise FetchError(FetchOutcome.NOT_A_FEED, f"{asked}: the answer names no account")
        query = {"exclude_replies": "true", "limit": str(AT_ONCE)}
        return _at(source.url, f"/api/v1/accounts/{quote(number, safe='')}/statuses", query)


def statuses_address(address: str) -> str:
    """The address to ask: that of a hashtag's page becomes the interface's; others stay as they are."""
    match = TAG.match(urlsplit(address).path)
    return _at(address, f"/api/v1/timelines/tag/{match[1]}", {"limit": str(AT_ONCE)}) if match else address


def parse_statuses(body: bytes, _content_type: str, url: str) -> ParsedFeed:
    """The statuses, the newest first. Raises FetchError: not_a_feed."""
    statuses = loaded(body, url)
    if not isinstance(statuses, list):
        raise FetchError(FetchOutcome.NOT_A_FEED, f"{url}: JSON, but no list of statuses")
    last = text_at(statuses[-1], "id") if statuses else ""
    owner = "" if "/timelines/" in url or not statuses else _name(statuses[0])
    return replace(collect(statuses, _entry), title=owner, older=_before(url, last) if last else None)


def _entry(status: Mapping[str, Any]) -> Entry:
    """A status; a boosted one says who said it, and keeps the date on which he did.

    The card of a linked page comes later than the status and is left out: it would look like an edit.
    """
    boosted = member(status, "reblog")
    said = boosted if isinstance(boosted, Mapping) else status
    return Entry(
        guid=one_line(text_at(said, "uri"), LONGEST_GUID) or None,
        link=web_link(text_at(said, "url") or text_at(said, "uri"), ""),
        title=one_line(text_at(said, "spoiler_text")),
        text=text_of(text_at(said, "content"), html=True),
        author=_name(said) or None,
        language=language_code(text_at(said, "language")),
        published_raw=one_line(text_at(said, "created_at")) or None,
        updated_raw=one_line(text_at(said, "edited_at")) or None,
        flags=(FORWARDED,) if said is boosted else (),
    )


def _name(status: object) -> str:
    account = member(status, "account")
    return one_line(text_at(account, "display_name") or text_at(account, "acct"))


def _before(url: str, last: str) -> str:
    parts = urlsplit(url)
    return parts._replace(query=urlencode(parse_qs(parts.query) | {"max_id": [last]}, doseq=True)).geturl()


def _at(address: str, path: str, query: Mapping[str, str]) -> str:
    """An address at the same instance."""
    return urlsplit(address)._replace(path=path, query=urlencode(query), fragment="").geturl()
