"""What a text says of itself: that it corrects an earlier one, or takes it back."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources
from typing import Any

from monitor.language.data import read_yaml
from monitor.language.folding import fold
from monitor.types import Article, Notice

_HEAD, _FOOT = 3, 2  # lines above and below a text that may hold such a note
_LONGEST = 400  # characters of a line that are looked at
_OPEN, _CLOSE = r"[\[(【〈《<（「]", r"[\])】〉》>）」]"
# What may stand before the mark: "RPT-", "UPDATE 2-", "URGENT:", "[속보]"
_BEFORE = r"(?i:(?:[\[(]?(?:rpt|repeat|update \d+|urgent|advisory|bc|속보|速报|速報)[\])]?[-: ]+){0,2})"


def notice_of(article: Article) -> Notice:
    """What the article says of itself. Pure; a withdrawal outweighs a correction."""
    return notice_in(article.title, article.text)


def notice_in(title: str, text: str) -> Notice:
    """What a title and the lines around a text say of it."""
    plain = fold(title[:_LONGEST]).strip()
    head = plain.lower()
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    noted = [*lines[:_HEAD], *lines[_HEAD:][-_FOOT:]]
    folded = [fold(line[:_LONGEST]).lower() for line in noted]
    for notice, (marks, capitals, notes) in _patterns().items():
        if marks.search(head) or capitals.search(plain) or any(notes.search(line) for line in (head, *folded)):
            return notice
        if folded and marks.search(folded[0]):
            return notice
    return Notice.NONE


@lru_cache(maxsize=1)
def _patterns() -> dict[Notice, tuple[re.Pattern[str], ...]]:
    """For each notice, withdrawals first: marks, marks in capitals, notes; for all languages, as marks travel."""
    text = resources.files("monitor.language.data").joinpath("notices.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = read_yaml(text)
    return {
        notice: (
            _marks(data[notice.value]["title"]),
            _marks(data[notice.value].get("capitals", {"": ["(?!)"]})),
            _any(data[notice.value]["text"]),
        )
        for notice in (Notice.WITHDRAWN, Notice.CORRECTION)
    }


def _marks(by_language: dict[str, list[str]]) -> re.Pattern[str]:
    marks = _any(by_language).pattern
    front = rf"^{_BEFORE}(?:{marks})\s*(?=$|[-:：–—|]|{_CLOSE})"
    return re.compile(rf"{front}|{_OPEN}\s*(?:{marks})\s*{_CLOSE}")


def _any(by_language: dict[str, list[str]]) -> re.Pattern[str]:
    return re.compile("|".join(pattern for patterns in by_language.values() for pattern in patterns))
