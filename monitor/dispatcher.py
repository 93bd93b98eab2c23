"""The dispatcher: takes messages from the outbox, one at a time and channel, says them, and records the receipts.

The only code that speaks to Slack, outside any transaction.  What it never does is say a message again that may stand
already: a lease is committed before the message is handed over, and after a crash or a doubtful answer the channel's
history is asked for the message's key.  What is left is a process that freezes between the check of its lease and the
write to the socket, for longer than the lease: the sweep deletes the second message of such a pair.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Engine

from monitor.errors import DecodeError, NotifyError, StorageError, Verdict
from monitor.notify.base import Notifier, Receipt, Report
from monitor.observe.metrics import Metrics
from monitor.outcomes import DispatcherSettings, Outcomes
from monitor.storage import outbox, outbox_record, outbox_work
from monitor.storage.alert_payload import decode, decode_mend
from monitor.storage.engine import transaction
from monitor.storage.outbox_types import Edit, Look, Place, Post, Reply, Work
from monitor.types import Alert, Outcome

__all__ = ["Dispatcher", "DispatcherSettings"]

log = logging.getLogger(__name__)

# Changes that a desk is to see in the channel, and not in the thread alone: it may have acted on what was told.
LOUD = frozenset({Outcome.CONTRADICTION, Outcome.CORRECTION, Outcome.WITHDRAWN})


class Dispatcher:
    """Says what waits in the outbox. Several may run; each needs an `owner` of its own.

    With `careful` it looks for each alert before it says it, be it ever so new to the outbox: for the time after a
    restore, when the archive may have forgotten what was said.
    """

    def __init__(
        self,
        engine: Engine,
        notifier: Notifier,
        *,
        clock: Callable[[], datetime],
        sleep: Callable[[float], None],
        metrics: Metrics,
        owner: str,
        settings: DispatcherSettings | None = None,
        careful: bool = False,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine = engine
        self._notifier = notifier
        self._clock = clock
        self._sleep = sleep
        self._metrics = metrics
        self._owner = owner
        self._settings = settings or DispatcherSettings()
        self._careful = careful
        self._monotonic = monotonic
        self._outcomes = Outcomes(engine, clock=clock, metrics=metrics, settings=self._settings, monotonic=monotonic)
        self._sweep_at = 0.0
        self._count_at = 0.0

    @property
    def paused(self) -> str:
        """Why nothing is being said; empty when all is well."""
        return self._outcomes.paused

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set; waits for a database that is away for a while. Raises StorageError if for good."""
        failures = 0
        while not stop.is_set():
            try:
                worked = self.run_once()
                self._keep_house()
                failures = 0
            except StorageError as error:
                if not error.temporary:
                    raise
                failures += 1
                log.warning("the outbox can't be reached, trying again: %s", error)
                self._sleep(self._outcomes.backoff(failures))
                continue
            if not worked:
                self._sleep(self._settings.poll)

    def run_once(self) -> bool:
        """Do the next thing; False when there was nothing to do. Raises StorageError."""
        if self._outcomes.waiting:
            return False
        leased_at = self._monotonic()
        now = self._clock()
        with transaction(self._engine) as conn:
            work = outbox_work.lease(
                conn,
                owner=self._owner,
                now=now,
                until=now + timedelta(seconds=self._settings.lease),
                edit_every=timedelta(seconds=self._settings.edit_every),
            )
        if work is None:
            return False
        self._do(work, leased_at)
        return True

    def sweep(self) -> None:
        """Delete the later of two messages with one key, in the channels where something was tried more than once."""
        since = self._clock() - timedelta(seconds=self._settings.sweep_back)
        with transaction(self._engine) as conn:
            channels = outbox_work.retried_channels(conn, since=since)
        for channel in channels:
            try:
                doubled = self._notifier.sweep(channel, since=since)
            except NotifyError as error:
                log.warning("%s can't be swept for doubled messages: %s", channel, error)
                continue
            for double in doubled:
                log.warning("%s stood %d times in %s; the first is kept", double.key, len(double.deleted) + 1, channel)
                with transaction(self._engine) as conn:
                    outbox_record.kept(conn, double.key, Place(channel=double.kept.channel, ts=double.kept.ts))

    def _do(self, work: Work, leased_at: float) -> None:
        if isinstance(work, Look):
            self._look(work)
        elif self._monotonic() - leased_at > self._settings.lease / 2:
            # Frozen since the lease was taken: somebody else may be at it, or will be before we are done.
            self._outcomes.put_back(work, "the lease grew too old to use it")
        elif isinstance(work, Post):
            self._post(work)
        elif isinstance(work, Reply):
            self._reply(work)
        else:
            self._edit(work)

    def _post(self, post: Post) -> None:
        try:
            alert = _alert(post)
            receipt = self._stands(post) or self._notifier.post(alert, key=post.key)
        except DecodeError as error:
            self._outcomes.refused(post.lease, post.key, str(error))
            return
        except NotifyError as error:
            self._outcomes.not_said(post, error)
            return
        if not self._outcomes.said(post.lease, post.key, receipt):
            self._sweep_at = 0.0
        waited = (self._clock() - alert.first_seen).total_seconds()
        self._metrics.seen_to_alerted_seconds.observe(max(waited, 0.0))

    def _stands(self, post: Post) -> Receipt | None:
        """Where it stands already, as far as a careful dispatcher looks. Raises NotifyError, never a doubtful one."""
        if not self._careful:
            return None
        since = self._clock() - timedelta(seconds=self._settings.careful_back)
        try:
            return self._notifier.find(post.channel, [post.key], since=since).get(post.key)
        except NotifyError as error:
            if error.verdict is not Verdict.DOUBTFUL:
                raise
            # Nothing was said yet, so that there is no doubt of this message.
            raise NotifyError(Verdict.RETRY, str(error), code=error.code, retry_after=error.retry_after) from error

    def _reply(self, reply: Reply) -> None:
        try:
            receipt = self._say_reply(reply)
        except DecodeError as error:
            self._outcomes.refused(reply.lease, reply.key, str(error))
            return
        except NotifyError as error:
            self._outcomes.not_said(reply, error)
            return
        self._outcomes.said(reply.lease, reply.key, receipt)

    def _say_reply(self, reply: Reply) -> Receipt:
        at = _receipt(reply.at)
        if reply.change is not None:
            mend = decode_mend(reply.change)
            return self._notifier.note(at, mend, key=reply.key, broadcast=mend.outcome in LOUD)
        reports = [
            Report(source_name=row.source_name, title=row.title, url=row.url, independent=row.independent)
            for row in reply.reports
        ]
        return self._notifier.reply(at, reports, key=reply.key)

    def _edit(self, edit: Edit) -> None:
        try:
            self._notifier.edit(_receipt(edit.at), _alert(edit), key=edit.key)
        except DecodeError as error:
            self._outcomes.edit_given_up(edit, str(error))
            return
        except NotifyError as error:
            self._outcomes.not_edited(edit, error)
            return
        self._outcomes.edited(edit)

    def _look(self, look: Look) -> None:
        """Ask the history which of the doubtful messages stand; say again only those that surely do not."""
        thread = _receipt(look.thread) if look.thread else None
        since = look.since - timedelta(seconds=self._settings.look_back)
        try:
            found = self._notifier.find(look.channel, [d.key for d in look.doubts], thread=thread, since=since)
        except NotifyError as error:
            self._outcomes.not_found_out(look, error)
            return
        for doubt in look.doubts:
            if doubt.key in found:
                self._outcomes.said(doubt.lease, doubt.key, found[doubt.key], rest=False)
            else:
                self._outcomes.not_there(doubt.lease, doubt.key)

    def _keep_house(self) -> None:
        """Count the outbox and sweep up doubled messages, now and then."""
        at = self._monotonic()
        if at >= self._count_at:
            self._count_at = at + self._settings.count_every
            with transaction(self._engine) as conn:
                self._metrics.outbox_pending.set(outbox.counts(conn).waiting)
        if at >= self._sweep_at and not self._outcomes.paused:
            self._sweep_at = at + self._settings.sweep_every
            self.sweep()


def _alert(work: Post | Edit) -> Alert:
    """The alert as it was raised, with the counts as they are now."""
    alert = decode(work.payload)
    if work.development_id is None:
        return alert
    return replace(alert, reports=work.reports, independent=work.independent)


def _receipt(at: Place) -> Receipt:
    return Receipt(channel=at.channel, ts=at.ts)
