"""Finds out what can be read at an address, by reading it as the poller would, and says what that would be like."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urljoin

from connectors.base import Connector, FetchOutcome, FetchResult
from connectors.discovery import Candidate, by_address, by_body, in_robots, the_page_itself, usual_places
from connectors.http import Fetcher
from connectors.registry import connectors_for
from connectors.rhythm import SHORTEST, next_interval, usual_gap
from monitor.commands.wiring import fetch_settings, parse_limits
from monitor.errors import FetchError
from monitor.language.detect import language_of
from monitor.settings import Settings
from monitor.sources import DEFAULT_INTERVAL
from monitor.types import LEAST_INTERVAL, RawItem, Source, SourceKind, SourceState

SHORT_TEXT = 300  # code points; items that are shorter than this in the middle are summaries
MOST_TRIED = 24  # candidates that are read before giving up
_CLEAR = 0.8  # share of the items that have to be in one language
# After these there is no use in asking for anything else at the address.
_FINAL = (
    FetchOutcome.REFUSED_ADDRESS,
    FetchOutcome.UNKNOWN_HOST,
    FetchOutcome.NETWORK_ERROR,
    FetchOutcome.TLS_ERROR,
    FetchOutcome.RATE_LIMITED,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the user said of the source that he wants."""

    address: str
    kind: SourceKind | None = None
    time_zone: str | None = None
    fetch_article: bool = False
    allow_private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Find:
    """Something that can be read, and how it does."""

    candidate: Candidate
    title: str
    items: tuple[RawItem, ...]  # the newest first
    skipped: int
    message: str
    language: str | None
    interval: timedelta  # at which it would be read, as things are
    hints: tuple[str, ...]  # what the user may want to set
    others: tuple[Candidate, ...]  # what else was named and not read


def find(settings: Settings, wanted: Wanted, *, clock: Callable[[], datetime], say: Callable[[str], None]) -> Find:
    """The first candidate that can be read. Raises FetchError with what each of them answered."""
    return asyncio.run(_find(settings, wanted, clock, say))


async def _find(settings: Settings, wanted: Wanted, clock: Callable[[], datetime], say: Callable[[str], None]) -> Find:
    fetcher = Fetcher(fetch_settings(settings), clock=clock)
    connectors = connectors_for(fetcher, clock=clock, limits=parse_limits(settings))
    answers: list[str] = []
    empty: list[tuple[Candidate, FetchResult]] = []
    async with fetcher:
        seen: dict[str, Candidate] = {}
        batches = _batches(fetcher, wanted, answers)
        async for batch in batches:
            fresh = [each for each in batch if seen.setdefault(f"{each.kind} {each.url}", each) is each]
            for number, candidate in enumerate(fresh[:MOST_TRIED]):
                say(f"trying {candidate.kind} {candidate.url} ({candidate.because})")
                try:
                    result = await _read(connectors, candidate, wanted)
                except FetchError as error:
                    answers.append(f"{candidate.kind}: {error}")
                    continue
                if result.items:
                    return _found(candidate, result, clock(), tuple(fresh[number + 1 :]))
                empty.append((candidate, result))
    if empty:
        return _found(*empty[0], clock(), ())
    raise FetchError(FetchOutcome.NOT_A_FEED, "\n  ".join([f"nothing can be read at {wanted.address}:", *answers]))


async def _batches(fetcher: Fetcher, wanted: Wanted, answers: list[str]) -> AsyncIterator[Sequence[Candidate]]:
    """Candidates, batch by batch; the next one is asked for only when none of the last can be read."""
    if wanted.kind is not None:
        yield [Candidate(kind=wanted.kind, url=wanted.address, because="as given")]
        return
    certain = by_address(wanted.address)
    if certain is not None:
        yield [certain]
        return
    try:
        response = await fetcher.get(wanted.address, allow_private=wanted.allow_private)
    except FetchError as error:
        answers.append(str(error))
        if error.outcome in _FINAL:
            return
        here = wanted.address
    else:
        here = response.url_final
        yield by_body(response.body, response.content_type, here)
    yield await _from_robots(fetcher, here, wanted)
    yield usual_places(here)
    yield [the_page_itself(here)]


async def _from_robots(fetcher: Fetcher, here: str, wanted: Wanted) -> Sequence[Candidate]:
    try:
        response = await fetcher.get(urljoin(here, "/robots.txt"), allow_private=wanted.allow_private)
    except FetchError:
        return ()  # many sites have none
    return in_robots(response.body, here)


async def _read(connectors: Mapping[SourceKind, Connector], candidate: Candidate, wanted: Wanted) -> FetchResult:
    source = Source(
        id="new",
        name="new",
        kind=candidate.kind,
        url=candidate.url,
        interval=DEFAULT_INTERVAL,
        time_zone=wanted.time_zone,
        fetch_article=candidate.kind is SourceKind.SITEMAP and wanted.fetch_article,
        allow_private=wanted.allow_private,
    )
    return await connectors[candidate.kind].fetch(source, SourceState(source_id=source.id))


def _found(candidate: Candidate, result: FetchResult, now: datetime, others: tuple[Candidate, ...]) -> Find:
    newest = tuple(reversed(result.items))
    return Find(
        candidate=candidate,
        title=result.title,
        items=newest,
        skipped=result.skipped,
        message=result.message,
        language=_language(newest),
        interval=_interval(candidate.kind, newest, now),
        hints=tuple(_hints(candidate.kind, newest)),
        others=others,
    )


def _language(items: Sequence[RawItem]) -> str | None:
    """The language of nearly all items, by their texts; None where it is not clear."""
    told = Counter(language_of(f"{item.title}\n{item.text}", item.language) for item in items)
    for language, count in told.most_common(1):
        return language if language and count >= _CLEAR * len(items) else None
    return None


def _interval(kind: SourceKind, items: Iterable[RawItem], now: datetime) -> timedelta:
    """The interval to which polling would adapt if items went on to come as they have."""
    dates = sorted((item.published for item in items if item.published), reverse=True)
    seconds = next_interval(DEFAULT_INTERVAL.total_seconds(), overlap=None, usual_gap=usual_gap(dates, now))
    least = LEAST_INTERVAL.get(kind, timedelta(seconds=SHORTEST))
    return max(timedelta(seconds=round(seconds / 60) * 60), least)


def _hints(kind: SourceKind, items: Sequence[RawItem]) -> Iterable[str]:
    undated = [item for item in items if item.published_raw and item.published is None]
    if undated and len(undated) * 2 >= len(items):
        yield f"Its dates name no zone ({undated[0].published_raw}): give --time-zone, or they are not known."
    lengths = sorted(len(item.text) for item in items)
    bare = kind in (SourceKind.FEED, SourceKind.SITEMAP, SourceKind.GDELT, SourceKind.GOOGLE_NEWS)
    if bare and lengths and lengths[len(lengths) // 2] < SHORT_TEXT:
        yield "Its items carry little text: --fetch-article completes them from their pages."
