"""Live blogs on the web: every entry is an item, an edited entry a new version of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from connectors.articles import ACCEPT
from connectors.base import FetchOutcome, FetchResult, Listing
from connectors.conditional import fetch_changed
from connectors.entries import found_in
from connectors.hints import Hints
from connectors.http import Fetcher
from connectors.items import news, raw_items, remember, stamped
from connectors.liveposting import read_liveblog
from connectors.workers import Workers
from monitor.types import RawItem, Source, SourceState


class LiveblogConnector:
    """Reads sources of kind `liveblog`."""

    def __init__(self, fetcher: Fetcher, workers: Workers, *, clock: Callable[[], datetime]) -> None:
        self._fetcher = fetcher
        self._workers = workers
        self._clock = clock

    async def fetch(self, source: Source, state: SourceState) -> FetchResult:
        """Read the page once; entries that were read before and have not changed are left out."""
        fetched = await fetch_changed(self._fetcher, source, state, accept=ACCEPT)
        if isinstance(fetched, FetchResult):
            return fetched
        response = fetched.response
        seen = self._clock()
        items, skipped = await self._workers.run(
            _read, response.body, response.content_type, response.url_final, source, seen
        )
        fresh = stamped(news(items, state.seen_items), seen)
        snapshot = {item.key: item.content_hash for item in items}
        result = FetchResult(
            items=fresh,
            state=replace(fetched.state, seen_items=remember(snapshot, state.seen_items)),
            outcome=FetchOutcome.CHANGED if fresh else FetchOutcome.UNCHANGED,
            skipped=skipped,
            listing=Listing(items=len(snapshot), repeats=len(snapshot.keys() & state.seen_items.keys())),
            hints=Hints(cache=response.fresh_for),
        )
        return fetched.judged(result)


def _read(body: bytes, content_type: str, url: str, source: Source, seen: datetime) -> tuple[tuple[RawItem, ...], int]:
    """The page's entries, and how many could not be read."""
    blog = read_liveblog(body, content_type, url)
    return raw_items(found_in(blog, url=url), source, seen), blog.skipped
