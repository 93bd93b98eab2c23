"""Whom a bare family name and an office without a name mean: somebody else that the text names.

Within the story they mean whoever of that name or office the story named last; an aside, a paragraph about other
people, is a world of its own: nobody is carried over from it, and into it only if it names nobody fitting itself.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from datetime import date
from functools import lru_cache
from importlib import resources

from monitor.language.cast import Lines, Pointer, lines_of
from monitor.language.data import read_yaml
from monitor.language.folding import strip_accents
from monitor.language.gazetteer import Gazetteer, Kind
from monitor.language.mention import Mention, Reader
from monitor.language.names import index_for

_KOREAN_FAMILIES = frozenset({"kim", "lee", "park", "choe", "choi", "ri", "jo", "cho", "kang", "yun", "yoon", "han"})
_GIVEN = re.compile(r"[ ]([A-Z][\w'’-]+(?: [A-Z][a-z]+)?)")
_PRECEDING = re.compile(r"([A-Z][\w'’-]*(?<!['’])[a-z])[ ]$")
_INTRODUCED = re.compile(r", (?:who|whose|a|an|the|\d\d|der|die|ein|eine|qui|un|une|el|la|que|un|una|котор\w+)\b")
_WHOLE_TEXT = -2  # the scope of everything
_PARTICLES = ("ben", "bin", "ibn")  # "Khaled ben Salmane" is another than Mohammed
_SPELLED = 3  # letters in which two spellings of a given name agree: Mohamed, Mohammed
_ONE_WORD = ("short", "full")
_NAMED = ("full", "title", "stranger")


def bind(reader: Reader, mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """The mentions with all family names and offices bound to somebody, as far as the text tells to whom."""
    known = [_known_or_stranger(reader, m) if _is_bare(m) else _or_relative(reader, m) for m in mentions]
    lines = lines_of(reader.text, _pointers(reader, known))
    named = _Named([m for m in known if m.kind is Kind.PERSON and m.id and m.form in _NAMED], lines)
    countries = _countries(known, lines)
    leading = _where_from(reader, known, lines)
    bound = []
    for mention in known:
        if _is_bare(mention):
            abroad = leading.get(lines.number(mention.start), set())
            mention = _bind_family(reader, mention, named, lines, countries, abroad)
        bound.append(replace(mention, form="full") if mention.form == "stranger" else mention)
    people = _Named([m for m in bound if m.kind is Kind.PERSON and m.id in reader.gazetteer.people], lines)
    return tuple(_bind_office(reader, m, people, lines.scope(m.start)) if m.kind is Kind.OFFICE else m for m in bound)


def _is_bare(mention: Mention) -> bool:
    return mention.form == "family" and not mention.id


def _pointers(reader: Reader, mentions: Sequence[Mention]) -> Iterator[Pointer]:
    """Who and what is named where, before bare names are bound; "Kim" behind another Kim's full name is that one."""
    strangers: set[str] = set()  # names of people whom we do not know, in this paragraph
    last = 0
    for mention in mentions:
        if mention.kind is not Kind.PERSON:
            yield pointer_of(mention)
            continue
        if "\n" in reader.text[last : mention.start]:
            strangers = set()
        last = mention.end
        if mention.form == "stranger":
            strangers.update(mention.id.removeprefix("other:").split("-"))
        if not _is_bare(mention):
            yield pointer_of(mention)
        elif _family_of(reader, mention) not in strangers:
            homes = {reader.gazetteer.people[who].country for who in mention.candidates}
            yield Pointer(
                mention.start, frozenset(mention.candidates), frozenset(homes) if len(homes) == 1 else frozenset()
            )


def pointer_of(mention: Mention) -> Pointer:
    """Whom and which country a bound mention stands for; media are heard of from anywhere, offices go back to names."""
    named = mention.kind is Kind.PERSON and mention.id and mention.form != "office"
    telling = named or mention.kind in (Kind.PLACE, Kind.ADJECTIVE) or mention.form in ("party", "official")
    return Pointer(
        mention.start,
        frozenset({mention.id}) if named else frozenset(),
        frozenset({mention.country}) if telling and mention.country else frozenset(),
    )


def _countries(mentions: Sequence[Mention], lines: Lines) -> dict[int, set[str]]:
    """The countries that each scope names."""
    found: dict[int, set[str]] = {}
    for mention in mentions:
        scope = found.setdefault(lines.scope(mention.start), set())
        if mention.country:
            scope.add(mention.country)
    return found


def _where_from(reader: Reader, mentions: Sequence[Mention], lines: Lines) -> dict[int, set[str]]:
    """The countries whose leaders each line names."""
    people = reader.gazetteer.people
    found: dict[int, set[str]] = {}
    for mention in mentions:
        who = mention.candidates[0] if len(mention.candidates) == 1 else mention.id
        if who in people and people[who].leads(reader.day):
            found.setdefault(lines.number(mention.start), set()).add(people[who].country)
    return found


class _Named:
    """People in the order in which the text names them, by scope; each question is answered in one pass."""

    def __init__(self, people: Sequence[Mention], lines: Lines) -> None:
        self._scopes: dict[int, list[Mention]] = {_WHOLE_TEXT: list(people)}
        for person in people:
            self._scopes.setdefault(lines.scope(person.start), []).append(person)
        self._fitting: dict[tuple[int, Hashable], list[Mention]] = {}

    def nearest(
        self, mention: Mention, scope: int, question: Hashable, fits: Callable[[Mention], bool]
    ) -> Mention | None:
        """The last of a scope who fits before `mention`, else the first after it. `question` tells `fits` apart."""
        key = (scope, question)
        if key not in self._fitting:
            self._fitting[key] = [person for person in self._scopes.get(scope, ()) if fits(person)]
        if fitting := self._fitting[key]:
            at = bisect_left(fitting, mention.start, key=lambda person: person.start)
            return fitting[max(0, at - 1)]
        return None


def _family_of(reader: Reader, mention: Mention) -> str:
    surface = reader.text[mention.start : mention.end]
    words = re.findall(r"[\w'-]+", surface)
    return words[-1].lower() if words else ""


def _known_or_stranger(reader: Reader, mention: Mention) -> Mention:
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
        telling = (
            not _sentence_start(text, before.start(1))
            or strip_accents(word).lower() in _given_names()
            or _INTRODUCED.match(text, mention.end) is not None
        )
        plain = strip_accents(word).lower().rstrip(".")
        if telling and plain not in _titles() and not reader.lexicon.is_word(word.lower().rstrip(".")):
            return replace(
                mention, id=f"other:{_slug(word + ' ' + text[mention.start : mention.end])}", form="stranger"
            )
    return mention


def _or_relative(reader: Reader, mention: Mention) -> Mention:
    """A name that means one leader alone ("Erdogan") means somebody else behind another's given name ("Bilal")."""
    if mention.kind is not Kind.PERSON or mention.id not in reader.gazetteer.people or mention.form not in _ONE_WORD:
        return mention
    first, _, more = reader.text[mention.start : mention.end].partition(" ")
    if more and first.lower() not in _PARTICLES:
        return mention
    before = _PRECEDING.search(reader.text, max(0, mention.start - 30), mention.start)
    if before is None or strip_accents(before.group(1)).lower() not in _given_names():
        return mention
    own = {word.lower() for name in reader.gazetteer.people[mention.id].names.get("en", ()) for word in name.split()}
    given = strip_accents(before.group(1)).lower()
    if given in own or (more and any(word[:_SPELLED] == given[:_SPELLED] for word in own)):
        return mention
    slug = _slug(f"{before.group(1)} {reader.text[mention.start : mention.end]}")
    return replace(mention, id=f"other:{slug}", country="", form="stranger")


@lru_cache(maxsize=1)
def _given_names() -> frozenset[str]:
    """Words that are names even where every word has a capital letter."""
    return frozenset(_before_a_family_name()["names"])


@lru_cache(maxsize=1)
def _titles() -> frozenset[str]:
    """Words before a name that are no name: "Datuk Seri Najib" is no Seri Najib."""
    return frozenset(_before_a_family_name()["titles"])


@lru_cache(maxsize=1)
def _before_a_family_name() -> Mapping[str, Sequence[str]]:
    text = resources.files("monitor.language.data").joinpath("given_names.yaml").read_text(encoding="utf-8")
    listed: Mapping[str, Sequence[str]] = read_yaml(text)
    return listed


def _sentence_start(text: str, position: int) -> bool:
    before = text[max(0, position - 40) : position].rstrip(" ")
    return not before or before[-1] in '.!?\n:"'


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _bind_family(
    reader: Reader,
    mention: Mention,
    named: _Named,
    lines: Lines,
    countries: Mapping[int, set[str]],
    leaders: Set[str],
) -> Mention:
    """Whoever of that name was named last before; else first after; else the incumbent whom the text points to."""
    family = _family_of(reader, mention)
    bearers = mention.candidates
    scope = lines.scope(mention.start)

    def bears(person: Mention) -> bool:
        return person.id in bearers or _is_called(person.id, family)

    namesake = named.nearest(mention, scope, (family, bearers), bears)
    if namesake is not None:
        return _as_namesake(reader, mention, namesake)
    incumbents = [who for who in bearers if any(term.covers(reader.day) for term in reader.gazetteer.people[who].terms)]
    if mention.country:
        incumbents = [who for who in incumbents if reader.gazetteer.people[who].country == mention.country]
    if incumbents and (_beside_a_leader(reader, mention) or _is_told_of_abroad(reader, incumbents, family, leaders)):
        return _as(reader, mention, _foremost(reader, incumbents), "named in one breath with another leader")
    common = family in _KOREAN_FAMILIES or len(bearers) > 1
    pointed = [who for who in incumbents if reader.gazetteer.people[who].country in countries[scope]]
    if len(incumbents) == 1 and (not common or pointed):
        return _as(reader, mention, incumbents[0], "the only leader of that name in office")
    if len(pointed) == 1:
        return _as(reader, mention, pointed[0], "the leader of that name whose country the text names")
    elsewhere = named.nearest(mention, _WHOLE_TEXT, (family, bearers), bears)
    return _as_namesake(reader, mention, elsewhere) if elsewhere else replace(mention, id=f"other:{family}")


def _as_namesake(reader: Reader, mention: Mention, namesake: Mention) -> Mention:
    place = "before" if namesake.start < mention.start else "later"
    return _as(reader, mention, namesake.id, f"the name given in full {place}")


def _beside_a_leader(reader: Reader, mention: Mention) -> bool:
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


def _is_told_of_abroad(reader: Reader, incumbents: Sequence[str], family: str, leaders: Set[str]) -> bool:
    """ "Putin tells Kim": by a leader of a country that had none of that name, and of the first of his own."""
    homes = _homes(reader.gazetteer).get(family, set())
    return not leaders <= homes and any(_leads(reader, who) for who in incumbents)


@lru_cache(maxsize=4)
def _homes(gazetteer: Gazetteer) -> Mapping[str, Set[str]]:
    """The countries of the leaders who have a word in their name, of whatever time."""
    found: dict[str, set[str]] = {}
    for person in (p for p in gazetteer.people.values() if p.terms):
        for word in person.id.split("-"):
            found.setdefault(word, set()).add(person.country)
    return found


def _foremost(reader: Reader, ids: Sequence[str]) -> str:
    """Of several leaders of one name, the one who leads his country."""
    return next((who for who in ids if _leads(reader, who)), ids[0])


def _leads(reader: Reader, who: str) -> bool:
    leaders = reader.gazetteer.holders(reader.gazetteer.people[who].country, "leader", reader.day)
    return bool(leaders) and leaders[0].id == who


def _is_called(who: str, family: str) -> bool:
    """Whether it is a word of the name: "Kim" behind "Kim Kardashian" is she."""
    return family in who.removeprefix("other:").split("-")


def _as(reader: Reader, mention: Mention, who: str, how: str) -> Mention:
    person = reader.gazetteer.people.get(who)
    return replace(mention, id=who, country=person.country if person else "", bound_by=how)


def _bind_office(reader: Reader, mention: Mention, people: _Named, scope: int) -> Mention:
    """An office noun that stands alone means the last leader named who holds it, else the next one."""
    if mention.country:
        holders = reader.gazetteer.holders(mention.country, mention.id, reader.day)
        if holders:
            return replace(
                mention, kind=Kind.PERSON, id=holders[0].id, form="title", bound_by="an office of one country"
            )

    def holds(person: Mention) -> bool:
        return _holds(reader.gazetteer, person.id, person.country, mention.id, reader.day)

    who = people.nearest(mention, scope, mention.id, holds) or people.nearest(mention, _WHOLE_TEXT, mention.id, holds)
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


@lru_cache(maxsize=4096)
def _holds(gazetteer: Gazetteer, who: str, country: str, office: str, day: date) -> bool:
    return any(holder.id == who for holder in gazetteer.holders(country, office, day))
