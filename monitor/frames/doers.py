"""Who does what a clause tells: subjects by their stand, their particles and their case, and those beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from monitor.frames.appositions import told_of
from monitor.frames.clauses import Clause, is_quoted, quote_opens
from monitor.frames.demonyms import by_country
from monitor.frames.document import Document, Sentence
from monitor.frames.owners import is_owner_of_doer, is_relative_of, owns_something_else
from monitor.frames.possessives import owner_of, taken_along
from monitor.frames.presented import presented
from monitor.frames.pronouns import led_by_pronoun
from monitor.language import chinese, english, korean, russian
from monitor.language.folding import lower
from monitor.language.gazetteer import Kind
from monitor.language.lexicon import Action
from monitor.language.mentions import Mention


def agents(document: Document, sentence: Sentence) -> tuple[Mention, ...]:
    """The people of a sentence who can do something: neither the owner of a daughter nor somebody's relative."""
    kept = []
    text = lower(sentence.text)
    for mention in sentence.mentions:
        if mention.kind is not Kind.PERSON:
            continue
        start, end = mention.start - sentence.start, mention.end - sentence.start
        if owns_something_else(document, text, end) or is_relative_of(document, text, start):
            continue
        kept.append(mention)
    meant = tuple(by_country(document, sentence))
    return tuple(sorted((*kept, *meant), key=lambda m: m.start)) if meant else tuple(kept)


def _possessors(document: Document, sentence: Sentence, until: int) -> list[Mention]:
    """People named before `until` for what is theirs: "Kim's chair … after he had finished"."""
    text = lower(sentence.text)
    return [
        m
        for m in sentence.mentions
        if m.kind is Kind.PERSON
        and m.form != "office"
        and m.end - sentence.start <= until
        and not is_relative_of(document, text, m.start - sentence.start)
        and not document.lexicon.relatives.match(text[m.end - sentence.start :].lstrip("'’s 의的の"))
    ]


def subjects_of(
    document: Document,
    sentence: Sentence,
    clauses: Sequence[Clause],
    clause: Clause,
    action: Action,
    people: Sequence[Mention],
    antecedent: Mention | None,
) -> tuple[tuple[Mention, ...], bool]:
    """Who does what `action` says, and whether that was carried over from another clause or a pronoun.

    `antecedent`: whom a pronoun would mean. Nobody when somebody else does it whom we do not know.
    """
    base, text = sentence.start, lower(sentence.text)
    if described := told_of(document, text, base, action, people):
        return described, False
    if shown := _shown(document, text, base, clause, action, people):
        return shown, False
    if (led := led_by_pronoun(document, sentence, clause, action, people, antecedent)) is not None:
        return led
    if (taken := taken_along(document, sentence, action, people, antecedent)) is not None:
        return taken
    limit = _coordinated_with(document, text, clause, action) or action.start
    own = _named_before(document, text, base, clause, action, limit, people)
    if document.language == "fr" and len(own) == 1 and _THEY_WHO.fullmatch(text, action.start, action.end):
        return (), True
    marked = _marked_as_subject(document, text, base, own)
    if marked:
        listed = _coordinated(document, sentence, marked)
        return _with_pronoun(document, text, listed[0].start - base, antecedent, listed), False
    if document.lexicon.they.search(text[clause.start : limit]):
        return _those_listed(document, sentence, text, people, clause.start), False
    if action.form == "noun":
        doers = _doers_of_noun(document, text, base, clause, action, people)
        doers = doers or owner_of(document, sentence, clause, action, people)
        if doers:
            return doers, False
    before = text[clause.start : limit]
    if document.lexicon.pronouns.search(before):
        nearer = [m for m in people if m.end - base <= clause.start and not is_quoted(text, m.start - base, action)]
        nearer = nearer or _possessors(document, sentence, clause.start)
        if nearer:
            return (nearer[0],), False
        if antecedent is not None:
            return (antecedent,), True
    if (
        _is_noun(document, text, action)
        or (has_own_subject(document, before) and not _is_object_in_front(document, action, before))
        or is_of_somebody_else(document, sentence, clause, limit)
    ):
        return (), True
    if behind := _inverted(document, text, base, clause, action, people):
        return behind, False
    return _from_elsewhere(document, sentence, clauses, clause, action, people, antecedent, before), True


def _shown(
    document: Document, text: str, base: int, clause: Clause, action: Action, people: Sequence[Mention]
) -> tuple[Mention, ...]:
    """Whom words for being there lead to, where nobody stands before them: "on the rostrum was X"."""
    free = [m for m in people if not is_oblique(document, text, m.start - base) and _can_act(document, text, m, base)]
    if any(clause.start <= m.start - base < action.start for m in free):
        return ()
    return tuple(presented(document, text, base, action, free))


def _from_elsewhere(
    document: Document,
    sentence: Sentence,
    clauses: Sequence[Clause],
    clause: Clause,
    action: Action,
    people: Sequence[Mention],
    antecedent: Mention | None,
    before: str,
) -> tuple[Mention, ...]:
    """Who does it where the clause names nobody: whom a clause or the sentence before it names. `before`: its words."""
    base, text = sentence.start, lower(sentence.text)
    if document.language == "ru" and _is_headed_by_a_country(document, sentence, before, clause):
        return ()
    borrowed = _carried_over(document, text, base, clauses, clause, action, people)
    if borrowed:
        return _coordinated(document, sentence, borrowed)
    if document.language == "es" and _is_headed_by_a_country(document, sentence, before, clause):
        return ()
    if antecedent is not None and sentence.index > 0 and _goes_back(document, text, clause):
        return (antecedent,)
    return ()


def _named_before(
    document: Document,
    text: str,
    base: int,
    clause: Clause,
    action: Action,
    limit: int,
    people: Sequence[Mention],
) -> list[Mention]:
    """Who stands in the clause up to `limit` and can be the one who acts: no host, no companion, nobody's oblique."""
    own = [m for m in people if clause.start <= m.start - base and m.end - base <= limit]
    own = [m for m in own if not _is_inviter(document, text, (m.start - base, m.end - base))]
    own = [m for m in own if not is_oblique(document, text, m.start - base)]
    own = [m for m in own if not _is_companion(document, text, m, people, base)]
    if document.language == "en" and action.kind in _DEEDS and english.as_used(text, action).form != "noun":
        own = [m for m in own if not is_owner_of_doer(document, text[m.end - base : limit])]
    own = _unless_oblique(document, text, base, own)
    if own and document.language == "ru" and russian.resumes(text[: clause.start], text[own[-1].end - base : limit]):
        return []
    if action.form == "noun" or text[action.start : action.end] == "не будет":  # a genitive: "Путина не будет"
        return own
    return [m for m in own if _can_act(document, text, m, base)]


_DEEDS = ("leave", "move", "visit", "arrive", "cross", "return", "attend")


def _carried_over(
    document: Document,
    text: str,
    base: int,
    clauses: Sequence[Clause],
    clause: Clause,
    action: Action,
    people: Sequence[Mention],
) -> list[Mention]:
    """Whom the nearest clause before names as its own; who only speaks there acts no further."""
    for earlier in reversed([c for c in clauses if c.end <= clause.start]):
        if document.lexicon.speech.search(text[earlier.start : earlier.end]) and not (
            document.language == "ru" and russian.is_own_deed(text[earlier.end : action.start])
        ):
            continue
        opened = quote_opens(text, earlier, action.start)  # 美당국자 "마크롱, 이달 방문": who speaks does not go
        borrowed = [m for m in people if opened <= m.start - base and m.end - base <= earlier.end]
        borrowed = [m for m in _unless_oblique(document, text, base, borrowed) if _can_act(document, text, m, base)]
        borrowed = [m for m in borrowed if not _is_inviter(document, text, (m.start - base, m.end - base))]
        if borrowed:
            return _who(document, text, base, clause, borrowed) or borrowed[:1]
    return []


def _who(document: Document, text: str, base: int, clause: Clause, people: Sequence[Mention]) -> list[Mention]:
    """The last of the people, if the clause tells of him: "received X, who arrived on Monday"."""
    found = document.lexicon.who.match(text, people[-1].end - base)
    return [people[-1]] if found is not None and found.start() <= clause.start <= found.end() else []


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
        else:  # 金正恩（キム・ジョンウン）総書記と: all of it is one name
            while kept and kept[-1].id == mention.id:
                kept.pop()
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


def _is_object_in_front(document: Document, action: Action, before: str) -> bool:
    """ "Die verschobene Reise holt X nun nach": what stands before the verb is the journey that he makes."""
    if not document.lexicon.bracket or action.kind != "visit":
        return False
    return any(a.kind == "visit" and a.form == "noun" for a in document.lexicon.actions(before))


_THEY_WHO = re.compile(r"(?:arrivé|revenu|rentré|parti|reparti|débarqué|invité|convié)e?s")  # "des élèves revenus de"
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


def has_own_subject(document: Document, before: str) -> bool:
    """Whether somebody else, whom we do not know, does it: "… that the others stayed away"."""
    if document.language == "en":
        rest = english.own_subject(before)
        return bool(rest) and not document.lexicon.vehicles.search(rest)
    named = document.lexicon.own_subject.search(before)
    return named is not None and not document.lexicon.vehicles.search(before, named.start())


_AND = {"ru": r"(?:и|а|но)", "de": r"(?:und|aber)", "fr": r"(?:et|puis|mais)"}


def _goes_back(document: Document, text: str, clause: Clause) -> bool:
    """Whether a clause without a subject has that of the sentence before: "He will attend, and on Friday …"."""
    if document.language in ("ja", "ko", "zh", "es"):
        return True
    word = _AND.get(document.language, "(?!)")
    joined = re.match(rf"\W*{word}\b", text[clause.start : clause.end]) or re.search(
        rf"\b{word} $", text[: clause.start]
    )
    return joined is not None and document.lexicon.pronouns.match(text.lstrip(' "«„')) is not None


def _is_headed_by_a_country(document: Document, sentence: Sentence, before: str, clause: Clause) -> bool:
    """Whether a country opens the clause and so does what it tells: "España no ha participado"."""
    at = sentence.start + clause.start + len(before) - len(before.lstrip())
    head = next((m for m in sentence.mentions if m.kind is Kind.PLACE and m.start == at), None)
    if head is None or document.language != "ru":
        return head is not None
    return russian.is_nominative_country(document.folded[head.start : head.end])


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
        or is_oblique(document, text, behind[0].start - base)
        or not _can_act(document, text, behind[0], base)
    ):
        return ()
    chain = [behind[0]]
    for left, right in pairwise(behind):
        if not document.lexicon.connectors.listed.fullmatch(text[left.end - base : right.start - base]):
            break
        chain.append(right)
    return tuple(chain)


def is_of_somebody_else(document: Document, sentence: Sentence, clause: Clause, limit: int) -> bool:
    """Whether an office whose holder we do not know stands before the verb: "the deputy speakers will attend"."""
    base, text = sentence.start, lower(sentence.text)
    offices = [m.start - base for m in sentence.mentions if m.kind is Kind.OFFICE]
    if document.lexicon.bracket:  # "beim Begräbnis für den Papst sprachen …": what hangs on a preposition does nothing
        offices = [at for at in offices if not is_oblique(document, text, at)]
    return any(clause.start <= at < limit for at in offices)


def is_oblique(document: Document, text: str, start: int) -> bool:
    """Whether a name hangs on a preposition: "a letter from X arrived", not "the train of X arrived"."""
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


def companions(
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
    """Whether the action is a noun for sure: in Chinese its neighbours tell, in Korean whether it ends a headline."""
    if action.form != "noun" or (document.language == "ko" and korean.closes(text, action.end)):
        return False
    return document.language != "zh" or chinese.is_noun(text, action.start)


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
