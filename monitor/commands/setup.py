"""Commands for setting up: `init`, `settings`, `db`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from pydantic import SecretStr
from rich.table import Table

from monitor.commands.context import AsJson, Context
from monitor.errors import ConfigError, WatchdeskError

db = typer.Typer(help="The archive's database: its schema and its address.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(init)
    app.command()(settings)
    app.add_typer(db, name="db")


def init(
    ctx: typer.Context,
    directory: Annotated[Path, typer.Argument(help="Where to write it; made if missing.")],
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that are there.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write a commented configuration: topics.yaml, entities.yaml, sources.yaml and .env.example."""
    from monitor.config import template_dir

    context: Context = ctx.obj
    templates = sorted(path for path in template_dir().iterdir() if path.is_file())
    there = [path.name for path in templates if (directory / path.name).exists()]
    if there and not force:
        raise ConfigError(
            f"{directory} holds {', '.join(there)} already. --force overwrites, or choose another directory."
        )
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for path in templates:
            (directory / path.name).write_bytes(path.read_bytes())
    except OSError as error:
        raise WatchdeskError(f"{directory} can't be written to: {error.strerror or error}.") from error
    if as_json:
        context.print_json([directory / path.name for path in templates])
        return
    for path in templates:
        context.say(f"wrote {directory / path.name}")
    context.say(
        f"Next: edit them, then `watchdesk --config {directory} check`, then `watchdesk --config {directory} run`."
    )


def settings(ctx: typer.Context, as_json: AsJson = False) -> None:
    """Print the settings in force and what each means. Secrets are masked."""
    from monitor.observe.logs import MASK
    from monitor.settings import PREFIX, reference

    context: Context = ctx.obj
    rows = []
    for variable, default, _, meaning in reference():
        value = getattr(context.settings, variable.removeprefix(PREFIX).lower())
        shown = MASK if isinstance(value, SecretStr) else "" if value is None else str(value)
        rows.append({"variable": variable, "value": shown, "default": default, "meaning": meaning})
    if as_json:
        context.print_json(rows)
        return
    table = Table("variable", "value", "meaning", box=None)
    for row in rows:
        table.add_row(
            row["variable"], row["value"], row["meaning"], style=None if row["value"] == row["default"] else "bold"
        )
    context.out.print(table)


@db.command()
def upgrade(ctx: typer.Context, as_json: AsJson = False) -> None:
    """Bring the database to the schema that this version needs."""
    from monitor.commands.database import database
    from monitor.storage import migrate

    context: Context = ctx.obj
    with database(context.settings) as base:
        before = migrate.current(base.engine)
        migrate.upgrade(base.engine)
        after = migrate.current(base.engine)
    if as_json:
        context.print_json({"before": before, "after": after})
        return
    context.say(
        f"The schema is at {after}." if before == after else f"The schema went from {before or 'nothing'} to {after}."
    )


@db.command()
def current(ctx: typer.Context, as_json: AsJson = False) -> None:
    """Say at which revision the schema is; exit code 1 unless it is the one needed."""
    from monitor.commands.database import database
    from monitor.storage import migrate

    context: Context = ctx.obj
    with database(context.settings) as base:
        found = migrate.current(base.engine)
    needed = migrate.head()
    if as_json:
        context.print_json({"current": found, "needed": needed, "is_current": found == needed})
    else:
        context.say(f"The schema is at {found or 'nothing'}; this version needs {needed}.")
    if found != needed:
        raise typer.Exit(1)


@db.command()
def url(ctx: typer.Context) -> None:
    """Print the database's address, for psql and pg_dump. It may hold a password."""
    from monitor.commands.database import database

    context: Context = ctx.obj
    with database(context.settings) as base:
        typer.echo(base.url.replace("postgresql+psycopg://", "postgresql://"))
