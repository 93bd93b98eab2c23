"""Trips: a person, an action, and what the places are to him."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, pairwise

from monitor.frames.document import Document
from monitor.frames.frame import Frame, Rule
from monitor.frames.mood import Mood
from monitor.frames.places import is_owner
from monitor.frames.reading import Event
from monitor.frames.shapes import EPISODE, Draft, fits, same_sentence
from monitor.language.folding import lower
from monitor.language.gazetteer import Kind
from monitor.language.mentions import Mention
from monitor.types import Position, WatchTopic

_DONE = (Mood.REAL, Mood.ONGOING)


def drafts(
    document: Document, frame: Frame, topic: WatchTopic, events: Sequence[Event], entering: bool
) -> Iterator[Draft]:
    """Claims about trips that these events of one sentence make. `entering`: the text tells of a border crossed."""
    guests = {m.id for e in events if is_inviting(e) for m in e.others}
    said: list[Draft] = []
    taken_for_granted: list[Draft] = []
    for event in chain.from_iterable(_each_place(document, _completed(document, e, events)) for e in events):
        for who in _travellers(document, frame, topic, event):
            if who.id in guests and _is_offered(document, event):
                continue
            found = _draft(document, frame, topic, event, who, entering, events)
            if found is not None:
                (taken_for_granted if found[1].weak else said).append(found[0])
    flips = [draft for draft in said if draft.stage in frame.flips and not draft.event.history]
    reversed_ = {(draft.subject, draft.object) for draft in flips}
    for draft in _without_stopovers(said):
        named = draft.event.action.form == "noun" and draft.stage not in frame.flips
        if not named or (draft.subject, draft.object) not in reversed_:
            yield draft  # "the visit planned for May slips to June" announces none
    told = {draft.subject for draft in said}
    yield from (draft for draft in taken_for_granted if draft.subject not in told)


def is_inviting(event: Event) -> bool:
    """Whether somebody is invited; "invites him for 14 July" has the day of the visit and is no plan to invite."""
    if event.action.kind != "invite":
        return False
    return event.mood in _DONE or (event.mood is Mood.FUTURE and event.action.form != "noun")


def _without_stopovers(said: Sequence[Draft]) -> Iterator[Draft]:
    """Who goes on to another host, or is home again, has not set off for home; within a country nobody departs."""
    stages = {(d.subject, d.stage) for d in said}
    left = {(d.subject, d.object) for d in said if d.stage == "left"}
    departed = {(d.subject, d.object) for d in said if d.stage == "departed"}
    inland = {(d.subject, d.object) for d in said if _is_inland(d.event)}
    for draft in said:
        if draft.stage in ("left", "departed") and (draft.subject, draft.object) in inland:
            continue
        if draft.stage == "departed" and (draft.subject, draft.object) in left:
            continue
        onward = any(who == draft.subject and place not in (EPISODE, draft.object) for who, place in departed)
        if draft.stage == "left" and (onward or (draft.subject, "returned") in stages):
            continue
        yield draft


def _leads_on(event: Event) -> bool:
    return event.to is not None and event.origin is not None and event.to.country != event.origin.country


def _stays_inside(event: Event, to: Mention | None, home: str) -> bool:
    """Whether it leads to a town at home, from nowhere abroad: who comes home from abroad comes to the capital."""
    abroad = event.origin is not None and event.origin.country != home
    return to is not None and to.place_kind not in ("country", "border") and not to.capital and not abroad


def _is_provincial(event: Event, to: Mention | None, home: str) -> bool:
    """Whether it leads to a town at home and not to the capital or an airport, where those land who were abroad."""
    return to is not None and to.place_kind in ("city", "region") and _stays_inside(event, to, home)


def _is_inland(event: Event) -> bool:
    to, origin = event.to, event.origin
    return to is not None and origin is not None and to.country == origin.country and to.id != origin.id


_AHEAD = (Mood.FUTURE, Mood.POSSIBLE, Mood.DENIED)
_ARTICLE = re.compile(r"(?:\b(?:the|die|les?|la|el|los|las) |\bl')$")  # of a country: "India and the Emirates"


def _each_place(document: Document, event: Event) -> Iterator[Event]:
    """The event for each country that is listed as where it leads: "will visit Vietnam, China and Laos"."""
    yield event
    named = event.action.kind == "visit" and event.action.form == "noun"
    plan = event.mood in _AHEAD or event.action.kind in _OF_A_TRIP or named
    if event.to is None or not plan or not same_sentence(event.sentence, event.to):
        return
    places = [m for m in event.sentence.mentions if m.kind is Kind.PLACE]
    at = next((n for n, m in enumerate(places) if m.start == event.to.start), None)
    if at is None:
        return
    for neighbours in (places[at:], places[at::-1]):
        for one, other in pairwise(neighbours):
            first, second = sorted((one, other), key=lambda m: m.start)
            gap = _ARTICLE.sub("", document.between(event.sentence, first, second))
            if not document.lexicon.connectors.listed.fullmatch(gap):
                break
            if other.country != event.to.country:
                yield replace(event, to=other)


_OF_GUESTS = ("invite", "receive", "unite")  # what a host does to who comes
_HOME = ("return", "homeward")
_OF_A_TRIP = ("cancel", "postpone", "deny")
_TRIPS = ("visit", "move", "leave", "arrive")


def _completed(document: Document, event: Event, events: Sequence[Event]) -> Event:
    """What is called off, put off or denied is a trip that the sentence names: it gives the traveller and the place."""
    if event.action.kind in _HOME and event.origin is None:
        return replace(event, origin=_where_he_was(event, events))
    if event.action.kind not in _OF_A_TRIP:
        return event
    trips = [e for e in events if e.action.kind in _TRIPS and (e.to is not None or e.subjects)]
    if not trips:
        return (
            event if event.to is not None else replace(event, subjects=(), others=())
        )  # nothing says that it is a trip
    if document.lexicon.order == "sov" and _is_of_a_meeting(event, trips, events):
        return replace(event, to=None, subjects=(), others=())  # 訪問先での会談が中止になった
    if event.action.kind == "deny" and any(e.mood is Mood.DENIED and e.action.form == "past" for e in trips):
        return replace(event, to=None, subjects=(), others=())  # "denied that he had arrived": that says it already
    trip = min(trips, key=lambda e: (e.to is None, e.action.form != "noun", abs(e.action.start - event.action.start)))
    return replace(
        event, to=trip.to or event.to, subjects=trip.subjects or event.subjects or _only_leader(document, event)
    )


def _where_he_was(event: Event, events: Sequence[Event]) -> Mention | None:
    """ "Returned home from a nine-day trip to X": where the trip led that stands behind it."""
    trips = (e for e in events if e.action.kind == "visit" and e.action.form == "noun" and e.mood in _DONE)
    behind = (e for e in trips if e.clause == event.clause and e.action.start > event.action.end)
    return next((e.to for e in behind if e.to is not None), None)


def _is_of_a_meeting(event: Event, trips: Sequence[Event], events: Sequence[Event]) -> bool:
    """Whether a meeting stands between the trips and what turns it back, right before that."""
    at = event.action.start
    meetings = [e.action.start for e in events if e.action.kind in ("meet", "phone") and e.action.start < at]
    return bool(meetings) and all(e.action.start < max(meetings) for e in trips)


def _only_leader(document: Document, event: Event) -> tuple[Mention, ...]:
    known = document.gazetteer.people
    leaders = [m for m in event.sentence.mentions if m.kind is Kind.PERSON and m.id in known]
    return tuple(leaders[:1]) if len({m.id for m in leaders}) == 1 else ()


def _is_offered(document: Document, event: Event) -> bool:
    """ "has invited him to attend": he has not said yes. Only a past tense could tell of what he then did."""
    if event.action.kind == "invite":
        return False
    return event.mood not in _DONE or event.action.form != "past" or document.language == "zh"


def _travellers(document: Document, frame: Frame, topic: WatchTopic, event: Event) -> tuple[Mention, ...]:
    of_guests = event.action.kind in _OF_GUESTS
    people = event.others if of_guests and (event.action.form != "noun" or event.others) else event.subjects
    if event.action.kind == "invite" and not people:
        people = event.subjects  # "was invited"
    return tuple(m for m in people if m.id in document.gazetteer.people and is_watched(document, topic, m.id))


def is_watched(document: Document, topic: WatchTopic, who: str) -> bool:
    """Whether the topic is about the journeys of this person; without subjects about those of all who lead."""
    return who in topic.subjects if topic.subjects else document.gazetteer.people[who].leads(document.day)


def crossed(events: Sequence[Event]) -> bool:
    """Whether any of the events is a border being crossed."""
    return any(e.action.kind == "cross" and e.mood in (Mood.REAL, Mood.ONGOING) for e in events)


def _draft(
    document: Document,
    frame: Frame,
    topic: WatchTopic,
    event: Event,
    who: Mention,
    entering: bool,
    events: Sequence[Event],
) -> tuple[Draft, Rule] | None:
    """The claim and the rule that found it."""
    home = document.gazetteer.people[who.id].country
    to, inferred = event.to, False
    if to is None and event.origin is None and event.action.kind not in (*_OF_GUESTS, "return", "homeward"):
        to = _elsewhere(document, event, home)
        if _is_stopover(event, to, events):
            to = None
        inferred = to is not None
    if to is None and event.action.kind == "leave" and (event.origin is None or event.origin.country == home):
        to = _bound_for(event, events, home)
    for rule in frame.rules:
        if _only_named(rule, event):
            continue
        if not fits(rule, event) or not _where(rule, to, event.origin, home):
            continue
        if rule.stage == "left" and rule.origin and _leads_on(event) and _place_fits("abroad", event.to, home):
            continue  # "left Warsaw for Kyiv" is on his way to the next
        if rule.stage == "left" and rule.to == "home" and _stays_inside(event, to, home):
            continue  # "travelled to Mumbai"
        if rule.stage == "returned" and event.origin is not None and event.origin.country == home:
            continue  # マルセイユからパリに戻った
        if rule.stage == "returned" and event.action.kind == "arrive" and _is_provincial(event, to, home):
            continue  # "landed in Mombasa"
        target = _object(document, rule, event, who, to, home)
        if target is None or (topic.objects and target not in (*topic.objects, EPISODE)):
            return None
        place = to if rule.object == "to" else event.origin if rule.object == "from" else to
        stage = rule.stage
        if stage == "arrived" and to is not None and to.place_kind == "country" and entering:
            stage = "en_route"  # over the border is not yet there
        draft = Draft(
            topic=topic,
            stage=stage,
            subject=who.id,
            object=target,
            event=event,
            parties=frozenset({home, target, *(m.country for m in event.subjects if m.country)}),
            bound_by=_how(who, event, inferred),
            detail=rule.detail,
            weak=rule.weak or (inferred and event.sentence.position is not Position.TITLE),
            place=place,
            abroad=target == EPISODE and _leads_abroad(document, event),
        )
        return draft, rule
    return None


def _leads_abroad(document: Document, event: Event) -> bool:
    """Whether the sentence or the headline says that a journey leads abroad, though not where: "a foreign trip"."""
    words = document.lexicon.abroad
    titles = (s for s in document.sentences if s.position is Position.TITLE)
    return any(words.search(lower(sentence.text)) for sentence in (event.sentence, *titles))


def _bound_for(event: Event, events: Sequence[Event], home: str) -> Mention | None:
    """Where else the sentence says that he goes: "left Washington … is to arrive in London"."""
    ways = [e.to for e in events if e.action.kind in _TRIPS and e.to is not None and e is not event]
    abroad = {m.country for m in ways if m.country not in ("", home)}
    return next((m for m in ways if m.country in abroad), None) if len(abroad) == 1 else None


def _only_named(rule: Rule, event: Event) -> bool:
    """A noun ("a departure on Monday would …") tells of nothing done, unless it is the headline."""
    done = event.mood in _DONE and event.action.form == "noun"
    return done and "noun" not in rule.form and event.sentence.position is not Position.TITLE


def _how(who: Mention, event: Event, inferred: bool) -> str:
    words = [f"subject by {who.bound_by or 'its name'}"]
    if event.inherited:
        words.append("carried over from an earlier clause")
    if inferred:
        words.append("place from the sentence around it")
    return ", ".join(words)


def _elsewhere(document: Document, event: Event, home: str) -> Mention | None:
    """A place of the same sentence, when the clause names none and the action needs one."""
    if event.action.form == "noun" and event.mood is Mood.REAL:
        return None
    places = [
        m
        for m in event.sentence.mentions
        if m.kind is Kind.PLACE and m.country != home and not _possessive(event, m) and m not in document.datelines
    ]
    return places[0] if len({m.country for m in places}) == 1 else None


def _is_stopover(event: Event, to: Mention | None, events: Sequence[Event]) -> bool:
    """Whether the place is where he is only on the way to: "lands in … on the way to Algiers"."""
    if to is None or event.action.kind not in ("arrive", "visit"):
        return False
    return any(e.action.kind == "leave" and e.action.form == "present" and e.to == to for e in events)


def _possessive(event: Event, mention: Mention) -> bool:
    end = mention.end - event.sentence.start
    return event.sentence.text[end : end + 1] == "'"


def _where(rule: Rule, to: Mention | None, origin: Mention | None, home: str) -> bool:
    return _place_fits(rule.to, to, home) and _place_fits(rule.origin, origin, home)


def _place_fits(wanted: str, place: Mention | None, home: str) -> bool:
    if not wanted:
        return True
    if place is None:
        return wanted == "nowhere"
    if wanted == "nowhere":
        return False
    if wanted == "border":
        return place.place_kind == "border"
    if wanted == "home":
        return place.country == home
    return place.country != home and place.country != "" and place.place_kind != "border"


def _object(document: Document, rule: Rule, event: Event, who: Mention, to: Mention | None, home: str) -> str | None:
    if rule.object == "to":
        return to.country if to is not None and to.country != home else None
    if rule.object == "from":
        return event.origin.country if event.origin is not None else None
    if rule.object == "inviter":
        return _host(document, event, who, to, home)
    return EPISODE


def _ahead(event: Event) -> range:
    """Where in the document the clause stands up to the action."""
    return range(event.sentence.start + event.clause.start, event.sentence.start + event.action.start)


def _host(document: Document, event: Event, who: Mention, to: Mention | None, home: str) -> str | None:
    """Where an invitation leads: the place named, else the country of who invites."""
    if to is not None and to.country != home:
        return to.country
    for mention in event.sentence.mentions:
        if (
            mention.kind is Kind.PLACE
            and mention.country != home
            and mention.start >= event.sentence.start + event.action.end
            and not is_owner(document, event.sentence, mention)
        ):
            return mention.country
    if not event.others:
        return None  # "X is invited": nothing says by whom
    for mention in event.sentence.mentions:
        if (
            mention.kind in (Kind.PLACE, Kind.ORGAN)
            and mention.country not in ("", home)
            and mention.start in _ahead(event)
        ):
            return mention.country  # "Washington has invited X"
    for mention in event.subjects:
        if (
            mention.id != who.id
            and mention.country
            and mention.country != home
            and same_sentence(event.sentence, mention)
        ):
            return mention.country
    return None
