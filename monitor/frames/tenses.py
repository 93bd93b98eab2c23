"""The tense of a Japanese or Korean verb that only what follows it shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from monitor.frames.clauses import Clause
from monitor.frames.document import Document, Sentence
from monitor.language import japanese, korean
from monitor.language.folding import lower
from monitor.language.lexicon import Action
from monitor.language.mentions import Mention


def with_tenses(document: Document, sentence: Sentence, actions: Sequence[Action]) -> tuple[Action, ...]:
    """The actions with the tense that only the end of the sentence shows: 訪問し、…会談する, 방문해 … 만날 예정."""
    text = lower(sentence.text)
    if document.language == "ja":
        return tuple(replace(a, form=_japanese_form(text, a)) for a in actions)
    return tuple(
        replace(a, form=korean.form_used(text, a.end, "present" if _is_call(text, a) else a.form)) for a in actions
    )


def _japanese_form(text: str, action: Action) -> str:
    if action.form == "ing" and _is_talked_at(text, action):
        return "past"
    return japanese.form_used(text, action.start, action.end, action.form)


def _is_talked_at(text: str, action: Action) -> bool:
    return action.kind == "meet" and japanese.is_followed_by_words(text, action.start, action.end)


def _is_call(text: str, action: Action) -> bool:
    """Whether a headline ends with a call: 바이든-네타냐후, 두 달 만에 통화."""
    return action.kind == "phone" and action.form == "noun" and korean.closes(text, action.end)


def goes_on_to(
    document: Document, sentence: Sentence, clause: Clause, action: Action, people: Sequence[Mention]
) -> str:
    """What a Japanese verb goes on to (訪問し、…), to the end of what is quoted or to the next who does something."""
    text, base = lower(sentence.text), sentence.start
    if document.language != "ja" or not japanese.joins(text, action.end) or _is_talked_at(text, action):
        return ""
    marks = document.lexicon.subject_marks
    others = [m.start - base for m in people if m.start - base >= action.end and marks.match(text, m.end - base)]
    closing = text.find("」", clause.end)
    return text[clause.end : min([*others, *([closing] if closing >= 0 else [])], default=len(text))]
