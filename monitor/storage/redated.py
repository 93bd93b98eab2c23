"""Old stories that come again: under another key, from another source, or with another date."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from monitor.storage.tables import article_versions
from monitor.types import Article

ENOUGH = 40  # words or East Asian characters: what is shorter can be said of two events alike
ALIKE = 0.8  # share of common runs of words from which on two texts are one: an edited date, a new byline
_RUN = 4  # words in a run, as near-duplicate detection has them (Broder 1997: shingles)
_CANDIDATES = 8
_WORD = re.compile(r"[぀-ヿ㐀-鿿가-힣]|[^\W\d_]+")


def first_told(conn: Connection, article: Article, article_id: str, before: timedelta) -> datetime | None:
    """When the same text was seen under another name, if that is longer ago than `before`; None otherwise.

    The same is a text of the same content, or one with the same address or title whose words are nearly the same.
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
        .order_by(version.seen, version.article_id, version.version)
        .limit(_CANDIDATES)
    )
    own = _runs(words)
    for row in rows:
        other = _runs(_WORD.findall(f"{row.title}\n{row.text}".lower()))
        if other and len(own & other) >= ALIKE * len(own | other):
            seen: datetime = row.seen
            return seen
    return None


def _words(article: Article) -> list[str]:
    """Words of title and text, numbers left out: a date is what such a story changes."""
    return _WORD.findall(f"{article.title}\n{article.text}".lower())


def _runs(words: list[str]) -> set[tuple[str, ...]]:
    return {tuple(words[at : at + _RUN]) for at in range(max(1, len(words) - _RUN + 1))} if words else set()
