"""The command `replay`: labelled streams through the real pipeline, each on an empty archive, with their own time."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from monitor.commands.context import AsJson, Context
from monitor.errors import ConfigError, WatchdeskError

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from sqlalchemy import Engine

    from monitor.pipeline import Watch
    from monitor.replay import StreamItem

# A database that is thrown away afterwards need not survive a power cut.
THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a replay came to."""

    stream: str
    output: str
    items: int
    relevant: int
    alerts: int
    decisions: dict[str, int]  # by outcome


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(replay)


def replay(
    ctx: typer.Context,
    streams: Annotated[list[Path], typer.Argument(help="Streams of items, JSON lines.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="File to write; a folder for several streams.")],
    topics: Annotated[Path | None, typer.Option(help="Another topics.yaml.")] = None,
    sources: Annotated[
        Path | None, typer.Option(help="Another sources.yaml, for the outlets' tiers and zones.")
    ] = None,
    database: Annotated[
        str | None, typer.Option(help="An empty Postgres database to fill; else one that is thrown away.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Run recorded news through the pipeline, in the order and with the time of the recording."""
    from monitor.commands.wiring import watch_of
    from monitor.replay import read_stream

    context: Context = ctx.obj
    config = context.config_of(topics=topics, sources=sources)
    outputs = _outputs(streams, output)
    if database is not None and len(streams) > 1:
        raise ConfigError("Each stream starts from an empty archive, so --database takes one stream only.")
    watch = watch_of(context.settings, config, context.gazetteer_of(config))
    read = [read_stream(path, config.sources) for path in streams]
    summaries = []
    with _databases(database) as next_engine, progress_on(context) as progress:
        for path, target, items in zip(streams, outputs, read, strict=True):
            task = progress.add_task(str(path), total=len(items))
            with next_engine() as engine:
                summary = _run(engine, path, target, items, watch, lambda n, task=task: progress.advance(task, n))  # type: ignore[misc]
            summaries.append(summary)
    if as_json:
        context.print_json(summaries)
        return
    for summary in summaries:
        decided = ", ".join(f"{count} {outcome}" for outcome, count in summary.decisions.items())
        context.say(
            f"{summary.stream}: {summary.items} items, {summary.relevant} relevant, {summary.alerts} alerts "
            f"({decided or 'nothing to decide'}) → {summary.output}"
        )


def _run(
    engine: Engine,
    path: Path,
    target: Path,
    items: Sequence[StreamItem],
    watch: Watch,
    advance: Callable[[int], None],
) -> Summary:
    """Replay one stream and write what came of it; an output that is there is replaced only when all went well."""
    from monitor.replay import output_line
    from monitor.replay import replay as results_of

    outcomes: Counter[str] = Counter()
    relevant = 0
    aside = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with aside.open("w", encoding="utf-8") as file:
            for identity, result in results_of(engine, items, watch, advance):
                outcomes.update(decision.outcome.value for decision in result.decisions)
                relevant += bool(result.relevant)
                line = output_line(identity, result)
                if line is not None:
                    file.write(line + "\n")
        os.replace(aside, target)
    except OSError as error:
        raise WatchdeskError(f"{target} can't be written: {error.strerror or error}.") from error
    finally:
        aside.unlink(missing_ok=True)
    return Summary(
        stream=str(path),
        output=str(target),
        items=len(items),
        relevant=relevant,
        alerts=outcomes["new"],
        decisions=dict(sorted(outcomes.items())),
    )


def _outputs(streams: Sequence[Path], output: Path) -> list[Path]:
    """Where each stream's result goes."""
    if len(streams) == 1 and not output.is_dir():
        return [output]
    if output.exists() and not output.is_dir():
        raise ConfigError(f"{output} is a file; several streams need a folder.")
    names = [path.parent.name if path.stem == "stream" and path.parent.name else path.stem for path in streams]
    twice = sorted(name for name, count in Counter(names).items() if count > 1)
    if twice:
        raise ConfigError(f"Several streams would be written to {twice[0]}.jsonl. Rename one, or replay them apart.")
    return [output / f"{name}.jsonl" for name in names]


@contextmanager
def _databases(url: str | None) -> Iterator[Callable[[], AbstractContextManager[Engine]]]:
    """A function that opens an empty archive: the one given, or a new one each time on a server of our own."""
    from monitor.storage.embedded import EmbeddedPostgres

    if url is not None:
        yield lambda: _archive(url)
        return
    numbers = iter(range(1, 1_000_000))
    with (
        TemporaryDirectory(prefix="watchdesk-") as folder,
        EmbeddedPostgres(Path(folder), settings=THROWAWAY) as server,
    ):
        yield lambda: _archive(server.url(f"replay_{next(numbers)}"))


@contextmanager
def _archive(url: str) -> Iterator[Engine]:
    import sqlalchemy as sa

    from monitor.storage import migrate
    from monitor.storage.engine import make_engine, transaction
    from monitor.storage.tables import articles

    engine = make_engine(url, application_name="watchdesk-replay")
    try:
        migrate.upgrade(engine)
        with transaction(engine) as conn:
            if conn.scalar(sa.select(sa.exists().select_from(articles))):
                raise ConfigError("The database given holds articles already. A replay starts from an empty archive.")
        yield engine
    finally:
        engine.dispose()


def progress_on(context: Context) -> Progress:
    """A bar on standard error, where that is a terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=context.err, disable=not context.err.is_terminal)
