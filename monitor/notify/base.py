"""Notifier: somewhere to say things. Slack and the console behave alike behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from monitor.types import Alert, Mend


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Where a message stands: enough to edit it and to answer in its thread."""

    channel: str  # the channel's own id, as the notifier returned it
    ts: str  # the message's name within the channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A later report of a development that was alerted, for the thread."""

    source_name: str
    title: str
    url: str | None
    independent: bool  # first teller of his own


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubled:
    """A message that stood in a channel more than once; all but the first were deleted."""

    key: str
    kept: Receipt
    deleted: tuple[Receipt, ...]


class Notifier(Protocol):
    """Says alerts.

    Every method raises NotifyError, whose verdict says what to do; none retries by itself, none says anything twice.
    DOUBTFUL means that the message may stand in the channel: ask `find` before saying it again.  All moments are
    aware; `channel` is as the alert names it, a receipt's channel as the notifier names it.
    """

    def post(self, alert: Alert, *, key: str) -> Receipt:
        """Say it, once, with `key` attached so that `find` can see it."""
        ...

    def edit(self, receipt: Receipt, alert: Alert, *, key: str) -> None:
        """Replace what was said at `receipt`. Editing twice with the same alert changes nothing."""
        ...

    def reply(self, receipt: Receipt, reports: Sequence[Report], *, key: str) -> Receipt:
        """Answer in the thread of `receipt` with later reports, `key` attached."""
        ...

    def note(self, receipt: Receipt, mend: Mend, *, key: str, broadcast: bool = False) -> Receipt:
        """Say in the thread of `receipt` what has changed, `key` attached; `broadcast` shows it in the channel too."""
        ...

    def find(
        self, channel: str, keys: Sequence[str], *, thread: Receipt | None = None, since: datetime | None = None
    ) -> dict[str, Receipt]:
        """Which of `keys` stand in the channel (or in the thread) already; the first message of each.

        Looks no further back than `since`.  A key that is missing in the answer surely does not stand there: where
        the history can't be had, or is too long to be read whole, it raises instead.
        """
        ...

    def sweep(self, channel: str, *, since: datetime) -> Sequence[Doubled]:
        """Delete all but the first of those messages since `since` that carry one key; says which they were."""
        ...

    def check(self, channel: str) -> str:
        """Try the connection, say nothing; returns who we are there in words."""
        ...
