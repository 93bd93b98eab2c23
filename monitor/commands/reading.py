"""Sources read once, for `check --fetch` and `explain`: by the same connectors as the poller's, remembering nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from connectors.base import FetchResult
from connectors.http import Fetcher
from connectors.registry import connectors_for
from monitor.commands.context import now
from monitor.commands.wiring import fetch_settings, parse_limits
from monitor.errors import FetchError
from monitor.settings import Settings
from monitor.types import Source, SourceState

AT_ONCE = 8


Told = Callable[[Source, FetchResult | FetchError], None]


def read_all(
    settings: Settings, sources: Sequence[Source], *, told: Told | None = None
) -> list[FetchResult | FetchError]:
    """What each source holds, or why it can't be read, in the order given; `told` hears of each at once."""
    return asyncio.run(_read_all(settings, sources, told))


def read(settings: Settings, source: Source) -> FetchResult:
    """What one source holds. Raises FetchError."""
    (result,) = read_all(settings, [source])
    if isinstance(result, FetchError):
        raise result
    return result


async def _read_all(settings: Settings, sources: Sequence[Source], told: Told | None) -> list[FetchResult | FetchError]:
    fetcher = Fetcher(fetch_settings(settings), clock=now)
    connectors = connectors_for(fetcher, clock=now, limits=parse_limits(settings))
    slots = asyncio.Semaphore(AT_ONCE)

    async def one(source: Source) -> FetchResult | FetchError:
        answer: FetchResult | FetchError
        async with slots:
            try:
                answer = await connectors[source.kind].fetch(source, SourceState(source_id=source.id))
            except FetchError as error:
                answer = error
        if told is not None:
            told(source, answer)
        return answer

    async with fetcher:
        return await asyncio.gather(*(one(source) for source in sources))
