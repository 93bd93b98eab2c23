"""What a text tells of, as the matcher compares it: the words of its title and lead, and the days that it names."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise

from monitor.language import dates
from monitor.language.folding import fold, is_hangul, is_wide, strip_accents
from monitor.language.sentences import split
from monitor.stories.function_words import WORDS

LEAD = 500  # code points of a text that are compared: what is new stands at the top, history below
STEM = 7  # letters of a word that count: enough to tell words apart, few enough to pass over most endings
SHORT = 2  # spaced words of fewer letters are grammar
_RUN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+(?:[.,]\d+)*")
_HIRAGANA = re.compile(r"[\u3041-\u309f]+")  # in Japanese the script of endings and particles
_MARKS = re.compile("[.,]")
_SPACED = re.compile(r"(?<![\d.,])\d{1,3}(?:\s\d{3})+(?!\d)")
# As CLDR has them (cldr.unicode.org, number symbols): decimals behind a comma, thousands behind a point or a space.
COMMAS = frozenset("cs da de es fi fr id it nb nl pl pt ru sv tr uk vi".split())
SPACES = frozenset("cs fi fr nb pl ru sv uk".split())
_NEARBY = 10  # days to either side of a text's own day within which a date is as good as a weekday


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What a text tells of, as the matcher compares it. Words are stems, in order; a number is a word in digits."""

    title: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    days: frozenset[int] = frozenset()  # days of the week that it names, Monday 0

    @property
    def empty(self) -> bool:
        """Whether there is nothing to compare."""
        return not self.title and not self.lead

    def to_json(self) -> str:
        """The telling as one line of JSON, for the archive."""
        data = {"title": " ".join(self.title), "lead": " ".join(self.lead), "days": sorted(self.days)}
        return json.dumps(data, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Telling:
        """The telling that `to_json` wrote. Fields of a later version are passed over, missing ones are empty."""
        data = json.loads(text)
        return cls(
            title=tuple(data.get("title", "").split()),
            lead=tuple(data.get("lead", "").split()),
            days=frozenset(data.get("days", ())),
        )


def tell(title: str, text: str, language: str | None, day: date | None = None) -> Telling:
    """What a text tells of.

    `language` is ISO 639-1, None where it is not known; `day` is the text's own day: with it, dates count as weekdays.
    """
    language = language or "en"
    lead = text[:LEAD]
    if not title.strip():
        first = next(iter(split(lead)), None)
        title = first.text if first is not None else ""
    return Telling(
        title=tuple(_words(title, language)),
        lead=tuple(_words(lead, language)),
        days=_days(f"{title}\n{lead}", language, day),
    )


def _words(text: str, language: str) -> Iterator[str]:
    """Stems in spaced scripts, pairs of characters in the others; Korean too, for its particles hang on the nouns."""
    common = _common(language)
    plain = _plain(text)
    if language in SPACES:
        plain = _SPACED.sub(lambda found: "".join(found[0].split()), plain)
    for run in _RUN.findall(plain):
        if run[0].isdigit():
            yield number(run, "." if language in COMMAS else ",")
        elif is_wide(run[0]) or is_hangul(run[0]):
            pairs = ("".join(pair) for pair in pairwise(run)) if len(run) > 1 else iter((run,))
            yield from (pair for pair in pairs if pair not in common and not _HIRAGANA.fullmatch(pair))
        else:
            yield from (part[:STEM] for part in run.split("'") if len(part) >= SHORT and part not in common)


def number(written: str, grouping: str) -> str:
    """A number as every language would write it: a point before decimals, and nothing between thousands.

    `grouping`: what the language sets between thousands, a point or a comma. What is no number in that sense, a date
    or a version with two points, stays as it is.
    """
    marks = "".join(_MARKS.findall(written))
    if not marks:
        return written
    thousands = all(len(group) == 3 for group in _MARKS.split(written)[1:])
    if len(set(marks)) == 2 and marks.count(marks[-1]) == 1:
        whole, _, decimals = written.rpartition(marks[-1])
        return f"{_MARKS.sub('', whole)}.{decimals}"
    if thousands and (len(marks) > 1 or (marks == grouping and written[0] != "0")) and len(set(marks)) == 1:
        return _MARKS.sub("", written)
    return written.replace(",", ".") if len(marks) == 1 else written


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", strip_accents(fold(text))).lower()


@cache
def _common(language: str) -> frozenset[str]:
    return frozenset(map(_plain, WORDS.get(language, frozenset())))


def _days(text: str, language: str, day: date | None) -> frozenset[int]:
    folded = fold(text)
    days = set(dates.weekdays(folded, language))
    if day is not None:
        for mention in dates.find(folded, language=language, day=day):
            if not mention.vague and not mention.relative and abs((mention.day - day).days) <= _NEARBY:
                days.add(mention.day.weekday())
    return frozenset(days)
