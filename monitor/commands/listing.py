"""The command `sources`: what is read, and how it does."""

from __future__ import annotations

from typing import Annotated

import typer

from monitor.commands.context import AsJson, Context, now
from monitor.commands.sourcetable import print_rows, row_of

app = typer.Typer(
    help="What is read, and how it does; `add` finds out what an address offers.", invoke_without_command=True
)


def register(main: typer.Typer) -> None:
    """Add the commands of this module."""
    main.add_typer(app, name="sources")


@app.callback()
def sources(
    ctx: typer.Context,
    failing: Annotated[bool, typer.Option("--failing", help="Only those whose last poll failed.")] = False,
    trouble: Annotated[bool, typer.Option("--trouble", help="Only those that are neither ok nor quiet.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the sources: how each does, since when and why, how often it is read, and what came in the last day."""
    if ctx.invoked_subcommand is not None:
        return
    from monitor.commands.database import reading
    from monitor.storage.sources import health, items_per_hour

    context: Context = ctx.obj
    configured, moment = context.config.sources, now()
    with reading(context.settings) as conn:
        known = {row.id: row for row in health(conn)}
        per_hour = items_per_hour(conn, moment)
    none = (0,) * 24
    rows = [row_of(source, known.get(source.id), per_hour.get(source.id, none)) for source in configured]
    if failing:
        rows = [row for row in rows if row.failures]
    if trouble:
        rows = [row for row in rows if row.in_trouble]
    if as_json:
        context.print_json(rows)
    else:
        print_rows(context, rows, moment)
