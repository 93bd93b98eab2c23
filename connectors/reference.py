"""Feeds by feedparser: the most forgiving reader, and the one that the fast one is held against.

feedparser is never given a string or bytes as such: it would take them for a file's name or an address first.  Its URI
resolving and sanitising are off (plain text is made of everything, which is two to three times as fast), and its dates
are not used (it reads CEST and IST as UTC, and 2016/6/29 as 1 November).
"""

from __future__ import annotations

import io
from typing import Any

import feedparser

from connectors.told import NOTHING, Marked, Told, ToldFeed

_HARMLESS = (feedparser.CharacterEncodingOverride, feedparser.NonXMLContentType)


def read_by_feedparser(data: bytes) -> tuple[ToldFeed, str]:
    """What the UTF-8 document tells, and the version of its format, "" when it is no feed."""
    parsed = feedparser.parse(
        io.BytesIO(data),
        response_headers={"content-type": "application/xml; charset=utf-8"},  # no address: guids would be resolved too
        resolve_relative_uris=False,
        sanitize_html=False,
    )
    told = ToldFeed(
        entries=[_told(entry) for entry in parsed.entries],
        title=_marked(parsed.feed, "title"),
        language=str(parsed.feed.get("language") or ""),
        problem=_problem(parsed),
    )
    return told, str(parsed.get("version") or "")


def _told(entry: Any) -> Told:
    # `dict.get`, since feedparser's own answers "updated" with "published".
    contents = [_of(each) for each in entry.get("content") or []]
    # A summary without particulars is a copy of the content.
    copied = contents and "summary_detail" not in entry
    return Told(
        guid=_text(entry.get("id")),
        link=_text(dict.get(entry, "link")),
        title=_marked(entry, "title"),
        summary=NOTHING if copied else _marked(entry, "summary"),
        contents=contents,
        author=_text(entry.get("author")),
        language=_text(entry.get("language")),
        published=_text(dict.get(entry, "published")),
        updated=_text(dict.get(entry, "updated") or dict.get(entry, "created")),
    )


def _marked(thing: Any, name: str) -> Marked:
    """The field with its type. The particulars may be those of another one that stands deeper, as in a picture."""
    value, detail = _text(thing.get(name)), thing.get(f"{name}_detail")
    return _of(detail) if detail and detail.get("value") == value else Marked(value)


def _of(detail: Any) -> Marked:
    return Marked(_text(detail.get("value")), _text(detail.get("type")))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _problem(parsed: Any) -> str:
    error = parsed.get("bozo_exception") if parsed.get("bozo") else None
    return "" if error is None or isinstance(error, _HARMLESS) else str(error)
