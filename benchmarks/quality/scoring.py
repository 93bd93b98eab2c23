"""The measure of a labelled stream: what a monitor said against what a perfect one would have said.

An alert is right when its item reports a development that nobody was alerted on yet. `loose`: of that topic;
`strict`: with its stage, subject and object as well. An alert on what was alerted already is a repeat, any other is
false. What good annotators could differ on (`optional`) is neither right nor wrong.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from benchmarks.quality.labels import Development, Gold, Output, Said

ALL = "all"


class Verdict(StrEnum):
    """What one alert was."""

    EXACT = "right"
    LOOSE = "right development, wrong words"
    REPEAT = "repeat"
    FALSE = "false alert"
    UNKNOWN = "alert on a topic that has no labels"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One alert, and the development that it was taken for."""

    item: str
    said: Said
    verdict: Verdict
    development: Development | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Relevance:
    """Whether an item is about a topic (`truth`), and whether the monitor said so."""

    item: str
    topic: str
    truth: bool
    said: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """Everything that was judged of one output on one stream."""

    gold: Gold
    judged: tuple[Judged, ...]
    relevance: tuple[Relevance, ...]

    def missed(self) -> Iterator[Development]:
        """The developments that no alert was raised on."""
        found = {one.development.id for one in self.judged if one.development}
        return (each for each in self.gold.developments if not each.optional and each.id not in found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """Precision, recall and their harmonic mean; None where nothing was there to be counted."""

    precision: float | None
    recall: float | None
    f1: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The score of one topic, or of all."""

    relevance_precision: float | None
    relevance_recall: float | None
    gold: int
    found: int
    repeats: int
    false: int
    loose: Rate
    strict: Rate
    mean_delay: float | None  # further items that had reported a development before its alert
    max_delay: int | None


def score(gold: Gold, outputs: Sequence[Output]) -> Scored:
    """Judge every alert and every item of an output, in the order of the stream."""
    ordered = sorted(outputs, key=lambda output: gold.order[output.item])
    alerted: set[str] = set()
    judged = [one for output in ordered for one in _judge(gold, output, alerted)]
    return Scored(gold=gold, judged=tuple(judged), relevance=tuple(_relevance(gold, outputs)))


def figures(scored: Scored, keep: Callable[[str], bool] = lambda item: True) -> dict[str, Figures]:
    """The figures by topic, and of `all`, over the items that `keep` takes.

    A development belongs to the item that reports it first, an alert that is not right to the item it was raised on.
    """
    topics = scored.gold.topics
    parts = {topic: _part(scored, keep, frozenset({topic})) for topic in topics}
    return {**parts, ALL: _part(scored, keep, frozenset(topics))}


def rate(found: int, wrong: int, total: int) -> Rate:
    """Precision, recall and F1 of so many right and wrong alerts against so many developments."""
    precision, recall = ratio(found, found + wrong), ratio(found, total)
    return Rate(precision=precision, recall=recall, f1=harmonic(precision, recall))


def ratio(part: int, whole: int) -> float | None:
    """A share to four digits."""
    return round(part / whole, 4) if whole else None


def harmonic(precision: float | None, recall: float | None) -> float | None:
    """F1; None where one of the two says nothing."""
    if precision is None or recall is None:
        return None
    return round(2 * precision * recall / (precision + recall), 4) if precision and recall else 0.0


def _judge(gold: Gold, output: Output, alerted: set[str]) -> Iterator[Judged]:
    """Exact matches first, so that a looser alert takes no development that another one names rightly."""
    here = [development for development in gold.developments if output.item in development.reports]
    left = []
    for said in output.alerts:
        match = next((each for each in here if each.id not in alerted and each.said == said), None)
        if match is None:
            left.append(said)
            continue
        alerted.add(match.id)
        yield Judged(item=output.item, said=said, verdict=Verdict.EXACT, development=match)
    for said in left:
        yield _judge_loosely(gold, output.item, said, [each for each in here if each.said.topic == said.topic], alerted)


def _judge_loosely(gold: Gold, item: str, said: Said, same: Sequence[Development], alerted: set[str]) -> Judged:
    if said.topic not in gold.topics:
        return Judged(item=item, said=said, verdict=Verdict.UNKNOWN)
    fresh = [each for each in same if each.id not in alerted]
    taken = next((each for each in fresh if not each.optional), fresh[0] if fresh else None)
    if any(each.id in alerted and each.said == said for each in same) or (same and taken is None):
        return Judged(item=item, said=said, verdict=Verdict.REPEAT)
    if taken is None:
        return Judged(item=item, said=said, verdict=Verdict.FALSE)
    alerted.add(taken.id)
    return Judged(item=item, said=said, verdict=Verdict.LOOSE, development=taken)


def _relevance(gold: Gold, outputs: Iterable[Output]) -> Iterator[Relevance]:
    said: Mapping[str, frozenset[str]] = {output.item: output.topics for output in outputs}
    topics = gold.topics
    for item in gold.order:
        labels = gold.labels(item)
        for topic in topics:
            truth, claimed = topic in labels.relevant, topic in said.get(item, ())
            if topic not in labels.optional and (truth or claimed):
                yield Relevance(item=item, topic=topic, truth=truth, said=claimed)


def _part(scored: Scored, keep: Callable[[str], bool], topics: frozenset[str]) -> Figures:
    gold = scored.gold
    wanted = [
        each for each in gold.developments if not each.optional and each.said.topic in topics and keep(each.reports[0])
    ]
    ids = {each.id for each in wanted}
    right = [one for one in scored.judged if one.development and one.development.id in ids]
    counts: dict[Verdict, int] = defaultdict(int)
    for one in scored.judged:
        counts[one.verdict] += one.said.topic in topics and keep(one.item)
    exact = sum(one.verdict is Verdict.EXACT for one in right)
    wrong = counts[Verdict.REPEAT] + counts[Verdict.FALSE]
    delays = [gold.delay(one.development, one.item) for one in right if one.development]
    rows = [row for row in scored.relevance if row.topic in topics and keep(row.item)]
    hits = sum(row.truth and row.said for row in rows)
    loose, total = len(right), len(wanted)
    return Figures(
        relevance_precision=ratio(hits, sum(row.said for row in rows)),
        relevance_recall=ratio(hits, sum(row.truth for row in rows)),
        gold=total,
        found=loose,
        repeats=counts[Verdict.REPEAT],
        false=counts[Verdict.FALSE],
        loose=rate(loose, wrong, total),
        strict=rate(exact, loose - exact + wrong, total),
        mean_delay=round(sum(delays) / len(delays), 3) if delays else None,
        max_delay=max(delays, default=None),
    )
