"""What an item says it is, by its kind or by a label before or behind its headline: opinion, round-up, gallery, ..."""

from __future__ import annotations

import re

from monitor.frames.document import Document
from monitor.language.folding import fold, lower
from monitor.language.notices import notice_of
from monitor.types import ItemKind, Notice, Position

_KINDS = {ItemKind.OPINION: "opinion", ItemKind.ROUNDUP: "roundup"}
# What may stand before or behind a label; a hyphen parts only where it has spaces on both sides.
_BEFORE = re.compile(r"(?:^|[:：|·(\[{【〔（［<《「]|\s[-–—/]\s)[\s*]*$")
_AFTER = re.compile(r"[\s*]*(?:$|[:：|·)\]}】〕）］>》」]|\s[-–—/]\s)")
_NOTHING = re.compile(r"[\s*(\[{【〔（［<《「)\]}】〕）］>》」.]*")
_LEAD = 80  # characters of the first sentence in which a label may stand


def label_of(document: Document) -> str:
    """Why the item can report nothing new: one of the markers of the language's lexicon; "" when it says none.

    Only a label counts, which stands apart from the headline ("Opinion: …", "… | Gallery", "【社説】…"): a headline
    may well speak of an analysis or of troops withdrawn.
    """
    if notice_of(document.article) is Notice.WITHDRAWN:
        return Notice.WITHDRAWN.value
    if document.article.kind in _KINDS:
        return _KINDS[document.article.kind]
    heads = [lower(fold(document.article.title))]
    lead = next((s for s in document.sentences if s.position is not Position.TITLE), None)
    if lead is not None:
        heads.append(lower(lead.text)[:_LEAD])
    markers = document.lexicon.markers.items()
    return next((kind for kind, pattern in markers if any(_labels(pattern, head) for head in heads)), "")


def _labels(pattern: re.Pattern[str], head: str) -> bool:
    """Whether a marker stands at the beginning or the end of a headline, parted from it, or is all of it."""
    for match in pattern.finditer(head):
        before, after = head[: match.start()], head[match.end() :]
        at_an_end = _NOTHING.fullmatch(before) or _NOTHING.fullmatch(after)
        if at_an_end and _BEFORE.search(before) and _AFTER.match(after):
            return True
    return False
