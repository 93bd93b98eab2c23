"""Stages of one subject in one episode: what is the same, what comes after, what turns back. Plain functions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from monitor.frames.frame import Frame
from monitor.types import Claim, Development, Position, Standing

Track = Sequence[Development]  # in the order in which they became known

_LOOSELY = timedelta(hours=12)  # in which outlets say put off of what is called off, and the reverse
_WRITTEN_BEFORE = timedelta(hours=1)  # a text that is older than the turn by this was written without knowing of it


def same(claim: Claim, frame: Frame, track: Track) -> Development | None:
    """The development that says the same; a flip is the same only until it was itself turned back."""
    for development in reversed(track):
        if (development.stage, development.detail) == (claim.stage, claim.detail):
            return development
        if claim.stage in frame.flips and frame.rank(development.stage) >= frame.rank(frame.settled):
            return None
    return None


def same_refusal(claim: Claim, frame: Frame, track: Track, written: datetime) -> Development | None:
    """Declined, called off, denied: once it is known that it will not be, another word for it is nothing new.

    Whether it is put off or called off is told loosely in the first hours.
    """
    if not track or claim.detail:
        return None
    last = track[-1]
    if claim.stage in frame.refusals and last.stage in frame.refusals:
        return last
    off = set(frame.flips) - set(frame.denials)
    return last if {claim.stage, last.stage} <= off and written - last.first_seen < _LOOSELY else None


def flip_since(claim: Claim, frame: Frame, track: Track, written: datetime) -> Development | None:
    """The flip that this claim would turn back: an announcement after a cancellation is news again."""
    if not track or claim.subject in frame.fixed:
        return None
    last = track[-1]
    if claim.stage in frame.flips or last.stage not in frame.flips:
        return None
    if frame.rank(claim.stage) < frame.rank(frame.settled):
        return None
    return None if written <= last.first_seen - _WRITTEN_BEFORE else last


def may_flip(claim: Claim, frame: Frame, track: Track) -> bool:
    """Whether there is something that the flip could turn back, or need not be."""
    if claim.stage in frame.denials:
        return not claim.detail and (_is_to_come(track[-1], frame) if track else _is_own_denial(claim))
    if track and frame.rank(track[-1].stage) == len(frame.order) - 1:
        return False
    return not track or track[-1].stage not in frame.flips or track[-1].stage != claim.stage


def _is_own_denial(claim: Claim) -> bool:
    """Whether a party denies what we never heard of: what it denies was told somewhere."""
    at_head = claim.evidence.position is not Position.BODY
    return at_head and not claim.weak and claim.attribution.standing is Standing.PARTY


def denies_the_plan(claim: Claim, frame: Frame, track: Track) -> bool:
    """Whether a denial that names a stage ("has not arrived") is of a journey that has not begun: it is off, then."""
    return not any(d.stage == claim.detail for d in track) and (not track or _is_to_come(track[-1], frame))


def _is_to_come(development: Development, frame: Frame) -> bool:
    return 0 <= frame.rank(development.stage) <= frame.rank(frame.settled)


def under_way(development: Development, frame: Frame) -> bool:
    """Whether it says that something has happened, rather than that it will."""
    return has_begun(development, frame) or development.stage in frame.repeatable


def has_begun(development: Development, frame: Frame) -> bool:
    """The same of the event itself; what came of it may be told too early."""
    return frame.rank(development.stage) > frame.rank(frame.settled) and development.stage not in frame.repeatable


def furthest(frame: Frame, track: Track) -> int:
    """The rank that was reached; stages beside the others count for nothing."""
    return max((reached(d, frame) for d in track if d.stage not in frame.aside), default=-1)


def reached(development: Development, frame: Frame) -> int:
    """The rank that it shows the episode to have; of what can come more than once, the first comes before the end."""
    if development.stage in frame.repeatable:
        return min(frame.rank(stage) for stage in frame.ends) - 1
    return frame.rank(development.stage)
