"""The commands `topics` and `topics new`: what is watched, whom topics may name, and a new one by questions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.commands.context import AsJson, Context, id_table, now
from monitor.errors import ConfigError, WatchdeskError

if TYPE_CHECKING:
    from monitor.config import Config
    from monitor.language.gazetteer import Gazetteer
    from monitor.types import Article, Search, WatchTopic

app = typer.Typer(help="What is watched, and whom topics may name; `new` adds a topic.", invoke_without_command=True)

SAMPLE_DAYS, SAMPLE_ARTICLES, SAMPLE_SHOWN = 30, 5000, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """Somebody whom topics may name."""

    id: str
    name: str
    country: str
    offices: tuple[str, ...]


def register(main: typer.Typer) -> None:
    """Add the commands of this module."""
    main.add_typer(app, name="topics")


@app.callback()
def topics(
    ctx: typer.Context,
    people: Annotated[str | None, typer.Option(help="List instead the people whose name or id holds this.")] = None,
    as_json: AsJson = False,
) -> None:
    """List what is watched; with --people, whom topics may name. `new` adds a topic."""
    if ctx.invoked_subcommand is not None:
        return
    context: Context = ctx.obj
    if people is not None:
        _people(context, _named(context.gazetteer, people), as_json)
        return
    found = context.config.topics
    if as_json:
        context.print_json(found)
        return
    table = id_table("name", "frame", "whom", "what", "channel", "muted")
    for topic in found:
        whom, what = _watched(topic)
        channel = topic.channel or context.settings.slack_channel
        table.add_row(topic.id, topic.name, topic.frame or "open", whom, what, channel, ", ".join(topic.muted_stages))
    context.print_table(table, empty="No topic is configured.")


@app.command()
def new(
    ctx: typer.Context,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Write it without a last question.")] = False,
    sample: Annotated[bool, typer.Option(help="Show what of the archive's last weeks it would match.")] = True,
) -> None:
    """Ask what a new topic is to be, show it and what it would match, and add it to topics.yaml.

    Answers may come from a pipe, one a line. Nothing that stands in the file is changed, and nothing that `check`
    would refuse is written.
    """
    from monitor.commands import topicfile
    from monitor.commands.interview import Known, interview
    from monitor.commands.vocabulary import vocabulary_of

    context: Context = ctx.obj
    path = _file(context)
    config = context.config
    known = Known(
        gazetteer=context.gazetteer,
        frames=config.frames,
        taken=[topic.id for topic in config.topics],
        parades=sorted(vocabulary_of(context.gazetteer).parades),
    )
    fields = interview(known)
    entry, identity = topicfile.rendered(fields), str(fields["id"])
    topic = topicfile.tried(context, path, entry, identity)
    context.say(f"\nTo be added to {path}:\n\n{entry}\n")
    for line in _preview(context, config, topic, from_archive=sample):
        context.say(line)
    if not yes and not typer.confirm(f"Write it to {path}?", default=True):
        context.say("Nothing was written.")
        return
    topicfile.add(context, path, entry, identity)
    context.say(f"{identity} was added to {path}. Processes that run take it up when they are started again.")


def _file(context: Context) -> Path:
    """The file that a topic is added to. Raises ConfigError when only the built-in one is there."""
    from monitor.config import TOPICS

    if context.settings.config_dir is None:
        raise ConfigError(
            "There is no configuration of your own to add to. `watchdesk init DIR` writes one; then give --config DIR."
        )
    return (context.settings.config_dir / TOPICS).resolve()


# ---- what a topic would match -------------------------------------------------------------------------------------


def _preview(context: Context, config: Config, topic: WatchTopic, *, from_archive: bool) -> Iterator[str]:
    """What it would say or look for, what it never can, and what of the archive it matches."""
    from monitor.commands.advice import Setting, advice

    yield from _examples(context, config, topic)
    setting = Setting(gazetteer=context.gazetteer, frames=config.frames, sources=config.sources, today=now().date())
    for each in advice(topic, setting):
        yield f"! {each.field}: {each.message}"
    if from_archive:
        yield from _from_archive(context, config, topic)
    yield ""


def _examples(context: Context, config: Config, topic: WatchTopic) -> Iterator[str]:
    from monitor.alerting import object_name, subject_name
    from monitor.language.spellings import spellings, target_of

    if topic.search is not None:
        for name in topic.search.names:
            target = target_of(context.gazetteer, name)
            if target is not None:
                some = ", ".join(_written(context.gazetteer, target)[:8])
                yield f"{name} is found in {len(spellings(context.gazetteer, target))} spellings, such as {some}"
        return
    frame = config.frames[topic.frame]
    somebody = "some-country" if frame.subject == "country" else "some-leader"
    who = subject_name("+".join(topic.pair) or next(iter(topic.subjects), somebody), context.gazetteer)
    anything = "something" if frame.things else "any place"
    where = object_name(topic.objects[0], context.gazetteer, frame) if topic.objects else anything
    yield "It would say, for example:"
    for stage in [stage for stage in frame.stages if stage not in topic.muted_stages][:4]:
        sentence = frame.sentences[stage].format(subject=who, object=where, detail="an outcome")
        yield f"  {sentence[:1].upper()}{sentence[1:]}"


def _written(gazetteer: Gazetteer, target: str) -> Sequence[str]:
    """A name as it is usually written, in one language after the other."""
    from monitor.language.spellings import spellings

    person = gazetteer.people.get(target)
    listed = person.names.values() if person is not None else ()
    usual = [names[0] for names in listed if names]
    return usual or [spelling.text for spelling in spellings(gazetteer, target)]


def _from_archive(context: Context, config: Config, topic: WatchTopic) -> Iterator[str]:
    """Titles of the last weeks that it would match; the archive need not be there."""
    from monitor.commands.database import reading
    from monitor.storage.recent import recent

    try:
        with reading(context.settings) as conn:
            articles = list(recent(conn, now() - timedelta(days=SAMPLE_DAYS), SAMPLE_ARTICLES))
    except WatchdeskError as error:
        yield f"The archive can't be asked what it would match: {error}"
        return
    found = _matching(context, config, topic, articles)
    yield f"Of {len(articles)} articles of the last {SAMPLE_DAYS} days it would match {len(found)}."
    for article in found[:SAMPLE_SHOWN]:
        yield f"  {article.seen:%Y-%m-%d} {article.source_name}: {article.title}"


def _matching(context: Context, config: Config, topic: WatchTopic, articles: Sequence[Article]) -> list[Article]:
    """The articles that make a claim on the topic which could be news."""
    from monitor.claims import extract
    from monitor.open_topics import OpenTopics

    searching = OpenTopics([topic], context.gazetteer)
    framed = [topic] if topic.search is None else []
    found = []
    for article in articles:
        claims = (*searching.claims(article), *extract(article, framed, context.gazetteer, config.frames).claims)
        if any(not claim.excluded for claim in claims):
            found.append(article)
    return found


# ---- lists --------------------------------------------------------------------------------------------------------


def _watched(topic: WatchTopic) -> tuple[str, str]:
    """Whom and what a topic watches, in words."""
    if topic.search is not None:
        return ", ".join(topic.search.names), _searched(topic.search)
    return ", ".join(topic.pair or topic.subjects) or "any leader", ", ".join(topic.objects) or "any"


def _searched(search: Search) -> str:
    from monitor.open_topics import groups

    parts = [" or ".join(wordings) for field, wordings in groups(search) if field != "names"]
    if search.none:
        parts.append(f"not {' or '.join(search.none)}")
    if search.languages:
        parts.append(f"in {', '.join(search.languages)}")
    return "; ".join(parts)


def _named(gazetteer: Gazetteer, text: str) -> list[PersonRow]:
    wanted = text.casefold()
    rows = []
    for person in sorted(gazetteer.people.values(), key=lambda person: person.id):
        names = [person.id, *(name for names in person.names.values() for name in names)]
        if any(wanted in name.casefold() for name in names):
            offices = tuple(
                f"{term.office} of {term.country}, {term.since or '?'} to {term.until or 'now'}"
                for term in person.terms
            )
            rows.append(PersonRow(id=person.id, name=person.label, country=person.country, offices=offices))
    return rows


def _people(context: Context, rows: Sequence[PersonRow], as_json: bool) -> None:
    if as_json:
        context.print_json(rows)
        return
    table = id_table("name", "country", "offices")
    for row in rows:
        table.add_row(row.id, row.name, row.country, "\n".join(row.offices) or "leads no country")
    context.print_table(table, empty="Nobody is known by that. entities.yaml takes additions.")
