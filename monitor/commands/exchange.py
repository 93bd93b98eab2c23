"""The commands `sources import` and `sources export`: lists of sources, as other readers have them (OPML)."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.commands.context import Context, now
from monitor.commands.gathering import DryRun, Yes
from monitor.commands.listing import app as group
from monitor.errors import WatchdeskError
from monitor.types import SourceKind, Tier

if TYPE_CHECKING:
    from monitor.commands.entryfile import EntryFile, Fields
    from monitor.commands.opml import Outline
    from monitor.types import Source


def register(_main: typer.Typer) -> None:
    """Add the commands of this module to the group `sources`."""
    group.command("import")(import_)
    group.command()(export)


def import_(
    ctx: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="FILE", help="An OPML file, as feed readers export it.")],
    tier: Annotated[
        Tier, typer.Option(help="What kind of voice those are of which the file does not say.")
    ] = Tier.OUTLET,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> None:
    """Add the sources of an OPML file to sources.yaml, those aside that are there already.

    Nothing that stands in the file is changed, and nothing that `check` would refuse is written. Nothing is fetched:
    `sources check` says afterwards which of them can be read.
    """
    from monitor.commands.opml import read_opml
    from monitor.commands.sourcefile import source_file

    context: Context = ctx.obj
    file = source_file(context)
    try:
        outlines = read_opml(path.read_bytes(), str(path))
    except OSError as error:
        raise WatchdeskError(f"{path} can't be read: {error.strerror or error}.") from error
    entries = _entries(context, file, outlines, tier)
    if not entries:
        context.say(f"{path} has no source that is not in {file.path} already.")
        return
    file.tried(entries)
    context.say(f"To be added to {file.path}:\n\n" + "\n".join(entries.values()) + "\n")
    if dry_run or not (yes or typer.confirm(f"Write {len(entries)} sources to {file.path}?", default=True)):
        context.say("Nothing was written.")
        return
    file.add(entries)
    context.say(
        f"{len(entries)} sources were added to {file.path}. Processes that run take them up when started again."
    )


def export(
    ctx: typer.Context,
    path: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="Where to; standard output if left out.")
    ] = None,
) -> None:
    """Write the sources as OPML, for other readers and to be imported again. Archives have no address and stay out."""
    from monitor.commands.opml import write_opml

    context: Context = ctx.obj
    sources = [source for source in context.config.sources if source.kind is not SourceKind.ARCHIVE]
    left = len(context.config.sources) - len(sources)
    if left:
        context.warn(f"{left} of kind archive were left out: they have no address.")
    body = write_opml(sources, now=now())
    if path is None:
        sys.stdout.write(body.decode("utf-8"))
        return
    try:
        path.write_bytes(body)
    except OSError as error:
        raise WatchdeskError(f"{path} can't be written: {error.strerror or error}.") from error
    context.say(f"{len(sources)} sources were written to {path}.")


def _entries(context: Context, file: EntryFile[Source], outlines: Sequence[Outline], tier: Tier) -> dict[str, str]:
    """The entries to be added, by id; what is left out is said."""
    from connectors.addresses import is_web_url
    from monitor.commands.entryfile import in_the_files_manner

    known = file.load(file.path)
    ids, addresses = {source.id for source in known}, {source.url for source in known}
    text = file.text()
    entries: dict[str, str] = {}
    there = 0
    for outline in outlines:
        if not is_web_url(outline.url):
            context.warn(f"left out: {outline.title or 'a source'}: {outline.url[:100]!r} is no http(s) address.")
        elif outline.url in addresses:
            there += 1
        else:
            fields = _fields(outline, ids | entries.keys(), tier)
            addresses.add(outline.url)
            entries[str(fields["id"])] = in_the_files_manner(text, fields)
    if there:
        context.say(f"{there} of {len(outlines)} are there already.")
    return entries


def _fields(outline: Outline, taken: set[str], tier: Tier) -> Fields:
    """The entry's fields, in the order in which the file has them."""
    from monitor.commands.opml import kind_of
    from monitor.commands.sourcefile import proposed_id

    given = outline.fields
    kind = kind_of(outline)
    language = given.get("language", "")
    wanted = given.get("id", "")
    own = "" if tier is Tier.OUTLET else tier.value
    return {
        "id": wanted if wanted and wanted not in taken else proposed_id(kind, outline.url, language, taken),
        "name": outline.title[:100],
        "kind": kind.value,
        "url": outline.url,
        "interval": given.get("interval", ""),
        "language": language,
        "tier": given.get("tier", own),
        "fetch_article": given.get("fetch_article") == "yes",
        "backfill": given.get("backfill", ""),
        "time_zone": given.get("time_zone", ""),
        "allow_private": given.get("allow_private") == "yes",
        "item_kind": given.get("item_kind", ""),
    }
