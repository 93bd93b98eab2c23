"""The command `backtest`: edited topics on the archive, beside the ones that are in force, before they are saved."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from monitor.commands.archive import Since, Until
from monitor.commands.context import AsJson, Context, now
from monitor.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.backtest import Report
    from monitor.backtest.compare import Row
    from monitor.backtest.summary import Opinion, Tally
    from monitor.backtest.trial import Told
    from monitor.pipeline import Watch

CURRENT = "current"
SPAN = timedelta(days=30)  # what is looked at where no --since is given
STYLES = {"lost": "red", "gained": "green", "changed": "yellow"}


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(backtest)


def backtest(
    ctx: typer.Context,
    topics: Annotated[Path, typer.Option(help="The edited topics.yaml.")],
    since: Since = None,
    until: Until = None,
    against: Annotated[
        str, typer.Option(metavar="current|FILE", help="What to compare with: the topics in force, or another file.")
    ] = CURRENT,
    warm_up: Annotated[
        int, typer.Option(min=0, max=400, help="Days before --since that are read first, to know what was told.")
    ] = 30,
    as_json: AsJson = False,
) -> None:
    """Try edited topics on the archive: which alerts they gain, lose and change. Saves nothing.

    Without --since: the last 30 days. Feedback on the alerts of that time is counted on both sides.
    """
    from monitor.backtest import backtest as compared
    from monitor.commands.database import database, require_schema
    from monitor.commands.replaying import progress_on
    from monitor.storage import archived
    from monitor.storage.engine import transaction

    context: Context = ctx.obj
    until = until or now()
    since = since or until - SPAN
    if since >= until:
        raise ConfigError(f"--since ({since:%Y-%m-%d %H:%M}Z) is not before the end ({until:%Y-%m-%d %H:%M}Z).")
    earlier = timedelta(days=warm_up)
    before, after = _watch(context, None if against == CURRENT else Path(against)), _watch(context, topics)
    with database(context.settings) as base, progress_on(context) as bar:
        require_schema(base)
        with transaction(base.engine) as conn:
            total = archived.count(conn, since - earlier, until)
        task = bar.add_task("items", total=total)
        report = compared(
            base.engine,
            before,
            after,
            since=since,
            until=until,
            warm_up=earlier,
            progress=lambda count: bar.advance(task, count),
        )
    if as_json:
        context.print_json(report)
    else:
        _print(context, report, against)


def _watch(context: Context, topics: Path | None) -> Watch:
    from monitor.commands.wiring import watch_of

    config = context.config_of(topics=topics)
    return watch_of(context.settings, config, context.gazetteer_of(config))


def _print(context: Context, report: Report, against: str) -> None:
    if not report.items:
        context.err.print(f"The archive has no items of {_moment(report.since)} to {_moment(report.until)}.")
        return
    context.say(f"{report.items} items seen from {_moment(report.since)} to {_moment(report.until)}", "bold")
    context.out.print(_counts(report.topics, against))
    if report.feedback:
        context.out.print()
        context.out.print(_feedback(report.feedback, against))
    context.out.print()
    if report.alerts:
        context.out.print(_alerts(report.alerts, against))
    else:
        context.say("No alert is lost, gained or changed.")


def _counts(tallies: Sequence[Tally], against: str) -> Table:
    table = Table("topic", against, "edited", "lost", "gained", "changed", "same", box=None)
    for each in tallies:
        numbers = (each.before, each.after, each.lost, each.gained, each.changed, each.same)
        table.add_row(Text(each.topic), *map(str, numbers))
    return table


def _feedback(given: Sequence[Opinion], against: str) -> Table:
    """How many alerts with each verdict are still raised."""
    table = Table("feedback", "alerts", against, "edited", box=None)
    for each in given:
        table.add_row(
            each.verdict.words,
            str(each.given),
            _raised(each.before, each.before_elsewhere),
            _raised(each.after, each.after_elsewhere),
        )
    return table


def _raised(own: int, elsewhere: int) -> str:
    return f"{own} raised, {elsewhere} told by another item" if elsewhere else f"{own} raised"


def _alerts(rows: Sequence[Row], against: str) -> Table:
    """Side by side, what differs."""
    table = Table("", "topic", box=None)
    for name in (against, "edited"):
        table.add_column(name, overflow="fold", ratio=1)
    table.add_column("feedback")
    for row in rows:
        style = STYLES[row.difference.value]
        what = f"{row.difference.value}: {', '.join(row.changed)}" if row.changed else row.difference.value
        table.add_row(
            Text(what, style=style),
            Text(row.topic),
            _side(row.before, row.why),
            _side(row.after, row.why) if row.before is None or "item" in row.changed else _edited(row),
            row.verdict.words if row.verdict else "",
        )
    return table


def _side(told: Told | None, why: str) -> Text:
    """What one side tells, on which item; or why it tells nothing."""
    if told is None:
        return Text(f"— {why}", style="dim")
    lines = [
        _headline(told),
        f"{_moment(told.seen)}  {told.source}: {told.title}",
        *([told.sentence] if told.sentence != told.title else []),
        f"new: {told.reason}",
    ]
    return Text("\n".join([*lines, ""]))


def _edited(row: Row) -> Text:
    """The edited side of an alert that both tell of one item: only what it says otherwise."""
    if row.after is None:
        return _side(None, row.why)
    lines = [_headline(row.after)]
    if "sentence" in row.changed:
        lines.append(row.after.sentence)
    return Text("\n".join([*lines, ""]))


def _headline(told: Told) -> str:
    return f"{told.headline} ({told.stage}) → {told.channel}"


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}Z"
