"""Events of any kind: somebody does something to a kind of thing, or at a place. The words come with the frame.

The frame's words are added to the language's own, so that mood, negation, history, dates and speakers are read as they
are for trips and meetings; what a frame adds is seen by no other frame.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from monitor.frames.document import Document, Sentence
from monitor.frames.frame import Frame, Rule
from monitor.frames.mood import Mood
from monitor.frames.reading import Event, antecedents, read
from monitor.frames.shapes import Draft, fits
from monitor.frames.words import OTHERS, FrameWords, words_of
from monitor.language import english
from monitor.language.folding import lower
from monitor.language.gazetteer import Kind
from monitor.language.mentions import Mention
from monitor.types import Position, WatchTopic

KNOWN = "known"  # why a claim is excluded: the text speaks of the event as of something known
_DONE = (Mood.REAL, Mood.ONGOING)
_FINITE = ("past", "present", "state", "ing")
_NEAR = 90  # characters between an action and the thing that it is done to


def readings(document: Document, frame: Frame) -> Iterator[tuple[Sentence, tuple[Event, ...]]]:
    """Each sentence that holds an action of the frame, with the events that the frame's words make of it."""
    words = words_of(frame, document.language)
    if words is None:
        return
    sentences = document.sentences
    if frame.subject == "country":
        sentences = tuple(_with_countries(document, sentence, words) for sentence in sentences)
    own = replace(document, lexicon=words.lexicon, sentences=sentences)
    for sentence, antecedent in antecedents(own):
        actions = words.lexicon.actions(lower(sentence.text))
        if any(action.kind in words.kinds for action in actions):
            events = [event for event in read(own, sentence, antecedent) if event.action.kind in words.kinds]
            yield sentence, tuple(event for event in events if not _is_meant_otherwise(event, events, words))


def drafts(document: Document, frame: Frame, topics: Sequence[WatchTopic]) -> Iterator[Draft]:
    """Claims that the frame's words make of the document, for each of its topics."""
    words = words_of(frame, document.language)
    if words is None:
        return
    own = replace(document, lexicon=words.lexicon)
    for _, events in readings(document, frame):
        for event in events:
            if _is_part(event, events):
                continue
            found = _claimed(own, frame, words, event, events)
            if found is not None:
                yield from _for_topics(document, found, frame, topics)


def _is_meant_otherwise(event: Event, events: Sequence[Event], words: FrameWords) -> bool:
    """Whether a word of the frame's own means something else in the language: "gescheitert", of visit or rocket."""
    if event.action.kind in words.own:
        return False
    spans = [(e.action.start, e.action.end) for e in events if e.action.kind in words.own]
    return any(start < event.action.end and event.action.start < end for start, end in spans)


def _is_part(event: Event, events: Sequence[Event]) -> bool:
    """Whether its word only stands within a longer one: "successful launch" tells of the success."""
    start, end = event.action.start, event.action.end
    return any(
        other.action.start <= start and end <= other.action.end and other.action.kind != event.action.kind
        for other in events
        if (other.action.start, other.action.end) != (start, end)
    )


def _for_topics(document: Document, draft: Draft, frame: Frame, topics: Sequence[WatchTopic]) -> Iterator[Draft]:
    """The draft for each topic that watches its subject and object; where none is named, any country or leader."""
    person = document.gazetteer.people.get(draft.subject)
    anyone = person is None or person.leads(document.day)
    for topic in topics:
        if not (draft.subject in topic.subjects if topic.subjects else anyone):
            continue
        if topic.objects and not any(frame.covers(wanted, draft.object) for wanted in topic.objects):
            continue
        yield replace(draft, topic=topic)


# ---- who ----------------------------------------------------------------------------------------------------------


def _with_countries(document: Document, sentence: Sentence, words: FrameWords) -> Sentence:
    """The sentence with everything that stands for a country as somebody who can act; places stay beside it."""
    named = list(_named(sentence, words))
    actors = [m for m in sentence.mentions if m.kind is not Kind.PERSON and not _inside(m, named)]
    people = [m for m in sentence.mentions if m.kind is Kind.PERSON and not _inside(m, named)]
    acting = [_as_country(m, m.country) for m in actors if _stands_for_country(m)]
    acting += [_as_country(m, m.country) if _leads(document, m) else m for m in people]
    mentions = sorted([*actors, *acting, *named], key=lambda m: (m.start, m.end))
    return replace(sentence, mentions=tuple(mentions))


def _named(sentence: Sentence, words: FrameWords) -> Iterator[Mention]:
    """Bodies that the frame names, as the countries they belong to, or as others."""
    text = lower(sentence.text)
    for country, names in words.names.items():
        for match in names.finditer(text):
            start, end = sentence.start + match.start(), sentence.start + match.end()
            other = country == OTHERS
            identity = f"other:{match.group()}" if other else country
            yield Mention(Kind.PERSON, identity, "" if other else country, start, end, "full", bound_by="its name")


def _inside(mention: Mention, others: Sequence[Mention]) -> bool:
    return any(other.start <= mention.start and mention.end <= other.end for other in others)


def _stands_for_country(mention: Mention) -> bool:
    if not mention.country:
        return False
    if mention.kind is Kind.PLACE:
        return mention.place_kind == "country" or mention.capital
    return mention.kind is Kind.ADJECTIVE or (mention.kind is Kind.ORGAN and mention.form in ("party", "official"))


def _leads(document: Document, mention: Mention) -> bool:
    person = document.gazetteer.people.get(mention.id)
    return person is not None and bool(mention.country) and person.leads(document.day)


def _as_country(mention: Mention, country: str) -> Mention:
    how = {Kind.ADJECTIVE: "its adjective", Kind.PERSON: "its leader", Kind.ORGAN: "a body of it"}
    bound = "its capital" if mention.capital else how.get(mention.kind, "its name")
    return replace(mention, kind=Kind.PERSON, id=country, country=country, form="full", bound_by=bound)


def _subject(document: Document, words: FrameWords, event: Event, thing: Mention | None) -> tuple[str, str] | None:
    """Who does it, and how that was found."""
    doers = [m for m in event.subjects if not _is_target(document, words, event.sentence, m)]
    if doers:
        carried = ", carried over from before" if event.inherited else ""
        return doers[-1].id, f"subject by {doers[-1].bound_by or 'its name'}{carried}"
    if _somebody_else(document, event, thing):
        return None
    for mention in _before(document, event):
        if not _is_target(document, words, event.sentence, mention):
            return mention.id, f"subject by {mention.bound_by or 'its name'}, before the action"
    for mention in _beside(event, thing):
        if not _is_target(document, words, event.sentence, mention):
            return mention.id, f"subject by {mention.bound_by or 'its name'}, beside the action"
    if event.origin is not None and event.origin.country:
        return event.origin.country, "subject by the place that it comes from"
    return None


def _is_target(document: Document, words: FrameWords, sentence: Sentence, mention: Mention) -> bool:
    """Whether it is told, or aimed at: "notified Japan", "toward the Japanese coast"."""
    text = lower(sentence.text)
    start, end = mention.start - sentence.start, mention.end - sentence.start
    if document.lexicon.order == "sov":
        return words.toward.match(text, end) is not None
    return words.toward.search(text, max(0, start - 40), start) is not None


def _somebody_else(document: Document, event: Event, thing: Mention | None) -> bool:
    """Whether a verb has a subject of its own that we do not know: in English, and where no thing stands for it."""
    if document.language != "en" or event.action.form == "noun":
        return False
    before = lower(event.sentence.text)[event.clause.start : event.action.start]
    stands = thing is not None and thing.end - event.sentence.start <= event.action.start
    return bool(english.own_subject(before)) and not stands


def _before(document: Document, event: Event) -> list[Mention]:
    """Those named before an action that has no subject in its own clause, the nearest first: headlines break there."""
    if event.action.form != "noun" and document.lexicon.order != "sov":
        return []
    end = event.sentence.start + event.action.start
    return [m for m in reversed(event.sentence.mentions) if m.kind is Kind.PERSON and m.end <= end]


def _beside(event: Event, thing: Mention | None) -> list[Mention]:
    """Those named behind a noun or a thing, the nearest first: "the launch by …", "lanzamiento norcoreano"."""
    start = event.sentence.start
    marks = [event.action.end + start] + ([thing.end] if thing is not None else [])
    behind = [
        m
        for m in event.sentence.mentions
        if m.kind is Kind.PERSON and event.clause.start <= m.start - start < event.clause.end and m.start >= min(marks)
    ]
    return sorted(behind, key=lambda m: min(abs(m.start - mark) for mark in marks))


# ---- what ---------------------------------------------------------------------------------------------------------


def _things(sentence: Sentence, words: FrameWords) -> list[Mention]:
    """The things that a sentence names, none inside a longer one."""
    text = lower(sentence.text)
    found = [
        Mention(Kind.PLACE, thing, "", sentence.start + match.start(), sentence.start + match.end(), "thing")
        for thing, pattern in words.things.items()
        for match in pattern.finditer(text)
    ]
    found.sort(key=lambda m: (m.start, -m.end))
    kept: list[Mention] = []
    for mention in found:
        if not kept or mention.end > kept[-1].end:
            kept.append(mention)
    return kept


def _thing(document: Document, frame: Frame, words: FrameWords, event: Event) -> Mention | None:
    """The thing that it is done to: nearest in the clause, else in the sentence, as exactly as it is told there."""
    start = event.sentence.start
    here = _things(event.sentence, words)
    inside = [m for m in here if event.clause.start <= m.start - start < event.clause.end]
    found = min(inside or here, key=lambda m: _distance(event, m), default=None)
    if found is None or _distance(event, found) > _NEAR:
        return None
    exact = [m for m in here if m.id != found.id and frame.covers(found.id, m.id)]
    if not exact:
        exact = [
            m
            for sentence in document.sentences
            if sentence.position is not Position.BODY
            for m in _things(sentence, words)
            if m.id != found.id and frame.covers(found.id, m.id)
        ]
    return replace(found, id=exact[0].id) if exact else found


def _distance(event: Event, mention: Mention) -> int:
    start, end = mention.start - event.sentence.start, mention.end - event.sentence.start
    return max(start - event.action.end, event.action.start - end, 0)


def _object(frame: Frame, event: Event, country: str, thing: Mention | None) -> str:
    if frame.object == "thing":
        return thing.id if thing is not None else ""
    if frame.object == "country":
        return country
    return event.to.country if event.to is not None else ""


# ---- claims -------------------------------------------------------------------------------------------------------


def _claimed(
    document: Document, frame: Frame, words: FrameWords, event: Event, events: Sequence[Event]
) -> Draft | None:
    """What the event claims, whatever topic it may be for; None when it claims nothing."""
    rule = _rule(frame, event, events)
    if rule is None:
        return None
    thing = _thing(document, frame, words, event) if frame.object == "thing" else None
    bound = _subject(document, words, event, thing)
    if bound is None:
        return None
    subject, how = bound
    if subject.startswith("other:"):
        return None
    country = subject if frame.subject == "country" else _country(document, subject)
    target = _object(frame, event, country, thing)
    if not target or not country:
        return None
    known = words.known.search(lower(event.sentence.text)[event.clause.start : event.clause.end]) is not None
    done = event.mood in _DONE or frame.rank(rule.stage) > frame.rank(frame.settled)
    told = event.action.form in _FINITE and document.language != "zh"  # whose verbs may as well be nouns
    return Draft(
        topic=_NOBODY,
        stage=rule.stage,
        subject=subject,
        object=target,
        event=event,
        parties=frozenset({country}),
        bound_by=how,
        detail=rule.detail,
        weak=rule.weak or (done and (known or _is_thin(document, event))),
        excluded=_background(document, frame, event, known and not told and (done or event.action.form == "noun")),
        place=thing,
        settled=rule.settled,
    )


def _is_thin(document: Document, event: Event) -> bool:
    """Too little to tell of something done: deep in the text, or a noun where headlines have verbs."""
    nominal = event.action.form == "noun" and document.language not in ("ko", "ja", "zh")
    return nominal or event.sentence.position is Position.BODY


_NOBODY = WatchTopic(id="", name="", frame="")  # stands in until it is known whose topic it is


def _country(document: Document, subject: str) -> str:
    """The country of a person who is known."""
    person = document.gazetteer.people.get(subject)
    return person.country if person is not None else ""


def _background(document: Document, frame: Frame, event: Event, known: bool) -> str:
    """Why it is no news: it is spoken of as known, or happened too long ago."""
    if known:
        return KNOWN
    past = event.mood in _DONE and event.day is not None and (document.day - event.day).days > frame.recent_days
    return "history" if past else ""


def _rule(frame: Frame, event: Event, events: Sequence[Event]) -> Rule | None:
    """The first rule that fits. A noun of what is done tells of it only as a headline."""
    alone = event.action.form == "noun" and event.inherited  # "announces | the launch": speech ends a clause
    beside = {other.action.kind for other in events if alone or other.clause == event.clause}
    for rule in frame.rules:
        if not fits(rule, event) or (rule.also and rule.also not in beside):
            continue
        taken_for_granted = event.mood in _DONE and event.action.form == "noun" and "noun" not in rule.form
        if not taken_for_granted or event.sentence.position is Position.TITLE:
            return rule
    return None
