"""Whom a pronoun means: a German one in its place behind the verb, and one that goes back to the sentence before."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.frames.clauses import Clause, is_quoted
from monitor.frames.document import Document, Sentence
from monitor.language import german
from monitor.language.folding import lower
from monitor.language.lexicon import Action
from monitor.language.mentions import Mention


def led_by_pronoun(
    document: Document,
    sentence: Sentence,
    clause: Clause,
    action: Action,
    people: Sequence[Mention],
    antecedent: Mention | None,
) -> tuple[tuple[Mention, ...], bool] | None:
    """Who does it and whether another sentence names him, if a pronoun is the subject; None where none is."""
    at = _place(document, sentence, clause, action, people)
    if at < 0:
        return None
    text, base = lower(sentence.text), sentence.start
    before = [m for m in people if m.end - base <= at and not is_quoted(text, m.start - base, action)]
    if before:
        return (before[0],), False
    return (() if antecedent is None else (antecedent,)), True


def objects_of(
    document: Document, sentence: Sentence, clause: Clause, action: Action, people: Sequence[Mention]
) -> list[Mention]:
    """Those between such a pronoun and its verb: "soll er in Paris Präsident X treffen"."""
    at = _place(document, sentence, clause, action, people)
    return [m for m in people if at >= 0 and at < m.start - sentence.start < action.start]


def _place(document: Document, sentence: Sentence, clause: Clause, action: Action, people: Sequence[Mention]) -> int:
    """Where the pronoun stands in the sentence; -1 where a name of the clause stands before it."""
    if document.language != "de":
        return -1
    text = lower(sentence.text)
    found = german.pronoun_at(text[clause.start : min(clause.end, action.end + german.BEHIND)])
    at = clause.start + found
    if found < 0 or any(clause.start <= m.start - sentence.start < at for m in people):
        return -1
    return at


def first_who_acts(document: Document, sentence: Sentence, named: Sequence[Mention]) -> Mention:
    """The first of those named, but for those beside or with whom it is done where particles tell it: 習氏の左右に."""
    if document.lexicon.order != "sov":
        return named[0]
    text, marks = lower(sentence.text), document.lexicon.oblique_marks
    return next((m for m in named if not marks.match(text, m.end - sentence.start)), named[0])


__all__ = ["first_who_acts", "led_by_pronoun", "objects_of"]
