"""How a source does, in one word, with since when and why: judged after every poll, from what is remembered of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from connectors.base import FetchOutcome
from connectors.silence import IMPROBABLE
from monitor.sourcememory import Pulse

GAP_SHOWN = timedelta(days=1)  # after a suspected gap; by then a desk has looked
SHORTEST_QUIET = timedelta(hours=1)
QUIET_GAPS = 3  # usual gaps without an item


class Health(StrEnum):
    """How a source does."""

    OK = "ok"
    QUIET = "quiet"  # nothing new for a while, which is usual for it, or not known to be unusual
    SILENT = "silent"  # nothing new for longer than its own rhythm allows
    GAP_SUSPECTED = "gap_suspected"  # items may have come and gone between two readings
    BLOCKED = "blocked"  # it refuses us, or asks for a human
    NOT_A_FEED = "not_a_feed"  # something else stands where it was
    EMPTIED = "emptied"  # it had items and has none
    FAILING = "failing"  # it can't be read for another reason
    GONE = "gone"  # it says that it is no more

    @property
    def well(self) -> bool:
        """Whether nobody has to look after it."""
        return self in (Health.OK, Health.QUIET)

    @property
    def unread(self) -> bool:
        """Whether it can't be read at all."""
        return self in _FAILURES.values() or self is Health.FAILING


_FAILURES = {
    FetchOutcome.BLOCKED: Health.BLOCKED,
    FetchOutcome.NOT_A_FEED: Health.NOT_A_FEED,
    FetchOutcome.GONE: Health.GONE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What a successful poll leaves to judge by."""

    had_items: bool  # ever
    listed: int | None  # items in it now; None: its kind has no list
    last_item: datetime | None
    usual_gap: float | None  # seconds, as it was when the last item came
    chance: float | None  # of a silence as long as the present one; None: not judged
    gap_at: datetime | None  # of the last suspected gap
    fixed: bool  # its interval is the user's own


def of_failure(outcome: str, message: str) -> tuple[Health, str]:
    """The health of a source that could not be read, and why."""
    return next((health for known, health in _FAILURES.items() if known == outcome), Health.FAILING), message


def of_success(findings: Findings, now: datetime) -> tuple[Health, str]:
    """The health of a source that was read, and why; "" when there is nothing to say."""
    if findings.listed == 0 and findings.had_items:
        return Health.EMPTIED, "it lists no item any more, and had some"
    quiet = now - findings.last_item if findings.last_item else None
    if quiet is not None and findings.chance is not None and findings.chance < IMPROBABLE:
        return Health.SILENT, f"nothing new for {_span(quiet)}, which its rhythm all but rules out"
    if findings.gap_at is not None and now - findings.gap_at < GAP_SHOWN:
        remedy = "; its interval is fixed: shorten it, or make it auto" if findings.fixed else ""
        return Health.GAP_SUSPECTED, f"nothing that it listed before was there any more: items may be missing{remedy}"
    if quiet is None:
        return Health.QUIET, "nothing new since it is watched" if findings.listed else "it has had no item yet"
    usual = timedelta(seconds=findings.usual_gap or 0)
    if quiet > max(SHORTEST_QUIET, QUIET_GAPS * usual):
        return Health.QUIET, f"nothing new for {_span(quiet)}"
    return Health.OK, ""


def judged(pulse: Pulse, health: Health, why: str, now: datetime) -> Pulse:
    """The pulse with this health, which began now unless it was the same before."""
    since = pulse.since if pulse.health == health and pulse.since is not None else now
    return replace(pulse, health=health.value, since=since, why=why)


def _span(time: timedelta) -> str:
    """Roughly: "3 h", "2 days"."""
    hours = int(time.total_seconds() // 3600)
    return f"{hours} h" if hours < 48 else f"{hours // 24} days"
