"""robots.txt (RFC 9309) for article pages: feeds are offered to machines, pages are asked for first."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from protego import Protego

from connectors.addresses import checked_url
from connectors.base import FetchOutcome
from connectors.http import Fetcher
from monitor.errors import FetchError

AGENT = "Watchdesk"
LARGEST = 512 * 1024  # bytes; RFC 9309 2.5 asks for 500 KiB at least
KEPT_FOR = 24 * 3600.0  # seconds, RFC 9309 2.4
KEPT_UNREACHABLE_FOR = 600.0
KEPT_SITES = 1000
LONGEST_DELAY = 60.0  # seconds; a site that wants more is asked as often as its feed, and no article would be in time
# RFC 9309 2.3.1.3: answers of the 400 family mean that there are no rules.
_NO_RULES = frozenset((FetchOutcome.NOT_FOUND, FetchOutcome.GONE, FetchOutcome.BLOCKED))


@dataclass(frozen=True, slots=True)
class _Rules:
    parsed: Protego | None  # None: nothing may be fetched for now
    until: float


class Robots:
    """Says whether a page may be fetched, and remembers each site's rules for a day."""

    def __init__(self, fetcher: Fetcher, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._fetcher = fetcher
        self._monotonic = monotonic
        self._rules: dict[str, _Rules] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def check(self, url: str, *, allow_private: bool) -> float:
        """Seconds that the site wants between requests; 0 where it does not say.

        Raises FetchError: blocked when the site forbids the page, network_error while its rules can't be had.
        """
        target = checked_url(url)
        site = str(target.origin())
        async with self._locks.setdefault(site, asyncio.Lock()):
            rules = self._rules.get(site)
            if rules is None or rules.until <= self._monotonic():
                rules = await self._load(site, allow_private)
                self._keep(site, rules)
        if rules.parsed is None:
            raise FetchError(
                FetchOutcome.NETWORK_ERROR, f"{site}/robots.txt can't be read, so its pages are not fetched"
            )
        if not rules.parsed.can_fetch(str(target), AGENT):
            raise FetchError(FetchOutcome.BLOCKED, f"{url}: {site}/robots.txt asks {AGENT} not to fetch it")
        return min(float(rules.parsed.crawl_delay(AGENT) or 0), LONGEST_DELAY)

    async def _load(self, site: str, allow_private: bool) -> _Rules:
        try:
            response = await self._fetcher.get(
                f"{site}/robots.txt", allow_private=allow_private, accept="text/plain", max_body=LARGEST
            )
        except FetchError as error:
            if error.outcome in _NO_RULES:
                return _Rules(Protego.parse(""), self._monotonic() + KEPT_FOR)
            return _Rules(None, self._monotonic() + max(error.retry_after or 0.0, KEPT_UNREACHABLE_FOR))
        return _Rules(Protego.parse(response.body.decode("utf-8", "replace")), self._monotonic() + KEPT_FOR)

    def _keep(self, site: str, rules: _Rules) -> None:
        self._rules.pop(site, None)
        self._rules[site] = rules
        while len(self._rules) > KEPT_SITES:
            oldest = next(iter(self._rules))
            del self._rules[oldest]
            if not self._locks[oldest].locked():
                del self._locks[oldest]
