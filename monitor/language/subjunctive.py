"""The subjunctive of Spanish and French, which by itself says of nothing that it happens."""

from __future__ import annotations

import re
from collections.abc import Sequence

from monitor.language.lexicon import Action

_CLITIC = re.compile(r"^(?:se |s'|lo |la |le |y )+")
_INFINITIVE = {"es": re.compile(r"\w+[aeií]r(?:se)?$"), "fr": re.compile(r"\w+(?:er|ir|re)$")}
_GOVERNED = re.compile(r"\b(?:que|cuando|ojalá)\b[^;:]*$")
_DETERMINED = re.compile(r"\b(?:el|los|del|al|un|su|sus|este|ese|ningún|otro|cada|de|primer|próximo|último) $")


def without_nouns(text: str, actions: Sequence[Action]) -> tuple[Action, ...]:
    """The actions, of which "viaje" is a verb only behind a "que" and no noun's article: "el viaje" is a noun."""
    kept = [a for a in actions if a.form != "base" or not _is_noun(text, a)]
    verbs = {a.start for a in kept if a.form == "base" and is_subjunctive(text[a.start : a.end], "es")}
    return tuple(a for a in kept if a.form != "noun" or a.start not in verbs)


def _is_noun(text: str, action: Action) -> bool:
    if not is_subjunctive(text[action.start : action.end], "es"):
        return False
    before = text[max(0, action.start - 90) : action.start]
    return _GOVERNED.search(before) is None or _DETERMINED.search(before) is not None


def is_subjunctive(action: str, language: str) -> bool:
    """Whether an action that is no finite tense is a subjunctive rather than an infinitive."""
    infinitive = _INFINITIVE.get(language)
    return infinitive is not None and infinitive.match(_CLITIC.sub("", action).split(" ")[0]) is None
