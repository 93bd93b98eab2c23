"""Real headlines about everything: what must stay silent. Every alert on them is looked at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.quality.archives import Archives
from benchmarks.quality.streams import SHARED
from monitor.pipeline import Watch
from monitor.replay import StreamItem, replay
from monitor.types import ItemKind, RawItem, Tier

# The days about which the first topics are busiest: a rumour would fall on open episodes.
FIRST = datetime(2025, 8, 20, tzinfo=UTC)
APART = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class FalseAlert:
    """A headline that raised an alert, and what was read in it."""

    place: str  # file:line
    title: str
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """What so many headlines came to."""

    headlines: int
    relevant: int
    alerts: tuple[FalseAlert, ...]

    @property
    def in_ten_thousand(self) -> float:
        """False alerts in 10,000 items."""
        return round(10_000 * len(self.alerts) / self.headlines, 2)


def files() -> list[Path]:
    """Where the headlines lie, one a line; empty where there are none."""
    return sorted((SHARED / "data" / "general").glob("*.txt"))


def read_headlines(paths: Sequence[Path]) -> list[StreamItem]:
    """Each line as an item of its own, a minute apart."""
    return [
        StreamItem(id=place, item=_item(place, title, FIRST + APART * number))
        for number, (place, title) in enumerate(_lines(paths))
    ]


def listen(headlines: Sequence[StreamItem], watch: Watch, archives: Archives) -> Silence:
    """Put them all through the pipeline and list what it told."""
    alerts = []
    relevant = 0
    with archives() as engine:
        for place, result in replay(engine, headlines, watch):
            relevant += bool(result.relevant)
            alerts += [
                FalseAlert(place=place, title=result.item.title, said=f"{claim.topic}: {claim.stage} {claim.object}")
                for claim in (each.claim for each in result.decisions if each.outcome.alerts)
            ]
    return Silence(headlines=len(headlines), relevant=relevant, alerts=tuple(alerts))


def _lines(paths: Sequence[Path]) -> Iterator[tuple[str, str]]:
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            if line.strip():
                yield f"{path.name}:{number}", line.strip()


def _item(place: str, title: str, seen: datetime) -> RawItem:
    return RawItem(
        source_id="headlines",
        source_name="Headlines",
        tier=Tier.OUTLET,
        kind=ItemKind.ARTICLE,
        key=place,
        url=None,
        title=title,
        text="",
        language="en",
        published_raw=seen.isoformat(),
        published=seen,
        seen=seen,
    )
