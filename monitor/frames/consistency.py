"""One text tells one story: what its sentences seem to say is weighed against each other."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence, Set
from dataclasses import replace

from monitor.frames.frame import Frame, Frames
from monitor.frames.mood import Mood
from monitor.frames.shapes import EPISODE, Draft
from monitor.types import Claim, Position, Standing

Plan = tuple[str, str, str]  # topic, subject, object

_TELLING_FORMS = ("past", "state")
_GOING = ("move", "visit", "arrive", "leave")  # "travels to the city, but will not see the parade"
_UNSURE = (Standing.UNNAMED, Standing.NARRATOR)  # a source, or a text that says "may" of its own accord
_OFF, _LATER = ("cancelled", "denied"), "postponed"
_NOT_COMING = ("attend", "decline", "cancel")


def consistent(drafts: Sequence[Draft], frames: Frames, new_dates: Collection[int] = ()) -> list[Draft]:
    """The drafts of one text without those that the rest of it gives the lie.

    `new_dates`: the sentences, by number, that speak of another date.
    """
    drafts = [_put_off(d, frames[d.topic.frame], new_dates) for d in drafts]
    drafts = _told_exactly(_without_headline_tense(drafts, frames), frames)
    return _untensed(_said_rather_than_granted(_one_way(_without_going(drafts), frames), frames))


def _said_rather_than_granted(drafts: Sequence[Draft], frames: Frames) -> list[Draft]:
    """What a text takes for granted ("in Hanoi for a state visit") is no news beside what it says: that he has come."""

    said = [group[0] for group in _grouped((d for d in drafts if not d.weak), by_stage=True)]
    dropped: set[int] = set()
    for group in _grouped((d for d in drafts if d.weak), by_stage=True):
        weak = group[0]
        rank = frames[weak.topic.frame].rank
        if any(_same_matter(weak, d) and rank(d.stage) > rank(weak.stage) >= 0 for d in said):
            dropped.update(map(id, group))
    return [d for d in drafts if id(d) not in dropped]


def _put_off(draft: Draft, frame: Frame, new_dates: Collection[int]) -> Draft:
    """ "Will not take place on Sunday. A new date is being looked for": what is not to be is only put off."""
    event = draft.event
    outright = event.action.kind == "deny" or (event.action.kind == "cancel" and event.action.form != "state")
    if outright or draft.stage not in _OFF or _LATER not in frame.flips:
        return draft
    followed = {event.sentence.index + 1, event.sentence.index + 2} & set(new_dates)
    return replace(draft, stage=_LATER, detail="") if followed else draft


def _grouped(drafts: Iterable[Draft], *, by_stage: bool = False) -> list[list[Draft]]:
    """Drafts of one matter together, however often a text says the same."""
    groups: dict[tuple[str, ...], list[Draft]] = {}
    for draft in drafts:
        key = (draft.topic.id, draft.subject, draft.object, draft.stage if by_stage else "")
        groups.setdefault(key, []).append(draft)
    return list(groups.values())


def _without_going(drafts: Sequence[Draft]) -> list[Draft]:
    """Who comes to the city and does not attend does not attend."""
    refused = {
        (d.topic.id, d.subject)
        for d in drafts
        if d.stage in ("declined", "cancelled") and d.event.action.kind in _NOT_COMING and not d.event.history
    }
    return [
        d
        for d in drafts
        if not (d.stage == "announced" and d.event.action.kind in _GOING and (d.topic.id, d.subject) in refused)
    ]


def _told_exactly(drafts: Sequence[Draft], frames: Frames) -> list[Draft]:
    """ "Will not fly next week, the visit has been put off" is put off, not denied."""
    exact = [d for d in drafts if _is_flip(d, frames[d.topic.frame]) and d.stage not in frames[d.topic.frame].denials]
    return [
        d
        for d in drafts
        if d.stage not in frames[d.topic.frame].denials
        or d.event.action.kind == "deny"
        or not any(_same_matter(d, other) for other in exact)
    ]


def _one_way(drafts: Sequence[Draft], frames: Frames) -> list[Draft]:
    """A text that tells of a plan turned back tells no plan: "the visit that was set for May is put off".

    Unless the headline tells the plan: then what was turned back is what came before.
    """
    plans = [d for d in drafts if _is_plan(d, frames[d.topic.frame])]
    flips = [d for d in drafts if _is_flip(d, frames[d.topic.frame])]
    dropped: set[int] = set()
    announced = [d for d in plans if _announces(d)]
    for group in _grouped(plans):
        plan = group[0]
        against = [flip for flip in flips if _same_matter(plan, flip)]
        if not against:
            continue
        before = min(d.event.sentence.index for d in against)
        told = [d for d in plans if _in_lead(d) and _is_said(d) and d.event.sentence.index < before]
        if any(_same_matter(plan, d) for d in (*announced, *told)) and not any(_in_title(d) for d in against):
            dropped.update(map(id, against))
        else:
            dropped.update(map(id, group))
    return [d for d in drafts if id(d) not in dropped]


def _is_plan(draft: Draft, frame: Frame) -> bool:
    return draft.stage not in frame.aside and 0 <= frame.rank(draft.stage) <= frame.rank(frame.settled)


def _is_flip(draft: Draft, frame: Frame) -> bool:
    told = not draft.event.history and draft.event.mood is not Mood.VOID and not draft.excluded
    return told and draft.stage in frame.flips and draft.subject not in frame.fixed


def _same_matter(one: Draft, other: Draft) -> bool:
    same_object = one.object == other.object or EPISODE in (one.object, other.object)
    return one.topic.id == other.topic.id and one.subject == other.subject and same_object


def _in_title(draft: Draft) -> bool:
    return draft.event.sentence.position is Position.TITLE


def _announces(draft: Draft) -> bool:
    return _in_title(draft) and _is_said(draft)


def _is_said(draft: Draft) -> bool:
    """Whether a plan is told as such, and not taken for granted."""
    event = draft.event
    return event.mood is Mood.FUTURE and event.action.form != "noun" and not event.history and not draft.weak


def _untensed(drafts: Sequence[Draft]) -> list[Draft]:
    """A headline without a tense ("Kim in Beijing") is no event when the text below says that it is still to come."""
    coming = set(_acts(d for d in drafts if _in_lead(d) and d.event.mood in (Mood.FUTURE, Mood.POSSIBLE)))
    happened = set(_acts(d for d in drafts if not _in_title(d) and d.event.mood is Mood.REAL))
    return [
        replace(d, excluded="headline")
        if _in_title(d)
        and d.event.mood is Mood.REAL
        and d.event.action.form not in _TELLING_FORMS
        and _act(d) in coming - happened
        else d
        for d in drafts
    ]


def _without_headline_tense(drafts: Sequence[Draft], frames: Frames) -> list[Draft]:
    """A headline's present tense ("X meets Y") tells what the lead tells in the past, be it that it is over."""
    past = [d for d in drafts if _in_lead(d) and d.event.mood is Mood.REAL and d.event.action.form == "past"]
    return [
        d
        for d in drafts
        if not (_in_title(d) and d.event.mood is Mood.REAL and d.event.action.form in ("present", "base"))
        or not any(_same_matter(d, p) and _act(d) == _act(p) and _is_later(p, d, frames) for p in past)
    ]


def _is_later(one: Draft, other: Draft, frames: Frames) -> bool:
    rank = frames[one.topic.frame].rank
    return not one.excluded and not one.event.history and rank(one.stage) > rank(other.stage) >= 0


def _in_lead(draft: Draft) -> bool:
    return draft.event.sentence.position is Position.LEAD


def _acts(drafts: Iterator[Draft]) -> Iterator[tuple[str, str, str]]:
    return (_act(draft) for draft in drafts)


def _act(draft: Draft) -> tuple[str, str, str]:
    return draft.topic.id, draft.subject, draft.event.action.kind


def as_told_below(claims: Sequence[Claim]) -> list[Claim]:
    """The claims; a headline's plan is as sure as the text below: "Y to visit Z", and then a source says so."""
    below = [c for c in claims if c.evidence.position is not Position.TITLE and not c.excluded]
    sure = {_plan_of(c) for c in below if c.stage == "announced"}
    unsure = {_plan_of(c) for c in below if c.stage == "possible" and c.attribution.standing in _UNSURE and not c.weak}
    own = {_plan_of(c) for c in below if c.stage == "announced" and c.attribution.standing is Standing.PARTY}
    return [_as_below(claim, unsure - sure, own - unsure) for claim in claims]


def _as_below(claim: Claim, unsure: Set[Plan], sure: Set[Plan]) -> Claim:
    if _is_bare(claim) and _plan_of(claim) in unsure:
        return replace(claim, stage="possible")
    doubted = claim.evidence.position is Position.TITLE and claim.stage == "possible" and not claim.excluded
    return replace(claim, stage="announced") if doubted and _plan_of(claim) in sure else claim


def _is_bare(claim: Claim) -> bool:
    """Whether a headline announces without saying who said so."""
    return (
        claim.evidence.position is Position.TITLE
        and claim.stage == "announced"
        and claim.attribution.standing is Standing.NARRATOR
    )


def _plan_of(claim: Claim) -> Plan:
    return claim.topic, claim.subject, claim.object
