"""Facts of a claim that can change without another stage: its day, place, level and figures, from its own sentence.

The words are in monitor/language/data/facts.yaml. Amounts are read in digits and in the words for small numbers.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from importlib import resources
from typing import Any

from monitor.frames.document import Document
from monitor.frames.reading import Event
from monitor.language import dates
from monitor.language.cast import Tie
from monitor.language.data import read_yaml
from monitor.language.dates import DateMention
from monitor.language.folding import lower
from monitor.language.mentions import Mention
from monitor.types import Claim, Position, Standing

_BEHIND = ("ko", "ja")  # languages whose particles stand behind the word
_SPACED = ("en", "de", "fr", "es", "ru")
_DIGITS = re.compile(r"(?<![\w.,:/-])\d{1,3}(?:[,. ]\d{3})+(?!\d)|(?<![\w.,:/-])\d+(?![.,]?\d)")
_EAST_ASIAN_DIGITS = re.compile(r"(?<![\d.,:/-])\d{1,3}(?:,\d{3})+(?!\d)|(?<![\d.,:/-])\d+(?![.,]?\d)")
DAYS = " days"  # behind the number, in a figure that tells how long it lasts
_LONGEST = 6  # digits: what is longer counts money or people, not things that a desk waits for
_YEARS = range(1900, 2100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a sentence tells of its event besides the stage."""

    day: date | None
    exact_day: bool
    place: str
    level: str
    figures: tuple[str, ...]
    revises: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """The data of one language, compiled."""

    revises: re.Pattern[str]
    replaced: re.Pattern[str]
    levels: Mapping[str, re.Pattern[str]]
    numbers: Mapping[str, int]
    number: re.Pattern[str]
    not_before: re.Pattern[str]
    days: re.Pattern[str]
    day_words: Mapping[str, int]
    any_number: re.Pattern[str]


def facts_of(document: Document, event: Event, day: date | None, place: Mention | None) -> Facts:
    """The facts of an event. `day`: as its frame has it; `place`: where it is, if a place was bound."""
    words = _words(document.language)
    text = lower(event.sentence.text)
    named = dates.find(event.sentence.text, language=document.language, day=document.day)
    figures, replaced = _figures(text, named, document.language)
    lengths, other_lengths = _lengths(text, document.language)
    figures = tuple(figure for figure in figures if figure not in other_lengths)
    revises = replaced or bool(other_lengths) or words.revises.search(text) is not None
    chosen, exact = _day(event, text, [d for d in named if not d.vague], day, revises, words, document.language)
    where = place or event.to
    return Facts(
        day=chosen,
        exact_day=exact,
        place=where.id if where is not None and where.place_kind == "city" else "",
        level=next((level for level, pattern in words.levels.items() if pattern.search(text)), ""),
        figures=(*lengths, *figures),
        revises=revises,
    )


@lru_cache(maxsize=512)
def _lengths(text: str, language: str) -> tuple[tuple[str, ...], frozenset[str]]:
    """How many days it lasts, and the numbers beside it that hold no longer: "ten days, not two"."""
    words = _words(language)
    found = list(words.days.finditer(text))
    kept = [m for m in found if not _is_replaced(text, m.start(), m.end(), words, language)] or found
    if not kept:
        return (), frozenset()
    spoken = {m.start() for m in kept}
    bare = (m for m in words.any_number.finditer(text) if m.start() not in spoken)
    others = (m for m in bare if _is_replaced(text, m.start(), m.end(), words, language))
    lengths = (f"{_count(words, next(filter(None, m.groups())))}{DAYS}" for m in kept)
    return tuple(dict.fromkeys(lengths)), frozenset(str(_count(words, m.group())) for m in others)


def _count(words: _Words, number: str) -> int:
    return int(number) if number.isdigit() else words.day_words.get(number) or words.numbers[number]


def says_otherwise(document: Document) -> bool:
    """Whether title or lead say that something was said otherwise before."""
    words = _words(document.language)
    for sentence in document.sentences:
        if sentence.position is Position.BODY or sentence.tie is not Tie.OWN:
            continue
        text = lower(sentence.text)
        named = dates.find(sentence.text, language=document.language, day=document.day)
        if words.revises.search(text) or _figures(text, named, document.language)[1]:
            return True
    return False


def together(kept: Claim, alike: Sequence[Claim], revised: Collection[tuple[str, str]]) -> Claim:
    """The claim of several sentences that say the same, with what each of them adds: a title often names no day.

    `revised`: topics and subjects of whom some sentence of the text says that something was changed.
    """
    if kept.excluded:
        return kept
    others = [claim for claim in alike if claim is not kept and not claim.excluded and not claim.weak]
    dated = next((claim for claim in others if claim.exact_day), None)
    if dated is not None and not kept.exact_day:
        kept = replace(kept, event_date=dated.event_date, exact_day=True)
    party = next((claim for claim in others if claim.attribution.standing is Standing.PARTY), None)
    if party is not None and kept.attribution.standing is Standing.NARRATOR:
        kept = replace(kept, attribution=party.attribution)
    return replace(
        kept,
        place=next((claim.place for claim in (kept, *others) if claim.place), ""),
        level=next((claim.level for claim in (kept, *others) if claim.level), ""),
        figures=next((claim.figures for claim in (kept, *others) if claim.figures), ()),
        revises=(kept.topic, kept.subject) in revised,
    )


def _day(
    event: Event,
    text: str,
    named: Sequence[DateMention],
    day: date | None,
    revises: bool,
    words: _Words,
    language: str,
) -> tuple[date | None, bool]:
    """The day, and whether the sentence names it; of two days in a sentence that changes one, the new one."""
    if day is None:
        return None, False
    calendar = [d for d in named if not d.relative or revises]
    if revises and day == event.day:
        kept = [d for d in calendar if not _is_replaced(text, d.start, d.end, words, language)]
        if kept and all(d.day != day for d in kept):
            day = kept[0].day
    return day, any(d.day == day for d in calendar)


def _is_replaced(text: str, start: int, end: int, words: _Words, language: str) -> bool:
    """Whether what stands there holds no longer: "rather than 1 September"."""
    if language in _BEHIND:
        return words.replaced.match(text, end) is not None
    before = text[max(0, start - 40) : start].rstrip()
    return any(match.end() == len(before) for match in words.replaced.finditer(before))


@lru_cache(maxsize=512)
def _figures(text: str, named: tuple[DateMention, ...], language: str) -> tuple[tuple[str, ...], bool]:
    """Amounts that the sentence names, in its order, each once; and whether it names one that holds no longer."""
    words = _words(language)
    found: list[tuple[int, int, str]] = []
    digits = _DIGITS if language in _SPACED else _EAST_ASIAN_DIGITS
    for match in digits.finditer(text):
        number = re.sub(r"\D", "", match.group())
        if len(number) > _LONGEST or int(number) in _YEARS or _is_age(text, match):
            continue
        if words.not_before.match(text, match.end()) is None and not _in_date(match.start(), named):
            found.append((match.start(), match.end(), str(int(number))))
    found += [
        (match.start(), match.end(1), str(words.numbers[match.group(1)]))
        for match in words.number.finditer(text)
        if not _in_date(match.start(), named) and words.not_before.match(text, match.end(1)) is None
    ]
    kept = [number for start, end, number in sorted(found) if not _is_replaced(text, start, end, words, language)]
    if not kept:  # "from 26 countries" replaces nothing
        return tuple(dict.fromkeys(number for *_, number in sorted(found))), False
    return tuple(dict.fromkeys(kept)), len(kept) < len(found)


def _is_age(text: str, match: re.Match[str]) -> bool:
    """ "Putin, 71, said"."""
    return text[max(0, match.start() - 2) : match.start()] == ", " and text[match.end() : match.end() + 1] == ","


def _in_date(at: int, named: Sequence[DateMention]) -> bool:
    return any(d.start <= at < d.end for d in named)


@lru_cache(maxsize=16)
def _words(language: str) -> _Words:
    data = _data()
    spaced = language in _SPACED
    numbers: dict[str, int] = data["numbers"].get(language, {})
    either = "|".join(sorted(map(re.escape, numbers), key=len, reverse=True)) or "(?!)"
    counters = data["counters"].get(language, "")
    day_words: dict[str, int] = data["day_words"].get(language, {})
    spelled = "|".join(sorted(map(re.escape, {**numbers, **day_words}), key=len, reverse=True)) or "(?!)"
    days = data["days"][language].replace("N", rf"(\d{{1,2}}|{either})")
    if day_words:
        days = f"{days}|({'|'.join(day_words)})(?![가-힣]*째)"
    return _Words(
        revises=_pattern("|".join(data["revises"].get(language, ["(?!)"])), spaced=spaced),
        replaced=re.compile((r"(?<!\w)" if spaced else "") + f"(?:{data['replaced'].get(language, '(?!)')})"),
        levels={
            level: _pattern(by_language.get(language, "(?!)"), spaced=spaced)
            for level, by_language in data["levels"].items()
        },
        numbers=numbers,
        number=re.compile(rf"(?<!\w)({either})(?!\w)" if spaced else rf"({either})(?={counters})"),
        days=_pattern(days, spaced=spaced),
        day_words=day_words,
        any_number=_pattern(rf"\d{{1,3}}|{spelled}", spaced=spaced),
        not_before=re.compile(re.sub(r"\s*\n\s*|\s+(?=\|)", "", data["not_before"])),
    )


def _pattern(words: str, *, spaced: bool) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)" if spaced else words)


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    text = resources.files("monitor.language.data").joinpath("facts.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = read_yaml(text)
    return data
