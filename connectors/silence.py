"""Whether a source is quieter than it ever is, by its own rhythm over the hours of the week.

The model: each hour of the week brings at least one item with a probability of its own, independent of the others.
Hours in which an item came are kept as bits, eight weeks back from the last item.  An hour's probability is how often
it had one, drawn towards that of the same hour on all days of the week (by half a week's weight), and away from
certainty by half a week without any.  A silence is as probable as all its hours without an item together.  Hours with
an item are counted and not items, since items come in bunches, which a Poisson process of items would take for a much
faster rhythm.  The model is our own; such drawing is the usual estimate of a share with a beta prior (Gelman et al.,
Bayesian Data Analysis, 3rd ed., 2.4).

The silence itself is no part of the history: a source that has died does not come to count as one that is always so.
Hours are UTC's; that an outlet's clock goes by summer time blurs it by an hour for some weeks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from monitor.sourcememory import History

HOUR = timedelta(hours=1)
DAY, WEEK = 24, 168  # hours
KEPT_WEEKS = 8
KEPT = KEPT_WEEKS * WEEK
ENOUGH = 2 * WEEK  # hours of history before anything is judged
FEWEST = 3  # hours with an item, before anything is judged
PRIOR_WEEKS = 0.5  # weight of the same hour on other days
DOUBT_WEEKS = 0.5  # weight of an hour without an item that was never seen
IMPROBABLE = 5e-4  # a silence is one when its source has such in one case of two thousand

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MASK = (1 << KEPT) - 1


def seen(history: History, arrivals: Iterable[datetime]) -> History:
    """The history with more arrivals. What is older than eight weeks before the last one is left out."""
    hours = sorted({hour_of(each) for each in arrivals})
    if not hours:
        return history
    bits, last = int(history.bits or "0", 16), history.last
    for hour in hours:
        if last is None or hour > last:
            bits = ((bits << min(hour - last, KEPT)) if last is not None else 0) & _MASK | 1
            last = hour
        elif last - hour < KEPT:
            bits |= 1 << (last - hour)
    return replace(history, last=last, bits=f"{bits:x}")


def chance_of_silence(history: History, now: datetime) -> float | None:
    """How probable it was that nothing came since the last item; None when too little is known to judge.

    The hour of the last item and the present one do not count: 1.0 until a whole hour has passed.
    """
    if history.last is None or history.since is None:
        return None
    observed = min(history.last - history.since + 1, KEPT)
    hours = f"{int(history.bits or '0', 16):0{KEPT}b}"[::-1][: max(observed, 0)]  # "1": an item; the newest first
    if observed < ENOUGH or hours.count("1") < FEWEST:
        return None
    passed = hour_of(now) - history.last - 1
    weeks, rest = divmod(max(passed, 0), WEEK)
    chance = 1.0
    for number in range(WEEK if weeks else rest):
        missed = 1 - _probability(hours, (-1 - number) % WEEK)
        chance *= missed ** (weeks + (number < rest))
    return chance


def hour_of(moment: datetime) -> int:
    """The hour, counted from 1970, in UTC."""
    return (moment - _EPOCH) // HOUR


def _probability(hours: str, offset: int) -> float:
    """Of an item in the hour of the week that lies `offset` hours before the last item's."""
    of_week, of_day = hours[offset::WEEK], hours[offset % DAY :: DAY]
    day = of_day.count("1") / len(of_day)
    return (of_week.count("1") + PRIOR_WEEKS * day) / (len(of_week) + PRIOR_WEEKS + DOUBT_WEEKS)
