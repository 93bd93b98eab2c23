"""Sentences of a text, with their offsets, in all the languages that we read."""

from __future__ import annotations

import re
from dataclasses import dataclass

from monitor.language.folding import is_hangul

# A full stop after these does not end a sentence. Months and titles as agencies write them.
_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof gen col sgt lt adm rep reps sen gov st jr sr vs no jan feb mar apr jun jul aug "
    "sep sept oct nov dec "
    "n s e w u.s u.k u.n a.m p.m d.c bzw ca z.b d.h u.a m mme sra ee.uu г гг им ул руб млн млрд".split()
)
LONGEST = 800  # code points; what goes on for longer is no prose, and reading it costs more than its length
_END = re.compile(r"(?<![.!?…])[.!?…]{1,40}[\"')\]]{0,4}(?=\s)|[。！？]{1,40}[」』”’）\"']{0,4}|\n+")
_DAY = re.compile(r"(?<!\d)\d{1,2}$")
_GERMAN_MONTH = re.compile(r" (?:Jan|Feb|März|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez)")
_LAST_WORD = re.compile(r"[\w.]+$")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence; `start` is its offset in the text that it was cut from."""

    text: str
    start: int
    paragraph: int  # counted from 0

    @property
    def end(self) -> int:
        """Offset after its last character."""
        return self.start + len(self.text)


def split(text: str) -> tuple[Sentence, ...]:
    """The sentences of `text` in order; a line break always ends one."""
    sentences: list[Sentence] = []
    start = paragraph = 0
    for match in _END.finditer(text):
        if match.group().startswith("\n"):
            _add(sentences, text, start, match.start(), paragraph)
            paragraph += 1
            start = match.end()
        elif not _is_abbreviation(text, match):
            _add(sentences, text, start, match.end(), paragraph)
            start = match.end()
    _add(sentences, text, start, len(text), paragraph)
    return tuple(sentences)


def _add(sentences: list[Sentence], text: str, start: int, end: int, paragraph: int) -> None:
    while start < end:
        cut = end if end - start <= LONGEST else _cut(text, start)
        piece = text[start:cut]
        stripped = piece.strip()
        if stripped:
            sentences.append(Sentence(stripped, start + piece.index(stripped[0]), paragraph))
        start = cut


def _cut(text: str, start: int) -> int:
    """Where to cut what has no end: after the last comma or space that leaves a sentence of bearable length."""
    last = max(text.rfind(mark, start + LONGEST // 2, start + LONGEST) for mark in ",;，；、 ")
    return last + 1 if last > 0 else start + LONGEST


def _is_abbreviation(text: str, match: re.Match[str]) -> bool:
    if match.group()[0] != ".":
        return False
    if is_hangul(text[match.start() - 1]):  # 다. 6월: no word of Korean is cut short by a full stop
        return False
    after = text[match.end() :].lstrip(" ")[:1]
    if after.islower() or after.isdigit():
        return True
    if _DAY.search(text, max(0, match.start() - 3), match.start()) and _GERMAN_MONTH.match(text, match.end()):
        return True
    word = _LAST_WORD.search(text[max(0, match.start() - 12) : match.start()])
    if word is None:
        return False
    last = word.group().lower()
    return last in _ABBREVIATIONS or (len(last) == 1 and last.isalpha()) or bool(re.fullmatch(r"(\w\.)+\w", last))
