"""Labelled streams: where they lie, what Watchdesk makes of them, and what it made of them at first sight."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from benchmarks.quality.archives import Archives
from benchmarks.quality.labels import Gold, Output, read_gold, read_output
from benchmarks.quality.scoring import ALL, Scored, figures, score
from monitor.commands.vocabulary import vocabulary_of, with_entities
from monitor.config import load_config
from monitor.errors import ConfigError
from monitor.language.gazetteer import load
from monitor.pipeline import Processed, Watch
from monitor.replay import StreamItem, output_line, read_stream, replay

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
OWN = ROOT / "tests" / "data" / "streams"
FIRST_SIGHT = "first-sight.json"
LAST = 4  # of the streams by the time of their first sight, for the mean that counts

# The third of this stream that nobody looks at: written down before the rules were tuned on the rest.
HELD_OUT = frozenset({"beijing-2025"})


def held_out(item: str) -> bool:
    """Whether an item belongs to the third that is kept unread."""
    return int(hashlib.sha256(item.encode()).hexdigest(), 16) % 3 == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstSight:
    """What the program made of a stream before anything was mended with it."""

    scored: datetime
    commit: str | None  # of the program that was scored, where it was noted
    strict_f1: float
    loose_f1: float
    repeats: int
    false: int
    relevance_precision: float
    relevance_recall: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """One labelled stream, read and checked."""

    folder: Path
    items: tuple[StreamItem, ...]
    gold: Gold
    watch: Watch
    first_sight: FirstSight | None

    @property
    def name(self) -> str:
        """What it is called in tables."""
        return self.folder.resolve().name

    @property
    def own(self) -> bool:
        """Whether it is one of this repository's."""
        return self.folder.resolve().parent == OWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What Watchdesk made of a stream, and how that was judged."""

    stream: Stream
    processed: dict[str, Processed]
    outputs: tuple[Output, ...]
    scored: Scored


def known_folders() -> list[Path]:
    """Those that lie beside the repository, and its own."""
    found = [path.parent for root in (SHARED / "eval", OWN) for path in sorted(root.glob("*/gold.json"))]
    return [folder for folder in found if (folder / "stream.jsonl").is_file()]


def read_folder(folder: Path) -> Stream:
    """The stream in a folder, with the topics beside it if there are any. Raises ConfigError."""
    items = tuple(read_stream(folder / "stream.jsonl"))
    return Stream(
        folder=folder,
        items=items,
        gold=read_gold(folder, [item.id for item in items]),
        watch=watch_of(folder / "topics.yaml"),
        first_sight=read_first_sight(folder / FIRST_SIGHT),
    )


def watch_of(topics: Path | None = None) -> Watch:
    """The shipped configuration, its topics replaced by those of a file if that is there. Raises ConfigError."""
    gazetteer = load()
    config = load_config(
        None, vocabulary_of(gazetteer), topics_file=topics if topics is not None and topics.is_file() else None
    )
    return Watch(topics=config.topics, gazetteer=with_entities(gazetteer, config.entities), default_channel="#news")


def run(stream: Stream, archives: Archives) -> Result:
    """Replay a stream on an empty archive and judge what came of it."""
    with archives() as engine:
        processed = dict(replay(engine, stream.items, stream.watch))
    lines = [line for item, result in processed.items() if (line := output_line(item, result)) is not None]
    outputs = tuple(read_output(lines))
    return Result(stream=stream, processed=processed, outputs=outputs, scored=score(stream.gold, outputs))


def read_first_sight(path: Path) -> FirstSight | None:
    """The record of a stream's first scoring; None before that. Raises ConfigError."""
    if not path.is_file():
        return None
    try:
        row = json.loads(path.read_text(encoding="utf-8"))
        return FirstSight(**{**row, "scored": datetime.fromisoformat(row["scored"])})
    except (ValueError, TypeError, KeyError) as error:
        raise ConfigError(f"{path} is no record of a first sight: {error}. It is written by --first-sight.") from error


def record_first_sight(result: Result, *, at: datetime, commit: str | None) -> FirstSight:
    """Write down what a stream came to, once and for all. Raises ConfigError if that was done before."""
    path = result.stream.folder / FIRST_SIGHT
    total = figures(result.scored)[ALL]
    seen = FirstSight(
        scored=at,
        commit=commit,
        strict_f1=total.strict.f1 or 0.0,
        loose_f1=total.loose.f1 or 0.0,
        repeats=total.repeats,
        false=total.false,
        relevance_precision=total.relevance_precision or 0.0,
        relevance_recall=total.relevance_recall or 0.0,
    )
    try:
        with path.open("x", encoding="utf-8") as file:
            json.dump({**asdict(seen), "scored": at.isoformat()}, file, indent=2)
            file.write("\n")
    except FileExistsError as error:
        raise ConfigError(f"{path} is there already: there is one first sight. Leave --first-sight out.") from error
    return seen


def unread(folders: Sequence[Path]) -> Iterator[Path]:
    """Own streams that nobody has scored yet: to score them is to look at them, so it is asked for by name."""
    return (folder for folder in folders if folder.parent == OWN and not (folder / FIRST_SIGHT).is_file())
