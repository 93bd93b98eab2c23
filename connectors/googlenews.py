"""Google News' feeds: results of a search, a topic, an outlet.

Its links lead over news.google.com and are opaque: the name in them is the item's identity.  In older ones the
outlet's address can be read; the others lead on when they are followed, which is done with `fetch_article` only, and
only where the robots.txt of both sites allow it.  What a feed says of an item is its headline, the outlet, and
headlines of others.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import replace
from urllib.parse import urlsplit

from connectors.addresses import is_web_url
from connectors.feedformats import parse_feed
from connectors.parsed import Entry, ParsedFeed

SPACING = 10.0  # seconds between starts: it names no figure, and turns away who asks much
_ARTICLE = re.compile(r"^/(?:rss/)?(?:articles|read)/([\w-]+)$")
_FIELD = b"\x08\x13\x22"  # protocol buffers: field 1 is 19, field 4 a string, of which the length follows


def parse_results(body: bytes, content_type: str, url: str) -> ParsedFeed:
    """The feed's entries, as the outlets have them where that can be told. Raises FetchError as `parse_feed` does."""
    feed = parse_feed(body, content_type, url)
    return replace(feed, entries=tuple(_mended(entry) for entry in feed.entries))


def _mended(entry: Entry) -> Entry:
    """Headline and outlet apart, without the list of what others say, and the outlet's address where it can be read."""
    headline, _, outlet = entry.title.rpartition(" - ")
    named = bool(headline) and (outlet in entry.text or not entry.text)  # the text names it again
    return replace(
        entry,
        link=(outlet_address(entry.link) if entry.link else None) or entry.link,
        title=headline.strip() if named else entry.title,
        author=outlet.strip() if named else entry.author,
        text="",
        summary=None,
    )


def outlet_address(link: str) -> str | None:
    """The outlet's address that an older link holds; None for one that keeps it to itself."""
    match = _ARTICLE.match(urlsplit(link).path)
    if match is None:
        return None
    try:
        packed = base64.urlsafe_b64decode(match[1] + "=" * (-len(match[1]) % 4))
    except (binascii.Error, ValueError):
        return None
    if not packed.startswith(_FIELD):
        return None
    length, start = _length(packed, len(_FIELD))
    address = packed[start : start + length].decode("utf-8", "replace")
    return address if len(address.encode()) == length and is_web_url(address) else None


def _length(packed: bytes, at: int) -> tuple[int, int]:
    """A number as protocol buffers write it, seven bits a byte, and where it ends."""
    length = shift = 0
    for byte in packed[at : at + 4]:
        length |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            break
    return length, at
