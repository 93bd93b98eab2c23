"""RawItems out of what connectors read: honest dates, flags, and what a source's state remembers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta

from connectors.dates import ParsedDate, read_date
from connectors.text import MAX_SUMMARY, MAX_TEXT, MAX_TITLE
from monitor.language import dates
from monitor.types import Backfill, ItemKind, RawItem, Source, SourceState

IN_FUTURE = timedelta(minutes=10)  # clocks differ; further ahead than this is flagged
MOMENT = timedelta(microseconds=1)
REMEMBERED = 1000  # items that a source no longer lists and that are still known when they come back

DATE_IN_FUTURE = "date_in_future"
DATE_UNREADABLE = "date_unreadable"  # the source gives a date, and it is not surely known which one
DATE_IN_SOURCE_ZONE = "date_in_source_zone"  # it names no zone, or one of several meanings: read by the source's own
DAY_ONLY = "day_only"  # the date names a day and no time: midnight in the source's zone
SUMMARY_ONLY = "summary_only"  # the article's page was to be read, and could not be
TEXT_CUT = "text_cut"
FORWARDED = "forwarded"  # handed on: somebody else's words, whose name stands as the author
EDITED = "edited"  # its author changed it after it was published, as the source says


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One thing as a connector read it; dates as the source writes them."""

    key: str
    url: str | None
    title: str
    text: str
    summary: str | None = None
    author: str | None = None
    language: str | None = None
    published_raw: str | None = None
    updated_raw: str | None = None
    kind: ItemKind | None = None  # None: as the source says
    flags: tuple[str, ...] = ()


def raw_item(found: Found, source: Source, *, seen: datetime) -> RawItem:
    """The item that goes to the bus: dates parsed where they are sure, doubts flagged, sizes bounded."""
    published = read_date(found.published_raw, source.time_zone)
    updated = read_date(found.updated_raw, source.time_zone)
    flags = dict.fromkeys((*found.flags, *_doubts(found.published_raw, published, seen)))
    if len(found.text) > MAX_TEXT:
        flags[TEXT_CUT] = None
    return RawItem(
        source_id=source.id,
        source_name=source.name,
        tier=source.tier,
        kind=found.kind or source.item_kind,
        key=found.key,
        url=found.url,
        title=found.title[:MAX_TITLE],
        text=found.text[:MAX_TEXT],
        summary=found.summary[:MAX_SUMMARY] if found.summary else None,
        author=found.author,
        language=source.language or found.language,
        published_raw=found.published_raw,
        published=published.at if published else None,
        updated_raw=found.updated_raw,
        updated=updated.at if updated else None,
        time_zone=source.time_zone,
        seen=seen,
        flags=tuple(flags),
    )


def _doubts(raw: str | None, published: ParsedDate | None, seen: datetime) -> Iterator[str]:
    """The quality of a date in flags; none for one that is exact, and for one that the source does not give."""
    if published is None:
        if raw:
            yield DATE_UNREADABLE
        return
    if published.at > seen + IN_FUTURE:
        yield DATE_IN_FUTURE
    if published.day_only:
        yield DAY_ONLY
    elif published.by_source_zone:
        yield DATE_IN_SOURCE_ZONE


def marked(items: Sequence[RawItem], source: Source, before: SourceState) -> tuple[RawItem, ...]:
    """The items; those of the first reading, all its polls, are old news, unless the source says otherwise."""
    if before.polls:
        return tuple(items)
    if source.backfill is Backfill.ALERT:
        return _as_said(items)
    return tuple(replace(item, backfill=True) for item in items)


def _as_said(items: Iterable[RawItem]) -> tuple[RawItem, ...]:
    """The items of a source whose past is to be alerted on: each counts as seen on the day that it was published.

    Else a year-old report would be too late for an alert, and "next week" in it would mean next week. A day without a
    zone is taken as UTC's; what has no date at all stays seen when it was.
    """
    said = []
    for item in items:
        at = _said_at(item)
        said.append(item if at is None else replace(item, seen=min(item.seen, at)))
    said.sort(key=lambda item: item.seen)  # feeds put the newest first
    return tuple(replace(item, seen=item.seen + number * MOMENT) for number, item in enumerate(said))


def _said_at(item: RawItem) -> datetime | None:
    date = read_date(item.published_raw, item.time_zone or "UTC")
    if date is not None:
        return date.at
    named = dates.find(item.published_raw or "", language="en", day=item.seen.date())  # "August 28, 2025, 8:17 IST"
    day = next((found.day for found in named if found.full), None)
    return datetime.combine(day, time(), UTC) if day else None


def raw_items(found: Iterable[Found], source: Source, seen: datetime) -> tuple[RawItem, ...]:
    """The same for several, in their order."""
    return stamped((raw_item(each, source, seen=seen) for each in found), seen)


def stamped(items: Iterable[RawItem], seen: datetime) -> tuple[RawItem, ...]:
    """The items, each seen a microsecond after the one before it: whoever goes by `seen` keeps their order."""
    return tuple(replace(item, seen=seen + number * MOMENT) for number, item in enumerate(items))


def remember(current: Mapping[str, str], before: Mapping[str, str]) -> dict[str, str]:
    """What to keep for the next poll: the whole snapshot, and so many of the items that have left it."""
    gone = [(key, value) for key, value in before.items() if key not in current]
    return {**dict(gone[-REMEMBERED:]), **current}


def news(items: Iterable[RawItem], seen: Mapping[str, str]) -> list[RawItem]:
    """Those that are new or changed; by date if all have one, else in the order given."""
    return by_date([item for item in items if seen.get(item.key) != item.content_hash])


def by_date(items: list[RawItem]) -> list[RawItem]:
    """Oldest first if all have a date, else in the order given. A date that lies ahead counts as when it was seen."""
    if all(item.published for item in items):
        return sorted(items, key=_when)
    return items


def _when(item: RawItem) -> datetime:
    published = item.published or item.seen
    return item.seen if published > item.seen + IN_FUTURE else published
