"""Items as JSON lines, one object a line: the form in which labelled streams and exports are kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from connectors.dates import parse_date
from connectors.items import Found, raw_item
from connectors.parsed import language_code, web_link
from connectors.text import line_of, one_line, paragraphs
from monitor.types import ItemKind, RawItem, Source


class BadLine(ValueError):
    """The line is no item; says why, and what is expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemLine:
    """One line as read. Fields that it does not have are None, and the source's own word stands."""

    found: Found
    source_name: str | None = None
    seen: datetime | None = None


def read_line(line: bytes, roots: dict[str, str]) -> ItemLine:
    """The item of one line. Raises BadLine.

    `roots` leads from the id of an edited version to that of the item's first version; it grows.
    """
    fields = _fields(line)
    title, text = _text(fields, "title"), _text(fields, "text")
    name = fields.get("id")
    name = str(name) if isinstance(name, int) and not isinstance(name, bool) else name
    if name is not None and (not isinstance(name, str) or not name.strip()):
        raise BadLine("id: expected a text that is not empty")
    if not (title.strip() or text.strip()):
        raise BadLine("neither title nor text: there is nothing to read")
    link = web_link(fields.get("url"), "")
    key = one_line(name or link or "")
    if not key:
        raise BadLine("neither id nor url: an item needs one of them to be known again")
    updates = fields.get("updates")
    if isinstance(updates, str) and updates:
        roots[key] = roots.get(updates, updates)
    found = Found(
        key=roots.get(key, key),
        url=link,
        title=line_of(title, html=False),
        text=paragraphs(text),
        author=one_line(_text(fields, "author")) or None,
        language=language_code(fields.get("lang"), fields.get("language")),
        published_raw=one_line(_text(fields, "published")) or None,
        updated_raw=one_line(_text(fields, "updated")) or None,
        kind=_kind(fields.get("kind")),
    )
    return ItemLine(found=found, source_name=one_line(_text(fields, "source")) or None, seen=_seen(fields.get("seen")))


def item_of(line: ItemLine, source: Source, *, now: datetime) -> RawItem:
    """The line as an item of the source; it was seen when it says so, unless that is still to come."""
    seen = min(line.seen, now) if line.seen else now
    item = raw_item(line.found, source, seen=seen)
    return replace(
        item,
        source_name=line.source_name or item.source_name,
        language=line.found.language or item.language,
    )


def _fields(line: bytes) -> Mapping[str, Any]:
    try:
        fields = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise BadLine(f"not UTF-8 at byte {error.start}") from error
    except (ValueError, RecursionError) as error:
        raise BadLine(f"not JSON: {error}") from error
    if not isinstance(fields, dict):
        raise BadLine('expected an object such as {"id": "1", "title": "…", "text": "…"}')
    return fields


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadLine(f"{name}: expected a text")
    return value


def _kind(value: object) -> ItemKind | None:
    if value is None:
        return None
    try:
        return ItemKind(str(value))
    except ValueError as error:
        raise BadLine(f"kind: expected one of {', '.join(ItemKind)}") from error


def _seen(value: object) -> datetime | None:
    if value is None:
        return None
    seen = parse_date(value) if isinstance(value, str) else None
    if seen is None:
        raise BadLine("seen: expected a date and time with its offset, such as 2025-08-28T05:27:00Z")
    return seen
