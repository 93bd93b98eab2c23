"""Tables of likeness for a labelled collection, what is grouped by them, and the learning of the weights."""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass

from benchmarks.stories_data import APART, WINDOW, Item
from monitor.novelty import TOLD
from monitor.stories.likeness import Field, Likeness, compare

Pair = tuple[int, int]
Table = Mapping[Pair, Likeness]
Odds = Mapping[Pair, float]
Steps = Sequence[tuple[int, Sequence[int]]]
EVERY = 20  # of the pairs of different topics, which are easy, one in so many is learned from
RIDGE = 0.3  # keeps the weights small (L2)


def pair_table(items: Sequence[Item]) -> dict[Pair, Likeness]:
    """The likeness of all that may be paired: articles of a topic within days, or all where there are no dates.

    Words weigh by what either of the two could be paired with, and the two readings are averaged.
    """
    if all(item.day is None for item in items):
        field = Field(item.told for item in items)
        weighed = [field.weigh(item.told) for item in items]
        return {(a, b): compare(weighed[a], weighed[b]) for b in range(len(items)) for a in range(b)}
    readings: dict[Pair, list[Likeness]] = defaultdict(list)
    for index, item in enumerate(items):
        around = [each for each, other in enumerate(items) if _comparable(item, other)]
        field = Field(items[each].told for each in around)
        asked = field.weigh(item.told)
        for each in around:
            if each != index:
                pair = (min(index, each), max(index, each))
                readings[pair].append(compare(asked, field.weigh(items[each].told)))
    return {pair: _mean(both) for pair, both in readings.items()}


def stream_table(items: Sequence[Item], steps: Steps) -> dict[Pair, Likeness]:
    """The likeness of each item, the second of a pair, to those of the window before it, as `nearest` sees it."""
    table = {}
    for index, before in steps:
        field = Field([*(items[each].told for each in before), items[index].told])
        asked = field.weigh(items[index].told)
        for each in before:
            table[each, index] = compare(asked, field.weigh(items[each].told))
    return table


def stream(items: Sequence[Item]) -> Steps:
    """The items in order of their days, each with those of the window before it."""
    order = sorted(range(len(items)), key=lambda each: (items[each].day or 0.0, each))
    return [
        (index, [each for each in order[:place] if _days(items[index], items[each]) <= WINDOW])
        for place, index in enumerate(order)
    ]


def _comparable(one: Item, other: Item) -> bool:
    return one.topic == other.topic and _days(one, other) <= APART


def _days(one: Item, other: Item) -> float:
    assert one.day is not None
    assert other.day is not None
    return abs(one.day - other.day)


def _mean(readings: Sequence[Likeness]) -> Likeness:
    columns = zip(*(astuple(each) for each in readings), strict=True)
    return Likeness(*(sum(column) / len(readings) for column in columns))


def stream_groups(steps: Steps, log_odds: Odds, cut: float, *, most: int = TOLD) -> list[int]:
    """The story of each item, found as the product finds it: that of the highest mean over its first `most`."""
    story = [-1] * len(steps)
    for index, before in steps:
        members: dict[int, list[float]] = defaultdict(list)
        for each in before:
            if len(members[story[each]]) < most:
                members[story[each]].append(log_odds[each, index])
        means = {name: sum(all_) / len(all_) for name, all_ in members.items()}
        best = max(means, key=lambda name: means[name], default=None)
        story[index] = best if best is not None and means[best] >= cut else index
    return story


@dataclass(frozen=True, slots=True)
class Merge:
    """Two groups that become one, and the lowest log-odds between any two of their members."""

    height: float
    one: int
    other: int


def merges(log_odds: Odds) -> list[Merge]:
    """Complete-link agglomeration (Sørensen 1948): the two groups whose least alike members are most alike first.

    What is not in `log_odds` can't be in one group.
    """
    links: dict[int, dict[int, float]] = defaultdict(dict)
    for (a, b), value in log_odds.items():
        links[a][b] = links[b][a] = value
    heap = [(-value, a, b) for (a, b), value in log_odds.items()]
    heapq.heapify(heap)
    done = []
    while heap:
        negative, a, b = heapq.heappop(heap)
        if a not in links or links[a].get(b) != -negative:
            continue
        done.append(Merge(-negative, a, b))
        gone, kept = links.pop(b), links[a]
        for each in [each for each in kept if each not in gone or each == b]:
            del kept[each]
            links.get(each, {}).pop(a, None)
        for each in gone:
            links[each].pop(b, None)
            if each in kept:
                value = min(kept[each], gone[each])
                kept[each] = links[each][a] = value
                heapq.heappush(heap, (-value, min(a, each), max(a, each)))
    return done


def groups(size: int, done: Sequence[Merge], cut: float) -> list[int]:
    """The group of each item after the merges that reach the cut."""
    name = list(range(size))
    for merge in done:
        if merge.height < cut:
            break
        name[merge.other] = merge.one
    for index in range(size):
        root = index
        while name[root] != root:
            root = name[root]
        name[index] = root
    return name


@dataclass(frozen=True, slots=True)
class Example:
    """One pair to learn from."""

    figures: tuple[float, ...]
    same: bool
    weight: float


def examples(items: Sequence[Item], table: Table, uses: Callable[[Item], bool], total: float) -> list[Example]:
    """The pairs of a collection whose ends may both be used; together they weigh `total`."""
    chosen = []
    for number, ((a, b), likeness) in enumerate(table.items()):
        if uses(items[a]) and uses(items[b]) and (items[a].topic == items[b].topic or number % EVERY == 0):
            chosen.append((likeness, items[a].event == items[b].event))
    return [Example((*astuple(likeness), 1.0), same, total / len(chosen)) for likeness, same in chosen]


def regress(rows: Sequence[Example]) -> tuple[float, ...]:
    """Weights of a logistic regression with a small ridge, by Newton's method; the last is the bias."""
    size = len(rows[0].figures)
    weights = [0.0] * size
    for _ in range(12):
        gradient = [-RIDGE * w for w in weights[:-1]] + [0.0]
        curve = [[RIDGE * (i == j and i < size - 1) + 1e-9 * (i == j) for j in range(size)] for i in range(size)]
        for row in rows:
            z = sum(w * x for w, x in zip(weights, row.figures, strict=True))
            p = 1 / (1 + math.exp(-max(-30.0, min(30.0, z))))
            slope, bend = row.weight * (row.same - p), row.weight * p * (1 - p)
            for i, x in enumerate(row.figures):
                if x:
                    gradient[i] += slope * x
                    line, share = curve[i], bend * x
                    for j in range(i, size):
                        line[j] += share * row.figures[j]
        for i in range(size):
            for j in range(i):
                curve[i][j] = curve[j][i]
        step = _solve(curve, gradient)
        weights = [w + s for w, s in zip(weights, step, strict=True)]
        if max(map(abs, step)) < 1e-4:
            break
    return tuple(weights)


def _solve(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Gauss's elimination with the largest pivot."""
    size = len(right)
    rows = [[*line, value] for line, value in zip(matrix, right, strict=True)]
    for column in range(size):
        pivot = max(range(column, size), key=lambda each: abs(rows[each][column]))
        rows[column], rows[pivot] = rows[pivot], rows[column]
        for below in range(column + 1, size):
            factor = rows[below][column] / rows[column][column]
            if factor:
                rows[below] = [x - factor * y for x, y in zip(rows[below], rows[column], strict=True)]
    solved = [0.0] * size
    for line in reversed(range(size)):
        rest = sum(rows[line][each] * solved[each] for each in range(line + 1, size))
        solved[line] = (rows[line][size] - rest) / rows[line][line]
    return solved
