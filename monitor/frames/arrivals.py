"""Where somebody has arrived of whom a text only says that he is there as well: "Kim had arrived hours before"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from monitor.frames.document import Document, Sentence
from monitor.frames.mood import Mood
from monitor.frames.reading import Event
from monitor.language.mentions import Mention

Told = tuple[Sentence, tuple[Event, ...]]


def where_others_are(document: Document, told: Sequence[Told]) -> Iterator[Told]:
    """The sentences with an arrival that names no place led to where somebody else arrives in the sentence before."""
    last: Told | None = None
    for sentence, events in told:
        place = None if last is None or last[0].paragraph != sentence.paragraph else _arrived_at(last[1])
        if place is not None:
            events = tuple(_led_to(document, event, *place) for event in events)
        last = (sentence, events)
        yield last


def _arrived_at(events: Sequence[Event]) -> tuple[Mention, frozenset[str]] | None:
    """The place of an arrival, and who arrived."""
    for event in events:
        if _is_arrival(event) and event.to is not None and event.subjects:
            return event.to, frozenset(m.id for m in event.subjects)
    return None


def _led_to(document: Document, event: Event, place: Mention, others: frozenset[str]) -> Event:
    if not _is_arrival(event) or event.to is not None or event.origin is not None or event.inherited:
        return event
    known = document.gazetteer.people
    guests = [m for m in event.subjects if m.id in known and known[m.id].country != place.country]
    if not guests or any(m.id in others for m in event.subjects):
        return event
    return replace(event, to=place)


def _is_arrival(event: Event) -> bool:
    return event.action.kind == "arrive" and event.action.form == "past" and event.mood is Mood.REAL


__all__ = ["where_others_are"]
