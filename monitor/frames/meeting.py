"""Talks between two people: both must be there, and nobody else beside them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from monitor.frames.document import Document, Sentence
from monitor.frames.doers import agents
from monitor.frames.frame import Frame
from monitor.frames.mood import Mood
from monitor.frames.outcomes import between, is_headed, is_sure, is_written, opening, recalls
from monitor.frames.reading import Event
from monitor.frames.shapes import DEEP, EPISODE, Draft, fits
from monitor.language.cast import Tie
from monitor.language.folding import lower
from monitor.language.gazetteer import Kind
from monitor.language.mentions import Mention
from monitor.types import Position, WatchTopic

_TALK = ("meet", "phone", "receive", "unite")
_GOING = ("visit", "move", "arrive")
_PRESENT = ("present", "base", "ing")
_BESIDE = 24  # characters between "begin" and the talks that begin
_COUNTRIES_JOINED = re.compile(
    r"\s?[-–—/·]\s?|, |,? (?:and|und|sowie|et|y|и) (?:(?:the|of|von|der|des|de|la|el|du|de la|de l'|del) ?)?"
)


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
    direct = [event for event in events if _is_theirs(document, event, pair)]
    bond = _together(document, sentence, pair, before)
    if bond is None:
        events, bond = direct, _Bond(inferred=any(event.inherited for event in direct))
    told = [event for event in events if event.mood is not Mood.VOID and not event.history]
    kinds = {
        e.action.kind
        for e in told
        if not (
            _is_turned_down(e)
            or _is_of_a_stay(e, told)
            or _of_other_talks(document, e, told, pair)
            or _is_yet_to_begin(document, e, told)
        )
    }
    seen: set[tuple[str, str]] = set()
    for event in events:
        draft = _draft(document, frame, topic, event, events, kinds, bond)
        if draft is not None and going_on and draft.stage == "held" and "finish" not in kinds:
            continue
        if draft is not None and (draft.stage, draft.detail) not in seen:
            seen.add((draft.stage, draft.detail))
            yield draft


def _is_of_a_stay(event: Event, events: Sequence[Event]) -> bool:
    """ "Has just ended his visit to X": what is over is no meeting."""
    stays = (e.action for e in events if e.action.kind == "leave")
    return event.action.kind == "finish" and any(s.start <= event.action.start < s.end for s in stays)


def _is_turned_down(event: Event) -> bool:
    """ "Not called off but put off", "have not begun"."""
    return event.mood is Mood.DENIED and event.action.kind in ("cancel", "postpone", "begin", "finish")


def _is_yet_to_begin(document: Document, event: Event, events: Sequence[Event]) -> bool:
    """Whether something else is only going to be opened: "agreed to open the border", not "went in to begin talks"."""
    if event.action.kind != "begin" or event.mood in (Mood.REAL, Mood.ONGOING) or document.lexicon.order != "svo":
        return False
    return not any(e.action.kind in _TALK and 0 <= e.action.start - event.action.end <= _BESIDE for e in events)


def _of_other_talks(document: Document, event: Event, events: Sequence[Event], pair: Sequence[str]) -> bool:
    """Whether what is turned back is a meeting of officials: "the ministers' talks fell through, but X and Y …"."""
    if event.action.kind not in ("cancel", "postpone"):
        return False
    text, sentence, clause = lower(event.sentence.text), event.sentence, event.clause
    if not document.lexicon.officials.search(text[clause.start : clause.end]):
        return False
    starts = [m.start - sentence.start for m in sentence.mentions if m.id in pair]
    if not starts or any(clause.start <= start < clause.end for start in starts):
        return False
    between = text[event.action.end : max(starts)]
    parted = ";" in between or document.lexicon.but.search(between) is not None
    return parted and any(e.action.kind in _TALK and e.clause != clause for e in events)


def _is_theirs(document: Document, event: Event, pair: Sequence[str]) -> bool:
    """Whether the verb itself has the two for subject and object and no third leader beside them."""
    if event.action.kind not in _TALK or event.action.form in ("noun", "state"):
        return False
    known = document.gazetteer.people
    if event.action.kind == "unite":
        return {m.id for m in event.others if m.id in known} == set(pair)
    partners = event.others[:1] if len(event.subjects) == 1 else ()
    return {m.id for m in (*event.subjects, *partners)} == set(pair) and not any(
        m.id in known and known[m.id].leads(document.day) and _listed_with(document, event.sentence, partners, m)
        for m in event.others[1:]
    )


def _listed_with(document: Document, sentence: Sentence, partners: Sequence[Mention], other: Mention) -> bool:
    if not partners:
        return True
    gap = sentence.text[partners[-1].end - sentence.start : other.start - sentence.start]
    return document.lexicon.connectors.listed.fullmatch(gap.lower()) is not None


def ongoing(document: Document, events: Sequence[Event]) -> bool:
    """Whether title or lead tells of talks in the present tense, and nothing says that they are over."""
    events = [e for e in events if e.mood in (Mood.REAL, Mood.ONGOING)]
    head = [e for e in events if e.sentence.position is not Position.BODY]
    calls = [e.sentence for e in head if e.action.kind == "phone"]  # 電話会談: a call is told of when it is over
    present = any(e.action.kind == "meet" and e.action.form in _PRESENT and e.sentence not in calls for e in head)
    begun = any(e.action.kind == "begin" for e in head)
    return (present or begun) and not over(document, events)


def over(document: Document, events: Sequence[Event]) -> bool:
    """Whether the talks are over: these events say so, or tell them as of a day before; 会談した has ended as well."""
    ended = document.lexicon.order == "sov"
    return any(
        e.action.kind == "finish"
        or (e.action.kind == "meet" and e.action.form == "past" and (ended or (e.day or document.day) < document.day))
        for e in events
        if (e.sentence.position is not Position.BODY or _is_of_the_talks(document, e))
        and e.mood is Mood.REAL
        and not e.history
    )


def _is_of_the_talks(document: Document, event: Event) -> bool:
    """Whether it is told of "the talks", further down."""
    told = document.lexicon.the_pair.search(lower(event.sentence.text)) is not None
    return told and event.action.kind == "finish" and event.sentence.depth <= DEEP


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bond:
    """How a sentence is about the two."""

    inferred: bool = False  # from the sentences before
    countries: bool = False  # it names their countries: "the presidents of Russia and China"


def _together(document: Document, sentence: Sentence, pair: Sequence[str], before: Sequence[Sentence]) -> _Bond | None:
    """How the sentence is about the two, and about nobody else; None if it is not."""
    here = _people(document, sentence)
    if set(pair) <= here:
        return None if is_crowd(document, sentence, pair) else _Bond()
    if named_by_country(document, sentence, pair):
        return _Bond(countries=True)
    if here - set(pair) and not _is_told_by(document, sentence, here - set(pair)):
        return None
    here &= set(pair)
    if not here and sentence.position is Position.TITLE:
        return None
    recent: set[str] = set()
    for near in opening(document) if sentence.position is Position.TITLE else before[-2:]:
        recent |= _people(document, near)
    if is_headed(document, pair):
        recent -= {who for who in recent if not _leads_any(document, who)}  # who sat beside them is in no one's way
    both = set(pair) <= (recent | here) and not (recent - set(pair))
    text = lower(sentence.text)
    pointed = here or document.lexicon.the_pair.search(text)
    if not pointed and sentence.tie is not Tie.LOOSE:  # "a minister denied that she …" speaks of neither
        pointed = document.lexicon.pronouns.search(text)
    return _Bond(inferred=True) if both and pointed else None


def _is_told_by(document: Document, sentence: Sentence, others: set[str]) -> bool:
    """Whether beside the two the sentence names only one who leads no country and tells of them: an aide."""
    if len(others) > 1 or _leads_any(document, next(iter(others))):
        return False
    text = lower(sentence.text)
    return document.lexicon.the_pair.search(text) is not None and document.lexicon.speech.search(text) is not None


def named_by_country(document: Document, sentence: Sentence, pair: Sequence[str]) -> bool:
    """ "the US-Russia summit", 북·러 정상회담, "the presidents of Russia and China": whoever leads the countries."""
    people = document.gazetteer.people
    if any(not _leads_alone(document, who) for who in pair):
        return False
    wanted = {people[who].country for who in pair}
    return any(countries == wanted for countries in _summits(document, sentence))


def _leads_any(document: Document, who: str) -> bool:
    person = document.gazetteer.people.get(who)
    return person is not None and person.leads(document.day)


def _leads_alone(document: Document, who: str) -> bool:
    person = document.gazetteer.people.get(who)
    if person is None:
        return False
    leaders = document.gazetteer.holders(person.country, "leader", document.day)
    return bool(leaders) and leaders[0].id == who


def _summits(document: Document, sentence: Sentence) -> Iterator[set[str]]:
    text, lexicon = lower(sentence.text), document.lexicon
    for match in lexicon.summit.finditer(text):
        found = lexicon.country_pair.search(text[max(0, match.start() - 8) : match.start()])
        if found:
            yield {lexicon.abbreviations[found.group("one")], lexicon.abbreviations[found.group("two")]}
        near = [m for m in sentence.mentions if m.kind in (Kind.PLACE, Kind.ADJECTIVE)]
        for left, right in itertools.pairwise(near):
            gap = text[left.end - sentence.start : right.start - sentence.start]
            beside = (
                abs(match.start() - (right.end - sentence.start)) <= 2
                or 0 <= left.start - sentence.start - match.end() <= 12
            )
            if beside and _COUNTRIES_JOINED.fullmatch(gap):
                yield {left.country, right.country}


def _people(document: Document, sentence: Sentence) -> set[str]:
    """Who is named, but for those who are named for somebody of theirs: "Trump's envoy"."""
    return {m.id for m in agents(document, sentence) if m.id and not m.id.startswith("other:")}


def is_crowd(document: Document, sentence: Sentence, pair: Sequence[str]) -> bool:
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
    bond: _Bond,
) -> Draft | None:
    pair = topic.pair
    if event.action.kind == "meet" and "phone" in kinds:  # "had a telephone conversation"
        event = replace(event, action=replace(event.action, kind="phone"))
    if bond.inferred and _is_with_another(event, pair):
        return None  # "the prime minister will meet Merkel": not the president, whom the text named before
    named = not bond.inferred and not bond.countries
    others_meet = event.action.kind in ("meet", "phone") and any(m.id not in pair for m in event.subjects)
    if document.lexicon.order == "sov" and others_meet:
        return None  # ラブロフ外相は…金正恩氏と会談し、プーチン氏の招待を伝えた
    if named and document.lexicon.order == "svo" and not _both_take_part(document, event, pair):
        return None
    if event.action.kind in ("receive", "unite") and not _is_theirs(document, event, pair):
        return None  # whoever is welcomed need not be spoken with
    for rule in frame.rules:
        if not fits(rule, event) or (rule.also and rule.also not in kinds):
            continue
        named = event.action.kind in _TALK and event.action.form == "noun"
        if named and (not _bound(event, events, rule.stage) or _is_of_a_body(document, event, pair)):
            continue
        if rule.stage == "outcome" and (not between(document, event, pair, kinds) or is_written(document, event)):
            continue
        if rule.stage != "outcome" and recalls(document, event):
            event = replace(event, history=True)
        place = _place(document, event, events)
        return Draft(
            topic=topic,
            stage=rule.stage,
            subject="+".join(pair),
            object=_object(rule.stage, kinds, place),
            event=event,
            parties=_parties(document, pair, place),
            bound_by="both named" + (" before" if bond.inferred else " in the sentence"),
            detail=rule.detail,
            weak=bond.inferred and not is_sure(document, event, pair, rule.stage),
            place=place,
        )
    return None


def _is_of_a_body(document: Document, event: Event, pair: Sequence[str]) -> bool:
    """ "Agreed on a commission whose first meeting …": what meets there was named before, and is not the two."""
    before = lower(event.sentence.text)[: event.action.start]
    return document.lexicon.whose.search(before) is not None and not any(m.id in pair for m in event.sentence.mentions)


def _is_with_another(event: Event, pair: Sequence[str]) -> bool:
    """Whether a verb of meeting has somebody else for subject or object."""
    if event.action.kind not in _TALK or event.action.form in ("noun", "state"):
        return False
    named = {m.id for m in (*event.subjects, *event.others)}
    return len(named & set(pair)) == 1 and (event.stranger or not named <= set(pair))


def _parties(document: Document, pair: Sequence[str], place: Mention | None) -> frozenset[str]:
    """The countries that decide about the meeting: those of the two, and the one that has them as guests."""
    people = document.gazetteer.people
    host = {place.country} if place is not None else set()
    return frozenset({people[who].country for who in pair if who in people} | host)


def _both_take_part(document: Document, event: Event, pair: Sequence[str]) -> bool:
    """Whether a verb of meeting has the two for subject and object, and not one of them with somebody else."""
    if event.action.kind not in _TALK or event.action.form not in ("past", "present", "base"):
        return True
    if event.action.kind == "unite":
        return True  # who has them meet is a third
    if event.stranger:
        return False  # "agreed that their envoys should meet"
    if any(m.id not in pair and m.id in document.gazetteer.people for m in event.subjects):
        return False  # "Xi hosts Putin and Kim"
    taking_part = {m.id for m in (*event.subjects, *_partners(document, event))}
    return not taking_part or set(pair) <= taking_part


def _partners(document: Document, event: Event) -> Iterator[Mention]:
    """The first leader behind the verb and those listed with him: "met X, then turned on Y" is no meeting with Y."""
    leaders = [m for m in event.others if m.id in document.gazetteer.people]
    for n, mention in enumerate(leaders):
        if n and not _listed_with(document, event.sentence, leaders[n - 1 : n], mention):
            return
        yield mention


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


def _place(document: Document, event: Event, events: Sequence[Event]) -> Mention | None:
    """Where they meet, or whose guest one of them is; else the ledger knows of the meeting, or of the trip."""
    hosted = event.action.kind == "receive" and len(event.subjects) == 1  # "X will receive Y": in the country of X
    if hosted and (event.to is None or event.to.country in {m.country for m in event.others}):
        return event.subjects[0]
    if event.to is not None:
        return event.to
    ahead = event.mood in (Mood.FUTURE, Mood.POSSIBLE)
    for other in events:  # "agreed on a panel that will meet in Berlin": it meets there, they do not
        now = ahead or other.mood not in (Mood.FUTURE, Mood.POSSIBLE)
        if now and other.to is not None and other.action.kind in (*_TALK, "begin", "finish"):
            return other.to
    for going in reversed(events):  # "will visit China after a meeting": where he goes later is not where they met
        now = ahead or going.mood not in (Mood.FUTURE, Mood.POSSIBLE)
        if now and going.action.kind in _GOING and going.to and going.action.start < event.action.start:
            return going.to  # "visits Moscow for talks with"
    hosting = next((e for e in events if e.action.kind == "receive" and len(e.subjects) == 1), None)
    return hosting.subjects[0] if hosting is not None else None  # "Macron will receive Putin": in his country
