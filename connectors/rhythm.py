"""How often a source is read: from how much of the last reading comes again, the gaps between its items, its hints.

Overlap decides the direction, an idea of mediacloud/rss-fetcher's, with thresholds of our own: where under a third of
what a feed lists was there the last time, it is read sooner, where two thirds or more were, later.  Overlap alone would
let a feed of a hundred items drift to the longest interval, so the gaps between items bound it: an interval is no
longer than an eighth of them, by which an item waits a sixteenth of a gap and seven readings in eight find nothing,
mostly as a 304: a desk would rather ask in vain than hear late.  Hints go the other way: they hold readings back, but
for no more than an hour and no more than a quarter of a gap, since many are left at a program's default (WordPress says
"hourly" of every feed), and not at all while items may be missed.

Pure functions; seconds are floats, moments aware and in UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

SHORTEST, LONGEST = 120.0, 6 * 3600.0  # seconds
LITTLE, MUCH = 1 / 3, 2 / 3  # shares of a reading that came again
SOONER, LATER = 0.5, 1.25  # factors: losing items is worse than asking once too often
LONGEST_HINT = 3600.0  # seconds that any hint may hold readings back
FULL = 5  # items of a reading from which on one that shares none of them makes a gap
KEPT_ARRIVALS = 24  # moments that are remembered of a source
FEWEST_ARRIVALS = 3  # from which on they tell of a gap
PER_GAP = 8  # readings in the usual gap between two items
PER_GAP_HINTED = 4  # the same for a source that asks to be read seldom


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """How a reading compares with the one before."""

    listed: int  # items in this reading
    repeats: int  # of them known from before, edited ones included
    before: int | None  # items in the last reading; None: this is the first

    @property
    def share(self) -> float | None:
        """How much of this reading was known; None when there was nothing to compare, or nothing in it."""
        return None if self.before is None or not self.listed else self.repeats / self.listed

    @property
    def gap(self) -> bool:
        """Whether items may have come and gone between the two readings."""
        return self.before is not None and self.before >= FULL and self.listed > 0 and not self.repeats


def next_interval(
    current: float, *, overlap: Overlap | None, usual_gap: float | None, hint: float | None = None
) -> float:
    """Seconds to the reading after this one, jitter aside.

    `current` is the interval that led to this reading; `overlap` is None where a source has no list to compare;
    `usual_gap` and `hint` are None where unknown.
    """
    share = overlap.share if overlap else None
    if overlap and overlap.gap:
        return _clamped(current / 2)
    wanted = current
    if share is not None and share < LITTLE:
        wanted = current * SOONER
    elif share is not None and share >= MUCH:
        wanted = current * LATER
    # Where nothing is known of a source, it is not left for long.
    wanted = min(wanted, max(current, LONGEST_HINT) if usual_gap is None else usual_gap / PER_GAP)
    if hint is not None and (share is None or share >= LITTLE):
        wanted = max(wanted, min(hint, LONGEST_HINT, LONGEST if usual_gap is None else usual_gap / PER_GAP_HINTED))
    return _clamped(wanted)


def usual_gap(arrivals: Sequence[datetime], now: datetime) -> float | None:
    """Seconds between two items as things are; None when too few are known. `arrivals` are newest first.

    The mean over the newer half up to `now`: the time since the last item counts, so that a wire that has gone to bed
    is asked less often from hour to hour, and old items that stay at a list's end do not.
    """
    known = [each for each in arrivals if each <= now]
    if len(known) < FEWEST_ARRIVALS:
        return None
    number = max(FEWEST_ARRIVALS, len(known) // 2)
    return (now - known[number - 1]).total_seconds() / number


def with_arrivals(known: Iterable[datetime], new: Iterable[datetime]) -> tuple[datetime, ...]:
    """All arrivals, newest first, so many as are kept."""
    return tuple(sorted((*known, *new), reverse=True)[:KEPT_ARRIVALS])


def _clamped(seconds: float) -> float:
    return min(max(seconds, SHORTEST), LONGEST)
