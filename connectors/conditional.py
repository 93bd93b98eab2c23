"""Fetching what a source has now, and telling at once when that is what it had before."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from connectors.base import FetchOutcome, FetchResult
from connectors.http import Fetcher, Response
from monitor.types import Source, SourceState


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A body that differs from the last one, and the state that knows it; to be saved only once it has been read."""

    response: Response
    state: SourceState


async def fetch_changed(
    fetcher: Fetcher,
    source: Source,
    state: SourceState,
    *,
    accept: str,
    unconditional: bool = False,
    spacing: float = 0,
    max_body: int | None = None,
) -> Changed | FetchResult:
    """The source's body if it has changed, else the result that says so; `unconditional` takes it as changed anyway.

    `spacing` and `max_body` are those of `Fetcher.get`.
    """
    response = await fetcher.get(
        source.url,
        etag=None if unconditional else state.etag,
        last_modified=None if unconditional else state.last_modified,
        allow_private=source.allow_private,
        accept=accept,
        spacing=spacing,
        max_body=max_body,
    )
    if response.not_modified:  # a 304 may refresh the validators, and need not repeat them
        after = replace(
            state, etag=response.etag or state.etag, last_modified=response.last_modified or state.last_modified
        )
        return FetchResult(items=(), state=after, outcome=FetchOutcome.NOT_MODIFIED)
    body_hash = hashlib.sha256(response.body).hexdigest()
    after = replace(state, etag=response.etag, last_modified=response.last_modified, body_hash=body_hash)
    if body_hash == state.body_hash and not unconditional:
        return FetchResult(items=(), state=after, outcome=FetchOutcome.UNCHANGED)
    return Changed(response=response, state=after)
