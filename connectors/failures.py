"""What a failed request comes down to: one outcome of the closed list, and a sentence for people."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping
from typing import NoReturn

import aiohttp
from yarl import URL

from connectors.addresses import RefusedAddress
from connectors.base import FetchOutcome
from connectors.packing import BadPacking
from monitor.errors import FetchError

LONGEST_REASON = 500  # characters; some errors quote what came

_OUTCOME_OF_STATUS = {
    401: FetchOutcome.BLOCKED,
    402: FetchOutcome.BLOCKED,
    403: FetchOutcome.BLOCKED,
    404: FetchOutcome.NOT_FOUND,
    407: FetchOutcome.BLOCKED,
    410: FetchOutcome.GONE,
    429: FetchOutcome.RATE_LIMITED,
    451: FetchOutcome.BLOCKED,
}
# The resolver's word for "there is no such name"; any other, such as EAI_AGAIN, may be our own network's fault.
_NO_SUCH_NAME = frozenset((socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)))


def outcome_of_status(status: int, headers: Mapping[str, str]) -> FetchOutcome:
    """For any answer but a success. Content networks mark their challenges in headers, under various statuses."""
    if is_marked_challenge(headers):
        return FetchOutcome.BLOCKED
    if 300 <= status < 400 and status != 304:
        return FetchOutcome.REDIRECT_ERROR
    return _OUTCOME_OF_STATUS.get(status, FetchOutcome.HTTP_ERROR)


def is_marked_challenge(headers: Mapping[str, str]) -> bool:
    """Whether the headers say that this is a test for humans: Cloudflare's and AWS WAF's (their documentation)."""
    return (
        headers.get("cf-mitigated", "").lower() == "challenge"
        or headers.get("x-amzn-waf-action", "").lower() in ("challenge", "captcha")
    )  # fmt: skip


def raise_classified(url: URL, error: Exception, *, connect_timeout: float, total_timeout: float) -> NoReturn:
    """Raise the FetchError that a failed request comes down to; the timeouts, in seconds, are named in it."""
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        outcome, says = FetchOutcome.TIMEOUT, f"no connection within {connect_timeout:g} s"
    elif isinstance(error, TimeoutError):
        outcome, says = FetchOutcome.TIMEOUT, f"not done within {total_timeout:g} s"
    else:
        outcome, says = _classify(error)
    raise FetchError(outcome, f"{url}: {says[:LONGEST_REASON]}") from error


def _classify(error: Exception) -> tuple[FetchOutcome, str]:
    if isinstance(error, aiohttp.ClientConnectorError) and isinstance(error.os_error, RefusedAddress):
        return FetchOutcome.REFUSED_ADDRESS, (
            "the host is at a private or reserved address, which is not fetched; "
            "if it is in your own network, set allow_private: yes for the source"
        )
    if isinstance(error, aiohttp.ClientConnectorCertificateError | aiohttp.ClientSSLError | ssl.SSLError):
        return FetchOutcome.TLS_ERROR, f"TLS failed: {error}"
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return _no_address(error.os_error)
    if isinstance(error, aiohttp.ClientPayloadError | aiohttp.ClientResponseError | BadPacking):
        return FetchOutcome.HTTP_ERROR, f"the answer is broken: {error}"
    if isinstance(error, aiohttp.ClientError | OSError):
        return FetchOutcome.NETWORK_ERROR, f"{type(error).__name__}: {error}"
    return FetchOutcome.HTTP_ERROR, f"the address or the answer can't be read: {error}"


def _no_address(error: OSError) -> tuple[FetchOutcome, str]:
    if error.errno in _NO_SUCH_NAME:
        return FetchOutcome.UNKNOWN_HOST, f"the host's name does not exist: {error}"
    return FetchOutcome.NETWORK_ERROR, f"the host's name could not be looked up: {error}"
