"""Whether a thing has happened, will, may or will not: the words around an action, and its day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from monitor.frames.document import Document
from monitor.frames.history import is_history
from monitor.frames.surroundings import REVERSALS, Mood, Surroundings
from monitor.language import chinese, dates, english, japanese, korean, russian
from monitor.language.lexicon import Action
from monitor.language.subjunctive import is_subjunctive

# Forms that say nothing of time, so that a doubt beside them makes them a possibility; Chinese verbs have no tense.
_TENSELESS = {
    "zh": ("past", "present", "noun", "base", "state"),
    "ko": ("present", "noun", "base", "state"),
    "ja": ("present", "noun", "base", "state"),
}
_CLOSE, _FAR, _BESIDE = 80, 160, 32  # characters between a denial, its "that" and what it denies


@dataclass(frozen=True, slots=True)
class Tone:
    """How an action is told."""

    mood: Mood
    negated: bool
    history: bool


def tell(document: Document, around: Surroundings, day: date | None) -> Tone:
    """How the action is told; `day` is when it happens, as far as the clause says."""
    modifiers = document.lexicon.modifiers
    negated = bool(modifiers["negation"].search(_scope_of_negation(document, around)))
    if negated and document.language == "en" and around.action.form == "noun":
        negated = english.negates_noun(around.before, around.text[around.action.end : around.end])
    doubted = any(modifiers["hedge"].search(part) for part in (around.inside, around.ahead, around.onward))
    governed = document.language == "ru" and russian.is_doubted(around.text, around.start, modifiers["hedge"])
    governed = governed or _hangs_on_hedge(document, around)
    hedged = doubted or governed or _is_conditional(document, around) or _is_supposed(document, around)
    mood = _mood(document, around, day, negated, hedged)
    described = document.language == "ko" and korean.describes(around.text, around.action.end)
    if described and mood in (Mood.FUTURE, Mood.POSSIBLE):
        mood = Mood.REAL  # 러시아를 방문한 김정일 위원장이 중국을 경유할 것으로 보인다
    return Tone(
        mood=mood,
        negated=negated or mood is Mood.DENIED,
        history=is_history(document, around, day, mood),
    )


_WEIGHING = 60  # characters before "whether" in which somebody considers it
_DOUBTING = 40  # characters before "that" in which a doubt governs it
_THAT_CLAUSE = re.compile(r"\s?(?:qu(?:e\b|')|dass\b|что\b)")


def _hangs_on_hedge(document: Document, around: Surroundings) -> bool:
    """ "Es probable que acuda", "il est possible qu'il vienne", "es gilt als möglich, dass er reist"."""
    hedge = document.lexicon.modifiers["hedge"]
    if document.language == "en":
        governing = english.governing(around.text, around.start, around.end)
        found = hedge.search(governing)
        return found is not None and document.lexicon.speech.search(governing, found.end()) is None
    return document.language != "ru" and _is_governed_by(document, around, hedge)


def _hangs_on_wish(document: Document, around: Surroundings) -> bool:
    """ "Die Opposition fordert, dass er reist": what is wished for by others need not come."""
    tensed = around.action.form in ("present", "base", "future")
    return tensed and _is_governed_by(document, around, document.lexicon.modifiers["desire"])


def _is_governed_by(document: Document, around: Surroundings, words: re.Pattern[str]) -> bool:
    """Whether the action stands in a "that" clause which one of the words right before governs."""
    if document.language not in ("de", "es", "fr", "ru"):
        return False
    before = around.text[max(0, around.start - _DOUBTING) : around.start]
    linked = _THAT_CLAUSE.match(around.inside) or before.rstrip().endswith(("dass", "что"))
    found = words.search(before) if linked else None
    return found is not None and document.lexicon.speech.search(before, found.end()) is None


def _is_weighed(document: Document, around: Surroundings) -> bool:
    """ "Es wird geprüft, ob er reist": what is being considered may be."""
    head = around.text[max(0, around.start - _WEIGHING) : around.action.start]
    whether = next(reversed(list(document.lexicon.whether.finditer(head))), None)
    if whether is None or len(head) - whether.end() > 2 * _WEIGHING:
        return False
    return document.lexicon.weighed.search(head[max(0, whether.start() - _WEIGHING) : whether.start()]) is not None


_THAT = re.compile(r"\s?qu(?:e\b|')")


def _is_conditional(document: Document, around: Surroundings) -> bool:
    """Whether a conditional tells of what may be: "viendrait", but not in "a annoncé qu'il viendrait"."""
    found = document.lexicon.conditional.search(around.inside)
    if found is None or (around.action.form == "noun" and not document.lexicon.happening.match(found.group())):
        return False  # "une rencontre ne réglerait rien"
    governing = around.text[max(0, around.start - 70) : around.start]
    return not (_THAT.match(around.inside) and document.lexicon.speech.search(governing))


def _is_supposed(document: Document, around: Surroundings) -> bool:
    """ "The president would fly in for a day", which nobody is told to have said; "should land in the evening"."""
    if document.language != "en" or around.action.form != "base":
        return False
    if english.is_called_for(around.before):
        return around.action.kind in _EXPECTED
    told = document.lexicon.speech.search(around.text) or document.lexicon.that.search(around.text)
    return english.is_told_with_would(around.before) and told is None


def _is_followed_by_plan(document: Document, around: Surroundings) -> bool:
    """ "Left on Saturday and was due to land there at night": the plan is of what comes after "and"."""
    planned = document.lexicon.modifiers["plan_past"].search(around.inside)
    if around.action.form != "past" or planned is None or around.start + planned.start() < around.action.end:
        return False
    return _AND.search(around.text, around.action.end, around.start + planned.start()) is not None


_AND = re.compile(r" (?:and|und|et|y|e|и) $")
_EXPECTED = ("arrive", "cross", "return")  # what "should" come is expected rather than called for


def _mood(document: Document, around: Surroundings, day: date | None, negated: bool, hedged: bool) -> Mood:
    modifiers, action = document.lexicon.modifiers, around.action
    meant = modifiers["plan_past"].search(around.inside) is not None and not _is_followed_by_plan(document, around)
    meant = meant and action.kind not in REVERSALS  # what was planned may end
    meant = meant and not _is_turned_back(document, around)
    if _is_weighed(document, around):
        return Mood.POSSIBLE
    if action.form == "gerund" or meant or modifiers["condition"].search(around.inside):
        return Mood.VOID
    if _hangs_on_condition(document, around) or _is_called_off_behind(document, around):
        return Mood.VOID
    if action.kind == "deny" and _is_undone(document, around, action):
        return Mood.VOID
    if _hangs_on_denial(document, around):
        return Mood.DENIED
    if document.language == "ja":
        clause = around.text[: max(around.end, action.end)]
        if japanese.is_wished_for(clause, action.form, action.end, modifiers["desire"]):
            return Mood.VOID
    bare = document.language == "en" and action.form == "base"
    called_for = bare and english.is_called_for(around.before)
    planned = modifiers["future"].search(around.before) is not None
    if bare and action.kind == "attend" and english.is_one_of_few_to(around.before) and not (planned or hedged):
        return Mood.REAL  # "was the only European leader to attend"
    if bare and english.is_the_first_to(around.before) and not planned:
        return Mood.VOID
    if _hangs_on_wish(document, around) or (called_for and not hedged):
        return Mood.VOID
    wishful = (
        action.form == "base" or document.language == "zh" or (document.language == "ru" and action.form == "noun")
    )
    if wishful and _is_wish(document, around):
        return Mood.VOID
    if negated and action.kind == "decline" and document.lexicon.inverted:
        return Mood.VOID  # "ne renoncera pas": in these languages the "not" of "will not come" is part of the action
    if negated:
        return Mood.DENIED
    if not hedged and _asserts_nothing(document, around):
        return Mood.VOID
    if _is_future(document, around, day):
        return Mood.POSSIBLE if hedged or _is_only_reported(document, around) else Mood.FUTURE
    if hedged and action.form == "present" and document.lexicon.perhaps.search(around.inside):
        return Mood.POSSIBLE  # "empfängt womöglich"
    joined = _is_joined(document, around)
    if hedged and (joined or action.form in _TENSELESS.get(document.language, ("base", "noun", "state"))):
        return Mood.POSSIBLE
    return Mood.ONGOING if action.form == "ing" else Mood.REAL


def _is_turned_back(document: Document, around: Surroundings) -> bool:
    """Whether talks that were planned are what is called off behind them: 原定周日的会晤推迟."""
    if around.action.kind not in ("meet", "phone") or around.action.form != "noun":
        return False
    following = next((a for a in document.lexicon.actions(around.text) if a.start >= around.action.end), None)
    return following is not None and following.kind in ("cancel", "postpone") and following.start < around.end


_CONFIRMED = re.compile("confirm|bestätig|подтвер")
_REPORTED = 60  # characters before a clause in which "reports that" governs it


def _is_only_reported(document: Document, around: Surroundings) -> bool:
    """ "Declined to comment on reports that he will visit": nobody says that he will."""
    if document.language not in ("de", "en", "es", "ru"):
        return False
    before = around.text[max(0, around.start - _REPORTED) : around.action.start]
    return document.lexicon.reports.search(before) is not None and not _CONFIRMED.search(around.text)


def _asserts_nothing(document: Document, around: Surroundings) -> bool:
    """Whether a subjunctive is neither planned nor set for a day: "pide que viaje", not "está previsto que viaje"."""
    action = around.action
    if action.form != "base" or not is_subjunctive(around.text[action.start : action.end], document.language):
        return False
    return document.lexicon.modifiers["future"].search(around.text, max(0, around.start - 70), around.start) is None


def _hangs_on_condition(document: Document, around: Surroundings) -> bool:
    """Whether the clause before sets a condition, where a comma ends it."""
    if document.language == "zh":
        return chinese.hangs_on_condition(around.text, around.start)
    if document.lexicon.order == "sov":
        ahead = around.text[: around.start].rstrip("、, ")
        return document.lexicon.modifiers["condition"].search(ahead[-_CONDITION:]) is not None
    if document.language == "ru":
        return russian.hangs_on_condition(around.text, around.start)
    opening = re.split(r"[;:]", around.text[: around.start])[-1].lstrip(' "«–-')
    return document.lexicon.if_clause.match(opening) is not None


def _scope_of_negation(document: Document, around: Surroundings) -> str:
    """Where a "not" stands: before the action, in German and French around it, in Korean and Japanese behind."""
    if document.lexicon.order == "sov":
        return _up_to_the_next(document, around)
    if document.language in ("de", "fr", "es"):
        if around.action.form == "noun" and not _is_noun_denied(document, around):
            return ""
        behind = around.action.end - around.start if document.language == "es" else None
        return _without_reversals(document, around)[:behind]
    if document.language == "ru" and around.action.form == "noun" and russian.says_not(around.after):
        return "не "
    if around.action.kind in (*REVERSALS, "pledge"):
        return around.before.rpartition(", ")[2]  # "will not go ahead": the "not" is part of what is said
    return around.before + around.text[around.action.start : around.action.end]


def _is_noun_denied(document: Document, around: Surroundings) -> bool:
    """Whether it is the thing itself that is not to be: "aucune visite", "no habrá reunión"."""
    lexicon = document.lexicon
    return lexicon.no_noun.search(around.before) is not None or lexicon.not_to_be.search(around.inside) is not None


def _up_to_the_next(document: Document, around: Surroundings) -> str:
    """The clause from the action to the next one, whose "not" is its own; without what is itself a "not"."""
    start = around.action.end if around.action.kind in REVERSALS else around.action.start
    following = [a for a in document.lexicon.actions(around.text) if around.action.end <= a.start < around.end]
    later = [a.start for a in following if a.kind != "begin"]  # 준비를 하고 있지 않다
    after = around.text[start : min(later, default=around.end)]
    if around.action.kind in REVERSALS:
        return after
    if document.language == "ja":
        return japanese.own_negations(after, around.action.end - start)
    short = korean.negated_before(around.text, around.action.start)
    return short + korean.own_negations(after, around.action.end - start)


def _without_reversals(document: Document, around: Surroundings) -> str:
    """The clause without the words of what turns something back: the "pas" of "n'aura pas lieu" is theirs alone."""
    text, action = around.text, around.action
    own = document.lexicon.modifiers["negation"].search(text[action.start : action.end])
    if action.kind in REVERSALS and own and _NE.search(around.before) is None:
        return ""  # "aucune visite n'est prévue": both words are one denial; not so in "n'a pas renoncé"
    for other in document.lexicon.actions(text):
        if own and other.start < action.end and action.start < other.end:
            continue
        apart = other.kind != "decline" or other.end <= action.start or other.start >= action.end
        if other.kind in REVERSALS and other.kind != "deny" and other.start >= around.start and apart:
            before = _NE.search(text, 0, other.start)
            start = before.start() if before else other.start  # "ne renoncera pas": the "not" is that of the reversal
            text = text[:start] + " " * (other.end - start) + text[other.end :]
    return text[around.start : around.end]


_NE = re.compile(r"(?<!\w)(?:ne |n')$")  # the first half of a French "ne … pas"


def _hangs_on_denial(document: Document, around: Surroundings) -> bool:
    """ "The palace denies the king plans to visit": what hangs on a denial or on disbelief is denied."""
    if around.action.kind == "deny":
        return False
    if document.lexicon.order == "sov":
        return _is_denied_behind(document, around)
    if _is_untrue_report(document, around) or (document.language == "zh" and _is_denied_behind(document, around)):
        return True
    doubt = document.lexicon.modifiers["doubt"]
    if doubt.search(english.governing(around.text, around.start, around.end)):
        return True
    if around.action.form != "noun" and _is_governed_by(document, around, doubt):
        return True
    return any(
        a.kind == "deny"
        and a.form in ("present", "past", "state")
        and _governs(document, around, a)
        and not _is_undone(document, around, a)
        for a in _shortly_before(document, around, _FAR)
    )


def _is_undone(document: Document, around: Surroundings, denial: Action) -> bool:
    """Whether a doubt takes the denial itself back: "n'exclut pas", "schließt eine Reise nicht aus"."""
    hedges = document.lexicon.modifiers["hedge"].finditer(around.text)
    return any(hedge.start() < denial.end <= hedge.end() for hedge in hedges)


def _governs(document: Document, around: Surroundings, denial: Action) -> bool:
    """Whether a denial reaches the action: close by, or further off with a "that" behind it and no "but" between."""
    if denial.end > around.action.start or _NE.search(around.text[: denial.start]):
        return False  # "n'est pas exclu"
    if around.action.start - denial.start <= _CLOSE:
        return True
    between = around.text[denial.end : around.action.start]
    that = document.lexicon.that.search(between[:_BESIDE])
    return (that is not None or document.lexicon.bracket) and document.lexicon.but.search(between) is None


_ITSELF = re.compile(r"\s?[을를をは]?\s?")  # 参加を否定: it is the thing itself that is denied


def _is_denied_behind(document: Document, around: Surroundings) -> bool:
    """The same where the denial closes the sentence: 訪問するとの報道を否定した."""
    for denial in document.lexicon.actions(around.text):
        if denial.kind == "deny" and denial.start >= around.action.end:
            told = document.lexicon.reports.search(around.text, around.action.end, denial.end)
            return told is not None or _ITSELF.fullmatch(around.text, around.action.end, denial.start) is not None
    return False


def _is_called_off_behind(document: Document, around: Surroundings) -> bool:
    """Whether a journey is the object of what turns it back: 出発を見合わせ, 출국을 미뤄. He has not gone."""
    if document.lexicon.order != "sov" or around.action.kind not in _WAYS:
        return False
    end = around.action.end
    following = next((a for a in document.lexicon.actions(around.text) if a.start >= end), None)
    called_off = following is not None and following.kind in ("cancel", "postpone")
    return following is not None and called_off and _ITSELF.fullmatch(around.text, end, following.start) is not None


_WAYS = ("leave", "move", "arrive", "return", "homeward")


def _is_untrue_report(document: Document, around: Surroundings) -> bool:
    """ "Reports that he will travel are untrue"."""
    if not document.lexicon.reports.search(around.text, 0, around.action.start):
        return False
    return any(a.kind == "deny" and a.start >= around.action.end for a in document.lexicon.actions(around.text))


_CONDITION = 8  # characters at the end of a clause that say that it is a condition: 条件が整えば


def _is_future(document: Document, around: Surroundings, day: date | None) -> bool:
    action = around.action
    if action.form == "future" or (action.form == "base" and document.language != "en"):
        return True  # an infinitive never tells of what has been done
    if _FINITE_PAST.match(around.text, action.start) and action.form == "past" and document.language == "fr":
        return False  # "attendu depuis des jours, il est arrivé"
    future = document.lexicon.modifiers["future"]
    span = around.text[around.start : _end_of_tense(document, around)]
    if around.text[around.action.start : around.action.end] in ("会", "會"):
        span = span[: around.action.start - around.start] + span[around.action.end - around.start :]  # 会普京
    if future.search(span) or future.search(around.ahead):
        return True
    if action.form == "present" and action.kind in _JOURNEYS and _is_told_of_a_plan(document, around):
        return True
    if document.language == "en" and around.headline and action.kind == "meet" and english.is_after(around.before):
        return False  # "will visit China after 'amazing' meeting with Xi"
    if document.language == "en":
        quoted = action.kind in _JOURNEYS and around.text.count('"', 0, action.start) % 2 == 1
        if action.form == "present" and quoted and not around.headline:
            return True  # "He goes to Seoul and comes home," the spokesman said
        if action.form == "present" and not around.headline and english.looks_ahead(around.inside):
            return True
        if action.form == "present" and document.lexicon.objects.search(around.text, action.start, action.end):
            return True  # "the trip that takes him to Paris"
        if (action.form == "base" or around.text.startswith("be ", action.start)) and (
            english.is_infinitive(around.before) or english.is_told_with_would(around.before)
        ):
            return True
        if action.form in ("present", "base") and english.is_after_when(around.inside):
            return True
    tensed = action.form == "past" and (document.language != "zh" or action.kind in REVERSALS)  # 原定周日的会晤推迟
    tensed = (tensed and not _is_joined(document, around)) or _is_of_what_follows(document, around)
    tensed = tensed or (action.form in ("noun", "state") and _end_of_tense(document, around) < around.end)
    return not tensed and day is not None and day > document.day


def _is_of_what_follows(document: Document, around: Surroundings) -> bool:
    """Whether a day stands behind a Chinese verb of inviting or promising: it is that of the journey or the deed."""
    if document.language != "zh" or around.action.kind not in _OUTCOMES:
        return False
    return not dates.find(around.before, language="zh", day=document.day)


def _is_joined(document: Document, around: Surroundings) -> bool:
    """Whether a Japanese verb leaves it to a later one to say when: 16日にも東京入りし、…を検討している."""
    return document.language == "ja" and japanese.joins(around.text, around.action.end)


_FINITE_PAST = re.compile(r"(?:a|ont|est|sont|s'est|se sont|vient|viennent) ")
_JOURNEYS = ("leave", "move", "visit", "attend", "meet")  # acts of which a present tense often tells beforehand


def _is_told_of_a_plan(document: Document, around: Surroundings) -> bool:
    """ "bestätigte, dass X nach Y reist", "anunció que viaja": who says so speaks of what is to come."""
    if document.language not in ("de", "es", "fr"):
        return False
    before = around.text[max(0, around.start - 70) : around.start]
    linked = before.rstrip().endswith("dass") or re.match(r"\s?(?:que\b|qu'|dass\b)", around.inside)
    modifiers, lexicon = document.lexicon.modifiers, document.lexicon
    return bool(linked) and any(p.search(before) for p in (lexicon.speech, modifiers["hedge"], modifiers["future"]))


def _tells_tense(document: Document, action: Action) -> bool:
    """Whether the verb shows by itself that a plan behind it is not its own: "est arrivé … pour une visite prévue"."""
    if document.language == "en":
        return action.form not in ("noun", "state")
    return document.language in ("fr", "es", "de", "ru") and action.form == "past"


def _end_of_tense(document: Document, around: Surroundings) -> int:
    """Where the words end that may say that the action is to come: "is going" says so with the verb."""
    if document.language == "en" and around.action.form == "ing":
        return around.action.end
    if document.language in ("de", "en", "es", "fr", "ru") and around.action.form in ("noun", "state"):
        return _next_outcome(document, around)
    if document.language == "zh" and around.action.kind in _OUTCOMES:
        return around.action.end  # 邀请普京年内访华: when he will come, not when he is asked
    return around.action.start if _tells_tense(document, around.action) else around.end


def _next_outcome(document: Document, around: Surroundings) -> int:
    """Where something that was done begins behind a noun: "at the end of their talks he invited him for next year"."""
    told = document.lexicon.actions(around.text)
    later = (a.start for a in told if a.kind in _OUTCOMES and a.form == "past" and a.start >= around.action.end)
    return min(around.end, next(later, around.end))


_OUTCOMES = ("invite", "accept", "sign", "agree", "pledge")


def _is_wish(document: Document, around: Surroundings) -> bool:
    """ "asked Kim to come", "wants to visit": the infinitive is somebody's wish, not an event."""
    if document.language == "en" and not english.is_infinitive(around.before):
        return False
    reach = around.action.start - around.start if document.language == "zh" else 60  # no infinitive tells where it ends
    asked = any(
        a.kind in ("invite", "decline") or (a.kind == "deny" and not _NE.search(around.text[: a.start]))
        for a in _shortly_before(document, around, reach)
    )
    if asked and (around.action.form != "noun" or document.language == "zh"):
        return True
    return bool(document.lexicon.modifiers["desire"].search(around.before[-60:]))


def _shortly_before(document: Document, around: Surroundings, distance: int) -> tuple[Action, ...]:
    """The actions that begin at most `distance` characters before this one."""
    at = around.action.start
    return tuple(a for a in document.lexicon.actions(around.text) if at - distance <= a.start < at)


__all__ = ["REVERSALS", "Mood", "Surroundings", "Tone", "tell"]
