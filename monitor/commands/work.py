"""Commands that go on until they are stopped: `run`, `poll`, `process`, `dispatch`."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from monitor.commands.context import Context

Careful = Annotated[
    bool,
    typer.Option(
        "--careful", help="Look for each alert in its channel before saying it: after a restore of the archive."
    ),
]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(demo)
    app.command()(run)
    app.command()(poll)
    app.command()(process)
    app.command()(dispatch)


def demo(
    ctx: typer.Context,
    data_dir: Annotated[
        Path | None, typer.Option(help="Keep the demo's archive here, to be asked afterwards; new or empty.")
    ] = None,
) -> None:
    """The main job on recorded, fictional news, everything embedded. Takes about a minute."""
    from monitor.commands.demonstration import run_demo

    context: Context = ctx.obj
    raise typer.Exit(run_demo(context.out, data_dir=data_dir))


def run(ctx: typer.Context, careful: Careful = False) -> None:
    """Poll, process and dispatch in one process: the main job on one machine."""
    _work(ctx.obj, "run", ("poller", "processor", "dispatcher"), careful=careful)


def poll(ctx: typer.Context) -> None:
    """Read each source when it is due, and publish what is new."""
    _work(ctx.obj, "poll", ("poller",))


def process(ctx: typer.Context) -> None:
    """Read items from the bus, decide what is new, and store all of it. Several may run."""
    _work(ctx.obj, "process", ("processor",))


def dispatch(ctx: typer.Context, careful: Careful = False) -> None:
    """Say what is in the outbox, in Slack or, without a token, on standard output."""
    _work(ctx.obj, "dispatch", ("dispatcher",), careful=careful)


def _work(context: Context, process: str, kinds: tuple[str, ...], *, careful: bool = False) -> None:
    """Build what these kinds of work need, do them until they are stopped, and end with the right exit code."""
    from monitor.commands import database, service, wiring

    context.log_to_stderr(process)
    settings, config = context.settings, context.config
    with service.stopping() as stop, ExitStack() as stack:
        base = stack.enter_context(database.database(settings, process=process))
        service.patiently(lambda: database.require_schema(base), stop.event)
        bus = stack.enter_context(wiring.bus_of(settings, base)) if wiring.needs_bus(kinds) else None
        if bus is not None:
            service.patiently(bus.ensure_topics, stop.event)
        parts = wiring.Parts(
            settings=settings,
            config=config,
            gazetteer=context.gazetteer,
            database=base,
            bus=bus,
            process=process,
            stop=stop.event,
            health=wiring.health_of(settings, process, base, bus),
            careful=careful,
        )
        work = {kind: wiring.WORK[kind](parts) for kind in kinds}
        code = service.serve(settings, parts.health, parts.metrics, work, stop)
    raise typer.Exit(code)
