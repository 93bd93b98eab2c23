"""Who and what a text names: the matches of the name index, put together and bound to one article.

A title and a name that stand together are one mention ("Russian President Vladimir Putin"); a title alone means whoever
held the office on the day of the article; a bare family name means whoever of that name the article is about.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from monitor.language.gazetteer import Gazetteer, Kind, Name
from monitor.language.lexicon import Lexicon
from monitor.language.names import Match, index_for

_KOREAN_FAMILIES = frozenset({"kim", "lee", "park", "choe", "choi", "ri", "jo", "cho", "kang", "yun", "yoon", "han"})
_GIVEN = re.compile(r"[ ]([A-Z][\w'’-]+(?: [A-Z][a-z]+)?)")
_PRECEDING = re.compile(r"([A-Z][\w'’-]*[a-z])[ ]$")


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
class _Reader:
    gazetteer: Gazetteer
    lexicon: Lexicon
    text: str
    language: str
    day: date


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
    reader = _Reader(gazetteer, lexicon, text, language, day)
    raw = [_plain(reader, match) for match in matches]
    merged = _merge_titles(reader, [mention for mention in raw if mention is not None])
    bound = _bind_families(reader, _with_bodies(reader, merged))
    return tuple(_bind_offices(reader, bound))


def _plain(reader: _Reader, match: Match) -> Mention | None:
    """The match as what it most plainly is; a family name or an office waits for its article."""
    by_kind: dict[Kind, list[Name]] = {}
    for name in match.names:
        by_kind.setdefault(name.kind, []).append(name)
    start, end = match.start, match.end
    if reader.lexicon.no_place.search(reader.text[max(0, start - 20) : start].lower()):
        return None
    if people := by_kind.get(Kind.PERSON):
        full = [n for n in people if n.form == "full"] or [n for n in people if n.form == "short"]
        if full:
            person = reader.gazetteer.people[_incumbent(reader, [n.target for n in full])]
            return Mention(Kind.PERSON, person.id, person.country, start, end, full[0].form, bound_by="its name")
        if Kind.PLACE not in by_kind and Kind.COUNTRY not in by_kind:
            bearers = tuple(dict.fromkeys(n.target for n in people))
            return Mention(Kind.PERSON, "", "", start, end, "family", candidates=bearers)
    if places := by_kind.get(Kind.PLACE):
        place = reader.gazetteer.places[places[0].target]
        return Mention(Kind.PLACE, place.id, place.country, start, end, "name", place.kind, place.capital)
    if countries := by_kind.get(Kind.COUNTRY):
        iso = countries[0].target
        return Mention(Kind.PLACE, iso, iso, start, end, "name", "country")
    if organs := by_kind.get(Kind.ORGAN):
        organ = reader.gazetteer.organs[organs[0].target]
        return Mention(Kind.ORGAN, organ.id, organ.country or "", start, end, organ.standing)
    if adjectives := by_kind.get(Kind.ADJECTIVE):
        iso = adjectives[0].target
        return Mention(Kind.ADJECTIVE, iso, iso, start, end, "adjective")
    if reader.language == "ko" and reader.text.startswith(("회담", "회의"), end):
        return None  # 정상회담, a summit
    if reader.language == "en" and re.match(r"heads of|.*s$", reader.text[start:end].lower()):
        return None  # "presidents": nobody in particular
    if reader.lexicon.no_holder.search(reader.text[max(0, start - 30) : start].lower()):
        return None  # "a former premier": not whoever holds the office
    office = by_kind[Kind.OFFICE][0]
    country = office.countries[0] if len(office.countries) == 1 else ""
    return Mention(Kind.OFFICE, office.target, country, start, end, "office")


def _incumbent(reader: _Reader, ids: Sequence[str]) -> str:
    """Of people who share a name, the one in office on the day; else the first."""
    for identity in ids:
        if any(term.covers(reader.day) for term in reader.gazetteer.people[identity].terms):
            return identity
    return ids[0]


# ---- titles -------------------------------------------------------------------------------------------------------


def _merge_titles(reader: _Reader, mentions: list[Mention]) -> list[Mention]:
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


def _join(reader: _Reader, left: Mention, right: Mention) -> list[Mention] | None:
    gap = reader.text[left.end : right.start]
    if len(gap) > 24 or "\n" in gap:
        return None
    connect = reader.lexicon.connectors
    if left.kind is Kind.PERSON and left.form == "title" and right.kind is Kind.PERSON and right.form != "title":
        if connect.office_name.fullmatch(gap) or (left.id == right.id and connect.listed.fullmatch(gap)):
            return [replace(right, start=left.start, country=right.country or left.country)]
        return None
    if (
        left.kind in (Kind.PLACE, Kind.ADJECTIVE)
        and right.kind is Kind.OFFICE
        and connect.country_office.fullmatch(gap)
    ):
        return [_titled(reader, left.country, right, left.start, right.end)]
    if (
        left.kind is Kind.OFFICE
        and right.kind in (Kind.PLACE, Kind.ADJECTIVE)
        and connect.office_country.fullmatch(gap)
    ):
        return [_titled(reader, right.country, left, left.start, right.end)]
    if (
        left.kind in (Kind.PLACE, Kind.ADJECTIVE)
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


def _titled(reader: _Reader, country: str, office: Mention, start: int, end: int) -> Mention:
    holders = reader.gazetteer.holders(country, office.id, reader.day)
    if not holders:
        return Mention(Kind.PERSON, f"other:{office.id}-{country.lower()}", country, start, end, "title")
    return Mention(
        Kind.PERSON, holders[0].id, country, start, end, "title", bound_by=f"the office held on {reader.day:%-d %B %Y}"
    )


# ---- bodies that speak, and capitals -----------------------------------------------------------------------------


def _with_bodies(reader: _Reader, mentions: Sequence[Mention]) -> list[Mention]:
    """A country before the word for a ministry or for state media is that body; before "capital" it is that city."""
    text = reader.text.lower()
    result = []
    for mention in mentions:
        if mention.kind in (Kind.PLACE, Kind.ADJECTIVE) and mention.country:
            mention = (
                _body(reader, text, mention)
                or _capital(reader, text, mention)
                or _ground(reader, text, mention)
                or mention
            )
        result.append(mention)
    return result


def _body(reader: _Reader, text: str, mention: Mention) -> Mention | None:
    end = _after_connector(reader, text, mention, reader.lexicon.organs)
    if end is None:
        return None
    return replace(mention, kind=Kind.ORGAN, id=f"{mention.country.lower()}-body", end=end, form="party", place_kind="")


def _capital(reader: _Reader, text: str, mention: Mention) -> Mention | None:
    end = _after_connector(reader, text, mention, reader.lexicon.capital)
    city = reader.gazetteer.capital(mention.country)
    if end is None or city is None:
        return None
    return replace(mention, kind=Kind.PLACE, id=city, end=end, form="capital", place_kind="city", capital=True)


def _ground(reader: _Reader, text: str, mention: Mention) -> Mention | None:
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


def _after_connector(reader: _Reader, text: str, mention: Mention, words: re.Pattern[str]) -> int | None:
    window = text[mention.end : mention.end + 60]
    found = words.search(window)
    if found is None or not reader.lexicon.connectors.country_office.fullmatch(window[: found.start()]):
        return None
    return mention.end + found.end()


# ---- family names -------------------------------------------------------------------------------------------------


def _bind_families(reader: _Reader, mentions: list[Mention]) -> list[Mention]:
    bound = [_known_or_stranger(reader, m) if m.form == "family" and not m.id else m for m in mentions]
    named = [
        (m.start, m.id) for m in bound if m.kind is Kind.PERSON and m.id and m.form in ("full", "title", "stranger")
    ]
    countries = {m.country for m in bound if m.country}
    result = []
    for mention in bound:
        if mention.form == "family" and not mention.id:
            mention = _bind_family(reader, mention, named, countries)
        result.append(replace(mention, form="full") if mention.form == "stranger" else mention)
    return result


def _family_of(reader: _Reader, mention: Mention) -> str:
    surface = reader.text[mention.start : mention.end]
    words = re.findall(r"[\w'-]+", surface)
    return words[-1].lower() if words else ""


def _known_or_stranger(reader: _Reader, mention: Mention) -> Mention:
    """A family name with a given name beside it that is no leader's belongs to somebody else."""
    text = reader.text
    after = _GIVEN.match(text, mention.end)
    if after and not reader.lexicon.is_word(after.group(1).split(" ")[0].lower()):
        return replace(
            mention, id=f"other:{_slug(text[mention.start : after.end(1)])}", end=after.end(1), form="stranger"
        )
    before = _PRECEDING.search(text, max(0, mention.start - 30), mention.start)
    if before and mention.country == "":
        word = before.group(1)
        if not reader.lexicon.is_word(word.lower().rstrip(".")) and not _sentence_start(text, before.start(1)):
            return replace(
                mention, id=f"other:{_slug(word + ' ' + text[mention.start : mention.end])}", form="stranger"
            )
    return mention


def _sentence_start(text: str, position: int) -> bool:
    return not text[:position].strip() or text[:position].rstrip()[-1] in '.!?\n:"' or text[position - 1] == "\n"


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _bind_family(reader: _Reader, mention: Mention, named: Sequence[tuple[int, str]], countries: set[str]) -> Mention:
    """Whoever of that name was named last before; else first after; else the incumbent whom the text points to."""
    family = _family_of(reader, mention)
    bearers = mention.candidates
    namesakes = [(at, who) for at, who in named if who in bearers or _is_stranger_called(who, family)]
    earlier = [who for at, who in namesakes if at < mention.start]
    if earlier:
        return _as(reader, mention, earlier[-1], "the name given in full before")
    if namesakes:
        return _as(reader, mention, namesakes[0][1], "the name given in full later")
    incumbents = [who for who in bearers if any(term.covers(reader.day) for term in reader.gazetteer.people[who].terms)]
    if mention.country:
        incumbents = [who for who in incumbents if reader.gazetteer.people[who].country == mention.country]
    if _beside_a_leader(reader, mention) and incumbents:
        return _as(reader, mention, _foremost(reader, incumbents), "named in one breath with another leader")
    common = family in _KOREAN_FAMILIES or len(bearers) > 1
    pointed = [who for who in incumbents if reader.gazetteer.people[who].country in countries]
    if len(incumbents) == 1 and (not common or pointed):
        return _as(reader, mention, incumbents[0], "the only leader of that name in office")
    if len(pointed) == 1:
        return _as(reader, mention, pointed[0], "the leader of that name whose country the text names")
    return replace(mention, id=f"other:{family}", form="family")


def _beside_a_leader(reader: _Reader, mention: Mention) -> bool:
    """ "Trump, Kim", "the Putin-Kim meeting": a name listed with that of a leader in office."""
    index = index_for(reader.gazetteer, reader.language)
    around = reader.text[max(0, mention.start - 40) : mention.end + 40]
    offset = max(0, mention.start - 40)
    for match in index.find(around):
        start, end = match.start + offset, match.end + offset
        leaders = [n.target for n in match.names if n.kind is Kind.PERSON and n.target not in mention.candidates]
        if not any(t.covers(reader.day) for who in leaders for t in reader.gazetteer.people[who].terms):
            continue
        gap = reader.text[end : mention.start] if end <= mention.start else reader.text[mention.end : start]
        if gap == "-" or reader.lexicon.connectors.listed.fullmatch(gap.lower()):
            return True
    return False


def _foremost(reader: _Reader, ids: Sequence[str]) -> str:
    """Of several leaders of one name, the one who leads his country."""
    for who in ids:
        person = reader.gazetteer.people[who]
        leaders = reader.gazetteer.holders(person.country, "leader", reader.day)
        if leaders and leaders[0].id == who:
            return who
    return ids[0]


def _is_stranger_called(who: str, family: str) -> bool:
    return who.startswith("other:") and family in who[6:].split("-")


def _as(reader: _Reader, mention: Mention, who: str, how: str) -> Mention:
    person = reader.gazetteer.people.get(who)
    return replace(mention, id=who, country=person.country if person else "", bound_by=how)


# ---- offices without a name ---------------------------------------------------------------------------------------


def _bind_offices(reader: _Reader, mentions: Sequence[Mention]) -> list[Mention]:
    """An office noun that stands alone means the last leader named who holds it, else the next one."""
    people = [m for m in mentions if m.kind is Kind.PERSON and m.id in reader.gazetteer.people]
    result = []
    for mention in mentions:
        if mention.kind is Kind.OFFICE:
            mention = _bind_office(reader, mention, people)
        result.append(mention)
    return result


def _bind_office(reader: _Reader, mention: Mention, people: Sequence[Mention]) -> Mention:
    def holds(person: Mention) -> bool:
        holders = reader.gazetteer.holders(person.country, mention.id, reader.day)
        return any(holder.id == person.id for holder in holders)

    if mention.country:
        holders = reader.gazetteer.holders(mention.country, mention.id, reader.day)
        if holders:
            return replace(
                mention, kind=Kind.PERSON, id=holders[0].id, form="title", bound_by="an office of one country"
            )
    earlier = [m for m in people if m.start < mention.start and holds(m)]
    later = [m for m in people if m.start > mention.start and holds(m)]
    who = earlier[-1] if earlier else later[0] if later else None
    if who is None:
        return mention
    return replace(
        mention,
        kind=Kind.PERSON,
        id=who.id,
        country=who.country,
        form="office",
        bound_by="the office of a leader named",
    )


def by_kind(mentions: Sequence[Mention], kind: Kind) -> tuple[Mention, ...]:
    """The mentions of one kind."""
    return tuple(mention for mention in mentions if mention.kind is kind)
