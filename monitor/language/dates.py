"""Dates that a text names, resolved against the day that it was written on, never against a clock.

Month and weekday names come from CLDR (Babel); what CLDR lacks ("next week", 다음 달) is here, by language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from babel.core import UnknownLocaleError
from babel.dates import get_day_names, get_month_names

from monitor.language.folding import fold, strip_accents


@dataclass(frozen=True, slots=True)
class DateMention:
    """A day, or with `vague` a stretch of time of which `day` is the middle."""

    start: int
    end: int
    day: date
    vague: bool = False
    full: bool = False  # its year is named
    relative: bool = False  # a weekday or "tomorrow": right only if the text's own day is


_EXTRA_MONTHS = {"en": {"sept": 9}, "fr": {"sept": 9}, "es": {"sept": 9, "setiembre": 9}, "de": {}, "ru": {}}
_WORDS: dict[str, dict[str, int]] = {
    "en": {"today": 0, "tonight": 0, "tomorrow": 1, "yesterday": -1, "the day after tomorrow": 2},
    "de": {"heute": 0, "morgen": 1, "gestern": -1, "übermorgen": 2, "vorgestern": -2},
    "fr": {"aujourd'hui": 0, "demain": 1, "hier": -1},
    "es": {"hoy": 0, "ayer": -1},
    "ru": {"сегодня": 0, "завтра": 1, "вчера": -1, "послезавтра": 2},
    "ko": {"오늘": 0, "내일": 1, "어제": -1, "모레": 2},
    "zh": {"今天": 0, "今日": 0, "今早": 0, "明天": 1, "明日": 1, "昨天": -1, "昨日": -1, "后天": 2, "前天": -2},
    "ja": {"今日": 0, "きょう": 0, "明日": 1, "あす": 1, "昨日": -1, "きのう": -1},
}
_WEEKS: dict[str, dict[str, int]] = {  # days from the text's own day to the middle of the stretch
    "en": {"next week": 7, "next month": 30, "last week": -7, "last month": -30, "this week": 0,
           "last year": -365, "next year": 365},
    "de": {"nächste woche": 7, "kommende woche": 7, "vergangene woche": -7, "letzte woche": -7, "nächsten monat": 30},
    "fr": {"la semaine prochaine": 7, "la semaine dernière": -7, "le mois prochain": 30, "le mois dernier": -30},
    "es": {"la próxima semana": 7, "la semana pasada": -7, "el mes pasado": -30, "el próximo mes": 30},
    "ru": {"на следующей неделе": 7, "на прошлой неделе": -7, "в прошлом месяце": -30, "в прошлом году": -365},
    "ko": {"다음 주": 7, "지난주": -7, "지난달": -30, "지난해": -365, "작년": -365},
    "zh": {"下周": 7, "下週": 7, "上周": -7, "上週": -7, "下个月": 30, "下月": 30, "上个月": -30, "去年": -365},
    "ja": {"来週": 7, "先週": -7, "来月": 30, "先月": -30, "昨年": -365, "去年": -365},
}  # fmt: skip
_NEXT = {
    "en": "next|coming",
    "de": "nächsten|kommenden",
    "fr": "prochain",
    "es": "próximo",
    "ru": "следующ\\w+|будущ\\w+",
}
_LAST = {"en": "last|past", "de": "vergangenen|letzten", "fr": "dernier", "es": "pasado", "ru": "прошл\\w+"}
_OF_A_WEEK = {  # the week of a weekday behind it, counted from that of the text
    "zh": {-1: "[上前][个個]?", 0: "[本这這][个個]?", 1: "下[个個]?"},
    "ja": {-1: "先週の?", 0: "今週の?", 1: "来週の?"},
    "ko": {-1: "지난 ?주 ?", 0: "이번 ?주 ?", 1: "다음 ?주 ?"},
}
_WEEKS_LONG = re.compile(r"[\d一二两兩三四五六七八九十每几幾数數]$")  # 一周三国: no Wednesday
_EAST_ASIAN = {
    "zh": re.compile(r"(?:(?P<y>\d{4})年|(?P<ny>今年|明年|去年))?(?:(?P<m>\d{1,2})月)?(?P<d>\d{1,2})[日号號](?!本)"),
    "ja": re.compile(r"(?:(?P<y>\d{4})年)?(?:(?P<m>\d{1,2})月)?(?P<d>\d{1,2})日(?!本|間)"),
    "ko": re.compile(
        r"(?:(?P<y>\d{4})년 ?)?(?:(?P<m>\d{1,2})월 ?|(?P<nm>다음 달|내달|지난달|이달) ?)?"
        r"(?<!\d)(?<!\d박 )(?<!\d박)(?P<d>\d{1,2})일(?!간)"
    ),
}
_YEAR = re.compile(r"(?<![\d.,$])(19[4-9]\d|20\d\d)(?![\d%]|[.,]\d)")


@lru_cache(maxsize=512)  # of a sentence it is asked again for each thing that it says
def find(text: str, *, language: str, day: date, past: bool | None = None) -> tuple[DateMention, ...]:
    """Days named in a folded text, in order. `past`: on which side of `day` a bare weekday lies; None: the nearest."""
    lowered = text.lower()
    found = [
        *_calendar(lowered, language, day),
        *_weekdays(lowered, language, day, past),
        *_words(lowered, language, day),
        *_months(lowered, language, day),
    ]
    found.sort(key=lambda m: (m.start, m.vague))
    return tuple(found)


def weekdays(text: str, language: str) -> frozenset[int]:
    """Days of the week that a folded text names, Monday 0; none in a language that CLDR does not know."""
    try:
        names, pattern = _weekday_pattern(language)
    except UnknownLocaleError:
        return frozenset()
    return frozenset(names[match.group("day")] for match in pattern.finditer(text.lower()))


def years(text: str) -> tuple[int, ...]:
    """Years named in the text, those of full dates included."""
    return tuple(int(match.group(1)) for match in _YEAR.finditer(text))


def _calendar(text: str, language: str, day: date) -> Iterator[DateMention]:
    if language in _EAST_ASIAN:
        for match in _EAST_ASIAN[language].finditer(text):
            yield from _east_asian(match, day)
        return
    months, pattern = _month_pattern(language)
    for match in pattern.finditer(text):
        month = months[(match.group("m1") or match.group("m2")).rstrip(".")]
        number = int(match.group("d1") or match.group("d2"))
        year = match.group("y1") or match.group("y2")
        resolved = _on(int(year), month, number) if year else _nearest_year(day, month, number)
        if resolved:
            yield DateMention(match.start(), match.end(), resolved, full=year is not None)


_IN_A_MONTH = {  # what stands before the name of a month that is named without a day
    "en": r"(?:in|since|this|(?P<last>last)|(?P<next>next)) (?:early |late |mid-)?",
    "de": r"(?:im|vom|bis|anfang|ende|mitte|(?P<last>vergangenen|letzten)|(?P<next>kommenden|nächsten)) ",
    "fr": r"(?:en|fin|début|depuis|au mois de?|courant) ",
    "es": r"(?:en|desde|a (?:principios|finales|mediados) de|(?P<last>el pasado)(?: mes de)?|(?P<next>el próximo)) ",
    "ru": r"в (?:начале |конце |середине |(?P<last>прошлом )|(?P<next>будущем ))?",
}
_MONTH_ALONE = {
    "zh": re.compile(r"(?<![\d年])(?:(?P<last>去年)|(?P<same>今年)|(?P<next>明年))?(?P<m>1[0-2]|[1-9])月(?!\d)"),
    "ja": re.compile(r"(?<![\d年])(?:(?P<last>[昨去]年)|(?P<same>今年)|(?P<next>来年))?の?(?P<m>1[0-2]|[1-9])月(?!\d)"),
    "ko": re.compile(
        r"(?<![\d년])(?<!\d년 )(?:(?P<last>지난해|작년) ?|(?P<same>올해) ?|(?P<next>내년) ?)?"
        r"(?P<m>1[0-2]|[1-9])월(?! ?\d)"
    ),
}
_MIDDLE = 15  # the day of a month that stands for all of it


def _months(text: str, language: str, day: date) -> Iterator[DateMention]:
    """Months without a day and a year, the nearest of that name; their own month is the day of the text."""
    months, pattern = _lone_month_pattern(language)
    for match in pattern.finditer(text):
        name = match.group("m")
        resolved = _middle_of(months[name.rstrip(".")] if months else int(name), day, match, by_year=not months)
        if resolved is not None:
            yield DateMention(match.start("m"), match.end(), resolved, vague=True)


def _middle_of(month: int, day: date, match: re.Match[str], *, by_year: bool) -> date | None:
    """The middle of the month. `by_year`: "last" says which year's it is; else it is the one that went by last."""
    groups = match.groupdict()
    turn = -1 if groups.get("last") else 1 if groups.get("next") else 0
    if by_year and (turn or groups.get("same")):
        return _on(day.year + turn, month, _MIDDLE)
    if turn:
        behind = (month - day.month) % 12 or 12
        return _in_month(day, _MIDDLE, behind if turn > 0 else behind - 12 if behind < 12 else -12)
    return day if month == day.month else _nearest_year(day, month, _MIDDLE)


@lru_cache(maxsize=16)
def _lone_month_pattern(language: str) -> tuple[dict[str, int], re.Pattern[str]]:
    if language in _MONTH_ALONE:
        return {}, _MONTH_ALONE[language]
    months = dict(_month_pattern(language)[0])
    if language == "ru":  # "в апреле"
        months |= {_in_russian(name): number for name, number in months.items()}
    names = "|".join(sorted(map(re.escape, months), key=len, reverse=True))
    before = _IN_A_MONTH.get(language, "(?!)")
    return months, re.compile(rf"(?<!\w){before}(?P<m>{names})\b(?!\.? \d|,? \d{{4}}| (?:de |del |of )?(?:19|20)\d\d)")


def _in_russian(name: str) -> str:
    """The prepositional case of a month: апрель and апреля, апреле."""
    return re.sub("[ьяа]$|(?<=т)$", "е", name)


def _east_asian(match: re.Match[str], day: date) -> Iterator[DateMention]:
    groups = match.groupdict()
    number = int(groups["d"])
    if groups.get("m"):
        if groups.get("y"):
            resolved = _on(int(groups["y"]), int(groups["m"]), number)
        else:
            resolved = _nearest_year(day, int(groups["m"]), number)
    else:
        shift = {"다음 달": 1, "내달": 1, "지난달": -1, "이달": 0}.get(groups.get("nm") or "")
        candidates = [_in_month(day, number, offset) for offset in ((shift,) if shift is not None else (-1, 0, 1))]
        known = [c for c in candidates if c is not None]
        resolved = min(known, key=lambda c: abs((c - day).days), default=None)
    if resolved:
        yield DateMention(match.start(), match.end(), resolved, full=bool(groups.get("y")))


def _in_month(day: date, number: int, offset: int) -> date | None:
    month = day.year * 12 + day.month - 1 + offset
    return _on(month // 12, month % 12 + 1, number)


def _on(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None


def _nearest_year(day: date, month: int, number: int) -> date | None:
    candidates = [c for year in (day.year - 1, day.year, day.year + 1) if (c := _on(year, month, number))]
    return min(candidates, key=lambda c: abs((c - day).days), default=None)


@lru_cache(maxsize=16)
def _month_pattern(language: str) -> tuple[dict[str, int], re.Pattern[str]]:
    months: dict[str, int] = dict(_EXTRA_MONTHS.get(language, {}))
    for width in ("wide", "abbreviated"):
        for context in ("format", "stand-alone"):
            for number, name in get_month_names(width, context, language).items():
                months.setdefault(fold(str(name)).lower().rstrip("."), number)
                months.setdefault(strip_accents(fold(str(name)).lower().rstrip(".")), number)
    names = "|".join(sorted(map(re.escape, months), key=len, reverse=True))
    ordinal = r"(?:st|nd|rd|th|er|º|-го|\.)?"
    pattern = re.compile(
        rf"(?<!\w)(?:(?P<d1>\d{{1,2}}){ordinal}(?: de| of)? (?P<m1>{names})\.?(?!\w)"
        rf"(?:,?(?: de| del)? (?P<y1>\d{{4}})(?!\d))?"
        rf"|(?P<m2>{names})\.? (?P<d2>\d{{1,2}}){ordinal}(?!\d|:\d|\w)(?:,? (?P<y2>\d{{4}})(?!\d))?)"
    )
    return months, pattern


@lru_cache(maxsize=16)
def _weekday_pattern(language: str) -> tuple[dict[str, int], re.Pattern[str]]:
    weekdays: dict[str, int] = {}
    for number, name in get_day_names("wide", "format", language).items():
        base = fold(str(name)).lower()
        weekdays[base] = number
        weekdays[strip_accents(base)] = number
        if language == "ru" and base.endswith("а"):
            weekdays[base[:-1] + "у"] = number
        if language == "zh":
            weekdays["周" + base[-1]] = weekdays["週" + base[-1]] = number
    names = "|".join(sorted(map(re.escape, weekdays), key=len, reverse=True))
    nearby = "|".join(filter(None, (_NEXT.get(language), _LAST.get(language)))) or "(?!)"
    edge = ("(?<!\\w)", "(?!\\w)") if language not in ("zh", "ja", "ko") else ("", "")
    pattern = re.compile(f"{edge[0]}(?:(?P<before>{nearby}) )?(?P<day>{names}){edge[1]}(?: (?P<after>{nearby}))?")
    return weekdays, pattern


def _weekdays(text: str, language: str, day: date, past: bool | None) -> Iterator[DateMention]:
    weekdays, pattern = _weekday_pattern(language)
    for match in pattern.finditer(text):
        if language == "zh" and _WEEKS_LONG.search(text[: match.start()][-1:]):
            continue
        qualifier = match.group("before") or match.group("after") or ""
        ahead = (weekdays[match.group("day")] - day.weekday()) % 7
        week = _week_named(text[max(0, match.start() - 6) : match.start()], language)
        if week is not None:
            offset = weekdays[match.group("day")] - day.weekday() + 7 * week
        elif qualifier and re.fullmatch(_NEXT.get(language, "(?!)"), qualifier):
            offset = ahead or 7
        elif qualifier:
            offset = (ahead - 7) or -7
        elif past is None:
            offset = ahead if ahead <= 3 else ahead - 7
        else:
            offset = (ahead - 7 if ahead else 0) if past else ahead
        yield DateMention(match.start(), match.end(), day + timedelta(days=offset), relative=True)


def _week_named(before: str, language: str) -> int | None:
    """The week that the words before a weekday name: 0 that of the text, 1 the next; None when they name none."""
    found = (shift for shift, words in _OF_A_WEEK.get(language, {}).items() if re.search(f"(?:{words})$", before))
    return next(found, None)


def _words(text: str, language: str, day: date) -> Iterator[DateMention]:
    for match in _word_pattern(language).finditer(text):
        word = match.group()
        vague = word not in _WORDS.get(language, {})
        offset = _WEEKS[language][word] if vague else _WORDS[language][word]
        yield DateMention(match.start(), match.end(), day + timedelta(days=offset), vague, relative=True)


@lru_cache(maxsize=16)
def _word_pattern(language: str) -> re.Pattern[str]:
    words = sorted([*_WORDS.get(language, {}), *_WEEKS.get(language, {})], key=len, reverse=True)
    alternatives = "|".join(map(re.escape, words)) or "(?!)"
    if language in _EAST_ASIAN:
        return re.compile(alternatives)
    return re.compile(rf"{_NO_DAY_BEHIND.get(language, '')}(?<!\w)(?:{alternatives})(?!\w)")


_NO_DAY_BEHIND = {  # "am Morgen" is in the morning
    "de": r"(?<!\bam )(?<!heute )(?<!gestern )(?<!frühen )(?<!späten )(?<!diesem )(?<!jeden )"
}
