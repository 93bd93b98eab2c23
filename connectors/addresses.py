"""Which addresses may be spoken to: public ones, and private ones where a source allows them.

The check is made on the address that is dialled, so that redirects, odd spellings (`http://2130706433/`) and names that
resolve differently the second time are all covered by it.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from connectors.base import FetchOutcome
from monitor.errors import FetchError

# The last part of a host that resolvers take for a number (WHATWG URL, "ends in a number"): 2130706433, 0x7f.1, 0177.1
_NUMBER = re.compile(r"[0-9]+|0[xX][0-9A-Fa-f]*")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# RFC 6052: an IPv4 address stands in the last 32 bits; RFC 8215 reserves the second for local use.
_NAT64 = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48"))
_SITE_LOCAL = ipaddress.IPv6Network("fec0::/10")  # RFC 3879: gone, and still routed here and there
_IPV4_COMPATIBLE = ipaddress.IPv6Network("::/96")  # RFC 4291 section 2.5.5.1
_SIIT = ipaddress.IPv6Network("::ffff:0:0:0/96")  # RFC 2765 section 2.1: "IPv4-translated", again in the last 32 bits
_SHARED = ipaddress.IPv4Network("100.64.0.0/10")  # RFC 6598: carriers' own
# What Python 3.11 takes for global, and the registries do not: RFC 7526, RFC 9637, RFC 9602.
_NOT_GLOBAL = (
    ipaddress.ip_network("192.88.99.0/24"),
    ipaddress.ip_network("3fff::/20"),
    ipaddress.ip_network("5f00::/16"),
)
# Where clouds keep their credentials outside link-local networks: Amazon, Azure, Alibaba, Oracle.
_CREDENTIALS = frozenset(
    ipaddress.ip_address(each) for each in ("fd00:ec2::254", "168.63.129.16", "100.100.100.200", "192.0.0.192")
)


class RefusedAddress(OSError):
    """The address may not be dialled. All have one text, so that a race of several is still told apart by type."""

    def __init__(self) -> None:
        super().__init__("the address is not a public one")


def may_dial(address: str, *, allow_private: bool) -> bool:
    """Whether an IP address, as the resolver gave it, may be connected to."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    return all(_allowed(each, allow_private=allow_private) for each in (ip, *_embedded(ip)))


def socket_factory(*, allow_private: bool) -> Callable[[tuple[Any, ...]], socket.socket]:
    """Makes sockets for aiohttp's TCPConnector; raises RefusedAddress before anything is sent."""

    def make(info: tuple[Any, ...]) -> socket.socket:
        family, kind, protocol, _, sockaddr = info
        if not may_dial(sockaddr[0], allow_private=allow_private):
            raise RefusedAddress
        return socket.socket(family=family, type=kind, proto=protocol)

    return make


class PublicResolver(AbstractResolver):
    """Looks names up, and refuses those that lead to addresses which may not be dialled.

    A public name with a private address among its own is refused as a whole: that is how one is led astray
    (DNS rebinding). With an allowance the addresses that may be dialled are kept, since names on a network of one's own
    often have link-local addresses as well.
    """

    def __init__(self, inner: AbstractResolver, *, allow_private: bool) -> None:
        self._inner = inner
        self._allow_private = allow_private

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The name's addresses. Raises RefusedAddress, and OSError when there are none."""
        found = await self._inner.resolve(host, port, family)
        allowed = [each for each in found if may_dial(each["host"], allow_private=self._allow_private)]
        if len(allowed) < (min(len(found), 1) if self._allow_private else len(found)):
            raise RefusedAddress
        return allowed

    async def close(self) -> None:
        """Nothing: the inner one is closed by whoever made it."""


def checked_url(text: str) -> URL:
    """The address if it is one that a source may have. Raises FetchError(refused_address)."""
    try:
        url = URL(text.strip())
        host = url.host
    except ValueError as error:
        raise FetchError(FetchOutcome.REFUSED_ADDRESS, f"{_shown(text)} is no address: {error}") from error
    if url.scheme not in ("http", "https"):
        raise FetchError(
            FetchOutcome.REFUSED_ADDRESS,
            f"{_shown(text)}: only http and https are fetched; for files use kind: archive",
        )
    if not host:
        raise FetchError(FetchOutcome.REFUSED_ADDRESS, f"{_shown(text)} names no host")
    if url.user is not None or url.password is not None:
        raise FetchError(
            FetchOutcome.REFUSED_ADDRESS, f"an address at {host} holds a user name or password, which is refused"
        )
    if _odd_number(host):
        raise FetchError(
            FetchOutcome.REFUSED_ADDRESS,
            f"{_shown(text)}: the host is a number that is no plain IP address; write it as 192.0.2.1",
        )
    return url.with_fragment(None)


def literal(host: str) -> Address | None:
    """The IP address that a host is written as; None for a name."""
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None


def is_web_url(text: str) -> bool:
    """Whether the text is an http(s) address that `checked_url` takes."""
    try:
        checked_url(text)
    except FetchError:
        return False
    return True


def _odd_number(host: str) -> bool:
    """Whether resolvers would take the host for an IPv4 address though it is not written as one."""
    last = host.removesuffix(".").rpartition(".")[2]
    return _NUMBER.fullmatch(last) is not None and literal(host) is None


def _embedded(ip: Address) -> list[ipaddress.IPv4Address]:
    """The IPv4 addresses that an IPv6 address leads to by translation or tunnel."""
    if isinstance(ip, ipaddress.IPv4Address):
        return []
    found = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
    if _translates(ip):
        found.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
    return [each for each in found if each is not None]


def _allowed(ip: Address, *, allow_private: bool) -> bool:
    if ip.is_loopback:
        return allow_private
    if ip.is_unspecified or ip.is_multicast or ip.is_link_local or ip in _CREDENTIALS:
        return False  # link-local is where clouds keep their credentials: no source's own allowance covers it
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None or _translates(ip):
            return True  # judged by the IPv4 address within
        private = ip.is_private or ip in _SITE_LOCAL
    else:
        private = ip.is_private or ip in _SHARED
        if ip.is_reserved:
            return False
    private = private or any(ip in net for net in _NOT_GLOBAL)
    return allow_private if private else ip.is_global


def _translates(ip: ipaddress.IPv6Address) -> bool:
    """Whether the last 32 bits are an IPv4 address that this one leads to."""
    return any(ip in net for net in (*_NAT64, _IPV4_COMPATIBLE, _SIIT))


def _shown(text: str) -> str:
    return repr(text if len(text) <= 200 else text[:200] + "…")
