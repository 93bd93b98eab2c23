"""Feeds, and whatever else lists entries: only what is new or changed since the last poll is handed on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from connectors.articles import Articles
from connectors.base import FetchOutcome, FetchResult, Listing
from connectors.conditional import fetch_changed
from connectors.dates import parse_date
from connectors.feedformats import parse_feed
from connectors.hints import Hints, Offer, feed_hint
from connectors.http import Fetcher, Response
from connectors.identity import Claimed, keys
from connectors.items import IN_FUTURE, Found, raw_items, remember
from connectors.parsed import Entry, ParsedFeed
from connectors.websub import offer
from connectors.workers import Workers
from monitor.errors import FetchError
from monitor.types import Backfill, Source, SourceState

ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1"
)
ARTICLE_TRIES = 3  # polls in which an article's page is asked for before the feed's text has to do
_TRY = "~"  # parts an entry's fingerprint in the state from the number of tries made for its page


def unfinished(source: Source, state: SourceState) -> bool:
    """Whether pages of articles are to be tried again, so that an unchanged list has to be gone through."""
    return source.fetch_article and any(_TRY in value for value in state.seen_items.values())


def _as_it_is(address: str) -> str:
    return address


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What a kind of listing is written in, and how it is asked for. `parse` runs in a worker: a module's function."""

    parse: Callable[[bytes, str, str], ParsedFeed] = parse_feed  # of body, content type and address
    accept: str = ACCEPT
    address: Callable[[str], str] = _as_it_is  # of the source as the user gave it -> to be asked
    spacing: float = 0  # seconds between starts at the host, where that is more than the settings ask for
    pages: int = 1  # read in one poll as long as none holds anything known: what came since is on all of them


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listed:
    """An entry with its identity, and how often its page has been tried in vain."""

    key: str
    entry: Entry
    tries: int = 0

    def found(self) -> Found:
        """The entry as something found."""
        entry = self.entry
        return Found(
            key=self.key,
            url=entry.link,
            title=entry.title,
            text=entry.text,
            summary=entry.summary,
            author=entry.author,
            language=entry.language,
            published_raw=entry.published_raw,
            updated_raw=entry.updated_raw,
            flags=entry.flags,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Contents:
    """What a feed holds now: its news, oldest first, and the fingerprints of everything by key."""

    news: Sequence[_Listed]
    snapshot: Mapping[str, str]
    skipped: int
    message: str
    title: str
    older: str | None
    meets_known: bool  # whether nothing can have come and gone between it and what was seen before
    hub: Offer | None = None
    hint: float | None = None  # seconds for which the feed says that it need not be read again


class FeedConnector:
    """Reads sources of kind `feed`, and with another form those of other kinds that list entries."""

    def __init__(
        self,
        fetcher: Fetcher,
        workers: Workers,
        articles: Articles,
        *,
        clock: Callable[[], datetime],
        form: Form | None = None,
    ) -> None:
        self._form = form or Form()
        self._fetcher = fetcher
        self._workers = workers
        self._articles = articles
        self._clock = clock

    async def fetch(self, source: Source, state: SourceState) -> FetchResult:
        """Read the feed once. An unchanged body is not parsed, unless articles are still to be completed."""
        fetched = await fetch_changed(
            self._fetcher,
            replace(source, url=self._form.address(source.url)),
            state,
            accept=self._form.accept,
            unconditional=unfinished(source, state),
            spacing=self._form.spacing,
        )
        if isinstance(fetched, FetchResult):
            return fetched
        try:
            contents = await self._contents(source, state, fetched.response)
        except FetchError as error:
            if error.outcome == FetchOutcome.RATE_LIMITED and error.retry_after:  # said in words, with status 200
                address = fetched.response.url_final
                await self._fetcher.recall(address, error.retry_after, allow_private=source.allow_private)
            raise
        hints = Hints(feed=contents.hint, cache=fetched.response.fresh_for)
        return fetched.judged(await self._result(source, fetched.state, contents, hints))

    async def listed(self, source: Source, state: SourceState, parsed: ParsedFeed, hints: Hints) -> FetchResult:
        """The result of a poll that came by its entries in another way; `state` knows its validators already."""
        contents = await self._workers.run(_compared, [parsed], source, state.seen_items, self._clock())
        return await self._result(source, state, contents, hints)

    async def _contents(self, source: Source, state: SourceState, newest: Response) -> _Contents:
        """What the feed holds, with as many older pages as it takes to come to something known."""
        pages = [newest]
        contents = await self._workers.run(_read, self._form.parse, pages, source, state.seen_items, self._clock())
        while state.polls and contents.older and len(pages) < self._form.pages:
            if contents.meets_known or not contents.snapshot:
                break
            try:
                page = await self._fetcher.get(
                    contents.older,
                    allow_private=source.allow_private,
                    accept=self._form.accept,
                    spacing=self._form.spacing,
                )
            except FetchError as error:
                return replace(contents, message=f"what is older could not be read: {error}")
            pages.append(page)
            contents = await self._workers.run(_read, self._form.parse, pages, source, state.seen_items, self._clock())
        return contents

    async def _result(self, source: Source, state: SourceState, contents: _Contents, hints: Hints) -> FetchResult:
        """The news, completed where that is asked for, and the state that knows them."""
        found, snapshot = [each.found() for each in contents.news], contents.snapshot
        messages = [contents.message]
        if source.fetch_article:
            found, waiting, failure = await self._complete(source, contents.news)
            messages.append(failure)
            if state.polls or source.backfill is Backfill.ALERT:  # else they are old, and would come back as news
                snapshot = {**snapshot, **waiting}
        items = await self._workers.run(raw_items, found, source, self._clock())
        before = {key: value.partition(_TRY)[0] for key, value in state.seen_items.items()}
        return FetchResult(
            items=items,
            state=replace(state, seen_items=remember(snapshot, before)),
            outcome=FetchOutcome.CHANGED if items else FetchOutcome.UNCHANGED,
            skipped=contents.skipped,
            message="; ".join(filter(None, messages)),
            title=contents.title,
            listing=Listing(
                items=len(contents.snapshot), repeats=len(contents.snapshot.keys() & state.seen_items.keys())
            ),
            hints=hints,
            hub=contents.hub,
        )

    async def _complete(self, source: Source, news: Sequence[_Listed]) -> tuple[list[Found], dict[str, str], str]:
        """What to publish, the state of those whose pages are to be tried again, and what went wrong, in words."""
        publish: list[Found] = []
        waiting: dict[str, str] = {}
        failures: list[str] = []
        for each, completed in zip(
            news, await self._articles.complete(source, [each.found() for each in news]), strict=True
        ):
            if completed.failure:
                failures.append(completed.failure)
            if not completed.failure or not each.tries:
                publish.append(completed.found)
            if completed.temporary and each.tries + 1 < ARTICLE_TRIES:
                waiting[each.key] = f"{each.entry.fingerprint}{_TRY}{each.tries + 1}"
        words = f"{len(failures)} article pages could not be read, such as {failures[0]}" if failures else ""
        return publish, waiting, words


def _read(
    parse: Callable[[bytes, str, str], ParsedFeed],
    pages: Sequence[Response],
    source: Source,
    seen: Mapping[str, str],
    now: datetime,
) -> _Contents:
    """The feed's contents, its newest page first, beside what was seen of them before."""
    read = [parse(page.body, page.content_type, page.url_final) for page in pages]
    newest = pages[0]
    return replace(
        _compared(read, source, seen, now),
        hub=offer(newest.body, newest.headers, newest.url_final),
        hint=feed_hint(newest.body),
    )


def _compared(read: Sequence[ParsedFeed], source: Source, seen: Mapping[str, str], now: datetime) -> _Contents:
    """Entries, those of the newest page first, beside what was seen of them before."""
    listed = _identified([entry for parsed in read for entry in parsed.entries], seen)
    snapshot = {each.key: each.entry.fingerprint for each in listed}
    news = _oldest_first([each for each in listed if seen.get(each.key) != snapshot[each.key]], source, now)
    known = [each.key in seen for each in listed]
    return _Contents(
        news=news,
        snapshot=snapshot,
        skipped=sum(parsed.skipped for parsed in read),
        message="; ".join(filter(None, (parsed.message for parsed in read))),
        title=read[0].title,
        older=read[-1].older,
        meets_known=known.count(True) > 1 or known[-1:] == [True],  # one alone may be an old one brought up again
    )


def _identified(entries: Sequence[Entry], seen: Mapping[str, str]) -> list[_Listed]:
    """Each entry once, with its key; of entries with one key the first, which is the newest, stands for all."""
    claims = [Claimed(guid=each.guid, link=each.link, fingerprint=each.fingerprint) for each in entries]
    listed: dict[str, _Listed] = {}
    for key, entry in zip(keys(claims), entries, strict=True):
        fingerprint, _, tries = seen.get(key, "").partition(_TRY)
        listed.setdefault(
            key, _Listed(key=key, entry=entry, tries=int(tries) if tries and fingerprint == entry.fingerprint else 0)
        )
    return list(listed.values())


def _oldest_first(listed: Sequence[_Listed], source: Source, now: datetime) -> list[_Listed]:
    """By date where all have one; else in the feed's order from its end, since feeds put the newest first.

    A date that lies ahead counts as now, when the entry was first seen: it must not keep its place at the top for good.
    """
    backwards = list(reversed(listed))
    dates = {each.key: parse_date(each.entry.published_raw, source.time_zone) for each in backwards}
    known = {key: now if when > now + IN_FUTURE else when for key, when in dates.items() if when is not None}
    if len(known) < len(backwards):
        return backwards
    return sorted(backwards, key=lambda each: known[each.key])
