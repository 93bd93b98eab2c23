"""Whom and what people mean: ids of the gazetteer by any name, and the nearest ones for what nobody is called."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from babel import Locale

from monitor.language.gazetteer import Gazetteer
from monitor.language.spellings import target_of

MOST = 8  # suggestions


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """What a text may mean."""

    ids: tuple[str, ...] = ()
    guessed: bool = False  # by likeness alone: to be asked for, never to be taken

    @property
    def clear(self) -> str | None:
        """The one thing that it means; None where that is not clear."""
        return self.ids[0] if len(self.ids) == 1 and not self.guessed else None


def people_like(gazetteer: Gazetteer, text: str) -> Meant:
    """The people whom the text may mean, by id."""
    if text in gazetteer.people:
        return Meant(ids=(text,))
    target = target_of(gazetteer, text)
    if target is not None and target in gazetteer.people:
        return Meant(ids=(target,))
    names = {
        person.id: (person.id.replace("-", " "), *(name for listed in person.names.values() for name in listed))
        for person in gazetteer.people.values()
    }
    return _like(names, text)


def countries_like(gazetteer: Gazetteer, text: str) -> Meant:
    """The countries that the text may mean, by ISO code."""
    if text.upper() in gazetteer.countries and len(text) == 2:
        return Meant(ids=(text.upper(),))
    target = target_of(gazetteer, text)
    if target is not None and target in gazetteer.countries:
        return Meant(ids=(target,))
    territories = Locale.parse("en").territories
    names = {iso: (str(territories[iso]),) for iso in gazetteer.countries if iso in territories}
    return _like(names, text)


def ids_like(known: Collection[str], text: str) -> Meant:
    """Which of some ids the text may mean."""
    if text in known:
        return Meant(ids=(text,))
    return _like({each: (each, each.replace("-", " ")) for each in known}, text)


def _like(names: Mapping[str, Iterable[str]], text: str) -> Meant:
    """The keys that have a name which holds the text, else those with the nearest names."""
    wanted = text.casefold()
    holding = [key for key, spelt in names.items() if any(wanted in name.casefold() for name in spelt)]
    if holding:
        return Meant(ids=tuple(sorted(holding)[:MOST]))
    by_name = {name.casefold(): key for key, spelt in names.items() for name in spelt}
    near = difflib.get_close_matches(wanted, by_name, n=MOST, cutoff=0.7)
    return Meant(ids=tuple(dict.fromkeys(by_name[name] for name in near)), guessed=True)
