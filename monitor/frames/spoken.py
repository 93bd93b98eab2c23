"""What a leader is quoted with: "we will help you" is his promise, "come to X" his invitation.

The words say it of nobody; who speaks them does it: outside of the quotation, before a headline's colon, or beside the
verb that tells what he said. What nobody is told to have said is neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from monitor.frames.document import Document, Sentence
from monitor.frames.doers import agents
from monitor.frames.mood import Mood
from monitor.frames.quoted import speaker_of
from monitor.frames.reading import Event, read
from monitor.language.folding import lower
from monitor.language.gazetteer import Kind
from monitor.language.mentions import Mention

PROMISE, BECKON = "promise", "beckon"  # of the lexicons: "will give", "come and see us"
PLEDGE = "pledge"
_MEANS = {PROMISE: PLEDGE, BECKON: "invite"}
_GOING = ("move", "visit", "arrive", "attend")
_QUOTE = re.compile(
    r"\"[^\"]{2,600}(?:\"|$)|(?<!\w)'(?=\S).{3,240}?'(?=[,.;:!?]? |[,.;:!?]?$)|^[^\"]{2,600}\"(?=[,.]? )"
)
_KICKER = re.compile(r"[^:：\"]{2,70}(?:: |：)")
_REACH = 40  # characters between a name and the verb that says that he speaks


def as_said(document: Document, sentence: Sentence, antecedent: Mention | None) -> tuple[Event, ...]:
    """The events of a sentence; what is promised and whom somebody asks to come are told of him who says so."""
    events = read(document, sentence, antecedent)
    if not any(e.action.kind in _MEANS or (e.action.kind == PLEDGE and not e.subjects) for e in events):
        return events
    return tuple(_with_speakers(document, sentence, events, antecedent))


def _with_speakers(
    document: Document, sentence: Sentence, events: Sequence[Event], antecedent: Mention | None
) -> Iterator[Event]:
    calls = [e.action for e in events if e.action.kind == BECKON]
    for event in events:
        kind = event.action.kind
        if kind in _GOING and any(c.start <= event.action.start < c.end for c in calls):
            continue  # "come to Moscow": nobody is on his way
        if kind == PLEDGE and not event.subjects:  # "says ready to help"
            yield _of_speaker(document, sentence, event, antecedent) or event
            continue
        if kind not in _MEANS:
            yield event
            continue
        said = _of_speaker(document, sentence, event, antecedent)
        if said is not None:
            yield said


def _of_speaker(document: Document, sentence: Sentence, event: Event, antecedent: Mention | None) -> Event | None:
    if document.lexicon.order == "sov":
        return _told_as_said(document, sentence, event, *speaker_of(document, sentence, event, antecedent))
    text = lower(sentence.text)
    quote = _quote(text, event.action.start)
    people = [m for m in agents(document, sentence) if not _inside(quote, m, sentence)]
    unsaid = event.action.kind == BECKON or event.mood is Mood.DENIED or _is_asked(document, event, text)
    if quote is None and (unsaid or document.lexicon.speech.search(text) is None):
        return None
    told = [m for m in people if _is_told(document, text, m.start - sentence.start)]
    speaker = next((m for m in people if m not in told and _speaks(document, text, sentence, m, quote)), None)
    inherited = speaker is None
    if speaker is None and not [m for m in people if m not in told] and _goes_back(document, text, quote):
        speaker = antecedent
    if speaker is None:
        return None
    does = {m.id for m in event.subjects[:1]} - {speaker.id, *(m.id for m in told)}  # "tells Xi he will help"
    if quote is None and does and not event.inherited:
        return None  # "Kim said that Xi would help"
    partner = next((m for m in told if m.id != speaker.id), None) or _partner(document, sentence, speaker)
    others = (partner,) if partner is not None and event.action.kind == BECKON else ()
    action = replace(event.action, kind=_MEANS.get(event.action.kind, PLEDGE))
    return replace(
        event, action=action, mood=Mood.REAL, subjects=(speaker,), others=others, inherited=inherited, stranger=False
    )


def _told_as_said(
    document: Document, sentence: Sentence, event: Event, speaker: Mention | None, partner: Mention | None
) -> Event | None:
    """The same of him whom particles show to speak."""
    if speaker is None:
        return None
    partner = partner or _partner(document, sentence, speaker)
    others = (partner,) if partner is not None and event.action.kind == BECKON else ()
    action = replace(event.action, kind=_MEANS.get(event.action.kind, PLEDGE))
    return replace(event, action=action, mood=Mood.REAL, subjects=(speaker,), others=others, stranger=False)


def _is_asked(document: Document, event: Event, text: str) -> bool:
    """ "Asked whether he would help"; "if there was anything he could do, he would" is a promise."""
    if event.mood is not Mood.VOID:
        return False
    return not document.lexicon.asks or document.lexicon.whether.search(text) is not None


def _quote(text: str, at: int) -> tuple[int, int] | None:
    """The quotation around an offset, or what a headline's colon opens."""
    for found in _QUOTE.finditer(text):
        if found.start() <= at < found.end():
            return found.span()
    kicker = _KICKER.match(text)
    return (kicker.end(), len(text)) if kicker is not None and kicker.end() <= at else None


def _inside(quote: tuple[int, int] | None, mention: Mention, sentence: Sentence) -> bool:
    return quote is not None and quote[0] <= mention.start - sentence.start < quote[1]


def _is_told(document: Document, text: str, start: int) -> bool:
    """Whether a name is that of him to whom it is said: "told X", "to X:"."""
    return document.lexicon.addressed.search(text, max(0, start - _REACH), start) is not None


def _speaks(document: Document, text: str, sentence: Sentence, mention: Mention, quote: tuple[int, int] | None) -> bool:
    """Whether a name stands beside a verb of speech, or heads a line that goes on behind its colon."""
    start, end = mention.start - sentence.start, mention.end - sentence.start
    if quote is not None and text[: quote[0]].endswith((": ", "：")) and end <= quote[0]:
        return True
    return document.lexicon.speech.search(text[max(0, start - _REACH) : end + _REACH]) is not None


def _goes_back(document: Document, text: str, quote: tuple[int, int] | None) -> bool:
    """Whether a pronoun outside of the quotation says so: "…," he said."""
    outside = text if quote is None else text[: quote[0]] + " | " + text[quote[1] :]
    return document.lexicon.speech.search(outside) is not None and document.lexicon.pronouns.search(outside) is not None


def _partner(document: Document, sentence: Sentence, speaker: Mention) -> Mention | None:
    """To whom he speaks where nobody says: the last leader besides him whom the text has named."""
    known = document.gazetteer.people
    for mention in reversed(document.mentions):
        if mention.start >= sentence.end or mention.kind is not Kind.PERSON or mention.id == speaker.id:
            continue
        if mention.id in known and known[mention.id].leads(document.day):
            return mention
    return None
