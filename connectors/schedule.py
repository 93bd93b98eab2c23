"""When a source is read next: plain functions of what happened."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from itertools import zip_longest
from urllib.parse import urlsplit

from connectors.base import FetchOutcome
from connectors.pulse import interval_of
from monitor.types import Source, SourceState

JITTER = 0.1  # of the interval, either way, so that sources that started together drift apart
LONGEST_BACKOFF = timedelta(days=1)  # a source that fails is asked daily at least, for ever
PASSING_BACKOFF = timedelta(hours=1)  # the same while its trouble is of a kind that passes: it may be back any minute
LASTING = frozenset((FetchOutcome.GONE, FetchOutcome.NOT_FOUND, FetchOutcome.UNKNOWN_HOST))


def after_success(interval: timedelta, dice: random.Random) -> timedelta:
    """The interval, give or take a tenth."""
    return interval * dice.uniform(1 - JITTER, 1 + JITTER)


def slowest(outcome: str) -> timedelta:
    """How far apart the polls of a source get whose polls end so: daily where nothing is likely to come back."""
    return LONGEST_BACKOFF if outcome in LASTING else PASSING_BACKOFF


def after_failure(
    interval: timedelta,
    failures: int,
    retry_after: float | None,
    dice: random.Random,
    *,
    longest: timedelta = LONGEST_BACKOFF,
) -> timedelta:
    """The interval doubled with each failure in a row after the first; never sooner than was asked for.

    `failures` counts the one that has just happened; `retry_after` is in seconds. The wait grows to `longest` (see
    `slowest`), or to the interval where that is longer.
    """
    doublings = min(failures - 1, 17)  # of one second make more than a day
    wait = min(interval * float(2**doublings), max(longest, interval))
    asked = timedelta(seconds=retry_after or 0)
    return max(wait * dice.uniform(1 - JITTER, 1 + JITTER), asked * dice.uniform(1, 1 + JITTER))


def at_start(next_poll: datetime | None, now: datetime, interval: timedelta) -> timedelta | None:
    """How long a source has to wait still when the poller starts; None when it is due.

    A time further off than the longest backoff was written by a clock that has since been put right.
    """
    if next_poll is None or next_poll <= now:
        return None
    wait = next_poll - now
    return wait if wait <= max(LONGEST_BACKOFF, interval) * (1 + JITTER) else None


def first_waits(
    sources: Iterable[Source], states: Mapping[str, SourceState], now: datetime, *, spacing: float
) -> dict[str, float]:
    """Seconds from the start of the poller to each source's first poll.

    Those that are overdue, after a long stop all of them, start `spacing` seconds apart, those of one host far from
    each other: in a row they would wait for the host's turns and keep all others waiting behind them.
    """
    overdue: list[Source] = []
    waits: dict[str, float] = {}
    for source in sources:
        state = states.get(source.id) or SourceState(source_id=source.id)
        wait = at_start(state.next_poll, now, interval_of(source, state.pulse))
        if wait is None:
            overdue.append(source)
        else:
            waits[source.id] = wait.total_seconds()
    return waits | {source.id: number * spacing for number, source in enumerate(_in_turn(overdue))}


def _in_turn(sources: Iterable[Source]) -> list[Source]:
    """The first source of each host, then the second of each, and so on."""
    by_host: dict[str, list[Source]] = {}
    for source in sources:
        by_host.setdefault(urlsplit(source.url).netloc, []).append(source)
    return [source for rank in zip_longest(*by_host.values()) for source in rank if source is not None]
