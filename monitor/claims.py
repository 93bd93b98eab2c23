"""Article × watch topics → claims with their evidence. The rules; another reader could stand beside them.

`extract` is a plain function of its arguments: no I/O, no clock, no configuration.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from monitor.frames import event as doing
from monitor.frames import meeting, movement, parades, presence
from monitor.frames.about import is_about
from monitor.frames.arrivals import where_others_are
from monitor.frames.consistency import as_told_below, consistent
from monitor.frames.document import Document, Sentence, divide, surface_of
from monitor.frames.facts import says_otherwise, together
from monitor.frames.frame import Frame, Frames, shipped
from monitor.frames.reading import Event, antecedents, goes_on
from monitor.frames.shapes import Draft, finish
from monitor.frames.spoken import as_said
from monitor.frames.watched import possible, promising
from monitor.language.cast import Tie
from monitor.language.gazetteer import Gazetteer, Kind
from monitor.types import Article, Claim, WatchTopic


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was made of an article: its claims, and of which topics it tells the reader something."""

    claims: tuple[Claim, ...]
    relevant: tuple[str, ...]  # ids of topics, in the order of the configuration
    document: Document | None  # None when nothing watched is named at all


_NOTHING = Reading(claims=(), relevant=(), document=None)


def extract(
    article: Article, topics: Sequence[WatchTopic], gazetteer: Gazetteer, frames: Frames | None = None
) -> Reading:
    """All claims that `article` makes on `topics`; those that can be no development say why in `excluded`.

    `frames` are those that the topics name; None: those that ship.
    """
    frames = frames or shipped()
    if not promising(article, topics, gazetteer, frames):
        return _NOTHING
    surface = surface_of(article, gazetteer)
    concerned = possible(surface, topics, frames)
    if not concerned:
        return _NOTHING
    document = divide(surface)
    told = _Told.of(document, [t for t in concerned if frames[t.frame].shape != "event"])
    drafts = _drafts(document, told, frames)
    for name in dict.fromkeys(t.frame for t in concerned if frames[t.frame].shape == "event"):
        drafts += doing.drafts(document, frames[name], [t for t in concerned if t.frame == name])
    finished = as_told_below([finish(document, draft) for draft in consistent(drafts, frames, told.new_dates)])
    claims = _unique(finished, revised=says_otherwise(document))
    return Reading(
        claims=tuple(claims),
        relevant=_relevant(concerned, claims, _spoken_of(document, told, frames)),
        document=document,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """The sentences of a text with their events, and what the whole tells that a single sentence may lean on."""

    topics: Sequence[WatchTopic]
    sentences: Sequence[tuple[Sentence, tuple[Event, ...]]]
    parade: parades.Parade | None
    entering: bool
    ongoing: bool

    @property
    def new_dates(self) -> frozenset[int]:
        """The sentences, by number, that speak of another date, whatever for."""
        return frozenset(
            s.index
            for s, events in self.sentences
            if any(e.action.kind == "postpone" and e.action.form == "state" and not e.history for e in events)
        )

    @classmethod
    def of(cls, document: Document, topics: Sequence[WatchTopic]) -> _Told:
        """Read for these topics; for none nothing is read."""
        if not topics:
            return cls(topics=(), sentences=(), parade=None, entering=False, ongoing=False)
        told = [(sentence, as_said(document, sentence, who)) for sentence, who in antecedents(document)]
        told = list(where_others_are(document, told))
        story = [event for sentence, events in told if sentence.tie is Tie.OWN for event in events]
        return cls(
            topics=topics,
            sentences=told,
            parade=parades.parade_of(document, parades.watched_parades(topics)),
            entering=movement.crossed(story),
            ongoing=meeting.ongoing(document, story),
        )


def _drafts(document: Document, told: _Told, frames: Frames) -> list[Draft]:
    drafts: list[Draft] = []
    befores = _before(document) if told.topics else ()
    for (_, events), before in zip(told.sentences, befores, strict=True):
        if events:
            drafts.extend(
                chain.from_iterable(_shaped(document, frames[t.frame], t, events, told, before) for t in told.topics)
            )
    return drafts


def _spoken_of(document: Document, told: _Told, frames: Frames) -> set[str]:
    """Topics that the head of the text speaks of."""
    return {t.id for t in told.topics if is_about(document, frames[t.frame], t, told.sentences, told.parade)}


def _before(document: Document) -> Iterator[tuple[Sentence, ...]]:
    """For each sentence the two before it that it may go on from: of its paragraph, or of the title's story.

    Of the story those that name somebody: whom "the two" means was named before, whatever stands between.
    """
    story: tuple[Sentence, ...] = ()
    here: tuple[Sentence, ...] = ()
    paragraph = -1
    for sentence in document.sentences:
        if sentence.paragraph != paragraph:
            paragraph, here = sentence.paragraph, story if goes_on(document, sentence) else ()
        yield here
        here = (*here, sentence)[-2:]
        if sentence.tie is Tie.OWN and any(m.kind is Kind.PERSON for m in sentence.mentions):
            story = (*story, sentence)[-2:]


def _shaped(
    document: Document,
    frame: Frame,
    topic: WatchTopic,
    events: Sequence[Event],
    told: _Told,
    before: Sequence[Sentence],
) -> list[Draft]:
    if frame.shape == "movement":
        return list(movement.drafts(document, frame, topic, events, told.entering))
    if frame.shape == "meeting":
        return list(meeting.drafts(document, frame, topic, events, before, told.ongoing))
    if frame.shape != "presence" or told.parade is None:
        return []
    return list(presence.drafts(document, frame, topic, events, told.parade))


def _unique(claims: Sequence[Claim], *, revised: bool) -> list[Claim]:
    """One claim of each kind: the first that can be a development, else the first; with the facts of them all.

    `revised`: the head of the text says that something was said otherwise before.
    """
    alike: dict[tuple[str, str, str, str, str], list[Claim]] = {}
    for claim in claims:
        alike.setdefault((claim.topic, claim.stage, claim.subject, claim.object, claim.detail), []).append(claim)
    of_whom = {(c.topic, c.subject) for c in claims if not c.excluded and (c.revises or revised)}
    return [together(_first(same), same, of_whom) for same in alike.values()]


def _first(alike: Sequence[Claim]) -> Claim:
    kept = alike[0]
    for claim in alike[1:]:
        if (kept.excluded and not claim.excluded) or _stronger(claim, kept):
            kept = claim
    return kept


def _stronger(claim: Claim, kept: Claim) -> bool:
    return kept.weak and not claim.weak and not claim.excluded and not kept.excluded


def _relevant(topics: Sequence[WatchTopic], claims: Sequence[Claim], spoken_of: Collection[str]) -> tuple[str, ...]:
    """Topics that the article tells something about: any claim that counts, or that speaks of what is known."""
    telling = {c.topic for c in claims if c.excluded in ("", doing.KNOWN)} | set(spoken_of)
    return tuple(t.id for t in topics if t.id in telling)


__all__ = ["Reading", "extract"]
