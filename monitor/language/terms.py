"""Finding words and phrases of many searches in a text: one pass, however many there are.

Case, accents and width of characters mean nothing, and a hyphen is a space. In scripts that part words a term is found
between the borders of words only, in Chinese, Japanese and Korean anywhere. A trailing * stands for any ending.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ahocorasick

from monitor.language.folding import fold, is_hangul, is_wide

LONGEST_ABBREVIATION = 3  # "US", "WHO": a term of so few capitals has to stand in capitals, else "us" would match

# Latin letters with a stroke are letters of their own to Unicode; readers take them for the plain one.
_STROKES = {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "ё": "е"}


@dataclass(frozen=True, slots=True)
class Needle:
    """Something to find. `key` is what the caller knows it by."""

    text: str
    key: int
    capital: bool = False  # has to begin with a capital letter, where the script has any
    acronym: bool = False  # has to stand in capitals


@dataclass(frozen=True, slots=True)
class Found:
    """A needle in a text, by code points."""

    start: int
    end: int
    key: int


@dataclass(frozen=True, slots=True)
class _Pin:
    """One needle as the automaton holds it."""

    text: str
    key: int
    lead: int  # 1 where a border of words has to stand before it
    prefix: bool
    capital: bool
    acronym: bool


def _comparable_character(character: str) -> str:
    wide = unicodedata.normalize("NFKC", character)
    character = wide if len(wide) == 1 else character
    lowered = character.lower()
    character = lowered if len(lowered) == 1 else character
    if character in _STROKES:
        return _STROKES[character]
    base = unicodedata.normalize("NFD", character)[0]
    # Marks are dropped from Latin and Greek letters only: a Cyrillic й and a Japanese が are letters of their own.
    return base if base <= "\u03ff" and base.isalpha() else character


class _Table(dict[int, str]):
    def __missing__(self, code: int) -> str:
        character = fold(chr(code))
        plain = " " if character == "-" else _comparable_character(character)
        self[code] = plain
        return plain


_TABLE = _Table()


def comparable(text: str) -> str:
    """Text in which the same word always looks the same; every offset into it holds in `text`."""
    return text.lower().replace("-", " ") if text.isascii() else text.translate(_TABLE)


class Terms:
    """Many needles, found together.

    Two automata: where words are parted by spaces, the borders of words are part of what is looked for, so that what
    stands inside other words costs nothing; a text that holds Chinese, Japanese or Korean is looked through for all.
    """

    def __init__(self, needles: Sequence[Needle]) -> None:
        anywhere: dict[str, list[_Pin]] = {}
        bordered: dict[str, list[_Pin]] = {}
        for needle in needles:
            for text in _variants(needle.text):
                pin = _pin(needle, text)
                _pinned(anywhere, text, pin)
                if not _CONTINUOUS.search(text):
                    _pinned(bordered, _bordered(text, pin), pin)
        self._anywhere = _automaton(anywhere)
        self._bordered = _automaton(bordered)

    def find(self, text: str) -> Iterator[Found]:
        """All needles in `text`, by where they end; they may overlap."""
        plain = comparable(text)
        if _CONTINUOUS.search(plain):
            automaton, sought, before = self._anywhere, plain, 0
        else:
            automaton, sought, before = self._bordered, f" {plain.translate(_BORDERS)} ", 1
        if automaton is None:
            return
        for last, pins in automaton.iter(sought):
            for length, pin in pins:
                start = last - length + 1 - before + pin.lead * before
                end = start + len(pin.text)
                if plain[start:end] == pin.text and _stands(text, plain, start, end, pin):
                    yield Found(start, _word_end(plain, end) if pin.prefix else end, pin.key)


# Scripts that write words without spaces between them (Chinese, Japanese), or with particles that join them (Korean).
_CONTINUOUS = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7a3]")


class _Borders(dict[int, str]):
    """Whatever makes no word is a space."""

    def __missing__(self, code: int) -> str:
        self[code] = character = chr(code) if _joins(chr(code)) else " "
        return character


_BORDERS = _Borders()


def _bordered(text: str, pin: _Pin) -> str:
    """The term with the borders of its words, as they stand in a text of `_BORDERS`."""
    after = " " if _joins(text[-1]) and not pin.prefix else ""
    return " " * pin.lead + text.translate(_BORDERS) + after


def _pinned(pins: dict[str, list[_Pin]], text: str, pin: _Pin) -> None:
    held = pins.setdefault(text, [])
    if pin not in held:
        held.append(pin)


def _automaton(pins: Mapping[str, list[_Pin]]) -> Any:
    """What finds all of them; None for nothing, which has no automaton."""
    if not pins:
        return None
    automaton = ahocorasick.Automaton()
    for text, held in pins.items():
        automaton.add_word(text, tuple((len(text), pin) for pin in held))
    automaton.make_automaton()
    return automaton


def _variants(text: str) -> set[str]:
    """How a term may be written: Chinese, Japanese and Korean with and without the spaces between its parts."""
    plain = " ".join(comparable(text).removesuffix("*").split())
    if not plain:
        return set()
    joined = plain.replace(" ", "")
    return {plain, joined} if is_wide(plain[0]) or is_hangul(plain[0]) else {plain}


def _pin(needle: Needle, text: str) -> _Pin:
    letters = needle.text.strip().removesuffix("*")
    short = letters.isalpha() and letters.isupper() and letters.lower() != letters
    return _Pin(
        text=text,
        key=needle.key,
        lead=int(_joins(text[0])),
        prefix=needle.text.rstrip().endswith("*"),
        capital=needle.capital,
        acronym=needle.acronym or (short and len(letters) <= LONGEST_ABBREVIATION),
    )


def _stands(text: str, plain: str, start: int, end: int, pin: _Pin) -> bool:
    if start and _joins(plain[start - 1]) and _joins(plain[start]):
        return False
    if not pin.prefix and end < len(plain) and _joins(plain[end - 1]) and _joins(plain[end]):
        return False
    if pin.acronym:
        return text[start:end].isupper()
    return not pin.capital or text[start].isupper() or text[start].lower() == text[start].upper()


def _word_end(plain: str, end: int) -> int:
    """Where the word ends whose beginning was found."""
    while end < len(plain) and _joins(plain[end - 1]) and _joins(plain[end]):
        end += 1
    return end


def _joins(character: str) -> bool:
    """Whether the character makes one word with such a one beside it."""
    return (character.isalnum() or unicodedata.combining(character) > 0) and not (
        is_wide(character) or is_hangul(character)
    )
