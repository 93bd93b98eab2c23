"""Whom English "his" and "him" mean: "X confirmed his visit", "a trip that will take him to Y"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from monitor.frames.clauses import Clause
from monitor.frames.document import Document, Sentence
from monitor.language.folding import lower
from monitor.language.lexicon import Action
from monitor.language.mentions import Mention

_OWN = re.compile(r"\W*(?:that )?(?:[\w-]+ ){0,3}?(?:his|her) (?:[\w-]+ ){0,3}$")
_TOLD = 40  # characters from a name to the clause that it governs: "X has told reporters that …"


def owner_of(
    document: Document, sentence: Sentence, clause: Clause, action: Action, people: Sequence[Mention]
) -> tuple[Mention, ...]:
    """The last named before, if he is the one who tells it and nobody else is named between."""
    if document.language != "en" or action.form != "noun":
        return ()
    text, base = lower(sentence.text), sentence.start
    before = [m for m in people if m.end - base <= clause.start]
    if not before or _OWN.fullmatch(text, clause.start, action.start) is None:
        return ()
    gap = text[before[-1].end - base : clause.start]
    told = len(gap) <= _TOLD and document.lexicon.speech.search(gap) is not None
    return (before[-1],) if told and "," not in gap else ()


def taken_along(
    document: Document, sentence: Sentence, action: Action, people: Sequence[Mention], antecedent: Mention | None
) -> tuple[tuple[Mention, ...], bool] | None:
    """Who goes where a trip takes him, and whether another sentence names him; None for any other verb."""
    text = lower(sentence.text)
    if action.kind != "move" or document.lexicon.objects.search(text, action.start, action.end) is None:
        return None
    before = [m for m in people if m.end - sentence.start <= action.start]
    if before:
        return (before[0],), False
    return (() if antecedent is None else (antecedent,)), True


__all__ = ["owner_of", "taken_along"]
