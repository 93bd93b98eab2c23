"""What every shape of frame shares: a draft of a claim, and the speaker's say in its stage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from monitor.frames.attribution import attribute
from monitor.frames.document import Document, Sentence
from monitor.frames.facts import facts_of
from monitor.frames.frame import Rule
from monitor.frames.mood import Mood
from monitor.frames.reading import Event
from monitor.language.mentions import Mention
from monitor.types import Attribution, Claim, Evidence, Position, Span, Standing, WatchTopic

DEEP = 8  # sentences into the text, the title included
NEAR = 4  # so far "he" is sure to be the one whom the story began with
EPISODE = "?"  # an object that only the ledger can tell: the episode that is open


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A claim before the speaker has been heard."""

    topic: WatchTopic
    stage: str
    subject: str
    object: str
    event: Event
    parties: frozenset[str]
    bound_by: str
    day: date | None = None
    detail: str = ""
    weak: bool = False
    excluded: str = ""
    place: Mention | None = None
    settled: bool = False  # the stage stands whoever says so
    abroad: bool = False  # a journey that leads abroad, though nobody says where


def fits(rule: Rule, event: Event) -> bool:
    """Whether the action and its mood are those of the rule."""
    return (
        event.action.kind in rule.do
        and event.mood.value in _moods(rule)
        and (not rule.form or event.action.form in rule.form)
    )


def _moods(rule: Rule) -> tuple[str, ...]:
    return (*rule.mood, "ongoing") if "real" in rule.mood else rule.mood


def finish(document: Document, draft: Draft) -> Claim:
    """The claim, with its speaker: a plan that no party has confirmed is possible, an analyst's guess is excluded."""
    event = draft.event
    attribution = attribute(document, event.sentence, draft.parties)
    stage = draft.stage
    if (
        stage == "announced"
        and not draft.settled
        and attribution.standing
        in (
            Standing.UNNAMED,
            Standing.OFFICIAL,
            Standing.MEDIA,
            Standing.WITNESS,
        )
    ):
        stage = "possible"
    facts = facts_of(document, event, draft.day or event.day, draft.place)
    return Claim(
        topic=draft.topic.id,
        stage=stage,
        subject=draft.subject,
        object=draft.object,
        evidence=_evidence(document, event, draft),
        attribution=attribution,
        event_date=facts.day,
        exact_day=facts.exact_day,
        place=facts.place,
        level=facts.level,
        figures=facts.figures,
        abroad=draft.abroad,
        parties=tuple(sorted(draft.parties)),
        revises=facts.revises,
        detail=draft.detail,
        weak=draft.weak or _is_deep(event),
        excluded=draft.excluded or _exclusion(document, event, attribution, stage),
    )


def _is_deep(event: Event) -> bool:
    """Far down, or with a subject that was only carried over: too little to steer an episode by itself."""
    sentence = event.sentence
    borne = event.inherited and sentence.depth > NEAR
    return sentence.position is Position.BODY and (borne or sentence.depth > DEEP)


def _exclusion(document: Document, event: Event, attribution: Attribution, stage: str) -> str:
    """Why the sentence can report no development, or ""."""
    if event.mood is Mood.VOID:
        return "condition"
    if event.sentence.caption:
        return "caption"
    if event.history or "history" in document.markers:
        return "history"
    if "withdrawn" in document.markers:
        return "withdrawn"
    if "gallery" in document.markers:
        return "gallery"
    guessed = stage == "outcome" and event.mood in (Mood.FUTURE, Mood.POSSIBLE)
    if (stage in ("possible", "announced", "denied") or guessed) and (
        attribution.standing is Standing.ANALYST or event.analyst
    ):
        return "analyst"
    return ""


def _evidence(document: Document, event: Event, draft: Draft) -> Evidence:
    sentence = event.sentence
    original = document.original(sentence)
    spans = [_span(original, event.action.start, event.action.end, "action")]
    spans += [
        _span(original, m.start - sentence.start, m.end - sentence.start, "subject")
        for m in event.subjects
        if same_sentence(sentence, m)
    ]
    for label, place in (("to", event.to), ("from", event.origin), ("object", draft.place)):
        if label == "object" and place in (event.to, event.origin):
            continue  # said already
        if place is not None and sentence.start <= place.start < sentence.end:
            spans.append(_span(original, place.start - sentence.start, place.end - sentence.start, label))
    return Evidence(
        sentence=original,
        position=sentence.position,
        offset=sentence.offset,
        spans=tuple(sorted((s for s in spans if s.text), key=lambda s: (s.start, s.label))),
        bound_by=draft.bound_by,
    )


def _span(text: str, start: int, end: int, label: str) -> Span:
    return Span(start=start, end=end, label=label, text=text[start:end])


def same_sentence(sentence: Sentence, mention: Mention | None) -> bool:
    """Whether the mention stands in the sentence."""
    return mention is not None and sentence.start <= mention.start < sentence.end
