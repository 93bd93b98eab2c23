"""Bytes of a feed to entries: RSS and Atom by feedparser, JSON Feed by our own reading.

feedparser is never given a string or bytes as such: it would take them for a file's name or an address first.  Its URI
resolving and sanitising are off (plain text is made of everything, which is two to three times as fast), and its dates
are not used (it reads CEST and IST as UTC, and 2016/6/29 as 1 November).
"""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import Any

import feedparser

from connectors.base import FetchOutcome
from connectors.jsonfeed import is_json, read_json_feed
from connectors.markup import is_challenge, is_feed_root, is_html
from connectors.parsed import LONGEST_GUID, Entry, ParsedFeed, collect, language_code, web_link
from connectors.text import MAX_SUMMARY, line_of, one_line, text_of
from monitor.errors import FetchError

_HTML_TYPES = ("text/html", "application/xhtml+xml")
# Atom takes content without a type for plain text, and many feeds forget the type.
_MARKUP = re.compile(r"</[a-zA-Z][a-zA-Z0-9]*\s*>|<(?:br|p|img|div|a)\b[^<>]*>", re.IGNORECASE)
_HARMLESS = (feedparser.CharacterEncodingOverride, feedparser.NonXMLContentType)


def parse_feed(body: bytes, content_type: str, url: str) -> ParsedFeed:
    """The feed's entries. Raises FetchError: not_a_feed, or blocked when the page asks for a human."""
    if is_html(body):
        _refuse_page(body, url)
    if is_json(body):
        return read_json_feed(body, url)
    parsed = feedparser.parse(
        io.BytesIO(body),
        response_headers={"content-type": content_type},  # no address: guids would be resolved against it as well
        resolve_relative_uris=False,
        sanitize_html=False,
    )
    version = str(parsed.get("version") or "")
    if not (version or parsed.entries or is_feed_root(body)):
        raise FetchError(FetchOutcome.NOT_A_FEED, f"{url}: {_what_instead(body)} instead of a feed")
    language = parsed.feed.get("language")
    dated_by_update = not version.startswith("atom")
    read = collect(
        parsed.entries, lambda entry: _entry(entry, url, language, dated_by_update), problem=_problem(parsed)
    )
    return replace(read, title=_line(parsed.feed.get("title_detail") or {"value": parsed.feed.get("title") or ""}))


def _entry(entry: Any, url: str, language: object, dated_by_update: bool) -> Entry:
    summary = _text(entry.get("summary_detail") or {"value": entry.get("summary") or ""})
    contents = [_text(each) for each in entry.get("content") or []]
    text = max([*contents, summary], key=len)
    # `dict.get`, since feedparser's own answers "updated" with "published".
    published, updated = dict.get(entry, "published"), dict.get(entry, "updated") or dict.get(entry, "created")
    if published is None and dated_by_update:  # RSS 1.0 has only dc:date, which feedparser calls "updated"
        published, updated = updated, None
    return Entry(
        guid=one_line(entry.get("id") or "", LONGEST_GUID) or None,
        link=web_link(entry.get("link"), url),
        title=_line(entry.get("title_detail") or {"value": entry.get("title") or ""}),
        text=text,
        summary=summary[:MAX_SUMMARY] if summary and summary != text else None,
        author=one_line(entry.get("author") or "") or None,
        language=language_code(entry.get("language"), language),
        published_raw=one_line(published or "") or None,
        updated_raw=one_line(updated or "") or None,
    )


def _text(detail: Any) -> str:
    value = str(detail.get("value") or "")
    return text_of(value, html=detail.get("type") in _HTML_TYPES or _MARKUP.search(value) is not None)


def _line(detail: Any) -> str:
    value = str(detail.get("value") or "")
    return line_of(value, html=detail.get("type") in _HTML_TYPES or _MARKUP.search(value) is not None)


def _problem(parsed: Any) -> str:
    error = parsed.get("bozo_exception") if parsed.get("bozo") else None
    return "" if error is None or isinstance(error, _HARMLESS) else f"not well-formed, read all the same: {error}"


def _refuse_page(body: bytes, url: str) -> None:
    if is_challenge(body):
        raise FetchError(FetchOutcome.BLOCKED, f"{url}: the site shows a challenge or a refusal instead of the feed")
    raise FetchError(
        FetchOutcome.NOT_A_FEED, f"{url}: a web page instead of a feed; for a page use kind: page or kind: liveblog"
    )


def _what_instead(body: bytes) -> str:
    start = body[:60].decode("utf-8", "replace").strip()
    return f"there is something that starts with {start!r}" if start else "there is nothing"
