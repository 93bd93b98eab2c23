"""What becomes of a message after the dispatcher has handed it over: the one place where verdicts turn into states."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from sqlalchemy import Engine

from monitor.errors import NotifyError, Verdict
from monitor.notify.base import Receipt
from monitor.observe.metrics import Metrics
from monitor.storage import outbox_record
from monitor.storage.engine import transaction
from monitor.storage.outbox_queries import HORIZON
from monitor.storage.outbox_types import Edit, Kind, Lease, Look, Place, Post, Reply

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatcherSettings:
    """Times of the dispatcher, in seconds."""

    pace: float = 1.0  # between two messages in one channel; Slack allows about one a second
    edit_every: float = 60.0  # between two edits of one message, and two replies in one thread
    lease: float = 60.0  # at least six times the notifier's timeout
    settle: float = 5.0  # after a doubtful answer, before the history is asked: the message may still arrive
    look_every: float = 10.0  # between two looks for one message
    patience: float = 120.0  # of looking in vain, before a message is unknown and others may pass it
    unknown_every: float = 60.0  # between two looks for an unknown message
    backoff: float = 1.0  # after the first failed attempt; doubles
    backoff_limit: float = 300.0
    hold: float = 300.0  # before a channel that takes nothing is tried again
    edit_retry: float = 30.0  # before an edit that failed is made again
    pause: float = 60.0  # before Slack is tried again after it refused us
    sweep_every: float = 600.0  # between two sweeps for doubled messages
    sweep_back: float = 21_600.0  # how far a sweep reads back
    look_back: float = 3600.0  # how much older a message may be than our record of it: clocks differ
    careful_back: float = 604_800.0  # how far a careful dispatcher reads back
    poll: float = 0.2  # between two looks into an empty outbox
    count_every: float = 5.0  # between two counts of the outbox for the metrics

    def __post_init__(self) -> None:
        free = {"edit_every", "sweep_every", "sweep_back", "look_back", "careful_back"}
        limit = HORIZON.total_seconds()
        for field in fields(self):
            seconds = getattr(self, field.name)
            if seconds < 0 or (seconds >= limit and field.name not in free):
                # A later moment in the outbox is taken for one that a wrong clock has written.
                raise ValueError(f"{field.name} is {seconds:g} s; expected 0 to under {limit:g}")


class Outcomes:
    """Records how it went and says so in logs and metrics. Raises StorageError."""

    def __init__(
        self,
        engine: Engine,
        *,
        clock: Callable[[], datetime],
        metrics: Metrics,
        settings: DispatcherSettings,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._metrics = metrics
        self._settings = settings
        self._monotonic = monotonic
        self._resume_at = 0.0
        self.paused = ""  # why nothing is being said

    @property
    def waiting(self) -> bool:
        """Whether a pause is not over yet."""
        return bool(self.paused) and self._monotonic() < self._resume_at

    def said(self, lease: Lease, key: str, receipt: Receipt, *, rest: bool = True) -> bool:
        """It stands: from now on it counts as said. False when it stood already, by another receipt."""
        self._resume()
        now = self._clock()
        until = self._after(self._settings.pace) if rest else now
        at = Place(channel=receipt.channel, ts=receipt.ts)
        with transaction(self._engine) as conn:
            first = outbox_record.sent(conn, lease, at, now=now, rest_until=until)
        if first:
            self._count(lease.kind, "sent")
            log.info("%s: said in %s at %s", key, receipt.channel, receipt.ts)
        else:
            log.warning("%s stands twice in %s", key, receipt.channel)
        return first

    def not_said(self, work: Post | Reply, error: NotifyError) -> None:
        """It was not surely taken; what to do depends on the verdict."""
        if error.verdict is Verdict.BAD_MESSAGE:
            self.refused(work.lease, work.key, str(error))
        elif error.verdict is Verdict.BAD_CHANNEL:
            self._hold(work, error)
        elif error.verdict is Verdict.DOUBTFUL:
            self._doubt(work, error)
        else:
            self._retry(work, error)

    def refused(self, lease: Lease, key: str, error: str) -> None:
        """It never will be taken: the others shall not wait for it."""
        with transaction(self._engine) as conn:
            outbox_record.failed(conn, lease, error=error)
        self._count(lease.kind, "failed")
        log.error("%s can't be said and is given up: %s", key, error)

    def not_there(self, lease: Lease, key: str) -> None:
        """It was looked for and surely does not stand."""
        with transaction(self._engine) as conn:
            outbox_record.again(conn, lease, not_before=self._clock())
        log.info("%s does not stand, saying it again", key)

    def not_found_out(self, look: Look, error: NotifyError) -> None:
        """The history can't be had: the channel waits for a while, then others may pass."""
        if look.thread is not None and error.verdict is Verdict.BAD_MESSAGE:
            for doubt in look.doubts:  # the message was deleted, and its thread with it
                self.refused(doubt.lease, doubt.key, str(error))
            return
        patient = abs(self._clock() - look.since) < timedelta(seconds=self._settings.patience)
        wait = self._settings.look_every if patient else self._settings.unknown_every
        look_at = self._after(wait if error.retry_after is None else error.retry_after)
        note = outbox_record.doubtful if patient else outbox_record.unknown
        with transaction(self._engine) as conn:
            for doubt in look.doubts:
                note(conn, doubt.lease, look_at=look_at, error=str(error))
        for doubt in look.doubts:
            if patient:
                log.warning("%s may have been said, but can't be looked for yet: %s", doubt.key, error)
            else:
                self._count(doubt.lease.kind, "unknown")
                log.error("%s may have been said; nobody can tell now: %s", doubt.key, error)
        if error.verdict is Verdict.STOP:
            self._pause(error)

    def put_back(self, work: Post | Reply | Edit, why: str) -> None:
        """It was not handed over at all."""
        log.warning("%s: %s", work.key, why)
        now = self._clock()
        with transaction(self._engine) as conn:
            if isinstance(work, Edit):
                outbox_record.edit_again(conn, work, due=now, error=why)
            else:
                outbox_record.again(conn, work.lease, not_before=now, error=why)

    def edited(self, edit: Edit) -> None:
        """The message shows the new counts, or a summary its new numbers."""
        self._resume()
        with transaction(self._engine) as conn:
            outbox_record.edited(conn, edit, now=self._clock(), rest_until=self._after(self._settings.pace))
        self._metrics.alerts.labels("edit", "sent").inc()

    def not_edited(self, edit: Edit, error: NotifyError) -> None:
        """The message may or may not show them; an edit can be made twice, so that it is simply made again."""
        if error.verdict is Verdict.BAD_MESSAGE:
            self.edit_given_up(edit, str(error))
            return
        wait = self._settings.hold if error.verdict is Verdict.BAD_CHANNEL else self._settings.edit_retry
        due = self._after(wait if error.retry_after is None else error.retry_after)
        rest_until = None if error.retry_after is None else due
        with transaction(self._engine) as conn:
            outbox_record.edit_again(conn, edit, due=due, rest_until=rest_until, error=str(error))
        self._metrics.alerts.labels("edit", "retry").inc()
        if error.verdict is Verdict.STOP:
            self._pause(error)
        else:
            log.warning("%s was not edited, trying again at %s: %s", edit.key, due.isoformat(), error)

    def edit_given_up(self, edit: Edit, error: str) -> None:
        """The message can't be edited, because it was deleted for example."""
        with transaction(self._engine) as conn:
            outbox_record.edit_again(conn, edit, due=None, error=error)
        self._metrics.alerts.labels("edit", "failed").inc()
        log.warning("%s can't be edited: %s", edit.key, error)

    def backoff(self, attempts: int) -> float:
        """Seconds to wait after the n-th failed attempt, counted from 1."""
        return float(min(self._settings.backoff * 2 ** min(attempts - 1, 20), self._settings.backoff_limit))

    def _retry(self, work: Post | Reply, error: NotifyError) -> None:
        """It surely was not taken: later again, and when Slack asked for it nothing else in the channel before."""
        self._count(work.lease.kind, "retry")
        wait = self.backoff(work.attempts) if error.retry_after is None else error.retry_after
        not_before = self._after(wait)
        rest_until = None if error.retry_after is None else not_before
        with transaction(self._engine) as conn:
            outbox_record.again(conn, work.lease, not_before=not_before, rest_until=rest_until, error=str(error))
        if error.verdict is Verdict.STOP:
            self._pause(error)
        else:
            log.warning("%s was not taken, trying again at %s: %s", work.key, not_before.isoformat(), error)

    def _doubt(self, work: Post | Reply, error: NotifyError) -> None:
        self._count(work.lease.kind, "retry")
        with transaction(self._engine) as conn:
            outbox_record.doubtful(conn, work.lease, look_at=self._after(self._settings.settle), error=str(error))
        log.warning("%s may have been said, looking for it: %s", work.key, error)

    def _hold(self, work: Post | Reply, error: NotifyError) -> None:
        not_before = self._after(self._settings.hold)
        with transaction(self._engine) as conn:
            held = outbox_record.held(conn, work.lease, work.channel, not_before=not_before, error=str(error))
        self._count(work.lease.kind, "retry")
        log.error("channel %s takes no messages, %d alerts are held: %s", work.channel, held, error)

    def _pause(self, error: NotifyError) -> None:
        self.paused = str(error)
        self._resume_at = self._monotonic() + self._settings.pause
        log.error("nothing can be said until this is mended: %s", error)

    def _resume(self) -> None:
        if self.paused:
            log.info("messages are taken again")
        self.paused = ""

    def _after(self, seconds: float) -> datetime:
        return self._clock() + timedelta(seconds=seconds)

    def _count(self, kind: Kind, result: str) -> None:
        self._metrics.alerts.labels(kind.value, result).inc()
