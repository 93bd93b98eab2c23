"""How long a source itself says that it need not be read again: in its answer's headers and at the feed's head."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

HEAD = 64 * 1024  # bytes; what a feed says of itself stands before its first item

_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,10})", re.IGNORECASE)
_FIRST_ITEM = re.compile(rb"<(?:\w{1,20}:)?(?:item|entry)[\s>/]", re.IGNORECASE)
_TTL = re.compile(rb"<ttl(?:\s[^<>]*)?>\s*(\d{1,7})\s*</ttl>", re.IGNORECASE)
_PERIOD = re.compile(rb"<(?:\w{1,20}:)?updatePeriod(?:\s[^<>]*)?>\s*(\w{1,10})\s*</", re.IGNORECASE)
_FREQUENCY = re.compile(rb"<(?:\w{1,20}:)?updateFrequency(?:\s[^<>]*)?>\s*(\d{1,6}(?:\.\d{1,6})?)\s*</", re.IGNORECASE)
# RDF Site Summary 1.0, module Syndication; a month and a year as it has them, roughly.
_PERIODS = {b"hourly": 3600, b"daily": 86_400, b"weekly": 604_800, b"monthly": 2_592_000, b"yearly": 31_536_000}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """Seconds for which a reading is said to be good, each None where nothing readable is said."""

    feed: float | None = None  # `ttl` of RSS 2.0, in minutes there, or sy:updatePeriod by sy:updateFrequency
    cache: float | None = None  # max-age of Cache-Control, else Expires (RFC 9111, 5.2.2 and 5.3)

    @property
    def seconds(self) -> float | None:
        """The longer of both."""
        return max((each for each in (self.feed, self.cache) if each is not None), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A hub that pushes a feed, and the name under which it knows it."""

    hub: str
    topic: str


def cache_hint(headers: Mapping[str, str], now: datetime) -> float | None:
    """For how many seconds from `now` the answer is fresh; 0 where it says "never". Names of headers in lower case."""
    control = headers.get("cache-control", "")
    if re.search(r"\bno-(?:cache|store)\b", control, re.IGNORECASE):
        return 0.0
    if (match := _MAX_AGE.search(control)) is not None:
        return float(match[1])
    expires = headers.get("expires")
    if expires is None:
        return None
    try:
        at = parsedate_to_datetime(expires)
    except (ValueError, OverflowError):
        return 0.0  # RFC 9111, 5.3: what is no date, "0" above all, has expired
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at
    return max((at - now).total_seconds(), 0.0)


def head_of(body: bytes) -> bytes:
    """What stands before a feed's first item."""
    head = body[:HEAD]
    item = _FIRST_ITEM.search(head)
    return head if item is None else head[: item.start()]


def feed_hint(body: bytes) -> float | None:
    """How often a feed wants to be read, in seconds; of several wishes the longest. Read from its head as it stands.

    Only ASCII is looked for, so that every encoding but UTF-16 and UTF-32 will do. sy:updateFrequency without a
    period counts by the module's default, a day.
    """
    head = head_of(body)
    wishes: list[float] = []
    if ttl := _TTL.search(head):
        wishes.append(int(ttl[1]) * 60.0)
    period, frequency = _PERIOD.search(head), _FREQUENCY.search(head)
    if period or frequency:
        seconds = _PERIODS.get(period[1].lower()) if period else 86_400
        times = float(frequency[1]) if frequency else 1.0
        if seconds is not None and times > 0:
            wishes.append(seconds / times)
    return max(wishes, default=None)
