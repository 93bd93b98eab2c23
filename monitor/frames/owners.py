"""Names that only tell whose somebody or something is: "Kim's daughter", "the wife of X"."""

from __future__ import annotations

import re

from monitor.frames.document import Document
from monitor.language import chinese


def owns_something_else(document: Document, text: str, end: int) -> bool:
    """Whether a name that ends there only tells whose something is: "Kim's daughter", 金正恩の妹."""
    lexicon = document.lexicon
    if lexicon.language != "en":
        if lexicon.language == "zh" and chinese.is_owner(text[end : end + 14], lexicon.relatives):
            return True
        return bool(re.match(r"(?:의|的|の|への)?\s?(?:" + lexicon.relatives.pattern + ")", text[end : end + 14]))
    if not re.match(r"'s?\s+\w", text[end : end + 6]):
        return False
    if any(lexicon.vehicles.search(word) for word in text[end : end + 40].split()[:4]):
        return False
    return not any(a.form == "noun" and end <= a.start < end + 50 for a in lexicon.actions(text))


def is_relative_of(document: Document, text: str, start: int) -> bool:
    """Whether a name that begins there only tells whose relative or aide is meant: "the wife of X"."""
    if document.lexicon.language in ("ko", "zh", "ja"):
        return False
    before = text[max(0, start - 40) : start]
    if document.language == "ru":
        return bool((word := re.search(r"([\w-]+) $", before)) and document.lexicon.relatives.fullmatch(word.group(1)))
    match = re.search(r"(\w+)(?: (?:of|von|de|du|d'|des)(?: the)? )$", before)
    return bool(match and document.lexicon.relatives.fullmatch(match.group(1)))


def is_owner_of_doer(document: Document, between: str) -> bool:
    """Whether what stands between a name and its verb makes him the owner of who does it: "Kim's envoys will go"."""
    return between.startswith(("'s ", "' ")) and document.lexicon.vehicles.search(between) is None


__all__ = ["is_owner_of_doer", "is_relative_of", "owns_something_else"]
