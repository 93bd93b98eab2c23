"""Whose server an address is on: what is spared together (see `manners`)."""

from __future__ import annotations

import socket
from collections.abc import Callable
from functools import lru_cache

from aiohttp.abc import AbstractResolver
from publicsuffixlist import PublicSuffixList
from yarl import URL

from connectors.addresses import literal, may_dial

KNOWN_FOR = 600.0  # seconds for which a name's being on a network of one's own is taken as known


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    """The Public Suffix List (publicsuffix.org) as the package carries it; takes a fifth of a second to read."""
    return PublicSuffixList()


@lru_cache(maxsize=20_000)
def domain_of(host: str) -> str | None:
    """The registrable domain, `bbc.co.uk` for `feeds.bbc.co.uk`; None for IP addresses, `localhost` and suffixes."""
    if literal(host) is not None:
        return None
    domain: str | None = _suffixes().privatesuffix(host.lower().removesuffix("."))
    return domain


def place_of(url: URL, *, own: bool) -> str:
    """The registrable domain, whatever the port; host and port for servers of one's `own` and for IP addresses."""
    host = url.raw_host or ""
    domain = None if own else domain_of(host)
    return domain or f"{host}:{url.port}"


class OwnServers:
    """Tells hosts on networks of one's own, which need no sparing, from public ones that a source leads to as well."""

    def __init__(self, resolver: AbstractResolver, *, monotonic: Callable[[], float]) -> None:
        self._resolver = resolver
        self._monotonic = monotonic
        self._known: dict[str, tuple[bool, float]] = {}

    async def has(self, host: str) -> bool:
        """Whether none of the host's addresses is public. A name that can't be looked up counts as own."""
        if literal(host) is not None:
            return not may_dial(host, allow_private=False)
        own, until = self._known.get(host, (False, 0.0))
        if until <= self._monotonic():
            self._known = {name: known for name, known in self._known.items() if known[1] > self._monotonic()}
            own = await self._look_up(host)
            self._known[host] = own, self._monotonic() + KNOWN_FOR
        return own

    async def _look_up(self, host: str) -> bool:
        try:
            found = await self._resolver.resolve(host, 0, socket.AF_UNSPEC)
        except OSError:  # the request itself will fail, and say so
            return True
        return not any(may_dial(each["host"], allow_private=False) for each in found)
