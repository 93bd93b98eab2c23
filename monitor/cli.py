"""The command `watchdesk`: which commands there are, and how each of them ends."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from monitor.commands import (
    archive,
    backtesting,
    check,
    dlq,
    exchange,
    explaining,
    feedback,
    gathering,
    listing,
    replaying,
    setup,
    topics,
    work,
)
from monitor.commands.context import Context
from monitor.errors import BusConfigError, ConfigError, WatchdeskError
from monitor.observe.logs import redactor

OK, FAILED, MISCONFIGURED, INTERRUPTED = 0, 1, 2, 130

app = typer.Typer(
    name="watchdesk",
    help="Watches the news for a desk, and tells it when something new has happened.",
    epilog="Exit codes: 0 done, 1 failed, 2 set up or called wrongly, 130 interrupted.",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for module in (
    work,
    replaying,
    explaining,
    backtesting,
    archive,
    feedback,
    topics,
    listing,
    gathering,
    exchange,
    dlq,
    check,
    setup,
):
    module.register(app)


@app.callback(invoke_without_command=True)
def options(
    ctx: typer.Context,
    config: Annotated[
        Path | None, typer.Option("--config", "-c", help="Configuration directory; before WATCHDESK_CONFIG_DIR.")
    ] = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show where an error comes from, and log everything.")] = False,
    show_version: Annotated[bool, typer.Option("--version", help="Print the version and end.")] = False,
) -> None:
    """Options that stand before the command."""
    if show_version:
        typer.echo(f"watchdesk {version('watchdesk')}")
        raise typer.Exit
    context: Context = ctx.obj
    context.config_dir, context.debug = config, debug
    if ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help())


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code. Every error ends here, as one clear paragraph."""
    context = Context()
    try:
        app(args=list(arguments), obj=context)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else OK if end.code is None else FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the last line of defence: nobody above could say it better
        return _tell(error, context)
    return OK


def _tell(error: Exception, context: Context) -> int:
    """Say what went wrong on standard error, without a secret and without a traceback unless it is asked for."""
    redact, console = redactor(context.secrets()), context.err
    if context.debug:
        console.print(redact("".join(traceback.format_exception(error))))
    if isinstance(error, ConfigError | BusConfigError):
        console.print(redact(f"Set up wrongly: {error}" if "\n" not in str(error) else f"Set up wrongly:\n{error}"))
        return MISCONFIGURED
    if isinstance(error, WatchdeskError):
        console.print(redact(f"Failed: {error}"))
        return FAILED
    console.print(redact(f"Failed, and should not have: {type(error).__name__}: {error}"))
    console.print("This is a fault of Watchdesk. `watchdesk --debug ...` shows where it comes from; please report it.")
    return FAILED


def main() -> None:
    """Entry point of the command `watchdesk`."""
    sys.exit(run(sys.argv[1:]))
