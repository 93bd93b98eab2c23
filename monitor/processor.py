"""The consumer's loop: take a batch from the bus, have it processed, commit its offsets. `pipeline` says what happens.

Offsets are committed after the transaction, so a crash between the two means that a batch is delivered again, which
changes nothing. While Postgres can't be had, nothing is taken, and the membership in the group is kept alive.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from monitor import deadletters
from monitor.bus.base import Bus, Consumer, Delivery, Partition
from monitor.codec import RAW_TOPIC, decode
from monitor.errors import BusError, DecodeError, StorageError, UnknownVersion, WatchdeskError
from monitor.observe.metrics import Metrics
from monitor.pipeline import Processed, Watch, process, read
from monitor.storage import deadletters as buried
from monitor.storage.engine import transaction
from monitor.types import DeadLetter, RawItem

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessorSettings:
    """How the loop takes and waits; times in seconds."""

    group: str = "watchdesk"
    batch: int = 200  # messages a transaction at most
    poll: float = 0.5  # wait for the first message of a batch
    backoff: float = 0.5  # after the first temporary failure; doubles
    backoff_limit: float = 15.0
    flush: float = 30.0  # for a dead letter to be acknowledged
    flood: int = 50  # dead letters in a row after which something else must be wrong: the loop stops


@dataclass(frozen=True, slots=True)
class _Taken:
    """A message and the item that it is."""

    delivery: Delivery
    item: RawItem


class Processor:
    """One member of the group of processors. `run` blocks; one thread owns it."""

    def __init__(
        self,
        *,
        engine: Engine,
        bus: Bus,
        watch: Watch,
        clock: Callable[[], datetime],
        metrics: Metrics,
        redact: Callable[[str], str],
        settings: ProcessorSettings | None = None,
    ) -> None:
        self._engine = engine
        self._bus = bus
        self._watch = watch
        self._clock = clock
        self._metrics = metrics
        self._redact = redact
        self._settings = settings or ProcessorSettings()
        self._in_a_row = 0

    def run(self, stop: threading.Event) -> None:
        """Process until `stop` is set. Raises WatchdeskError when a flood of dead letters says that it is hopeless.

        After a failure of the bus the consumer is thrown away and the group joined anew, so that everything since the
        last commit is delivered again: a batch in hand must not be passed over by a later one's offsets.
        """
        wait = self._settings.backoff
        while not stop.is_set():
            try:
                with self._bus.consumer(group=self._settings.group, topics=[RAW_TOPIC]) as consumer:
                    while not stop.is_set():
                        self.run_once(consumer, stop)
                        wait = self._settings.backoff
            except (BusError, StorageError) as error:
                log.warning("starting again from the last commit in %.1f s: %s", wait, error)
                stop.wait(wait)
                wait = min(wait * 2, self._settings.backoff_limit)

    def run_once(self, consumer: Consumer, stop: threading.Event) -> int:
        """Take and process one batch; returns how many messages it had.

        Raises BusError, StorageError and WatchdeskError; after the first two the consumer must not be used again.
        """
        deliveries = consumer.poll(max_records=self._settings.batch, timeout=self._settings.poll)
        self._metrics.consumer_lag.clear()  # partitions that have moved to another member are its to tell of
        for partition, lag in consumer.lag().items():
            self._metrics.consumer_lag.labels(partition.topic, str(partition.number)).set(lag)
        if not deliveries:
            return 0
        started = time.monotonic()
        taken, letters = self._decode(deliveries)
        outcome = self._until_stored(consumer, taken, stop)
        if outcome is None:
            return 0  # stopped while waiting: the batch will be delivered again
        results, refused = outcome
        letters += refused
        self._bury(letters)
        consumer.commit(_next_offsets(deliveries))
        self._count(results, letters, time.monotonic() - started)
        self._check_flood(len(letters), len(results))
        return len(deliveries)

    # ---- stages ---------------------------------------------------------------------------------------------------

    def _decode(self, deliveries: Sequence[Delivery]) -> tuple[list[_Taken], list[DeadLetter]]:
        taken, letters = [], []
        for delivery in deliveries:
            try:
                if delivery.value is None:
                    raise DecodeError("a tombstone: a message without a value is no item")
                taken.append(_Taken(delivery, decode(delivery.value)))
            except DecodeError as error:
                letters.append(self._letter(delivery, error))
        return taken, letters

    def _until_stored(
        self, consumer: Consumer, taken: Sequence[_Taken], stop: threading.Event
    ) -> tuple[list[Processed], list[DeadLetter]] | None:
        """Process the batch, waiting out what is temporary; None when asked to stop meanwhile."""
        wait = self._settings.backoff
        try:
            while not stop.is_set():
                try:
                    return self._stored(taken)
                except StorageError as error:
                    log.warning("Postgres takes nothing now, trying again in %.1f s: %s", wait, error)
                    consumer.pause()
                    _keep_alive(consumer, wait, stop)
                    wait = min(wait * 2, self._settings.backoff_limit)
        finally:
            consumer.resume()
        return None

    def _stored(self, taken: Sequence[_Taken]) -> tuple[list[Processed], list[DeadLetter]]:
        """One transaction for all; when something in it is poison, one for each. Raises StorageError if temporary."""
        if not taken:
            return [], []
        try:
            batch = [read(one.item, self._watch) for one in taken]
            with transaction(self._engine) as conn:
                return process(conn, batch, self._watch), []
        except StorageError as error:
            if error.temporary:
                raise
            log.warning("a batch of %d can't be stored, taking its items one by one: %s", len(taken), error)
        except Exception as error:  # noqa: BLE001 - whatever an item can provoke in us must not stop the others
            log.warning("a batch of %d can't be processed, taking its items one by one: %r", len(taken), error)
        return self._one_by_one(taken)

    def _one_by_one(self, taken: Sequence[_Taken]) -> tuple[list[Processed], list[DeadLetter]]:
        results: list[Processed] = []
        letters: list[DeadLetter] = []
        for one in taken:
            try:
                alone = [read(one.item, self._watch)]
                with transaction(self._engine) as conn:
                    results += process(conn, alone, self._watch)
            except StorageError as error:
                if error.temporary:
                    raise
                letters.append(self._letter(one.delivery, error))
            except Exception as error:  # noqa: BLE001 - the dead letter tells of it
                letters.append(self._letter(one.delivery, error))
        return results, letters

    def _letter(self, delivery: Delivery, error: Exception) -> DeadLetter:
        place = f"{delivery.partition.topic}/{delivery.partition.number}/{delivery.offset}"
        log.error("message %s is given up: %s", place, self._redact(str(error) or type(error).__name__))
        return deadletters.bury(delivery, error, at=self._clock(), attempts=1, redact=self._redact)

    def _bury(self, letters: Sequence[DeadLetter]) -> None:
        """Into the dead-letter topic, acknowledged, and where people can look at them; only then may offsets move."""
        if not letters:
            return
        self._bus.publish([deadletters.encode(letter) for letter in letters])
        self._bus.flush(timeout=self._settings.flush)
        with transaction(self._engine) as conn:
            buried.add(conn, letters)

    def _check_flood(self, given_up: int, stored: int) -> None:
        self._in_a_row = self._in_a_row + given_up if stored == 0 else 0
        if self._in_a_row >= self._settings.flood:
            raise WatchdeskError(
                f"{self._in_a_row} messages in a row went to the dead letters: producer and processor do not fit, "
                "or the topic is not ours. See `watchdesk dlq list`. Nothing is lost: start again once it is mended."
            )

    # ---- metrics --------------------------------------------------------------------------------------------------

    def _count(self, results: Sequence[Processed], letters: Sequence[DeadLetter], seconds: float) -> None:
        metrics, now = self._metrics, self._clock()
        metrics.batch_seconds.observe(seconds)
        for result in results:
            source = result.item.source_id
            metrics.items_processed.labels(source, result.stored.status).inc()
            if result.stored.status == "known":
                continue
            metrics.seen_to_decided_seconds.observe(max(0.0, (now - result.article.seen).total_seconds()))
            if result.article.published is not None and not result.article.backfill:
                delay = (result.article.seen - result.article.published).total_seconds()
                metrics.published_to_seen_seconds.observe(max(0.0, delay))
            for decision in result.decisions:
                metrics.decisions.labels(decision.claim.topic, decision.outcome.value).inc()
        for letter in letters:
            metrics.items_processed.labels("", "dead_letter").inc()
            reason = "unknown_version" if letter.error == UnknownVersion.__name__ else letter.error
            metrics.dead_letters.labels(reason).inc()


def _next_offsets(deliveries: Sequence[Delivery]) -> dict[Partition, int]:
    offsets: dict[Partition, int] = {}
    for delivery in deliveries:
        offsets[delivery.partition] = max(offsets.get(delivery.partition, 0), delivery.offset + 1)
    return offsets


def _keep_alive(consumer: Consumer, seconds: float, stop: threading.Event) -> None:
    """Wait without losing the membership in the group: a paused consumer is polled all the same."""
    deadline = time.monotonic() + seconds
    while not stop.is_set() and (left := deadline - time.monotonic()) > 0:
        consumer.poll(max_records=1, timeout=min(left, 0.5))
        stop.wait(0.05)
