"""A measure for tools that alert on items and name no stage: does a desk read of each development, how often in vain?

An alert is an item and a topic. It brings everything of that topic that the item reports, so it counts for all those
developments at once that were not alerted before. It is right if one of them was, a repeat if none was, false if the
item reports nothing of the topic, and neither where good annotators could differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.quality.labels import Gold, Output
from benchmarks.quality.scoring import Rate, harmonic, ratio


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class ItemAlert:
    """One message: read this item, it is about that topic."""

    item: str
    topic: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFigures:
    """What the messages of one tool came to; several streams add up."""

    alerts: int = 0  # right, repeated and false ones
    right: int = 0
    repeats: int = 0
    false: int = 0
    gold: int = 0
    found: int = 0
    late: int = 0  # items that had reported a development before its alert, over all that were found

    def __add__(self, other: ItemFigures) -> ItemFigures:
        return ItemFigures(**{name: getattr(self, name) + getattr(other, name) for name in self.__slots__})

    @property
    def rate(self) -> Rate:
        """Precision over messages, recall over developments."""
        precision, recall = ratio(self.right, self.alerts), ratio(self.found, self.gold)
        return Rate(precision=precision, recall=recall, f1=harmonic(precision, recall))

    @property
    def mean_delay(self) -> float | None:
        """Of the developments that were found."""
        return round(self.late / self.found, 3) if self.found else None


def alerts_of(outputs: Iterable[Output]) -> list[ItemAlert]:
    """The messages of a monitor that says more: one for each item and topic."""
    return [
        ItemAlert(item=output.item, topic=topic)
        for output in outputs
        for topic in sorted({said.topic for said in output.alerts})
    ]


def score_items(gold: Gold, alerts: Sequence[ItemAlert]) -> ItemFigures:
    """Judge the messages in the order of the stream."""
    alerted: set[str] = set()
    right = repeats = false = found = late = 0
    for alert in sorted(alerts, key=lambda alert: (gold.order[alert.item], alert.topic)):
        here = [each for each in gold.developments if each.said.topic == alert.topic and alert.item in each.reports]
        fresh = [each for each in here if each.id not in alerted]
        required = [each for each in fresh if not each.optional]
        alerted |= {each.id for each in fresh}
        right += bool(required)
        repeats += bool(here) and not fresh
        false += not here
        found += len(required)
        late += sum(gold.delay(each, alert.item) for each in required)
    total = sum(not each.optional for each in gold.developments)
    return ItemFigures(
        alerts=right + repeats + false,
        right=right,
        repeats=repeats,
        false=false,
        gold=total,
        found=found,
        late=late,
    )
