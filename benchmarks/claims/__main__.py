"""How fast articles are read and decided on, on one core, and what a processor takes.

    python -m benchmarks.claims [--json]

Rates are by processor time, so that other work on the machine does not count; the best of three passes. `nothing` are
items that match no topic, `something` those that do: reading and decision together. The peer is one regular
expression over the same items: the words a keyword alert would look for. `dense` are made texts, the worst of them.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from benchmarks.claims import dense
from benchmarks.claims.corpora import Corpus, general, go_through, matching, reports, silent
from benchmarks.claims.topics import many
from benchmarks.quality.streams import watch_of
from monitor.pipeline import read

PASSES = 3
TOPICS = 1_000
KEYWORDS = re.compile(
    r"\b(?:kim jong|putin|xi jinping|pyongyang|parade|summit)|김정은|푸틴|열병식|金正恩|普京|阅兵|ким чен|путин|парад"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """Items a second of processor time, beside a scan for keywords."""

    corpus: str
    items: int
    characters: int  # of an item, in the mean
    per_second: int
    keywords_per_second: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """All that is measured."""

    nothing: tuple[Rate, ...]
    something: Rate
    thousand_topics_cost: float  # times what three topics cost, on items that match nothing
    worst_ms_per_kb: float
    worst_text: str
    memory_mb: int
    start_seconds: float  # by the clock on the wall
    start_processor_seconds: float


def measure() -> Figures:
    """Everything in one run."""
    quiet = [silent(corpus) for corpus in general()]
    worst, text = _worst()
    start, busy, memory = _process()
    return Figures(
        nothing=tuple(_rate(corpus.name, [corpus]) for corpus in quiet),
        something=_rate("reports of the labelled streams", [matching(corpus) for corpus in reports()]),
        thousand_topics_cost=_cost_of_many(quiet[0]),
        worst_ms_per_kb=worst,
        worst_text=text,
        memory_mb=memory,
        start_seconds=start,
        start_processor_seconds=busy,
    )


def _rate(name: str, corpora: Sequence[Corpus]) -> Rate:
    items = [item for corpus in corpora for item in corpus.items]
    taken = _seconds(lambda: [go_through(corpus) for corpus in corpora])
    peer = _seconds(lambda: [KEYWORDS.search(f"{item.title}\n{item.text}".lower()) for item in items])
    return Rate(
        corpus=name,
        items=len(items),
        characters=sum(len(item.title) + len(item.text) for item in items) // max(1, len(items)),
        per_second=round(len(items) / taken),
        keywords_per_second=round(len(items) / peer),
    )


def _seconds(work: Callable[[], object], passes: int = PASSES) -> float:
    """Processor time of the fastest pass."""
    best = float("inf")
    for _ in range(passes):
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return max(best, 1e-9)


def _cost_of_many(corpus: Corpus) -> float:
    """What a thousand topics cost on items that match none of them, as a multiple of what three do."""
    watch = many(corpus.watch, TOPICS)
    quiet = silent(corpus, watch)
    few = Corpus(name=corpus.name, items=quiet.items, watch=corpus.watch)
    return round(_seconds(lambda: go_through(quiet)) / _seconds(lambda: go_through(few)), 2)


def _worst() -> tuple[float, str]:
    """Milliseconds a thousand characters of the text that costs most, and which it is."""
    watch = watch_of()
    cost = {}
    for name, item in dense.texts():
        seconds = _seconds(lambda item=item: read(item, watch))  # type: ignore[misc]
        cost[name] = seconds * 1000 / (len(item.text) / 1000)
    name = max(cost, key=lambda each: cost[each])
    return round(cost[name], 1), name


def _process() -> tuple[float, float, int]:
    """Seconds until a fresh process has read its first item, those it was busy, and its MB with all languages."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "benchmarks.claims.process"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        busy = float(child.stdout.readline())
        ready = time.perf_counter() - began
        memory = int(child.stdout.readline())
    return round(ready, 2), round(busy, 2), round(memory / 1024)


def _show(figures: Figures) -> None:
    print(f"{'':34} {'items':>7} {'chars':>6} {'items/s':>9} {'keywords':>10}")
    for label, rate in [*(("nothing", rate) for rate in figures.nothing), ("something", figures.something)]:
        name = f"{label}: {rate.corpus}"
        print(f"{name:34.34} {rate.items:7,} {rate.characters:6,} {rate.per_second:9,} {rate.keywords_per_second:10,}")
    print(f"{TOPICS:,} topics cost {figures.thousand_topics_cost} times what three do, where nothing matches")
    print(f"worst text {figures.worst_ms_per_kb} ms/KB ({figures.worst_text})")
    print(f"a processor takes {figures.memory_mb} MB with all languages")
    print(f"it is ready after {figures.start_seconds} s, {figures.start_processor_seconds} s of them busy")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    figures = measure()
    if options.json:
        print(json.dumps(asdict(figures), indent=2))
    else:
        _show(figures)


if __name__ == "__main__":
    main()
