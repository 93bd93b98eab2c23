"""The poller's word to those who run it: rounds in which it looks for what they should know."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

import structlog

from connectors.operations import Digest, Ingestion, OperationsDesk, digest
from monitor.errors import StorageError
from monitor.observe.metrics import Metrics
from monitor.types import Source, SourceState

log = structlog.stdlib.get_logger(__name__)


class InThread(Protocol):
    """Runs what blocks in a thread."""

    def __call__(self, work: Callable[[], None]) -> Awaitable[None]:
        """Done when the work is; raises what it raises."""
        ...


class Reporter:
    """Hears of every poll, and hands a bulletin a round to `desk` at most. Without a desk it only logs and counts."""

    def __init__(
        self,
        sources: Sequence[Source],
        desk: OperationsDesk | None,
        *,
        metrics: Metrics,
        clock: Callable[[], datetime],
        in_thread: InThread,
    ) -> None:
        self._sources = {source.id: source for source in sources}
        self._desk = desk
        self._metrics = metrics
        self._clock = clock
        self._in_thread = in_thread
        self._ingestion = Ingestion()
        self._told: dict[str, str] = {}

    def recall(self, states: Iterable[SourceState]) -> None:
        """Take over what the states say of the time before this process."""
        known = list(states)
        self._told = {state.source_id: state.pulse.told for state in known}
        self._ingestion.recall((self._sources[state.source_id], state.last_success) for state in known)

    def begun(self, source: Source) -> None:
        """A source's turn has come."""
        self._ingestion.begun(source, self._clock())

    def succeeded(self, source: Source) -> None:
        """A source was read, and the bus has what was new."""
        self._ingestion.succeeded(source, self._clock())

    def told(self, source_id: str) -> str:
        """The trouble of a source that its desk was told of last, and not yet the end of; "" for none."""
        return self._told.get(source_id, "")

    async def run(self, every: float, states: Mapping[str, SourceState]) -> None:
        """A round every so many seconds, until cancelled."""
        while True:
            await asyncio.sleep(every)
            try:
                await self.round(list(states.values()))
            except Exception:  # a fault in here must end neither the polling nor the rounds after this one
                log.exception("report_broke")

    async def round(self, states: Sequence[SourceState]) -> None:
        """Tell what is new, if anything. While the archive is away it is told in a later round."""
        now = self._clock()
        vital = self._ingestion.bulletin(now)
        self._metrics.ingestion_down.set(self._ingestion.down)
        if vital is not None:
            if not vital.after:  # one that takes another back need not have a fellow
                log.warning("ingestion_is_down", details=vital.lines)
            found: Digest | None = Digest(bulletin=vital, told={})
        elif self._desk is None or not self._desk.hears_of_sources or self._ingestion.down:
            return
        else:
            found = digest(self._sources, states, self._told, now)
        if found is not None and self._desk is not None:
            await self._tell(self._desk, found)

    async def _tell(self, desk: OperationsDesk, found: Digest) -> None:
        try:
            await self._in_thread(lambda: desk.tell(found.bulletin, found.told))
        except StorageError as error:
            self._ingestion.untold(found.bulletin)
            log.warning("bulletin_not_stored", headline=found.bulletin.headline, error=str(error))
        else:
            self._told.update(found.told)
