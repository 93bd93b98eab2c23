"""The command `check`: every file and setting, database, bus and Slack. It sends nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.commands.context import AsJson, Context, now
from monitor.errors import BusConfigError, ConfigError, FetchError, NotifyError, WatchdeskError

if TYPE_CHECKING:
    from monitor.config import Config
    from monitor.settings import Settings
    from monitor.types import Source, WatchTopic

BUS_SECONDS = 10.0  # for the log to answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was checked. `problem` is empty when it is well; a `warning` is no fault."""

    what: str
    detail: str = ""
    problem: str = ""
    warning: str = ""
    misconfigured: bool = False


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(check)


def check(
    ctx: typer.Context,
    fetch: Annotated[bool, typer.Option("--fetch", help="Read every source once as well; keeps nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Validate every file and setting; say what a topic can never match; try database, bus and Slack. Sends nothing."""
    context: Context = ctx.obj
    findings: list[Finding] = []
    for finding in _findings(context, fetch=fetch):
        findings.append(finding)
        if not as_json:
            style, sign = ("red", "✗") if finding.problem else ("yellow", "!") if finding.warning else ("green", "✓")
            context.say(f"{sign} {finding.what}: {finding.problem or finding.warning or finding.detail}", style)
    if as_json:
        context.print_json(findings)
    if any(finding.misconfigured for finding in findings):
        raise typer.Exit(2)
    if any(finding.problem for finding in findings):
        raise typer.Exit(1)


def _findings(context: Context, *, fetch: bool) -> Iterator[Finding]:
    try:
        settings = context.settings
    except ConfigError as error:
        yield _wrong("settings", error)
        return
    yield Finding(what="settings", detail=f"configuration from {settings.config_dir or 'the built-in files'}")
    config: Config | None = None
    try:
        config = context.config
    except ConfigError as error:
        yield _wrong("configuration", error)
    else:
        yield Finding(what="configuration", detail=_counts(config))
        yield from _idle(context, config)
        yield from _missing_archives(config.sources)
    yield from _connections(settings)
    if config is not None:
        yield from _slack(settings, config.topics)
    if config is not None and fetch:
        yield from _sources(settings, config.sources)


def _counts(config: Config) -> str:
    """How much there is of everything, frames only where there are some of the user's own."""
    from monitor.frames.frame import shipped

    added = len(config.entities.people) + len(config.entities.parades)
    own = len(config.frames) - len(shipped())
    frames = f", {own} frame{'s' if own > 1 else ''} of your own" if own else ""
    return f"{len(config.topics)} topics, {len(config.sources)} sources, {added} entities of your own{frames}"


def _idle(context: Context, config: Config) -> Iterator[Finding]:
    """What the topics can never match, with the line that says so."""
    from monitor.commands.advice import Setting, advice
    from monitor.config import TOPICS, template_dir
    from monitor.yamlfile import read

    document = read((context.settings.config_dir or template_dir()) / TOPICS)
    setting = Setting(gazetteer=context.gazetteer, frames=config.frames, sources=config.sources, today=now().date())
    for number, topic in enumerate(config.topics):
        for each in advice(topic, setting):
            line = document.line_of(("topics", number, each.field, *([] if each.index is None else [each.index])))
            yield Finding(what=f"topic {topic.id}", warning=f"{document.path}:{line}: {each.field}: {each.message}")


def _missing_archives(sources: Sequence[Source]) -> Iterator[Finding]:
    from monitor.types import SourceKind

    for source in sources:
        if source.kind is SourceKind.ARCHIVE and not Path(source.url).exists():
            yield Finding(what=f"source {source.id}", problem=f"there is nothing at {source.url}")


def _connections(settings: Settings) -> Iterator[Finding]:
    """The database, its schema, and the bus, which may live in it."""
    from monitor.commands.database import database, require_schema
    from monitor.commands.wiring import bus_of

    try:
        with database(settings) as base:
            try:
                require_schema(base)
            except WatchdeskError as error:
                yield _wrong("database", error)
            else:
                yield Finding(
                    what="database", detail="embedded Postgres" if base.embedded else "Postgres, schema current"
                )
            try:
                with bus_of(settings, base) as bus:
                    bus.ping(timeout=BUS_SECONDS)
            except WatchdeskError as error:
                yield _wrong("bus", error)
            else:
                yield Finding(
                    what="bus", detail="in the database" if settings.bus_url == "embedded:" else "Kafka answers"
                )
    except WatchdeskError as error:
        yield _wrong("database", error)


def _sources(settings: Settings, sources: Sequence[Source]) -> Iterator[Finding]:
    """Each source read once, as a first poll would; what was found is dropped."""
    from monitor.commands.reading import read_all

    for source, result in zip(sources, read_all(settings, sources), strict=True):
        what = f"source {source.id}"
        if isinstance(result, FetchError):
            yield Finding(what=what, problem=f"{result.outcome}: {result}")
        else:
            skipped = f", {result.skipped} that can't be read" if result.skipped else ""
            yield Finding(what=what, detail=f"{len(result.items)} items{skipped}")


def _slack(settings: Settings, topics: tuple[WatchTopic, ...]) -> Iterator[Finding]:
    from monitor.commands.wiring import channels, notifier_of

    if settings.slack_token is None:
        yield Finding(what="slack", detail="no token: alerts are printed (WATCHDESK_SLACK_TOKEN sets one)")
        return
    notifier = notifier_of(settings)
    for channel in channels(settings, topics):
        try:
            yield Finding(what=f"slack {channel}", detail=notifier.check(channel))
        except NotifyError as error:
            yield _wrong(f"slack {channel}", error)


def _wrong(what: str, error: WatchdeskError) -> Finding:
    """An error as a finding."""
    return Finding(what=what, problem=str(error), misconfigured=isinstance(error, ConfigError | BusConfigError))
