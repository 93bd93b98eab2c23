"""Every figure of one run, as data: what is printed, written into the page and given out as JSON comes from here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from benchmarks.quality import causes, flips, headlines, scoring, streams
from benchmarks.quality.archives import Archives
from benchmarks.quality.by_item import ItemFigures, alerts_of, score_items
from benchmarks.quality.flips import FlipFigures
from benchmarks.quality.headlines import Silence
from benchmarks.quality.peers import Peer, peers
from benchmarks.quality.scoring import Figures
from benchmarks.quality.streams import ROOT, SHARED, FirstSight, Result
from monitor.errors import WatchdeskError

PAIRS = ROOT / "tests" / "data" / "flips.jsonl"


class Part(StrEnum):
    """What can be measured apart."""

    STREAMS = "streams"
    PEERS = "peers"
    FLIPS = "flips"
    HEADLINES = "headlines"
    STORIES = "stories"
    SPEED = "speed"


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamFigures:
    """One stream: by topic, in all, and apart for the third that is held out."""

    name: str
    own: bool
    items: int
    by_topic: Mapping[str, Figures]
    worked_on: Figures | None  # None where nothing is held out
    held_out: Figures | None
    first_sight: FirstSight | None
    by_item: ItemFigures
    peers: tuple[Peer, ...]
    faults: tuple[str, ...]

    @property
    def total(self) -> Figures:
        """Over all topics."""
        return self.by_topic[scoring.ALL]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flips:
    """The pairs, in all and by the language of the second report."""

    total: FlipFigures
    by_language: Mapping[str, FlipFigures]
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """Figures of another benchmark, as it names them."""

    command: str
    figures: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything that one run measured; what it did not measure is None or empty."""

    streams: tuple[StreamFigures, ...] = ()
    unread: tuple[str, ...] = ()  # own streams that nobody has looked at yet
    first_sight_mean: float | None = None
    flips: Flips | None = None
    headlines: Silence | None = None
    stories: tuple[Other, ...] = ()
    speed: tuple[Other, ...] = ()


def of_stream(result: Result, *, with_peers: bool, all_errors: bool) -> StreamFigures:
    """The figures of a stream and the errors behind them; those of the third that is held out only if asked for."""
    stream = result.stream
    apart = stream.name in streams.HELD_OUT
    hidden = apart and not all_errors
    thirds = [
        scoring.figures(result.scored, keep)[scoring.ALL] if apart else None
        for keep in (lambda item: not streams.held_out(item), streams.held_out)
    ]
    return StreamFigures(
        name=stream.name,
        own=stream.own,
        items=len(stream.items),
        by_topic=scoring.figures(result.scored),
        worked_on=thirds[0],
        held_out=thirds[1],
        first_sight=stream.first_sight,
        by_item=score_items(stream.gold, alerts_of(result.outputs)),
        peers=tuple(peers(result)) if with_peers else (),
        faults=tuple(str(fault) for fault in causes.faults(result) if not (hidden and streams.held_out(fault.item))),
    )


def mean_first_sight(folders: Sequence[Path]) -> float | None:
    """The mean strict F1 at first sight of the four streams that were looked at last; None before there are four."""
    seen = [sight for folder in folders if (sight := streams.read_first_sight(folder / streams.FIRST_SIGHT))]
    last = sorted(seen, key=lambda sight: sight.scored)[-streams.LAST :]
    return round(sum(sight.strict_f1 for sight in last) / len(last), 3) if len(last) == streams.LAST else None


def of_flips(archives: Archives, path: Path = PAIRS) -> Flips:
    """The figures of the pairs in a file."""
    with archives() as engine:
        told = list(flips.tell(engine, flips.read_pairs(path), streams.watch_of()))
    languages = defaultdict(list)
    for each in told:
        languages[each.pair.language].append(each)
    ordered = sorted(languages, key=lambda language: (-len(languages[language]), language))
    return Flips(
        total=flips.figures(told),
        by_language={language: flips.figures(languages[language]) for language in ordered},
        faults=tuple(fault for each in told if (fault := flips.fault(each))),
    )


def of_headlines(archives: Archives) -> Silence | None:
    """What real headlines raise; None where they are not."""
    paths = headlines.files()
    return headlines.listen(headlines.read_headlines(paths), streams.watch_of(), archives) if paths else None


def of_stories(folder: Path = SHARED / "data" / "same-event") -> tuple[Other, ...]:
    """What the story matcher comes to on the files of real articles, in one run, for they learn from each other.

    Empty where they are not.
    """
    files = [os.path.relpath(path, ROOT) for path in sorted(folder.glob("*.jsonl"))]
    return (_other("benchmarks.stories", *files),) if files else ()


def of_speed() -> tuple[Other, ...]:
    """How fast claims and decisions are."""
    return (_other("benchmarks.claims"),)


def count_kinds(faults: Sequence[str]) -> list[tuple[str, int]]:
    """How often each kind of error comes, the most frequent first."""
    kinds = Counter(fault.partition(":")[0] for fault in faults)
    return sorted(kinds.items(), key=lambda pair: (-pair[1], pair[0]))


def as_data(value: object) -> object:
    """A report in the types that JSON has: of each part its fields, and the figures that follow from them."""
    if is_dataclass(value) and not isinstance(value, type):
        derived = [name for name, attribute in vars(type(value)).items() if isinstance(attribute, property)]
        return {name: as_data(getattr(value, name)) for name in [*(f.name for f in fields(value)), *derived]}
    if isinstance(value, Mapping):
        return {str(key): as_data(inner) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return [as_data(inner) for inner in value]
    return value.isoformat() if isinstance(value, datetime) else value


def _other(module: str, *arguments: str) -> Other:
    """Run another benchmark. Raises WatchdeskError with what it said if it fails."""
    command = ["-m", module, *arguments]
    ended = subprocess.run([sys.executable, *command, "--json"], cwd=ROOT, capture_output=True, text=True, check=False)
    shown = " ".join(["python", *command])
    if ended.returncode:
        raise WatchdeskError(f"{shown} failed: {ended.stderr.strip()[-500:]}")
    return Other(command=shown, figures=json.loads(ended.stdout))
