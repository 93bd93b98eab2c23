"""Sources and connectors for tests, on the local web server and with a clock that stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.base import Connector, FetchResult
from connectors.http import Fetcher, FetchSettings
from connectors.registry import connectors_for
from monitor.types import Source, SourceKind, SourceState

NOW = datetime(2025, 8, 28, 6, 0, tzinfo=UTC)


def clock() -> datetime:
    """A clock that stands."""
    return NOW


def source(url: str, kind: SourceKind = SourceKind.FEED, **changes: Any) -> Source:
    """A source that may be read from this machine."""
    plain = Source(
        id="wire",
        name="The Wire",
        kind=kind,
        url=url,
        interval=timedelta(minutes=10),
        allow_private=kind is not SourceKind.ARCHIVE,
    )
    return replace(plain, **changes)


async def read(source: Source, state: SourceState | None = None, **settings: Any) -> FetchResult:
    """Read a source once, with a fetcher of its own, as the poller does."""
    async with Fetcher(FetchSettings(**settings), clock=clock) as fetcher:
        return await connectors(fetcher)[source.kind].fetch(source, state or SourceState(source_id=source.id))


def connectors(fetcher: Fetcher) -> Mapping[SourceKind, Connector]:
    """All connectors, with the clock that stands."""
    return connectors_for(fetcher, clock=clock)


def after(result: FetchResult) -> SourceState:
    """The state as the poller would have it after a successful poll."""
    return replace(result.state, polls=result.state.polls + 1)
