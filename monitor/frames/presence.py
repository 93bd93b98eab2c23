"""Parades: which one, and who of the leaders is, will be, may be or will not be there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from monitor.frames.document import Document, Sentence, near
from monitor.frames.frame import Frame
from monitor.frames.mood import Mood
from monitor.frames.reading import Event
from monitor.frames.shapes import Draft, fits
from monitor.language import dates
from monitor.language.cast import Tie
from monitor.language.folding import lower
from monitor.language.gazetteer import Kind
from monitor.language.mentions import Mention
from monitor.types import Position, WatchTopic

GUEST_LIST = "guest-list"
SAME_PARADE_DAYS = 12  # two parades in one city lie further apart than texts err about the day of one
_NEAR, _FAR = 120, 400  # days: how far off a parade can be of which a text names the day, without the year and with it
_UNKNOWN = "?"
_IDENTITY = re.compile(r"[a-z-]+-\d{4}-\d\d-\d\d")
_LIST_GAP = 24  # characters between two names of a list, a title among them
_COMING = ("attend", "move", "visit", "arrive", "leave", "invite", "cancel", "decline", "accept", "postpone")


@dataclass(frozen=True, slots=True)
class Parade:
    """A parade that the text is about."""

    city: str
    country: str
    day: date | None
    how: str  # how its day was found

    @property
    def object(self) -> str:
        """City and date, as the topic's objects are written."""
        return f"{self.city}-{self.day.isoformat() if self.day else _UNKNOWN}"


@dataclass(frozen=True, slots=True)
class Watched:
    """A parade that is known beforehand."""

    city: str
    day: date


def watched_parades(topics: Sequence[WatchTopic]) -> tuple[Watched, ...]:
    """The parades that topics name: their cities and days are known beforehand."""
    objects = [o for t in topics for o in t.objects if _IDENTITY.fullmatch(o)]
    return tuple(Watched(o[:-11], date.fromisoformat(o[-10:])) for o in dict.fromkeys(objects))


def _calendar(document: Document, watched: Sequence[Watched]) -> Iterator[Watched]:
    """The parades known beforehand that are nearest to the day of the text, by city."""
    yield from (w for w in watched if near(w.day, document.day, _NEAR))
    for parade in document.gazetteer.parades:
        day = parade.near(document.day)
        if day is not None:
            yield Watched(parade.city, day)


def parade_of(document: Document, watched: Sequence[Watched] = ()) -> Parade | None:
    """The parade that the text is about, from the first sentence that names one with a place."""
    calendar = tuple(sorted(_calendar(document, watched), key=lambda known: abs(known.day - document.day)))
    naming = _of_the_story(document, [s for s in document.sentences if not s.caption and _names_parade(document, s)])
    if not naming or _is_civil(document, naming, calendar):
        return None
    places = [place for s in naming if (place := _place(document, s)) is not None]
    place = next((p for p in places if _city(document, p) is not None), None)
    if place is None or place.place_kind == "country" or not _right_beside(document, naming, place):
        known = _known(document, naming, calendar)
        if known is not None:
            return Parade(known.city, _country_of(document, known.city), known.day, "the calendar of parades")
    if place is not None:
        city = _city(document, place) or _UNKNOWN
        day, how = _day(document, naming, city, calendar)
        return Parade(city, place.country, day, how)
    day, how = _day(document, naming, _UNKNOWN, calendar)
    return Parade(_UNKNOWN, "", day, how)  # the ledger may know of the only one that is meant


def _right_beside(document: Document, naming: Sequence[Sentence], place: Mention) -> bool:
    for sentence in naming:
        found = document.lexicon.parade.search(lower(sentence.text))
        if found is not None and sentence.start <= place.start < sentence.end:
            return _beside(place, sentence.start + found.start())
    return False


def _known(document: Document, naming: Sequence[Sentence], calendar: Sequence[Watched]) -> Watched | None:
    """The parade of the calendar whose city title or lead name, or whose country stands beside the word for it.

    The place of filing counts last. None when the text gives another day.
    """
    head = [m for s in document.sentences if s.position is not Position.BODY for m in s.mentions]
    cities = {m.id for m in head if m.kind is Kind.PLACE and m not in document.datelines}
    countries = {m.id for s in naming for m in s.mentions if m.kind is Kind.PLACE and not _owns(document, m)}
    filed = {m.id for m in document.datelines}
    told_of = {m.country for m in head}
    days = {d.day for s in naming for d in dates.find(s.text, language=document.language, day=document.day)}
    tests: tuple[Callable[[Watched], bool], ...] = (
        lambda known: known.city in cities,
        lambda known: _country_of(document, known.city) in countries,
        lambda known: known.day in days and _country_of(document, known.city) in told_of,
        lambda known: known.city in filed,
    )
    for fits_place in tests:
        for known in filter(fits_place, calendar):
            day, how = _day(document, naming, known.city, calendar)
            if day is not None and near(day, known.day, 3) and how != "a weekday in the text":
                return known
    return None


def _owns(document: Document, mention: Mention) -> bool:
    """ "Serbia's president": the country owns something and is no place."""
    return document.folded[mention.end : mention.end + 2] in ("'s", "’s")


def _names_parade(document: Document, sentence: Sentence) -> bool:
    return document.lexicon.parade.search(lower(sentence.text)) is not None


def _of_the_story(document: Document, naming: Sequence[Sentence]) -> Sequence[Sentence]:
    """Those of the title's story among them, else what stands by itself and is no carnival's, else all."""
    own = [s for s in naming if s.tie is Tie.OWN]
    loose = [s for s in naming if s.tie is Tie.LOOSE]
    plain = [s for s in loose if not document.lexicon.civil.search(lower(s.text))]
    return [*own, *plain] or loose or naming


def _is_civil(document: Document, naming: Sequence[Sentence], calendar: Sequence[Watched]) -> bool:
    """Carnivals and marches of pride are no military parades; what says neither needs soldiers or several leaders."""
    text = " ".join(lower(s.text) for s in document.sentences if s.tie is Tie.OWN or s in naming)
    near = " ".join(lower(s.text) for s in naming)
    if any(name.lower() in near for p in document.gazetteer.parades for name in p.names.get(document.language, ())):
        return False
    if document.lexicon.civil.search(near):
        return True
    if _in_calendar(document, naming, calendar):
        return False
    told = [m for s in document.sentences if s.tie is Tie.OWN for m in s.mentions]
    leaders = {m.id for m in told if m.kind is Kind.PERSON and m.id in document.gazetteer.people}
    return document.lexicon.military.search(text) is None and len(leaders) < 2


def _in_calendar(document: Document, naming: Sequence[Sentence], calendar: Sequence[Watched]) -> bool:
    """Whether a sentence that names it gives the day or the city of a parade that is known beforehand and near."""
    for sentence in naming:
        days = {found.day for found in dates.find(sentence.text, language=document.language, day=document.day)}
        places = {m.id for m in sentence.mentions} | {m.country for m in sentence.mentions}
        for known in calendar:
            country = _country_of(document, known.city)
            if known.city in places or (known.day in days and country in places):
                return True
    return False


def _place(document: Document, sentence: Sentence) -> Mention | None:
    """The place nearest to the word for the parade, one before it rather than one behind it."""
    found = document.lexicon.parade.search(lower(sentence.text))
    if found is None:
        return None
    at = sentence.start + found.start()
    places = [m for m in sentence.mentions if m.kind in (Kind.PLACE, Kind.ADJECTIVE) and m not in document.datelines]
    places = [m for m in places if _hosts(document, m) and (_beside(m, at) or m.place_kind in ("city", "site"))]
    if places:
        return min(places, key=lambda m: (not _beside(m, at), m.place_kind not in ("city", "site"), abs(m.start - at)))
    return None


def _beside(mention: Mention, at: int) -> bool:
    """ "China's military parade", "the parade in Beijing": close by, before the word rather than after it."""
    return -30 <= mention.end - at <= 0 or 0 < mention.start - at <= 22


def _hosts(document: Document, mention: Mention) -> bool:
    """Whether parades are held in that country at all, as far as we know; any capital may hold one."""
    return mention.country != "" and mention.place_kind not in ("border", "airport", "station")


def _city(document: Document, place: Mention) -> str | None:
    known = [p.city for p in document.gazetteer.parades if _country_of(document, p.city) == place.country]
    if place.place_kind == "city":
        return place.id if place.capital or place.id in known else (known[0] if known else None)
    capital = document.gazetteer.capital(place.country)
    return known[0] if known else capital


def _country_of(document: Document, city: str) -> str:
    place = document.gazetteer.places.get(city)
    return place.country if place is not None else ""


def _day(
    document: Document, naming: Sequence[Sentence], city: str, calendar: Sequence[Watched]
) -> tuple[date | None, str]:
    """An exact date beside the word for the parade; the calendar of known parades; a weekday beside the word."""
    exact = relative = None
    for sentence in naming:
        word = document.lexicon.parade.search(lower(sentence.text))
        near = dates.find(sentence.text, language=document.language, day=document.day)
        for found in sorted(near, key=lambda d: abs(d.start - (word.start() if word else 0))):
            if found.vague or abs((found.day - document.day).days) > (_FAR if found.full else _NEAR):
                continue
            if found.relative:
                relative = relative or found.day
            elif found.day != document.day:  # the day of writing stands in datelines
                exact = exact or found.day
    known = [parade.day for parade in calendar if parade.city == city]
    nearest = min(known, key=lambda d: abs((d - document.day).days), default=None)
    if nearest is not None and (exact is None or abs((exact - nearest).days) <= 3):
        return nearest, "the calendar of parades"
    if exact is not None:
        return exact, "a date in the text"
    if nearest is not None:
        return nearest, "the calendar of parades"
    return relative, "a weekday in the text" if relative else "no date"


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
    inviting = any(e.action.kind == "invite" and e.mood in (Mood.REAL, Mood.ONGOING) and e.others for e in events)
    for event in events:
        told = event.action.form == "past" and document.language != "zh"
        if inviting and event.action.kind in ("attend", "move", "visit", "arrive") and not told:
            continue  # "has invited him to attend": he has not said yes
        if event.action.kind not in _COMING or not _about(document, event, parade) or _elsewhere(event, parade):
            continue
        event = _dated(document, event, parade)
        rule = next((r for r in frame.rules if fits(r, event) and (not r.also or r.also in kinds)), None)
        if rule is None:
            continue
        for subject, how in _who(document, topic, event, rule.stage, parade):
            if (subject, rule.stage) in seen:
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
                    weak=event.sentence.position is Position.BODY and event.inherited,
                )
            )
    refusing = {draft.subject for draft in found if draft.stage in frame.flips}
    there = {draft.subject for draft in found if draft.stage in frame.on_the_day}
    for draft in found:
        to_come = draft.stage not in (*frame.on_the_day, *frame.flips) and draft.subject in there
        if not to_come and (draft.stage in frame.flips or draft.subject not in refusing):
            yield draft  # "took his seat to watch the parade" announces nothing


def watched_as(topic: WatchTopic, parade: Parade) -> str | None:
    """The parade's identity, or None when the topic watches others. Texts err by days about a parade's date."""
    if not topic.objects or parade.city == _UNKNOWN:
        return parade.object
    for identity in topic.objects:
        city, day = identity[:-11], date.fromisoformat(identity[-10:])
        if city == parade.city and (parade.day is None or near(day, parade.day, SAME_PARADE_DAYS)):
            return identity
    return None


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
    if action.kind != "attend" or document.lexicon.parade.search(text, clause.start, clause.end):
        return False
    start, end = (clause.start, action.start) if document.lexicon.order == "sov" else (action.end, clause.end)
    return document.lexicon.gathering.search(text, start, end) is not None


def _elsewhere(event: Event, parade: Parade) -> bool:
    """Whether the clause names another city or country than the parade's."""
    to = event.to
    if to is None or parade.city == _UNKNOWN:
        return False
    return to.country != parade.country or (to.place_kind == "city" and to.id != parade.city)


def _head(document: Document) -> str:
    return " ".join(lower(s.text) for s in document.sentences if s.position is not Position.BODY)


def _dated(document: Document, event: Event, parade: Parade) -> Event:
    """Before its day nobody has attended a parade; after it nobody will."""
    if parade.day is None or event.negated:
        return event
    if (
        event.mood in (Mood.REAL, Mood.ONGOING)
        and document.day < parade.day
        and event.action.kind in ("attend", "move", "visit")
    ):
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
    text = lower(event.sentence.text)
    if topic.subjects and GUEST_LIST not in topic.subjects:
        return
    if stage in ("invited", "announced", "attended") and document.lexicon.guest_list.search(text):
        yield GUEST_LIST, "a list of leaders"


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
    listed = _end_of_list(document, event)
    for mention in sentence.mentions:
        if mention.kind is not Kind.PERSON or mention in event.subjects:
            continue
        position = mention.start - sentence.start
        if not event.action.end <= position < max(event.clause.end, listed) or _hosting(document, sentence, position):
            continue
        if mention.country == parade.country:
            continue  # the host is there anyhow; who comes is the news
        between = [a for a in document.lexicon.actions(lower(sentence.text)) if event.action.end <= a.start < position]
        if not any(a.form != "noun" for a in between):
            yield mention


def _end_of_list(document: Document, event: Event) -> int:
    """Where a list ends that tells who they are: "26 leaders will attend, among them A, B and C"; 0 without one."""
    text = lower(event.sentence.text)
    opened = document.lexicon.listing.search(text, event.action.end)
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
