"""A live blog's entries out of text or headings: as well as can be, where nothing marks them.

In text an entry begins with a heading: a short line that does not end as a sentence does.  What
stands above the first heading but the title and the lines about dates is the blog's lead.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from connectors.datelines import Dateline, dateline, is_label
from connectors.dates import read_date
from connectors.items import Found
from monitor.types import ItemKind, content_hash

LONGEST_HEADING = 130  # code points
FEWEST_WORDS = 2  # of a heading, in scripts that part words

_BULLET = re.compile(r"^\s*(?:[-*•–‣▪]|\d{1,2}[.)])\s+")
# A sentence's end, or a quotation's that ends with its own; "'autocratic alliance'" may end a heading.
_SENTENCE_END = re.compile(r"""(?:[.,:;…。，：；]|[.?!…。？！][”"’'»」』]+)$""")
_TIME_OF_DAY = re.compile(
    r"^(?:\d{1,2}[:.]\d{2}(?::\d{2})?\s*(?:[ap]\.?m\.?)?(?:\s*(?:[A-Z]{2,5}|GMT[+-]\d{1,2}))?|\d{1,2}\s*[ap]\.?m\.?)$",
    re.IGNORECASE,
)
_SPACELESS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class BlogEntry:
    """One entry. Its key is its own name where it has one, else made of heading and time; dates as written."""

    key: str
    title: str
    text: str
    url: str | None = None
    author: str | None = None
    published_raw: str | None = None
    updated_raw: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Blog:
    """A live blog: its entries in the order in which it shows them, and what stands above them."""

    title: str = ""
    lead: str = ""
    published_raw: str | None = None
    updated_raw: str | None = None
    entries: tuple[BlogEntry, ...] = ()
    skipped: int = 0

    @property
    def day(self) -> str | None:
        """The day, as written, on which all of it was published: known when it was last changed on its first day."""
        first, last = read_date(self.published_raw, "UTC"), read_date(self.updated_raw, "UTC")
        if first and last and first.day_only and first.at == last.at:
            return self.published_raw
        return None


def split_text(text: str) -> Blog:
    """A live blog that was saved as text; lines are paragraphs, blank ones don't count."""
    lines = [" ".join(line.split()) for line in text.split("\n")]
    lines = [line for line in lines if line]
    title = lines.pop(0) if lines else ""
    first = next((number for number in range(len(lines)) if _starts_entry(lines, number)), len(lines))
    dates, lead = _head(lines[:first])
    return Blog(
        title=title,
        lead="\n\n".join(lead),
        published_raw=dates.published,
        updated_raw=dates.updated,
        entries=told_apart(list(_entries(lines[first:]))),
    )


def found_in(blog: Blog, *, url: str | None, prefix: str = "") -> list[Found]:
    """The entries as found, the newest last: live blogs show it first. `url` is the blog's own."""
    return [
        Found(
            key=f"{prefix}{each.key}",
            url=each.url or url,
            title=each.title,
            text=each.text,
            author=each.author,
            published_raw=_dated(each.published_raw, blog.day),
            updated_raw=each.updated_raw,
            kind=ItemKind.LIVEBLOG_ENTRY,
        )
        for each in reversed(blog.entries)
    ]


def _dated(when: str | None, day: str | None) -> str | None:
    """An entry's own time, after the blog's day where it names none itself."""
    if when is None or day is None:
        return when or day
    return f"{day} {when}" if is_time_of_day(when) else when


def entry_key(title: str, when: str | None, text: str = "") -> str:
    """A name for an entry that has none: by its heading and time, else by what it says."""
    return f"entry:{content_hash(title, when or '') if title else content_hash(text)}"


def told_apart(entries: Sequence[BlogEntry]) -> tuple[BlogEntry, ...]:
    """The entries without doubles; where several have one key, heading and time, then the text tell them apart."""
    kept = list(dict.fromkeys(entries))
    for remake in (_by_heading, _by_text):
        shared = {key for key, count in Counter(each.key for each in kept).items() if count > 1}
        kept = [replace(each, key=remake(each)) if each.key in shared else each for each in kept]
    return tuple({each.key: each for each in reversed(kept)}.values())[::-1]


def is_heading(line: str) -> bool:
    """Whether a line looks like a heading by itself."""
    if len(line) > LONGEST_HEADING or _BULLET.match(line) or _SENTENCE_END.search(line):
        return False
    if is_time_of_day(line) or dateline(line):
        return False
    return len(line.split()) >= FEWEST_WORDS or (_SPACELESS.search(line) is not None and len(line) >= 6)


def is_time_of_day(line: str) -> bool:
    """Whether a line is nothing but a time, as many live blogs put above an entry."""
    return _TIME_OF_DAY.match(line) is not None


def _starts_entry(lines: Sequence[str], number: int) -> bool:
    """A heading, or a time of day with a heading or a paragraph below it, with something that is no bullet below."""
    if is_time_of_day(lines[number]):
        return number + 1 < len(lines)
    return is_heading(lines[number]) and not (number + 1 < len(lines) and _BULLET.match(lines[number + 1]))


def _head(lines: Sequence[str]) -> tuple[Dateline, list[str]]:
    """The dates, and the rest of what stands above the entries."""
    dates = Dateline(None, None)
    lead: list[str] = []
    for line in lines:
        found = dateline(line)
        if found and dates.published is None:
            dates = found
        elif not is_label(line):
            lead.append(_BULLET.sub("", line))
    return dates, lead


def _entries(lines: Sequence[str]) -> Iterator[BlogEntry]:
    """The entries; the first line begins one."""
    starts = [number for number in range(len(lines)) if _starts_entry(lines, number) and not _timed(lines, number)]
    for start, end in pairwise([*starts, len(lines)]):
        when = lines[start] if is_time_of_day(lines[start]) else None
        rest = list(lines[start + (when is not None) : end])
        title = rest.pop(0) if rest and is_heading(rest[0]) else ""
        text = "\n\n".join(_BULLET.sub("", line) for line in rest)
        if title or text:
            yield BlogEntry(key=entry_key(title, when, text), title=title, text=text, published_raw=when)


def _timed(lines: Sequence[str], number: int) -> bool:
    """Whether a heading belongs to the time of day above it, where its entry begins."""
    return number > 0 and is_time_of_day(lines[number - 1]) and not is_time_of_day(lines[number])


def _by_heading(entry: BlogEntry) -> str:
    return entry_key(entry.title, entry.published_raw, entry.text)


def _by_text(entry: BlogEntry) -> str:
    return f"entry:{content_hash(entry.title, entry.published_raw or '', entry.text)}"
