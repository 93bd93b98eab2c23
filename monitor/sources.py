"""`sources.yaml`: where the news comes from; `docs/sources.md` explains every field."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Annotated, ClassVar
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import AfterValidator, BeforeValidator

from monitor.newssearch import EDITIONS, gdelt_address, google_news_address
from monitor.topics import ID_PATTERN
from monitor.types import LEAST_INTERVAL, Backfill, ItemKind, Source, SourceKind, Tier
from monitor.yamlfile import Document, Entry, Place, duration, entries, expected, suggest

DEFAULT_INTERVAL = timedelta(minutes=10)  # where adapting begins; of an archive, which adapts to nothing, for good
SEARCHES = (SourceKind.GDELT, SourceKind.GOOGLE_NEWS)  # may be given as a question instead of an address
WITH_ARTICLES = (SourceKind.FEED, SourceKind.SITEMAP, *SEARCHES)  # list items that have pages of their own
KINDS = ", ".join(kind for kind in SourceKind if kind is not SourceKind.ARCHIVE) + " or archive"

# Hosts that resolvers take for IPv4 addresses: 2130706433, 0x7f.1, 0177.0.0.1 (WHATWG URL, "ends in a number").
_ODD_NUMBER = re.compile(r"(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)\.?$")
_PLAIN_IPV4 = re.compile(r"(?:(?:0|[1-9][0-9]{0,2})\.){3}(?:0|[1-9][0-9]{0,2})")


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"\s", value):
        raise ValueError("not an http(s) address")
    if "@" in parts.netloc:
        raise ValueError("names and passwords in addresses end up in logs and are refused")
    if ":" not in parts.hostname and _ODD_NUMBER.search(parts.hostname) and not _PLAIN_IPV4.fullmatch(parts.hostname):
        raise ValueError("the host is a number in another form than 192.0.2.1, which is refused")
    return value


@lru_cache(maxsize=1)
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones())  # reads a thousand files


def known_time_zone(value: str) -> str:
    """The name of an IANA zone. Raises ValueError for any other, with the nearest one."""
    if value not in _time_zones():
        raise ValueError(f"not in the IANA list.{suggest(value, sorted(_time_zones()))}".rstrip("."))
    return value


def _interval(value: object) -> timedelta | None:
    """A fixed interval, or None for one that adapts to the source."""
    return None if value == "auto" else duration(value)


class _Source(Entry):
    kind_of_entry: ClassVar[str] = "source"

    id: str = expected("lower-case letters, digits, dots and hyphens, such as yonhap-en", pattern=ID_PATTERN)
    name: str | None = expected("the outlet as a reader names it, such as Yonhap", None, min_length=1, max_length=100)
    kind: SourceKind = expected(KINDS)
    url: Annotated[str, AfterValidator(_web_address)] | None = expected("an http(s) address", None)
    query: str | None = expected(
        'what to search for, such as "Kim Jong Un" parade', None, min_length=1, max_length=1000
    )
    path: str | None = expected("a file or folder, absolute or relative to this file", None, min_length=1)
    interval: Annotated[timedelta | None, BeforeValidator(_interval)] = expected(
        "a duration such as 90s, 5m or 1h, or auto", None
    )
    language: str | None = expected("two letters by ISO 639-1, such as en or ko", None, pattern=r"^[a-z]{2}$")
    tier: Tier = expected("official, agency, outlet or aggregator", Tier.OUTLET)
    fetch_article: bool = expected("yes or no", False)
    backfill: Backfill = expected("archive or alert", Backfill.ARCHIVE)
    time_zone: Annotated[str, AfterValidator(known_time_zone)] | None = expected(
        "an IANA zone such as Asia/Seoul", None
    )
    allow_private: bool = expected("yes or no", False)
    item_kind: ItemKind = expected("article, liveblog-entry, wire-flash, opinion or roundup", ItemKind.ARTICLE)


def read_sources(document: Document) -> tuple[Source, ...]:
    """The sources of a document. What is wrong goes to its `problems`."""
    sources: dict[str, Source] = {}
    addresses: dict[str, str] = {}
    for place, entry in entries(document, {"sources": _Source})["sources"]:
        assert isinstance(entry, _Source)
        address = _address(document, place, entry)
        if entry.id in sources:
            document.complain((*place, "id"), f'source "{entry.id}" is there already. Give each its own id.')
        elif address and address in addresses:
            document.complain(
                place, f'source "{entry.id}" reads the same as "{addresses[address]}". Remove one of them.'
            )
        sources[entry.id] = _source(entry, address)
        addresses.setdefault(address, entry.id)
    if not sources and not document.problems:
        document.complain((), "there is no source, so nothing is read. `watchdesk init DIR` writes an example.")
    return tuple(sources.values())


def _address(document: Document, place: Place, entry: _Source) -> str:
    """Where the source is, with the fields checked that its kind needs and has no use for."""
    _check_fields(document, place, entry)
    if entry.kind is SourceKind.ARCHIVE and entry.path is not None:
        return str((document.path.parent / Path(entry.path).expanduser()).resolve())
    if entry.kind in SEARCHES and entry.query is not None:
        return _search(document, place, entry, entry.query)
    return entry.url or ""


def _check_fields(document: Document, place: Place, entry: _Source) -> None:
    label = f'source "{entry.id}"'
    local = entry.kind is SourceKind.ARCHIVE
    wanted = ("path",) if local else ("url", "query") if entry.kind in SEARCHES else ("url",)
    given = [name for name in ("url", "query", "path") if getattr(entry, name) is not None]
    for name in given:
        if name not in wanted:
            document.complain((*place, name), f'{label}: kind {entry.kind} has no "{name}". Use "{wanted[0]}".')
    if not any(name in given for name in wanted):
        names = " or ".join(f'"{name}"' for name in wanted)
        document.complain((*place, wanted[0]), f"{label}: kind {entry.kind} needs the field {names}.")
    if "url" in given and "query" in given and "query" in wanted:
        document.complain((*place, "query"), f'{label}: "url" and "query" both say what to search for. Remove one.')
    if entry.fetch_article and entry.kind not in WITH_ARTICLES:
        kinds = ", ".join(WITH_ARTICLES)
        document.complain(
            (*place, "fetch_article"), f"{label}: only {kinds} have articles to fetch. Remove fetch_article."
        )
    if entry.allow_private and local:
        document.complain((*place, "allow_private"), f"{label}: an archive has no address. Remove allow_private.")
    least = LEAST_INTERVAL.get(entry.kind)
    if least is not None and entry.interval is not None and entry.interval < least:
        minutes = int(least.total_seconds() // 60)
        document.complain((*place, "interval"), f"{label}: kind {entry.kind} is asked every {minutes}m at most.")


def _search(document: Document, place: Place, entry: _Source, query: str) -> str:
    """The address of a search."""
    if entry.kind is SourceKind.GDELT:
        return gdelt_address(query)
    if entry.language is None or entry.language not in EDITIONS:
        document.complain(
            (*place, "query"),
            f'source "{entry.id}": a query needs the edition\'s language: {", ".join(EDITIONS)}. '
            "For another edition give the address of its feed as url.",
        )
        return ""
    return google_news_address(query, entry.language)


def _source(entry: _Source, address: str) -> Source:
    fields = entry.model_dump(exclude={"name", "url", "query", "path", "interval"})
    interval = entry.interval or max(DEFAULT_INTERVAL, LEAST_INTERVAL.get(entry.kind, DEFAULT_INTERVAL))
    return Source(
        name=entry.name or entry.id, url=address, interval=interval, adaptive=entry.interval is None, **fields
    )
