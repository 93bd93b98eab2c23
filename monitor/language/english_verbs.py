"""The forms of English verbs, so that a lexicon need only name the verb."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping


def english_forms(verb: str) -> Iterator[tuple[str, str]]:
    """The forms of an English verb, "base" or "base/past/participle", of which the first word is inflected."""
    parts = verb.split("/")
    shared = parts[-1].partition(" ")[2]
    if len(parts) == 3 and shared and " " not in parts[0]:  # "speak/spoke/spoken by telephone"
        parts = [f"{parts[0]} {shared}", f"{parts[1]} {shared}", parts[2]]
    base, _, rest = parts[0].partition(" ")
    tail = f" {rest}" if rest else ""
    if not re.fullmatch(r"[a-z]+(?:-[a-z]+)?", base):
        yield "state", verb
        return
    if len(parts) == 1 and base in _IRREGULAR:
        parts = [verb, *(f"{form}{tail}" for form in _IRREGULAR[base])]
    consonant_y = base.endswith("y") and base[-2:-1] not in tuple("aeiou")
    third = base[:-1] + "ies" if consonant_y else base + ("es" if base.endswith(("s", "sh", "ch", "x", "o")) else "s")
    doubled = base + base[-1] if base in _DOUBLING else base + "l?" if base in _DOUBLING_IN_BRITAIN else base
    stem = base[:-1] if base.endswith("e") and not base.endswith("ee") else doubled
    past = base[:-1] + "ied" if consonant_y else base + "d" if base.endswith("e") else stem + "ed"
    if len(parts) == 3:
        yield "past", parts[1]
        if parts[2] != parts[0]:  # "come", "set": as a bare form it is the infinitive
            yield "past", parts[2]
    else:
        yield "past", past + tail
    if base not in ("be", "go"):  # "is going to stay" goes nowhere
        yield "ing", (base[:-2] + "y" if base.endswith("ie") else stem) + "ing" + tail
    yield "present", ("(?:is|are)" if base == "be" else third) + tail
    yield "base", base + tail


# Irregular verbs that the lexicon uses in phrases: past and participle (Quirk et al., A Comprehensive Grammar, 3.4ff.).
_IRREGULAR: Mapping[str, tuple[str, str]] = {
    "be": ("(?:was|were)", "been"),
    "break": ("broke", "broken"),
    "bring": ("brought", "brought"),
    "come": ("came", "come"),
    "cut": ("cut", "cut"),
    "fly": ("flew", "flown"),
    "get": ("got", "got"),
    "give": ("gave", "given"),
    "go": ("went", "gone"),
    "have": ("had", "had"),
    "hold": ("held", "held"),
    "keep": ("kept", "kept"),
    "leave": ("left", "left"),
    "make": ("made", "made"),
    "meet": ("met", "met"),
    "pay": ("paid", "paid"),
    "put": ("put", "put"),
    "see": ("saw", "seen"),
    "send": ("sent", "sent"),
    "set": ("set", "set"),
    "shake": ("shook", "shaken"),
    "sit": ("sat", "sat"),
    "speak": ("spoke", "spoken"),
    "stand": ("stood", "stood"),
    "take": ("took", "taken"),
    "throw": ("threw", "thrown"),
    "withdraw": ("withdrew", "withdrawn"),
}

_DOUBLING = frozenset(
    "set get put sit cut drop skip step stop begin scrap defer confer shun snub jet refer admit wrap "
    "run plan slip chug beg rebut commit lob".split()
)
_DOUBLING_IN_BRITAIN = frozenset({"travel", "cancel"})  # "cancelled", and "canceled" in America
