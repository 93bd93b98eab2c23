"""Between the gazetteer and the configuration: the names that topics may use, and the user's own people and parades."""

from __future__ import annotations

from collections.abc import Mapping

from monitor.entities import Entities
from monitor.entities import Person as Added
from monitor.language.detect import ISO
from monitor.language.gazetteer import Gazetteer, Parade, Person, Term
from monitor.topics import Vocabulary


def vocabulary_of(gazetteer: Gazetteer) -> Vocabulary:
    """The ids that ship."""
    return Vocabulary(
        people=frozenset(gazetteer.people),
        countries=frozenset(gazetteer.countries),
        cities=frozenset(gazetteer.places) | {parade.city for parade in gazetteer.parades},
        bodies=frozenset(gazetteer.organs),
        languages=ISO,
        parades=frozenset(f"{parade.city}-{day.isoformat()}" for parade in gazetteer.parades for day in parade.dates),
    )


def with_entities(gazetteer: Gazetteer, entities: Entities) -> Gazetteer:
    """The gazetteer with the user's additions. Who ships already keeps his names and gets the new ones as well."""
    people = [_joined(gazetteer.people.get(added.id), added) for added in entities.people]
    parades = [
        Parade(
            city=added.city,
            month=added.date.month,
            day=added.date.day,
            yearly=False,
            dates=(added.date,),
            names=added.names,
        )
        for added in entities.parades
    ]
    return gazetteer.with_additions(people, parades)


def _joined(shipped: Person | None, added: Added) -> Person:
    terms = tuple(
        Term(office=term.office, country=term.country, since=term.since, until=term.until) for term in added.terms
    )
    return Person(
        id=added.id,
        country=added.country,
        names=_both(shipped.names if shipped else {}, added.names),
        short=_both(shipped.short if shipped else {}, added.short),
        family=added.family or (shipped.family if shipped else None),
        terms=terms or (shipped.terms if shipped else ()),
    )


def _both(first: Mapping[str, tuple[str, ...]], second: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """The names of both by language, in order, none twice."""
    languages = dict.fromkeys([*first, *second])
    return {
        language: tuple(dict.fromkeys((*first.get(language, ()), *second.get(language, ())))) for language in languages
    }
