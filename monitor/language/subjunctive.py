"""Spanish grammar that word lists cannot tell: the subjunctive, which by itself says of nothing that it happens."""

from __future__ import annotations

import re
from collections.abc import Sequence

from monitor.language.lexicon import Action

_CLITIC = re.compile(r"^(?:se |lo |la |le )+")
_INFINITIVE = re.compile(r"\w+[aeií]r(?:se)?$")
_GOVERNED = re.compile(r"\b(?:que|cuando|ojalá)\b[^;:]*$")
_DETERMINED = re.compile(r"\b(?:el|los|del|al|un|su|sus|este|ese|ningún|otro|cada|de|primer|próximo|último) $")


def without_nouns(text: str, actions: Sequence[Action]) -> tuple[Action, ...]:
    """The actions, of which "viaje" is a verb only behind a "que" and no noun's article: "el viaje" is a noun."""
    return tuple(a for a in actions if a.form != "base" or not _is_noun(text, a))


def _is_noun(text: str, action: Action) -> bool:
    if not is_subjunctive(text[action.start : action.end]):
        return False
    before = text[max(0, action.start - 90) : action.start]
    return _GOVERNED.search(before) is None or _DETERMINED.search(before) is not None


def is_subjunctive(action: str) -> bool:
    """Whether an action that is no finite tense is a subjunctive rather than an infinitive."""
    return _INFINITIVE.match(_CLITIC.sub("", action).split(" ")[0]) is None
