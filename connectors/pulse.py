"""What a poll teaches of a source: its rhythm, the interval that follows from it, and its health."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from connectors import health
from connectors.base import FetchResult
from connectors.items import DAY_ONLY
from connectors.rhythm import Overlap, next_interval, usual_gap, with_arrivals
from connectors.silence import KEPT, chance_of_silence, hour_of, seen
from monitor.sourcememory import History, Pulse
from monitor.types import LEAST_INTERVAL, RawItem, Source, SourceKind, SourceState

# A page that nobody edits, a live blog that is over and a folder that nobody fills are as they should be.
NEVER_SILENT = frozenset({SourceKind.PAGE, SourceKind.LIVEBLOG, SourceKind.ARCHIVE})
# They list what is of the last days only: nothing is no fault where nothing was published, or found.
MAY_BE_EMPTY = frozenset({SourceKind.ARCHIVE, SourceKind.SITEMAP, SourceKind.GDELT, SourceKind.GOOGLE_NEWS})
LATEST_DATE = timedelta(days=1)  # a new item that is dated earlier came when it was seen


def interval_of(source: Source, pulse: Pulse) -> timedelta:
    """How often the source is read now."""
    if not source.adaptive or pulse.interval is None:
        return source.interval
    return max(timedelta(seconds=pulse.interval), LEAST_INTERVAL.get(source.kind, timedelta()))


def after_success(source: Source, before: SourceState, result: FetchResult, now: datetime) -> Pulse:
    """The pulse after a poll that went well; `before` is the state that the poll began with."""
    pulse = before.pulse
    arrived = _arrivals(source, before, result.items, now)
    listed = result.listing.items if result.listing else pulse.listed
    overlap = _overlap(pulse, result, first=not before.polls)
    gap = overlap is not None and overlap.gap
    arrivals = with_arrivals(pulse.arrivals, arrived)
    hints = result.hints if result.listing else replace(result.hints, feed=pulse.feed_hint)
    learned = replace(
        pulse,
        listed=listed,
        feed_hint=hints.feed,
        arrivals=arrivals,
        history=_history(pulse.history, arrivals, arrived, now),
        gap_at=now if gap else pulse.gap_at,
    )
    if source.adaptive and source.kind is not SourceKind.ARCHIVE and not result.more:
        current = interval_of(source, pulse).total_seconds()
        gap_now = usual_gap(arrivals, now)
        seconds = next_interval(current, overlap=overlap, usual_gap=gap_now, hint=hints.seconds)
        learned = replace(learned, interval=seconds)
    return health.judged(learned, *health.of_success(_findings(source, before, learned, now), now), now)


def after_failure(pulse: Pulse, outcome: str, message: str, now: datetime) -> Pulse:
    """The pulse after a poll that went wrong: nothing was learned but that."""
    return health.judged(pulse, *health.of_failure(outcome, message), now)


def _overlap(pulse: Pulse, result: FetchResult, *, first: bool) -> Overlap | None:
    if result.listing is not None:
        return Overlap(
            listed=result.listing.items, repeats=result.listing.repeats, before=None if first else pulse.listed
        )
    if pulse.listed and not result.items:  # unchanged: all of it came again
        return Overlap(listed=pulse.listed, repeats=pulse.listed, before=pulse.listed)
    return None


def _arrivals(source: Source, before: SourceState, items: Sequence[RawItem], now: datetime) -> list[datetime]:
    """When those of the items that are new came; an edit is none, but of a page, which has nothing else."""
    new = [item for item in items if source.kind is SourceKind.PAGE or item.key not in before.seen_items]
    if before.polls:
        return [_arrival(item, now) for item in new]
    # What was there before we looked came when it says so; without a date nobody knows.
    dated = (item.published for item in new if DAY_ONLY not in item.flags)
    return [published for published in dated if published is not None and published <= now]


def _arrival(item: RawItem, now: datetime) -> datetime:
    published = item.published
    if published is None or DAY_ONLY in item.flags or not now - LATEST_DATE <= published <= now:
        return now
    return published


def _history(history: History, known: Sequence[datetime], arrived: Sequence[datetime], now: datetime) -> History:
    """The history with what has arrived; it begins with the newer half of the first list, which is whole, surely."""
    if history.since is None:
        begin = known[len(known) // 2] if known else now
        history = replace(history, since=max(hour_of(begin), hour_of(now) - KEPT))
    return seen(history, arrived)


def _findings(source: Source, before: SourceState, pulse: Pulse, now: datetime) -> health.Findings:
    last = pulse.arrivals[0] if pulse.arrivals else None
    judged = last is not None and source.kind not in NEVER_SILENT
    return health.Findings(
        had_items=bool(before.seen_items),
        listed=None if source.kind in MAY_BE_EMPTY else pulse.listed,
        last_item=last,
        usual_gap=usual_gap(pulse.arrivals, last) if last else None,
        chance=chance_of_silence(pulse.history, now) if judged else None,
        gap_at=pulse.gap_at,
        fixed=not source.adaptive,
    )
