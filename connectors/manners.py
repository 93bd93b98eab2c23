"""Politeness: one request at a time per host, starts spaced, and waiting as long as a server asks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_WAIT = 24 * 3600.0  # seconds; a server that asks for more is asked again after a day
KEPT_HOSTS = 1000  # hosts that are remembered before the idle ones are forgotten


@dataclass(slots=True)
class _Host:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    next_start: float = 0.0


class HostGate:
    """Lets one request at a time through to each host, in the order of asking."""

    def __init__(self, *, monotonic: Callable[[], float], sleep: Callable[[float], Awaitable[object]]) -> None:
        self._monotonic = monotonic
        self._sleep = sleep
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def turn(self, host: str, *, spacing: float) -> AsyncIterator[None]:
        """Wait for the host's turn; the next one starts `spacing` seconds after this one started, at the earliest."""
        if len(self._hosts) > KEPT_HOSTS:
            self._forget_idle()
        entry = self._hosts.setdefault(host, _Host())
        async with entry.lock:
            wait = entry.next_start - self._monotonic()
            if wait > 0:
                await self._sleep(wait)
            entry.next_start = self._monotonic() + spacing
            yield

    def _forget_idle(self) -> None:
        now = self._monotonic()
        self._hosts = {name: host for name, host in self._hosts.items() if host.lock.locked() or host.next_start > now}


def retry_after(value: str | None, *, now: datetime) -> float | None:
    """Seconds that a Retry-After header (RFC 9110, 10.2.3) asks for, a day at most; None when it can't be read."""
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.replace(".", "", 1).isdigit():
        return min(float(text), LONGEST_WAIT)
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at  # "-0000", which the RFC takes for UTC
    return min(max((at - now).total_seconds(), 0.0), LONGEST_WAIT)
