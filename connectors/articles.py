"""Completing a feed's items from their pages: feeds often carry one sentence of the story."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from connectors.base import FetchOutcome
from connectors.extract import PageText, article_of
from connectors.http import Fetcher
from connectors.items import SUMMARY_ONLY, Found
from connectors.robots import Robots
from connectors.workers import Workers
from monitor.errors import FetchError
from monitor.types import Source, SourceKind

ACCEPT = "text/html, application/xhtml+xml;q=0.9"
AT_ONCE = 4  # pages of one source, if they are on several hosts
SECONDS = 60.0  # for all pages of one poll; what is not read by then is tried again at the next one

# What may be different the next time.
_TEMPORARY = frozenset(
    (
        FetchOutcome.TIMEOUT,
        FetchOutcome.NETWORK_ERROR,
        FetchOutcome.TLS_ERROR,
        FetchOutcome.HTTP_ERROR,
        FetchOutcome.RATE_LIMITED,
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """An item with its page's text, or as the feed had it with the reason why."""

    found: Found
    failure: str = ""
    temporary: bool = False


class Articles:
    """Reads the pages of items, politely and within a bounded time."""

    def __init__(
        self,
        fetcher: Fetcher,
        robots: Robots,
        workers: Workers,
        *,
        seconds: float = SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._fetcher = fetcher
        self._robots = robots
        self._workers = workers
        self._seconds = seconds
        self._monotonic = monotonic

    async def complete(self, source: Source, items: Sequence[Found]) -> list[Completed]:
        """The same items in the same order; the last ones, which are the newest, are read first."""
        slots = asyncio.Semaphore(AT_ONCE)
        deadline = self._monotonic() + self._seconds

        async def one(found: Found) -> Completed:
            async with slots:
                return await self._complete(source, found, deadline)

        done = await asyncio.gather(*(one(found) for found in reversed(items)))
        return done[::-1]

    async def _complete(self, source: Source, found: Found, deadline: float) -> Completed:
        if found.url is None:
            return _incomplete(found, "the entry has no link")
        left = deadline - self._monotonic()
        try:
            async with asyncio.timeout(max(left, 0)):
                page, address = await self._page(found.url, source)
        except TimeoutError:
            return _incomplete(found, f"{found.url}: no time left in this poll", temporary=True)
        except FetchError as error:
            return _incomplete(found, str(error), temporary=error.outcome in _TEMPORARY)
        return Completed(found=merged(replace(found, url=address), page))

    async def _page(self, url: str, source: Source) -> tuple[PageText, str]:
        """The page's text, and the item's address: where an aggregator's opaque link has led, that of the outlet."""

        async def ask(address: str) -> float:
            return await self._robots.check(address, allow_private=source.allow_private)

        response = await self._fetcher.get(url, allow_private=source.allow_private, accept=ACCEPT, permit=ask)
        opaque = source.kind is SourceKind.GOOGLE_NEWS and _site(url) == _site(source.url)
        if opaque and _site(response.url_final) == _site(url):
            raise FetchError(FetchOutcome.NOT_FOUND, f"{url} does not lead on to the outlet's page by itself")
        page = await self._workers.run(article_of, response.body, response.content_type, response.url_final)
        return page, response.url_final if opaque else url


def _site(url: str) -> str:
    return urlsplit(url).netloc.lower()


def merged(found: Found, page: PageText) -> Found:
    """The feed's word where it has one, the page's text where that is longer."""
    return replace(
        found,
        title=found.title or page.title,
        text=page.text if len(page.text) >= len(found.text) else found.text,
        summary=found.summary or (found.text if found.text and len(page.text) >= len(found.text) else None),
        author=found.author or page.author,
        language=found.language or page.language,
        published_raw=found.published_raw or page.published_raw,
        updated_raw=found.updated_raw or page.updated_raw,
    )


def _incomplete(found: Found, failure: str, *, temporary: bool = False) -> Completed:
    return Completed(found=replace(found, flags=(*found.flags, SUMMARY_ONLY)), failure=failure, temporary=temporary)
