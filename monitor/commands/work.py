"""Commands that go on until they are stopped: `run`, `poll`, `process`, `dispatch`."""

from __future__ import annotations

from contextlib import ExitStack

import typer

from monitor.commands.context import Context


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(process)
    app.command()(dispatch)


def process(ctx: typer.Context) -> None:
    """Read items from the bus, decide what is new, and store all of it. Several may run."""
    _work(ctx.obj, "process", ("processor",))


def dispatch(ctx: typer.Context) -> None:
    """Say what is in the outbox, in Slack or, without a token, on standard output."""
    _work(ctx.obj, "dispatch", ("dispatcher",))


def _work(context: Context, process: str, kinds: tuple[str, ...]) -> None:
    """Build what these kinds of work need, do them until they are stopped, and end with the right exit code."""
    from monitor.commands import database, service, wiring

    context.log_to_stderr(process)
    settings, config = context.settings, context.config
    with service.stopping() as stop, ExitStack() as stack:
        base = stack.enter_context(database.database(settings, process=process))
        service.patiently(lambda: database.require_schema(base), stop.event)
        parts = wiring.Parts(
            settings=settings,
            config=config,
            gazetteer=context.gazetteer,
            database=base,
            bus=stack.enter_context(wiring.bus_of(settings, base)) if wiring.needs_bus(kinds) else None,
            process=process,
            stop=stop.event,
        )
        if parts.bus is not None:
            service.patiently(parts.bus.ensure_topics, stop.event)
        health = wiring.health_of(parts)
        work = {kind: wiring.WORK[kind](parts) for kind in kinds}
        code = service.serve(settings, health, parts.metrics, work, stop)
    raise typer.Exit(code)
