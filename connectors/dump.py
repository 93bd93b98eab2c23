"""An article out of the text of a whole page: its menus, pictures, related stories and comment forms left out.

Where the article stands is found as by BTE (Finn, Kushmerick, Smyth: "Fact or Fiction", 2001): of all stretches of
lines it is the one with the most running text and the fewest other lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from connectors.datelines import dateline, is_label
from connectors.furniture import (
    byline,
    ends_sentence,
    ends_with_full_stop,
    is_boilerplate,
    is_caption,
    is_credit,
    is_duration,
    is_listed,
    is_menu_item,
    is_notice,
    is_prose,
    same_words,
    weight,
)
from connectors.text import MAX_TEXT, clean, one_line

OTHER_LINE = -6  # what a line that is no running text weighs, in words
LONGEST_TITLE = 250  # code points
STANDFIRST_WORDS = 6
LAST_REMARK = 2  # lines
TITLE_WORDS = 4  # a shorter line may be a section's name
AUTHOR_WORDS = 8
LONGEST_UNENDED = 12  # words of a heading; a longer line without a full stop describes a picture
LEAD = 2000  # code points of running text that a title is compared with
WRAPPED = (45, 100)  # code points of lines that were broken to fit a width, and by how much these may differ
WRAPPED_SPREAD = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What one text says; dates as it writes them."""

    title: str
    text: str
    author: str | None = None
    published_raw: str | None = None
    updated_raw: str | None = None


def read_dump(text: str) -> Document:
    """The article in a text that may be a whole page's. A text of nothing but paragraphs comes back as it is."""
    lines = list(_lines(clean(text)))
    start, end = _densest(lines)
    if start == end:  # nothing but short lines: a flash
        head, *rest = lines or [""]
        return Document(title=one_line(head), text="\n\n".join(rest)[:MAX_TEXT])
    head_end = _head_end(lines, start, end)
    title = _title(lines, start, head_end)
    published, updated = _dates(lines[:head_end], title)
    body = _body(lines, start, head_end, end, title)
    return Document(
        title=one_line(title),
        text="\n\n".join(body)[:MAX_TEXT],
        author=_author(lines[:head_end], title),
        published_raw=published,
        updated_raw=updated,
    )


def _lines(text: str) -> Iterator[str]:
    """The lines that hold something; those that were broken to fit a width are joined again."""
    for block in re.split(r"\n\s*\n", text):
        lines = [" ".join(line.split()) for line in block.split("\n")]
        lines = [line for line in lines if line]
        lengths = [len(line) for line in lines[:-1]]
        if (
            len(lines) > 2
            and min(lengths) >= WRAPPED[0]
            and max(lengths) <= WRAPPED[1]
            and max(lengths) - min(lengths) <= WRAPPED_SPREAD
        ):
            yield " ".join(lines)
        else:
            yield from lines


def _score(line: str) -> int:
    running = (is_prose(line) or ends_with_full_stop(line)) and not (is_notice(line) or is_boilerplate(line))
    return weight(line) if running else OTHER_LINE


def _densest(lines: Sequence[str]) -> tuple[int, int]:
    """Start and end of the stretch with the highest sum of scores (Kadane's algorithm)."""
    best, best_span = 0, (0, 0)
    running, start = 0, 0
    for number, line in enumerate(lines):
        if running <= 0:
            running, start = 0, number
        running += _score(line)
        if running > best:
            best, best_span = running, (start, number + 1)
    return best_span[0], _extended(lines, best_span[1])


def _extended(lines: Sequence[str], end: int) -> int:
    """The end with what still belongs to the text: short sentences, a list that a colon announces, a last remark."""
    while 0 < end < len(lines):
        if lines[end - 1].endswith((":", "：")) or is_listed(lines[end - 1]):
            listed = list(takewhile(lambda line: is_listed(line) and not _closes(line), lines[end:]))
            if listed:
                end += len(listed)
                continue
        rest = lines[end:]
        if _closes(rest[0]):
            return end
        if not ends_sentence(rest[0]):
            return len(lines) if len(rest) <= LAST_REMARK and not any(map(_closes, rest)) else end
        end += 1
    return end


def _closes(line: str) -> bool:
    """Whether the line shows that the article is over."""
    return is_boilerplate(line) or is_notice(line) or is_credit(line)


def _head_end(lines: Sequence[str], start: int, end: int) -> int:
    """Where the article's own text begins: below its byline and date, if they stand near its start."""
    body = sum(map(_score, lines[start:end]))
    above = 0
    below = start
    for number in range(start, end):
        if byline(lines[number]) or (not is_prose(lines[number]) and dateline(lines[number])):
            below = number + 1
        above += max(_score(lines[number]), 0)
        if above > body // 2:
            break
    return below


def _body(lines: Sequence[str], start: int, head_end: int, end: int, title: str) -> list[str]:
    """The article's own lines, with what was set above byline and date to introduce it."""
    above = list(lines[lines.index(title) + 1 : start]) if title in lines[:start] else []
    both = [*above, *lines[start:end]]
    intro = len(above) + head_end - start
    dropped = _furniture_within(both)
    for number in range(1, intro):  # what a picture shows, said twice: for eyes and for ears
        if same_words(both[number], both[number - 1]):
            dropped |= {number - 1, number}
    for number, line in enumerate(above):
        if _is_about_the_page(line) or weight(line) < STANDFIRST_WORDS:
            dropped.add(number)
    return [line for number, line in enumerate(both) if number not in dropped and line != title]


def _furniture_within(lines: Sequence[str]) -> set[int]:
    """Numbers of the lines that are no part of the article's text."""
    dropped: set[int] = set()
    under_heading = False
    for number, line in enumerate(lines):
        prose = is_prose(line)
        before = lines[number - 1] if number else ""
        under_heading = is_boilerplate(line) or (under_heading and not prose)
        if under_heading or is_notice(line) or (not prose and (is_label(line) or byline(line) or dateline(line))):
            dropped.add(number)
        elif is_duration(line):
            dropped.add(number)
            if before and not is_prose(before):
                dropped.add(number - 1)  # the video's title
        elif is_caption(line):
            dropped.add(number)
            if weight(before) > LONGEST_UNENDED and not ends_sentence(before):
                dropped.add(number - 1)  # the picture's description, which ends without a full stop
        elif before and same_words(line, before):
            dropped.add(number)
        elif is_credit(line):
            dropped.add(number)
            if sum(map(weight, lines[number:])) < sum(map(weight, lines)) // 4:
                dropped |= set(range(number, len(lines)))  # articles end with their credits
    return dropped


def _title(lines: Sequence[str], start: int, head_end: int) -> str:
    """The headline: the line above the text that shares most words with it, or stands again within other lines."""
    above = [line for line in lines[: max(head_end, start)] if _may_be_title(line)]
    lead = _significant(" ".join(line for line in lines[head_end:] if is_prose(line))[:LEAD])
    best, best_score = "", 0.0
    for line in dict.fromkeys(above):
        words = _significant(line)
        again = weight(line) >= TITLE_WORDS and any(other != line and other.endswith(line) for other in lines)
        score = len(words & lead) / max(len(words), TITLE_WORDS) + again / 2
        if score > best_score:
            best, best_score = line, score
    return best or ("" if start == 0 or _is_about_the_page(lines[0]) else lines[0])


def _may_be_title(line: str) -> bool:
    return len(line) <= LONGEST_TITLE and not (_is_about_the_page(line) or ends_with_full_stop(line))


def _is_about_the_page(line: str) -> bool:
    """Whether the line is anything else than a headline or a text."""
    return bool(
        is_menu_item(line)
        or is_boilerplate(line)
        or is_notice(line)
        or is_caption(line)
        or is_label(line)
        or byline(line)
        or dateline(line)
    )


def _significant(text: str) -> set[str]:
    """Words that carry meaning: long ones, numbers, and pairs of characters where words are not parted."""
    words = {word for word in re.findall(r"\w+", text.lower()) if len(word) > 3 or word.isdigit()}
    wide = re.sub(r"[^\u3040-\u30ff\u3400-\u9fff]", "", text)
    return words | {wide[at : at + 2] for at in range(len(wide) - 1)}


def _dates(lines: Sequence[str], title: str) -> tuple[str | None, str | None]:
    """The first dates below the title, else the first at all."""
    after = lines.index(title) + 1 if title in lines else 0
    for line in [*lines[after:], *lines[:after]]:
        if not is_prose(line) and (found := dateline(line)):
            return found.published, found.updated
    return None, None


def _author(lines: Sequence[str], title: str) -> str | None:
    """Who is named by "By …", or on a line of his own between the title and the date."""
    after = lines.index(title) + 1 if title in lines else 0
    for line in lines[after:]:
        if name := byline(line):
            return one_line(name)
    for before, line in pairwise(lines[after:]):
        if dateline(line) and not is_prose(line):
            plain = _may_be_title(before) and weight(before) <= AUTHOR_WORDS and not ends_sentence(before)
            return one_line(before) if plain else None
    return None
