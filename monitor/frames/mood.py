"""Whether a thing has happened, will, may or will not: the words around an action, and its day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from monitor.frames.document import Document
from monitor.language import chinese, dates, english, japanese, korean, russian
from monitor.language.lexicon import Action, Lexicon

# Forms that say nothing of time, so that a doubt beside them makes them a possibility; Chinese verbs have no tense.
_TENSELESS = {
    "zh": ("past", "present", "noun", "base", "state"),
    "ko": ("present", "noun", "base", "state"),
    "ja": ("present", "noun", "base", "state"),
}
_HISTORY_DAYS = 10  # a thing done longer ago than this is told as past, not as news
_CLOSE, _FAR, _BESIDE = 80, 160, 32  # characters between a denial, its "that" and what it denies
_COMMAS = (", ", "，", "、", " – ", " — ")
_STRETCH = re.compile(r"[^,，、–—]+")
REVERSALS = ("cancel", "postpone", "deny", "decline")
_FRONTED = re.compile(r"^\W*(?:in|on|by|since|back in|en|im|am|в|le|el)\b[^,;]{0,40}\b(?:19|20)\d\d", re.IGNORECASE)


class Mood(StrEnum):
    """Whether a thing has happened."""

    REAL = "real"
    ONGOING = "ongoing"
    FUTURE = "future"
    POSSIBLE = "possible"
    DENIED = "denied"
    VOID = "void"  # a condition, a wish, somebody's infinitive: nothing is said to happen


@dataclass(frozen=True, slots=True)
class Surroundings:
    """An action in its sentence, all in lower case: the sentence, and where its clause begins and ends."""

    text: str
    start: int
    end: int
    action: Action
    headline: bool
    ahead: str = ""  # clauses before, whose time goes on in this one: Chinese 将前往…，出席…

    @property
    def inside(self) -> str:
        """The clause."""
        return self.text[self.start : self.end]

    @property
    def segment(self) -> str:
        """The stretch between commas in which the action stands; what hangs on beside it tells of something else."""
        start = max(self.text.rfind(mark, self.start, self.action.start) for mark in _COMMAS) + 1
        ends = [at for mark in _COMMAS if (at := self.text.find(mark, self.action.end, self.end)) >= 0]
        return self.text[max(start, self.start) : min(ends, default=self.end)]

    @property
    def before(self) -> str:
        """The clause up to the action."""
        return self.text[self.start : self.action.start]

    @property
    def after(self) -> str:
        """The clause from the action on."""
        return self.text[self.action.start : self.end]


@dataclass(frozen=True, slots=True)
class Tone:
    """How an action is told."""

    mood: Mood
    negated: bool
    hedged: bool
    history: bool


def tell(document: Document, around: Surroundings, day: date | None) -> Tone:
    """How the action is told; `day` is when it happens, as far as the clause says."""
    modifiers = document.lexicon.modifiers
    negated = bool(modifiers["negation"].search(_scope_of_negation(document, around)))
    if negated and document.language == "en" and around.action.form == "noun":
        negated = english.negates_noun(around.before, around.text[around.action.end : around.end])
    doubted = modifiers["hedge"].search(around.inside) or modifiers["hedge"].search(around.ahead)
    governed = document.language == "ru" and russian.is_doubted(around.text, around.start, modifiers["hedge"])
    hedged = bool(doubted) or governed or _is_conditional(document, around)
    mood = _mood(document, around, day, negated, hedged)
    return Tone(
        mood=mood,
        negated=negated or mood is Mood.DENIED,
        hedged=hedged,
        history=_is_history(document, around, day, mood),
    )


_THAT = re.compile(r"\s?qu(?:e\b|')")


def _is_conditional(document: Document, around: Surroundings) -> bool:
    """Whether a conditional tells of what may be: "viendrait", but not in "a annoncé qu'il viendrait"."""
    if not document.lexicon.conditional.search(around.inside):
        return False
    governing = around.text[max(0, around.start - 70) : around.start]
    return not (_THAT.match(around.inside) and document.lexicon.speech.search(governing))


def _mood(document: Document, around: Surroundings, day: date | None, negated: bool, hedged: bool) -> Mood:
    modifiers, action = document.lexicon.modifiers, around.action
    meant = modifiers["plan_past"].search(around.inside) and action.kind not in REVERSALS  # what was planned may end
    if action.form == "gerund" or meant or modifiers["condition"].search(around.inside):
        return Mood.VOID
    if _hangs_on_condition(document, around):
        return Mood.VOID
    if _hangs_on_denial(document, around):
        return Mood.DENIED
    if (
        document.language == "ja"
        and action.form in ("noun", "present", "future")
        and _is_wished_behind(document, around)
    ):
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
    if _is_future(document, around, day):
        return Mood.POSSIBLE if hedged else Mood.FUTURE
    if hedged and action.form in _TENSELESS.get(document.language, ("base", "noun", "state")):
        return Mood.POSSIBLE
    return Mood.ONGOING if action.form == "ing" else Mood.REAL


def _hangs_on_condition(document: Document, around: Surroundings) -> bool:
    """Whether the clause before sets a condition, where a comma ends it."""
    if document.language == "zh":
        return chinese.hangs_on_condition(around.text, around.start)
    if document.lexicon.order == "sov":
        ahead = around.text[: around.start].rstrip("、, ")
        return document.lexicon.modifiers["condition"].search(ahead[-_CONDITION:]) is not None
    return document.language == "ru" and russian.hangs_on_condition(around.text, around.start)


def _scope_of_negation(document: Document, around: Surroundings) -> str:
    """Where a "not" stands: before the action, in German and French around it, in Korean and Japanese behind."""
    if document.lexicon.order == "sov":
        return _up_to_the_next(document, around)
    if document.language in ("de", "fr", "es"):
        behind = around.action.end - around.start if document.language == "es" else None
        return _without_reversals(document, around)[:behind]
    if document.language == "ru" and around.action.form == "noun" and russian.says_not(around.after):
        return "не "
    if around.action.kind in REVERSALS:
        return around.before  # "will not go ahead": the "not" is part of what is said
    return around.before + around.text[around.action.start : around.action.end]


def _up_to_the_next(document: Document, around: Surroundings) -> str:
    """The clause from the action to the next one, whose "not" is its own; without what is itself a "not"."""
    start = around.action.end if around.action.kind in REVERSALS else around.action.start
    later = [a.start for a in document.lexicon.actions(around.text) if around.action.end <= a.start < around.end]
    after = around.text[start : min(later, default=around.end)]
    if around.action.kind in REVERSALS:
        return after
    own = korean.own_negations if document.language == "ko" else japanese.own_negations
    return own(after, around.action.end - start)


def _without_reversals(document: Document, around: Surroundings) -> str:
    """The clause without the words of what turns something back: the "pas" of "n'aura pas lieu" is theirs alone."""
    text, action = around.text, around.action
    if action.kind in REVERSALS and document.lexicon.modifiers["negation"].search(text[action.start : action.end]):
        return ""  # "aucune visite n'est prévue": both words are one denial
    for other in document.lexicon.actions(text):
        apart = other.kind != "decline" or other.end <= action.start or other.start >= action.end
        if other.kind in REVERSALS and other.kind != "deny" and other.start >= around.start and apart:
            text = text[: other.start] + " " * (other.end - other.start) + text[other.end :]
    return text[around.start : around.end]


def _hangs_on_denial(document: Document, around: Surroundings) -> bool:
    """ "The palace denies the king plans to visit": what hangs on a denial or on disbelief is denied."""
    if around.action.kind == "deny":
        return False
    if document.lexicon.order == "sov":
        return _is_denied_behind(document, around)
    if _is_untrue_report(document, around):
        return True
    if document.lexicon.modifiers["doubt"].search(english.governing(around.text, around.start, around.end)):
        return True
    return any(
        a.kind == "deny" and a.form in ("present", "past", "state") and _governs(document, around, a)
        for a in _shortly_before(document, around, _FAR)
    )


def _governs(document: Document, around: Surroundings, denial: Action) -> bool:
    """Whether a denial reaches the action: close by, or further off with a "that" behind it and no "but" between."""
    if denial.end > around.action.start:
        return False
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


def _is_untrue_report(document: Document, around: Surroundings) -> bool:
    """ "Reports that he will travel are untrue"."""
    if not document.lexicon.reports.search(around.text, 0, around.action.start):
        return False
    return any(a.kind == "deny" and a.start >= around.action.end for a in document.lexicon.actions(around.text))


_CONDITION = 8  # characters at the end of a clause that say that it is a condition: 条件が整えば
_BARE = 32  # characters of an adverbial that stands alone between commas: ", ten years ago."


def _in_passing(document: Document, around: Surroundings) -> bool:
    """Whether a short stretch beside the action, with no action of its own, says that it is long past."""
    return _long_past(document.lexicon, around.text, around.start, around.end)


@lru_cache(maxsize=256)  # each clause is asked about once for each of its actions
def _long_past(lexicon: Lexicon, text: str, start: int, end: int) -> bool:
    acts = [a.start for a in lexicon.actions(text) if start <= a.start < end]
    for part in _STRETCH.finditer(text, start, end):
        if len(part.group()) > _BARE or any(part.start() <= at < part.end() for at in acts):
            continue
        if lexicon.modifiers["history"].search(part.group()):
            return True
    return False


def _is_future(document: Document, around: Surroundings, day: date | None) -> bool:
    action = around.action
    if action.form == "future" or (action.form == "base" and document.language != "en"):
        return True  # an infinitive never tells of what has been done
    future = document.lexicon.modifiers["future"]
    span = around.text[around.start : _end_of_tense(document, around)]
    if future.search(span) or future.search(around.ahead):
        return True
    if action.form == "present" and action.kind in _JOURNEYS and _is_told_of_a_plan(document, around):
        return True
    if document.language == "en":
        if action.form == "present" and not around.headline and english.looks_ahead(around.inside):
            return True
        if action.form == "base" and english.is_infinitive(around.before):
            return True
        if action.form in ("present", "base") and english.is_after_when(around.inside):
            return True
    tensed = action.form == "past" and document.language != "zh"
    return not tensed and day is not None and day > document.day


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
    return document.language in ("fr", "es", "de") and action.form == "past"


def _end_of_tense(document: Document, around: Surroundings) -> int:
    """Where the words end that may say that the action is to come: "is going" says so with the verb."""
    if document.language == "en" and around.action.form == "ing":
        return around.action.end
    return around.action.start if _tells_tense(document, around.action) else around.end


def _is_wish(document: Document, around: Surroundings) -> bool:
    """ "asked Kim to come", "wants to visit": the infinitive is somebody's wish, not an event."""
    if document.language == "en" and not english.is_infinitive(around.before):
        return False
    reach = around.action.start - around.start if document.language == "zh" else 60  # no infinitive tells where it ends
    asked = any(a.kind in ("invite", "decline", "deny") for a in _shortly_before(document, around, reach))
    if asked and (around.action.form != "noun" or document.language == "zh"):
        return True
    return bool(document.lexicon.modifiers["desire"].search(around.before[-60:]))


_WISHED = 14  # characters behind an action in which somebody's wish for it stands: 訪韓に期待を示した


def _is_wished_behind(document: Document, around: Surroundings) -> bool:
    end = around.action.end
    return document.lexicon.modifiers["desire"].search(around.text[end : min(end + _WISHED, around.end)]) is not None


def _shortly_before(document: Document, around: Surroundings, distance: int) -> tuple[Action, ...]:
    """The actions that begin at most `distance` characters before this one."""
    at = around.action.start
    return tuple(a for a in document.lexicon.actions(around.text) if at - distance <= a.start < at)


def _is_history(document: Document, around: Surroundings, day: date | None, mood: Mood) -> bool:
    """Whether it is told as past: by its words, by a year of the past in the clause or at the head of the sentence."""
    to_come = mood in (Mood.FUTURE, Mood.POSSIBLE) and around.action.form in ("base", "future", "present", "ing")
    segment = around.segment
    if around.action.form != "noun" and day is not None and 0 <= (document.day - day).days <= _HISTORY_DAYS:
        segment = document.lexicon.since.sub(" ", segment)  # "arrived on Monday for his first visit since 2017"
    past = document.lexicon.modifiers["history"].search(segment) or _in_passing(document, around)
    if past and not to_come:  # "will land there for his first stay since 2012" is to come all the same
        return True
    if (
        around.action.kind in REVERSALS
        and document.language == "en"
        and english.is_pluperfect(around.text, around.action.start, document.lexicon.speech)
    ):
        return True
    if not to_come and any(year < document.day.year for year in dates.years(segment)):
        return True
    if day is None and around.action.form == "past" and _is_background(document, around):
        return True
    if document.lexicon.order == "sov" and not to_come and _begins_long_ago(document, around):
        return True
    head = around.text[: around.action.start]
    if _FRONTED.match(head) and any(year < document.day.year for year in dates.years(head)):
        return True
    return day is not None and mood in (Mood.REAL, Mood.ONGOING) and (document.day - day).days > _HISTORY_DAYS


_LATELY = re.compile(
    r"\b(?:stunden|minuten|kurz|zuvor|vortag|gestern|heures?|minutes|la veille|peu avant|horas|minutos|poco antes|"
    r"la víspera)\b"
)


_FRONTED_TIME = re.compile(r"^[^、,]{1,14}[、,]")


def _begins_long_ago(document: Document, around: Surroundings) -> bool:
    """Whether the sentence opens with a time of the past: 2015年、, 昨年、, 작년 5월, ..."""
    head = _FRONTED_TIME.match(around.text[: around.action.start])
    if head is None:
        return False
    opening = head.group()
    past = any(year < document.day.year for year in dates.years(opening))
    return past or document.lexicon.modifiers["history"].search(opening) is not None


def _is_background(document: Document, around: Surroundings) -> bool:
    """Whether the verb stands in the tense for what came before the news: "avait quitté", "war … gereist"."""
    return document.lexicon.background.search(around.inside) is not None and not _LATELY.search(around.inside)
