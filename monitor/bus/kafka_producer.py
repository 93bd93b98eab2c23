"""Publishing to Kafka: a producer that is thrown away at the first doubt, and what is in flight on it."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kafka import KafkaProducer
from kafka.errors import KafkaError, KafkaTimeoutError

from monitor.bus.base import Record
from monitor.bus.kafka_client import connect, errors_named
from monitor.bus.records import fit
from monitor.bus.settings import MAX_RECORD_BYTES, KafkaSettings
from monitor.errors import BusError

# Records of one partition that leave within this time travel together.
_LINGER_MS = 5
_BATCH_BYTES = 256 * 1024
_CONNECT_SECONDS = 10.0


class _Producer(KafkaProducer):  # type: ignore[misc]  # kafka-python has no types
    """One that can be abandoned, and that does nothing when it is collected or the program ends.

    kafka-python's own replaces its module's logger then, and fails loudly when a broker does not answer.
    """

    def __init__(self, **config: Any) -> None:
        super().__init__(**config)
        self._unregister_cleanup()

    def abandon(self) -> None:
        """Stop at once; what is in flight fails. `close(timeout=0)` raises before it has stopped anything."""
        self._sender.force_close()
        try:
            self.close(timeout=0)
        except KafkaTimeoutError:
            pass  # its flush, which can't succeed; the sender has been stopped above

    def __del__(self) -> None:
        """Nothing: `abandon` or `close` has been called."""


class Line:
    """One producer with a bound on what is in flight. Once anything on it has failed it takes no more."""

    def __init__(self, settings: KafkaSettings) -> None:
        self._settings = settings
        self._room = threading.Condition()
        self._records = 0
        self._bytes = 0
        self.failed = False
        self._producer = connect(
            _Producer,
            settings,
            seconds=_CONNECT_SECONDS,
            acks="all",
            enable_idempotence=True,
            allow_auto_create_topics=False,
            delivery_timeout_ms=settings.delivery_timeout_ms,
            request_timeout_ms=max(settings.delivery_timeout_ms // 2 - _LINGER_MS, 500),
            max_block_ms=settings.delivery_timeout_ms,
            max_request_size=MAX_RECORD_BYTES + _BATCH_BYTES,
            batch_size=_BATCH_BYTES,
            linger_ms=_LINGER_MS,
            metrics_enabled=False,
        )

    def send(self, record: Record) -> Any:
        """Hand one record over; returns kafka-python's future. Waits while too much is in flight."""
        size = len(record.key) + len(record.value)
        self._take_room(size)
        headers = [(name, fit(text).encode()) for name, text in record.headers.items()]
        try:
            future = self._producer.send(record.topic, value=record.value, key=record.key, headers=headers)
        except BaseException:
            self._give_room(size)
            raise
        future.add_callback(lambda _: self._give_room(size))
        future.add_errback(lambda _: self._fail())
        return future

    def _take_room(self, size: int) -> None:
        with self._room:
            seconds = self._settings.delivery_timeout_ms / 1000
            if not self._room.wait_for(lambda: self.failed or self._has_room(size), timeout=seconds):
                raise BusError(f"Kafka has acknowledged too little for {seconds:.0f} s: {self._records} in flight")
            if self.failed:
                raise BusError("Kafka has not acknowledged earlier records: publish again")
            self._records += 1
            self._bytes += size

    def _has_room(self, size: int) -> bool:
        settings = self._settings
        # One that is larger than all the room goes alone.
        fits = self._bytes + size <= settings.max_in_flight_bytes or not self._records
        return fits and self._records < settings.max_in_flight

    def _give_room(self, size: int) -> None:
        with self._room:
            self._records -= 1
            self._bytes -= size
            self._room.notify_all()

    def _fail(self) -> None:
        with self._room:
            self.failed = True
            self._room.notify_all()

    def abandon(self) -> None:
        """Give up what is in flight."""
        self._fail()
        self._producer.abandon()


@dataclass(frozen=True, slots=True)
class _Sent:
    line: Line
    future: Any


class Publisher:
    """`publish` and `flush` of the Kafka bus: whose record is whose, and when to begin anew.

    An idempotent producer that has lost a batch never recovers, and a failed future does not mean "not stored". So any
    failure ends the line; the caller publishes again, and consumers recognise what came twice.
    """

    def __init__(self, settings: KafkaSettings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._connecting = threading.Lock()
        self._line: Line | None = None
        self._unflushed: dict[int, list[_Sent]] = {}  # by thread

    def publish(self, records: Sequence[Record]) -> None:
        """Hand the records over in order."""
        line = self._current_line()
        try:
            for record in records:
                with errors_named(f"could not publish to {record.topic}"):
                    self._remember(_Sent(line, line.send(record)))
        except BusError:
            self._give_up(line)
            self._forget()
            raise

    def flush(self, *, timeout: float) -> None:
        """Wait for this thread's records, or for everybody's when it has none."""
        deadline = time.monotonic() + timeout
        for sent in self._forget():
            try:
                sent.future.get(timeout=max(deadline - time.monotonic(), 0))
            except KafkaError as error:
                self._give_up(sent.line)
                raise BusError(f"Kafka has not acknowledged a record ({error}): publish again") from error

    def close(self) -> None:
        """Drop the producer."""
        with self._lock:
            line, self._line = self._line, None
            self._unflushed.clear()
        if line is not None:
            line.abandon()

    def _current_line(self) -> Line:
        with self._connecting:
            line = self._line
            if line is not None and line.failed:
                self._give_up(line)
                line = None
            if line is None:
                line = self._line = Line(self._settings)
            return line

    def _give_up(self, line: Line) -> None:
        with self._lock:
            if self._line is line:
                self._line = None
        line.abandon()

    def _remember(self, sent: _Sent) -> None:
        with self._lock:
            mine = self._unflushed.setdefault(threading.get_ident(), [])
            mine.append(sent)
            if len(mine) > 2 * self._settings.max_in_flight:  # a caller that seldom flushes; failures are kept
                mine[:] = [each for each in mine if not each.future.succeeded()]

    def _forget(self) -> list[_Sent]:
        with self._lock:
            mine = self._unflushed.pop(threading.get_ident(), None)
            if mine is None:
                mine = [sent for each in self._unflushed.values() for sent in each]
                self._unflushed.clear()
            return mine
