"""What is taken from an answer to a request: its body, within bounds, and its validators."""

from __future__ import annotations

import aiohttp

from connectors.base import FetchOutcome
from connectors.body import Body, TooLarge
from connectors.markup import is_challenge
from connectors.packing import BadPacking
from monitor.errors import FetchError

MEBIBYTE = 1024 * 1024
CHUNK = 64 * 1024
LONGEST_VALIDATOR = 4096  # characters; servers refuse requests with longer headers, and every next one would be refused


async def bounded_body(response: aiohttp.ClientResponse, max_body: int) -> bytes:
    """The whole body, unpacked; raises too_large as soon as it is, not after."""
    try:
        if (response.content_length or 0) > max_body:
            raise TooLarge
        body = Body(response.headers.get("Content-Encoding", ""), limit=max_body)
        async for chunk in response.content.iter_chunked(CHUNK):
            body.feed(chunk)
        return body.end()
    except TooLarge:
        response.close()
        raise FetchError(
            FetchOutcome.TOO_LARGE, f"{response.url}: over {max_body / MEBIBYTE:g} MiB, the rest was not read"
        ) from None


async def shows_challenge(response: aiohttp.ClientResponse) -> bool:
    """Whether an error's page is a test for humans. What can't be read is none."""
    try:
        return is_challenge(await bounded_body(response, CHUNK))
    except (FetchError, BadPacking):
        return False


def validator(response: aiohttp.ClientResponse, name: str) -> str | None:
    """A validator as it came; None when it is too long, or no UTF-8, and so could be neither kept nor sent back."""
    value = response.headers.get(name)
    if not value or len(value) > LONGEST_VALIDATOR:
        return None
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return None
    return value
