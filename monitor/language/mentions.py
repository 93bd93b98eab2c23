"""Who and what a text names: the matches of the name index, put together and bound to one article.

A title and a name that stand together are one mention ("Russian President Vladimir Putin"); a title alone means whoever
held the office on the day of the article; a bare family name means whoever of that name the article is about.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from monitor.language.binding import bind
from monitor.language.gazetteer import Gazetteer, Kind, Name
from monitor.language.letters import with_letters
from monitor.language.lexicon import Lexicon
from monitor.language.mention import Mention, Reader
from monitor.language.names import Match, index_for
from monitor.language.shared import namesakes, settled


def find(
    text: str, *, language: str, day: date, gazetteer: Gazetteer, lexicon: Lexicon, shouting_until: int = 0
) -> tuple[Mention, ...]:
    """All mentions of a folded text, in order. `day` decides who holds an office.

    Up to `shouting_until`, a headline in capitals, letter case means nothing.
    """
    index = index_for(gazetteer, language)
    matches = list(index.find(text[shouting_until:]))
    matches = [Match(m.start + shouting_until, m.end + shouting_until, m.names) for m in matches]
    if shouting_until:
        matches = [*index.find(text[:shouting_until], shouting=True), *matches]
    reader = Reader(gazetteer, lexicon, text, language, day)
    raw = [mention for match in matches if (mention := _plain(reader, match)) is not None]
    merged = _merge_titles(reader, _of_named_countries(settled(with_letters(reader, raw), gazetteer)))
    return bind(reader, _with_bodies(reader, merged))


def _plain(reader: Reader, match: Match) -> Mention | None:
    """The match as what it most plainly is; a family name or an office waits for its article."""
    by_kind: dict[Kind, list[Name]] = {}
    for name in match.names:
        by_kind.setdefault(name.kind, []).append(name)
    start, end = match.start, match.end
    if reader.lexicon.no_place.search(reader.text[max(0, start - 20) : start].lower()):
        return None
    if people := by_kind.get(Kind.PERSON):
        short = [n for n in people if n.form == "short" and Kind.PLACE not in by_kind]
        full = [n for n in people if n.form == "full"] or short
        if full:
            person = reader.gazetteer.people[_incumbent(reader, [n.target for n in full])]
            return Mention(Kind.PERSON, person.id, person.country, start, end, full[0].form, bound_by="its name")
        if Kind.PLACE not in by_kind and Kind.COUNTRY not in by_kind:
            bearers = tuple(dict.fromkeys(n.target for n in people))
            return Mention(Kind.PERSON, "", "", start, end, "family", candidates=bearers)
    if places := by_kind.get(Kind.PLACE):
        if reader.lexicon.named_after_place.match(reader.text[end : end + 20].lower()):
            return None  # 图们江 is a river, the Paris Agreement no city
        place = reader.gazetteer.places[places[0].target]
        if place.ambiguous and reader.lexicon.no_city.search(reader.text[max(0, start - 8) : start].lower()):
            return None  # "la Victoria": what has an article is no city of that name
        named = namesakes((*places, *by_kind.get(Kind.COUNTRY, ())), reader.gazetteer)
        return Mention(
            Kind.PLACE, place.id, place.country, start, end, "name", place.kind, place.capital, candidates=named
        )
    if countries := by_kind.get(Kind.COUNTRY):
        if reader.lexicon.about_place.match(reader.text, end):
            return None  # ウクライナ情勢: what is spoken about, not where
        if reader.lexicon.no_country.match(reader.text, start):
            return None
        iso = countries[0].target
        named = namesakes(countries, reader.gazetteer)
        return Mention(Kind.PLACE, iso, iso, start, end, "name", "country", candidates=named)
    if organs := by_kind.get(Kind.ORGAN):
        organ = reader.gazetteer.organs[organs[0].target]
        return Mention(Kind.ORGAN, organ.id, organ.country or "", start, end, organ.standing)
    if adjectives := by_kind.get(Kind.ADJECTIVE):
        iso = adjectives[0].target
        return Mention(Kind.ADJECTIVE, iso, iso, start, end, "adjective")
    if reader.language == "ko" and reader.text.startswith(("회담", "회의"), end):
        return None  # 정상회담, a summit
    if _is_plural(reader, start, end):
        return None  # "presidents": nobody in particular
    if reader.lexicon.house.match(reader.text, end):
        return None  # 大統領府, 总理办公室: the house, not who holds the office
    if reader.lexicon.no_holder.search(reader.text[max(0, start - 30) : start].lower()):
        return None  # "a former premier": not whoever holds the office
    office = by_kind[Kind.OFFICE][0]
    country = office.countries[0] if len(office.countries) == 1 else ""
    return Mention(Kind.OFFICE, office.target, country, start, end, "common" if office.form == "common" else "office")


def _of_named_countries(mentions: Sequence[Mention]) -> list[Mention]:
    """Offices with the country whose they are; a common noun ("chairman") has one only where the text names it."""
    named = {mention.country for mention in mentions if mention.kind is not Kind.OFFICE}
    return [
        replace(mention, form="office", country=mention.country if mention.country in named else "")
        if mention.form == "common"
        else mention
        for mention in mentions
    ]


def _is_plural(reader: Reader, start: int, end: int) -> bool:
    """Whether an office noun means several people."""
    if not reader.lexicon.plurals.fullmatch(reader.text[start:end].lower()):
        return False
    return not reader.lexicon.one_of.search(reader.text[max(0, start - 30) : start].lower())


def _incumbent(reader: Reader, ids: Sequence[str]) -> str:
    """Of people who share a name, the one in office on the day; else the first."""
    for identity in ids:
        if any(term.covers(reader.day) for term in reader.gazetteer.people[identity].terms):
            return identity
    return ids[0]


# ---- titles -------------------------------------------------------------------------------------------------------


def _merge_titles(reader: Reader, mentions: list[Mention]) -> list[Mention]:
    """Joins country, office and name where they stand together."""
    joined: list[Mention] = []
    for mention in mentions:
        joined.append(mention)
        while len(joined) >= 2:
            merged = _join(reader, joined[-2], joined[-1])
            if merged is None:
                break
            joined[-2:] = merged
            if len(merged) == 2:
                break
    return joined


def _join(reader: Reader, left: Mention, right: Mention) -> list[Mention] | None:
    gap = reader.text[left.end : right.start]
    if len(gap) > 24 or "\n" in gap:
        return None
    connect = reader.lexicon.connectors
    whose = (Kind.ADJECTIVE,) if reader.language == "ru" else (Kind.PLACE, Kind.ADJECTIVE)  # "президент России"
    if left.kind is Kind.PERSON and left.form == "title" and right.kind is Kind.PERSON and right.form != "title":
        if connect.office_name.fullmatch(gap) or (left.id == right.id and connect.listed.fullmatch(gap)):
            return [replace(right, start=left.start, country=right.country or left.country)]
        return None
    beside = reader.language == "de" and gap == " " and left.kind is Kind.PLACE  # "in Kairo Präsident X treffen"
    if left.kind in whose and right.kind is Kind.OFFICE and connect.country_office.fullmatch(gap) and not beside:
        return [_titled(reader, left.country, right, left.start, right.end)]
    if (
        left.kind is Kind.OFFICE
        and right.kind in (Kind.PLACE, Kind.ADJECTIVE)
        and connect.office_country.fullmatch(gap)
    ):
        return [_titled(reader, right.country, left, left.start, right.end)]
    if (
        left.kind in whose
        and right.kind is Kind.PERSON
        and right.form in ("full", "short", "family")
        and (left.form == "adjective" or left.place_kind == "country")
        and connect.country_name.fullmatch(gap)
    ):
        return [replace(right, start=left.start, country=right.country or left.country)]
    if left.kind is Kind.PERSON and right.kind is Kind.OFFICE and connect.name_office.fullmatch(gap):
        return [replace(left, end=right.end)]
    if left.kind is Kind.OFFICE and right.kind is Kind.PERSON and connect.office_name.fullmatch(gap):
        return [replace(right, start=left.start)]
    return None


def _titled(reader: Reader, country: str, office: Mention, start: int, end: int) -> Mention:
    holders = reader.gazetteer.holders(country, office.id, reader.day)
    if not holders:
        return Mention(Kind.PERSON, f"other:{office.id}-{country.lower()}", country, start, end, "title")
    return Mention(
        Kind.PERSON, holders[0].id, country, start, end, "title", bound_by=f"the office held on {reader.day:%-d %B %Y}"
    )


# ---- bodies that speak, and capitals -----------------------------------------------------------------------------


def _with_bodies(reader: Reader, mentions: Sequence[Mention]) -> list[Mention]:
    """A country before the word for a ministry or for state media is that body; before "capital" it is that city."""
    text = reader.text.lower()
    result: list[Mention] = []
    for mention in mentions:
        if result and mention.start < result[-1].end:
            continue  # ロンドンの首相官邸 is no 首相官邸 of Tokyo
        if mention.kind in (Kind.PLACE, Kind.ADJECTIVE) and mention.country:
            mention = (
                _body(reader, text, mention)
                or _capital(reader, text, mention)
                or _ground(reader, text, mention)
                or mention
            )
        result.append(mention)
    return result


def _body(reader: Reader, text: str, mention: Mention) -> Mention | None:
    end = _after_connector(reader, text, mention, reader.lexicon.organs)
    if end is None:
        return None
    return replace(mention, kind=Kind.ORGAN, id=f"{mention.country.lower()}-body", end=end, form="party", place_kind="")


def _capital(reader: Reader, text: str, mention: Mention) -> Mention | None:
    end = _after_connector(reader, text, mention, reader.lexicon.capital)
    city = reader.gazetteer.capital(mention.country)
    if end is None or city is None:
        return None
    return replace(mention, kind=Kind.PLACE, id=city, end=end, form="capital", place_kind="city", capital=True)


def _ground(reader: Reader, text: str, mention: Mention) -> Mention | None:
    """The place that an adjective names with the word beside it: "sol chinois", "chinesischen Boden"."""
    if mention.kind is not Kind.ADJECTIVE:
        return None
    for kind, words in reader.lexicon.grounds.items():
        before = next(reversed(list(words.finditer(text, max(0, mention.start - 24), mention.start))), None)
        after = words.match(text, mention.end + 1)
        start = before.start() if before and text[before.end() : mention.start] == " " else mention.start
        end = after.end() if after else mention.end
        if (start, end) == (mention.start, mention.end):
            continue
        city = reader.gazetteer.capital(mention.country) if kind == "city" else None
        return replace(
            mention,
            kind=Kind.PLACE,
            id=city or mention.country,
            start=start,
            end=end,
            form="name",
            place_kind=kind,
            capital=city is not None,
        )
    return None


def _after_connector(reader: Reader, text: str, mention: Mention, words: re.Pattern[str]) -> int | None:
    window = text[mention.end : mention.end + 60]
    found = words.search(window)
    if found is None or not reader.lexicon.connectors.country_office.fullmatch(window[: found.start()]):
        return None
    return mention.end + found.end()


def by_kind(mentions: Sequence[Mention], kind: Kind) -> tuple[Mention, ...]:
    """The mentions of one kind."""
    return tuple(mention for mention in mentions if mention.kind is kind)


__all__ = ["Mention", "by_kind", "find"]
