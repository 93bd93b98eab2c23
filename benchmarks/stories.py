"""How well the story matcher tells events apart, on files whose texts people have grouped by event.

    python -m benchmarks.stories FILE.jsonl... [--errors] [--json] [--learn]

A file has one text a line, as AllSides (event, date, topic, title, lede) or as ECB+ (doc, topic, event, text). With
dates there are two tasks: say of each pair of articles of a topic within 7 days whether they tell one event (pair F1;
dates are not used), and group the stream in order (BCubed F1; each item is compared with the last 3 days). Without
dates the collection is grouped (BCubed F1). Three ways are scored: what ships (without dates, cosines of TF-IDF with
the shipped cut for that many texts); weights learned anew, each fifth of the topics scored with what all the files'
other topics teach; and cosines of TF-IDF with cuts chosen likewise. Only the second and third are honest on the files
that the shipped weights and cuts were learned on. Give all files at once: they learn from each other.

`--errors` lists the texts wrongly put together or apart by what ships. `--learn` writes what the files teach to
monitor/stories/model.json, and the cuts of the tasks to benchmarks/stories_cuts.json.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import fmean
from typing import Any

from benchmarks.stories_data import Score, read
from benchmarks.stories_model import pair_table, stream, stream_table
from benchmarks.stories_ways import (
    Collection,
    Cuts,
    Result,
    by_cosine,
    by_model,
    choose,
    collection_cut,
    cross_validated,
    cut_for_any_size,
    learn,
    result,
)
from monitor.stories.likeness import Model, shipped

CUTS = Path(__file__).with_name("stories_cuts.json")
MODEL = Path(__file__).parent.parent / "monitor" / "stories" / "model.json"
LOG_ODDS = tuple(step / 4 for step in range(-16, 5))
COSINES = tuple(step / 50 for step in range(1, 31))
PER_ROOT = tuple(step / 10_000 for step in range(10, 41))
SHIPPED, LEARNED, COSINE = "shipped", "cross-validated", "TF-IDF cosine, cross-validated"


def load(path: Path) -> Collection:
    """A labelled file with the likenesses that its tasks need."""
    items = read(path)
    dated = all(item.day is not None for item in items)
    steps = stream(items) if dated else []
    likeness = stream_table(items, steps) if dated else None
    return Collection(name=path.name, items=items, pairs=pair_table(items), stream=likeness, steps=steps)


def measure_shipped(collection: Collection) -> Result:
    """What ships, with its cuts. A collection without dates is wider than what a topic tells: cosines alone do best."""
    model, cuts = shipped(), json.loads(CUTS.read_text(encoding="utf-8"))
    judged = by_cosine(collection) if collection.stream is None else by_model(collection, model)
    whole = collection_cut(cuts["collection_per_root"], len(collection.items))
    group = whole if collection.stream is None else cuts["group"]
    given = Cuts(pair=cuts["pair"], group=group, story=model.story)
    return result(collection, judged, given, lambda item: True)


def measure(collections: Sequence[Collection]) -> Iterator[tuple[Collection, dict[str, Result]]]:
    """The three ways, file by file."""
    models: dict[int, Model] = {}

    def model_without(fold: int) -> Model:
        if fold not in models:
            models[fold] = learn(collections, lambda item: item.fold != fold)
        return models[fold]

    for each in collections:
        cosine = by_cosine(each)
        yield (
            each,
            {
                SHIPPED: measure_shipped(each),
                LEARNED: cross_validated(each, lambda fold, each=each: by_model(each, model_without(fold)), LOG_ODDS),  # type: ignore[misc]
                COSINE: cross_validated(each, lambda fold, cosine=cosine: cosine, COSINES),  # type: ignore[misc]
            },
        )


def write_learned(collections: Sequence[Collection], paths: Sequence[Path]) -> None:
    """Learns from all of the files and writes what will ship."""
    model = learn(collections, lambda item: True)
    dated = [choose(c, by_model(c, model), lambda item: True, LOG_ODDS) for c in collections if c.stream is not None]
    whole = [cut_for_any_size(c, PER_ROOT) for c in collections if c.stream is None]
    if not dated or not whole:
        raise ValueError("--learn needs a file with dates, for the cut of the stream, and one without.")
    weights = {name: round(value, 3) for name, value in asdict(model.weights).items()}
    _write(MODEL, {"weights": weights, "bias": round(model.bias, 3), "story": fmean(cuts.story for cuts in dated)})
    cuts = {
        "pair": fmean(each.pair for each in dated),
        "group": fmean(each.group for each in dated),
        "collection_per_root": fmean(whole),
    }
    learned_on = [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths]
    _write(CUTS, {**cuts, "learned_on_sha256": learned_on})


def _write(path: Path, data: dict[str, Any]) -> None:
    path.write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")


def wrong(collection: Collection, outcome: Result) -> Iterator[tuple[str, str, str]]:
    """The pairs that were wrongly put together or apart: which of the two, and the two texts."""
    names = [item.name for item in collection.items]
    events = [item.event for item in collection.items]
    for a, b in sorted(outcome.said):
        if events[a] != events[b]:
            yield "false merge", names[a], names[b]
    for a, b in sorted(collection.true - outcome.said):
        yield "false split", names[a], names[b]


def _line(way: str, outcome: Result) -> str:
    def shown(label: str, score: Score | None) -> str:
        return f"  {label} {score.f1:.3f} (P {score.precision:.3f} R {score.recall:.3f})" if score else ""

    return (
        f"  {way:<32}{shown('pairs', outcome.pairs)}{shown('pairs by groups', outcome.grouped)}"
        f"{shown('BCubed', outcome.groups)}"
    )


def _json(outcome: Result) -> dict[str, Any]:
    named = {"pairs": outcome.pairs, "pairs_by_groups": outcome.grouped, "bcubed": outcome.groups}
    return {name: asdict(score) for name, score in named.items() if score is not None}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures the files and prints the figures."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.stories", description="The story matcher on labelled files."
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE.jsonl")
    parser.add_argument("--errors", action="store_true", help="list the texts wrongly put together or apart")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--learn", action="store_true", help="write the weights that these files teach, to ship")
    options = parser.parse_args(arguments)
    try:
        collections = [load(path) for path in options.files]
        if options.learn:
            write_learned(collections, options.files)
            shipped.cache_clear()
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    known = json.loads(CUTS.read_text(encoding="utf-8"))["learned_on_sha256"]
    report = {}
    for path, (collection, outcomes) in zip(options.files, measure(collections), strict=True):
        own = hashlib.sha256(path.read_bytes()).hexdigest() in known
        errors = list(wrong(collection, outcomes[SHIPPED])) if options.errors else []
        report[str(path)] = {
            "learned_on": own,
            "texts": len(collection.items),
            **{way: _json(outcome) for way, outcome in outcomes.items()},
            **({"errors": errors} if options.errors else {}),
        }
        if not options.json:
            note = "; the shipped weights were learned on it" if own else ""
            print(f"{path.name}: {len(collection.items)} texts{note}")
            print(*(_line(way, outcome) for way, outcome in outcomes.items()), sep="\n", flush=True)
            print(*(f"  {kind}: {one} | {other}" for kind, one, other in errors), sep="\n", end="\n" if errors else "")
    if options.json:
        print(json.dumps(report, ensure_ascii=False, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
