"""When a source is read next: plain functions of what happened."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

JITTER = 0.1  # of the interval, either way, so that sources that started together drift apart
LONGEST_BACKOFF = timedelta(days=1)  # a source that fails is asked daily at least, for ever


def after_success(interval: timedelta, dice: random.Random) -> timedelta:
    """The interval, give or take a tenth."""
    return interval * dice.uniform(1 - JITTER, 1 + JITTER)


def after_failure(interval: timedelta, failures: int, retry_after: float | None, dice: random.Random) -> timedelta:
    """The interval doubled with each failure in a row after the first, a day at most; never sooner than was asked for.

    `failures` counts the one that has just happened; `retry_after` is in seconds.
    """
    doublings = min(failures - 1, 17)  # of one second make more than a day
    wait = min(interval * float(2**doublings), max(LONGEST_BACKOFF, interval))
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
