"""Who of the leaders is, will be, may be or will not be at a parade."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from monitor.frames.clauses import clauses_of
from monitor.frames.document import Document, Sentence
from monitor.frames.frame import Frame
from monitor.frames.mood import Mood
from monitor.frames.movement import is_inviting
from monitor.frames.parades import UNKNOWN, Parade, watched_as
from monitor.frames.reading import Event
from monitor.frames.shapes import Draft, fits
from monitor.frames.stands import as_there, is_elsewhere
from monitor.language import chinese
from monitor.language.folding import lower
from monitor.language.gazetteer import Kind
from monitor.language.mentions import Mention
from monitor.types import Position, WatchTopic

GUEST_LIST = "guest-list"
_BEFORE = 40  # characters before a name in which it is said that somebody stands in for him
_SOON = 60  # days before a parade of which texts may speak as if it were now
_AND_OF = re.compile(  # between the countries of which nobody comes
    r",? ?(?:(?:and|or|nor|und|oder|et|ou) )?(?:(?:from|of|aus|von|de|du|des) )?(?:the |den |der |la |l')?"
)
_COLON = re.compile(r": (?=[^:]{4,}$)")  # "On the rostrum with X: A, B and C"
_LISTED = re.compile(  # between a plural of leaders and the first of their countries, and between the others
    r",? ?(?:(?:and|und|et|y|e|и) )?(?:(?:from|of|aus|von|de|du|des|del|из) |d')?(?:the |den |der |la |los |l')?"
)
_FEW = 3  # leaders told of by their countries who are named with them; more are a list
_LIST_GAP = 24  # characters between two names of a list, a title among them
_LONG_AGO = timedelta(days=7)  # behind a parade; who was there is known by then
_COMING = ("attend", "move", "visit", "arrive", "leave", "invite", "receive", "cancel", "decline", "accept", "postpone")


def drafts(
    document: Document, frame: Frame, topic: WatchTopic, events: Sequence[Event], parade: Parade
) -> Iterator[Draft]:
    """Claims about who attends that these events of one sentence make."""
    watched = watched_as(topic, parade)
    if watched is None:
        return
    seen: set[tuple[str, str]] = set()
    found: list[Draft] = []
    kinds = {event.action.kind for event in events}
    inviting = any(is_inviting(e) and e.others for e in events)
    asked = any(e.action.kind == "invite" and e.mood in (Mood.REAL, Mood.ONGOING) for e in events)
    for event in events:
        event = as_there(document, event, parade)
        told = event.action.form == "past" and document.language != "zh"
        if inviting and event.action.kind in ("attend", "move", "visit", "arrive") and not told:
            continue  # "has invited him to attend": he has not said yes
        if event.to is not None and any(_led_by_those_listed(document, event)):
            event = replace(event, to=None)  # "лидеры Сербии и Кубы": that is where they come from
        if _is_of_no_leader(document, event):  # "No leaders from X are expected": the place is where they lead
            event = replace(event, to=None, origin=None, mood=Mood.FUTURE, inherited=False)
        if event.action.kind == "leave" and event.origin is not None and event.origin.country == parade.country:
            continue  # who leaves the country is not on his way to its parade
        if (
            event.action.kind not in _COMING
            or not _about(document, event, parade)
            or _elsewhere(document, event, parade)
        ):
            continue
        event = _dated(document, event, parade)
        rule = next((r for r in frame.rules if fits(r, event) and (not r.also or r.also in kinds)), None)
        if rule is None:
            continue
        if rule.stage in frame.on_the_day and parade.day is not None and document.day - parade.day > _LONG_AGO:
            event = replace(event, history=True)  # what is told of it weeks later is background
        for subject, how in _who(document, topic, event, rule.stage, parade):
            if (subject, rule.stage) in seen or (subject == GUEST_LIST and asked and rule.stage == "announced"):
                continue
            seen.add((subject, rule.stage))
            person = document.gazetteer.people.get(subject)
            found.append(
                Draft(
                    topic=topic,
                    stage=rule.stage,
                    subject=subject,
                    object=watched,
                    event=event,
                    parties=frozenset({parade.country, person.country if person else parade.country}),
                    bound_by=f"{how}; the parade by {parade.how}",
                    day=parade.day,
                    weak=event.sentence.position is Position.BODY and event.inherited and subject != GUEST_LIST,
                )
            )
    refusing = {draft.subject for draft in found if draft.stage in frame.flips and not draft.event.history}
    there = {draft.subject for draft in found if draft.stage in frame.on_the_day}
    for draft in found:
        to_come = draft.stage not in (*frame.on_the_day, *frame.flips) and draft.subject in there
        if not to_come and (draft.stage in frame.flips or draft.subject not in refusing):
            yield draft  # "took his seat to watch the parade" announces nothing


def _about(document: Document, event: Event, parade: Parade) -> bool:
    """Whether the sentence speaks of the parade, or of coming to its city in a text whose title or lead is about it."""
    text = lower(event.sentence.text)
    if _is_of_something_else(document, event, text):
        return False
    if document.lexicon.parade.search(text):
        return True
    if event.action.kind in ("attend", "decline", "cancel") and document.lexicon.parade.search(_head(document)):
        other = event.to
        return other is None or other.country == parade.country
    return False


def _is_of_something_else(document: Document, event: Event, text: str) -> bool:
    """Whether what is attended is another gathering: "will take part in the summit but not stay for the parade"."""
    clause, action = event.clause, event.action
    if action.kind == "attend" and document.lexicon.from_afar.search(text, clause.start, clause.end):
        return True  # "followed the parade on television"
    if action.kind != "attend" or _names_parade(document, text, clause.start, clause.end):
        return False
    start, end = (clause.start, action.start) if document.lexicon.order == "sov" else (action.end, clause.end)
    return document.lexicon.gathering.search(text, start, end) is not None


def _names_parade(document: Document, text: str, start: int, end: int) -> bool:
    """Whether a parade is named there, and not one instead of which something else is attended: 열병식 대신 회의에."""
    parades = document.lexicon.parade.finditer(text, start, end)
    return any(document.lexicon.instead.match(text, found.end()) is None for found in parades)


def _elsewhere(document: Document, event: Event, parade: Parade) -> bool:
    """Whether the clause names another city or country than the parade's."""
    to = event.to
    if parade.city == UNKNOWN:
        return False
    if to is None:
        return event.action.kind == "attend" and is_elsewhere(document, event, parade)
    return to.country != parade.country or (to.place_kind == "city" and to.id != parade.city)


def _head(document: Document) -> str:
    return " ".join(lower(s.text) for s in document.sentences if s.position is not Position.BODY)


def _dated(document: Document, event: Event, parade: Parade) -> Event:
    """Before its day nobody has attended a parade; after it nobody will."""
    if parade.day is None or event.negated:
        return event
    ahead = document.day < parade.day and event.action.kind in ("attend", "move", "visit")
    if ahead and event.mood in (Mood.REAL, Mood.ONGOING):
        if event.action.form == "past" and (parade.day - document.day).days > _SOON:
            return replace(event, history=True)  # "attended": the parade of another year
        return replace(event, mood=Mood.FUTURE)
    if event.mood is Mood.FUTURE and document.day > parade.day:
        return replace(event, history=True)
    return event


def _who(document: Document, topic: WatchTopic, event: Event, stage: str, parade: Parade) -> Iterator[tuple[str, str]]:
    known = document.gazetteer.people
    people = [*event.subjects, *(_companions(document, event, parade) if event.action.kind == "attend" else ())]
    if event.action.kind == "invite":
        people = list(event.others) or list(event.subjects)
    elif event.action.kind == "receive":
        people = list(event.others)
    elif stage == "declined" and (missing := list(_stood_for(document, event))):
        people = missing
    elif _is_of_no_leader(document, event):
        people = list(_leaders_of_none(document, event))
    elif event.action.kind in ("cancel", "postpone") and not people:
        people = list(event.others)  # "the palace has called off X's appearance"
    for mention in people:
        if (
            mention.id in known
            and known[mention.id].leads(document.day)
            and (not topic.subjects or mention.id in topic.subjects)
            and not (mention.country == parade.country and _goes_without_saying(topic, stage, mention, people))
        ):
            yield mention.id, f"subject by {mention.bound_by or 'its name'}"
    by_country = list(_led_by_those_listed(document, event))
    if stage == "attended" and len(by_country) <= _FEW:
        yield from ((who, "his country") for who in by_country if not topic.subjects or who in topic.subjects)
    text = lower(event.sentence.text)
    if topic.subjects and GUEST_LIST not in topic.subjects:
        return
    lexicon = document.lexicon
    listed = len(by_country) > _FEW or lexicon.guest_list.search(text) is not None
    listed = listed or (stage == "attended" and lexicon.other_leaders.search(text) is not None)
    if stage in ("invited", "announced", "attended") and listed:
        yield GUEST_LIST, "a list of leaders"


def _led_by_those_listed(document: Document, event: Event) -> Iterator[str]:
    """The leaders of countries that a clause lists: "the presidents of Serbia, Cuba and Vietnam watched"."""
    lexicon, sentence, text = document.lexicon, event.sentence, lower(event.sentence.text)
    if lexicon.order != "svo" or document.language == "zh":
        return
    for found in lexicon.summit.finditer(text, event.clause.start, event.clause.end):
        if lexicon.gathering.search(found.group()):
            continue
        end, countries = found.end(), list[str]()
        for mention in sentence.mentions:
            start = mention.start - sentence.start
            if start < end or mention.place_kind != "country":
                continue
            if not _LISTED.fullmatch(text, end, start):
                break
            countries.append(mention.country)
            end = mention.end - sentence.start
        for country in countries if len(countries) > 1 else ():
            yield from (who.id for who in document.gazetteer.holders(country, "leader", document.day)[:1])


def _is_of_no_leader(document: Document, event: Event) -> bool:
    action, text = event.action, lower(event.sentence.text)
    return document.lexicon.no_leader_of.fullmatch(text, action.start, action.end) is not None


def _leaders_of_none(document: Document, event: Event) -> Iterator[Mention]:
    """Who stays away where no leader of his country comes: "No leaders from X or Y are expected"."""
    sentence, end = event.sentence, event.action.end
    for mention in sentence.mentions:
        start = mention.start - sentence.start
        if start < event.action.end or mention.place_kind != "country":
            continue
        if _AND_OF.fullmatch(lower(sentence.text), end, start) is None:
            return  # "…, apart from Slovakia's"
        end = mention.end - sentence.start
        leader = next(iter(document.gazetteer.holders(mention.country, "leader", document.day)), None)
        if leader is not None:
            yield replace(mention, kind=Kind.PERSON, id=leader.id, bound_by="the leader of the country")


def _stood_for(document: Document, event: Event) -> Iterator[Mention]:
    """Who is not there himself: "X will stand in for Y", "in place of Y"."""
    text, base, clause = lower(event.sentence.text), event.sentence.start, event.clause
    for mention in event.sentence.mentions:
        start = mention.start - base
        before = text[max(clause.start, start - _BEFORE) : start]
        inside = mention.kind is Kind.PERSON and clause.start <= start < clause.end
        if inside and document.lexicon.stands_for.search(before):
            yield mention


def _goes_without_saying(topic: WatchTopic, stage: str, host: Mention, people: Sequence[Mention]) -> bool:
    """The host comes to his own parade: that he will is news when it is told of him alone, or he is watched by name."""
    if host.id in topic.subjects or stage not in ("possible", "invited", "announced"):
        return False
    return stage == "invited" or any(m.id != host.id for m in people)


def _companions(document: Document, event: Event, parade: Parade) -> Iterator[Mention]:
    """Leaders named behind the verb, or before it with another particle: beside whom, among whom, including whom."""
    sentence = event.sentence
    if document.lexicon.order == "sov":
        yield from (m for m in event.others if m.country != parade.country)
        return
    listed = max(_end_of_list(document, event), _end_of_whom_a_place_opens(document, event))
    for mention in sentence.mentions:
        if mention.kind is not Kind.PERSON or mention in event.subjects:
            continue
        position = mention.start - sentence.start
        if not event.action.end <= position < max(event.clause.end, listed) or _hosting(document, sentence, position):
            continue
        if mention.country == parade.country:
            continue  # the host is there anyhow; who comes is the news
        if document.language == "zh" and chinese.is_missed(sentence.text, event.action.end, position):
            continue  # 城楼上没有莫迪
        between = [a for a in document.lexicon.actions(lower(sentence.text)) if event.action.end <= a.start < position]
        if not any(a.form != "noun" for a in between):
            yield mention


def _end_of_whom_a_place_opens(document: Document, event: Event) -> int:
    """Where the clause ends behind a Chinese one that only says where: 城楼上，普京向部队挥手; 0 without one."""
    text, sentence = lower(event.sentence.text), event.sentence
    if document.language != "zh" or not chinese.says_where(text, event.action.end):
        return 0
    if any(m.kind is Kind.PERSON and m.end - sentence.start <= event.action.start for m in sentence.mentions):
        return 0
    following = next((c for c in clauses_of(document, sentence) if c.start == event.clause.end), None)
    return 0 if following is None or chinese.is_missed(text, following.start, following.end) else following.end


def _end_of_list(document: Document, event: Event) -> int:
    """Where a list ends that tells who they are: "26 leaders will attend, among them A, B and C"; 0 without one."""
    text = lower(event.sentence.text)
    opened = document.lexicon.listing.search(text, event.action.end) or _COLON.search(text, event.action.end)
    if opened is None or any(
        a.form != "noun" for a in document.lexicon.actions(text) if event.action.end <= a.start < opened.start()
    ):
        return 0
    end = opened.end()
    for mention in event.sentence.mentions:
        start = mention.start - event.sentence.start
        if start < opened.end():
            continue
        if start - end > _LIST_GAP:
            break
        end = mention.end - event.sentence.start
    return end


def _hosting(document: Document, sentence: Sentence, position: int) -> bool:
    before = sentence.text[max(0, position - 40) : position].lower()
    stands_for = document.lexicon.stands_for.search(before)  # "en representación de X"
    match = next(reversed(list(document.lexicon.inviter.finditer(before))), None)
    if stands_for or (match is not None and len(before) - match.end() <= 12):
        return True
    after = sentence.text[position:].lower()
    return bool(document.lexicon.parade.search(after[:40])) and "'s" in after[:30]
