"""How texts are made searchable: a configuration of Postgres per language, character pairs where words have no spaces.

Postgres has no tokenizer for Chinese, Japanese and Korean. Their texts are indexed as overlapping pairs of characters,
and a word is searched as the phrase of its pairs: it is found wherever its characters stand side by side. The single
characters are indexed as well, without positions.
"""

from __future__ import annotations

import re
import unicodedata

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import REGCONFIG, TSVECTOR

# Shipped with Postgres (Snowball stemmers and stop words); every other language is searched word for word.
CONFIGURATIONS = {"de": "german", "en": "english", "es": "spanish", "fr": "french", "ru": "russian"}
DEFAULT_CONFIGURATION = "simple"

# A tsvector holds 1 MB at most. The worst case of this many characters (all distinct, four bytes each, compound
# words indexed whole and in parts) stays under it; positions end at 16,383 words, long before.
MAX_CHARACTERS = 100_000
MAX_TITLE = 1_000

# Kana, CJK ideographs with their extensions, Hangul syllables; NFKC brings the other forms here.
_CJK = "\u3005-\u3007\u3041-\u3096\u30a1-\u30fa\u30fc\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\U00020000-\U0003ffff"
_RUN = re.compile(f"[{_CJK}]+")
# What is neither ASCII nor part of a word; the ranges are combining marks: Latin, Hebrew, Arabic, Indic, Thai.
_SIGNS = re.compile(r"[^\w\x00-\x7f\u0300-\u036f\u0591-\u05c7\u0610-\u06ed\u0900-\u0dff\u0e31-\u0e4e]+")
# "Kim Jong-un" and "Kim Jong Un" are the same words.
_HYPHEN = re.compile(r"(?<=\w)-(?=\w)")
_QUOTES = re.compile("[\u201c\u201d\u201e\u201f\u00ab\u00bb\u300c\u300d\u300e\u300f]")


def configuration(language: str | None) -> str:
    """The text search configuration of a language."""
    return CONFIGURATIONS.get(language or "", DEFAULT_CONFIGURATION)


def document(text: str, limit: int = MAX_CHARACTERS) -> str:
    """A text as it is given to `to_tsvector`."""
    folded = _folded(text[:limit])
    return folded if folded.isascii() else _RUN.sub(_spaced_pairs, folded)[:limit]


def characters(text: str) -> str:
    """The distinct characters of a text that has no spaces between its words; empty for other texts."""
    if text.isascii():
        return ""
    return " ".join(sorted(set("".join(_RUN.findall(_folded(text[:MAX_CHARACTERS]))))))


def query(text: str) -> str:
    """What somebody searches for, as it is given to `websearch_to_tsquery`: words, "phrases", or, -not."""
    parts = _QUOTES.sub('"', text).split('"')
    for number, part in enumerate(parts):
        inside = number % 2 == 1  # of quotation marks
        parts[number] = _RUN.sub(_spaced_pairs if inside else _phrase, _folded(part))
    return '"'.join(parts).strip()


def columns() -> list[sa.ColumnClause[str]]:
    """What `vector` reads of a version: see `searched`."""
    return [sa.column(name, sa.Text) for name in ("fts_config", "fts_title", "fts_text", "fts_single")]


def vector(given: sa.FromClause) -> sa.ColumnElement[str]:
    """The tsvector of a version from the columns of `columns`."""
    config = sa.cast(given.c.fts_config, REGCONFIG)
    simple = sa.cast(DEFAULT_CONFIGURATION, REGCONFIG)
    # Literals, since setweight wants the one-byte type "char" and not a text.
    title = sa.func.setweight(sa.func.to_tsvector(config, given.c.fts_title), sa.literal_column("'A'"), type_=TSVECTOR)
    text = sa.func.setweight(sa.func.to_tsvector(config, given.c.fts_text), sa.literal_column("'B'"), type_=TSVECTOR)
    return title.op("||")(text).op("||")(sa.func.strip(sa.func.to_tsvector(simple, given.c.fts_single)))


def searched(*, language: str | None, title: str, text: str) -> dict[str, str]:
    """The values of `columns` for one version."""
    return {
        "fts_config": configuration(language),
        "fts_title": document(title, MAX_TITLE),
        "fts_text": document(text),
        "fts_single": characters(f"{title}\n{text}"),
    }


def matches(fts: sa.ColumnElement[str], language: sa.ColumnElement[str | None], wanted: str) -> sa.ColumnElement[bool]:
    """Whether a version matches what `query` returned, each language by its own rules."""

    def found(config: str) -> sa.ColumnElement[bool]:
        return fts.op("@@", is_comparison=True)(sa.func.websearch_to_tsquery(sa.cast(config, REGCONFIG), wanted))

    known = [sa.and_(language == code, found(config)) for code, config in CONFIGURATIONS.items()]
    others = sa.func.coalesce(language, "").not_in(list(CONFIGURATIONS))
    return sa.or_(*known, sa.and_(others, found(DEFAULT_CONFIGURATION)))


def _folded(text: str) -> str:
    """One form for what looks the same; signs beyond ASCII become spaces, whatever the server's locale is."""
    if not text.isascii():
        text = _SIGNS.sub(" ", unicodedata.normalize("NFKC", text))
    return _HYPHEN.sub(" ", text.lower()) if "-" in text else text.lower()


def _pairs(run: str) -> str:
    return run if len(run) == 1 else " ".join(run[i : i + 2] for i in range(len(run) - 1))


def _spaced_pairs(run: re.Match[str]) -> str:
    return f" {_pairs(run[0])} "


def _phrase(run: re.Match[str]) -> str:
    """A run that is searched for; a "-" before it has to stay there."""
    pairs = f'"{_pairs(run[0])}" ' if len(run[0]) > 2 else f"{_pairs(run[0])} "
    return f" {pairs}" if run.string[: run.start()][-1:].isalnum() else pairs
