"""What the product makes of one text, sentence by sentence: what was found, and why it became a claim or did not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from monitor.developments import decide
from monitor.frames.document import Document, Sentence, prepare
from monitor.frames.event import readings
from monitor.frames.reading import Event, antecedents
from monitor.frames.spoken import as_said
from monitor.language.mentions import Mention
from monitor.language.notices import notice_of
from monitor.novelty import Item, Stories, judge
from monitor.open_topics import Searched
from monitor.pipeline import Watch
from monitor.pipeline import read as read_item
from monitor.types import Claim, Decision, Ledger, Position, RawItem


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundEvent:
    """One action of a sentence and what was bound to it."""

    action: str
    words: str
    mood: str
    subjects: tuple[str, ...]
    to: str
    origin: str
    history: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadSentence:
    """One sentence with all that was found in it."""

    text: str
    position: Position
    names: tuple[str, ...]  # "Vladimir Putin → vladimir-putin (its name)"
    events: tuple[FoundEvent, ...]
    claims: tuple[Claim, ...]
    why_none: str  # why no claim came of it; "" when one did


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A text as it was read, and what would be decided of it today."""

    language: str
    markers: tuple[str, ...]
    relevant: tuple[str, ...]
    sentences: tuple[ReadSentence, ...]
    searches: tuple[Searched, ...]  # what each open topic found, and why that is not enough
    decisions: tuple[Decision, ...]


def explain(item: RawItem, watch: Watch, ledger: Ledger, stories: Stories) -> Explanation:
    """Read one item as the pipeline would and say what was found; decide on its claims against what is known."""
    made = read_item(item, watch)
    article, reading = made.article, made.reading
    document = prepare(article, watch.gazetteer)
    with_words = _read_with_words(document, watch)
    judged = judge(Item(article=article, id="explained", told=made.told), made.reported, stories, watch.by_id())
    decided = decide(
        article,
        "explained",
        reading.claims,
        ledger,
        watch.by_id(),
        notice=notice_of(article),
        own_name=watch.gazetteer.known_as(article.source_name),
        frames=watch.frames,
    )
    return Explanation(
        language=document.language,
        markers=tuple(sorted(document.markers)),
        relevant=made.relevant,
        sentences=tuple(
            _read(document, sentence, antecedent, reading.claims, with_words.get(sentence.index, ()))
            for sentence, antecedent in antecedents(document)
        ),
        searches=watch.open_topics.explain(article),
        decisions=(*decided.decisions, *judged.decisions),
    )


def _read_with_words(document: Document, watch: Watch) -> Mapping[int, tuple[Event, ...]]:
    """What the watched frames that bring words of their own find, by the number of the sentence."""
    found: dict[int, tuple[Event, ...]] = {}
    for name in sorted({topic.frame for topic in watch.framed}):
        if watch.frames[name].shape == "event":
            for sentence, events in readings(document, watch.frames[name]):
                found[sentence.index] = (*found.get(sentence.index, ()), *events)
    return found


def _read(
    document: Document,
    sentence: Sentence,
    antecedent: Mention | None,
    claims: Sequence[Claim],
    with_words: Sequence[Event],
) -> ReadSentence:
    plain = as_said(document, sentence, antecedent)
    known = {(event.action.kind, event.action.start) for event in plain}
    events = (*plain, *(e for e in with_words if (e.action.kind, e.action.start) not in known))
    own = tuple(c for c in claims if c.evidence.position is sentence.position and c.evidence.offset == sentence.offset)
    names = tuple(
        f"{document.folded[m.start : m.end]} → {m.id or '?'}" + (f" ({m.bound_by})" if m.bound_by else "")
        for m in sentence.mentions
    )
    return ReadSentence(
        text=document.original(sentence),
        position=sentence.position,
        names=names,
        events=tuple(
            FoundEvent(
                action=event.action.kind,
                words=sentence.text[event.action.start : event.action.end],
                mood=event.mood.value,
                subjects=tuple(m.id for m in event.subjects),
                to=event.to.id if event.to else "",
                origin=event.origin.id if event.origin else "",
                history=event.history,
            )
            for event in events
        ),
        claims=own,
        why_none="" if own else _why_none(sentence, bool(events), names),
    )


def _why_none(sentence: Sentence, acts: bool, names: Sequence[str]) -> str:
    if sentence.caption:
        return "a caption"
    if not names:
        return "names nobody and no place that is known"
    if not acts:
        return "says nothing that a frame knows of"
    return "what is said is not about a watched subject and object, or stands in the text already"
