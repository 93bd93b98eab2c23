"""What is remembered of a source from poll to poll beside its items: how to reach it, and how it usually does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How the source is reached. All of it may be forgotten: it is learned again. Fields only ever get added."""

    moved_to: str | None = None  # where permanent redirects have led since `moved_since`
    moved_since: datetime | None = None
    full_fetch: datetime | None = None  # the last answer that was asked for without validators
    conditionals_end: bool = False  # its 304 was found to be untrue: validators are not sent any more


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """How the source usually does, and how it does now. Fields only ever get added."""

    health: str = "ok"
    since: datetime | None = None  # of this health
    why: str = ""
    interval: float | None = None  # seconds to which polling has adapted; None: not yet
