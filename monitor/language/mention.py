"""One thing that a text names, and what reading a text for names needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from monitor.language.gazetteer import Gazetteer, Kind
from monitor.language.lexicon import Lexicon


@dataclass(frozen=True, slots=True)
class Mention:
    """One thing that the text names, by code points."""

    kind: Kind
    id: str  # person, place or organ id; "other:…" for a person we do not know; ISO code of a country
    country: str  # ISO code, "" when unknown
    start: int
    end: int
    form: str  # "full", "short", "family", "title", "office", "name", "adjective", "capital"
    place_kind: str = ""  # "country", "city", "border", "airport", "station", "site", "region"
    capital: bool = False
    bound_by: str = ""  # how a person was found, in words
    candidates: tuple[str, ...] = ()  # ids that a family name can mean


@dataclass(frozen=True, slots=True)
class Reader:
    """A text with what it is read by."""

    gazetteer: Gazetteer
    lexicon: Lexicon
    text: str
    language: str
    day: date
