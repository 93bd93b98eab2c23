"""Open topics in `topics.yaml`: without a frame, looking for words and names; `docs/topics.md` explains them."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator

from monitor.language.lexicon import LANGUAGES
from monitor.types import Search, Where
from monitor.yamlfile import Document, Entry, Place, duration, expected, suggest

MOST_TERMS, LONGEST_TERM = 200, 100  # a list of thousands is no topic, and a term of a whole paragraph never matches
FIELDS = ("any", "all", "none", "names", "languages", "where", "meaning", "window")
POSITIVE = ("any", "all", "names")
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")

Term = Annotated[str, BeforeValidator(lambda value: str(value) if isinstance(value, int | float) else value)]
Window = Annotated[timedelta, BeforeValidator(duration)]


class SearchFields(Entry):
    """The fields that only an open topic has."""

    any: tuple[Term, ...] = expected("a list of words and phrases, such as [rare earths, 희토류, редкоземельн*]", ())
    all: tuple[Term | tuple[Term, ...], ...] = expected(
        "a list; each entry a word, or a list of its wordings, such as [export*, [China, 中国]]", ()
    )
    none: tuple[Term, ...] = expected("a list of words and phrases that must not be there", ())
    names: tuple[Term, ...] = expected("a list of names or ids, such as [xi-jinping, Ursula von der Leyen]", ())
    languages: tuple[str, ...] = expected("a list of languages by ISO 639-1, such as [en, ko]", ())
    where: Where | None = expected("title, lead or anywhere", None)
    meaning: str | None = expected("one sentence for people", None, min_length=1, max_length=300)
    window: Window | None = expected("a duration such as 12h or 3d", None)

    @property
    def given(self) -> tuple[str, ...]:
        """The fields of a search that this entry has."""
        return tuple(name for name in FIELDS if getattr(self, name) not in ((), None))


def check_search(
    document: Document,
    place: Place,
    label: str,
    entry: SearchFields,
    named: Collection[str],
    languages: Collection[str],
) -> None:
    """Complain about what an open topic can't be. `named`: the ids that `names` may hold; `languages`: all codes."""
    broken = any((*place, field) in document.broken for field in POSITIVE)
    if not broken and not set(entry.given) & set(POSITIVE):
        document.complain(
            place,
            f'{label}: the field "frame" is missing, and nothing is searched for. Give it a frame, or, for an open '
            'topic, words in "any" or "all", or "names".',
        )
    for field in ("any", "all", "none", "names"):
        terms = getattr(entry, field)
        if len(terms) > MOST_TERMS:
            document.complain((*place, field), f'{label}: "{field}" has {len(terms)} entries, {MOST_TERMS} at most.')
        for index, term in enumerate(terms):
            _check_wordings(document, (*place, field, index), f'{label}: field "{field}"', term)
    for index, name in enumerate(entry.names):
        _check_name(document, (*place, "names", index), label, name, named)
    for index, language in enumerate(entry.languages):
        if language not in languages:
            remedy = f"Use its two letters by ISO 639-1; those that are read are {', '.join(LANGUAGES)}."
            document.complain((*place, "languages", index), f'{label}: "{language}" is no language. {remedy}')


def search_of(entry: SearchFields) -> Search:
    """What the entry looks for."""
    given = {name: getattr(entry, name) for name in entry.given}
    if "all" in given:
        given["all"] = tuple((each,) if isinstance(each, str) else each for each in given["all"])
    return Search(**given)


def _check_wordings(document: Document, place: Place, label: str, term: str | tuple[str, ...]) -> None:
    if not isinstance(term, str):
        if not term:
            document.complain(place, f"{label}: an entry is an empty list. Write its wordings, or remove it.")
        for index, wording in enumerate(term):
            _check_wordings(document, (*place, index), label, wording)
        return
    if not any(character.isalnum() for character in term):
        document.complain(place, f'{label}: "{term}" has no letter and no digit, so it is found nowhere. Remove it.')
    elif "*" in term.rstrip().removesuffix("*"):
        document.complain(place, f'{label}: "{term}": a * may only stand at the end, for any ending of the word.')
    elif len(term) > LONGEST_TERM:
        document.complain(place, f"{label}: a term has {len(term)} characters, {LONGEST_TERM} at most. Shorten it.")


def _check_name(document: Document, place: Place, label: str, name: str, named: Collection[str]) -> None:
    """Names are free text, so that a slip can be told only from what looks like an id."""
    if name not in named and _ID.fullmatch(name):
        remedy = suggest(name, sorted(named)) or " Correct it, write the name as texts do, or add it to entities.yaml."
        document.complain(place, f'{label}: name "{name}" is written as an id, and nobody has it.{remedy}')
