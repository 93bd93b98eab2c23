"""Whether a thing is told as past, and so is no news: its words, its day, the years beside it, the verb's tense."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from monitor.frames.document import Document
from monitor.frames.surroundings import REVERSALS, Mood, Surroundings
from monitor.language import dates, english, german, japanese, korean, russian
from monitor.language.lexicon import Lexicon

_HISTORY_DAYS = 10  # a thing done longer ago than this is told as past, not as news
_STRETCH = re.compile(r"[^,，、–—]+")
_FRONTED = re.compile(r"^\W*(?:in|on|by|since|back in|en|im|am|в|le|el)\b[^,;]{0,40}\b(?:19|20)\d\d", re.IGNORECASE)
_BARE = 32  # characters of an adverbial that stands alone between commas: ", ten years ago."


def is_history(document: Document, around: Surroundings, day: date | None, mood: Mood) -> bool:
    """Whether it is told as past: by its words, by a year of the past in the clause or at the head of the sentence."""
    to_come = mood in (Mood.FUTURE, Mood.POSSIBLE) and around.action.form in ("base", "future", "present", "ing")
    segment = around.segment
    if around.action.form != "noun" and day is not None and 0 <= (document.day - day).days <= _HISTORY_DAYS:
        segment = document.lexicon.since.sub(" ", segment)  # "arrived on Monday for his first visit since 2017"
    past = document.lexicon.modifiers["history"].search(segment) is not None or _in_passing(document, around)
    if around.action.kind in REVERSALS and _is_named(document, around):
        overcome = document.lexicon.despite.search(around.text[: around.action.start]) is not None
        past, to_come = past or overcome, to_come and not overcome  # "despite the decision to call off the visit"
    if past and not to_come:  # "will land there for his first stay since 2012" is to come all the same
        return True
    lead_in = around.text[around.text.rfind(",", 0, around.action.start) + 1 : around.action.start]
    after = document.lexicon.long_after.search(lead_in)
    if after and (document.language != "de" or german.belongs_after(lead_in, after.end(), around.action)):
        return True  # "…, three months after a summit there fell through"
    if around.action.kind in REVERSALS and _came_before(document, around):
        return True
    if around.action.kind in ("cancel", "postpone") and _is_put_beside(document, around):
        return True
    if not to_come and any(year < document.day.year for year in dates.years(segment)):
        return True
    if around.action.form == "past" and _is_background(document, around) and not _is_dated(document, around, day):
        return True
    if not to_come and _begins_long_ago(document, around):
        return True
    head = around.text[: around.action.start]
    if _FRONTED.match(head) and any(year < document.day.year for year in dates.years(head)):
        return True
    return day is not None and mood in (Mood.REAL, Mood.ONGOING) and (document.day - day).days > _HISTORY_DAYS


def _is_named(document: Document, around: Surroundings) -> bool:
    """Whether what is turned back is only named: by a noun, an infinitive, or a headline's noun for a verb."""
    forms = ("noun", "base", "present") if document.lexicon.order == "sov" else ("noun", "base")
    return around.action.form in forms


_BESIDE = re.compile(r"(?:\W*|, )(?:[^\s,;:]+ ){0,5}")


def _is_put_beside(document: Document, around: Surroundings) -> bool:
    """ "Maintes fois reporté, le voyage …", "la visita, aplazada en mayo, será …": what came before the thing told."""
    action = around.action
    if (
        document.language not in ("de", "fr", "es")
        or action.form != "past"
        or " " in around.text[action.start : action.end]
    ):
        return False
    opened = max(around.text.rfind(",", 0, action.start), 0)
    head, comma, rest = around.text[action.end :].partition(",")
    finite = any(a.form != "noun" for a in document.lexicon.actions(head))
    if not comma or finite or not _BESIDE.fullmatch(around.text, opened, action.start):
        return False
    if opened:
        modifiers = document.lexicon.modifiers
        return modifiers["future"].search(rest) is not None and modifiers["plan_past"].search(rest) is None
    return any(a.kind == "visit" for a in document.lexicon.actions(rest))


def _came_before(document: Document, around: Surroundings) -> bool:
    """Whether it was turned back before the time that the sentence tells of: "had put off", 延期を決めた訪問."""
    if document.language == "en":
        return english.is_pluperfect(around.text, around.action.start, document.lexicon.speech)
    if document.language == "ru":
        return russian.describes(around.text[around.action.start : around.action.end])
    if document.language == "ko":
        return korean.was_once(around.text, around.action.end)
    return document.language == "ja" and japanese.describes(around.text, around.action.start, around.action.end)


_LATELY = re.compile(
    r"\b(?:stunden|minuten|kurz|zuvor|vorher|vortag|vorabend|gestern|heures?|minutes|la veille|peu avant|horas|"
    r"minutos|poco antes|la víspera)\b"
)


_FRONTED_TIME = re.compile(r"^[^、,，]{1,14}[、,，]")
_WHEN_LONG_AGO = re.compile(r"^[^,]{1,30}, (?=(?:als|quand|lorsqu|cuando|когда)\b)")  # "Год назад, когда …"


def _begins_long_ago(document: Document, around: Surroundings) -> bool:
    """Whether the sentence opens with a time of the past: 2015年、, 昨年、, 작년 5월, ..."""
    opened = _FRONTED_TIME if document.language in ("ja", "ko", "zh") else _WHEN_LONG_AGO
    head = opened.match(around.text[: around.action.start])
    if head is None:
        return False
    opening = head.group()
    past = any(year < document.day.year for year in dates.years(opening))
    return past or document.lexicon.modifiers["history"].search(opening) is not None


def _is_dated(document: Document, around: Surroundings, day: date | None) -> bool:
    """Whether the clause says on which day it was done: "in March" does not."""
    found = dates.find(around.text, language=document.language, day=document.day)
    inside = (named for named in found if around.start <= named.start < around.end)
    return any(named.day == day and not named.vague for named in inside)


def _is_background(document: Document, around: Surroundings) -> bool:
    """Whether the verb stands in the tense for what came before the news: "avait quitté", "war … gereist"."""
    start, end = around.action.start - around.start, around.action.end - around.start
    told = document.lexicon.background.finditer(around.inside)
    return any(m.start() < end and start < m.end() for m in told) and not _LATELY.search(around.inside)


def _in_passing(document: Document, around: Surroundings) -> bool:
    """Whether a short stretch beside the action, with no action of its own, says that it is long past."""
    return _long_past(document.lexicon, around.text, around.start, around.end, document.day.year)


@lru_cache(maxsize=256)  # each clause is asked about once for each of its actions
def _long_past(lexicon: Lexicon, text: str, start: int, end: int, year: int) -> bool:
    acts = [a.start for a in lexicon.actions(text) if start <= a.start < end]
    for part in _STRETCH.finditer(text, start, end):
        if len(part.group()) > _BARE or any(part.start() <= at < part.end() for at in acts):
            continue
        if lexicon.modifiers["history"].search(part.group()) or any(then < year for then in dates.years(part.group())):
            return True
    return False
