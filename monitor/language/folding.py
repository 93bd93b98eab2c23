"""Text made comparable without moving a character: every offset into a folded text holds in the original."""

from __future__ import annotations

import re
import unicodedata

_PUNCTUATION = {
    "\u2018": "'",
    "\u2019": "'",
    "\u201b": "'",
    "\u02bc": "'",
    "\u2032": "'",
    "\u201c": '"',
    "\u201d": '"',
    "\u201e": '"',
    "\u00ab": '"',
    "\u00bb": '"',
    "\u2010": "-",
    "\u2011": "-",
    "\u00a0": " ",
    "\u202f": " ",
    "\u2009": " ",
    "\u3000": " ",
    "\u0451": "\u0435",  # ё is written е as often as not
    "\u0401": "\u0415",
    "\u30fb": " ",  # ・ between the parts of a foreign name in Japanese
    "\u00b7": " ",  # · the same in Chinese
    "\u2027": " ",  # ‧ the same in Taiwan
    "\uff0d": "-",  # － between two family names
}


def _fold_character(character: str) -> str:
    if character in _PUNCTUATION:
        return _PUNCTUATION[character]
    code = ord(character)
    if 0xFF10 <= code <= 0xFF19 or 0xFF21 <= code <= 0xFF3A or 0xFF41 <= code <= 0xFF5A:
        return chr(code - 0xFEE0)  # full-width digits and letters; full-width commas stay, they part clauses
    return character


class _Table(dict[int, str]):
    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_character(chr(code))
        return folded


_TABLE = _Table()
_FOLDED = re.compile(f"[{''.join(_PUNCTUATION)}\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")
_FEW = 8  # kinds of characters; to replace one after the other costs less than to look each letter up


def fold(text: str) -> str:
    """Straight quotes, plain spaces, half-width digits and letters, е for ё; same length as `text`."""
    if text.isascii():
        return text
    found = set(_FOLDED.findall(text))
    if len(found) > _FEW:
        return text.translate(_TABLE)
    for character in found:
        text = text.replace(character, _fold_character(character))
    return text


def lower(text: str) -> str:
    """Lower case, character by character, so that the length stays (German ß and Turkish İ stay as they are)."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def strip_accents(text: str) -> str:
    """Without combining marks: Kim Jŏng-ŭn → Kim Jong-un. The length may change."""
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def is_wide(character: str) -> bool:
    """Whether the character belongs to a script that writes words without spaces (Chinese, Japanese)."""
    code = ord(character)
    return 0x3040 <= code <= 0x30FF or 0x3400 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF


def is_hangul(character: str) -> bool:
    """Whether the character is a Korean syllable."""
    return 0xAC00 <= ord(character) <= 0xD7A3
