"""Who is where a parade is watched from: sitting on the rostrum, coming out on the square, beside the host."""

from __future__ import annotations

from dataclasses import replace

from monitor.frames.document import Document
from monitor.frames.parades import Parade
from monitor.frames.reading import Event
from monitor.language.folding import lower
from monitor.language.gazetteer import Kind

_ENDING = 3  # letters of a Korean verb between what the lexicon has of it and the next word: 참석|한 각국 정상

APPEAR = "appear"  # of the lexicons: to sit, stand, be seen, shake hands; what that means its place tells


def as_there(document: Document, event: Event, parade: Parade) -> Event:
    """The event as one of attending, if somebody is at the stands, on the spot or, that day, beside the host."""
    kind, text, to = event.action.kind, lower(event.sentence.text), event.to
    if kind in (APPEAR, "attend") and _is_of_leaders_behind(document, text, event.action.end):
        event = replace(event, subjects=())
    if kind not in (APPEAR, "arrive"):
        return event
    today = (event.day or document.day) == parade.day
    on_the_spot = today and to is not None and to.place_kind == "site" and to.country == parade.country
    there = on_the_spot or document.lexicon.stands.search(text) is not None
    if kind == APPEAR:
        host = any(m.kind is Kind.PERSON and m.country == parade.country for m in event.sentence.mentions)
        there = there or (today and host) or document.lexicon.parade.search(text) is not None
    elif not today:
        return event
    return replace(event, action=replace(event.action, kind="attend")) if there else event


def _is_of_leaders_behind(document: Document, text: str, end: int) -> bool:
    """Whether the verb describes leaders named right behind it: 習氏は、パレードに出席した各国首脳と…."""
    if document.lexicon.order != "sov":
        return False
    lists = (document.lexicon.guest_list, document.lexicon.other_leaders)
    return any(words.match(text, at) for words in lists for at in range(end, end + _ENDING))


def is_elsewhere(document: Document, event: Event, parade: Parade) -> bool:
    """Whether a clause before says that it is done in another country: キーウで首脳を迎え、…に立った."""
    sentence, text = event.sentence, lower(event.sentence.text)
    if document.lexicon.order != "sov":
        return False
    where = document.lexicon.adpositions["in"]
    places = [m for m in sentence.mentions if m.kind is Kind.PLACE and m.end - sentence.start <= event.action.start]
    named = [m for m in places if m.place_kind != "country" and where.match(text, m.end - sentence.start)]
    return bool(named) and named[-1].country != parade.country
