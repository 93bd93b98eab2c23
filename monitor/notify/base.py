"""Notifier: somewhere to say things. Slack and the console behave alike behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from monitor.types import Alert


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


class Notifier(Protocol):
    """Says alerts. Every method raises NotifyError, whose verdict says what to do; none retries by itself."""

    def post(self, alert: Alert, *, key: str) -> Receipt:
        """Say it, once, with `key` attached so that `find` can see it."""
        ...

    def edit(self, receipt: Receipt, alert: Alert, *, key: str) -> None:
        """Replace what was said at `receipt`. Editing twice with the same alert changes nothing."""
        ...

    def reply(self, receipt: Receipt, reports: Sequence[Report], *, key: str, broadcast: bool = False) -> Receipt:
        """Answer in the thread of `receipt` with later reports."""
        ...

    def find(self, channel: str, keys: Sequence[str], *, thread: Receipt | None = None) -> dict[str, Receipt]:
        """Which of `keys` stand in the channel (or in the thread) already."""
        ...

    def check(self, channel: str) -> str:
        """Try the connection, say nothing; returns who we are there in words."""
        ...
