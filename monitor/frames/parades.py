"""Parades that a text is about: the place and the day of each, and whether a topic watches it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from monitor.frames.document import Document, Sentence, near
from monitor.language import dates, gazetteer
from monitor.language.cast import Tie
from monitor.language.folding import lower
from monitor.language.gazetteer import Kind
from monitor.language.mentions import Mention
from monitor.types import Position, WatchTopic

SAME_PARADE_DAYS = 12  # two parades in one city lie further apart than texts err about the day of one
UNKNOWN = "?"  # a city or a day that the text does not tell
_NEAR, _FAR = 120, 400  # days: how far off a parade can be of which a text names the day, without the year and with it
_HALF_A_YEAR = 183  # days: so far off a parade of every year is known by its name
_DAYS_AROUND = 21  # so near to its day a parade needs no place to be known by its name
_IDENTITY = re.compile(r"[a-z-]+-\d{4}-\d\d-\d\d")


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
        return f"{self.city}-{self.day.isoformat() if self.day else UNKNOWN}"


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
        day = parade.near(document.day) or _next(document, parade)
        if day is not None:
            yield Watched(parade.city, day)


def _next(document: Document, parade: gazetteer.Parade) -> date | None:
    """The day of a yearly parade that the text names some months before it; of one that is past nobody speaks so."""
    day = parade.near(document.day, _HALF_A_YEAR) if parade.yearly else None
    if day is None or day < document.day:
        return None
    return day if _is_named(document, parade) else None


def _is_named(document: Document, parade: gazetteer.Parade) -> bool:
    text = lower(document.folded)
    return any(name.lower() in text for name in parade.names.get(document.language, ()))


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
        city = _city(document, place) or UNKNOWN
        day, how = _day(document, naming, city, calendar)
        return Parade(city, place.country, day, how)
    day, how = _day(document, naming, UNKNOWN, calendar)
    return Parade(UNKNOWN, "", day, how)  # the ledger may know of the only one that is meant


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
    squares = {m.country for m in head if m.place_kind == "site"}  # "Red Square"
    filed = {m.id for m in document.datelines}
    told_of = {m.country for m in head}
    days = {d.day for s in naming for d in dates.find(s.text, language=document.language, day=document.day)}
    tests: tuple[Callable[[Watched], bool], ...] = (
        lambda known: known.city in cities,
        lambda known: _country_of(document, known.city) in squares and near(known.day, document.day, _DAYS_AROUND),
        lambda known: _country_of(document, known.city) in countries,
        lambda known: known.day in days and _country_of(document, known.city) in told_of,
        lambda known: known.city in filed,
    )
    for fits_place in tests:
        for known in filter(fits_place, calendar):
            day, how = _day(document, naming, known.city, calendar)
            if day is not None and near(day, known.day, 3) and how != "a weekday in the text":
                return known
    return _by_name(document, filed | countries | cities)


def _by_name(document: Document, places: Collection[str]) -> Watched | None:
    """The parade that the text calls by its name near its day, where it names no place in another country."""
    countries = {_country_of(document, place) or place for place in places}
    known = ((p, p.near(document.day, _DAYS_AROUND)) for p in document.gazetteer.parades if _is_named(document, p))
    found = [Watched(p.city, d) for p, d in known if d is not None and countries <= {_country_of(document, p.city)}]
    return found[0] if len({w.city for w in found}) == 1 else None


def _owns(document: Document, mention: Mention) -> bool:
    """ "Serbia's president": the country owns something and is no place."""
    return document.folded[mention.end : mention.end + 2] in ("'s", "’s")


def _names_parade(document: Document, sentence: Sentence) -> bool:
    return document.lexicon.parade.search(lower(sentence.text)) is not None


def _of_the_story(document: Document, naming: Sequence[Sentence]) -> Sequence[Sentence]:
    """Those of the title's story among them, else what stands by itself and is no carnival's, else all."""
    own = [s for s in naming if s.tie is Tie.OWN]
    loose = [s for s in naming if s.tie is Tie.LOOSE]
    plain = [s for s in (*own, *loose) if not document.lexicon.civil.search(lower(s.text))]
    return plain or own or loose or naming


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
            days_known = known.day in days or near(known.day, document.day, 1)
            if known.city in places or (days_known and country in places):
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


def watched_as(topic: WatchTopic, parade: Parade) -> str | None:
    """The parade's identity, or None when the topic watches others. Texts err by days about a parade's date."""
    if not topic.objects or parade.city == UNKNOWN:
        return parade.object
    for identity in topic.objects:
        city, day = identity[:-11], date.fromisoformat(identity[-10:])
        if city == parade.city and (parade.day is None or near(day, parade.day, SAME_PARADE_DAYS)):
            return identity
    return None
