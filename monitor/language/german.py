"""What German alone needs: the pronoun behind its verb, and what stands before a verb that ends its clause.

The finite verb stands second, and whatever opens the clause pushes the subject behind it: "Am Montag trifft er in
Paris den Präsidenten", "In Algier hatte sie X gesprochen". Names that follow such a pronoun are objects.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from monitor.language.lexicon import Action

# "er" is never an object; "sie" is one as well, and "they": it counts right behind a verb in the singular.
_SINGULAR = r"(?:wird|werde|will|wolle|soll|sollte|wollte|hat|hatte|habe|ist|sei|war|kann|könnte|dürfte|\w{2,}te?)"
_PRONOUN = re.compile(
    rf"(?<!\w)(?:(?P<er>er)|(?<!\w){_SINGULAR} (?P<sie>sie)|^\W*(?P<first>sie)(?= {_SINGULAR}\b))(?!\w)"
)
BEHIND = len(" er ")  # characters behind a verb in which its pronoun stands
_FINITE = re.compile(r"\b(?:ist|sind|sei|hat|haben|habe|wird|werden|wurde|wurden|war|waren|hatte|hatten|soll|will)\b")


def pronoun_at(clause: str) -> int:
    """Where the last pronoun stands that is a subject; -1 if none does."""
    found = [m.start(m.lastgroup or 0) for m in _PRONOUN.finditer(clause)]
    return found[-1] if found else -1


def belongs_after(lead_in: str, end: int, action: Action) -> bool:
    """Whether an action is of what "zwei Tage nach" speaks of, which ends at `end` before it, and so is long past.

    "… nach dem Anschlag ist X gelandet", "… traf X ein" are news; "nachdem X gelandet ist" and nouns are not.
    """
    return lead_in[:end].endswith("nachdem") or action.form == "noun" or not _FINITE.search(lead_in[end:])


def as_written(text: str, actions: Iterable[Action]) -> Iterator[Action]:
    """The actions as their capitals tell: "wird X treffen" is no noun, "die Reise … tritt er an" no "reise an"."""
    for action in actions:
        if action.form == "noun" and text.startswith(_ALSO_VERBS, action.start):
            yield replace(action, form="base")
        elif action.form == "noun" or not text.startswith(_ONLY_NOUNS, action.start):
            yield action


_ALSO_VERBS = ("treffen",)
_ONLY_NOUNS = ("Reise ",)
