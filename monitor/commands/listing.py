"""The command `sources`: what is read, and how it does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.commands.context import AsJson, Context, id_table, now
from monitor.types import SourceState

if TYPE_CHECKING:
    from monitor.storage.sources import SourceHealth
    from monitor.types import Source

app = typer.Typer(
    help="What is read, and how it does; `add` finds out what an address offers.", invoke_without_command=True
)

SIGNS = {"changed": "█", "unchanged": "▁", "not_modified": "▁"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """A configured source and how it does; nothing is known of one that was never polled."""

    id: str
    name: str
    kind: str
    tier: str
    language: str | None
    url: str
    interval: timedelta
    last_success: datetime | None
    last_outcome: str
    last_error: str
    failures: int
    next_poll: datetime | None
    recent: tuple[str, ...]  # outcomes of the last polls, the newest last


def register(main: typer.Typer) -> None:
    """Add the commands of this module."""
    main.add_typer(app, name="sources")


@app.callback()
def sources(
    ctx: typer.Context,
    failing: Annotated[bool, typer.Option("--failing", help="Only those whose last poll failed.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the sources, when they were last read, and what is wrong with those that can't be."""
    if ctx.invoked_subcommand is not None:
        return
    from monitor.commands.database import reading
    from monitor.storage.sources import health

    context: Context = ctx.obj
    configured = context.config.sources
    with reading(context.settings) as conn:
        known = {row.id: row for row in health(conn)}
    rows = [_row(source, known.get(source.id)) for source in configured]
    if failing:
        rows = [row for row in rows if row.failures]
    if as_json:
        context.print_json(rows)
    else:
        _print_sources(context, rows)


def _row(source: Source, known: SourceHealth | None) -> SourceRow:
    state = known.state if known else SourceState(source_id=source.id)
    return SourceRow(
        id=source.id,
        name=source.name,
        kind=source.kind.value,
        tier=source.tier.value,
        language=source.language,
        url=source.url,
        interval=source.interval,
        last_success=state.last_success,
        last_outcome=state.last_outcome,
        last_error=state.last_error,
        failures=state.failures,
        next_poll=state.next_poll,
        recent=tuple(poll.outcome for poll in known.recent) if known else (),
    )


def _print_sources(context: Context, rows: Sequence[SourceRow]) -> None:
    table = id_table("name", "kind", "tier", "every", "last read", "polls", "trouble")
    moment = now()
    for row in rows:
        read = f"{span(moment - row.last_success)} ago" if row.last_success else "never"
        polls = "".join(SIGNS.get(outcome, "✗") for outcome in row.recent)
        trouble = f"{row.failures} in a row: {row.last_error or row.last_outcome}" if row.failures else ""
        style = "red" if row.failures else None
        table.add_row(row.id, row.name, row.kind, row.tier, span(row.interval), read, polls, trouble, style=style)
    context.print_table(table, empty="No source fits.")


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
