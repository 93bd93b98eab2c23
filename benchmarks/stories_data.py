"""Labelled collections of texts about the same events, in the formats of AllSides and ECB+, and their measures."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from monitor.stories import Telling, tell

WINDOW = 3.0  # days of the stream that an item is compared with
APART = 7.0  # days between two articles of a pair at most
FOLDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One labelled text. `event` and `fold` are for scoring alone."""

    name: str
    event: str
    topic: str  # of the pair task: only articles of one topic are paired
    fold: int  # of the cross-validation: all of a topic is in one
    day: float | None  # in days since 1970; None in a collection without dates
    told: Telling


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """An F1 with its precision and recall."""

    f1: float
    precision: float
    recall: float


def read(path: Path) -> tuple[Item, ...]:
    """The items of a file; its keys tell the format. A line that is in neither raises ValueError."""
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            rows.append(_row(json.loads(line)))
        except (json.JSONDecodeError, KeyError, TypeError, ValueError) as error:
            raise ValueError(
                f"{path}, line {number}: {error!r}. Expected event, date, topic, title, lede (AllSides) "
                "or doc, topic, event, text (ECB+)."
            ) from error
    folds = _folds(Counter(row.topic for row in rows))
    return tuple(
        Item(name=r.name, event=r.event, topic=r.topic, fold=folds[r.topic], day=r.day, told=r.told) for r in rows
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    name: str
    event: str
    topic: str
    day: float | None
    told: Telling


def _row(data: Mapping[str, str]) -> _Row:
    event, topic = str(data["event"]), str(data["topic"])
    if "text" in data:
        told = tell("", data["text"], "en")
        return _Row(
            name=f"{data['doc']} {' '.join(data['text'].split()[:8])}", event=event, topic=topic, day=None, told=told
        )
    day = datetime.fromisoformat(data["date"]).timestamp() / 86400
    told = tell(data["title"], data["lede"], "en")
    return _Row(name=data["title"], event=event, topic=topic, day=day, told=told)


def _folds(sizes: Mapping[str, int]) -> dict[str, int]:
    """Topics in folds of about one size, the largest first."""
    loads = [0] * FOLDS
    folds = {}
    for topic in sorted(sizes, key=lambda each: (-sizes[each], each)):
        folds[topic] = loads.index(min(loads))
        loads[folds[topic]] += sizes[topic]
    return folds


def pair_score(said: Collection[Hashable], true: Collection[Hashable]) -> Score:
    """How many of the pairs that were said to be one event are, and the reverse."""
    hits = len(set(said) & set(true))
    return score_of(hits / len(said) if said else 0.0, hits / len(true) if true else 0.0)


def bcubed(groups: Sequence[Hashable], items: Sequence[Item], scored: Collection[int] | None = None) -> Score:
    """BCubed (Bagga & Baldwin 1998): of each item's group, how much is of its event, and the reverse; in the mean.

    `scored`: the items that count, of all that were grouped; None: all.
    """
    of_group, of_event = defaultdict(set), defaultdict(set)
    for index, item in enumerate(items):
        of_group[groups[index]].add(index)
        of_event[item.event].add(index)
    precision = recall = 0.0
    counted = range(len(items)) if scored is None else scored
    for index in counted:
        group, event = of_group[groups[index]], of_event[items[index].event]
        precision += len(group & event) / len(group)
        recall += len(group & event) / len(event)
    return score_of(precision / len(counted), recall / len(counted))


def score_of(precision: float, recall: float) -> Score:
    """The score of a precision and a recall."""
    total = precision + recall
    return Score(f1=2 * precision * recall / total if total else 0.0, precision=precision, recall=recall)
