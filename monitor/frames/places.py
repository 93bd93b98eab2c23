"""Where to and where from an action leads: adpositions, cases, seats of power, adjectives of a trip."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from monitor.frames.clauses import Clause
from monitor.frames.document import Document, Sentence
from monitor.language.folding import lower
from monitor.language.gazetteer import Kind
from monitor.language.lexicon import Action
from monitor.language.mentions import Mention


def places_of(
    document: Document, sentence: Sentence, clause: Clause, action: Action, actions: Sequence[Action]
) -> tuple[Mention | None, Mention | None]:
    """Where to and where from, as adpositions or the place's stand beside the action tell."""
    lexicon = document.lexicon
    base = sentence.start
    to = origin = None
    to_marked = False
    if action.country and not _is_cut_short(sentence, action):
        here = Mention(
            Kind.PLACE, action.country, action.country, base + action.start, base + action.end, "name", "country"
        )
        to, origin = (None, here) if lexicon.unmarked[action.kind] == "from" else (here, None)  # 离华, 抵华
    places = list(_whereabouts(document, sentence))
    if lexicon.order == "svo" and not lexicon.bracket:  # a place behind a verb belongs to it rather than one before
        places.sort(key=lambda m: m.start - base < action.start)
    for mention in places:
        start, end = mention.start - base, mention.end - base
        if _is_cause(document, sentence, clause, mention, actions):
            continue
        if not clause.start <= start < clause.end or not _nearest(action, actions, start, end, lexicon.order, clause):
            continue
        role, marked = _role(document, sentence, action, start, end)
        if role == "in" and marked and document.language == "en" and _goes_on_there(sentence, action, start):
            continue
        if role == "in" and lexicon.order == "sov" and lexicon.unmarked[action.kind] == "from":
            role = "from"  # 에서 is "at" and "from"
        if role == "from" and origin is None:
            origin = mention
        elif role in ("to", "in") and (to is None or (role == "to" and marked and not to_marked)):
            to, to_marked = mention, marked and role == "to"
    if to is None and origin is None and action.kind in _COMING and (ours := _our_country(document, sentence, clause)):
        to = ours
    if to is not None and lexicon.language == "zh":
        to = _exactly(sentence, to)
    ended = next((a for a in actions if a.kind == "visit" and action.start < a.start < a.end <= action.end), None)
    if action.kind == "leave" and ended is not None and origin is None and not lexicon.bracket:
        return None, to or places_of(document, sentence, clause, ended, actions)[0]  # "wrapped up his visit to Russia"
    if lexicon.order == "sov" and action.kind == "leave" and to is None and origin is None:
        origin = _of_trip_ended(document, sentence, action, actions)
    if to is not None and origin is not None and to.country == origin.country and to.start - base < action.start:
        to = None  # "a achevé sa visite en Hongrie et quitté Budapest"
    return to, origin


def _of_trip_ended(document: Document, sentence: Sentence, action: Action, actions: Sequence[Action]) -> Mention | None:
    """Where the trip led that is over before he leaves: 방한을 마치고 출국했다."""
    before = [a for a in actions if a.end <= action.start]
    if len(before) < 2 or (before[-2].kind, before[-1].kind) != ("visit", "finish"):
        return None
    return places_of(document, sentence, Clause(0, len(sentence.text)), before[-2], actions)[0]


_COMING = ("visit", "arrive")


def _our_country(document: Document, sentence: Sentence, clause: Clause) -> Mention | None:
    """ "He will visit our country": that from which the text was filed."""
    found = document.lexicon.our_country.search(lower(sentence.text), clause.start, clause.end)
    countries = {place.country for place in document.datelines}
    if found is None or len(countries) != 1:
        return None
    country, start = countries.pop(), sentence.start
    return Mention(Kind.PLACE, country, country, start + found.start(), start + found.end(), "name", "country")


_PART_OF = re.compile(r"(?!.*[的和与與及在到])\w{0,6}")  # what may stand between a region and a place in it


def _exactly(sentence: Sentence, place: Mention) -> Mention:
    """The place itself where Chinese names its region first: 抵达滨海边疆区边境车站哈桑."""
    behind = [m for m in sentence.mentions if m.kind is Kind.PLACE and m.start >= place.end]
    if not behind or behind[0].country != place.country or behind[0].place_kind in ("country", "region"):
        return place
    gap = sentence.text[place.end - sentence.start : behind[0].start - sentence.start]
    return behind[0] if _PART_OF.fullmatch(gap) else place


_STAY = 80  # characters before a place in which the words for a stay that is over stand
_AHEAD = 60  # characters before a place in which its adposition stands: "to the Black Sea resort of Sochi"
_COMPOUND = re.compile(r"[-–]\w")
_OFF = ("cancel", "postpone", "decline")


def _is_cause(
    document: Document, sentence: Sentence, clause: Clause, place: Mention, actions: Sequence[Action]
) -> bool:
    """Whether a thing is called off for what goes on in the place: "because of the crisis in X"."""
    if not any(a.kind in _OFF and clause.start <= a.start < clause.end for a in actions):
        return False
    before = lower(sentence.text)[clause.start : place.start - sentence.start]
    found = document.lexicon.cause.search(before)
    return found is not None and not any(found.start() <= a.start - clause.start < found.end() for a in actions)


def _goes_on_there(sentence: Sentence, action: Action, start: int) -> bool:
    """Whether a verb of going only has something done in the place: "came down the stairs and embraced X in Y"."""
    going = action.kind == "move" and action.form in ("past", "base", "present", "ing")
    led = _LEADING.search(lower(sentence.text)[action.start : start])
    return going and led is None


_LEADING = re.compile(r"\b(?:to|for|on|trip|visit|journey|tour)\b")


def _is_trip_of(document: Document, sentence: Sentence, mention: Mention) -> bool:
    """ "Israel-Besuch", "China-Reise": the first half of a German compound tells where it leads."""
    end = mention.end - sentence.start + 1
    return document.lexicon.bracket and any(
        a.kind == "visit" and a.form == "noun" and a.start == end
        for a in document.lexicon.actions(lower(sentence.text))
    )


def _whereabouts(document: Document, sentence: Sentence) -> Iterator[Mention]:
    """The places of a sentence; a body that is called by its seat ("the Kremlin") is one as well."""
    for mention in sentence.mentions:
        if _COMPOUND.match(sentence.text, mention.end - sentence.start) and not _is_trip_of(
            document, sentence, mention
        ):
            continue  # "the U.S.-EU trade"
        if is_owner(document, sentence, mention):
            continue  # "Rwanda's Kagame"
        if mention.kind is Kind.PLACE:
            yield mention
        elif mention.kind is Kind.ADJECTIVE and _of_a_trip(document, sentence, mention):
            yield replace(mention, kind=Kind.PLACE, place_kind="country", form="name")
        elif mention.kind is Kind.ORGAN and mention.country:
            surface = lower(sentence.text[mention.start - sentence.start : mention.end - sentence.start])
            if document.lexicon.seats.fullmatch(surface):
                city = document.gazetteer.capital(mention.country)
                yield replace(mention, kind=Kind.PLACE, id=city or mention.country, place_kind="site", form="name")


def is_owner(document: Document, sentence: Sentence, mention: Mention) -> bool:
    """Whether a country only tells whose the person behind it is: "Rwanda's Kagame", "Руанды Поля Кагаме"."""
    if document.lexicon.order == "sov" or mention.place_kind != "country":
        return False
    text, start = lower(sentence.text), mention.start - sentence.start
    owned = next((m for m in sentence.mentions if 0 < m.start - mention.end <= len("'s ")), None)
    if owned is None or owned.kind not in (Kind.PERSON, Kind.OFFICE):
        return False
    gap = text[mention.end - sentence.start : owned.start - sentence.start]
    if gap != " ":
        return gap == "'s "
    marked = any(p.search(text[max(0, start - 24) : start]) for p in document.lexicon.adpositions.values())
    return owned.country == mention.country and not marked


def _is_cut_short(sentence: Sentence, action: Action) -> bool:
    """Whether the letter for a country is the first of a longer name: 访印度尼西亚."""
    end = sentence.start + action.end
    return any(m.kind is Kind.PLACE and m.start < end < m.end for m in sentence.mentions)


def _of_a_trip(document: Document, sentence: Sentence, mention: Mention) -> bool:
    """ "the Australian leg of his journey", "her Chinese tour": the adjective tells where it leads."""
    text, end = lower(sentence.text), mention.end - sentence.start
    if document.lexicon.legs.match(text, end):
        return True
    owned = document.lexicon.owners.search(text, 0, mention.start - sentence.start)
    return owned is not None and any(
        a.kind == "visit" and a.form == "noun" and 0 <= a.start - end <= 1 for a in document.lexicon.actions(text)
    )


_MOVES = frozenset({"leave", "move", "visit", "arrive", "cross", "return", "invite", "meet", "phone", "attend"})


def _nearest(action: Action, actions: Sequence[Action], start: int, end: int, order: str, clause: Clause) -> bool:
    """Whether the place belongs to this action rather than to another of the clause."""
    rivals = [a for a in actions if a.kind in _MOVES and clause.start <= a.start < clause.end]
    if not rivals:
        return True
    if order == "sov":
        after = [a for a in rivals if a.start >= end]
        return not after or after[0].kind == action.kind or action.start == after[0].start
    before = [a for a in rivals if a.end <= start]
    return not before or before[-1].start == action.start or action.start >= end or action.start <= start < action.end


_FROM_SOMEWHERE = ("leave", "move", "return", "homeward")


def _role(document: Document, sentence: Sentence, action: Action, start: int, end: int) -> tuple[str, bool]:
    """What the place at `start` is to the action ("to", "in", "from" or nothing), and whether an adposition says so."""
    lexicon = document.lexicon
    text = lower(sentence.text)
    inside = action.start <= start < action.end
    if action.kind in (*_FROM_SOMEWHERE, "arrive") and lexicon.after_stay.search(text, max(0, start - _STAY), start):
        return "from", True  # "nach zwei Tagen in Ankara wieder in Berlin"
    if inside and not lexicon.bracket:
        return lexicon.unmarked[action.kind], True  # 结束对中国的访问
    window = text[end : end + 6] if lexicon.order == "sov" else text[max(0, start - _AHEAD) : start]
    found = [
        (match.end() - match.start(), role)
        for role, pattern in lexicon.adpositions.items()
        if (match := pattern.match(window) if lexicon.order == "sov" else pattern.search(window))
    ]
    if found:
        longest = max(length for length, _ in found)
        roles = [role for length, role in found if length == longest]  # "en direction de" leads to, "de" alone from
        if len(roles) > 1 and action.kind not in _FROM_SOMEWHERE:
            return "in", True  # 에서 is "at" and "from"
        return roles[0], True
    if inside:
        return lexicon.unmarked[action.kind], True  # "hat Moskau verlassen"
    return _unmarked_role(document, sentence, text, action, start, end), False


_HOW = re.compile("[을를] (?:[가-힣]{1,5} ){1,2}")  # 한국을 공식 방문: how, between a place and the verb


def _unmarked_role(document: Document, sentence: Sentence, text: str, action: Action, start: int, end: int) -> str:
    lexicon = document.lexicon
    if lexicon.order == "sov":
        gap = text[end : action.start]
        places = [m.start - sentence.start for m in sentence.mentions if m.kind is Kind.PLACE]
        if any(end <= at < action.start and text[end:at].isspace() for at in places):
            return ""  # 우크라이나 키이우로 향했다: the nearer place is the verb's
        if document.language == "ko" and _HOW.fullmatch(gap):
            return lexicon.unmarked[action.kind]
        return lexicon.unmarked[action.kind] if 0 <= action.start - end <= 8 and " " not in gap.strip() else ""
    if text[end : end + 2] == "'s" and document.language == "en":
        return ""
    if action.form == "noun" and 0 <= action.start - end <= 1:
        return "in"  # "the Singapore summit"
    gap = text[action.end : start]
    if action.kind in lexicon.inverted:  # "verließ Donald Trump China": the doer stands between
        between = [m for m in sentence.mentions if m.kind is Kind.PERSON and m.start - sentence.start >= action.end]
        end = next((m.end - sentence.start for m in between if m.end - sentence.start <= start), action.end)
        action, gap = replace(action, end=max(action.end, end)), text[end:start]
    return lexicon.unmarked[action.kind] if 0 <= start - action.end <= 12 and not re.search(r"[,;，]", gap) else ""
