"""All the ways in which texts of the languages that we read write one name of the gazetteer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from monitor.language.detect import SUPPORTED
from monitor.language.folding import fold, lower
from monitor.language.gazetteer import Gazetteer, Kind, Name
from monitor.language.names import index_for
from monitor.language.terms import LONGEST_ABBREVIATION

_NAMED = (Kind.PERSON, Kind.PLACE, Kind.ORGAN, Kind.COUNTRY, Kind.ADJECTIVE)


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way to write a name."""

    text: str  # in small letters
    sure: bool  # means this in every language; the rest, such as a family name, the article has to settle
    capital: bool
    acronym: bool


def spellings(gazetteer: Gazetteer, target: str) -> tuple[Spelling, ...]:
    """Every spelling of a person, place or body by id, or of a country by ISO code; none for what is not known."""
    return _by_target(gazetteer).get(target, ())


def target_of(gazetteer: Gazetteer, text: str) -> str | None:
    """What the text names, by id or in any spelling; None when nothing, or when it may be one of several."""
    if text in _by_target(gazetteer):
        return text
    targets = {name.target for name in _by_text(gazetteer).get(lower(fold(text)).strip(), ())}
    return targets.pop() if len(targets) == 1 else None


@lru_cache(maxsize=8)
def _by_text(gazetteer: Gazetteer) -> Mapping[str, tuple[Name, ...]]:
    found: dict[str, dict[Name, None]] = {}
    for language in SUPPORTED:
        for text, names in index_for(gazetteer, language).forms().items():
            found.setdefault(text, {}).update(dict.fromkeys(name for name in names if name.kind in _NAMED))
    return {text: tuple(names) for text, names in found.items() if names}


@lru_cache(maxsize=8)
def _by_target(gazetteer: Gazetteer) -> Mapping[str, tuple[Spelling, ...]]:
    found: dict[str, list[Spelling]] = {}
    for text, names in _by_text(gazetteer).items():
        targets = {name.target for name in names}
        for target in sorted(targets):
            own = [name for name in names if name.target == target]
            found.setdefault(target, []).append(
                Spelling(
                    text=text,
                    sure=len(targets) == 1 and any(_is_sure(text, name) for name in own),
                    capital=all(name.capital for name in own),
                    acronym=all(name.acronym for name in own) or _is_short(text, own),
                )
            )
    return {target: tuple(spelled) for target, spelled in found.items()}


def _is_sure(text: str, name: Name) -> bool:
    """Whether it means this in every language: "chino" is Chinese in Spanish, and trousers in English."""
    if name.kind is Kind.PERSON:
        return name.form == "full" and (len(text.split()) > 1 or not text.isascii())
    return name.kind is Kind.COUNTRY and (name.capital or text[0].upper() == text[0])


def _is_short(text: str, names: list[Name]) -> bool:
    """ "US": in small letters it is another word."""
    return len(text) <= LONGEST_ABBREVIATION and text.isascii() and all(name.kind is not Kind.PERSON for name in names)
