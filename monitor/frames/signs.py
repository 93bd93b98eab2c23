"""Whether a text can name anybody who is watched: asked of its letters, before anything in it is read.

It only saves work. A person is named by one of his names, or by his office and his country, wherever the two stand:
a text without these signs has no claim to make. One pass over the letters costs a fraction of what finding and binding
all names does, and most of the news ends here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import ahocorasick

from monitor.language.gazetteer import Gazetteer, Kind, Name
from monitor.language.lexicon import lexicon_for
from monitor.language.names import index_for

PARADE, SUMMIT = "parade", "summit"
COMMON = "common"  # the form of a noun for an office that others bear too


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a text has to tell of, any of these, to concern one of some topics."""

    people: frozenset[str] = frozenset()  # one of them
    pairs: frozenset[tuple[str, ...]] = frozenset()  # all of one of these
    summits: frozenset[frozenset[str]] = frozenset()  # a summit, and these countries
    parade: bool = False

    @property
    def everybody(self) -> frozenset[str]:
        """All people who are of any interest."""
        return self.people.union(*self.pairs)


@dataclass(slots=True)
class _Mark:
    """What one spelling is a sign of. `length` in characters; 0 for letters that may be part of a word."""

    length: int
    people: set[str] = field(default_factory=set)
    countries: set[str] = field(default_factory=set)
    offices: set[str] = field(default_factory=set)
    themes: set[str] = field(default_factory=set)

    @property
    def tells(self) -> bool:
        return bool(self.people or self.countries or self.offices)


class Signs:
    """The signs of what is wanted in texts of one language."""

    def __init__(self, wanted: Wanted, gazetteer: Gazetteer, language: str) -> None:
        self._wanted = wanted
        self._index = index_for(gazetteer, language)
        self._lexicon = lexicon_for(language)
        self._spelled = _spelled(gazetteer, language)
        self._held = _held(wanted.everybody, gazetteer, self._spelled.offices)
        self._automaton = ahocorasick.Automaton()
        for text, mark in self._marks().items():
            self._automaton.add_word(text, mark)
        self._automaton.make_automaton()

    def stand_in(self, text: str) -> bool:
        """Whether any of what is wanted may be told of in a folded text in small letters."""
        people: set[str] = set()
        countries: set[str] = set()
        offices: set[str] = set()
        themes = set(self._lexicon.themes.always)
        for last, mark in self._automaton.iter(text) if len(self._automaton) else ():
            themes |= mark.themes
            if mark.tells and self._index.stands(text, last - mark.length + 1, last + 1):
                if not self._wanted.people.isdisjoint(mark.people):
                    return True
                people |= mark.people
                countries |= mark.countries
                offices |= mark.offices
        if self._lexicon.letters and (offices or SUMMIT in themes):  # 日首相
            countries |= {self._lexicon.letters[m.group("letter")] for m in self._lexicon.letter.finditer(text)}
        for country in countries:
            for office in offices:
                people |= self._held.get((country, office), frozenset())
        return (
            not people.isdisjoint(self._wanted.people)
            or (len(people) > 1 and any(people.issuperset(pair) for pair in self._wanted.pairs))
            or (self._wanted.parade and PARADE in themes and self._lexicon.parade.search(text) is not None)
            or (SUMMIT in themes and self._tells_of_summit(text, countries))
        )

    def _tells_of_summit(self, text: str, countries: set[str]) -> bool:
        named = countries | abbreviated(self._lexicon.abbreviations, text)
        return any(named >= summit for summit in self._wanted.summits) and self._lexicon.summit.search(text) is not None

    def _marks(self) -> dict[str, _Mark]:
        """By spelling, everything that is a sign of what is wanted."""
        marks: dict[str, _Mark] = {}

        def mark(text: str) -> _Mark:
            return marks.setdefault(text, _Mark(len(text)))

        for who in self._wanted.everybody:
            for text in self._spelled.people.get(who, ()):
                mark(text).people.add(who)
        for country in {country for country, _ in self._held}.union(*self._wanted.summits):
            for text in self._spelled.countries.get(country, ()):
                mark(text).countries.add(country)
        for office in {office for _, office in self._held}:
            for text, country in self._spelled.offices[office]:
                mark(text).offices.add(office)
                mark(text).people |= self._held.get((country, office), frozenset())
        for letters, themes in self._lexicon.themes.needed.items():
            mark(letters).themes |= themes
        return marks


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spelled:
    """All spellings of a language, by what they are spellings of."""

    people: Mapping[str, Sequence[str]]
    countries: Mapping[str, Sequence[str]]  # names of a country and its places: what an office may stand beside
    offices: Mapping[str, Sequence[tuple[str, str]]]  # each with the only country whose office it means, or ""


@lru_cache(maxsize=64)
def _spelled(gazetteer: Gazetteer, language: str) -> _Spelled:
    people: dict[str, list[str]] = {}
    countries: dict[str, list[str]] = {}
    offices: dict[str, list[tuple[str, str]]] = {}
    forms = index_for(gazetteer, language).forms()
    common = {c for names in forms.values() for name in names if name.form == COMMON for c in name.countries}
    for text, names in forms.items():
        for name in names:
            if name.kind is Kind.OFFICE:
                alone = len(name.countries) == 1 and name.form != COMMON
                offices.setdefault(name.target, []).append((text, name.countries[0] if alone else ""))
                continue
            if name.kind is Kind.PERSON:
                people.setdefault(name.target, []).append(text)
            country = _country_of(name, gazetteer)
            if country in common or (country and name.kind not in (Kind.PERSON, Kind.ORGAN)):
                countries.setdefault(country, []).append(text)
    return _Spelled(people=people, countries=countries, offices=offices)


def _country_of(name: Name, gazetteer: Gazetteer) -> str:
    """The country that a name may lend to an office of the text."""
    if name.kind is Kind.PLACE:
        return gazetteer.places[name.target].country
    if name.kind is Kind.PERSON:
        return gazetteer.people[name.target].country
    if name.kind is Kind.ORGAN:
        return gazetteer.organs[name.target].country or ""
    return name.target if name.kind in (Kind.COUNTRY, Kind.ADJECTIVE) else ""


def _held(
    people: frozenset[str], gazetteer: Gazetteer, offices: Iterable[str]
) -> Mapping[tuple[str, str], frozenset[str]]:
    """By country and noun for an office: those of some people whom it may mean, on whatever day."""
    homes = {term.country for who in people if who in gazetteer.people for term in gazetteer.people[who].terms}
    held = {(home, office): people & gazetteer.ever_held(home, office) for home in homes for office in offices}
    return {key: who for key, who in held.items() if who}


def abbreviated(abbreviations: Mapping[str, str], text: str) -> set[str]:
    """Countries whose letter stands in a text: 中, 美."""
    return {country for letters, country in abbreviations.items() if letters in text}
