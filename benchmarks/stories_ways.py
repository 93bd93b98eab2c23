"""Ways of telling events apart, scored on a collection: with given cuts, or with cuts chosen on other topics."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean

from benchmarks.stories_data import FOLDS, Item, Score, bcubed, pair_score, score_of
from benchmarks.stories_model import Example, Odds, Pair, Steps, Table, examples, groups, merges, regress, stream_groups
from monitor.stories.likeness import Field, Likeness, Model, compare

WEIGHT = 2000.0  # of each collection in learning, whatever its size


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """A labelled file with its likenesses; `stream` is None where it has no dates."""

    name: str
    items: Sequence[Item]
    pairs: Table
    stream: Table | None
    steps: Steps  # the items in order, each with those of the window before it; empty without dates

    @property
    def true(self) -> frozenset[Pair]:
        """The pairs that are one event."""
        return frozenset((a, b) for a, b in self.pairs if self.items[a].event == self.items[b].event)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cuts:
    """From which value on: a pair on its own, any two of a group, the mean of a story in the stream."""

    pair: float
    group: float
    story: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a way says of a collection, and how right that is. None: the collection has no such task."""

    pairs: Score | None  # each pair on its own
    grouped: Score | None  # the pairs that stand in one group of the collection
    groups: Score  # BCubed of the stream, or without dates of the collection
    said: frozenset[Pair]  # the pairs that are one event by the groups that were scored


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Log-odds, or any other value that grows with likeness."""

    pairs: Odds
    stream: Odds | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """What a way says of the items that are scored. Parts of different items add up."""

    items: tuple[int, ...]
    true: frozenset[Pair]
    alone: frozenset[Pair]  # pairs that are one event each on its own
    together: frozenset[Pair]  # pairs that stand in one group of the collection
    said: frozenset[Pair]
    groups: Score


def result(collection: Collection, judged: Judged, cuts: Cuts, scored: Callable[[Item], bool]) -> Result:
    """The result on the items that are scored. A pair counts if its first item does."""
    return _summed(collection, [_part(collection, judged, cuts, scored)])


def _part(collection: Collection, judged: Judged, cuts: Cuts, scored: Callable[[Item], bool]) -> _Part:
    items = collection.items
    ours = tuple(index for index, item in enumerate(items) if scored(item))
    inside = [pair for pair in collection.pairs if scored(items[pair[0]])]
    grouped = groups(len(items), merges(judged.pairs), cuts.group)
    together = frozenset((a, b) for a, b in inside if grouped[a] == grouped[b])
    told, said = grouped, together
    if judged.stream is not None:
        told = stream_groups(collection.steps, judged.stream, cuts.story)
        said = frozenset((a, b) for a in ours for b in range(a + 1, len(items)) if told[a] == told[b])
    return _Part(
        items=ours,
        true=frozenset(pair for pair in collection.true if scored(items[pair[0]])),
        alone=frozenset(pair for pair in inside if judged.pairs[pair] >= cuts.pair),
        together=together,
        said=said,
        groups=bcubed(told, items, ours),
    )


def _summed(collection: Collection, parts: Sequence[_Part]) -> Result:
    """The result on all items of the parts: hits of pairs are counted over all parts, BCubed is a mean of items."""

    def joined(name: str) -> frozenset[Pair]:
        return frozenset[Pair]().union(*(getattr(part, name) for part in parts))

    total = sum(len(part.items) for part in parts)
    return Result(
        pairs=pair_score(joined("alone"), joined("true")) if collection.stream is not None else None,
        grouped=pair_score(joined("together"), joined("true")) if collection.stream is not None else None,
        groups=score_of(
            sum(len(part.items) * part.groups.precision for part in parts) / total,
            sum(len(part.items) * part.groups.recall for part in parts) / total,
        ),
        said=joined("said"),
    )


def choose(collection: Collection, judged: Judged, uses: Callable[[Item], bool], grid: Sequence[float]) -> Cuts:
    """The cuts that do best on the items that may be used."""
    items = collection.items
    true = {pair for pair in collection.true if uses(items[pair[0]])}
    inside = [pair for pair in collection.pairs if uses(items[pair[0]])]
    ours, done = [index for index, item in enumerate(items) if uses(item)], merges(judged.pairs)

    def alone(cut: float) -> float:
        return pair_score([pair for pair in inside if judged.pairs[pair] >= cut], true).f1

    def together(cut: float) -> float:
        named = groups(len(items), done, cut)
        if judged.stream is None:
            return bcubed(named, items, ours).f1
        return pair_score([(a, b) for a, b in inside if named[a] == named[b]], true).f1

    def in_order(cut: float) -> float:
        return (
            bcubed(stream_groups(collection.steps, judged.stream, cut), items, ours).f1
            if judged.stream is not None
            else 0.0
        )

    return Cuts(pair=max(grid, key=alone), group=max(grid, key=together), story=max(grid, key=in_order))


def cross_validated(collection: Collection, judge: Callable[[int], Judged], grid: Sequence[float]) -> Result:
    """Each fold of topics is scored with what `judge` and the cuts learned on the other folds."""
    parts = []
    for fold in range(FOLDS):
        judged = judge(fold)
        cuts = choose(collection, judged, lambda item, fold=fold: item.fold != fold, grid)  # type: ignore[misc]
        if any(item.fold == fold for item in collection.items):
            parts.append(_part(collection, judged, cuts, lambda item, fold=fold: item.fold == fold))  # type: ignore[misc]
    return _summed(collection, parts)


def learn(collections: Sequence[Collection], uses: Callable[[Item], bool]) -> Model:
    """The weights that the pairs of some collections teach; each collection weighs the same."""
    rows: list[Example] = []
    for each in collections:
        rows.extend(examples(each.items, each.pairs, uses, WEIGHT))
    *weights, bias = regress(rows)
    return Model(weights=Likeness(*weights), bias=bias, story=0.0)


def by_model(collection: Collection, model: Model) -> Judged:
    """The log-odds of a model."""
    stream = collection.stream
    return Judged(
        pairs={pair: model.weigh(likeness) for pair, likeness in collection.pairs.items()},
        stream=None if stream is None else {pair: model.weigh(likeness) for pair, likeness in stream.items()},
    )


def by_cosine(collection: Collection) -> Judged:
    """What most tools do: the cosine of TF-IDF, words weighed by the whole file."""
    field = Field(item.told for item in collection.items)
    weighed = [field.weigh(item.told) for item in collection.items]

    def cosines(table: Table) -> dict[Pair, float]:
        return {(a, b): compare(weighed[a], weighed[b]).whole for a, b in table}

    return Judged(
        pairs=cosines(collection.pairs), stream=None if collection.stream is None else cosines(collection.stream)
    )


def collection_cut(per_root: float, size: int) -> float:
    """The cut of cosines for a collection of so many texts.

    The more texts, the more alike are two of different events by chance. That the likeness grows with the root of their
    number is what random parts of ECB+, of 100 to 770 texts, show: .06 for 770 is far too high for 150.
    """
    return per_root * math.sqrt(size)


def cut_for_any_size(collection: Collection, grid: Sequence[float]) -> float:
    """What to take for each root of the size, so that a collection and each fifth of its topics are grouped best."""
    parts = [(part, merges(by_cosine(part).pairs)) for part in (collection, *_fifths(collection))]

    def mean(per_root: float) -> float:
        cuts = [collection_cut(per_root, len(part.items)) for part, _ in parts]
        named = [groups(len(part.items), done, cut) for (part, done), cut in zip(parts, cuts, strict=True)]
        return fmean(bcubed(name, part.items).f1 for name, (part, _) in zip(named, parts, strict=True))

    return max(grid, key=mean)


def _fifths(collection: Collection) -> list[Collection]:
    """Each fold as a collection of its own."""
    parts = []
    for fold in sorted({item.fold for item in collection.items}):
        kept = [index for index, item in enumerate(collection.items) if item.fold == fold]
        place = {index: at for at, index in enumerate(kept)}
        pairs = {(place[a], place[b]): like for (a, b), like in collection.pairs.items() if a in place and b in place}
        items = [collection.items[index] for index in kept]
        parts.append(Collection(name=f"{collection.name}, {fold}", items=items, pairs=pairs, stream=None, steps=[]))
    return parts
