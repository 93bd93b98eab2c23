"""Handing items to the bus: all that wait go together, and while the bus takes none, everybody waits."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

import structlog

from monitor.bus.base import Bus, Record
from monitor.errors import BusConfigError, BusError, RecordTooLarge

log = structlog.stdlib.get_logger(__name__)

FIRST_RETRY, LAST_RETRY = 0.5, 30.0  # seconds between tries while the bus takes nothing
MOST_RECORDS = 2000  # in one flush


@dataclass(frozen=True, slots=True)
class _Delivery:
    records: tuple[Record, ...]
    done: asyncio.Future[None]


class Publisher:
    """Publishes and flushes for all polls together, since a flush answers for everything before it.

    A batch that fails is published again whole, which may make doubles and loses nothing.
    """

    def __init__(
        self,
        bus: Bus,
        *,
        executor: Executor,
        flush_timeout: float,
        dice: random.Random,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._bus = bus
        self._executor = executor
        self._flush_timeout = flush_timeout
        self._dice = dice
        self._sleep = sleep
        self._waiting: asyncio.Queue[_Delivery] = asyncio.Queue()
        self.takes_items = asyncio.Event()  # cleared while the bus is down

    async def deliver(self, records: Sequence[Record]) -> None:
        """Return once the log has all records for good. Raises RecordTooLarge when it never will."""
        if not records:
            return
        delivery = _Delivery(tuple(records), asyncio.get_running_loop().create_future())
        self._waiting.put_nowait(delivery)
        await delivery.done

    async def run(self) -> None:
        """Publish what is handed over, until cancelled. Raises BusConfigError when no try can ever help."""
        await self._until_taken(self._ping)
        while True:
            batch = [await self._waiting.get()]
            while not self._waiting.empty() and sum(len(each.records) for each in batch) < MOST_RECORDS:
                batch.append(self._waiting.get_nowait())
            await self._publish(batch)

    async def _publish(self, batch: Sequence[_Delivery]) -> None:
        records = [record for each in batch for record in each.records]
        try:
            await self._until_taken(lambda: self._commit(records))
        except RecordTooLarge as error:
            if len(batch) == 1:
                _settle(batch[0], error)
                return
            for each in batch:  # one by one, so that it harms nobody else
                await self._publish([each])
            return
        for each in batch:
            _settle(each, None)

    async def _until_taken(self, attempt: Callable[[], None]) -> None:
        """Try until the bus takes it, waiting longer from try to try."""
        wait = FIRST_RETRY
        while True:
            try:
                await asyncio.get_running_loop().run_in_executor(self._executor, attempt)
            except (BusConfigError, RecordTooLarge):
                raise
            except BusError as error:
                self.takes_items.clear()
                log.warning("bus_takes_nothing", error=str(error), retry_seconds=round(wait, 1))
                await self._sleep(wait * self._dice.uniform(0.8, 1.2))
                wait = min(wait * 2, LAST_RETRY)
            else:
                if not self.takes_items.is_set():
                    log.info("bus_takes_items")
                    self.takes_items.set()
                return

    def _commit(self, records: Sequence[Record]) -> None:
        self._bus.publish(records)
        self._bus.flush(timeout=self._flush_timeout)

    def _ping(self) -> None:
        self._bus.ping(timeout=self._flush_timeout)


def _settle(delivery: _Delivery, error: Exception | None) -> None:
    if delivery.done.done():
        return  # whoever waited was cancelled
    if error is None:
        delivery.done.set_result(None)
    else:
        delivery.done.set_exception(error)
