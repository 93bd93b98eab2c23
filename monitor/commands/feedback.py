"""The command `feedback`: what the desk thought of an alert, kept for `backtest`."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from typing import Annotated

import typer
from rich.table import Table

from monitor.commands.archive import OfTopic, Since, Until
from monitor.commands.context import AsJson, Context, now
from monitor.errors import ConfigError, WatchdeskError
from monitor.types import Feedback, Verdict

LONGEST = 2_000  # characters of a note, and more than anybody writes


def verdict_of(text: str) -> Verdict:
    """A verdict as people type it: not-new, not_new."""
    try:
        return Verdict(text.lower().replace("-", "_"))
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no verdict; expected useful, not-new or off-topic") from error


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(feedback)


def feedback(
    ctx: typer.Context,
    alert: Annotated[
        str | None, typer.Argument(metavar="ALERT", help="Its number, or the development that it told.")
    ] = None,
    verdict: Annotated[
        Verdict | None,
        typer.Argument(parser=verdict_of, metavar="useful|not-new|off-topic", help="What it was."),
    ] = None,
    note: Annotated[str, typer.Option(help="Why, in your words.")] = "",
    by: Annotated[str | None, typer.Option(help="Who says so; else the user who is logged in.")] = None,
    topic: OfTopic = None,
    since: Since = None,
    until: Until = None,
    as_json: AsJson = False,
) -> None:
    """Say what an alert was worth. Without a verdict: what was said of it; without an alert: of all of them.

    The last verdict on an alert counts, the earlier ones are kept. `backtest` reports against them.
    """
    from monitor.commands.database import database, require_schema
    from monitor.storage import feedback as kept
    from monitor.storage.engine import transaction

    context: Context = ctx.obj
    if verdict is None and (note or by is not None):
        raise ConfigError("--note and --by belong to a verdict: watchdesk feedback ALERT useful --note ...")
    if alert is not None and (topic is not None or since is not None or until is not None):
        raise ConfigError("--topic, --since and --until are for the list of all alerts. Leave them out, or the alert.")
    giver = _giver(by) if verdict is not None else ""
    with database(context.settings) as base:
        require_schema(base)
        with transaction(base.engine) as conn:
            if alert is None:
                said = kept.counting(conn, since=since, until=until, topic=topic)
            else:
                development = kept.alerted(conn, alert)
                if development is None:
                    raise WatchdeskError(
                        f"There is no alert {alert} on a development in the archive. `watchdesk timeline TOPIC` has "
                        "the developments and their alerts."
                    )
                if verdict is not None:
                    kept.give(conn, development, verdict, by=giver, note=_note(note), at=now())
                said = kept.history(conn, development)
    if as_json:
        context.print_json(said)
    else:
        _print(context, said)


def _giver(by: str | None) -> str:
    """Who gives it. Raises ConfigError where the system does not know the user."""
    if by is None:
        try:
            return getpass.getuser()
        except (OSError, KeyError) as error:
            raise ConfigError("This system does not know who you are. Say it with --by NAME.") from error
    if not by.strip():
        raise ConfigError("--by is empty. Give a name, or leave it out.")
    return by.strip()


def _note(text: str) -> str:
    if len(text) > LONGEST:
        raise ConfigError(f"--note has {len(text)} characters; at most {LONGEST} are kept.")
    return text.strip()


def _print(context: Context, said: Sequence[Feedback]) -> None:
    table = Table("given", "verdict", "by", "first seen", "note", box=None)
    table.add_column("development", overflow="fold")
    for each in said:
        table.add_row(
            f"{each.at:%Y-%m-%d %H:%M}Z",
            each.verdict.words,
            each.given_by,
            f"{each.first_seen:%Y-%m-%d %H:%M}Z",
            each.note,
            each.development,
        )
    context.print_table(
        table, empty="No feedback fits. To give some: watchdesk feedback ALERT useful|not-new|off-topic"
    )
