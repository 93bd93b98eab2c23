"""The commands `dlq list|show|replay`: messages that were given up, and a second try."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from monitor.commands.context import AsJson, Context, id_table, now
from monitor.commands.service import FLUSH_SECONDS
from monitor.errors import WatchdeskError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from monitor.storage.deadletters import StoredLetter

dlq = typer.Typer(help="Messages that could not be processed: list, show and replay them.", no_args_is_help=True)

OfError = Annotated[str | None, typer.Option("--error", help="Only those of this class of error, such as DecodeError.")]
MOST = 10_000  # letters that `replay --all` takes at once


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(dlq, name="dlq")


@dlq.command("list")
def list_letters(
    ctx: typer.Context,
    error: OfError = None,
    replayed: Annotated[
        bool | None, typer.Option("--replayed/--not-replayed", help="Only those that were replayed, or were not.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many, the newest first.")] = 100,
    as_json: AsJson = False,
) -> None:
    """List the dead letters, the newest first."""
    from monitor.commands.database import reading
    from monitor.storage import deadletters

    context: Context = ctx.obj
    with reading(context.settings) as conn:
        found = deadletters.list_letters(conn, error=error, replayed=replayed, limit=limit)
    if as_json:
        context.print_json([_row(stored) for stored in found])
        return
    table = id_table("given up", "error", "reason", "replayed")
    for stored in found:
        letter = stored.letter
        moment = f"{letter.at:%Y-%m-%d %H:%M:%S}Z"
        table.add_row(letter.id, moment, letter.error, letter.reason, f"{stored.replays}×" if stored.replays else "")
    context.print_table(table, empty="There is no such dead letter.")


@dlq.command()
def show(
    ctx: typer.Context,
    letter_id: Annotated[str, typer.Argument(help="topic/partition/offset, as `dlq list` shows it.")],
    raw: Annotated[bool, typer.Option("--raw", help="Print the message's own bytes and nothing else.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show one dead letter: its story, and the message itself."""
    from monitor.commands.database import reading
    from monitor.commands.views import tries

    context: Context = ctx.obj
    with reading(context.settings) as conn:
        stored = _find(conn, letter_id)
    letter = stored.letter
    if raw:
        sys.stdout.buffer.write(letter.value or b"")
        return
    if as_json:
        context.print_json({**_row(stored), "trace": letter.trace, "key": letter.key, "value": letter.value})
        return
    facts = (
        ("given up", f"{letter.at:%Y-%m-%d %H:%M:%S}Z after {tries(letter.attempts)}, by version {letter.version}"),
        ("error", f"{letter.error}: {letter.reason}"),
        (
            "replayed",
            f"{stored.replays}×, last {stored.replayed_at:%Y-%m-%d %H:%M:%S}Z" if stored.replayed_at else "no",
        ),
        ("key", "none" if letter.key is None else letter.key.decode("utf-8", "backslashreplace")),
        ("message", "a tombstone" if letter.value is None else letter.value.decode("utf-8", "backslashreplace")),
        ("trace", letter.trace),
    )
    table = Table(show_header=False, box=None)
    for name, value in facts:
        table.add_row(name, value)
    context.out.print(table)


@dlq.command()
def replay(
    ctx: typer.Context,
    letter_ids: Annotated[list[str] | None, typer.Argument(help="Ids as `dlq list` shows them.")] = None,
    every: Annotated[bool, typer.Option("--all", help="All that were not replayed yet.")] = False,
    error: OfError = None,
    as_json: AsJson = False,
) -> None:
    """Publish the original messages again. An item that is known already changes nothing."""
    from monitor import deadletters as letters
    from monitor.commands.database import database, require_schema
    from monitor.commands.wiring import bus_of
    from monitor.storage import deadletters
    from monitor.storage.engine import transaction

    context: Context = ctx.obj
    if bool(letter_ids) is every:
        raise typer.BadParameter("give ids, or --all")
    if error is not None and not every:
        raise typer.BadParameter("--error goes with --all")
    with database(context.settings) as base:
        require_schema(base)
        with transaction(base.engine) as conn:
            chosen = (
                deadletters.list_letters(conn, error=error, replayed=False, limit=MOST)
                if every
                else [_find(conn, letter_id) for letter_id in letter_ids or ()]
            )
        found = [stored.letter for stored in reversed(chosen)]
        records = [letters.replay(letter) for letter in found]
        if records:
            with bus_of(context.settings, base) as bus:
                bus.ensure_topics()
                bus.publish(records)
                bus.flush(timeout=FLUSH_SECONDS)
            with transaction(base.engine) as conn:
                deadletters.mark_replayed(conn, found, now())
    if as_json:
        context.print_json([letter.id for letter in found])
    else:
        context.say(f"{len(found)} published again." if found else "There was nothing to replay.")


def _find(conn: Connection, letter_id: str) -> StoredLetter:
    from monitor.storage import deadletters

    stored = deadletters.show(conn, letter_id)
    if stored is None:
        raise WatchdeskError(f"There is no dead letter {letter_id}. `watchdesk dlq list` shows which there are.")
    return stored


def _row(stored: StoredLetter) -> dict[str, object]:
    """A letter without its bytes."""
    letter = stored.letter
    return {
        "id": letter.id,
        "at": letter.at,
        "error": letter.error,
        "reason": letter.reason,
        "attempts": letter.attempts,
        "version": letter.version,
        "replays": stored.replays,
        "replayed_at": stored.replayed_at,
    }
