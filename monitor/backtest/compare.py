"""Two trials over the same items → which alerts the second gains, loses or says otherwise. Plain data in and out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from monitor.backtest.trial import Step, Told
from monitor.types import REPORTED, Decision, Feedback, Outcome, Verdict

# Decisions by which an item reports what another one told.
REPEATS = frozenset({Outcome.CORROBORATES, Outcome.UPDATE, Outcome.SAME_VERSION})
_COMPARED = ("stage", "subject", "object", "detail", "headline", "channel", "sentence")
_STORY = ("headline", "channel", "sentence")  # a story's object is only a number


class Difference(StrEnum):
    """What becomes of an alert."""

    LOST = "lost"
    GAINED = "gained"
    CHANGED = "changed"
    SAME = "same"


class Fate(StrEnum):
    """What becomes of an item on which the desk gave feedback."""

    RAISED = "raised"  # it raises the alert
    ELSEWHERE = "elsewhere"  # another item raises it, and this one repeats it
    SILENT = "silent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An alert on both sides; None on the side that has none."""

    difference: Difference
    topic: str
    before: Told | None
    after: Told | None
    changed: tuple[str, ...] = ()  # what is said otherwise: "stage", "channel", "item", ...
    why: str = ""  # of a lost or gained one: what the other side made of the item
    verdict: Verdict | None = None  # what the desk thought of the alert when it was raised


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """An alert on which the desk gave feedback, and what both sides make of its item."""

    feedback: Feedback
    before: Fate
    after: Fate


class Comparison:
    """Takes the steps of both trials, item by item, and keeps what differs. Alerts before `since` are not counted."""

    def __init__(self, before: Collection[str], after: Collection[str], feedback: Sequence[Feedback], since: datetime):
        self._topics = (frozenset(before), frozenset(after))
        self._since = since
        self._rows: list[Row] = []
        self._open: tuple[dict[str, int], dict[str, int]] = ({}, {})  # lost and gained so far: development -> row
        self._same: Counter[str] = Counter()
        self._feedback: dict[str, list[Feedback]] = defaultdict(list)  # by article
        for each in feedback:
            self._feedback[each.article].append(each)
        self._fates: dict[str, tuple[Fate, Fate]] = {}  # by development

    def add(self, article: str, before: Step, after: Step, raised: tuple[Collection[str], Collection[str]]) -> None:
        """What one item came to on both sides. `raised`: the developments that each side has alerted by now."""
        for topic in dict.fromkeys(told.topic for told in (*before.told, *after.told)):
            self._topic(topic, before, after)
        for each in self._feedback.get(article, ()):
            fates = (_fate(each, before, raised[0]), _fate(each, after, raised[1]))
            known = self._fates.get(each.development, (Fate.SILENT, Fate.SILENT))
            self._fates[each.development] = (_better(known[0], fates[0]), _better(known[1], fates[1]))

    def rows(self) -> tuple[Row, ...]:
        """What differs, in the order in which it would have been said."""
        return tuple(sorted((row for row in self._rows if self._counts(row)), key=_first))

    def same(self) -> dict[str, int]:
        """By topic: alerts that are the same on both sides."""
        return dict(self._same)

    def judged(self) -> tuple[Judged, ...]:
        """What becomes of each alert on which there is feedback."""
        silent = (Fate.SILENT, Fate.SILENT)
        entries = (each for listed in self._feedback.values() for each in listed)
        return tuple(
            Judged(feedback=each, before=fates[0], after=fates[1])
            for each in sorted(entries, key=lambda each: (each.first_seen, each.development))
            for fates in (self._fates.get(each.development, silent),)
        )

    def _topic(self, topic: str, before: Step, after: Step) -> None:
        left = {_key(told): told for told in before.told if told.topic == topic}
        right = {_key(told): told for told in after.told if told.topic == topic}
        for key in [key for key in left if key in right]:
            self._both(left.pop(key), right.pop(key))
        for one, other in zip(list(left), list(right), strict=False):  # the same item, told as something else
            self._both(left.pop(one), right.pop(other))
        for told in left.values():
            self._alone(told, after.decisions, 0)
        for told in right.values():
            self._alone(told, before.decisions, 1)

    def _both(self, one: Told, other: Told) -> None:
        changed = _changed(one, other)
        if changed:
            self._keep(Difference.CHANGED, one, other, changed=changed)
        elif one.seen >= self._since:
            self._same[one.topic] += 1

    def _alone(self, told: Told, others: Sequence[Decision], side: int) -> None:
        """One side alone raises this item; perhaps the other told the same by an earlier item, or this one is later."""
        repeated = [
            each.development
            for each in others
            if each.claim.topic == told.topic and each.claim.stage == told.stage and each.outcome in REPEATS
        ]
        number = next((self._open[1 - side].pop(each) for each in repeated if each in self._open[1 - side]), None)
        if number is not None:
            self._rows[number] = self._paired(self._rows[number], told)
            return
        why = self._why(told, others, 1 - side)
        self._open[side][told.development] = len(self._rows)
        if side == 0:
            self._keep(Difference.LOST, told, None, why=why)
        else:
            self._keep(Difference.GAINED, None, told, why=why)

    def _paired(self, row: Row, told: Told) -> Row:
        """A row of one side alone, with what the other side tells of the same by another item."""
        one, other = row.before or told, row.after or told
        return replace(
            row,
            difference=Difference.CHANGED,
            before=one,
            after=other,
            changed=("item", *_changed(one, other)),
            why="",
            verdict=row.verdict or self._verdict(told),
        )

    def _why(self, told: Told, others: Iterable[Decision], side: int) -> str:
        """What the other side made of the item."""
        if told.topic not in self._topics[side]:
            return "there is no such topic"
        decided = [each for each in others if each.claim.topic == told.topic]
        nearest = next((each for each in decided if each.claim.stage == told.stage), decided[0] if decided else None)
        if nearest is None:
            return "nothing in it is what the topic watches"
        if nearest.outcome.alerts:
            return f"its stage, {nearest.claim.stage}, is muted"
        return f"{nearest.outcome.value.replace('_', ' ')}: {nearest.reason}"

    def _keep(
        self,
        difference: Difference,
        before: Told | None,
        after: Told | None,
        *,
        changed: tuple[str, ...] = (),
        why: str = "",
    ) -> None:
        told = before or after
        assert told is not None
        verdict = self._verdict(told)
        row = Row(
            difference=difference,
            topic=told.topic,
            before=before,
            after=after,
            changed=changed,
            why=why,
            verdict=verdict,
        )
        self._rows.append(row)

    def _verdict(self, told: Told) -> Verdict | None:
        found = [each.verdict for each in self._feedback.get(told.article, ()) if _is_of(each, told)]
        return found[-1] if found else None

    def _counts(self, row: Row) -> bool:
        return any(told is not None and told.seen >= self._since for told in (row.before, row.after))


def _first(row: Row) -> tuple[datetime, str, str]:
    told = [each for each in (row.before, row.after) if each is not None]
    first = min(told, key=lambda each: (each.seen, each.article))
    return first.seen, first.article, first.stage


def _key(told: Told) -> tuple[str, ...]:
    return (told.stage,) if told.stage == REPORTED else (told.stage, told.subject, told.object, told.detail)


def _is_of(feedback: Feedback, told: Told) -> bool:
    """Whether the feedback was given on this alert."""
    same = (feedback.topic, feedback.stage) == (told.topic, told.stage)
    if feedback.stage == REPORTED:
        return same
    return same and (feedback.subject, feedback.object, feedback.detail) == (told.subject, told.object, told.detail)


def _changed(one: Told, other: Told) -> tuple[str, ...]:
    compared = _STORY if one.stage == REPORTED == other.stage else _COMPARED
    return tuple(name for name in compared if getattr(one, name) != getattr(other, name))


def _fate(feedback: Feedback, step: Step, raised: Collection[str]) -> Fate:
    if any(_is_of(feedback, told) for told in step.told):
        return Fate.RAISED
    repeats = (
        each
        for each in step.decisions
        if each.outcome in REPEATS
        and (each.claim.topic, each.claim.stage) == (feedback.topic, feedback.stage)
        and (feedback.stage == REPORTED or each.claim.subject == feedback.subject)
    )
    return Fate.ELSEWHERE if any(each.development in raised for each in repeats) else Fate.SILENT


def _better(one: Fate, other: Fate) -> Fate:
    order = (Fate.RAISED, Fate.ELSEWHERE, Fate.SILENT)
    return min(one, other, key=order.index)
