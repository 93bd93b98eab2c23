"""Bytes of a sitemap to the articles of the last two days, read as a stream: fifty thousand addresses cost no memory.

The format is that of sitemaps.org (0.9) with Google's news extension (sitemap-news/0.9), packed by gzip or not.  News
tags stand on articles of the last two days only; an address without them has neither title nor date of publication.
"""

from __future__ import annotations

import heapq
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from html.entities import html5

from lxml import etree

from connectors.base import FetchOutcome
from connectors.dates import read_date
from connectors.markup import is_challenge, is_feed_root, is_html
from connectors.parsed import MAX_ENTRIES, Entry, ParsedFeed, language_code, web_link
from connectors.text import line_of, one_line
from monitor.errors import FetchError

LARGEST = 50 * 1024 * 1024  # bytes, unpacked (sitemaps.org)
MOST_ADDRESSES = 50_000  # in one file (sitemaps.org)
WINDOW = timedelta(days=2)  # in which news tags may stand (developers.google.com, "News sitemaps")
PIECE = 64 * 1024  # bytes that are parsed at a time
LONGEST_FIELD = 10_000  # code points
LONGEST_ENTITY = 40  # bytes, with & and ;
_GZIP = b"\x1f\x8b"
_AMPERSAND = re.compile(rb"&(?:([A-Za-z][A-Za-z0-9]{0,31};)|(?!#(?:\d{1,7}|[xX][0-9a-fA-F]{1,6});))")
_XML_ENTITIES = frozenset(("amp;", "lt;", "gt;", "quot;", "apos;"))
_ROOTS = frozenset(("urlset", "sitemapindex"))
# Where the fields stand: parent and name, whatever the prefixes; `image:loc` has another parent.
_FIELDS = frozenset(
    (
        ("url", "loc"),
        ("url", "lastmod"),
        ("sitemap", "loc"),
        ("sitemap", "lastmod"),
        ("news", "title"),
        ("news", "publication_date"),
        ("publication", "language"),
        ("publication", "name"),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A sitemap that an index names."""

    address: str
    changed: str = ""  # when, as the index writes it


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What counts: how long ago an article may have been published, and whether it has to have a title."""

    now: datetime
    time_zone: str | None = None  # of dates that name none
    untitled: bool = False  # addresses without news tags as well: their pages will say what they are

    def moment(self, raw: str) -> datetime | None:
        """The moment that a date names, the day's end where it names a day only; None where it names none.

        A date without a zone is taken for one in UTC here, where some hours do not matter.
        """
        try:
            at = datetime.fromisoformat(raw)  # what nearly all of them are, ten times as fast
        except ValueError:
            at = None
        if at is not None and at.tzinfo is not None:
            return at
        date = read_date(raw, self.time_zone or "UTC")
        if date is None:
            return None
        return min(date.at + timedelta(days=1), max(self.now, date.at)) if date.day_only else date.at


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitemap:
    """A file as read: its articles, the newest first, or the files that it is an index of."""

    feed: ParsedFeed
    parts: tuple[Part, ...] = ()


def read_sitemap(body: bytes, url: str, reading: Reading) -> Sitemap:
    """The articles of the last two days. Raises FetchError: not_a_feed, blocked, too_large, parse_error."""
    _refuse_others(body, url)
    collector = _Collector(url, reading)
    parser = etree.XMLParser(
        target=collector, recover=True, resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False
    )
    try:
        for piece in _mended(_pieces(body, url)):
            parser.feed(piece)
            if collector.full:
                break
        else:
            parser.close()
        problem = _damage(parser)
    except etree.LxmlError as error:
        problem = f"not well-formed: {error}"
    if collector.root not in _ROOTS:
        raise FetchError(FetchOutcome.NOT_A_FEED, f"{url}: no sitemap: its outermost element is {collector.root!r}")
    if problem and collector.empty:
        raise FetchError(FetchOutcome.PARSE_ERROR, f"{url}: {problem}")
    return collector.sitemap(problem)


def _damage(parser: etree.XMLParser) -> str:
    """The first thing that was wrong with the file, prefixes that nobody declared aside: they do no harm."""
    for entry in parser.feed_error_log.filter_from_errors():
        if entry.type_name != "NS_ERR_UNDEFINED_NAMESPACE":
            return f"not well-formed: {entry.message}"
    return ""


def _refuse_others(body: bytes, url: str) -> None:
    if is_challenge(body):
        raise FetchError(FetchOutcome.BLOCKED, f"{url}: the site shows a challenge or a refusal instead of the sitemap")
    if is_feed_root(body):
        raise FetchError(FetchOutcome.NOT_A_FEED, f"{url}: a feed instead of a sitemap; use kind: feed")
    if is_html(body):
        raise FetchError(FetchOutcome.NOT_A_FEED, f"{url}: a web page instead of a sitemap")


def _pieces(body: bytes, url: str) -> Iterator[bytes]:
    """The text of the file piece by piece, unpacked if it is packed, and no more of it than a sitemap may have."""
    if not body.startswith(_GZIP):
        view = memoryview(body)
        for start in range(0, len(body), PIECE):
            yield bytes(view[start : start + PIECE])
        return
    unpacked, total = zlib.decompressobj(wbits=31), 0
    left = body
    try:
        while left and not unpacked.eof:
            piece = unpacked.decompress(left, PIECE)
            left = unpacked.unconsumed_tail
            total += len(piece)
            if total > LARGEST:
                raise FetchError(FetchOutcome.TOO_LARGE, f"{url}: over {LARGEST // 2**20} MiB unpacked")
            yield piece
    except zlib.error as error:
        raise FetchError(FetchOutcome.PARSE_ERROR, f"{url}: the packed file is damaged: {error}") from error


def _mended(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same with `&amp;` for each bare `&`, of which libxml2 drops what follows, and numbers for HTML's entities."""
    held = b""
    for piece in pieces:
        text = held + piece
        at = text.rfind(b"&", -LONGEST_ENTITY)  # what begins at the very end may go on in the next piece
        cut = at if at >= 0 and b";" not in text[at:] else len(text)
        held = text[cut:]
        yield _AMPERSAND.sub(_reference, text[:cut])
    yield _AMPERSAND.sub(_reference, held)


def _reference(match: re.Match[bytes]) -> bytes:
    name = (match[1] or b"").decode("ascii")
    if not name:
        return b"&amp;"
    meant = html5.get(name) if name not in _XML_ENTITIES else None
    return "".join(f"&#{ord(char)};" for char in meant).encode("ascii") if meant else match[0]


@dataclass(slots=True)
class _Collector:
    """Takes libxml2's events and keeps the newest articles; it builds no tree."""

    url: str
    reading: Reading
    root: str = ""
    full: bool = False
    _path: list[str] = field(default_factory=list)
    _fields: dict[str, str] = field(default_factory=dict)
    _text: list[str] | None = None
    _newest: list[tuple[datetime, int, Entry]] = field(default_factory=list)  # a heap, the oldest first
    _parts: list[Part] = field(default_factory=list)
    _addresses: int = 0
    _recent: int = 0
    _untitled: int = 0
    _skipped: int = 0

    def start(self, tag: str, _attributes: Mapping[str, str]) -> None:
        name = _local(tag)
        self.root = self.root or name
        if name in ("url", "sitemap"):
            self._fields = {}
        elif name == "news":
            self._fields["news"] = "yes"
        self._text = [] if self._path and (self._path[-1], name) in _FIELDS else None
        self._path.append(name)

    def data(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def end(self, _tag: str) -> None:
        name = self._path.pop() if self._path else ""
        if self._text is not None:
            self._fields.setdefault(name, "".join(self._text)[:LONGEST_FIELD].strip())
            self._text = None
        if name == "url":
            self._take_address()
        elif name == "sitemap":
            self._take_part()

    def comment(self, _text: str) -> None:
        """Comments say nothing."""

    def close(self) -> None:
        """Nothing is left open."""

    @property
    def empty(self) -> bool:
        """Whether nothing was listed, of whatever age."""
        return not (self._addresses or self._parts or self._skipped)

    def sitemap(self, problem: str) -> Sitemap:
        """Everything that was kept."""
        newest = [entry for _, _, entry in sorted(self._newest, key=lambda each: each[:2], reverse=True)]
        messages = [problem]
        if self.full:
            messages.append(f"over {MOST_ADDRESSES:,} addresses, of which the rest was not read")
        if self._recent > len(newest):
            messages.append(f"{self._recent:,} articles of two days, of which the newest {len(newest):,} were taken")
        if self._untitled:
            messages.append(
                f"{self._untitled:,} addresses without news tags were left out; fetch_article: yes reads their pages"
            )
        feed = ParsedFeed(entries=tuple(newest), skipped=self._skipped, message="; ".join(filter(None, messages)))
        return Sitemap(feed=feed, parts=tuple(self._parts))

    def _take_address(self) -> None:
        fields, self._fields = self._fields, {}
        self._addresses += 1
        if self._addresses > MOST_ADDRESSES:
            self.full = True
            return
        at = self.reading.moment(fields.get("publication_date") or fields.get("lastmod") or "")
        titled = bool(fields.get("title"))
        if at < self.reading.now - WINDOW if at else not titled:
            return  # it is older, or nobody knows how old it is and what it is
        if not titled and not self.reading.untitled:
            self._untitled += 1
            return
        place = (at or self.reading.now, -self._addresses)
        full = len(self._newest) >= MAX_ENTRIES
        if full and place < self._newest[0][:2]:
            self._recent += 1
            return  # there are enough newer ones
        link = web_link(fields.get("loc"), self.url)
        if link is None:
            self._skipped += 1
            return
        self._recent += 1
        if full:
            heapq.heapreplace(self._newest, (*place, _entry(link, fields)))
        else:
            heapq.heappush(self._newest, (*place, _entry(link, fields)))

    def _take_part(self) -> None:
        fields, self._fields = self._fields, {}
        address = web_link(fields.get("loc"), self.url)
        if address is None:
            self._skipped += 1
        elif len(self._parts) < MOST_ADDRESSES:
            self._parts.append(Part(address=address, changed=one_line(fields.get("lastmod", ""), 100)))


def _entry(link: str, fields: Mapping[str, str]) -> Entry:
    return Entry(
        link=link,
        title=line_of(fields.get("title", ""), html=True),
        language=language_code(fields.get("language")),
        published_raw=one_line(fields.get("publication_date", "")) or None,
        updated_raw=one_line(fields.get("lastmod", "")) or None,
    )


@lru_cache(maxsize=1000)
def _local(tag: str) -> str:
    """A tag's name without its name space or, where that was not declared, its prefix."""
    return tag.rpartition("}")[2].rpartition(":")[2].lower()
