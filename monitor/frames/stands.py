"""Who is where a parade is watched from: sitting on the rostrum, coming out on the square, beside the host."""

from __future__ import annotations

from dataclasses import replace

from monitor.frames.document import Document
from monitor.frames.parades import Parade
from monitor.frames.reading import Event
from monitor.language.folding import lower
from monitor.language.gazetteer import Kind

APPEAR = "appear"  # of the lexicons: to sit, stand, be seen, shake hands; what that means its place tells


def as_there(document: Document, event: Event, parade: Parade) -> Event:
    """The event as one of attending, if somebody is at the stands, on the spot or, that day, beside the host."""
    kind, text, to = event.action.kind, lower(event.sentence.text), event.to
    if kind not in (APPEAR, "arrive"):
        return event
    today = document.day == parade.day
    on_the_spot = today and to is not None and to.place_kind == "site" and to.country == parade.country
    there = on_the_spot or document.lexicon.stands.search(text) is not None
    if kind == APPEAR:
        host = any(m.kind is Kind.PERSON and m.country == parade.country for m in event.sentence.mentions)
        there = there or (today and host) or document.lexicon.parade.search(text) is not None
    elif not today:
        return event
    return replace(event, action=replace(event.action, kind="attend")) if there else event
