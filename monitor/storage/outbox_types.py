"""What the outbox hands out: one message each, and the lease under which it may be said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a message is; decides which table its rows are in."""

    POST = "post"
    REPLY = "reply"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """Rows that are one message, and who may say it."""

    kind: Kind
    owner: str
    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a message stands."""

    channel: str
    ts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """An alert to be said."""

    lease: Lease
    key: str
    channel: str
    development_id: str | None  # None: a source's summary; what it counts is in its payload
    payload: Mapping[str, Any]
    reports: int
    independent: int
    attempts: int  # this one included


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A message whose counts or whose payload have changed."""

    lease: Lease
    key: str
    channel: str
    development_id: str | None  # None: a source's summary; what it counts is in its payload
    payload: Mapping[str, Any]
    reports: int
    independent: int
    revision: int  # of the payload
    at: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRow:
    """One later report."""

    source_name: str
    title: str
    url: str | None
    independent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """Later reports to be said in a thread, or a change of what was told."""

    lease: Lease
    key: str
    channel: str
    at: Place
    reports: tuple[ReportRow, ...]  # none for a change
    change: Mapping[str, Any] | None  # everything that is said of a change
    attempts: int  # this one included


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A message that may have been said."""

    lease: Lease
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """All doubts of a channel, or of one thread in it: one look settles them."""

    channel: str
    thread: Place | None
    since: datetime  # the first of them may stand from here on
    doubts: tuple[Doubt, ...]


Work = Post | Edit | Reply | Look
