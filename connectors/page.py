"""One article page that is watched for edits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from connectors.articles import ACCEPT
from connectors.base import FetchOutcome, FetchResult, Listing
from connectors.conditional import fetch_changed
from connectors.extract import article_of
from connectors.hints import Hints
from connectors.http import Fetcher
from connectors.items import Found, raw_item
from connectors.workers import Workers
from monitor.types import Source, SourceState


class PageConnector:
    """Reads sources of kind `page`: one item, whose versions are the page's edits."""

    def __init__(self, fetcher: Fetcher, workers: Workers, *, clock: Callable[[], datetime]) -> None:
        self._fetcher = fetcher
        self._workers = workers
        self._clock = clock

    async def fetch(self, source: Source, state: SourceState) -> FetchResult:
        """Read the page once. What changes around an unchanged text is no new version."""
        fetched = await fetch_changed(self._fetcher, source, state, accept=ACCEPT)
        if isinstance(fetched, FetchResult):
            return fetched
        response = fetched.response
        page = await self._workers.run(article_of, response.body, response.content_type, response.url_final)
        found = Found(
            key=source.url,
            url=response.url_final,
            title=page.title,
            text=page.text,
            author=page.author,
            language=page.language,
            published_raw=page.published_raw,
            updated_raw=page.updated_raw,
        )
        item = raw_item(found, source, seen=self._clock())
        changed = state.seen_items.get(item.key) != item.content_hash
        result = FetchResult(
            items=(item,) if changed else (),
            state=replace(fetched.state, seen_items={item.key: item.content_hash}),
            outcome=FetchOutcome.CHANGED if changed else FetchOutcome.UNCHANGED,
            listing=Listing(items=1, repeats=0 if changed else 1),
            hints=Hints(cache=response.fresh_for),
        )
        return fetched.judged(result)
