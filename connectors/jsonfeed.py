"""JSON Feed 1.0 and 1.1 (jsonfeed.org)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from connectors.base import FetchOutcome
from connectors.parsed import LONGEST_GUID, Entry, ParsedFeed, collect, language_code, web_link
from connectors.text import MAX_SUMMARY, line_of, one_line, text_of
from monitor.errors import FetchError


def is_json(body: bytes) -> bool:
    """Whether the body starts as a JSON object does."""
    return body[:200].removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")


def read_json_feed(body: bytes, url: str) -> ParsedFeed:
    """The feed's entries. Raises FetchError(not_a_feed)."""
    try:
        feed = json.loads(body.removeprefix(b"\xef\xbb\xbf"), strict=False)
    except (ValueError, RecursionError) as error:
        raise FetchError(FetchOutcome.NOT_A_FEED, f"{url}: no JSON that can be read ({error})") from error
    items = feed.get("items")
    if not isinstance(items, list) or "jsonfeed.org" not in str(feed.get("version", "")):
        raise FetchError(
            FetchOutcome.NOT_A_FEED,
            f"{url}: JSON, but no JSON Feed: it needs a jsonfeed.org version and a list of items",
        )
    return replace(
        collect(items, lambda item: _entry(item, feed, url)), title=line_of(_string(feed, "title"), html=False)
    )


def _entry(item: Mapping[str, Any], feed: Mapping[str, Any], url: str) -> Entry:
    html, plain = _string(item, "content_html"), _string(item, "content_text")
    summary = text_of(_string(item, "summary"), html=False)
    text = text_of(html, html=True) if html else text_of(plain, html=False)
    return Entry(
        guid=_identifier(item.get("id")),
        link=web_link(item.get("url"), url) or web_link(item.get("external_url"), url),
        title=line_of(_string(item, "title"), html=False),
        text=text or summary,
        summary=summary[:MAX_SUMMARY] if summary and text else None,
        author=_authors(item) or _authors(feed),
        language=language_code(item.get("language"), feed.get("language")),
        published_raw=one_line(_string(item, "date_published")) or None,
        updated_raw=one_line(_string(item, "date_modified")) or None,
    )


def _string(item: Mapping[str, Any], name: str) -> str:
    value = item.get(name)
    return value if isinstance(value, str) else ""


def _identifier(value: object) -> str | None:
    """The id; the specification asks readers to take numbers as well."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return one_line(value, LONGEST_GUID) or None if isinstance(value, str) else None


def _authors(thing: Mapping[str, Any]) -> str | None:
    """Names of version 1.1's `authors`, else of version 1.0's `author`."""
    authors = thing.get("authors")
    if not isinstance(authors, list):
        authors = [thing.get("author")]
    given = [each["name"] for each in authors if isinstance(each, Mapping) and isinstance(each.get("name"), str)]
    return one_line(", ".join(given)) or None
