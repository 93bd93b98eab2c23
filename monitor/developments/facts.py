"""Another day, place, level or figure of a development that is known: whether it differs, and whether to believe it.

What one outlet names otherwise is as often a slip, a part of the journey or a misreading. It counts when who says it
decides about it or told it before, when the sentence itself says that something was changed, or when others say so too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from monitor.developments.book import Said
from monitor.frames.facts import DAYS
from monitor.frames.frame import Frame
from monitor.frames.shapes import EPISODE
from monitor.types import Claim, Development, Notice, Outcome, PendingClaim, Position, Standing

OTHERS = 2  # other first tellers that have to name the same before an outlet's own word changes anything
_DAYS_APART = 2  # what a party names a day apart is the same day in another place, or another day of one visit
_TIMES_APART = 2.0  # outlets round and estimate; half as many, or twice as many, is no rounding


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One fact that a claim names otherwise than it is known."""

    fact: str
    was: str
    now: str
    large: bool  # no slip and no rounding


def difference(claim: Claim, development: Development, frame: Frame, written: date) -> Difference | None:
    """The first fact of the frame's list that differs; none in what stands deep in a text."""
    if claim.weak or claim.evidence.position is Position.BODY or frame.rank(claim.stage) < 0:
        return None
    for fact in frame.changes:
        found = _CHECKS[fact](claim, development, frame, written)
        if found is not None:
            return found
    return None


def first_place(claim: Claim, development: Development) -> Difference | None:
    """Where a meeting is to be of which nobody had said where."""
    if claim.weak or claim.evidence.position is Position.BODY or not EPISODE == development.object != claim.object:
        return None
    return Difference(fact="place", was="", now=claim.place or claim.object, large=True)


def _day(claim: Claim, known: Development, frame: Frame, written: date) -> Difference | None:
    """The day of what is still to come."""
    if not (claim.exact_day and known.exact_day and claim.event_date and known.event_date):
        return None
    if claim.event_date == known.event_date or claim.event_date <= written:
        return None
    if frame.rank(claim.stage) > frame.rank(frame.settled):
        return None
    apart = abs((claim.event_date - known.event_date).days)
    was, now = known.event_date.isoformat(), claim.event_date.isoformat()
    # A journey has many days, and texts name the first, the last or the one of its occasion.
    return Difference(fact="day", was=was, now=now, large=apart >= _DAYS_APART and not frame.journey)


def _place(claim: Claim, known: Development, frame: Frame, written: date) -> Difference | None:
    if not claim.place or not known.place or claim.place == known.place:
        return None
    return Difference(fact="place", was=known.place, now=claim.place, large=True)


def _level(claim: Claim, known: Development, frame: Frame, written: date) -> Difference | None:
    if not claim.level or not known.level or claim.level == known.level:
        return None
    return Difference(fact="level", was=known.level, now=claim.level, large=True)


def _figure(claim: Claim, known: Development, frame: Frame, written: date) -> Difference | None:
    """How many: only where either names one number alone, and where the number is of the thing itself."""
    if frame.many_subjects and claim.subject not in frame.fixed:
        return None
    if not frame.many_subjects and not claim.revises:
        return None  # a sentence about a meeting counts many things
    return _other_number(_amounts(claim.figures), _amounts(known.figures), "figure")


def _length(claim: Claim, known: Development, frame: Frame, written: date) -> Difference | None:
    """How long: outlets count the days of a journey in many ways, so that only who says that it changed is heard."""
    if not claim.revises:
        return None
    return _other_number(_in_days(claim.figures), _in_days(known.figures), "length")


def _amounts(figures: Sequence[str]) -> tuple[str, ...]:
    return tuple(figure for figure in figures if not figure.endswith(DAYS))


def _in_days(figures: Sequence[str]) -> tuple[str, ...]:
    return tuple(figure for figure in figures if figure.endswith(DAYS))


def _other_number(now: tuple[str, ...], was: tuple[str, ...], fact: str) -> Difference | None:
    if len(now) != 1 or len(was) != 1 or now == was:
        return None
    low, high = sorted(float(figure.removesuffix(DAYS)) for figure in (was[0], now[0]))
    return Difference(fact=fact, was=was[0], now=now[0], large=high >= _TIMES_APART * low)


_CHECKS = {"day": _day, "place": _place, "level": _level, "figure": _figure, "length": _length}


def verdict(
    claim: Claim,
    known: Development,
    found: Difference,
    *,
    origin: str,
    said_before: bool,
    notice: Notice,
    others: Sequence[PendingClaim],
) -> Outcome | None:
    """What a differing fact means; None: not to be believed yet.

    `said_before`: the version before of this very article told it, with another fact. `others`: claims of other tellers
    that wait.
    """
    mine = any(teller.origin == origin.lower() for teller in known.tellers)
    if notice is Notice.CORRECTION and (said_before or mine):
        return Outcome.CORRECTION
    if said_before or claim.revises or found.was == "":
        return Outcome.UPDATE
    if claim.attribution.standing is Standing.PARTY and found.large:
        return Outcome.UPDATE if mine or known.standing is not Standing.PARTY else Outcome.CONTRADICTION
    if found.fact == "figure" and found.large:
        return Outcome.UPDATE
    now = fact_of(claim, found.fact)
    alike = {p.origin.lower() for p in others if not p.claim.weak and fact_of(p.claim, found.fact) == now}
    return Outcome.UPDATE if len(alike) >= OTHERS else None


def fact_of(told: Claim | Said, fact: str) -> object:
    """One of the facts that can change, as it is told."""
    return {
        "day": told.event_date,
        "place": told.place,
        "level": told.level,
        "figure": _amounts(told.figures),
        "length": _in_days(told.figures),
    }[fact]
