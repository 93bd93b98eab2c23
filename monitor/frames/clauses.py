"""Where the clauses of a sentence begin and end: everything is bound within one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from monitor.frames.document import Document, Sentence
from monitor.language.folding import lower
from monitor.language.gazetteer import Kind
from monitor.language.lexicon import Action
from monitor.language.mention import Mention
from monitor.types import Position

_BLANK = "_"  # one word for the patterns, whatever it covers


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of a sentence, by the sentence's own offsets."""

    start: int
    end: int


def as_meant(document: Document, sentence: Sentence) -> Sentence:
    """The sentence without what it sets aside, its length kept: "not in X, but in Y", "in Y and not in X".

    Of a place in another country the "not" tells something of its own.
    """
    text, places = sentence.text, [m for m in sentence.mentions if m.kind is Kind.PLACE]
    dropped: list[Mention] = []
    for found in document.lexicon.set_aside.finditer(lower(sentence.text)):
        start, end = found.start(), found.end()
        named = [m for m in places if start <= m.start - sentence.start < end]
        if not named and (beside := next((m for m in places if m.start - sentence.start == end), None)):
            named, end = [beside], beside.end - sentence.start  # "and not in X"
        if {m.country for m in named} - {m.country for m in places if m not in named}:
            continue
        if not named and document.lexicon.but.search(lower(text[start:end])) is None:
            continue  # "and not to meet him": a "not" that stands
        dropped += named
        blank = _BLANK * (end - start)
        text = text[:start] + (blank[1:] + " " if text[end - 1] == " " else blank) + text[end:]
    if text == sentence.text:
        return sentence
    return replace(sentence, text=text, mentions=tuple(m for m in sentence.mentions if m not in dropped))


def clauses_of(document: Document, sentence: Sentence) -> tuple[Clause, ...]:
    """The clauses of a sentence, in order, without a gap between them."""
    text = lower(sentence.text)
    cuts = {0, len(text)}
    lists = list(_lists(document, sentence, text))
    inside = {at - sentence.start for m in sentence.mentions for at in range(m.start + 1, m.end)}  # 通伦 西苏里
    for match in document.lexicon.clause_breaks.finditer(text):
        if any(start <= match.start() < end for start, end in lists) or match.start() in inside:
            continue
        cuts.add(match.end() if text[match.start()] in ",;:，；、" else match.start())
    for match in document.lexicon.speech.finditer(text):
        if document.lexicon.order == "svo":
            cuts.add(match.end())
    if sentence.position is Position.TITLE and document.lexicon.order == "svo":
        cuts.update(_spliced(document, sentence, text))
    fronted = document.lexicon.fronted.match(text)
    if fronted is not None:
        cuts.add(fronted.end())
    ordered = sorted(cuts)
    return tuple(Clause(a, b) for a, b in pairwise(ordered) if b > a) or (Clause(0, len(text)),)


_AUXILIARY = re.compile(r" (?:to|will|won't|would|may|might|could|is|isn't|are|has|have|not|wird|soll|kommt|va|irá)\b")


def _spliced(document: Document, sentence: Sentence, text: str) -> Iterator[int]:
    """Where a headline goes on with somebody else behind a comma: "X to attend parade, Y to stay home"."""
    verbs = [a for a in document.lexicon.actions(text) if a.form != "noun"]
    people = [m for m in sentence.mentions if m.kind is Kind.PERSON]
    for before, mention in pairwise(people):
        start, end = mention.start - sentence.start, mention.end - sentence.start
        gap = text[before.end - sentence.start : start]
        if not gap.endswith(", ") or document.lexicon.connectors.listed.fullmatch(gap):
            continue
        own = next((a for a in verbs if a.start == end + 1), None)
        if own is not None or _AUXILIARY.match(text, end):
            yield start


def _lists(document: Document, sentence: Sentence, text: str) -> Iterator[tuple[int, int]]:
    """The gaps between people who are listed: "시진핑 주석, 푸틴 대통령과" is no place to end a clause."""
    people = [m for m in sentence.mentions if m.kind is Kind.PERSON]
    for left, right in pairwise(people):
        start, end = left.end - sentence.start, right.start - sentence.start
        if document.lexicon.connectors.listed.fullmatch(text[start:end]):
            yield start, end


_QUOTED = re.compile(r"[\"“«„][^\"“”«»„]{1,600}[\"”»“]")


def is_quoted(text: str, at: int, action: Action) -> bool:
    """Whether somebody is named in words that are quoted while the action is told outside of them."""
    quotes = (m.span() for m in _QUOTED.finditer(text))
    return any(start <= at < end and not start <= action.start < end for start, end in quotes)


def quote_opens(text: str, clause: Clause, until: int) -> int:
    """Where what is quoted begins in a clause before, if the quotation goes on up to `until`; else its beginning."""
    mark = next((m for m in ('"', "「", "“") if m in text[clause.start : clause.end]), "")
    if not mark or text[clause.start : until].count(mark) % 2 == 0 or "」" in text[clause.start : until]:
        return clause.start
    return text.rindex(mark, clause.start, clause.end) + 1
