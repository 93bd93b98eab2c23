"""How each source does, as rows for programs and as a table for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from monitor.commands.context import Context, id_table
from monitor.types import SourceState

if TYPE_CHECKING:
    from monitor.storage.sources import SourceHealth
    from monitor.types import Source

BARS = "▁▂▃▄▅▆▇█"
STYLES = {"ok": None, "quiet": "dim", "gap_suspected": "yellow", "silent": "yellow", "": "dim"}  # all others are red
NEVER = "never polled"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """A configured source and how it does; nothing is known of one that was never polled."""

    id: str
    name: str
    kind: str
    tier: str
    language: str | None
    url: str
    health: str  # "": never polled
    since: datetime | None  # of this health
    why: str
    interval: timedelta  # as it is now
    adaptive: bool  # whether it is found by itself
    last_item: datetime | None  # when the newest item was published, else first seen
    items_per_hour: tuple[int, ...]  # new or changed, of the last 24 hours, the present one last
    gap_at: datetime | None  # when items were last suspected to be missing
    hub: str  # that pushes it (WebSub); "": none does
    pushed_until: datetime | None  # end of that subscription
    pushes: int  # that came
    missed_pushes: int  # polls that found news of which none had told
    last_success: datetime | None
    last_outcome: str
    last_error: str
    failures: int
    next_poll: datetime | None
    recent: tuple[str, ...]  # outcomes of the last polls, the newest last

    @property
    def in_trouble(self) -> bool:
        """Whether somebody should look after it."""
        return self.health not in ("", "ok", "quiet")


def row_of(source: Source, known: SourceHealth | None, per_hour: Sequence[int]) -> SourceRow:
    """The row of a source that is configured."""
    from connectors.pulse import interval_of

    state = known.state if known else SourceState(source_id=source.id)
    pulse = state.pulse
    polled = known is not None and bool(known.recent or state.last_outcome)
    return SourceRow(
        id=source.id,
        name=source.name,
        kind=source.kind.value,
        tier=source.tier.value,
        language=source.language,
        url=source.url,
        health=pulse.health if polled else "",
        since=pulse.since,
        why=pulse.why,
        interval=interval_of(source, pulse),
        adaptive=source.adaptive,
        last_item=pulse.arrivals[0] if pulse.arrivals else None,
        items_per_hour=tuple(per_hour),
        gap_at=pulse.gap_at,
        hub=pulse.push.hub,
        pushed_until=pulse.push.until,
        pushes=pulse.push.pushes,
        missed_pushes=pulse.push.missed,
        last_success=state.last_success,
        last_outcome=state.last_outcome,
        last_error=state.last_error,
        failures=state.failures,
        next_poll=state.next_poll,
        recent=tuple(poll.outcome for poll in known.recent) if known else (),
    )


def print_rows(context: Context, rows: Sequence[SourceRow], now: datetime) -> None:
    """The rows as a table, with how many there are of each health below it."""
    table = id_table("health", "since", "every", "read", "last item", "items an hour, 24 h", "why")
    for row in rows:
        table.add_row(
            row.id,
            row.health.replace("_", " ") or NEVER,
            span(now - row.since) if row.since else "",
            f"{'~' if row.adaptive else ''}{span(row.interval)}{_pushed(row, now)}",
            f"{span(now - row.last_success)} ago" if row.last_success else "never",
            f"{span(now - row.last_item)} ago" if row.last_item else "",
            sparkline(row.items_per_hour),
            row.why,
            style=STYLES.get(row.health, "red"),
        )
    context.print_table(table, empty="No source fits.")
    if rows:
        counts = Counter(row.health.replace("_", " ") or NEVER for row in rows)
        told = ", ".join(f"{count} {health}" for health, count in counts.most_common())
        context.say(f"{len(rows)} source{'s' if len(rows) > 1 else ''}: {told}", "dim")


def _pushed(row: SourceRow, now: datetime) -> str:
    """Whether a hub pushes it as well."""
    return ", pushed" if row.pushed_until and now < row.pushed_until else ""


def sparkline(counts: Sequence[int]) -> str:
    """One letter a number, by its share of the largest; a dot for none."""
    most = max(counts, default=0)
    return "".join(BARS[(count * len(BARS) - 1) // most] if count else "·" for count in counts)


def span(time: timedelta) -> str:
    """A span of time in its two largest units: 3m, 2h 5m, 4d 1h."""
    seconds = max(int(time.total_seconds()), 0)
    units = (("d", 86400), ("h", 3600), ("m", 60), ("s", 1))
    parts = []
    for unit, size in units:
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count}{unit}")
    return " ".join(parts[:2]) or "0s"
