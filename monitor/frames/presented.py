"""Who is shown to be there: "the only guest on the rostrum was X", "in the front row: X and Y", "in the box — X"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from monitor.frames.document import Document
from monitor.language.lexicon import Action
from monitor.language.mentions import Mention

_REACH = 70  # characters between the words for being there and the name that they lead to
_NOT = 24  # characters behind a name in which it is said what he does not
_HEAD = re.compile(r"\W*(?:\d{1,2}[:.h]\d{0,2}\W*)?")  # what may stand before the words at the head, a time
_SIGN = re.compile(r"(?:(?<!\w)[—–:-]|(?<=\w):|,) ")  # before a name: here it is
_WORDS = re.compile(r"(?:[\w'’\"-]+ ){0,5}")  # what may stand before the name: whose leader he is, an office
_ENDS = re.compile(r"\W*$|[.;)]|,? ?[—–-] |, |,? (?:и|et|y|e|junto|ainsi|entre|а также)\b")  # no verb goes on with it


def presented(document: Document, text: str, base: int, action: Action, people: Sequence[Mention]) -> list[Mention]:
    """The people to whom words for being there lead: by a copula, a colon, a dash or a comma, with no verb of theirs.

    `people`: those who can do anything.
    """
    if action.kind != "attend" or action.form == "noun" or document.lexicon.order != "svo":
        return []
    behind = [m for m in people if m.start - base >= action.end]
    if not behind or behind[0].start - base - action.end > _REACH:
        return []
    chain = behind[:1]
    for left, right in pairwise(behind):
        listed = document.lexicon.connectors.listed.fullmatch(text[left.end - base : right.start - base])
        if not listed and left.id != right.id:
            break
        chain.append(right)
    gap, after = text[action.end : chain[0].start - base], text[chain[-1].end - base :]
    heads = action.form in ("state", "present") and _HEAD.fullmatch(text[: action.start]) is not None
    return chain if _leads_to_name(document, gap, after, heads=heads) else []


def _leads_to_name(document: Document, gap: str, after: str, *, heads: bool) -> bool:
    """Whether what stands before a name ends in a sign that it is shown, and nothing in it tells of something else.

    `heads`: a sentence begins with it, so that who is named next is there, whatever he does: "On the rostrum, X rises".
    """
    lexicon = document.lexicon
    if any(a.kind != "attend" for a in lexicon.actions(gap)) or lexicon.speech.search(gap):
        return False
    copula = next(reversed(list(lexicon.identifies.finditer(gap))), None)
    if copula is not None and _WORDS.fullmatch(gap[copula.end() :].lstrip()):
        return lexicon.modifiers["negation"].search(gap) is None
    sign = next(reversed(list(_SIGN.finditer(gap))), None)
    if sign is None or not _WORDS.fullmatch(gap[sign.end() :]):
        return False
    if _ENDS.match(after):
        return True
    return heads and sign.group() == ", " and not lexicon.modifiers["negation"].search(after[:_NOT])
