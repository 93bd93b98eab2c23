"""What the parsers make of a feed, before it is compared with what was there the last time."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar
from urllib.parse import urljoin

from connectors.addresses import is_web_url
from monitor.types import content_hash

MAX_ENTRIES = 2000  # of one feed; the rest is left out and said to be
FEED_DAMAGED = "feed_damaged"  # flag of items whose feed was not well-formed: what they say may be incomplete
FEED_CUT = "feed_cut"  # flag of items whose feed was too long or too deep to be read as a whole
LONGEST_GUID = 10_000  # code points

Raw = TypeVar("Raw")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a feed. Texts are plain, dates are as the feed has them, the link is absolute and http(s)."""

    guid: str | None = None
    link: str | None = None
    title: str = ""
    text: str = ""  # the longest content that the feed gives, else its summary
    summary: str | None = None
    author: str | None = None
    language: str | None = None
    published_raw: str | None = None
    updated_raw: str | None = None
    flags: tuple[str, ...] = ()  # what the item is to be known by beside its text, such as "forwarded"

    @property
    def fingerprint(self) -> str:
        """Hash of what a reader would see in the feed."""
        return content_hash(self.title, self.text, self.summary or "")

    @property
    def empty(self) -> bool:
        """Whether nobody could read or follow it."""
        return not (self.title or self.text or self.link)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """A feed as read: its entries in document order, and what was left out."""

    entries: tuple[Entry, ...]
    skipped: int = 0  # entries that could not be read
    message: str = ""  # what was wrong with it, in words; "" when nothing was
    title: str = ""  # what the source calls itself
    older: str | None = None  # the address of the entries before these, where the source has pages


def collect(
    raw: Sequence[Raw], read: Callable[[Raw], Entry], *, problem: str = "", count: int | None = None
) -> ParsedFeed:
    """Read each raw entry; those that can't be read, or say nothing, are counted and left out; too many are cut.

    `count` is how many the feed has, where `raw` is only its beginning.
    """
    entries: list[Entry] = []
    skipped = 0
    for each in raw[:MAX_ENTRIES]:
        try:
            entry = read(each)
        except (AttributeError, IndexError, KeyError, TypeError, ValueError):  # of a shape that nobody foresaw
            skipped += 1
            continue
        if entry.empty:
            skipped += 1
        else:
            entries.append(entry)
    messages = [problem] if problem else []
    listed = len(raw) if count is None else count
    if listed > MAX_ENTRIES:
        messages.append(f"{listed} entries, of which the first {MAX_ENTRIES} were read")
        entries = [replace(entry, flags=(*entry.flags, FEED_CUT)) for entry in entries]
    return ParsedFeed(entries=tuple(entries), skipped=skipped, message="; ".join(messages))


def web_link(link: object, base: str) -> str | None:
    """An absolute http(s) address, or None for anything else."""
    if not isinstance(link, str) or not link.strip():
        return None
    try:
        absolute = urljoin(base, link.strip())
    except ValueError:
        return None
    return absolute if is_web_url(absolute) else None


def language_code(*candidates: object) -> str | None:
    """The first candidate that starts with a two-letter code (ISO 639-1)."""
    for each in candidates:
        if isinstance(each, str) and (match := re.match(r"([A-Za-z]{2})(?:[-_]|$)", each.strip())):
            return match[1].lower()
    return None
