"""What a sentence says is done: by whom, where, and whether it has happened, will, may or will not.

Everything is bound within a clause; a clause without a subject of its own takes that of the clause before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from monitor.frames.document import Document, Sentence
from monitor.frames.mood import REVERSALS, Mood, Surroundings, tell
from monitor.language import chinese, dates, english, japanese, korean, russian
from monitor.language.cast import Tie
from monitor.language.dates import DateMention
from monitor.language.folding import lower
from monitor.language.gazetteer import Kind
from monitor.language.lexicon import Action
from monitor.language.mentions import Mention
from monitor.types import Position


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of a sentence, by the sentence's own offsets."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Event:
    """One action of one sentence with all that was bound to it. Offsets count in the sentence."""

    sentence: Sentence
    clause: Clause
    action: Action
    mood: Mood
    subjects: tuple[Mention, ...]  # who does it
    others: tuple[Mention, ...]  # people after the action: companions or those it is done to
    to: Mention | None = None
    origin: Mention | None = None
    day: date | None = None
    inherited: bool = False  # the subject comes from another clause or a pronoun
    history: bool = False
    analyst: bool = False
    negated: bool = False
    hedged: bool = False
    stranger: bool = False  # somebody does it whom we do not know


def read(document: Document, sentence: Sentence, antecedent: Mention | None) -> tuple[Event, ...]:
    """The events of one sentence. `antecedent`: whom a pronoun would mean."""
    actions = document.lexicon.actions(lower(sentence.text))
    if document.lexicon.inverted:
        actions = _outermost(actions)
    if document.language == "en":
        actions = _with_goings(sentence, actions)
    if document.lexicon.order == "sov":
        actions = _with_tenses(document, sentence, actions)
    if not actions:
        return ()
    clauses = _clauses(document, sentence)
    people = agents(document, sentence)
    found = dates.find(sentence.text, language=document.language, day=document.day)
    events: list[Event] = []
    for action in actions:
        clause = next(c for c in clauses if c.start <= action.start < c.end)
        subjects, inherited = _subjects(document, sentence, clauses, clause, action, people, antecedent)
        to, origin = _places(document, sentence, clause, action, actions)
        events.append(_event(document, sentence, clause, action, subjects, inherited, people, to, origin, found))
    return _double_negation(events)


def _with_goings(sentence: Sentence, actions: tuple[Action, ...]) -> tuple[Action, ...]:
    """The actions and "going to China", which only its place tells from "going to stay"."""
    text = lower(sentence.text)
    goings = [
        Action("move", "ing", start, start + len("going"))
        for m in sentence.mentions
        if m.kind is Kind.PLACE and (start := english.going_before(text, m.start - sentence.start)) >= 0
    ]
    return tuple(sorted([*actions, *goings], key=lambda a: a.start)) if goings else actions


def _with_tenses(document: Document, sentence: Sentence, actions: Sequence[Action]) -> tuple[Action, ...]:
    """The actions with the tense that only the end of the sentence shows: 訪問し、…会談する, 방문해 … 만날 예정."""
    text = lower(sentence.text)
    if document.language == "ja":
        return tuple(replace(a, form=japanese.form_used(text, a.start, a.end, a.form)) for a in actions)
    return tuple(replace(a, form=korean.form_used(text, a.end, a.form)) for a in actions)


def _outermost(actions: Sequence[Action]) -> tuple[Action, ...]:
    """The actions without verbs inside of words that turn something back: "n'ira finalement pas" is one thing said."""
    back = [a for a in actions if a.kind in ("cancel", "postpone")]
    return tuple(
        a
        for a in actions
        if a in back or a.form == "noun" or not any(b.start <= a.start and a.end <= b.end for b in back)
    )


def _double_negation(events: Sequence[Event]) -> tuple[Event, ...]:
    """What is denied to be off is on: "denied that the visit had been put off", "will not miss"."""
    if not any(e.action.kind in REVERSALS and e.mood is Mood.DENIED for e in events):
        return tuple(events)
    return tuple(
        replace(e, mood=Mood.FUTURE, negated=False)
        if e.mood is Mood.DENIED and e.action.kind not in REVERSALS and e.action.form == "noun"
        else e
        for e in events
        if e.action.kind != "deny"
    )


# ---- clauses ------------------------------------------------------------------------------------------------------


def _clauses(document: Document, sentence: Sentence) -> tuple[Clause, ...]:
    text = lower(sentence.text)
    cuts = {0, len(text)}
    lists = list(_lists(document, sentence, text))
    inside = {at - sentence.start for m in sentence.mentions for at in range(m.start + 1, m.end)}  # 通伦 西苏里
    for match in document.lexicon.clause_breaks.finditer(text):
        if any(start <= match.start() < end for start, end in lists) or match.start() in inside:
            continue
        cuts.add(match.end() if text[match.start()] in ",;:，；、" else match.start())
    for match in document.lexicon.speech.finditer(text):
        if document.lexicon.order == "svo":
            cuts.add(match.end())
    fronted = document.lexicon.fronted.match(text)
    if fronted is not None:
        cuts.add(fronted.end())
    ordered = sorted(cuts)
    return tuple(Clause(a, b) for a, b in pairwise(ordered) if b > a) or (Clause(0, len(text)),)


def _lists(document: Document, sentence: Sentence, text: str) -> Iterator[tuple[int, int]]:
    """The gaps between people who are listed: "시진핑 주석, 푸틴 대통령과" is no place to end a clause."""
    people = [m for m in sentence.mentions if m.kind is Kind.PERSON]
    for left, right in pairwise(people):
        start, end = left.end - sentence.start, right.start - sentence.start
        if document.lexicon.connectors.listed.fullmatch(text[start:end]):
            yield start, end


# ---- subjects -----------------------------------------------------------------------------------------------------


def agents(document: Document, sentence: Sentence) -> tuple[Mention, ...]:
    """The people of a sentence who can do something: neither the owner of a daughter nor somebody's relative."""
    kept = []
    text = lower(sentence.text)
    for mention in sentence.mentions:
        if mention.kind is not Kind.PERSON:
            continue
        start, end = mention.start - sentence.start, mention.end - sentence.start
        if _owns_something_else(document, text, end) or _is_relative_of(document, text, start):
            continue
        kept.append(mention)
    return tuple(kept)


def _possessors(document: Document, sentence: Sentence, until: int) -> list[Mention]:
    """People named before `until` for what is theirs: "Kim's chair … after he had finished"."""
    text = lower(sentence.text)
    return [
        m
        for m in sentence.mentions
        if m.kind is Kind.PERSON
        and m.form != "office"
        and m.end - sentence.start <= until
        and not _is_relative_of(document, text, m.start - sentence.start)
        and not document.lexicon.relatives.match(text[m.end - sentence.start :].lstrip("'’s 의的の"))
    ]


def _owns_something_else(document: Document, text: str, end: int) -> bool:
    lexicon = document.lexicon
    if lexicon.language != "en":
        if lexicon.language == "zh" and chinese.is_owner(text[end : end + 14], lexicon.relatives):
            return True
        return bool(re.match(r"(?:의|的|の|への)?\s?(?:" + lexicon.relatives.pattern + ")", text[end : end + 14]))
    if not re.match(r"'s?\s+\w", text[end : end + 6]):
        return False
    if any(lexicon.vehicles.search(word) for word in text[end : end + 40].split()[:4]):
        return False
    return not any(a.form == "noun" and end <= a.start < end + 50 for a in lexicon.actions(text))


def _is_relative_of(document: Document, text: str, start: int) -> bool:
    if document.lexicon.language in ("ko", "zh", "ja"):
        return False
    before = text[max(0, start - 40) : start]
    if document.language == "ru":
        return bool((word := re.search(r"([\w-]+) $", before)) and document.lexicon.relatives.fullmatch(word.group(1)))
    match = re.search(r"(\w+)(?: (?:of|von|de|du|d'|des)(?: the)? )$", before)
    return bool(match and document.lexicon.relatives.fullmatch(match.group(1)))


def _subjects(
    document: Document,
    sentence: Sentence,
    clauses: Sequence[Clause],
    clause: Clause,
    action: Action,
    people: Sequence[Mention],
    antecedent: Mention | None,
) -> tuple[tuple[Mention, ...], bool]:
    base = sentence.start
    text = lower(sentence.text)
    limit = _coordinated_with(document, text, clause, action) or action.start
    own = [m for m in people if clause.start <= m.start - base and m.end - base <= limit]
    own = [m for m in own if not _is_inviter(document, text, (m.start - base, m.end - base))]
    own = [m for m in own if not _is_oblique(document, text, m.start - base)]
    own = [m for m in own if not _is_companion(document, text, m, people, base)]
    own = _unless_oblique(document, text, base, own)
    if action.form != "noun" and text[action.start : action.end] != "не будет":  # a genitive: "Путина не будет"
        own = [m for m in own if _can_act(document, text, m, base)]
    marked = _marked_as_subject(document, text, base, own)
    if marked:
        listed = _coordinated(document, sentence, marked)
        return _with_pronoun(document, text, listed[0].start - base, antecedent, listed), False
    if document.lexicon.they.search(text[clause.start : limit]):
        return _those_listed(document, sentence, text, people, clause.start), False
    if action.form == "noun":
        doers = _doers_of_noun(document, text, base, clause, action, people)
        if doers:
            return doers, False
    before = text[clause.start : limit]
    if document.lexicon.pronouns.search(before):
        nearer = [m for m in people if m.end - base <= clause.start] or _possessors(document, sentence, clause.start)
        if nearer:
            return (nearer[0],), False
        if antecedent is not None:
            return (antecedent,), True
    if (
        _is_noun(document, text, action)
        or _has_own_subject(document, before)
        or _is_of_somebody_else(sentence, clause, limit)
    ):
        return (), True
    behind = _inverted(document, text, base, clause, action, people)
    if behind:
        return behind, False
    for earlier in reversed([c for c in clauses if c.end <= clause.start]):
        if document.lexicon.speech.search(text[earlier.start : earlier.end]) and not (
            document.language == "ru" and russian.is_own_deed(text[earlier.end : action.start])
        ):
            continue
        borrowed = [m for m in people if earlier.start <= m.start - base and m.end - base <= earlier.end]
        borrowed = [m for m in _unless_oblique(document, text, base, borrowed) if _can_act(document, text, m, base)]
        borrowed = [m for m in borrowed if not _is_inviter(document, text, (m.start - base, m.end - base))]
        if borrowed:
            return _coordinated(document, sentence, borrowed[:1]), True
    if antecedent is not None and document.language in ("ja", "ko", "zh", "es") and sentence.index > 0:
        return (antecedent,), True
    return (), True


def _marked_as_subject(document: Document, text: str, base: int, own: Sequence[Mention]) -> Sequence[Mention]:
    """Where particles tell who does it: "김 위원장은 푸틴 대통령과" is about Kim. Elsewhere everybody named."""
    marks = document.lexicon.subject_marks
    if document.lexicon.order != "sov":
        return own
    last = next((i for i in reversed(range(len(own))) if marks.match(text, own[i].end - base)), None)
    if last is None:
        return own
    told_by = next((i for i in reversed(range(last)) if marks.match(text, own[i].end - base)), -1)
    return own[told_by + 1 : last + 1]  # プーチン氏は、習氏が訪問すると述べた: who tells it does not do it


def _unless_oblique(document: Document, text: str, base: int, people: Sequence[Mention]) -> list[Mention]:
    """Those whom no particle makes the one with, to or beside whom it is done: 習氏の隣で, プーチン氏と会談し."""
    marks, listed = document.lexicon.oblique_marks, document.lexicon.connectors.listed
    if document.lexicon.order != "sov":
        return list(people)
    kept = []
    for n, mention in enumerate(people):
        following = people[n + 1] if n + 1 < len(people) else None
        in_list = following is not None and listed.fullmatch(text[mention.end - base : following.start - base])
        if in_list or not marks.match(text, mention.end - base):
            kept.append(mention)
    return kept


def _with_pronoun(
    document: Document, text: str, start: int, antecedent: Mention | None, listed: tuple[Mention, ...]
) -> tuple[Mention, ...]:
    """ "He and President Macron will meet": the pronoun is one of them."""
    before = text[max(0, start - 24) : start]
    for match in document.lexicon.pronouns.finditer(before):
        if document.lexicon.connectors.listed.fullmatch(before[match.end() :]) and antecedent is not None:
            return listed if antecedent.id in {m.id for m in listed} else (antecedent, *listed)
    return listed


def _those_listed(
    document: Document, sentence: Sentence, text: str, people: Sequence[Mention], until: int
) -> tuple[Mention, ...]:
    """Whom "they" means: the people who were listed together before, if there are any in the sentence."""
    before = [m for m in people if m.end - sentence.start <= until]
    listed = _coordinated(document, sentence, before) if before else ()
    return listed if len(listed) > 1 else ()


_NOUN_REACH = 60  # characters from a noun to whose act it is: "a visit to France by President …"


def _doers_of_noun(
    document: Document, text: str, base: int, clause: Clause, action: Action, people: Sequence[Mention]
) -> tuple[Mention, ...]:
    """Whose act a noun tells of, when he stands behind it: "the visit of X to Y", «визит Путина в Пекин»."""
    if action.kind == "invite":
        return ()  # that is the host
    for mention in people:
        start = mention.start - base
        if action.end <= start < min(clause.end, action.end + _NOUN_REACH):
            return (mention,) if document.lexicon.by.search(text[action.end : start]) else ()
    return ()


_AND_VERB = re.compile(r"(?:,|\b(?:and|und|et|y|и)) (?:\w+ly |then |later |also )?$")


def _coordinated_with(document: Document, text: str, clause: Clause, action: Action) -> int | None:
    """Where the first verb of the clause begins, if this one is coordinated with it: "he watched …, spoke to …"."""
    if (
        document.lexicon.order != "svo"
        or action.form == "noun"
        or not _AND_VERB.search(text[max(0, action.start - 24) : action.start])
    ):
        return None
    verbs = [a for a in document.lexicon.actions(text) if clause.start <= a.start < action.start and a.form != "noun"]
    return verbs[0].start if verbs else None


def _has_own_subject(document: Document, before: str) -> bool:
    """Whether somebody else, whom we do not know, does it: "… that the others stayed away"."""
    if document.language == "en":
        rest = english.own_subject(before)
        return bool(rest) and not document.lexicon.vehicles.search(rest)
    named = document.lexicon.own_subject.search(before)
    return named is not None and not document.lexicon.vehicles.search(before, named.start())


def _inverted(
    document: Document, text: str, base: int, clause: Clause, action: Action, people: Sequence[Mention]
) -> tuple[Mention, ...]:
    """Who does it when he stands behind the verb: "Am Montag traf X in Y ein", "Ha llegado a Y el presidente X"."""
    if action.kind not in document.lexicon.inverted:
        return ()
    behind = [m for m in people if action.start < m.start - base < clause.end]
    if document.language == "ru":
        behind = [m for m in behind if "," not in text[action.end : m.start - base]]
    if (
        not behind
        or _is_oblique(document, text, behind[0].start - base)
        or not _can_act(document, text, behind[0], base)
    ):
        return ()
    chain = [behind[0]]
    for left, right in pairwise(behind):
        if not document.lexicon.connectors.listed.fullmatch(text[left.end - base : right.start - base]):
            break
        chain.append(right)
    return tuple(chain)


def _is_of_somebody_else(sentence: Sentence, clause: Clause, limit: int) -> bool:
    """Whether an office whose holder we do not know stands before the verb: "the deputy speakers will attend"."""
    base = sentence.start
    return any(m.kind is Kind.OFFICE and clause.start <= m.start - base < limit for m in sentence.mentions)


def _is_oblique(document: Document, text: str, start: int) -> bool:
    """ "a letter from X arrived", not "the train of X arrived"."""
    before = text[max(0, start - 24) : start]
    if not (english.is_oblique(before) if document.language == "en" else document.lexicon.oblique.search(before)):
        return False
    return document.lexicon.vehicles.search(text[max(0, start - 40) : start]) is None


def _is_companion(document: Document, text: str, mention: Mention, people: Sequence[Mention], base: int) -> bool:
    """Whether a preposition before the verb makes the person the one with whom or to whom it is done."""
    if document.language == "ru":
        return russian.is_with(text[: mention.start - base]) and not _can_act(document, text, mention, base)
    if document.language != "zh":
        return False
    equal = chinese.equal_of_companion(text, mention.start - base)
    return equal is not None and not any(m.end - base == equal for m in people)


def _can_act(document: Document, text: str, mention: Mention, base: int) -> bool:
    """Whether the case of a Russian name lets it be the subject, by itself or through a vehicle: "самолет Путина"."""
    person = document.gazetteer.people.get(mention.id)
    if document.language != "ru" or person is None:
        return True
    start = mention.start - base
    if document.lexicon.vehicles.search(text[max(0, start - 40) : start]):
        return True
    surface = document.folded[mention.start : mention.end]
    return russian.is_nominative(surface, (*person.names.get("ru", ()), *person.short.get("ru", ())))


def _companions(
    document: Document, sentence: Sentence, clause: Clause, action: Action, people: Sequence[Mention]
) -> Iterator[Mention]:
    """Those with whom or to whom it is done, as far as they stand before the verb: 与普京会谈, 向莫迪发出邀请."""
    text = lower(sentence.text)
    for mention in people:
        if not clause.start <= mention.start - sentence.start < action.start:
            continue
        asked = action.kind == "invite" and not _can_act(document, text, mention, sentence.start)  # "Моди пригласили"
        if asked or _is_companion(document, text, mention, people, sentence.start):
            yield mention


def _is_noun(document: Document, text: str, action: Action) -> bool:
    """Whether the action is a noun for sure; in Chinese only its neighbours tell."""
    return action.form == "noun" and (document.language != "zh" or chinese.is_noun(text, action.start))


def _is_inviter(document: Document, text: str, mention: tuple[int, int]) -> bool:
    """Whether the person is the host in "at the invitation of", who does not do what the clause tells."""
    pattern = document.lexicon.inviter
    if document.lexicon.order == "sov":
        return pattern.match(text, mention[1]) is not None
    before = text[max(0, mention[0] - 40) : mention[0]]
    last = next(reversed(list(pattern.finditer(before))), None)
    return last is not None and len(before) - last.end() <= 12 and not re.search(r"[,，]", before[last.end() :])


def _coordinated(document: Document, sentence: Sentence, people: Sequence[Mention]) -> tuple[Mention, ...]:
    """The last of the people before the action and all who are listed with him."""
    chain = [people[-1]]
    for mention in reversed(people[:-1]):
        gap = sentence.text[mention.end - sentence.start : chain[0].start - sentence.start]
        if document.lexicon.connectors.listed.fullmatch(gap.lower()) or len(gap.strip()) == 0:
            chain.insert(0, mention)
        else:
            break
    first = people[0]
    return tuple(dict.fromkeys(chain if chain[0] is first or len(chain) > 1 else [first, *chain][: len(people)]))


# ---- places -------------------------------------------------------------------------------------------------------


def _places(
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
        if not clause.start <= start < clause.end or not _nearest(action, actions, start, end, lexicon.order, clause):
            continue
        role, marked = _role(document, sentence, action, start, end)
        if role == "in" and lexicon.order == "sov" and lexicon.unmarked[action.kind] == "from":
            role = "from"  # 에서 is "at" and "from"
        if role == "from" and origin is None:
            origin = mention
        elif role in ("to", "in") and (to is None or (role == "to" and marked and not to_marked)):
            to, to_marked = mention, marked and role == "to"
    ended = next((a for a in actions if a.kind == "visit" and action.start < a.start < a.end <= action.end), None)
    if action.kind == "leave" and ended is not None and origin is None:
        return None, to or _places(document, sentence, clause, ended, actions)[0]  # "wrapped up his visit to Russia"
    if to is not None and origin is not None and to.country == origin.country and to.start - base < action.start:
        to = None  # "a achevé sa visite en Hongrie et quitté Budapest"
    return to, origin


_COMPOUND = re.compile(r"[-–]\w")


def _whereabouts(document: Document, sentence: Sentence) -> Iterator[Mention]:
    """The places of a sentence; a body that is called by its seat ("the Kremlin") is one as well."""
    for mention in sentence.mentions:
        if _COMPOUND.match(sentence.text, mention.end - sentence.start):
            continue  # "the U.S.-EU trade"
        if mention.kind is Kind.PLACE:
            yield mention
        elif mention.kind is Kind.ADJECTIVE and _of_a_trip(document, sentence, mention):
            yield replace(mention, kind=Kind.PLACE, place_kind="country", form="name")
        elif mention.kind is Kind.ORGAN and mention.country:
            surface = lower(sentence.text[mention.start - sentence.start : mention.end - sentence.start])
            if document.lexicon.seats.fullmatch(surface):
                city = document.gazetteer.capital(mention.country)
                yield replace(mention, kind=Kind.PLACE, id=city or mention.country, place_kind="site", form="name")


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
    return not before or before[-1].start == action.start or action.start >= end


_FROM_SOMEWHERE = ("leave", "move", "return", "homeward")


def _role(document: Document, sentence: Sentence, action: Action, start: int, end: int) -> tuple[str, bool]:
    """What the place at `start` is to the action ("to", "in", "from" or nothing), and whether an adposition says so."""
    lexicon = document.lexicon
    text = lower(sentence.text)
    inside = action.start <= start < action.end
    if inside and not lexicon.bracket:
        return lexicon.unmarked[action.kind], True  # 结束对中国的访问
    window = text[end : end + 6] if lexicon.order == "sov" else text[max(0, start - 24) : start]
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


def _unmarked_role(document: Document, sentence: Sentence, text: str, action: Action, start: int, end: int) -> str:
    lexicon = document.lexicon
    if lexicon.order == "sov":
        gap = text[end : action.start]
        places = [m.start - sentence.start for m in sentence.mentions if m.kind is Kind.PLACE]
        if any(end <= at < action.start and text[end:at].isspace() for at in places):
            return ""  # 우크라이나 키이우로 향했다: the nearer place is the verb's
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


# ---- events -------------------------------------------------------------------------------------------------------


def _event(
    document: Document,
    sentence: Sentence,
    clause: Clause,
    action: Action,
    subjects: tuple[Mention, ...],
    inherited: bool,
    people: Sequence[Mention],
    to: Mention | None,
    origin: Mention | None,
    found: Sequence[DateMention],
) -> Event:
    text = lower(sentence.text)
    if document.language == "en":
        action = english.as_used(text, action)
    elif document.language == "zh":
        action = chinese.as_used(text, action)
    elif document.lexicon.bracket and action.form == "base" and not _GOVERNED.search(text[clause.start : clause.end]):
        action = replace(action, form="present")  # "Putin und Xi telefonieren": the plural looks like an infinitive
    elif document.language == "ru" and action.kind == "invite" and russian.is_manner(text[: action.start]):
        action = replace(action, form="gerund")
    named = [d for d in found if clause.start <= d.start < clause.end] or list(found)
    headline = sentence.position is Position.TITLE
    since = any(_SINCE.search(text[: d.start]) for d in named)
    looking = document.language in _LOOKING_AHEAD and not headline and not since
    day = _event_day(named, action, document.day, ahead=looking)
    ahead = chinese.clauses_ahead(text, clause.start, clause.end) if document.language == "zh" and inherited else ""
    around = Surroundings(text, clause.start, clause.end, action, headline, ahead)
    tone = tell(document, around, day)
    if _is_demanded(document, text, clause, action, subjects):
        tone = replace(tone, mood=Mood.VOID)
    others = _others(document, sentence, clause, action, subjects, people)
    if document.language == "de" and action.kind in ("invite", "receive") and not others:
        subjects, others = subjects[:1], subjects[1:]  # "hat … eingeladen": the guest stands before the verb
    return Event(
        sentence=sentence,
        clause=clause,
        action=action,
        mood=tone.mood,
        subjects=subjects,
        others=others,
        to=to,
        origin=origin,
        day=day,
        inherited=inherited,
        history=tone.history,
        analyst=_is_guess(document, text),
        negated=tone.negated,
        hedged=tone.hedged,
        stranger=not subjects and _is_done_by_a_stranger(document, sentence, clause, action),
    )


def _is_done_by_a_stranger(document: Document, sentence: Sentence, clause: Clause, action: Action) -> bool:
    if action.form in ("noun", "state"):
        return False
    before = lower(sentence.text)[clause.start : action.start]
    if document.lexicon.they.search(before):
        return False
    return _has_own_subject(document, before) or _is_of_somebody_else(sentence, clause, action.start)


def _is_demanded(document: Document, text: str, clause: Clause, action: Action, subjects: Sequence[Mention]) -> bool:
    """ "demanded the president return": a base form with one subject tells of nothing done."""
    if document.language != "en" or action.form != "base" or len(subjects) != 1:
        return False
    before = text[clause.start : action.start]
    return english.is_bare(before) and not document.lexicon.they.search(before)


def _is_guess(document: Document, text: str) -> bool:
    """Whether somebody without knowledge of his own says it: an analyst who says or expects, not one who wonders."""
    lexicon = document.lexicon
    if not lexicon.modifiers["analyst"].search(text):
        return False
    saying = (lexicon.speech, lexicon.speech_before, lexicon.modifiers["hedge"])
    return any(pattern.search(text) for pattern in saying)


def _others(
    document: Document,
    sentence: Sentence,
    clause: Clause,
    action: Action,
    subjects: Sequence[Mention],
    people: Sequence[Mention],
) -> tuple[Mention, ...]:
    """People named behind the action in its clause; of an invitation only the guests, who stand first."""
    if document.lexicon.order == "sov":
        before = [m for m in people if clause.start <= m.start - sentence.start < action.start and m not in subjects]
        if not before and action.kind == "invite" and action.form != "noun":  # …に対し、訪問するよう招待した
            before = [m for m in people if m.end - sentence.start <= clause.start and m not in subjects][-1:]
        return tuple(before)
    text = lower(sentence.text)
    behind = [m for m in people if action.start < m.start - sentence.start < clause.end and m not in subjects]
    if document.lexicon.bracket:  # "wird von X empfangen": X is the host
        behind = [
            m for m in behind if action.kind != "receive" or not _is_oblique(document, text, m.start - sentence.start)
        ]
        behind += _beside_bracket(document, sentence, clause, action, people)
    behind = [*_companions(document, sentence, clause, action, people), *behind]
    if action.kind not in ("invite", "receive"):
        return tuple(behind)
    if document.language == "en" and english.is_passive(lower(sentence.text), action.start):
        return ()  # "has been invited": the guest is the subject
    if action.form == "noun":
        asked = list(_companions(document, sentence, clause, action, people)) if document.language == "ru" else []
        return tuple(asked) or _guests_of_noun(document, sentence, action, behind)
    guests = behind[:1] or _meant(document, sentence, action, subjects, people)
    for left, right in pairwise(behind):
        gap = sentence.text[left.end - sentence.start : right.start - sentence.start]
        if not document.lexicon.connectors.listed.fullmatch(gap.lower()):
            break
        guests.append(right)
    return tuple(guests)


def _meant(
    document: Document, sentence: Sentence, action: Action, subjects: Sequence[Mention], people: Sequence[Mention]
) -> list[Mention]:
    """Whom a pronoun right behind the verb means: the last named before who does not do it himself."""
    if not document.lexicon.pronouns.match(lower(sentence.text), action.end):
        return []
    before = [m for m in people if m.end - sentence.start <= action.start and m not in subjects]
    return before[-1:]


def _beside_bracket(
    document: Document, sentence: Sentence, clause: Clause, action: Action, people: Sequence[Mention]
) -> list[Mention]:
    """Companions before a verb that closes its clause: "hat mit X telefoniert"."""
    if action.form == "noun":
        return []
    text, base = lower(sentence.text), sentence.start
    before = [m for m in people if clause.start <= m.start - base < action.start]
    return [m for m in before if re.search(r"\bmit (?:\w+ )?$", text[: m.start - base])]


def _guests_of_noun(
    document: Document, sentence: Sentence, action: Action, behind: Sequence[Mention]
) -> tuple[Mention, ...]:
    """ "an invitation to X": those whom an adposition of direction leads to; in "at the invitation of X" nobody."""
    text = lower(sentence.text)
    to = document.lexicon.adpositions["to"]
    return tuple(m for m in behind[:1] if to.search(text[action.end : m.start - sentence.start][-12:]))


_LOOKING_AHEAD = ("de", "en", "es", "fr")  # languages in which the present tense tells of what is to come


_GOVERNED = re.compile(  # what an infinitive hangs on in German
    r"\b(?:wird|werden?|will|wollen?|wollte|soll\w*|kann|können?|könnt\w*|möcht\w*|muss|müss\w*|darf|dürf\w*|würd\w*|"
    r"mag|lässt|ließ\w*|lassen|um|zu|zum|beim|statt|ohne|nicht|\w+zu\w+en)\b"
)
_SINCE = re.compile(r"\b(?:since|seit|depuis|desde)(?: el| le)? $")


def _event_day(found: Sequence[DateMention], action: Action, day: date, *, ahead: bool) -> date | None:
    """The day of an action. `ahead`: a present tense with a weekday looks ahead ("travels on Tuesday")."""
    exact = [d for d in found if not d.vague]
    chosen = min(exact or found, key=lambda d: min(abs(d.start - action.end), abs(action.start - d.end)), default=None)
    if chosen is None:
        return None
    forms = ("base", "future", "present") if ahead else ("base", "future")
    if chosen.relative and not chosen.vague and action.form in forms and chosen.day < day:
        return date.fromordinal(chosen.day.toordinal() + 7)  # "will … on Monday" looks ahead
    return chosen.day


def antecedents(document: Document) -> Iterator[tuple[Sentence, Mention | None]]:
    """Each sentence with the person whom a pronoun in it would mean: the first whom the sentence before named.

    Nobody is carried over into an aside or out of it, and into a paragraph that names nobody only where its first
    sentence goes back to somebody.
    """
    story: Mention | None = None
    here: Mention | None = None  # named in this paragraph
    going_on = False
    paragraph = -1
    for sentence in document.sentences:
        if sentence.paragraph != paragraph:
            paragraph, here, going_on = sentence.paragraph, None, goes_on(document, sentence)
        yield sentence, here or (story if going_on else None)
        named = [m for m in agents(document, sentence) if m.form != "office"]
        if named:
            here = named[0]
            story = story if sentence.tie is Tie.ASIDE else here


def goes_on(document: Document, sentence: Sentence) -> bool:
    """Whether a paragraph that begins with the sentence goes on with the title's story."""
    if sentence.tie is not Tie.LOOSE:
        return sentence.tie is Tie.OWN
    text = lower(sentence.text)
    return bool(document.lexicon.pronouns.search(text) or document.lexicon.the_pair.search(text))
