"""The commands `sources add` and `sources check`: what an address offers, and what each source answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.commands.context import AsJson, Context, now
from monitor.commands.listing import app as group
from monitor.errors import ConfigError, FetchError
from monitor.sources import known_time_zone
from monitor.types import SourceKind, Tier
from monitor.yamlfile import duration

if TYPE_CHECKING:
    from connectors.base import FetchResult
    from monitor.commands.entryfile import Fields
    from monitor.commands.finding import Find
    from monitor.types import Source

SHOWN = 3  # items of a find
TITLE = 100  # code points of an item that are shown

DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would be written, and write nothing.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Write it without a last question.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the user has said of a source beside its address."""

    id: str | None
    name: str | None
    kind: SourceKind | None
    tier: Tier
    interval: str | None
    language: str | None
    time_zone: str | None
    fetch_article: bool
    allow_private: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """How a source answered."""

    id: str
    kind: SourceKind
    outcome: str
    items: int
    skipped: int
    message: str
    failed: bool = False


def register(_main: typer.Typer) -> None:
    """Add the commands of this module to the group `sources`."""
    group.command()(add)
    group.command()(check)


def _a_duration(value: str | None) -> str | None:
    return _accepted(value, duration)


def _a_time_zone(value: str | None) -> str | None:
    return _accepted(value, known_time_zone)


def _accepted(value: str | None, check: Callable[[str], object]) -> str | None:
    """An option's value, refused as a wrong call before anything is fetched."""
    try:
        if value is not None:
            check(value)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    return value


def add(
    ctx: typer.Context,
    url: Annotated[str, typer.Argument(help="A feed, a page that names one, a channel, an account, a search.")],
    identity: Annotated[str | None, typer.Option("--id", help="Its id; made of the outlet's host if left out.")] = None,
    name: Annotated[str | None, typer.Option(help="The outlet as a reader names it; as it calls itself.")] = None,
    kind: Annotated[SourceKind | None, typer.Option(help="Read it as this kind, instead of finding out.")] = None,
    tier: Annotated[Tier, typer.Option(help="What kind of voice it is.")] = Tier.OUTLET,
    interval: Annotated[
        str | None, typer.Option(help="Read it this often, such as 5m, instead of adapting.", callback=_a_duration)
    ] = None,
    language: Annotated[str | None, typer.Option(help="Its language, such as en; found out if left out.")] = None,
    time_zone: Annotated[
        str | None, typer.Option(help="IANA zone of its dates, such as Asia/Seoul.", callback=_a_time_zone)
    ] = None,
    fetch_article: Annotated[
        bool, typer.Option("--fetch-article", help="Complete its items from their pages.")
    ] = False,
    allow_private: Annotated[bool, typer.Option("--allow-private", help="It is in your own network.")] = False,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> None:
    """Find out what an address offers, show what would be read of it, and write it into sources.yaml.

    Nothing that stands in the file is changed, and nothing that `check` would refuse is written.
    """
    options = Options(
        id=identity,
        name=name,
        kind=kind,
        tier=tier,
        interval=interval,
        language=language,
        time_zone=time_zone,
        fetch_article=fetch_article,
        allow_private=allow_private,
    )
    context: Context = ctx.obj
    _add(context, url, options, ask=not yes, write=not dry_run)


def _add(context: Context, url: str, options: Options, *, ask: bool, write: bool) -> None:
    from monitor.commands.entryfile import in_the_files_manner
    from monitor.commands.finding import Wanted, find
    from monitor.commands.sourcefile import source_file

    file = source_file(context)
    known = file.load(file.path)
    wanted = Wanted(
        address=url,
        kind=options.kind,
        time_zone=options.time_zone,
        fetch_article=options.fetch_article,
        allow_private=options.allow_private,
    )
    found = find(context.settings, wanted, clock=now, say=lambda line: context.err.print(line, style="dim"))
    fields = _fields(found, options, known)
    _show(context, found)
    entry = in_the_files_manner(file.text(), fields)
    file.tried({str(fields["id"]): entry})
    context.say(f"\nTo be added to {file.path}:\n\n{entry}\n")
    if not write or (ask and not typer.confirm(f"Write it to {file.path}?", default=True)):
        context.say("Nothing was written.")
        return
    file.add({str(fields["id"]): entry})
    context.say(f"{fields['id']} was added to {file.path}. Processes that run take it up when they are started again.")


def _fields(found: Find, options: Options, known: Sequence[Source]) -> Fields:
    """The entry's fields, in the order in which the file has them. Raises ConfigError for what is there already."""
    from monitor.commands.sourcefile import proposed_id

    candidate = found.candidate
    same = next((source for source in known if source.url == candidate.url), None)
    if same is not None:
        raise ConfigError(f'{candidate.url} is read already, as source "{same.id}".')
    language = options.language or found.language
    taken = {source.id for source in known}
    return {
        "id": options.id or proposed_id(candidate.kind, candidate.url, language, taken),
        "name": (options.name or found.title)[:100],
        "kind": candidate.kind.value,
        "url": candidate.url,
        "interval": options.interval or "",
        "language": language or "",
        "tier": "" if options.tier is Tier.OUTLET else options.tier.value,
        "fetch_article": options.fetch_article,
        "time_zone": options.time_zone or "",
        "allow_private": options.allow_private,
    }


def _show(context: Context, found: Find) -> None:
    """What would be read, as a reader would see it."""
    from monitor.commands.sourcetable import span

    context.say(f"{found.candidate.kind}: {found.title or found.candidate.url}", "bold")
    context.say(f"{found.candidate.url} ({found.candidate.because})")
    skipped = f", {found.skipped} that can't be read" if found.skipped else ""
    language = found.language or "not clear, or several: it is found for each item"
    context.say(f"{len(found.items)} items{skipped}; language: {language}; to be read every {span(found.interval)}")
    for item in found.items[:SHOWN]:
        date = f"{item.published:%Y-%m-%d %H:%M} UTC" if item.published else "no sure date        "
        context.say(f"  {date}  {(item.title or item.text.replace(chr(10), ' '))[:TITLE]}")
    for line in filter(None, (found.message, *found.hints)):
        context.say(f"! {line}", "yellow")
    for other in found.others[:5]:
        context.say(f"also there: {other.kind} {other.url} ({other.because})")


def check(
    ctx: typer.Context,
    ids: Annotated[list[str] | None, typer.Argument(help="Only these; all if none is named.")] = None,
    as_json: AsJson = False,
) -> None:
    """Read each source once, as a first poll would, and say what came of it. Keeps nothing."""
    from monitor.commands.reading import read_all

    context: Context = ctx.obj
    sources = _named(context.config.sources, ids or [])
    say = None if as_json else lambda source, answer: _say(context, _checked(source, answer))
    answers = read_all(context.settings, sources, told=say)
    rows = [_checked(source, answer) for source, answer in zip(sources, answers, strict=True)]
    failed = sum(row.failed for row in rows)
    if as_json:
        context.print_json(rows)
    else:
        context.say(f"{len(rows) - failed} of {len(rows)} sources can be read.")
    if failed:
        raise typer.Exit(1)


def _say(context: Context, row: Checked) -> None:
    """One line on a source, as soon as it has answered."""
    sign, style = ("✗", "red") if row.failed else ("✓", "green")
    found = "" if row.failed else f", {row.items} items"
    message = f": {row.message}" if row.message else ""
    context.say(f"{sign} {row.id} ({row.kind}): {row.outcome}{found}{message}", style)


def _named(sources: Sequence[Source], ids: Sequence[str]) -> list[Source]:
    """The sources of these ids, or all. Raises ConfigError for an id that nothing has."""
    from monitor.yamlfile import suggest

    known = {source.id: source for source in sources}
    for each in ids:
        if each not in known:
            raise ConfigError(f'there is no source "{each}".{suggest(each, sorted(known))}')
    return [known[each] for each in dict.fromkeys(ids)] or list(sources)


def _checked(source: Source, answer: FetchResult | FetchError) -> Checked:
    if isinstance(answer, FetchError):
        return Checked(
            id=source.id, kind=source.kind, outcome=answer.outcome, items=0, skipped=0, message=str(answer), failed=True
        )
    skipped = f"{answer.skipped} that can't be read" if answer.skipped else ""
    return Checked(
        id=source.id,
        kind=source.kind,
        outcome=answer.outcome.value,
        items=len(answer.items),
        skipped=answer.skipped,
        message="; ".join(filter(None, (skipped, answer.message))),
    )
