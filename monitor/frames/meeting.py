"""Talks between two people: both must be there, and nobody else beside them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace

from monitor.frames.document import Document, Sentence
from monitor.frames.frame import Frame
from monitor.frames.mood import Mood
from monitor.frames.reading import Event
from monitor.frames.shapes import EPISODE, Draft, fits
from monitor.language.folding import lower
from monitor.language.gazetteer import Kind
from monitor.language.mentions import Mention
from monitor.types import Position, WatchTopic

_TALK = ("meet", "phone")


def drafts(
    document: Document,
    frame: Frame,
    topic: WatchTopic,
    events: Sequence[Event],
    before: Sequence[Sentence],
    going_on: bool,
) -> Iterator[Draft]:
    """Claims about talks of the topic's pair that these events of one sentence make.

    `going_on`: title or lead says that the talks are under way, so that "met" alone does not say that they are over.
    """
    pair = topic.pair
    if not events or len(pair) != 2:
        return
    sentence = events[0].sentence
    together, inferred = _together(document, sentence, pair, before)
    if not together:
        return
    kinds = {event.action.kind for event in events if event.mood is not Mood.VOID}
    seen: set[tuple[str, str]] = set()
    for event in events:
        draft = _draft(document, frame, topic, event, events, kinds, inferred)
        if draft is not None and going_on and draft.stage == "held" and "finish" not in kinds:
            continue
        if draft is not None and (draft.stage, draft.detail) not in seen:
            seen.add((draft.stage, draft.detail))
            yield draft


def ongoing(events: Sequence[Event]) -> bool:
    """Whether title or lead tells of talks in the present tense, and nothing says that they are over."""
    head = [e for e in events if e.sentence.position is not Position.BODY and e.mood in (Mood.REAL, Mood.ONGOING)]
    present = any(e.action.kind == "meet" and e.action.form in ("present", "base", "ing") for e in head)
    begun = any(e.action.kind == "begin" for e in head)
    return (present or begun) and not any(e.action.kind == "finish" for e in head)


def _together(
    document: Document, sentence: Sentence, pair: Sequence[str], before: Sequence[Sentence]
) -> tuple[bool, bool]:
    """(whether the sentence is about the two, whether that was inferred from the sentences before)."""
    here = _people(sentence)
    if set(pair) <= here:
        return not _crowd(document, sentence, pair), False
    if here - set(pair):
        return False, False
    recent: set[str] = set()
    for earlier in before[-2:]:
        recent |= _people(earlier)
    both = set(pair) <= (recent | here) and not (recent - set(pair))
    text = lower(sentence.text)
    return both and bool(here or document.lexicon.pronouns.search(text) or document.lexicon.the_pair.search(text)), True


def _people(sentence: Sentence) -> set[str]:
    return {m.id for m in sentence.mentions if m.kind is Kind.PERSON and m.id and not m.id.startswith("other:")}


def _crowd(document: Document, sentence: Sentence, pair: Sequence[str]) -> bool:
    """Whether a third leader stands in one list with the pair: a meeting of three is not theirs."""
    people = [m for m in sentence.mentions if m.kind is Kind.PERSON]
    for left, right in itertools.pairwise(people):
        if {left.id, right.id} <= set(pair):
            continue
        if left.id not in pair and right.id not in pair:
            continue
        third = left if right.id in pair else right
        if third.id not in document.gazetteer.people or not document.gazetteer.people[third.id].leads(document.day):
            continue
        gap = sentence.text[left.end - sentence.start : right.start - sentence.start].lower()
        if document.lexicon.connectors.listed.fullmatch(gap):
            return True
    return False


def _draft(
    document: Document,
    frame: Frame,
    topic: WatchTopic,
    event: Event,
    events: Sequence[Event],
    kinds: set[str],
    inferred: bool,
) -> Draft | None:
    pair = topic.pair
    if event.action.kind == "meet" and "phone" in kinds:  # "had a telephone conversation"
        event = replace(event, action=replace(event.action, kind="phone"))
    if not inferred and document.lexicon.order == "svo" and not _both_take_part(event, pair):
        return None
    for rule in frame.rules:
        if not fits(rule, event) or (rule.also and rule.also not in kinds):
            continue
        if event.action.kind in _TALK and event.action.form == "noun" and not _bound(event, events, rule.stage):
            continue
        if rule.stage == "outcome" and not _between(document, event, pair):
            continue
        place = _place(document, event, events)
        return Draft(
            topic=topic,
            stage=rule.stage,
            subject="+".join(pair),
            object=_object(rule.stage, kinds, place),
            event=event,
            parties=frozenset(document.gazetteer.people[p].country for p in pair if p in document.gazetteer.people),
            bound_by="both named" + (" before" if inferred else " in the sentence"),
            detail=rule.detail,
            weak=inferred and not document.lexicon.the_pair.search(lower(event.sentence.text)),
            place=place,
        )
    return None


def _both_take_part(event: Event, pair: Sequence[str]) -> bool:
    """Whether a verb of meeting has the two for subject and object, and not one of them with somebody else."""
    if event.action.kind not in _TALK or event.action.form not in ("past", "present", "base"):
        return True
    taking_part = {m.id for m in (*event.subjects, *event.others)}
    return not taking_part or set(pair) <= taking_part


def _object(stage: str, kinds: set[str], place: Mention | None) -> str:
    if stage == "outcome" or (place is None and "phone" not in kinds):
        return EPISODE
    return "phone" if "phone" in kinds or place is None else place.country


def _bound(event: Event, events: Sequence[Event], stage: str) -> bool:
    """A noun ("the talks") says something only beside a verb, a plan or a doubt, or as a headline."""
    if event.mood in (Mood.FUTURE, Mood.POSSIBLE, Mood.DENIED):
        return True
    if event.sentence.position is Position.TITLE:
        return True
    return stage in ("held", "started", "cancelled", "postponed")


def _between(document: Document, event: Event, pair: Sequence[str]) -> bool:
    """An outcome is done by one of the two."""
    if not event.subjects and document.lexicon.the_pair.search(lower(event.sentence.text)):
        return event.action.kind != "invite"  # "the two leaders signed"
    if not any(m.id in pair for m in event.subjects):
        return False
    if event.action.kind != "invite":
        return True
    guests = {m.id for m in event.others} & set(pair)
    return bool(guests - {m.id for m in event.subjects})


def _place(document: Document, event: Event, events: Sequence[Event]) -> Mention | None:
    """Where they meet, if the sentence says so; else the ledger knows of the meeting, or of the trip."""
    if event.to is not None:
        return event.to
    for other in events:
        if other.to is not None and other.action.kind in (*_TALK, "begin", "finish"):
            return other.to
    return None
