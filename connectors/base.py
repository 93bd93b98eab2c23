"""What a connector is: it reads one source and says what is there. It knows nothing of topics, bus or archive."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from connectors.hints import Hints, Offer
from monitor.types import RawItem, Source, SourceState


class FetchOutcome(StrEnum):
    """How one poll went; the closed list is the metric's label as well."""

    CHANGED = "changed"
    UNCHANGED = "unchanged"
    NOT_MODIFIED = "not_modified"
    LYING_304 = "lying_304"  # news were found that a 304 had denied; a success
    NOT_A_FEED = "not_a_feed"
    BLOCKED = "blocked"
    TOO_LARGE = "too_large"
    TIMEOUT = "timeout"
    REFUSED_ADDRESS = "refused_address"
    REDIRECT_ERROR = "redirect_error"
    HTTP_ERROR = "http_error"
    GONE = "gone"
    RATE_LIMITED = "rate_limited"
    NETWORK_ERROR = "network_error"
    UNKNOWN_HOST = "unknown_host"
    TLS_ERROR = "tls_error"
    PARSE_ERROR = "parse_error"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """How much a source lists now."""

    items: int
    repeats: int  # of them known from readings before, edited ones included


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchResult:
    """What one poll found.

    `items` are those that are new or changed against `state.seen_items`, oldest first.  `state` must be saved only
    after the bus has acknowledged all of `items`.  `skipped` counts entries that could not be read.  `listing` is None
    where nothing was listed anew: what the source had before still stands, or its kind has no list.
    """

    items: tuple[RawItem, ...]
    state: SourceState
    outcome: FetchOutcome
    skipped: int = 0
    message: str = ""
    title: str = ""  # what the source calls itself, where it does
    listing: Listing | None = None
    hints: Hints = field(default_factory=Hints)
    hub: Offer | None = None  # that would push it
    more: bool = False  # there is more to read than one poll takes: the next one may come at once


class Connector(Protocol):
    """Reads sources of one kind."""

    async def fetch(self, source: Source, state: SourceState) -> FetchResult:
        """Read `source` once.

        Raises FetchError when it could not be read; the state is then unchanged but for what the caller counts.
        Never blocks the event loop for longer than a few milliseconds: parsing goes to an executor.
        """
        ...
