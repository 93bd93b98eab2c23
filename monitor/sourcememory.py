"""What is remembered of a source from poll to poll beside its items: how to reach it, and how it usually does."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How the source is reached. All of it may be forgotten: it is learned again. Fields only ever get added."""

    configured: str | None = None  # the address that all of this is about; None: the source's, as far as is known
    home: str | None = None  # where that has moved to for good: asked in its place
    moved_to: str | None = None  # where permanent redirects have led since `moved_since`
    moved_since: datetime | None = None
    held_until: datetime | None = None  # its whole domain is to be left alone until then (429)
    full_fetch: datetime | None = None  # the last answer that was asked for without validators
    unmodified: bool = False  # the last answer to a request with validators was 304
    conditionals_end: bool = False  # its 304 was found to be untrue: validators are not sent any more


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The hours in which items came, as far back as it takes to know a source's week: some 340 letters of JSON."""

    since: int | None = None  # the hour, counted from 1970 in UTC, from which on it is whole; None: not yet watched
    last: int | None = None  # the hour of the last item; None: there was none yet
    bits: str = ""  # hexadecimal; bit n: an item came n hours before `last`


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """A subscription with a feed's hub. The secret signs its pushes, and is printed nowhere."""

    hub: str = ""
    topic: str = ""  # the name under which the hub knows the feed
    token: str = ""  # ends the address that the hub calls; nobody else can guess it
    secret: str = field(default="", repr=False)
    asked: datetime | None = None  # when the hub was last asked
    verified: datetime | None = None  # when it last confirmed that
    until: datetime | None = None  # end of the lease; None: it never confirmed
    last: datetime | None = None  # the last push that was signed rightly
    pushes: int = 0
    missed: int = 0  # polls that found news of which no push had told
    proven: int = 0  # pushes since the last miss


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """How the source usually does, and how it does now. Fields only ever get added."""

    health: str = "ok"
    since: datetime | None = None  # of this health
    why: str = ""
    interval: float | None = None  # seconds to which polling has adapted; None: not yet
    told: str = ""  # the trouble that the operations channel was told of last, and not yet the end of; "": none
    listed: int | None = None  # items in the last reading; None: not known
    feed_hint: float | None = None  # seconds for which its head last said that it need not be read again
    arrivals: tuple[datetime, ...] = ()  # of the latest items, newest first: published, else first seen
    history: History = field(default_factory=History)
    gap_at: datetime | None = None  # of the last reading that shared nothing with the one before
    push: Push = field(default_factory=Push)
