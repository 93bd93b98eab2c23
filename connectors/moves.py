"""Where a source is asked: at its configured address, or where that has moved to for good.

Plain functions of what redirects have said so far (`Reach`).  A permanent redirect is believed once the first hops have
led to the same address for a week (as lion-reader does): many are mistakes of a day, or walls that ask for consent.
From http to https, with host and path the same, it is believed at once.  What was believed is doubted when it fails.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from yarl import URL

from monitor.sourcememory import Reach

DOUBTED_AFTER = 3  # failures in a row at the learned address; then the configured one is asked again


def of_address(reach: Reach, configured: str) -> Reach:
    """What is known of reaching this address: nothing, when all of it was learned of another one."""
    if reach.configured in (None, configured):
        return replace(reach, configured=configured)
    return Reach(configured=configured)


def address(reach: Reach, configured: str, *, failures: int) -> str:
    """Where to ask; `failures` counts the polls in a row that have failed."""
    if reach.home is None or reach.configured != configured or failures >= DOUBTED_AFTER:
        return configured
    return reach.home


def learned(reach: Reach, asked: str, moved: Sequence[str], *, now: datetime, after: timedelta) -> Reach:
    """What is known after a success at `asked`, from which permanent redirects led over `moved`, in this order.

    `after` is how long they have to lead to the same address before it is asked itself.
    """
    if asked == reach.configured and reach.home is not None and reach.home not in moved:
        reach = replace(reach, home=None)  # the configured address answers again, and says nothing of the learned one
    here, rest = asked, list(moved)
    while rest and _secures(here, rest[0]):
        here = rest.pop(0)
    if here != asked:
        reach = replace(reach, home=here)
    target = moved[-1] if rest else None
    if target is None or target == reach.home or _lays_open(here, target):
        return replace(reach, moved_to=None, moved_since=None)
    since = reach.moved_since if target == reach.moved_to else None
    if since is None or since > now:  # another address than the last time, or a clock that was put right
        return replace(reach, moved_to=target, moved_since=now)
    if now - since < after:
        return reach
    return replace(reach, home=target, moved_to=None, moved_since=None)


def _secures(here: str, there: str) -> bool:
    """Whether the only difference is https in the place of http."""
    old, new = URL(here), URL(there)
    return (old.scheme, new.scheme, old.host, old.raw_path_qs) == ("http", "https", new.host, new.raw_path_qs)


def _lays_open(here: str, there: str) -> bool:
    """Whether this leads from https to http: followed while it is said over https, and never taken for granted."""
    return (URL(here).scheme, URL(there).scheme) == ("https", "http")
