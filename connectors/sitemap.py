"""News sitemaps: what a site offers to search engines, often minutes before its feed, where it has one at all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from connectors.articles import Articles
from connectors.base import FetchResult
from connectors.conditional import fetch_changed
from connectors.feed import FeedConnector, unfinished
from connectors.hints import Hints
from connectors.http import Fetcher
from connectors.parsed import ParsedFeed
from connectors.sitemapformat import LARGEST, Part, Reading, Sitemap, read_sitemap
from connectors.workers import Workers
from monitor.errors import FetchError
from monitor.types import Source, SourceState

ACCEPT = "application/xml, text/xml;q=0.9, application/gzip;q=0.8, application/x-gzip;q=0.8, */*;q=0.1"
AT_ONCE = 2  # files that are held in memory, each of 50 MiB at most
MOST_PARTS = 10  # of an index that are read in one poll
REMEMBERED = 5_000  # articles of an index: those of parts that have not changed are not listed again
_PART = "part:"  # begins the keys under which the state remembers an index's parts; no article's key does


@dataclass(slots=True)
class _Gathered:
    """What the parts of an index came to."""

    feeds: list[ParsedFeed] = field(default_factory=list)
    stamps: dict[str, str] = field(default_factory=dict)  # how each part was when it was read
    failures: list[FetchError] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)

    def parsed(self) -> ParsedFeed:
        """All of it as one list."""
        messages = [*self.messages, *(str(failure) for failure in self.failures), *(f.message for f in self.feeds)]
        return ParsedFeed(
            entries=tuple(entry for feed in self.feeds for entry in feed.entries),
            skipped=sum(feed.skipped for feed in self.feeds),
            message="; ".join(filter(None, messages)),
        )


class SitemapConnector:
    """Reads sources of kind `sitemap`: the articles of the last two days."""

    def __init__(
        self, fetcher: Fetcher, workers: Workers, articles: Articles, *, clock: Callable[[], datetime]
    ) -> None:
        self._fetcher = fetcher
        self._workers = workers
        self._feed = FeedConnector(fetcher, workers, articles, clock=clock)
        self._clock = clock
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def fetch(self, source: Source, state: SourceState) -> FetchResult:
        """Read the sitemap once; of an index those of its parts that may have changed."""
        stamps = {key: value for key, value in state.seen_items.items() if key.startswith(_PART)}
        known = {key: value for key, value in state.seen_items.items() if key not in stamps}
        again = unfinished(source, replace(state, seen_items=known))
        async with self._slots:
            fetched = await fetch_changed(
                self._fetcher,
                source,
                state,
                accept=ACCEPT,
                unconditional=again or bool(stamps),  # an index may be the same while its parts change
                max_body=LARGEST,
            )
            if isinstance(fetched, FetchResult):
                return fetched
            sitemap = await self._read(fetched.response.body, fetched.response.url_final, source)
        hints = Hints(cache=fetched.response.fresh_for)
        after = replace(fetched.state, seen_items=known)
        if not sitemap.parts:
            return fetched.judged(await self._feed.listed(source, after, sitemap.feed, hints))
        gathered = await self._gather(source, sitemap.parts, {} if again else stamps)
        result = await self._feed.listed(source, after, gathered.parsed(), hints)
        # The parts that were read are not all that it lists: what they share with the last ones says nothing.
        state = _with_parts(result.state, known, stamps | gathered.stamps, sitemap.parts)
        return replace(result, state=state, listing=None)

    async def _gather(self, source: Source, parts: Sequence[Part], stamps: Mapping[str, str]) -> _Gathered:
        """The parts that may hold something new. Raises FetchError when none of those could be read."""
        gathered = _Gathered()
        due = [part for part in _by_promise(parts, self._clock()) if not _settled(part, stamps)]
        if len(due) > MOST_PARTS:
            gathered.messages.append(
                f"{len(due)} sitemaps of the index may have changed, of which {MOST_PARTS} were read: "
                "give the address of the one that has the news"
            )
        for part in due[:MOST_PARTS]:
            try:
                await self._take(source, part, stamps.get(_PART + part.address, ""), gathered)
            except FetchError as error:
                gathered.failures.append(error)
        if gathered.failures and not gathered.stamps:
            raise gathered.failures[0]
        return gathered

    async def _take(self, source: Source, part: Part, before: str, gathered: _Gathered) -> None:
        """Read one part, unless it is as it was."""
        async with self._slots:
            response = await self._fetcher.get(
                part.address,
                etag=before.partition(" ")[2] or None,
                allow_private=source.allow_private,
                accept=ACCEPT,
                max_body=LARGEST,
            )
            tag = response.etag or (before.partition(" ")[2] if response.not_modified else "")
            if not response.not_modified:
                read = await self._read(response.body, response.url_final, source)
                gathered.feeds.append(read.feed)
                if read.parts:
                    gathered.messages.append(f"{part.address}: an index within an index, which is not followed")
        gathered.stamps[_PART + part.address] = f"{part.changed.replace(' ', '_')} {tag}"

    async def _read(self, body: bytes, url: str, source: Source) -> Sitemap:
        reading = Reading(now=self._clock(), time_zone=source.time_zone, untitled=source.fetch_article)
        return await self._workers.run(read_sitemap, body, url, reading)


def _by_promise(parts: Sequence[Part], now: datetime) -> list[Part]:
    """The parts that may hold articles of the last days: those that are called news first, then the last changed."""
    reading = Reading(now=now)
    dated = [(part, reading.moment(part.changed)) for part in parts]
    oldest = now - timedelta(days=2)
    recent = [(part, at) for part, at in dated if at is None or at >= oldest]
    recent.sort(key=lambda each: ("news" not in each[0].address.lower(), now - each[1] if each[1] else timedelta()))
    return [part for part, _ in recent]


def _settled(part: Part, stamps: Mapping[str, str]) -> bool:
    """Whether the index says, to the minute, that the part is as it was when it was read."""
    return ":" in part.changed and stamps.get(_PART + part.address, "").startswith(f"{part.changed.replace(' ', '_')} ")


def _with_parts(
    state: SourceState, known: Mapping[str, str], stamps: Mapping[str, str], parts: Sequence[Part]
) -> SourceState:
    """The state with what is known of the index's parts, and with the articles of those that were not read again."""
    named = {_PART + part.address for part in parts}
    gone = [(key, value) for key, value in known.items() if key not in state.seen_items]
    articles = {**dict(gone[-REMEMBERED:]), **state.seen_items}
    return replace(state, seen_items={**articles, **{key: stamps[key] for key in named & stamps.keys()}})
