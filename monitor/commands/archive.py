"""Commands that ask the archive: `search`, `timeline`, `show`."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.commands.context import AsJson, Context, now
from monitor.errors import ConfigError, WatchdeskError
from monitor.yamlfile import suggest

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from monitor.commands.views import Shown


class Thing(StrEnum):
    """What `show` can show."""

    ARTICLE = "article"
    DEVELOPMENT = "development"
    ALERT = "alert"
    DECISION = "decision"


def moment(text: str) -> datetime:
    """A point in time as people give it: a date, ISO 8601, or how long ago (90m, 24h, 7d). Without an offset: UTC."""
    if ago := re.fullmatch(r"(\d{1,5})([mhd])", text):
        unit = {"m": "minutes", "h": "hours", "d": "days"}[ago[2]]
        return now() - timedelta(**{unit: int(ago[1])})
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no time; expected 2025-09-03, 2025-09-03T08:00+09:00, or 24h") from error
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


Since = Annotated[
    datetime | None, typer.Option(parser=moment, metavar="TIME", help="From then on: 2025-09-03, or 24h ago.")
]
Until = Annotated[datetime | None, typer.Option(parser=moment, metavar="TIME", help="Before then.")]
OfTopic = Annotated[str | None, typer.Option("--topic", "-t", help="Only what is relevant to this topic.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(search)
    app.command()(timeline)
    app.command()(show)


def search(
    ctx: typer.Context,
    words: Annotated[list[str], typer.Argument(help='Words that all have to be there; "a phrase", or, -not.')],
    topic: OfTopic = None,
    source: Annotated[str | None, typer.Option("--source", "-s", help="Only of this source.")] = None,
    language: Annotated[str | None, typer.Option("--language", "-l", help="Only in this language: en, ko, ...")] = None,
    since: Since = None,
    until: Until = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many, the newest first.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Search the articles, in any language."""
    from monitor.commands import views
    from monitor.commands.database import reading
    from monitor.storage import search as asking

    context: Context = ctx.obj
    with reading(context.settings) as conn:
        found = asking.search(
            conn,
            " ".join(words),
            topic=topic,
            source=source,
            language=language,
            since=since,
            until=until,
            limit=limit,
        )
    if not found and topic is not None:
        _refuse_slip(context, topic)
    if as_json:
        context.print_json(found)
    else:
        views.print_found(context, found)


def timeline(
    ctx: typer.Context,
    topic: Annotated[str, typer.Argument(help="Id of a topic.")],
    since: Since = None,
    until: Until = None,
    subject: Annotated[str | None, typer.Option(help="Only of this person, by id.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="At most so many, the newest.")] = 200,
    as_json: AsJson = False,
) -> None:
    """What happened on a topic, in the order in which it became known, and who told it first."""
    from monitor.commands import views
    from monitor.commands.database import reading
    from monitor.storage import search as asking

    context: Context = ctx.obj
    with reading(context.settings) as conn:
        found = asking.timeline(conn, topic, since=since, until=until, subject=subject, limit=limit)
    if not found:
        _refuse_slip(context, topic)
    if as_json:
        context.print_json(found)
    else:
        views.print_timeline(context, found)


def show(
    ctx: typer.Context,
    thing: Annotated[Thing, typer.Argument(help="What it is.")],
    identity: Annotated[str, typer.Argument(metavar="ID", help="Its id, as other commands show it.")],
    as_json: AsJson = False,
) -> None:
    """Show one thing with its evidence: an article, a development, an alert or a decision."""
    from monitor.commands import views
    from monitor.commands.database import reading

    context: Context = ctx.obj
    with reading(context.settings) as conn:
        found = _look_up(context, conn, thing, identity)
    if found is None:
        raise WatchdeskError(f"There is no {thing} {identity} in the archive.")
    if as_json:
        context.print_json(found)
    else:
        views.print_thing(context, found)


def _look_up(context: Context, conn: Connection, thing: Thing, identity: str) -> Shown | None:
    from monitor.storage import show as looking

    if thing is Thing.ARTICLE:
        return looking.show_article(conn, identity)
    if thing is Thing.DEVELOPMENT:
        config = context.config
        frames = {topic.id: config.frames[topic.frame] for topic in config.topics if topic.frame}
        return looking.show_development(conn, identity, frames)
    if thing is Thing.ALERT:
        return looking.show_alert(conn, int(identity) if identity.isdecimal() else identity)
    if not identity.isdecimal():
        raise ConfigError(
            f"A decision is known by its number, not by {identity!r}. `watchdesk show article ID` lists them."
        )
    return looking.show_decision(conn, int(identity))


def _refuse_slip(context: Context, topic: str) -> None:
    """Raise ConfigError for a topic of which nothing is known and that is not configured either: most often a slip."""
    known = [each.id for each in context.config.topics]
    if topic not in known:
        raise ConfigError(f'There is no topic "{topic}".{suggest(topic, known)}')
