"""Politeness: one request at a time to each place, starts spaced, and waiting as long as a server asks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from connectors.base import FetchOutcome
from monitor.errors import FetchError

LONGEST_WAIT = 24 * 3600.0  # seconds; a server that asks for more is asked again after a day
KEPT_PLACES = 1000  # places that are remembered before the idle ones are forgotten
# Seconds for which a place is left alone that answers 429 and does not say for how long; doubled up to the second each
# time in a row.
UNSAID_WAIT, LONGEST_UNSAID_WAIT = 60.0, 3600.0


@dataclass(slots=True)
class _Place:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    next_start: float = 0.0
    held_until: float = 0.0
    refusals: int = 0  # in a row that did not say how long to wait


class HostGate:
    """Lets one request at a time through to each place, in the order of asking; none while it is to be left alone.

    A place is whatever is spared together: a registrable domain, or a server of one's own (`places.place_of`).
    """

    def __init__(
        self, *, monotonic: Callable[[], float], sleep: Callable[[float], Awaitable[object]], at_once: int = 64
    ) -> None:
        """`at_once` bounds the requests under way to all places together."""
        self._monotonic = monotonic
        self._sleep = sleep
        self._slots = asyncio.Semaphore(at_once)
        self._places: dict[str, _Place] = {}

    @asynccontextmanager
    async def turn(self, place: str, *, spacing: float) -> AsyncIterator[None]:
        """Wait for the place's turn; the next one starts `spacing` seconds after this one started, at the earliest.

        Raises FetchError(rate_limited), with the seconds left, while the place is held.
        """
        if len(self._places) > KEPT_PLACES:
            self._forget_idle()
        entry = self._places.setdefault(place, _Place())
        self._refuse_held(place, entry)
        async with entry.lock:
            self._refuse_held(place, entry)  # by whoever was before us in the queue
            wait = entry.next_start - self._monotonic()
            if wait > 0:
                await self._sleep(wait)
            async with self._slots:
                entry.next_start = self._monotonic() + spacing
                yield

    def hold(self, place: str, seconds: float | None) -> None:
        """Let nobody through for so many seconds; None: the server did not say, so ever longer, up to an hour."""
        entry = self._places.setdefault(place, _Place())
        if seconds is None:
            seconds = min(UNSAID_WAIT * 2.0 ** min(entry.refusals, 10), LONGEST_UNSAID_WAIT)
            entry.refusals += 1
        entry.held_until = max(entry.held_until, self._monotonic() + seconds)

    def answered(self, place: str) -> None:
        """The place has taken a request: if it refuses again without saying for how long, waiting begins anew."""
        if entry := self._places.get(place):
            entry.refusals = 0

    def _refuse_held(self, place: str, entry: _Place) -> None:
        left = entry.held_until - self._monotonic()
        if left > 0:
            raise FetchError(
                FetchOutcome.RATE_LIMITED,
                f"{place} has answered 429 (too many requests) and is left alone for {left:.0f} s more",
                retry_after=left,
            )

    def _forget_idle(self) -> None:
        now = self._monotonic()
        self._places = {
            name: place
            for name, place in self._places.items()
            if place.lock.locked() or max(place.next_start, place.held_until) > now
        }


def retry_after(value: str | None, *, now: datetime, longest: float = LONGEST_WAIT) -> float | None:
    """Seconds that a Retry-After header (RFC 9110, 10.2.3) asks for, `longest` at most; None when it can't be read."""
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.replace(".", "", 1).isdigit():
        return min(float(text), longest)
    try:
        at = parsedate_to_datetime(text)
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at  # "-0000", which the RFC takes for UTC
        return min(max((at - now).total_seconds(), 0.0), longest)
    except (ValueError, OverflowError):  # of the date, or of its zone
        return None
