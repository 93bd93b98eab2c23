"""What a text is about: topics that its head speaks of, whether or not it says anything that could be new.

A claim says what happens; many texts only show it: "the two came out in front of the columns". Title and lead count;
what stands further down is background.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from monitor.frames.document import Document, Sentence
from monitor.frames.doers import agents
from monitor.frames.frame import Frame
from monitor.frames.meeting import is_crowd, named_by_country
from monitor.frames.mood import REVERSALS
from monitor.frames.movement import is_watched
from monitor.frames.parades import Parade, watched_as
from monitor.frames.reading import Event
from monitor.language.cast import Tie
from monitor.types import Position, WatchTopic

_TALKING = ("meet", "phone", "unite", "sign", "agree", "pledge")
_GOING = ("visit", "move", "arrive", "leave", "return", "homeward", "cross", "attend", "receive")
_ATTENDING = ("attend", "visit", "arrive", "receive", "invite", "decline", "meet", "accept")
Told = Sequence[tuple[Sentence, Sequence[Event]]]


def is_about(document: Document, frame: Frame, topic: WatchTopic, told: Told, parade: Parade | None) -> bool:
    """Whether the head of the text speaks of what the topic watches. `parade`: the one that the text tells of."""
    tests = {"meeting": _of_the_two, "movement": _of_a_journey, "presence": _of_guests}
    test = tests.get(frame.shape)
    if test is None or (frame.shape == "presence" and (parade is None or watched_as(topic, parade) is None)):
        return False
    return any(test(document, topic, sentence, events) for sentence, events in _head(told))


def _head(told: Told) -> Iterator[tuple[Sentence, Sequence[Event]]]:
    for sentence, events in told:
        if sentence.position is Position.BODY or sentence.tie is not Tie.OWN or sentence.caption:
            continue
        current = [e for e in events if not e.history and not e.analyst]
        if current:
            yield sentence, current


def _of_the_two(document: Document, topic: WatchTopic, sentence: Sentence, events: Sequence[Event]) -> bool:
    """Both are named, or their countries, beside a word for meeting or for what comes of it."""
    talking = [e for e in events if e.action.kind in _TALKING]
    if not talking or (all(_is_anybodys(e) for e in talking) and _are_parted(sentence, topic.pair)):
        return False
    named = {m.id for m in agents(document, sentence)}
    both = set(topic.pair) <= named and not is_crowd(document, sentence, topic.pair)
    return both or named_by_country(document, sentence, topic.pair)


def _is_anybodys(event: Event) -> bool:
    """Whether it is a noun of which nobody is told to do it: "in conversation with X"."""
    return event.action.form == "noun" and not event.subjects


def _are_parted(sentence: Sentence, pair: Collection[str]) -> bool:
    """Whether a comma stands between the two wherever they are named: "with X and, later, near Y"."""
    named = [m for m in sentence.mentions if m.id in pair]
    gaps = [
        sentence.text[a.end - sentence.start : b.start - sentence.start] for a, b in pairwise(named) if a.id != b.id
    ]
    return bool(gaps) and all("," in gap or "，" in gap for gap in gaps)


def _of_a_journey(document: Document, topic: WatchTopic, sentence: Sentence, events: Sequence[Event]) -> bool:
    """Somebody watched does something abroad, or a journey of his is spoken of."""
    people = document.gazetteer.people
    kinds = {event.action.kind for event in events}
    going = _GOING if kinds & {"phone", *REVERSALS} else (*_GOING, "meet")  # who meets abroad has gone there
    for event in events:
        people_there = (m.id for m in (*event.subjects, *event.others) if m.id in people)
        doing = [who for who in people_there if is_watched(document, topic, who)]
        if not doing or event.action.kind not in (*going, "cancel", "postpone"):
            continue
        home = people[doing[0]].country
        abroad = {place.country for place in (event.to, event.origin) if place is not None} - {"", home}
        if abroad & set(topic.objects) if topic.objects else abroad:
            return True
    return False


def _of_guests(document: Document, topic: WatchTopic, sentence: Sentence, events: Sequence[Event]) -> bool:
    """A leader is spoken of beside a word for being there."""
    people = document.gazetteer.people
    leaders = [m for m in agents(document, sentence) if m.id in people and people[m.id].leads(document.day)]
    return bool(leaders) and any(e.action.kind in _ATTENDING for e in events)


__all__ = ["is_about"]
