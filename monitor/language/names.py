"""Finding names in a text: one Aho-Corasick automaton a language, the longest match first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any

import ahocorasick
from babel import Locale

from monitor.language.data import collector_paused
from monitor.language.folding import fold, is_hangul, is_wide, lower, strip_accents
from monitor.language.gazetteer import Gazetteer, Kind, Name
from monitor.language.inflect import adjective_forms, city_adjective, russian_forms

_LATIN = ("en", "de", "fr", "es")
# What may follow a name of two Korean syllables without a space: particles, and what titles begin with.
_AFTER_SHORT = frozenset("은는이가을를의와과에도로만께측씨총대주국수위서장당여전")
_PARTS = re.compile(r"[・·\s]")
_CLDR = {"zh": ("zh_Hans", "zh_Hant")}


@dataclass(frozen=True, slots=True)
class Match:
    """A name in a text, by code points, with everything that it can stand for."""

    start: int
    end: int
    names: tuple[Name, ...]


class NameIndex:
    """All names that a text in one language can hold."""

    def __init__(self, gazetteer: Gazetteer, language: str) -> None:
        self.language = language
        self._spaced = language not in ("zh", "ja", "ko")
        self._names: dict[str, list[Name]] = {}
        own = language if language in (*_LATIN, "ru", "ko", "zh", "ja") else "en"
        self._languages = (own, "en") if own in _LATIN else (own,)
        self._add_people(gazetteer)
        self._add_places(gazetteer)
        self._add_countries(gazetteer)
        self._add_offices(gazetteer)
        self._automaton = ahocorasick.Automaton()
        for text, names in self._names.items():
            self._automaton.add_word(text, (len(text), tuple(names)))
        self._automaton.make_automaton()

    def find(self, folded: str, *, shouting: bool = False) -> tuple[Match, ...]:
        """Names in a folded text, leftmost and longest first, none overlapping. `shouting`: capitals mean nothing."""
        hits = []
        for last, (length, names) in self._automaton.iter(lower(folded)):
            start, end = last - length + 1, last + 1
            if start and self._spaced and "a" <= folded[start - 1] <= "z":
                continue  # the end of a word, as most are: "li" in "public"
            if self.stands(folded, start, end) and (kept := self._fitting(folded, start, end, names, shouting)):
                hits.append(Match(start, end, kept))
        hits.sort(key=lambda m: (m.start, -m.end))
        found: list[Match] = []
        position = 0
        for hit in hits:
            if hit.start >= position:
                found.append(hit)
                position = hit.end
        return tuple(found)

    def forms(self) -> Mapping[str, Sequence[Name]]:
        """Every name in small letters, with all that it can stand for."""
        return self._names

    def stands(self, text: str, start: int, end: int) -> bool:
        """Whether what stands there stands by itself, and is no part of a longer word."""
        before = text[start - 1] if start else " "
        if self._spaced or not (is_wide(text[start]) or is_hangul(text[start])):
            return not (_wordy(before) or (end < len(text) and _wordy(text[end])))
        return not (self.language == "ko" and end - start < 3 and is_hangul(text[start]) and is_hangul(before))

    def _fitting(self, text: str, start: int, end: int, names: tuple[Name, ...], shouting: bool) -> tuple[Name, ...]:
        if self.language == "ko" and end - start < 3 and self._runs_on(text, start, end):
            names = tuple(name for name in names if name.kind is not Kind.PERSON)  # 카니 is not in 카니발
        if shouting:
            return names
        if not text[start:end].isupper():
            names = tuple(name for name in names if not name.acronym)
        capital = text[start].isupper() or not text[start].isalpha() or text[start].lower() == text[start].upper()
        return names if capital else tuple(name for name in names if not name.capital)

    def _runs_on(self, text: str, start: int, end: int) -> bool:
        """Whether a Korean word goes on with what no name is followed by."""
        after = text[end : end + 1]
        joined = is_wide(text[start]) or is_hangul(text[start])
        return bool(after) and joined and is_hangul(after) and after not in _AFTER_SHORT

    def _add(self, text: str, name: Name) -> None:
        text = fold(text)
        for variant in self._variants(text):
            if len(variant) < 2 and self.language in ("zh", "ja", "ko"):
                continue
            names = self._names.setdefault(lower(variant), [])
            if name not in names:
                names.append(name)

    def _variants(self, text: str) -> set[str]:
        if self.language in _LATIN:
            return {text, strip_accents(text)}
        if self.language in ("ko", "zh", "ja"):
            joined = text.replace(" ", "")
            return {text, joined, joined.replace("-", "")}  # 迪亚斯-卡内尔, 迪亚斯卡内尔
        return {text}

    def _forms(self, text: str) -> Iterator[str]:
        if self.language == "ru":
            yield from russian_forms(text)
        else:
            yield text
            if self.language == "de" and not text.endswith(("s", "x", "z")):
                yield text + "s"

    def _add_people(self, gazetteer: Gazetteer) -> None:
        for person in gazetteer.people.values():
            for language in self._languages:
                for text in chain.from_iterable(
                    _with_surnames(name, language) for name in person.names.get(language, ())
                ):
                    for form in self._forms(text):
                        self._add(form, Name(Kind.PERSON, person.id, "full", form[:1].isupper()))
                for text in person.short.get(language, ()):
                    kind = "family" if self._is_family(text) else "short"
                    for form in self._forms(text):
                        self._add(form, Name(Kind.PERSON, person.id, kind, form[:1].isupper()))
            if person.family and self.language in _LATIN:
                for form in self._forms(person.family):
                    self._add(form, Name(Kind.PERSON, person.id, "family", True))

    def _is_family(self, text: str) -> bool:
        """Whether a short form is a bare family name, which others may bear as well."""
        return self.language in (*_LATIN, "ru") and " " not in text

    def _add_places(self, gazetteer: Gazetteer) -> None:
        for place in gazetteer.places.values():
            for language in self._languages:
                for text in _with_contracted(place.names.get(language, ()), self.language):
                    for form in self._forms(text):
                        self._add(form, Name(Kind.PLACE, place.id, "name", form[:1].isupper()))
                    if self.language == "de" and place.capital and city_adjective(text):
                        self._add(city_adjective(text), Name(Kind.PLACE, place.id, "name", True))
        for organ in gazetteer.organs.values():
            for language in self._languages:
                for text in organ.names.get(language, ()):
                    for form in self._forms(text):
                        self._add(form, Name(Kind.ORGAN, organ.id, "name", form[:1].isupper(), acronym=_acronym(text)))

    def _add_countries(self, gazetteer: Gazetteer) -> None:
        for locale in (part for language in self._languages[:1] for part in _CLDR.get(language, (language,))):
            for iso, text in Locale.parse(locale).territories.items():
                if len(iso) == 2 and iso.isalpha() and iso not in ("ZZ", "QO", "EZ", "UN"):
                    self._add_country(str(text), iso)
        for iso, row in gazetteer.countries.items():
            for language in self._languages:
                for text in _listed(row, "names", language):
                    self._add_country(text, iso)
                for adjective in _listed(row, "adjectives", language):
                    for form in adjective_forms(adjective, language):
                        capital = language == "en" and form[:1].isupper()
                        self._add(form, Name(Kind.ADJECTIVE, iso, "adjective", capital))

    def _add_country(self, text: str, iso: str) -> None:
        for form in self._forms(text):
            self._add(form, Name(Kind.COUNTRY, iso, "name", form[:1].isupper(), acronym=_acronym(text)))

    def _add_offices(self, gazetteer: Gazetteer) -> None:
        for row in gazetteer.offices:
            countries = tuple(row.get("countries") or ())
            use = "common" if row.get("common") else "name"
            for language in self._languages[:1]:
                for text in _listed(row, "names", language):
                    for form in russian_forms(text.capitalize()) if language == "ru" else (text,):
                        self._add(lower(form), Name(Kind.OFFICE, str(row["office"]), use, False, countries))


def _with_surnames(name: str, language: str) -> Iterator[str]:
    """The name, and without the first given one where East Asian papers write two surnames: アブド・ベニテス."""
    yield name
    parts = _PARTS.split(name)
    if language in ("ko", "zh", "ja") and len(parts) >= 3 and all(len(part) > 1 for part in parts):
        yield name[len(parts[0]) + 1 :]


def _with_contracted(names: Sequence[str], language: str) -> Iterator[str]:
    """The names, and what is left of them in "au Caire", "du Caire"."""
    yield from names
    if language == "fr":
        yield from (name[3:] for name in names if name.startswith("Le ") and len(name) > len("Le Cap"))


def _listed(row: Any, key: str, language: str) -> tuple[str, ...]:
    return tuple(str(text) for text in (row.get(key) or {}).get(language) or ())


def _acronym(text: str) -> bool:
    """ "UN", "US", "КНДР": in small letters it is another word."""
    return text.isupper() and text.isalpha() and 2 <= len(text) <= 6


def _wordy(character: str) -> bool:
    if character < "\x80":
        return character.isalnum()
    return character.isalnum() and not is_wide(character) and not is_hangul(character)


@lru_cache(maxsize=64)
@collector_paused()
def index_for(gazetteer: Gazetteer, language: str) -> NameIndex:
    """The index of a language, built at first use and kept."""
    return NameIndex(gazetteer, language)
