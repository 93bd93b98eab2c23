"""Who speaks in Japanese and Korean: particles tell it, 「…」とXは述べた, 푸틴 대통령은 "…"고 말했다."""

from __future__ import annotations

import re

from monitor.frames.document import Document, Sentence
from monitor.frames.doers import agents
from monitor.frames.reading import Event
from monitor.language.folding import lower
from monitor.language.mentions import Mention
from monitor.types import Position

_QUOTE = re.compile(  # a quotation, the end of one that began a sentence before, the beginning of one that goes on
    r"「[^」]{2,600}(?:」|$)|『[^』]{2,600}(?:』|$)|^[^「」]{2,600}」(?=と)"
    r"|^[^\"]{2,600}\"(?=(?:이?라)?(?:고|며|면서|는) )|\"[^\"]{2,600}(?:\"|$)"
)
_UNDER = re.compile(r"\s?[\w ]{0,8}(?:が|이|가)(?=[ 、,「])")  # the mark of one who may do it in another's words


def quotation(text: str, at: int) -> tuple[int, int] | None:
    """The quotation around an offset."""
    return next((m.span() for m in _QUOTE.finditer(text) if m.start() <= at < m.end()), None)


def speaker_of(
    document: Document, sentence: Sentence, event: Event, antecedent: Mention | None
) -> tuple[Mention | None, Mention | None]:
    """Who says what the event tells, and to whom, as far as the sentence names him."""
    text, base = lower(sentence.text), sentence.start
    quote = quotation(text, event.action.start)
    until = event.action.start if quote is None else quote[0]
    people = [m for m in agents(document, sentence) if not _lies_in(quote, m, base)]
    told = [m for m in people if document.lexicon.oblique_marks.match(text, m.end - base)]
    free = [m for m in people if m not in told]
    before = [m for m in free if m.end - base <= until]
    headline = sentence.position is Position.TITLE
    marked = [m for m in before if headline or document.lexicon.subject_marks.match(text, m.end - base)]
    partner = told[0] if told else None
    if marked:
        last = marked[-1]
        stranger = not headline and _is_another(document, text, last.end - base, until)
        under = quote is None and len(marked) > 1 and _UNDER.match(text, last.end - base) is not None
        return (None, None) if stranger or under else (last, partner)
    if quote is not None and (behind := [m for m in free if m.start - base >= quote[1]]):
        return behind[0], partner  # 「次はモスクワで」 プーチン氏
    if free or quote is None or _is_told_by_another(document, text, quote):
        return None, None
    return antecedent, partner


def _is_another(document: Document, text: str, start: int, until: int) -> bool:
    """Whether somebody else takes over behind the one who is marked."""
    mark = document.lexicon.subject_marks.match(text, start)
    return document.lexicon.other_speakers.search(text, mark.end() if mark is not None else start, until) is not None


def _lies_in(quote: tuple[int, int] | None, mention: Mention, base: int) -> bool:
    return quote is not None and quote[0] <= mention.start - base < quote[1]


def _is_told_by_another(document: Document, text: str, quote: tuple[int, int]) -> bool:
    """Whether what stands beside the quotation names somebody else who speaks, or nobody does."""
    outside = f"{text[: quote[0]]} | {text[quote[1] :]}"
    if document.lexicon.speech.search(outside) is None:
        return True
    return document.lexicon.other_speakers.search(outside) is not None
