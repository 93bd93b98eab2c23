"""The recorded stream: its items, and the clock that plays them."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import resources

from monitor.types import ItemKind

STREAM = "stream.jsonl"
PACE = 60.0  # seconds of stream time in a second, while an item is fresh
LEAD_IN = timedelta(minutes=1)  # how long before the first item the clock stands until it is started


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoItem:
    """One line of the stream; `monitor/demo/README.md` tells the fields."""

    id: str
    source: str
    kind: ItemKind
    language: str
    url: str
    published: datetime
    published_raw: str
    seen: datetime
    updates: str | None
    title: str
    text: str
    via: str
    author: str | None

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The text in paragraphs; none for a flash."""
        return tuple(part for part in self.text.split("\n\n") if part)


def load() -> tuple[DemoItem, ...]:
    """The stream that ships with the program, in the order of `seen`."""
    text = resources.files(__package__).joinpath(STREAM).read_text(encoding="utf-8")
    return tuple(sorted((_item(json.loads(line)) for line in text.splitlines()), key=lambda item: item.seen))


def _item(row: dict[str, str]) -> DemoItem:
    return DemoItem(
        id=row["id"],
        source=row["source"],
        kind=ItemKind(row["kind"]),
        language=row["lang"],
        url=row["url"],
        published=datetime.fromisoformat(row["published"]),
        published_raw=row["published"],
        seen=datetime.fromisoformat(row["seen"]),
        updates=row["updates"],
        title=row["title"],
        text=row["text"],
        via=row["via"],
        author=row.get("author"),
    )


def visible(items: Sequence[DemoItem], now: datetime) -> tuple[DemoItem, ...]:
    """What is on the net at `now`, oldest first: of an edited item only the newest version."""
    newest: dict[str, DemoItem] = {}
    for item in items:
        if item.seen <= now:
            newest[item.url] = item
    return tuple(newest.values())


class StreamClock:
    """Plays the moments of a stream, one each `step` seconds, and says what time it is in the stream.

    Quiet hours are skipped: after a moment the clock goes on at `PACE` and waits there for the next.  So an item that
    is fetched a second after it appeared is seen a minute after it was published, as on a common day.
    """

    def __init__(
        self,
        moments: Sequence[datetime],
        *,
        step: float,
        first: float | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`first` is how many seconds the first moment gets; None: as many as the others."""
        self._moments = tuple(moments)
        self._step = step
        self._late = 0.0 if first is None else first - step
        self._monotonic = monotonic
        self._started: float | None = None

    def start(self) -> None:
        """Let the first moment come."""
        self._started = self._monotonic()

    def __call__(self) -> datetime:
        """The time in the stream; never goes back."""
        if self._started is None:
            return self._moments[0] - LEAD_IN
        elapsed = self._monotonic() - self._started
        place = min(max(int((elapsed - self._late) / self._step), 0), len(self._moments) - 1)
        since = elapsed - (place * self._step + self._late if place else 0.0)
        now = self._moments[place] + timedelta(seconds=since * PACE)
        if place + 1 < len(self._moments):
            return min(now, self._moments[place + 1])
        return now

    @property
    def over(self) -> bool:
        """Whether the last moment has come."""
        return self() >= self._moments[-1]
