"""`entities.yaml`: people and parades that the user adds to those that ship with Watchdesk, in the same form."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict

from monitor.yamlfile import Document, Entry, Place, entries, expected

PERSON_PATTERN = r"^[a-z0-9][a-z0-9-]{0,63}$"
LANGUAGE_PATTERN = re.compile(r"^[a-z]{2}$")
MAX_NAMES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """An office and when it was held, both days included; None: since before, or until now, or not known."""

    office: str
    country: str  # ISO 3166 alpha-2
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody whom texts name. With a term of office a leader, without one somebody else to be told apart."""

    id: str
    country: str  # ISO 3166 alpha-2
    terms: tuple[Term, ...]
    names: Mapping[str, tuple[str, ...]]  # by language
    short: Mapping[str, tuple[str, ...]]  # by language: how texts go on to name them
    family: str | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parade:
    """One military parade on one day in one city, with the names by which texts call it."""

    id: str  # city and date, e.g. "beijing-2025-09-03"
    city: str
    date: date
    names: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entities:
    """What `entities.yaml` adds."""

    people: tuple[Person, ...] = ()
    parades: tuple[Parade, ...] = ()


def _first_day(value: object) -> object:
    """A year, a month or a day as its first day: `2011`, `2011-12`, `2011-12-17`."""
    match = re.fullmatch(r"(\d{4})(?:-(\d{2}))?", str(value))
    return f"{match[1]}-{match[2] or '01'}-01" if match else value


def _last_day(value: object) -> object:
    """A year, a month or a day as its last day."""
    match = re.fullmatch(r"(\d{4})(?:-(0[1-9]|1[0-2]))?", str(value))
    if match is None:
        return value
    year, month = int(match[1]), int(match[2] or 12)
    return f"{year:04}-{month:02}-{monthrange(year, month)[1]}"


FirstDay = Annotated[date, BeforeValidator(_first_day)]
LastDay = Annotated[date, BeforeValidator(_last_day)]
Names = dict[str, tuple[str, ...]]


class _Office(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    office: str = expected("an office such as president or prime-minister", pattern=r"^[a-z][a-z-]*$")
    country: str | None = expected("a country by ISO 3166, when not the person's own", None, pattern=r"^[A-Z]{2}$")
    since: FirstDay | None = expected("a date such as 2011-12-17 or 2011-12", None, alias="from")
    until: LastDay | None = expected("a date such as 2026-01-20 or 2026-01", None, alias="to")


class _Person(Entry):
    kind_of_entry: ClassVar[str] = "person"

    id: str = expected("lower-case letters, digits and hyphens, such as kim-jong-un", pattern=PERSON_PATTERN)
    country: str = expected("a country by ISO 3166, two capitals, such as KP", pattern=r"^[A-Z]{2}$")
    offices: tuple[_Office, ...] = expected("a list of offices: - {office: president, from: 2024-05-07}", ())
    role: str | None = expected("what somebody is who leads no country, in words", None)
    family: str | None = expected("the family name as English texts use it alone", None)
    names: Names = expected("names by language: {en: [Kim Jong Un], ko: [김정은]}")
    short: Names = expected("short names by language: {ko: [김 위원장]}", {})


class _Parade(Entry):
    kind_of_entry: ClassVar[str] = "parade"

    id: str = expected("city and date, such as beijing-2025-09-03", pattern=r"^[a-z][a-z-]*-\d{4}-\d{2}-\d{2}$")
    city: str = expected("the city's id, such as beijing", pattern=r"^[a-z][a-z-]*$")
    date: FirstDay = expected("a date such as 2025-09-03")
    names: Names = expected("names by language: {en: [Victory Day parade]}", {})


def read_entities(document: Document, countries: Collection[str]) -> Entities:
    """The additions of a document. What is wrong goes to its `problems`."""
    found = entries(document, {"people": _Person, "parades": _Parade})
    people: dict[str, Person] = {}
    for place, entry in found["people"]:
        assert isinstance(entry, _Person)
        _check_person(document, place, entry, countries)
        if entry.id in people:
            document.complain((*place, "id"), f'person "{entry.id}" is there already. Join the two entries.')
        people[entry.id] = _person(entry)
    parades: dict[str, Parade] = {}
    for place, entry in found["parades"]:
        assert isinstance(entry, _Parade)
        _check_parade(document, place, entry)
        if entry.id in parades:
            document.complain((*place, "id"), f'parade "{entry.id}" is there already. Join the two entries.')
        parades[entry.id] = Parade(id=entry.id, city=entry.city, date=entry.date, names=entry.names)
    return Entities(people=tuple(people.values()), parades=tuple(parades.values()))


def _check_person(document: Document, place: Place, entry: _Person, countries: Collection[str]) -> None:
    label = f'person "{entry.id}"'
    _check_names(document, place, label, {"names": entry.names, "short": entry.short})
    if not any(entry.names.values()):
        document.complain((*place, "names"), f"{label}: at least one name is needed to find them in a text.")
    named: dict[Place, str] = {("country",): entry.country}
    named |= {("offices", i, "country"): term.country for i, term in enumerate(entry.offices) if term.country}
    for where, country in named.items():
        if country not in countries:
            document.complain(
                (*place, *where), f'{label}: there is no country "{country}" in ISO 3166. Correct the two letters.'
            )
    for index, term in enumerate(entry.offices):
        if term.since and term.until and term.since > term.until:
            document.complain(
                (*place, "offices", index),
                f"{label}: the office of {term.office} ends ({term.until}) before it begins ({term.since}). "
                "Correct the dates.",
            )


def _check_parade(document: Document, place: Place, entry: _Parade) -> None:
    label = f'parade "{entry.id}"'
    _check_names(document, place, label, {"names": entry.names})
    right = f"{entry.city}-{entry.date.isoformat()}"
    if entry.id != right:
        document.complain((*place, "id"), f"{label}: the id is city and date. Write {right}, or correct city and date.")


def _person(entry: _Person) -> Person:
    return Person(
        id=entry.id,
        country=entry.country,
        terms=tuple(
            Term(office=o.office, country=o.country or entry.country, since=o.since, until=o.until)
            for o in entry.offices
        ),
        names=entry.names,
        short=entry.short,
        family=entry.family,
        role=entry.role,
    )


def _check_names(document: Document, place: Place, label: str, fields: Mapping[str, Names]) -> None:
    for name, by_language in fields.items():
        for language, names in by_language.items():
            here = (*place, name, language)
            if not LANGUAGE_PATTERN.match(language):
                document.complain(
                    here, f'{label}: "{language}" is no language. Use two letters by ISO 639-1, such as en or ko.'
                )
            if len(names) > MAX_NAMES or any(not text.strip() for text in names):
                document.complain(
                    here, f"{label}: {name} in {language}: expected 1 to {MAX_NAMES} names, none of them empty."
                )
