"""Pairs of reports: the second turns the first around, or says the same again. A flip is told, the rest is silence."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from benchmarks.quality.scoring import ratio
from monitor.errors import ConfigError
from monitor.pipeline import Processed, Watch, process, read
from monitor.storage.engine import transaction
from monitor.types import ItemKind, Outcome, RawItem, Tier, WatchTopic

UPDATE = "update"
SEEN_AFTER = timedelta(minutes=2)  # how long after its publication a report is seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two reports on one topic, and what the second is worth to who has read the first."""

    id: str
    language: str  # of the second report
    about: str
    topic: WatchTopic
    known: RawItem
    next: RawItem
    flip: bool
    stage: str  # that the flip gives; "update" for a changed date, place or figure; "" for the same again


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What became of a pair."""

    pair: Pair
    known: Processed
    next: Processed

    @property
    def known_told(self) -> bool:
        """Whether the first report raised its alert; without that the pair tells little."""
        return any(decision.outcome.alerts for decision in self.known.decisions)

    @property
    def alerted(self) -> bool:
        """Whether the second report raises an alert of its own."""
        return any(decision.outcome.alerts for decision in self.next.decisions)

    @property
    def next_told(self) -> bool:
        """Whether the desk hears of the second: by an alert, or where it was told of the first."""
        return self.alerted or any(decision.outcome.mends for decision in self.next.decisions) or bool(self.next.mends)

    @property
    def right_stage(self) -> bool:
        """Whether it is told as what it is."""
        alerted = {each.claim.stage for each in self.next.decisions if each.outcome.alerts}
        updated = any(each.outcome is Outcome.UPDATE for each in self.next.decisions)
        return updated if self.pair.stage == UPDATE else self.pair.stage in alerted

    @property
    def right(self) -> bool:
        """A flip that is told, or a repetition that is not."""
        return self.next_told == self.pair.flip


@dataclass(frozen=True, slots=True, kw_only=True)
class FlipFigures:
    """How many flips are told and how many repetitions held back; shares of one."""

    flips: int
    told: int
    alerted: int  # of those told, by an alert of their own
    right_stage: int
    same: int
    held_back: int
    known_told: int  # first reports that raised an alert, of all pairs

    @property
    def recall(self) -> float | None:
        """Share of the flips that are told."""
        return ratio(self.told, self.flips)

    @property
    def silence(self) -> float | None:
        """Share of the repetitions that are held back."""
        return ratio(self.held_back, self.same)

    @property
    def known(self) -> float | None:
        """Share of the first reports that raised their alert."""
        return ratio(self.known_told, self.flips + self.same)


def read_pairs(path: Path) -> list[Pair]:
    """The pairs of a file, one JSON object a line. Raises ConfigError naming file and line."""
    pairs = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if line.strip():
            try:
                pairs.append(_pair(json.loads(line)))
            except (ValueError, KeyError, TypeError) as error:
                raise ConfigError(f"{path}:{number}: no pair of reports: {type(error).__name__}: {error}") from error
    twice = [pair for pair, count in Counter(pair.id for pair in pairs).items() if count > 1]
    if twice:
        raise ConfigError(f"{path}: the id {twice[0]} is there twice. Give each pair its own.")
    return pairs


def tell(engine: Engine, pairs: Sequence[Pair], watch: Watch) -> Iterator[Told]:
    """Each pair through the pipeline, on a topic of its own, so that one archive serves them all."""
    for pair in pairs:
        alone = replace(watch, topics=(pair.topic,))
        results = []
        for item in (pair.known, pair.next):
            with transaction(engine) as conn:
                results += process(conn, [read(item, alone)], alone)
        yield Told(pair=pair, known=results[0], next=results[1])


def figures(told: Sequence[Told]) -> FlipFigures:
    """Count them."""
    flips = [each for each in told if each.pair.flip]
    same = [each for each in told if not each.pair.flip]
    return FlipFigures(
        flips=len(flips),
        told=sum(each.right for each in flips),
        alerted=sum(each.alerted for each in flips),
        right_stage=sum(each.right_stage for each in flips),
        same=len(same),
        held_back=sum(each.right for each in same),
        known_told=sum(each.known_told for each in told),
    )


def fault(told: Told) -> str | None:
    """What went wrong with a pair, in one line; None if nothing did."""
    pair = told.pair
    kind = _kind(told)
    if kind is None:
        return None
    first, second = (f"{each.item.title} ({_decided(each)})" for each in (told.known, told.next))
    return f"{kind}: {pair.id} ({pair.about}) {first} → {second}"


def _kind(told: Told) -> str | None:
    flip = told.pair.flip
    if not told.known_told:
        rest = "" if told.right else ", nor the flip" if flip else ", its repetition is"
        return f"first report not told{rest}"
    if not told.right:
        return "flip not told" if flip else "repetition told"
    return f"told, but not as {told.pair.stage}" if flip and not told.right_stage else None


def _decided(result: Processed) -> str:
    claims = (f"{each.claim.stage} {each.claim.object}: {each.outcome.value}" for each in result.decisions)
    return "; ".join(claims) or "no claim"


def _pair(row: Mapping[str, Any]) -> Pair:
    topic = row["topic"]
    if row["expect"] not in ("flip", "same"):
        raise ValueError(f'expect: "flip" or "same", found {row["expect"]!r}')
    return Pair(
        id=str(row["id"]),
        language=str(row["next"]["lang"]),
        about=str(row.get("about", "")),
        topic=WatchTopic(
            id=str(row["id"]),
            name=str(topic.get("name", topic["id"])),
            frame=str(topic["frame"]),
            subjects=tuple(topic.get("subjects", ())),
            objects=tuple(topic.get("objects", ())),
            pair=tuple(topic.get("pair", ())),
        ),
        known=_item(row["known"], f"{row['id']}/known"),
        next=_item(row["next"], f"{row['id']}/next"),
        flip=row["expect"] == "flip",
        stage=str(row.get("stage") or ""),
    )


def _item(row: Mapping[str, Any], key: str) -> RawItem:
    published = datetime.fromisoformat(row["published"])
    return RawItem(
        source_id=key.replace("/", "-"),
        source_name=str(row.get("source", "Wire")),
        tier=Tier.OUTLET,
        kind=ItemKind(row.get("kind", "article")),
        key=key,
        url=f"https://example.com/{key}",
        title=str(row["title"]),
        text=str(row.get("text") or ""),
        language=row["lang"],
        published_raw=row["published"],
        published=published,
        seen=published + SEEN_AFTER,
    )
