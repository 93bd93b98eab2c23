"""The counts of a comparison: by topic, and by what the desk thought of the alerts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from monitor.backtest.compare import Difference, Fate, Judged, Row
from monitor.types import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many alerts of a topic there are on both sides."""

    topic: str
    before: int = 0
    after: int = 0
    lost: int = 0
    gained: int = 0
    changed: int = 0
    same: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """How many alerts with one verdict are still told."""

    verdict: Verdict
    given: int
    before: int  # raised by their own item
    after: int
    before_elsewhere: int = 0  # told by another item
    after_elsewhere: int = 0


def tallies(topics: Iterable[str], rows: Sequence[Row], same: Mapping[str, int]) -> tuple[Tally, ...]:
    """The counts of each topic, in the order given."""
    counted = Counter((row.topic, row.difference) for row in rows)
    found = []
    for topic in topics:
        lost, gained, changed = (
            counted[topic, which] for which in (Difference.LOST, Difference.GAINED, Difference.CHANGED)
        )
        alike = same.get(topic, 0)
        found.append(
            Tally(
                topic=topic,
                before=alike + changed + lost,
                after=alike + changed + gained,
                lost=lost,
                gained=gained,
                changed=changed,
                same=alike,
            )
        )
    return tuple(found)


def opinions(judged: Sequence[Judged]) -> tuple[Opinion, ...]:
    """The counts of each verdict that was given."""
    found = []
    for verdict in Verdict:
        these = [each for each in judged if each.feedback.verdict is verdict]
        before, after = Counter(each.before for each in these), Counter(each.after for each in these)
        if these:
            found.append(
                Opinion(
                    verdict=verdict,
                    given=len(these),
                    before=before[Fate.RAISED],
                    after=after[Fate.RAISED],
                    before_elsewhere=before[Fate.ELSEWHERE],
                    after_elsewhere=after[Fate.ELSEWHERE],
                )
            )
    return tuple(found)
