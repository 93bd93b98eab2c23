"""The questions of `topics new`: what is to be told, by a frame or by words; answers are looked up while one types."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import typer

from monitor.commands.lookup import Meant, countries_like, ids_like, people_like
from monitor.commands.topicfile import Fields
from monitor.frames.frame import Frame, Frames
from monitor.language.detect import ISO, SUPPORTED
from monitor.language.gazetteer import Gazetteer
from monitor.language.spellings import target_of
from monitor.settings import CHANNEL_PATTERN
from monitor.topics import GUEST_LIST, ID_PATTERN, PARADE_PATTERN, PHONE
from monitor.yamlfile import duration

OPEN = "open"  # the answer for a topic without a frame
SOME = 3  # suggestions beside a name that is kept as it is
Answer = TypeVar("Answer")
LookUp = Callable[[str], Meant]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What answers are looked up in."""

    gazetteer: Gazetteer
    frames: Frames
    taken: Sequence[str]  # ids of topics that are there
    parades: Sequence[str]


def interview(known: Known) -> Fields:
    """The fields of a new topic, in the order in which the file has them."""
    typer.echo("An empty answer takes what stands in brackets, or leaves the field out. Several answers: a, b, c.")
    name = _until("What is it to be called, in a few words?", lambda text: text or None)
    identity = _identity(name, known.taken)
    typer.echo("\nA frame knows what can happen, in which order, in all languages; without one, words are looked for:")
    for each in known.frames.values():
        typer.echo(f"  {each.name:<12} a {each.noun}: {', '.join(each.stages)}")
    typer.echo(f"  {OPEN:<12} words, names and phrases of your own; each story is told once")
    kind = _one("Which of these?", partial(ids_like, [*known.frames, OPEN]), OPEN)
    frame = known.frames.get(kind)
    about = _framed(frame, known) if frame is not None else _searched(known)
    channel = _until("Slack channel, #name or id?", _channel, "")
    return {"id": identity, "name": name, **about, "channel": channel}


# ---- with a frame -------------------------------------------------------------------------------------------------


def _framed(frame: Frame, known: Known) -> Fields:
    people = partial(people_like, known.gazetteer)
    countries = partial(countries_like, known.gazetteer)
    fields: dict[str, str | Sequence[str] | Sequence[Sequence[str]]] = {"frame": frame.name}
    if frame.shape == "meeting":
        first = _one("Who meets? The first of the two", people)
        second = _one("And the other", lambda text: Meant() if people(text).clear == first else people(text))
        fields["pair"] = [first, second]
    elif frame.subject == "country":
        fields["subjects"] = _several("Which countries? [any]", countries)
    elif frame.many_subjects:
        guests = Meant(ids=(GUEST_LIST,))
        fields["subjects"] = _several(
            f"Whom? People, or {GUEST_LIST} [any leader]", lambda text: guests if text == GUEST_LIST else people(text)
        )
    else:
        fields["subjects"] = _several("Whom? [any leader]", people)
    if frame.things:
        fields["objects"] = _several(f"What? {', '.join(frame.things)} [any]", partial(ids_like, tuple(frame.things)))
    elif frame.shape == "presence":
        fields["objects"] = _several("Which, by city and date? [any]", partial(_parades, known))
    else:
        meeting = frame.shape == "meeting"
        also = f", or {PHONE}" if meeting else ""
        fields["objects"] = _several(
            f"In which countries{also}? [any]",
            lambda text: Meant(ids=(PHONE,)) if meeting and text == PHONE else countries(text),
        )
    muted = _several("Stages that are kept, and never alerted? [none]", partial(ids_like, frame.stages))
    return {**fields, "muted_stages": muted}


def _parades(known: Known, text: str) -> Meant:
    """A parade that is known, or any city and date."""
    if PARADE_PATTERN.match(text):
        return Meant(ids=(text,))
    return ids_like(known.parades, text)


# ---- without one --------------------------------------------------------------------------------------------------


def _searched(known: Known) -> Fields:
    typer.echo("\nEvery field that you give has to be met. A word may end in * for any ending: export*, санкц*.")
    while True:
        words = _list(_ask("Words or phrases, one of which is there, in all languages that you want?"))
        every = [_wordings(entry) for entry in _list(_ask("Words, each of which is there? Wordings of one: a | b"))]
        names = [
            _named(known.gazetteer, each) for each in _list(_ask("People, countries or bodies, one of which is named?"))
        ]
        if words or every or names:
            break
        typer.echo("Something has to be looked for. Once more:")
    none = _list(_ask("Words that must not be there?"))
    languages = _until("Only in these languages (en, ko, ...)? [any]", _languages, "")
    where = _one("Where: title, lead or anywhere?", partial(ids_like, ("title", "lead", "anywhere")), "anywhere")
    meaning = _ask("In one sentence, for those who are alerted: what is meant?")
    window = _until("For how long is a story still the same one, after its last report: 12h, 3d? [3d]", _window, "")
    return {
        "any": words,
        "all": [entry[0] if len(entry) == 1 else entry for entry in every],
        "none": none,
        "names": names,
        "languages": languages,
        "where": "" if where == "anywhere" else where,
        "meaning": meaning,
        "window": window,
    }


def _named(gazetteer: Gazetteer, text: str) -> str:
    """The id of what is named, which stands for all its spellings; what the lists do not have is kept as it is."""
    target = target_of(gazetteer, text)
    if target is None:
        near = (people_like(gazetteer, text).ids or countries_like(gazetteer, text).ids)[:SOME]
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        typer.echo(f"  {text}: not in the lists, so that only this spelling is found.{hint}")
        return text
    if target != text:
        typer.echo(f"  {text} → {target}, in all spellings")
    return target


def _wordings(entry: str) -> list[str]:
    return [part.strip() for part in entry.split("|") if part.strip()]


def _languages(text: str) -> list[str] | None:
    found = _list(text)
    unknown = [each for each in found if each not in ISO]
    if unknown:
        typer.echo(f"  {', '.join(unknown)}: no language by ISO 639-1. Those that are read: {', '.join(SUPPORTED)}.")
    return None if unknown else found


def _window(text: str) -> str | None:
    if text:
        try:
            duration(text)
        except ValueError as error:
            typer.echo(f"  {text}: {error}")
            return None
    return text


# ---- asking -------------------------------------------------------------------------------------------------------


def _ask(question: str, default: str = "") -> str:
    return str(typer.prompt(question, default=default, show_default=bool(default))).strip()


def _until(question: str, accept: Callable[[str], Answer | None], default: str = "") -> Answer:
    """Ask until the answer is accepted."""
    while True:
        answer = accept(_ask(question, default))
        if answer is not None:
            return answer
        typer.echo("  That can't be used. Once more:")


def _one(question: str, look_up: LookUp, default: str = "") -> str:
    """One thing that can be looked up."""
    while True:
        found = _settled(_ask(question, default), look_up)
        if found:
            return found


def _several(question: str, look_up: LookUp) -> list[str]:
    """Any number of things that can be looked up."""
    found = (_settled(text, look_up) for text in _list(_ask(question)))
    return list(dict.fromkeys(each for each in found if each))


def _settled(text: str, look_up: LookUp) -> str:
    """What the answer means; asked again while it is not clear; "" to leave it out."""
    while text:
        meant = look_up(text)
        if meant.clear is not None:
            if meant.clear != text:
                typer.echo(f"  {text} → {meant.clear}")
            return meant.clear
        typer.echo(f"  {text}: {'is it ' + ' or '.join(meant.ids) + '?' if meant.ids else 'nothing is known by that.'}")
        text = _ask("  Write it again (empty: leave it out)")
    return ""


def _list(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _channel(text: str) -> str | None:
    return text if not text or re.fullmatch(CHANNEL_PATTERN, text) else None


def _identity(name: str, taken: Sequence[str]) -> str:
    """An id of its own, by default made of the name."""

    def accept(text: str) -> str | None:
        if text in taken:
            typer.echo(f"  {text} is there already.")
        return text if re.fullmatch(ID_PATTERN, text) and text not in taken else None

    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    proposal = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:64]
    return _until("Its id, for ever: lower-case letters, digits and hyphens", accept, proposal)
