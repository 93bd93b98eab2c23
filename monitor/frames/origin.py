"""Who told it first: what makes forty rewrites of one agency's report one origin.

A text names its first teller ("KCNA said"), or carries an agency's credit: behind the dateline, "SEOUL (Yonhap) -", as
its author, or in a line of its own at the end, "(Reuters)".
"""

from __future__ import annotations

import re
from itertools import islice

from monitor.frames.document import Document
from monitor.language.gazetteer import Kind
from monitor.language.mentions import Mention
from monitor.types import Position, Standing

_CREDIT_LINE = 60  # characters: a longer last line is no credit
_DATELINE = 70  # characters: a credit behind the dateline stands no deeper in the text
_EARLY = 20  # mentions of title and dateline, so that this costs nothing in a long text
_BEHIND = re.compile(r"\s*[)\]】/]|\s*(?:-{1,2}|—|–|=|電|电)\s|.{0,14}?(?:電|电)")  # closes the credit of a dateline
_AUTHORS = re.compile(r"[,;/|()]| - | and | und | et | y ")


def first_teller(document: Document, standing: Standing, organ: Mention | None, country: str, speaker: str) -> str:
    """The origin of what a speaker says; "" where it is the outlet's own.

    A government is one teller, whoever speaks for it; a source without a name belongs to whom he spoke to.
    """
    if organ is not None:
        return organ.id
    if country and standing in (Standing.PARTY, Standing.OFFICIAL):
        return f"country:{country}"
    if standing is Standing.MEDIA:
        return re.sub(r"\W+", "-", speaker.lower()).strip("-")[:60]
    return credited(document)


def credited(document: Document) -> str:
    """The agency whose text the article prints, or the outlet's own id; "" when it is nobody whom we know."""
    article = document.article
    for name in _AUTHORS.split(article.author or ""):
        known = document.gazetteer.known_as(name.strip().removeprefix("By ").strip())
        if known:
            return known
    named = _behind_dateline(document) or _last_line(document)
    if named is not None:
        return named.id
    return document.gazetteer.known_as(article.source_name)


def _behind_dateline(document: Document) -> Mention | None:
    lead = next((s for s in document.sentences if s.position is not Position.TITLE), None)
    if lead is None:
        return None
    text = document.folded[lead.start : lead.start + 2 * _DATELINE]
    for mention in islice(document.mentions, _EARLY):
        at, end = mention.start - lead.start, mention.end - lead.start
        if mention.kind is Kind.ORGAN and at >= 0 and end <= _DATELINE and _is_credit(text, at, end):
            return mention
    return None


def _is_credit(text: str, at: int, end: int) -> bool:
    """Whether the name stands as a credit does: in brackets or slashes, or at the very start, closed by a dash."""
    opened = text[:at].rstrip()[-1:] in ("(", "[", "【", "/", "=")
    return (opened or at == 0) and _BEHIND.match(text, end) is not None


def _last_line(document: Document) -> Mention | None:
    if len(document.sentences) < 3:
        return None
    last = document.sentences[-1]
    if len(last.text) > _CREDIT_LINE or last.start == 0:
        return None
    organs = [m for m in last.mentions if m.kind is Kind.ORGAN]
    rest = last.text
    for organ in organs:
        rest = rest.replace(last.text[organ.start - last.start : organ.end - last.start], "")
    words = re.findall(r"\w+", rest)
    return organs[0] if organs and len(words) <= 2 else None  # "Source: AFP", "(dpa)"
