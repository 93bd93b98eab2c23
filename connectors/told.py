"""What a feed tells of each entry, as its own elements say it: the shape in which both readers of XML hand it on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from connectors.parsed import LONGEST_GUID, Entry, language_code, web_link
from connectors.text import MAX_SUMMARY, line_of, one_line, text_of

HTML_TYPES = ("text/html", "application/xhtml+xml")
# Atom takes content without a type for plain text, and many feeds forget the type.
_MARKUP = re.compile(r"</[a-zA-Z][a-zA-Z0-9]*\s*>|<(?:br|p|img|div|a)\b[^<>]*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Marked:
    """A text with its media type."""

    value: str
    type: str = ""

    @property
    def html(self) -> bool:
        """Whether it is HTML, by its type or by its looks."""
        return self.type in HTML_TYPES or ("<" in self.value and _MARKUP.search(self.value) is not None)

    def text(self) -> str:
        """As paragraphs."""
        return text_of(self.value, html=self.html)

    def line(self) -> str:
        """As one line."""
        return line_of(self.value, html=self.html)


NOTHING = Marked("")


@dataclass(slots=True)
class Told:
    """One entry as the feed has it; "" and NOTHING where it says nothing."""

    guid: str = ""
    link: str = ""
    title: Marked = NOTHING
    summary: Marked = NOTHING
    contents: list[Marked] = field(default_factory=list)
    author: str = ""
    language: str = ""
    published: str = ""
    updated: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldFeed:
    """A feed as its elements tell it; `problem` says in words what was wrong with its XML."""

    entries: Sequence[Told]
    title: Marked = NOTHING
    language: str = ""
    problem: str = ""


def entry_of(told: Told, url: str, language: str, *, dated_by_update: bool) -> Entry:
    """The entry in plain text. RSS 1.0 has only dc:date, which counts as an update: there it is the publication."""
    texts: dict[Marked, str] = {each: each.text() for each in dict.fromkeys((*told.contents, told.summary))}
    text = max(texts.values(), key=len)
    # What is shorter is the summary; else, where the summary is the longest of all, the next one.
    others = (each for each in (texts[told.summary], *texts.values()) if each and each != text)
    summary = next(others, None)
    published, updated = told.published, told.updated
    if not published and dated_by_update:
        published, updated = updated, ""
    return Entry(
        guid=one_line(told.guid, LONGEST_GUID) or None,
        link=web_link(told.link, url),
        title=told.title.line(),
        text=text,
        summary=summary[:MAX_SUMMARY] if summary else None,
        author=one_line(told.author) or None,
        language=language_code(told.language, language),
        published_raw=one_line(published) or None,
        updated_raw=one_line(updated) or None,
    )
