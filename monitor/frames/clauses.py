"""Where the clauses of a sentence begin and end: everything is bound within one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from monitor.frames.document import Document, Sentence
from monitor.language.folding import lower
from monitor.language.gazetteer import Kind


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of a sentence, by the sentence's own offsets."""

    start: int
    end: int


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
    fronted = document.lexicon.fronted.match(text)
    if fronted is not None:
        cuts.add(fronted.end())
    ordered = sorted(cuts)
    return tuple(Clause(a, b) for a, b in pairwise(ordered) if b > a) or (Clause(0, len(text)),)


def _lists(document: Document, sentence: Sentence, text: str) -> Iterator[tuple[int, int]]:
    """The gaps between people who are listed: "시진핑 주석, 푸틴 대통령과" is no place to end a clause."""
    people = [m for m in sentence.mentions if m.kind is Kind.PERSON]
    for left, right in pairwise(people):
        start, end = left.end - sentence.start, right.start - sentence.start
        if document.lexicon.connectors.listed.fullmatch(text[start:end]):
            yield start, end
