"""One bounded, polite, conditional GET that reaches no private address."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from importlib.metadata import version
from types import TracebackType
from typing import NoReturn, Self

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from connectors.addresses import PublicResolver, checked_url, socket_factory
from connectors.answers import MEBIBYTE, bounded_body, shows_challenge, validator
from connectors.base import FetchOutcome
from connectors.failures import is_marked_challenge, outcome_of_status, raise_classified
from connectors.hints import cache_hint
from connectors.manners import LONGEST_WAIT, HostGate, retry_after
from connectors.names import SystemResolver
from connectors.packing import ACCEPTED
from connectors.places import OwnServers, place_of
from monitor.errors import FetchError

LONGEST_TARGET = 4096  # characters of an address that a redirect leads to
NAMES_KEPT = 60  # seconds for which a name's addresses are
KEPT_HEADERS = ("content-type", "cache-control", "expires", "link")
REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT = frozenset({301, 308})
WITH_BODY = frozenset({200, 202, 203, 226})  # of the successes; "no content" and parts of something are none
CHALLENGING = frozenset({405, 503})  # statuses under which pages come that test for humans, beside 403


# Whether a site lets an address be asked for: gives the seconds that it wants between requests, or raises FetchError.
Permit = Callable[[str], Awaitable[float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchSettings:
    """How far a request may go. Times in seconds, sizes in bytes."""

    contact: str | None = None  # address or mail of whoever runs this, for the User-Agent
    max_body: int = 10 * MEBIBYTE  # decompressed
    total_timeout: float = 30  # of one get with all its redirects, waiting for the host's turn aside
    connect_timeout: float = 10
    max_redirects: int = 5
    host_spacing: float = 5  # between starts to one registrable domain
    private_spacing: float = 0  # the same to a server at a private address, where a source allows that
    longest_wait: float = LONGEST_WAIT  # that Retry-After may ask for
    full_every: float = 12 * 3600  # a source is asked without validators, in case its 304 are untrue
    moved_after: float = 7 * 86_400  # permanent redirects have to lead to one address, before it is asked itself
    connections: int = 64  # at once, all hosts together

    @property
    def user_agent(self) -> str:
        """Product, version and whom to write to."""
        product = f"Watchdesk/{version('watchdesk')}"
        return f"{product} (+{self.contact})" if self.contact else product


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What came back: a success, or "not modified" with an empty body."""

    status: int
    url_final: str  # after redirects
    moved: tuple[str, ...] = ()  # where the first redirects led, as far as they were permanent (301, 308)
    headers: Mapping[str, str] = field(default_factory=dict)  # lower-case names; those of KEPT_HEADERS
    body: bytes = b""
    etag: str | None = None  # to be sent back byte for byte
    last_modified: str | None = None
    not_modified: bool = False
    fresh_for: float | None = None  # seconds for which it says that it is good; None: it does not say

    @property
    def content_type(self) -> str:
        """The Content-Type header as it came, or an empty string."""
        return self.headers.get("content-type", "")


class Fetcher:
    """Fetches, within bounds. An async context manager; one event loop owns it.

    `resolver` looks up names: the system's own unless given. `tls` says which certificates are believed: those that the
    system trusts unless given.
    """

    def __init__(
        self,
        settings: FetchSettings | None = None,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        resolver: AbstractResolver | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.settings = settings or FetchSettings()
        self._clock = clock
        self._monotonic = monotonic
        self._gate = HostGate(monotonic=monotonic, sleep=sleep, at_once=self.settings.connections)
        self._resolver = resolver
        self._tls = tls or _trusted()
        self._own: OwnServers | None = None
        self._sessions: dict[bool, aiohttp.ClientSession] = {}
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        resolver = self._resolver or SystemResolver()
        self._own = OwnServers(resolver, monotonic=self._monotonic)
        for allow_private in (False, True):  # apart, so that a connection made under one rule serves no other
            session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=self.settings.connections,
                    resolver=PublicResolver(resolver, allow_private=allow_private),
                    ttl_dns_cache=NAMES_KEPT,
                    socket_factory=socket_factory(allow_private=allow_private),
                    ssl=self._tls,
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.settings.user_agent},
                auto_decompress=False,
                max_field_size=64 * 1024,  # some sites send a content security policy longer than aiohttp's 8 KiB
            )
            self._sessions[allow_private] = await self._stack.enter_async_context(session)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._sessions.clear()
        await self._stack.aclose()

    async def get(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        allow_private: bool = False,
        accept: str = "*/*",
        max_body: int | None = None,
        spacing: float = 0,
        permit: Permit | None = None,
    ) -> Response:
        """GET `url`, following redirects; with validators a 304 comes back as `not_modified`.

        `spacing` asks for more seconds between starts at one host than the settings do, never for fewer. `permit` is
        asked for that, and for leave, before each hop: what it raises ends the way.
        Raises FetchError, whose outcome is a FetchOutcome, for everything else than success.
        """
        target = checked_url(url)
        headers = {"Accept": accept, "Accept-Encoding": ACCEPTED}
        if etag:
            headers["If-None-Match"] = etag
        if last_modified:
            headers["If-Modified-Since"] = last_modified
        left = self.settings.total_timeout
        way, moved, lasting = [target], list[str](), True
        while len(way) <= self.settings.max_redirects + 1:
            wanted = await permit(str(target)) if permit else 0
            place, apart = await self._place(target, allow_private)
            async with self._gate.turn(place, spacing=max(spacing, wanted, apart)):
                started = self._monotonic()
                answer = await self._answer(place, target, headers, allow_private, max_body, left)
                left -= self._monotonic() - started
            if isinstance(answer, Response):
                return replace(answer, moved=tuple(moved))
            target = _next_hop(target, answer.location)
            lasting = lasting and answer.status in PERMANENT
            if lasting:
                moved.append(str(target))
            if target in way:
                raise FetchError(FetchOutcome.REDIRECT_ERROR, f"{url}: redirects in a circle, back to {target}")
            way.append(target)
        raise FetchError(
            FetchOutcome.REDIRECT_ERROR, f"{url}: more than {self.settings.max_redirects} redirects, last to {target}"
        )

    async def post(self, url: str, form: Mapping[str, str], *, allow_private: bool = False) -> int:
        """POST a form, in the place's turn and following no redirect; the status of the success.

        Raises FetchError, whose outcome is a FetchOutcome, for everything else.
        """
        target = checked_url(url)
        place, apart = await self._place(target, allow_private)
        connect = self.settings.connect_timeout
        timeout = aiohttp.ClientTimeout(total=None, connect=connect, sock_connect=connect)
        try:
            async with (
                self._gate.turn(place, spacing=apart),
                asyncio.timeout(self.settings.total_timeout),
                self._sessions[allow_private].post(
                    target, data=dict(form), timeout=timeout, allow_redirects=False
                ) as response,
            ):
                if not 200 <= response.status < 300:
                    await self._raise_for_status(response)
                return response.status
        except FetchError as error:
            self._hold_if_refused(place, error)
            raise
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            raise_classified(target, error, connect_timeout=connect, total_timeout=self.settings.total_timeout)

    async def recall(self, url: str, seconds: float, *, allow_private: bool) -> None:
        """Leave the place of this address alone for so long: it asked for that in words, or in another run."""
        place, _ = await self._place(checked_url(url), allow_private)
        self._gate.hold(place, min(seconds, self.settings.longest_wait))

    def now(self) -> datetime:
        """The clock that answers are dated by."""
        return self._clock()

    async def _place(self, url: URL, allow_private: bool) -> tuple[str, float]:
        """What is spared together with this address, and the seconds between starts there."""
        assert self._own is not None, "use it as a context manager"
        own = allow_private and await self._own.has(url.raw_host or "")
        return place_of(url, own=own), self.settings.private_spacing if own else self.settings.host_spacing

    async def _answer(
        self,
        place: str,
        url: URL,
        headers: Mapping[str, str],
        allow_private: bool,
        max_body: int | None,
        seconds: float,
    ) -> Response | _Redirect:
        """One request, and what the place's whole traffic learns from the answer to it."""
        try:
            answer = await self._hop(url, headers, allow_private, max_body or self.settings.max_body, seconds)
        except FetchError as error:
            self._hold_if_refused(place, error)
            raise
        self._gate.answered(place)
        return answer

    def _hold_if_refused(self, place: str, error: FetchError) -> None:
        """A 429 is for all of the place's traffic."""
        if error.outcome == FetchOutcome.RATE_LIMITED:
            self._gate.hold(place, error.retry_after)

    async def _hop(
        self, url: URL, headers: Mapping[str, str], allow_private: bool, max_body: int, seconds: float
    ) -> Response | _Redirect:
        """One request: the response, or where it redirects to."""
        connect = self.settings.connect_timeout
        timeout = aiohttp.ClientTimeout(total=None, connect=connect, sock_connect=connect)
        session = self._sessions[allow_private]
        try:
            async with (
                asyncio.timeout(max(seconds, 0.001)),
                session.get(url, headers=headers, timeout=timeout, allow_redirects=False) as response,
            ):
                if response.status in REDIRECTS and "Location" in response.headers:
                    return _Redirect(response.status, response.headers["Location"])
                return await self._read(response, headers, max_body)
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            raise_classified(url, error, connect_timeout=connect, total_timeout=self.settings.total_timeout)

    async def _read(self, response: aiohttp.ClientResponse, sent: Mapping[str, str], max_body: int) -> Response:
        conditional = "If-None-Match" in sent or "If-Modified-Since" in sent
        not_modified = response.status == 304 and conditional
        if not not_modified and (response.status not in WITH_BODY or is_marked_challenge(response.headers)):
            await self._raise_for_status(response)
        body = b"" if not_modified else await bounded_body(response, max_body)
        kept = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
        return Response(
            status=response.status,
            url_final=str(response.url),
            headers=kept,
            body=body,
            etag=validator(response, "ETag"),
            last_modified=validator(response, "Last-Modified"),
            not_modified=not_modified,
            fresh_for=cache_hint(kept, self._clock()),
        )

    async def _raise_for_status(self, response: aiohttp.ClientResponse) -> NoReturn:
        outcome = outcome_of_status(response.status, response.headers)
        if response.status in CHALLENGING and await shows_challenge(response):
            outcome = FetchOutcome.BLOCKED
        wait = None
        if response.status in (429, 503):
            wait = retry_after(
                response.headers.get("Retry-After"), now=self._clock(), longest=self.settings.longest_wait
            )
        asked = "" if wait is None else f", asks to wait {wait:.0f} s"
        reason = f" {response.reason}" if response.reason else ""
        raise FetchError(outcome, f"{response.url}: HTTP {response.status}{reason}{asked}", retry_after=wait)


@lru_cache(maxsize=1)
def _trusted() -> ssl.SSLContext:
    """Certificates are checked against those that the system trusts, or SSL_CERT_FILE. Takes long to make."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(("http/1.1",))
    return context


@dataclass(frozen=True, slots=True)
class _Redirect:
    status: int
    location: str  # as it came


def _next_hop(here: URL, location: str) -> URL:
    if len(location) > LONGEST_TARGET:
        raise FetchError(FetchOutcome.REDIRECT_ERROR, f"{here}: redirects to an address of {len(location)} characters")
    # Bytes that are no UTF-8 came as lone surrogates; browsers send them back percent-encoded.
    location = "".join(f"%{ord(each) - 0xDC00:02X}" if "\udc80" <= each <= "\udcff" else each for each in location)
    try:
        target = here.join(URL(location))
    except ValueError as error:
        raise FetchError(FetchOutcome.REDIRECT_ERROR, f"{here}: redirects to no address: {error}") from error
    return checked_url(str(target))
