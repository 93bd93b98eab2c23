"""Sources read once, for `check --fetch` and `explain`: by the same connectors as the poller's, remembering nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from connectors.base import FetchResult
from connectors.http import Fetcher
from connectors.registry import connectors_for
from monitor.commands.context import now
from monitor.commands.wiring import fetch_settings, parse_limits
from monitor.errors import FetchError
from monitor.settings import Settings
from monitor.types import Source, SourceState

AT_ONCE = 8


def read_all(settings: Settings, sources: Sequence[Source]) -> list[FetchResult | FetchError]:
    """What each source holds, or why it can't be read, in the order given."""
    return asyncio.run(_read_all(settings, sources))


def read(settings: Settings, source: Source) -> FetchResult:
    """What one source holds. Raises FetchError."""
    (result,) = read_all(settings, [source])
    if isinstance(result, FetchError):
        raise result
    return result


async def _read_all(settings: Settings, sources: Sequence[Source]) -> list[FetchResult | FetchError]:
    fetcher = Fetcher(fetch_settings(settings), clock=now)
    connectors = connectors_for(fetcher, clock=now, limits=parse_limits(settings))
    slots = asyncio.Semaphore(AT_ONCE)

    async def one(source: Source) -> FetchResult | FetchError:
        async with slots:
            try:
                return await connectors[source.kind].fetch(source, SourceState(source_id=source.id))
            except FetchError as error:
                return error

    async with fetcher:
        return await asyncio.gather(*(one(source) for source in sources))
