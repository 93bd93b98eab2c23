"""Russian grammar that word lists cannot tell: who is named in the nominative, and what is said not to be."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from monitor.language.folding import fold
from monitor.language.inflect import russian_forms

_OBLIQUE_TITLE = re.compile(r"(?:а|я|у|ю|е|ы|и|о|ом|ем|им|ым|ого|его|ому|ему)$")
_HEAD = re.compile(r"главы?$")
_NOT_TO_BE = re.compile(
    r"\bне (?:планир|запланир|намеч|предвид|ожида|готовит|будет|предусм|значит|рассматр|обсужда|идет|входит)\w*"
    r"|\bне (?:стоит|произой|случ|предполаг|согласов)\w*|\bнет (?:\w+ ){0,2}(?:план|договоренност)\w*"
    r"|\bнет (?:\w+ ){0,2}в (?:план|график|повестк)\w*|\bневозможн\w+"
    r"|\b(?:нет|не (?:идет|было|может быть)) (?:и )?речи о\b"
    r"|\bречи о\b[^;]{0,60}?\b(?:нет|не (?:идет|шло|было|может быть))\b"
)
_IF = re.compile(r"\W*(?:и |но )?(?:если|при условии|в случае)\b")
_ATTRIBUTE = re.compile(r"(?:нн|т)(?:ая|ую|ой|ый|ого|ому|ым|ом|ое|ые|ых|ыми)$")
_WHICH = re.compile(r"(?<!на )(?<!в )(?<!\w)котор\w+ ?$")
_WITH = re.compile(r"(?<!\w)со? $")
_THAT = re.compile(r"^[\s,]*что (?:(?!он |она )[\w-]+ ){0,5}$")


def is_nominative(surface: str, names: Sequence[str]) -> bool:
    """Whether a person stands in the nominative. `names` are those of the person; a bare title tells by its ending."""
    text = fold(surface)
    forms = _forms(tuple(names))
    known = max((form for form in forms if text.endswith(form)), key=len, default=None)
    if known is not None:
        return forms[known]
    title = text.split(" ")[0].lower()
    return title == "глава" or not (_OBLIQUE_TITLE.search(title) or _HEAD.search(title))


@lru_cache(maxsize=4096)
def _forms(names: tuple[str, ...]) -> dict[str, bool]:
    """All forms of the names, and whether they are the nominative."""
    folded = tuple(fold(name) for name in names)
    inflected = {name: russian_forms(name) - {name} for name in folded}
    bases = {name for name in folded if not any(name in inflected[other] for other in folded)}
    forms = dict.fromkeys((form for name in bases for form in inflected[name]), False)
    return forms | {name: name in bases for name in folded}


def is_with(before: str) -> bool:
    """Whether the name after `before` hangs on с: with whom something is done."""
    return _WITH.search(before) is not None


def hangs_on_condition(text: str, start: int) -> bool:
    """Whether the clause before the one at `start` sets a condition: "если позволят условия, он приедет"."""
    before = text[:start].rstrip(", ")
    return _IF.match(re.split(r"[;:]|, (?!если)", before)[-1]) is not None


def is_doubted(text: str, start: int, hedge: re.Pattern[str]) -> bool:
    """Whether a что clause hangs on a word of doubt: "допустил, что приедет"."""
    governing = text[max(0, start - 40) : start].rstrip()
    return governing.endswith("что") and hedge.search(re.split(r"[.;]", governing)[-1]) is not None


def is_manner(before: str) -> bool:
    """Whether "приглашению" after `before` tells only how somebody comes: "по приглашению"."""
    return before.endswith(("по ", "по личному "))


def says_not(after: str) -> bool:
    """Whether what follows a noun says that the thing is not to be: "визит не планируется"."""
    return _NOT_TO_BE.search(after) is not None


def is_own_deed(before: str) -> bool:
    """Whether a verb after `before` tells what the speaker himself does: "заявил, что 9 мая приедет"."""
    return _THAT.match(before) is not None


def describes(word: str) -> bool:
    """Whether a participle stands before what it tells of, and so of what came before: "отложенная поездка"."""
    return _ATTRIBUTE.search(word) is not None


def resumes(before: str, between: str) -> bool:
    """Whether a verb goes on behind a relative clause: in "о котором просил X, прибыл" X has not come.

    `before` ends where the clause begins, `between` leads from the name to the verb.
    """
    return "," in between and _WHICH.search(before) is not None


def is_nominative_country(surface: str) -> bool:
    """Whether the name of a country can only be a subject: Россия and США; Россию cannot, Китай may not be."""
    return surface.endswith(("а", "я")) or surface.isupper()
