"""Verbs as headlines have them: a bare participle in English ("Putin meeting Xi"), one sign in Chinese (会普京)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from monitor.frames.document import Document, Sentence
from monitor.language import chinese
from monitor.language.folding import lower
from monitor.language.gazetteer import Kind
from monitor.language.lexicon import Action
from monitor.language.mentions import Mention
from monitor.types import Position

_OPENS = re.compile(r"(?:[^:]{2,30}: |[\w ]{2,20}'s? )?")  # before the first name: who says so, or whose leader he is
_GOES_ON = re.compile(  # behind what it is done to: no other verb, of which all before would be the subject
    r"$|[,;:(]| [-–—] |\s(?:in|at|on|for|to|after|before|ahead|amid|over|by|with|as|from|and|this|next|today|tonight|"
    r"tomorrow|now|later|shortly|soon|one-on-one|his|her)\b"
)
_REACH = 30  # characters from the participle to what it is done to
_OBJECTS = (Kind.PERSON, Kind.PLACE)


def as_told(document: Document, sentence: Sentence, action: Action, people: Sequence[Mention]) -> Action:
    """The action; as one that is under way, if the headline begins with who does it and goes on with the participle."""
    text = lower(sentence.text)
    word = text[action.start : action.end].split(" ")[0]
    if document.language != "en" or sentence.position is not Position.TITLE or not word.endswith("ing"):
        return action
    if action.form not in ("gerund", "noun") or not _is_right_behind(document, sentence, text, action, people):
        return action
    end = _end_of_object(document, sentence, text, action)
    return action if end is None or _GOES_ON.match(text, end) is None else replace(action, form="ing")


def _is_right_behind(
    document: Document, sentence: Sentence, text: str, action: Action, people: Sequence[Mention]
) -> bool:
    ahead = [m for m in people if m.end - sentence.start < action.start]
    if not ahead or ahead[-1].end - sentence.start != action.start - 1:
        return False
    first = ahead[0].start - sentence.start
    listed = all(
        document.lexicon.connectors.listed.fullmatch(text[a.end - sentence.start : b.start - sentence.start])
        for a, b in pairwise(ahead)
    )
    return listed and _OPENS.fullmatch(text[:first]) is not None


def _end_of_object(document: Document, sentence: Sentence, text: str, action: Action) -> int | None:
    """Where the person, the place or the parade ends behind the participle; of a meeting only a person will do."""
    if action.form != "noun" and (parade := document.lexicon.parade.search(text, action.end)) is not None:
        return parade.end()
    wanted = (Kind.PERSON,) if action.form == "noun" else _OBJECTS
    behind = (m for m in sentence.mentions if m.kind in wanted and m.start - sentence.start > action.end)
    found = next(behind, None)
    if found is None or found.start - sentence.start - action.end > _REACH:
        return None
    return found.end - sentence.start


def with_meetings(sentence: Sentence, actions: tuple[Action, ...]) -> tuple[Action, ...]:
    """The actions and the one sign for a meeting that headlines put before a name: 普京索契会埃尔多安."""
    text = lower(sentence.text)
    people = [m.start - sentence.start for m in sentence.mentions if m.kind is Kind.PERSON]
    found = [Action("meet", "past", at - 1, at) for at in people[1:] if chinese.meets_before(text, at)]
    found = [one for one in found if not any(a.start <= one.start < a.end for a in actions)]
    return tuple(sorted([*actions, *found], key=lambda a: a.start)) if found else actions


__all__ = ["as_told", "with_meetings"]
