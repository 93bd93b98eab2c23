"""The command `explain`: what the product makes of one text, sentence by sentence."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Group
from rich.text import Text

from monitor.commands.archive import moment
from monitor.commands.context import AsJson, Context, now
from monitor.errors import ConfigError
from monitor.types import ItemKind, Ledger, RawItem, Source, SourceKind, Tier

if TYPE_CHECKING:
    from monitor.explain import Explanation, ReadSentence
    from monitor.novelty import Stories
    from monitor.pipeline import Watch
    from monitor.settings import Settings
    from monitor.types import Decision

EXPLAINED = "explained"  # id and name of the source that the text stands for


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """One item and what was made of it."""

    title: str
    published: datetime | None
    explanation: Explanation


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(explain)


def explain(
    ctx: typer.Context,
    text: Annotated[
        str, typer.Argument(metavar="FILE|URL|-", help="A file, a page's address, or - for standard input.")
    ],
    published: Annotated[
        datetime | None,
        typer.Option(
            parser=moment, metavar="TIME", help='When it was published, if it does not say: what "today" means.'
        ),
    ] = None,
    language: Annotated[
        str | None, typer.Option("--language", "-l", help="Its language, if it is not to be guessed.")
    ] = None,
    kind: Annotated[ItemKind, typer.Option(help="What kind of text it is.")] = ItemKind.ARTICLE,
    topics: Annotated[Path | None, typer.Option(help="Another topics.yaml.")] = None,
    archive: Annotated[bool, typer.Option("--archive", help="Decide against what the archive knows already.")] = False,
    private: Annotated[bool, typer.Option("--allow-private", help="The address may be a private one.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show what is made of one text: who is named, what is claimed, what would be alerted, and why not."""
    from monitor.commands.wiring import watch_of
    from monitor.explain import explain as explanation_of
    from monitor.novelty import Stories

    context: Context = ctx.obj
    config = context.config_of(topics=topics)
    watch = watch_of(context.settings, config, context.gazetteer_of(config))
    items = _items(context.settings, text, kind, language, private)
    first = min(item.published or published or item.seen for item in items)
    ledger, stories = _known(context, watch, first) if archive else (Ledger(), Stories())
    explained = []
    for item in items:
        said = item.published or published
        # Read as on the day of its publication: else everything that is not of today would be late.
        dated = replace(item, published=said, seen=said or item.seen, language=item.language or language)
        explanation = explanation_of(dated, watch, ledger, stories)
        explained.append(Explained(title=item.title, published=said, explanation=explanation))
    if as_json:
        context.print_json(explained)
        return
    for each in explained:
        context.out.print(Group(*_lines(each)), soft_wrap=True)


def _items(
    settings: Settings, text: str, kind: ItemKind, language: str | None, allow_private: bool
) -> tuple[RawItem, ...]:
    """The items of a file or page, read as a source would be; standard input is a title line and a text."""
    if text == "-":
        return (_typed(sys.stdin.read(), kind, language),)
    from monitor.commands.reading import read

    web = text.startswith(("http://", "https://"))
    if not web and not Path(text).is_file():
        raise ConfigError(
            f"There is no file {text}. Give a file, an address that begins with https://, or - to type it."
        )
    source = Source(
        id=EXPLAINED,
        name=EXPLAINED,
        kind=SourceKind.PAGE if web else SourceKind.ARCHIVE,
        url=text if web else str(Path(text).resolve()),
        interval=timedelta(hours=1),
        language=language,
        item_kind=kind,
        allow_private=allow_private,
    )
    items = read(settings, source).items
    if not items:
        raise ConfigError(f"No article was found in {text}.")
    return items


def _typed(text: str, kind: ItemKind, language: str | None) -> RawItem:
    title, _, body = text.strip().partition("\n")
    if not title:
        raise ConfigError("Standard input is empty. Give a title on the first line and the text below it.")
    return RawItem(
        source_id=EXPLAINED,
        source_name=EXPLAINED,
        tier=Tier.OUTLET,
        kind=kind,
        key=EXPLAINED,
        url=None,
        title=title.strip(),
        text=body.strip(),
        language=language,
        seen=now(),
    )


def _known(context: Context, watch: Watch, at: datetime) -> tuple[Ledger, Stories]:
    """What the archive knows of topics with a frame, and the stories of open ones that went on then or later."""
    from monitor.commands.database import reading
    from monitor.pipeline import MEMORY
    from monitor.storage import ledger, stories

    with reading(context.settings) as conn:
        known = ledger.load(conn, [topic.id for topic in watch.framed], now() - MEMORY)
        return known, stories.load(conn, watch.open_topics.topics, at)


def _lines(explained: Explained) -> Iterator[Text]:
    explanation = explained.explanation
    relevant = ", ".join(explanation.relevant) or "nothing that is watched"
    yield Text(explained.title or "(no title)", style="bold")
    dated = f"published {explained.published:%Y-%m-%d %H:%M}Z" if explained.published else "publication not known"
    yield Text(f"language {explanation.language or 'not known'}, {dated}, relevant to {relevant}")
    if explanation.markers:
        yield Text(f"marked as {', '.join(explanation.markers)}")
    for sentence in explanation.sentences:
        yield Text()
        yield from _sentence(sentence)
    yield from _searches(explanation)
    yield Text()
    yield Text("Decisions", style="bold")
    for decision in explanation.decisions:
        yield _decision(decision)
    if not explanation.decisions:
        yield Text("  nothing to decide on")


def _sentence(sentence: ReadSentence) -> Iterator[Text]:
    yield Text(f"[{sentence.position}] {sentence.text}")
    if sentence.names:
        yield Text(f"    named: {'; '.join(sentence.names)}", style="dim")
    for event in sentence.events:
        who = ", ".join(event.subjects) or "nobody"
        ways = (f" from {event.origin}" if event.origin else "") + (f" to {event.to}" if event.to else "")
        past = ", history" if event.history else ""
        yield Text(f"    says: {who} — {event.action} ({event.words!r}, {event.mood}{past}){ways}", style="dim")
    for claim in sentence.claims:
        doubt = f", excluded: {claim.excluded}" if claim.excluded else ", weak" if claim.weak else ""
        what = f"{claim.topic} · {claim.stage} · {claim.subject} · {claim.object}"
        yield Text(f"    claim: {what} — {claim.attribution.standing}{doubt}", style="cyan")
    if not sentence.claims:
        yield Text(f"    no claim: {sentence.why_none}", style="dim")


def _searches(explanation: Explanation) -> Iterator[Text]:
    """What the open topics found; those that found nothing at all share one line."""
    if not explanation.searches:
        return
    yield Text()
    yield Text("Open topics", style="bold")
    for search in explanation.searches:
        if search.claim is not None:
            excluded = f" — excluded: {search.claim.excluded}" if search.claim.excluded else ""
            yield Text(f"  {search.topic}: {search.claim.evidence.bound_by}{excluded}", style="cyan")
        elif search.found:
            yield Text(f"  {search.topic}: {', '.join(search.found)}; no match: {search.why_not}", style="dim")
    silent = [search.topic for search in explanation.searches if search.claim is None and not search.found]
    if silent:
        yield Text(f"  nothing of what they look for: {', '.join(silent)}", style="dim")


def _decision(decision: Decision) -> Text:
    claim = decision.claim
    what = " · ".join(part for part in (claim.topic, claim.stage, claim.subject, claim.object) if part)
    style = "bold green" if decision.outcome.alerts else None
    return Text(f"  {decision.outcome}: {what} — {decision.reason}", style=style or "")
