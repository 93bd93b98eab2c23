"""What came of a meeting: whether a pledge, an invitation or an agreement is one of the two, made where they met."""

from __future__ import annotations

import re
from collections.abc import Sequence

from monitor.frames.document import Document, Sentence
from monitor.frames.doers import agents
from monitor.frames.mood import Mood
from monitor.frames.reading import Event
from monitor.language.cast import Tie
from monitor.language.folding import lower
from monitor.language.gazetteer import Kind
from monitor.types import Position


def is_sure(document: Document, event: Event, pair: Sequence[str], stage: str) -> bool:
    """Whether a sentence that does not name both is theirs all the same: "the two", or what came of their meeting."""
    if document.lexicon.the_pair.search(lower(event.sentence.text)):
        return True
    if stage != "outcome" or event.sentence.tie is not Tie.OWN:
        return False
    return is_headed(document, pair) or _have_met(document, event.sentence, pair)


def is_headed(document: Document, pair: Sequence[str]) -> bool:
    """Whether the headline is about the two and no third leader."""
    people = document.gazetteer.people
    titles = (s for s in document.sentences if s.position is Position.TITLE)
    named = {m.id for s in titles for m in s.mentions if m.id in people and people[m.id].leads(document.day)}
    return named == set(pair)


def opening(document: Document) -> list[Sentence]:
    """The first sentence below a headline that names one of those whom it is about."""
    return [s for s in document.sentences if s.position is not Position.TITLE and s.tie is Tie.OWN][:1]


def _have_met(document: Document, sentence: Sentence, pair: Sequence[str]) -> bool:
    """Whether the sentence right before, or below a headline, tells of the two; the headline of no third leader."""
    known = document.gazetteer.people
    heads = [s for s in document.sentences if s.position is Position.TITLE]
    third = any(m.id in known and m.id not in pair for s in heads for m in s.mentions if m.kind is Kind.PERSON)
    if sentence.position is Position.TITLE:
        near = opening(document)
    else:
        near = [s for s in document.sentences if s.index == sentence.index - 1]
    return not third and any(set(pair) <= {m.id for m in agents(document, s)} for s in near)


def between(document: Document, event: Event, pair: Sequence[str], kinds: set[str]) -> bool:
    """An outcome is done by one of the two; what a country promises in what they sign is part of that."""
    if not event.subjects and document.lexicon.the_pair.search(lower(event.sentence.text)):
        return event.action.kind != "invite"  # "the two leaders signed"
    by_country = not event.subjects and event.action.kind != "invite" and not kinds & {"sign", "agree"}
    if by_country and _is_of_a_country(document, event, pair):
        return True  # "Kim said that Pyongyang would help"
    if not any(m.id in pair for m in event.subjects):
        return False
    if event.action.kind != "invite":
        return True
    text = lower(event.sentence.text)
    if not event.others and document.lexicon.counterparts.search(text, event.clause.start, event.clause.end):
        return True  # "invited his host"
    guests = {m.id for m in event.others} & set(pair)
    return bool(guests - {m.id for m in event.subjects})


def recalls(document: Document, event: Event) -> bool:
    """Whether a text about a letter looks back, far down, at how the two met."""
    if event.sentence.position is not Position.BODY or event.mood is not Mood.REAL:
        return False
    head = [s for s in document.sentences if s.position is Position.TITLE] + opening(document)
    return any(document.lexicon.letters_sent.search(lower(s.text)) for s in head)


def is_written(document: Document, event: Event) -> bool:
    """Whether it stands in a letter: greetings and telegrams are no talks."""
    text = lower(event.sentence.text)
    return document.lexicon.letters_sent.search(text) is not None and not document.lexicon.the_pair.search(text)


_AUXILIARIES = re.compile(r"[\w' ]{0,16}")


def _is_of_a_country(document: Document, event: Event, pair: Sequence[str]) -> bool:
    """Whether the country or the capital of one of the two stands for who does it."""
    people, sentence = document.gazetteer.people, event.sentence
    countries = {people[who].country for who in pair if who in people}
    for mention in reversed(sentence.mentions):
        start, end = mention.start - sentence.start, mention.end - sentence.start
        if not event.clause.start <= start < end <= event.action.start:
            continue
        stands = mention.kind is Kind.PLACE and (mention.place_kind == "country" or mention.capital)
        return (
            stands
            and mention.country in countries
            and _AUXILIARIES.fullmatch(sentence.text, end, event.action.start) is not None
        )
    return False
