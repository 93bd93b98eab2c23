"""Who and what can be named: leaders with their terms, other people, countries, places, media, offices, parades.

All of it is data, in `monitor/language/data`; the files' headers say whence and as of when.  A `Gazetteer` is built
once and handed on; names are looked up with one Aho-Corasick automaton a language.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import lru_cache
from importlib import resources
from typing import Any

from monitor.language.data import collector_paused, read_yaml
from monitor.language.tables import past_leaders, towns


class Kind(StrEnum):
    """What a name can stand for."""

    PERSON = "person"
    COUNTRY = "country"
    ADJECTIVE = "adjective"  # "Russian": a country, but no place
    PLACE = "place"  # a city, site, station, border crossing
    OFFICE = "office"
    ORGAN = "organ"  # a medium, ministry or other body that speaks


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """An office held; the last day is included, None means open."""

    office: str
    country: str
    since: date | None = None
    until: date | None = None

    def covers(self, day: date) -> bool:
        """Whether `day` lies in the term."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


_SPACED = frozenset({"en", "de", "fr", "es"})
_NO_HEADS = frozenset({"head-of-parliament", "crown-prince", "international"})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Person:
    """A leader, or somebody who might be taken for one."""

    id: str
    country: str
    names: Mapping[str, tuple[str, ...]]
    short: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    family: str | None = None
    terms: tuple[Term, ...] = ()

    def leads(self, day: date) -> bool:
        """Whether he or she is head of state or of government on that day."""
        return any(term.covers(day) and term.office not in _NO_HEADS for term in self.terms)

    @property
    def label(self) -> str:
        """The usual English name."""
        return (self.names.get("en") or (self.id,))[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A city, site, station or border crossing, and the country that it is in."""

    id: str
    country: str
    kind: str
    capital: bool
    names: Mapping[str, tuple[str, ...]]
    ambiguous: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Organ:
    """A medium or body that speaks for itself or for its country."""

    id: str
    country: str | None
    state: bool  # speaks for its country
    standing: str  # "party", "official" or "media"
    names: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parade:
    """A military parade known beforehand."""

    city: str
    month: int
    day: int
    yearly: bool
    dates: tuple[date, ...]
    names: Mapping[str, tuple[str, ...]]

    def near(self, day: date, within: int = 60) -> date | None:
        """The parade's date that is nearest to `day`, if at most `within` days off."""
        candidates = list(self.dates)
        if self.yearly:
            candidates += [date(year, self.month, self.day) for year in (day.year - 1, day.year, day.year + 1)]
        best = min(candidates, key=lambda d: (abs((d - day).days), d), default=None)
        return best if best is not None and abs((best - day).days) <= within else None


@dataclass(frozen=True, slots=True)
class Name:
    """One name as it can stand in a text, and what it means."""

    kind: Kind
    target: str  # id of person, place, organ; ISO code of a country; office noun
    form: str  # "full", "short", "family", "name", "adjective"; "common", of an office noun that others bear too
    capital: bool  # must begin with a capital letter to count
    countries: tuple[str, ...] = ()  # an office noun that only these countries use
    acronym: bool = False  # counts only in capitals


@dataclass(frozen=True, slots=True, kw_only=True)
class Gazetteer:
    """Everything that can be named."""

    people: Mapping[str, Person]
    places: Mapping[str, Place]
    organs: Mapping[str, Organ]
    parades: tuple[Parade, ...]
    countries: Mapping[str, Mapping[str, Any]]
    offices: tuple[Mapping[str, Any], ...]

    def holders(self, country: str, office: str | None, day: date) -> tuple[Person, ...]:
        """Who held that office there on that day, the latest comer first; any leading office if `office` is None.

        "The leader" is whoever leads the country: its `leader` in `countries.yaml` says by which office.
        """
        found: list[tuple[int, date, Person]] = []
        wanted = self._offices_meant(country, office)
        for person in self._by_country.get(country, ()):
            for term in person.terms:
                if term.country != country or not term.covers(day):
                    continue
                if office is None or term.office in wanted:
                    rank = wanted.index(term.office) if term.office in wanted else len(wanted)
                    found.append((rank, term.since or date.min, person))
        found.sort(key=lambda f: (f[0], -f[1].toordinal(), f[2].id))
        return tuple(dict.fromkeys(person for _, _, person in found))

    def ever_held(self, country: str, office: str) -> frozenset[str]:
        """Ids of all whom `holders` could name, on whatever day."""
        wanted = self._offices_meant(country, office)
        terms = ((person.id, term) for person in self._by_country.get(country, ()) for term in person.terms)
        return frozenset(who for who, term in terms if term.country == country and term.office in wanted)

    def _offices_meant(self, country: str, office: str | None) -> tuple[str, ...]:
        if office == "leader":
            own = tuple(str(o) for o in (self.countries.get(country, {}).get("leader") or ()))
            return own or ("leader", "supreme-leader", "president", "general-secretary", "chairman", "prime-minister")
        return (office, *sorted(_same(office) - {office})) if office else ()

    @property
    def _by_country(self) -> Mapping[str, tuple[Person, ...]]:
        return _group(self)

    def capital(self, country: str) -> str | None:
        """Id of the country's capital."""
        return _capitals(self).get(country)

    def organ_named(self, name: str) -> Organ | None:
        """The medium or body of that name in any language."""
        return _organ_names(self).get(name.casefold())

    def known_as(self, name: str) -> str:
        """The id of the medium or body of that name; "" when it is not known."""
        organ = self.organ_named(name)
        return "" if organ is None else organ.id

    def with_additions(self, people: Iterable[Person] = (), parades: Iterable[Parade] = ()) -> Gazetteer:
        """A gazetteer that has the user's people and parades as well; an id given anew replaces the old."""
        added, more = {person.id: person for person in people}, tuple(parades)
        if not added and not more:
            return self  # with all that was built of it
        return Gazetteer(
            people={**self.people, **added},
            places=self.places,
            organs=self.organs,
            parades=(*more, *self.parades),
            countries=self.countries,
            offices=self.offices,
        )

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other


@lru_cache(maxsize=8)
def _group(gazetteer: Gazetteer) -> dict[str, tuple[Person, ...]]:
    grouped: dict[str, list[Person]] = {}
    for person in gazetteer.people.values():
        for country in {term.country for term in person.terms}:
            grouped.setdefault(country, []).append(person)
    return {country: tuple(people) for country, people in grouped.items()}


@lru_cache(maxsize=8)
def _capitals(gazetteer: Gazetteer) -> dict[str, str]:
    return {place.country: place.id for place in gazetteer.places.values() if place.capital}


@lru_cache(maxsize=8)
def _organ_names(gazetteer: Gazetteer) -> dict[str, Organ]:
    return {
        name.casefold(): organ
        for organ in gazetteer.organs.values()
        for names in organ.names.values()
        for name in names
    }


_OFFICE_GROUPS = (
    frozenset({"prime-minister", "premier", "chancellor", "taoiseach", "chairman-of-government"}),
    frozenset({"king", "queen", "sultan", "emir", "emperor", "grand-duke", "prince", "pope"}),
    frozenset({"leader", "supreme-leader", "general-secretary", "chairman", "president-of-state-affairs"}),
)


def _same(office: str) -> frozenset[str]:
    for group in _OFFICE_GROUPS:
        if office in group:
            return group
    return frozenset({office})


def _rows(name: str) -> Sequence[dict[str, Any]]:
    text = resources.files("monitor.language.data").joinpath(name).read_text(encoding="utf-8")
    rows: Sequence[dict[str, Any]] = read_yaml(text) or []
    return rows


def _day(value: object, *, last: bool = False) -> date | None:
    """A YAML date, "2025-06" or 2025; the first day of it, or with `last` the last."""
    if value is None or isinstance(value, date):
        return value
    parts = [int(part) for part in str(value).split("-")]
    if len(parts) == 1:
        return date(parts[0], 12, 31) if last else date(parts[0], 1, 1)
    if len(parts) == 2:
        year, month = parts
        if not last:
            return date(year, month, 1)
        following = date(year + month // 12, month % 12 + 1, 1)
        return date.fromordinal(following.toordinal() - 1)
    return date(parts[0], parts[1], parts[2])


def _names(row: Mapping[str, Any], key: str = "names") -> dict[str, tuple[str, ...]]:
    return {language: tuple(str(name) for name in names or ()) for language, names in (row.get(key) or {}).items()}


def _with_titles(names: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """The names, and those with a title in full: "Sheikh Tamim" and "Tamim bin Hamad" give "Sheikh Tamim bin Hamad".

    Of two names that overlap in a text only the first is found; the rest would look like somebody else.
    """
    found = dict(names)
    for language in _SPACED & names.keys():
        known = dict.fromkeys((*names[language], *names.get("en", ())))
        titled = [name.split(" ", 1) for name in known if " " in name]
        longer = {
            f"{title} {name}": None
            for title, rest in titled
            for name in known
            if name.startswith(f"{rest} ") and title not in name.split(" ")
        }
        found[language] = (*names[language], *(name for name in longer if name not in known))
    return found


def person_from(row: Mapping[str, Any]) -> Person:
    """A person from a row of `leaders.yaml`, `others.yaml` or the user's `entities.yaml`."""
    terms = tuple(
        Term(
            office=str(term["office"]),
            country=str(term.get("country", row.get("country", ""))),
            since=_day(term.get("from")),
            until=_day(term.get("to"), last=True),
        )
        for term in row.get("offices") or ()
    )
    return Person(
        id=str(row["id"]),
        country=str(row.get("country", "")),
        names=_with_titles(_names(row)),
        short=_names(row, "short"),
        family=row.get("family"),
        terms=terms,
    )


@lru_cache(maxsize=1)
@collector_paused()
def load() -> Gazetteer:
    """The gazetteer that ships with Watchdesk."""
    people = [person_from(row) for row in (*_rows("leaders.yaml"), *past_leaders(), *_rows("others.yaml"))]
    places = [
        Place(
            id=str(row["id"]),
            country=str(row["country"]),
            kind=str(row.get("kind", "city")),
            capital=bool(row.get("capital", False)),
            names=_names(row),
            ambiguous=bool(row.get("ambiguous", False)),
        )
        for row in (*_rows("places.yaml"), *towns())
    ]
    organs = [
        Organ(
            id=str(row["id"]),
            country=row.get("country"),
            state=bool(row.get("state", False)),
            standing=str(row.get("standing", "party" if row.get("state") else "media")),
            names=_names(row),
        )
        for row in _rows("media.yaml")
    ]
    parades = tuple(
        Parade(
            city=str(row["city"]),
            month=int(str(row["month_day"]).split("-")[0]) if "month_day" in row else 0,
            day=int(str(row["month_day"]).split("-")[1]) if "month_day" in row else 0,
            yearly=bool(row.get("yearly", False)),
            dates=tuple(d for value in row.get("dates") or () if (d := _day(value)) is not None),
            names=_names(row),
        )
        for row in _rows("parades.yaml")
    )
    return Gazetteer(
        people={person.id: person for person in people},
        places={place.id: place for place in places},
        organs={organ.id: organ for organ in organs},
        parades=parades,
        countries={str(row["iso"]): row for row in _rows("countries.yaml")},
        offices=tuple(_rows("offices.yaml")),
    )


__all__ = ["Gazetteer", "Kind", "Name", "Organ", "Parade", "Person", "Place", "Term", "load", "person_from"]
