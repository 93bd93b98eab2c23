"""Names that several places bear: Congo, Punjab, Córdoba. The rest of the text tells which one is meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from monitor.language.gazetteer import Gazetteer, Kind, Name
from monitor.language.mention import Mention


def namesakes(names: Iterable[Name], gazetteer: Gazetteer) -> tuple[str, ...]:
    """The places and countries that a name can mean, the usual one first; none where all are of one country."""
    found = dict.fromkeys(name.target for name in names if name.kind in (Kind.PLACE, Kind.COUNTRY))
    countries = {_country(target, gazetteer) for target in found}
    return tuple(found) if len(countries) > 1 else ()


def settled(mentions: Sequence[Mention], gazetteer: Gazetteer) -> list[Mention]:
    """The mentions, with each shared name meaning the usual bearer, or the one whose country alone the text names."""
    told = {_told_by(mention, gazetteer) for mention in mentions if not _is_shared(mention)}
    return [_settle(mention, told, gazetteer) if _is_shared(mention) else mention for mention in mentions]


def _is_shared(mention: Mention) -> bool:
    return mention.kind is Kind.PLACE and bool(mention.candidates)


def _told_by(mention: Mention, gazetteer: Gazetteer) -> str:
    """The country that a mention names; a family name that waits for its person names the only one of its bearers."""
    homes = {gazetteer.people[who].country for who in mention.candidates}
    return homes.pop() if len(homes) == 1 else mention.country


def _settle(mention: Mention, told: set[str], gazetteer: Gazetteer) -> Mention:
    usual = mention.candidates[0]
    meant = next((who for who in mention.candidates if _country(who, gazetteer) in told), usual)
    place = gazetteer.places.get(meant)
    if place is None:
        return replace(mention, id=meant, country=meant, place_kind="country", capital=False, candidates=())
    return replace(
        mention, id=meant, country=place.country, place_kind=place.kind, capital=place.capital, candidates=()
    )


def _country(target: str, gazetteer: Gazetteer) -> str:
    place = gazetteer.places.get(target)
    return target if place is None else place.country
