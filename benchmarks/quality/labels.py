"""A labelled stream's files: the gold beside `stream.jsonl`, and a monitor's output. What is wrong is named by file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from monitor.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one alert says, or a development is identified by within its episode."""

    topic: str
    stage: str
    subject: str
    object: str

    def __str__(self) -> str:
        return f"{self.topic}: {self.stage} {self.subject} {self.object}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Development:
    """One new fact of a topic, and the items that report it, the first of them first."""

    id: str
    said: Said
    optional: bool
    reports: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """The topics that an item is about, and those on which good annotators could differ."""

    relevant: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()


NO_LABELS = Labels()


@dataclass(frozen=True, slots=True, kw_only=True)
class Gold:
    """What a perfect monitor would have made of a stream."""

    order: Mapping[str, int]  # item -> its place in the stream
    developments: tuple[Development, ...]
    items: Mapping[str, Labels]

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics that have labels, sorted."""
        said = {each.said.topic for each in self.developments}
        return tuple(sorted(said.union(*(labels.relevant for labels in self.items.values()))))

    def labels(self, item: str) -> Labels:
        """The labels of an item; one that is not listed is relevant to nothing."""
        return self.items.get(item, NO_LABELS)

    def delay(self, development: Development, item: str) -> int:
        """How many items had reported the development before this one."""
        return sum(self.order[report] < self.order[item] for report in development.reports)


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """What a monitor made of one item."""

    item: str
    topics: frozenset[str]
    alerts: tuple[Said, ...]


def read_gold(folder: Path, order: Sequence[str]) -> Gold:
    """The labels of the stream in `folder`, whose items come in that order. Raises ConfigError."""
    path = folder / "gold.json"
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        developments = tuple(_development(row) for row in data["developments"])
        items = {
            str(item): Labels(relevant=frozenset(row["relevant"]), optional=frozenset(row.get("optional", ())))
            for item, row in data["items"].items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigError(
            f"{path} can't be read: {type(error).__name__}: {error}. It holds a stream's developments and items."
        ) from error
    places = {item: place for place, item in enumerate(order)}
    named = {report for each in developments for report in each.reports} | items.keys()
    unknown = sorted(named - places.keys())
    if unknown:
        raise ConfigError(f"{path} names items that the stream lacks: {', '.join(unknown[:5])}. Correct either.")
    silent = sorted(each.id for each in developments if not each.reports)
    if silent:
        raise ConfigError(f"{path}: no item reports {silent[0]}. Name its reports, or remove it.")
    return Gold(order=places, developments=developments, items=items)


def read_output(lines: Sequence[str]) -> list[Output]:
    """A monitor's output, one JSON object a line."""
    return [_output(json.loads(line)) for line in lines if line.strip()]


def _development(row: Mapping[str, Any]) -> Development:
    return Development(
        id=str(row["id"]),
        said=_said(row),
        optional=bool(row["optional"]),
        reports=tuple(str(item) for item in row["reports"]),
    )


def _output(row: Mapping[str, Any]) -> Output:
    return Output(
        item=str(row["item"]),
        topics=frozenset(row.get("topics", ())),
        alerts=tuple(_said(alert) for alert in row.get("alerts", ())),
    )


def _said(row: Mapping[str, Any]) -> Said:
    return Said(
        topic=str(row.get("topic")),
        stage=str(row.get("stage")),
        subject=str(row.get("subject")),
        object=str(row.get("object")),
    )
