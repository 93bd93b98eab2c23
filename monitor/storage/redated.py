"""Old stories that come again: under another key, from another source, or with another date.

What recurs is no old story: a market report and a forecast are told in the same words each day, with other figures.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from monitor.language import dates
from monitor.language.folding import fold
from monitor.storage.tables import article_versions
from monitor.types import Article

ENOUGH = 40  # words or East Asian characters: what is shorter can be said of two events alike
ALIKE = 0.8  # share of common runs of words from which on two texts are one: an edited date, a new byline
_ANY_DAY = date(2000, 1, 1)  # which day a date means does not matter here, only where it stands
_RUN = 4  # words in a run, as near-duplicate detection has them (Broder 1997: shingles)
_CANDIDATES = 8
FIGURES = 2  # that the later text alone has make it another, if less than half of all are in common
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_DATE = re.compile(  # in digits, and the time of day; dates in words are those that `dates` finds
    r"\b\d{4}-\d\d?-\d\d?\b|\b\d\d?([./])\d\d?\1(?:\d{4}|\d\d)\b|\b\d\d?:\d\d\b|(?<![\d.,$])(?:19|20)\d\d(?![\d%]|[.,]\d)"
)
_WORD = re.compile(r"[぀-ヿ㐀-鿿가-힣]|[^\W\d_]+")


def first_told(conn: Connection, article: Article, article_id: str, before: timedelta) -> datetime | None:
    """When the same text was seen under another name, if that is longer ago than `before`; None otherwise.

    The same is a text of the same content, or one with the same address or title whose words are nearly the same, and
    whose figures are not others. Dates don't count as figures: they are what is changed.
    """
    words = _words(article)
    if len(words) < ENOUGH:
        return None
    version = article_versions.c
    named = [version.content_hash == article.content_hash]
    if article.url:
        named.append(sa.func.md5(version.url) == sa.func.md5(article.url))
    if article.title:
        named.append(sa.func.md5(sa.func.lower(version.title)) == sa.func.md5(article.title.lower()))
    rows = conn.execute(
        sa.select(version.seen, version.title, version.text)
        .where(version.article_id != article_id, version.seen < article.seen - before, sa.or_(*named))
        .order_by(
            sa.desc(version.content_hash == article.content_hash),  # before what only has its title, of which many may
            version.seen,
            version.article_id,
            version.version,
        )
        .limit(_CANDIDATES)
    )
    own, text = _runs(words), f"{article.title}\n{article.text}"
    for row in rows:
        old = f"{row.title}\n{row.text}"
        other = _runs(_WORD.findall(old.lower()))
        alike = other and len(own & other) >= ALIKE * len(own | other)
        if alike and not _other_figures(figures(text, article.language), figures(old, article.language)):
            seen: datetime = row.seen
            return seen
    return None


def _words(article: Article) -> list[str]:
    """Words of title and text, numbers left out: a date is what such a story changes."""
    return _WORD.findall(f"{article.title}\n{article.text}".lower())


def _runs(words: list[str]) -> set[tuple[str, ...]]:
    return {tuple(words[at : at + _RUN]) for at in range(max(1, len(words) - _RUN + 1))} if words else set()


def figures(text: str, language: str | None) -> frozenset[str]:
    """The numbers of a text that are no date, year or time of day."""
    plain = fold(text)
    for named in reversed(dates.find(plain, language=language or "en", day=_ANY_DAY)):
        plain = f"{plain[: named.start]} {plain[named.end :]}"
    return frozenset(_NUMBER.findall(_DATE.sub(" ", plain)))


def _other_figures(new: frozenset[str], old: frozenset[str]) -> bool:
    return len(new - old) >= FIGURES and 2 * len(new & old) < len(new | old)
