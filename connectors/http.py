"""One bounded, polite, conditional GET that reaches no private address."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from types import TracebackType
from typing import NoReturn, Self

import aiohttp
from yarl import URL

from connectors.addresses import RefusedAddress, checked_url, socket_factory
from connectors.base import FetchOutcome
from connectors.manners import HostGate, retry_after
from monitor.errors import FetchError

MEBIBYTE = 1024 * 1024
CHUNK = 64 * 1024
KEPT_HEADERS = ("content-type", "cache-control", "expires", "link")
REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchSettings:
    """How far a request may go. Times in seconds, sizes in bytes."""

    contact: str | None = None  # address or mail of whoever runs this, for the User-Agent
    max_body: int = 10 * MEBIBYTE  # decompressed
    total_timeout: float = 30  # of one get with all its redirects, waiting for the host's turn aside
    connect_timeout: float = 10
    max_redirects: int = 5
    host_spacing: float = 5  # between starts to one public host
    private_spacing: float = 0  # the same where a source allows private addresses
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
    headers: Mapping[str, str] = field(default_factory=dict)  # lower-case names; those of KEPT_HEADERS
    body: bytes = b""
    etag: str | None = None  # to be sent back byte for byte
    last_modified: str | None = None
    not_modified: bool = False

    @property
    def content_type(self) -> str:
        """The Content-Type header as it came, or an empty string."""
        return self.headers.get("content-type", "")


class Fetcher:
    """Fetches, within bounds. An async context manager; one event loop owns it."""

    def __init__(
        self,
        settings: FetchSettings | None = None,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self.settings = settings or FetchSettings()
        self._clock = clock
        self._monotonic = monotonic
        self._gate = HostGate(monotonic=monotonic, sleep=sleep)
        self._sessions: dict[bool, aiohttp.ClientSession] = {}
        self._slots = asyncio.Semaphore(self.settings.connections)
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        for allow_private in (False, True):  # apart, so that a connection made under one rule serves no other
            session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=self.settings.connections, socket_factory=socket_factory(allow_private=allow_private)
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.settings.user_agent},
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
    ) -> Response:
        """GET `url`, following redirects; with validators a 304 comes back as `not_modified`.

        `spacing` asks for more seconds between starts at one host than the settings do, never for fewer.
        Raises FetchError, whose outcome is a FetchOutcome, for everything else than success.
        """
        target = checked_url(url)
        headers = {"Accept": accept, "Accept-Encoding": "gzip, deflate"}  # what aiohttp unpacks piece by piece
        if etag:
            headers["If-None-Match"] = etag
        if last_modified:
            headers["If-Modified-Since"] = last_modified
        left = self.settings.total_timeout
        for _ in range(self.settings.max_redirects + 1):
            apart = max(spacing, self._spacing(allow_private))
            async with self._gate.turn(_host_key(target), spacing=apart), self._slots:
                started = self._monotonic()
                answer = await self._hop(target, headers, allow_private, max_body or self.settings.max_body, left)
                left -= self._monotonic() - started
            if isinstance(answer, Response):
                return answer
            target = _next_hop(target, answer)
        raise FetchError(
            FetchOutcome.REDIRECT_ERROR, f"{url}: more than {self.settings.max_redirects} redirects, last to {target}"
        )

    def _spacing(self, allow_private: bool) -> float:
        return self.settings.private_spacing if allow_private else self.settings.host_spacing

    async def _hop(
        self, url: URL, headers: Mapping[str, str], allow_private: bool, max_body: int, seconds: float
    ) -> Response | str:
        """One request: the response, or where it redirects to."""
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=self.settings.connect_timeout)
        session = self._sessions[allow_private]
        try:
            async with (
                asyncio.timeout(max(seconds, 0.001)),
                session.get(url, headers=headers, timeout=timeout, allow_redirects=False) as response,
            ):
                if response.status in REDIRECTS and "Location" in response.headers:
                    return response.headers["Location"]
                return await self._read(response, headers, max_body)
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            _raise_classified(url, error, self.settings)

    async def _read(self, response: aiohttp.ClientResponse, sent: Mapping[str, str], max_body: int) -> Response:
        conditional = "If-None-Match" in sent or "If-Modified-Since" in sent
        not_modified = response.status == 304 and conditional
        if not not_modified and not 200 <= response.status < 300:
            self._raise_for_status(response)
        body = b"" if not_modified else await _bounded_body(response, max_body)
        return Response(
            status=response.status,
            url_final=str(response.url),
            headers={name: response.headers[name] for name in KEPT_HEADERS if name in response.headers},
            body=body,
            etag=_validator(response, "ETag"),
            last_modified=_validator(response, "Last-Modified"),
            not_modified=not_modified,
        )

    def _raise_for_status(self, response: aiohttp.ClientResponse) -> NoReturn:
        outcome = _OUTCOME_OF_STATUS.get(response.status, FetchOutcome.HTTP_ERROR)
        if response.headers.get("cf-mitigated") == "challenge":
            outcome = FetchOutcome.BLOCKED
        wait = None
        if response.status in (429, 503):
            wait = retry_after(response.headers.get("Retry-After"), now=self._clock())
        asked = "" if wait is None else f", asks to wait {wait:.0f} s"
        reason = f" {response.reason}" if response.reason else ""
        raise FetchError(outcome, f"{response.url}: HTTP {response.status}{reason}{asked}", retry_after=wait)


_OUTCOME_OF_STATUS = {
    401: FetchOutcome.BLOCKED,
    402: FetchOutcome.BLOCKED,
    403: FetchOutcome.BLOCKED,
    404: FetchOutcome.NOT_FOUND,
    410: FetchOutcome.GONE,
    429: FetchOutcome.RATE_LIMITED,
    451: FetchOutcome.BLOCKED,
}


async def _bounded_body(response: aiohttp.ClientResponse, max_body: int) -> bytes:
    """The whole body, decompressed; raises too_large as soon as it is, not after."""
    body = bytearray()
    async for chunk in response.content.iter_chunked(CHUNK):
        body += chunk
        if len(body) > max_body:
            response.close()
            raise FetchError(
                FetchOutcome.TOO_LARGE, f"{response.url}: over {max_body / MEBIBYTE:g} MiB, the rest was not read"
            )
    return bytes(body)


def _validator(response: aiohttp.ClientResponse, name: str) -> str | None:
    """A validator as it came; None when its bytes are no UTF-8 and so could be neither kept nor sent back."""
    value = response.headers.get(name)
    if not value:
        return None
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return None
    return value


def _host_key(url: URL) -> str:
    return f"{url.host}:{url.port}"


def _next_hop(here: URL, location: str) -> URL:
    try:
        target = here.join(URL(location))
    except ValueError as error:
        raise FetchError(FetchOutcome.REDIRECT_ERROR, f"{here}: redirects to no address: {error}") from error
    return checked_url(str(target))


def _raise_classified(url: URL, error: Exception, settings: FetchSettings) -> NoReturn:
    """Raise the FetchError that a failed request comes down to."""
    outcome, says = _classify(error, settings)
    raise FetchError(outcome, f"{url}: {says}") from error


def _classify(error: Exception, settings: FetchSettings) -> tuple[FetchOutcome, str]:
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return FetchOutcome.TIMEOUT, f"no connection within {settings.connect_timeout:g} s"
    if isinstance(error, TimeoutError):
        return FetchOutcome.TIMEOUT, f"not done within {settings.total_timeout:g} s"
    if isinstance(error, aiohttp.ClientConnectorCertificateError | aiohttp.ClientSSLError | ssl.SSLError):
        return FetchOutcome.TLS_ERROR, f"TLS failed: {error}"
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return FetchOutcome.NETWORK_ERROR, f"the host's name was not found: {error.os_error}"
    if isinstance(error, aiohttp.ClientConnectorError) and isinstance(error.os_error, RefusedAddress):
        return FetchOutcome.REFUSED_ADDRESS, (
            "the host is at a private or reserved address, which is not fetched; "
            "if it is in your own network, set allow_private: yes for the source"
        )
    if isinstance(error, aiohttp.ClientPayloadError | aiohttp.ClientResponseError):
        return FetchOutcome.HTTP_ERROR, f"the answer is broken: {error}"
    if isinstance(error, aiohttp.ClientError | OSError):
        return FetchOutcome.NETWORK_ERROR, f"{type(error).__name__}: {error}"
    return FetchOutcome.HTTP_ERROR, f"the address or the answer can't be read: {error}"
