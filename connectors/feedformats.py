"""Bytes of a feed to entries: RSS and Atom by a fast reader or by feedparser, JSON Feed by our own reading.

Well-formed feeds are read by libxml2. What is damaged is mended first, as far as no text is lost by it; what can't be
mended, or is unusual, is read by feedparser.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from lxml import etree

from connectors.base import FetchOutcome
from connectors.encodings import to_utf8
from connectors.fastfeed import Unusual, parse_xml, read_tree
from connectors.jsonfeed import is_json, read_json_feed
from connectors.markup import is_challenge, is_feed_root, is_html
from connectors.mending import flatten, mend
from connectors.parsed import FEED_CUT, FEED_DAMAGED, MAX_ENTRIES, ParsedFeed, collect
from connectors.reference import read_by_feedparser
from connectors.told import ToldFeed, entry_of
from monitor.errors import FetchError

_ENTRY = re.compile(rb"<(?:item|entry)[\s>]", re.IGNORECASE)
LARGE = 1_000_000  # bytes; what is damaged beyond mending and longer than that would take feedparser too long


def parse_feed(body: bytes, content_type: str, url: str) -> ParsedFeed:
    """The feed's entries. Raises FetchError: not_a_feed, or blocked when the page asks for a human."""
    decoded = to_utf8(body, content_type)
    data = decoded.data.lstrip()
    if is_html(data):
        _refuse_page(data, url)
    if is_json(data):
        return _flagged(read_json_feed(data, url), decoded.damage, damaged=bool(decoded.damage))
    read = _read_xml(data, url)
    told = read.told
    parsed = collect(
        told.entries,
        lambda entry: entry_of(entry, url, told.language, dated_by_update=not read.atom),
        problem="; ".join(filter(None, (read.damage, read.cut))),
        count=read.count,
    )
    parsed = replace(parsed, title=told.title.line())
    return _flagged(parsed, decoded.damage, damaged=bool(read.damage or decoded.damage), cut=bool(read.cut))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """A feed as told, with how many entries it has in all, what was wrong with it and what was cut, in words."""

    told: ToldFeed
    count: int
    atom: bool
    damage: str = ""
    cut: str = ""


def _read_xml(data: bytes, url: str) -> _Read:
    """By the fast reader: as it is, else mended, else, where it is large, as far as it goes; else by feedparser."""
    try:
        return _fast(data)
    except Unusual:
        return _slow(data, url)
    except etree.XMLSyntaxError as error:
        damage = f"not well-formed, read all the same: {error}"
    mended = mend(data)
    cuts = [mended.cut]
    read = _fast_if_xml(mended.data)
    if read is None:
        flat = flatten(mended.data)
        cuts.append(flat.cut)
        read = _fast_if_xml(flat.data) if flat.cut else None
        if read is None and len(flat.data) > LARGE:
            read = _fast_if_xml(flat.data, recover=True)
        read = read or _slow(flat.data, url)
    return replace(read, damage=damage, cut="; ".join(filter(None, cuts)))


def _fast_if_xml(data: bytes, *, recover: bool = False) -> _Read | None:
    try:
        return _fast(data, recover=recover)
    except (Unusual, etree.XMLSyntaxError):
        return None


def _fast(data: bytes, *, recover: bool = False) -> _Read:
    told, count, atom = read_tree(parse_xml(data, recover=recover), MAX_ENTRIES)
    return _Read(told=told, count=count, atom=atom)


def _slow(data: bytes, url: str) -> _Read:
    starts = [match.start() for match in _ENTRY.finditer(data)]
    whole = len(starts) <= MAX_ENTRIES
    if not whole:
        data = data[: starts[MAX_ENTRIES]]  # it takes a minute for what is left out anyway
    told, version = read_by_feedparser(data)
    if not (version or told.entries or is_feed_root(data)):
        raise FetchError(FetchOutcome.NOT_A_FEED, f"{url}: {_what_instead(data)} instead of a feed")
    damage = f"not well-formed, read all the same: {told.problem}" if told.problem and whole else ""
    count = len(told.entries) if whole else len(starts)
    return _Read(told=told, count=count, atom=version.startswith("atom"), damage=damage)


def _flagged(parsed: ParsedFeed, unreadable: str, *, damaged: bool, cut: bool = False) -> ParsedFeed:
    """With flags on what comes from a damaged or cut feed, and what the encoding had wrong in the message."""
    message = "; ".join(filter(None, (parsed.message, unreadable)))
    flags = (FEED_DAMAGED,) * damaged + (FEED_CUT,) * cut
    if not flags:
        return replace(parsed, message=message)
    entries = tuple(replace(entry, flags=(*entry.flags, *flags)) for entry in parsed.entries)
    return replace(parsed, entries=entries, message=message)


def _refuse_page(body: bytes, url: str) -> None:
    if is_challenge(body):
        raise FetchError(FetchOutcome.BLOCKED, f"{url}: the site shows a challenge or a refusal instead of the feed")
    raise FetchError(
        FetchOutcome.NOT_A_FEED, f"{url}: a web page instead of a feed; for a page use kind: page or kind: liveblog"
    )


def _what_instead(body: bytes) -> str:
    start = body[:60].decode("utf-8", "replace").strip()
    return f"there is something that starts with {start!r}" if start else "there is nothing"
