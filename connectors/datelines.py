"""Lines of a page that say when it was published, and perhaps when it was changed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from connectors.dates import find_dates

MOST_OTHER_WORDS = 6  # beside dates and their labels: a section's name, a byline; prose has more
LONGEST = 200  # code points

_LABEL = re.compile(
    r"\b(?:first\s+|last\s+)?(?:published|posted|updated|modified|issued|date)\b(?:\s+(?:on|at))?|\b(?:on|at)\b"
    r"|опубликовано|обновлено|입력|등록|수정|최종|发布|发表|更新|公開|配信"
    r"|veröffentlicht|aktualisiert|publié|mis à jour",
    re.IGNORECASE,
)
_CHANGED = re.compile(
    r"(?:updated|modified|обновлено|수정|更新|aktualisiert|mis à jour)\b[^\w]*(?:on|le|am)?[^\w]*$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Dateline:
    """The dates of such a line as they stand there."""

    published: str | None
    updated: str | None


def dateline(line: str) -> Dateline | None:
    """The line's dates, if dates are what it is about."""
    if len(line) > LONGEST:
        return None
    published = updated = None
    rest, at = "", 0
    for start, end in find_dates(line):
        before = line[at:start]
        if _CHANGED.search(before):
            updated = updated or line[start:end]
        else:
            published = published or line[start:end]
        rest += before + " "
        at = end
    if published is None and updated is None:
        return None
    others = re.findall(r"\w+", _LABEL.sub(" ", rest + line[at:]))
    return Dateline(published, updated) if len(others) <= MOST_OTHER_WORDS else None


def is_label(line: str) -> bool:
    """Whether the line only announces a date: "Published on"."""
    return bool(_LABEL.search(line)) and not re.search(r"\w", _LABEL.sub("", line))
