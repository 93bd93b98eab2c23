"""Which of many patterns can match a text at all: one pass over it instead of one a pattern.

Every pattern has plain letters that it cannot match without: a run of them, or one of several in a choice. They are
found by one Aho-Corasick automaton; only the patterns whose letters stand in the text need be tried. A pattern without
such letters is always tried, so that the sieve never changes what is found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import ahocorasick

_PLAIN = re.compile(r"[\w' ,;:!%&=<>@/\"-]")
_TOKEN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.", re.DOTALL)
_REPEATED = re.compile(r"(?:[?*+]|\{\d*,?\d*\})[?+]?")
_LISTED = re.compile(r"\[[^\]\\^-][^\]\\-]*\]")  # a class of single letters
_MOST = 48  # spellings of a stretch; more of them cost more to keep than they spare
_OPTIONAL = ("?", "*", "{0", "{,")
_AROUND = ("(?=", "(?!", "(?<=", "(?<!")  # groups that look on and take nothing


@dataclass(frozen=True, slots=True)
class Letters:
    """Plain letters that stand in a match, and whether it begins or ends with them."""

    text: str
    leads: bool
    ends: bool


@dataclass(frozen=True, slots=True)
class _Part:
    """One letter, class or group of a pattern with what says how often it is repeated."""

    text: str
    repeated: str

    @property
    def around(self) -> bool:
        return self.text.startswith(_AROUND)


@dataclass(frozen=True, slots=True)
class _Wanting:
    """Names of the patterns that want some letters, by whether a word may begin before or go on behind them."""

    length: int
    names: tuple[tuple[bool, bool, frozenset[str]], ...]  # no word before, no word behind, of whom


class Sieve:
    """Names of patterns, by the letters that they need."""

    def __init__(self, patterns: Mapping[str, Sequence[str]], *, bounded: bool = False) -> None:
        """`patterns`: for each name the alternatives, as regular expressions over lower-case text.

        `bounded`: the alternatives are tried as whole words only.
        """
        wanting: dict[str, dict[tuple[bool, bool], set[str]]] = {}
        always: set[str] = set()
        for name, alternatives in patterns.items():
            for alternative in alternatives:
                found = required(alternative)
                if not found:
                    always.add(name)
                for letters in found:
                    borders = (bounded and letters.leads, bounded and letters.ends)
                    wanting.setdefault(letters.text, {}).setdefault(borders, set()).add(name)
        self.needed = {text: frozenset[str]().union(*by.values()) for text, by in wanting.items()}
        self.always = frozenset(always)  # names of patterns of which nothing is known
        self._automaton = ahocorasick.Automaton()
        for text, by in wanting.items():
            names = tuple((before, behind, frozenset(whose)) for (before, behind), whose in by.items())
            self._automaton.add_word(text, _Wanting(len(text), names))
        self._automaton.make_automaton()

    def passing(self, text: str) -> set[str]:
        """Names of the patterns that may match somewhere in a lower-case text."""
        found = set(self.always)
        if not self.needed:
            return found
        for last, wanting in self._automaton.iter(text):
            start = last - wanting.length
            for before, behind, names in wanting.names:
                if before and start >= 0 and _wordy(text[start]):
                    continue
                if behind and last + 1 < len(text) and _wordy(text[last + 1]):
                    continue
                found |= names
        return found


def _wordy(character: str) -> bool:
    """Whether it is a letter of a word to regular expressions."""
    return character.isalnum() or character == "_"


def required(pattern: str) -> tuple[Letters, ...]:
    """Letters of which every match of `pattern` holds one; none where nothing is sure."""
    found: list[Letters] = []
    for branch in _branches(pattern):
        best = max(_candidates(branch), key=_telling, default=())
        if not best:
            return ()
        found += best
    return tuple(dict.fromkeys(found))


def _telling(letters: Sequence[Letters]) -> int:
    """How rarely such letters stand in a text, roughly: the least of their lengths, borders of words included."""
    return min((len(each.text.strip()) + each.leads + each.ends for each in letters), default=-1)


def _candidates(branch: Sequence[_Part]) -> Iterator[tuple[Letters, ...]]:
    """Of each stretch of a branch all that it can be, and what is required inside of groups that can be too much."""
    parts = [part for part in branch if not part.around]
    stretch, leads = [""], True
    for number, part in enumerate(parts):
        spelled = _spellings(part)
        if spelled and len(spelled) * len(stretch) <= _MOST:
            stretch = [text + more for text in stretch for more in spelled]
            continue
        yield _letters(stretch, leads, ends=False)
        stretch, leads = list(spelled) or [""], number == 0 and bool(spelled)
        if not spelled and part.text.startswith("(") and not part.repeated.startswith(_OPTIONAL):
            first, final = number == 0 and not part.repeated, number == len(parts) - 1 and not part.repeated
            yield tuple(
                replace(letters, leads=letters.leads and first, ends=letters.ends and final)
                for letters in required(_inside(part.text))
            )
    yield _letters(stretch, leads, ends=True)


def _letters(stretch: Sequence[str], leads: bool, *, ends: bool) -> tuple[Letters, ...]:
    """A stretch that may be nothing tells nothing."""
    return () if "" in stretch else tuple(Letters(text, leads, ends) for text in dict.fromkeys(stretch))


def _spellings(part: _Part) -> tuple[str, ...]:
    """All that a part of a pattern can be; nothing for what can be too much."""
    if part.repeated not in ("", "?"):
        return ()
    text = part.text
    found: tuple[str, ...] = ()
    if len(text) == 1:
        found = (text,) if _PLAIN.match(text) else ()
    elif text.startswith("["):
        found = tuple(text[1:-1]) if _LISTED.fullmatch(text) else ()
    elif text.startswith("("):
        found = _spelled_out(_inside(text))
    return ("", *found) if found and part.repeated else found


def _spelled_out(pattern: str) -> tuple[str, ...]:
    found: list[str] = []
    for branch in _branches(pattern):
        stretch = [""]
        for part in branch:
            spelled = _spellings(part)
            if part.around or not spelled or len(spelled) * len(stretch) > _MOST:
                return ()
            stretch = [text + more for text in stretch for more in spelled]
        found += stretch
    return tuple(dict.fromkeys(found)) if len(found) <= _MOST else ()


def _inside(group: str) -> str:
    """What stands in a group; nothing in one of a kind that lexicons have no use for."""
    if group.startswith("(?:"):
        return group[3:-1]
    return "" if group.startswith("(?") else group[1:-1]


def _branches(pattern: str) -> Iterator[list[_Part]]:
    """The parts of a pattern, by the branches of the choice that it is."""
    parts: list[_Part] = []
    position = 0
    while position < len(pattern):
        end = _end_of_part(pattern, position)
        if pattern[position] == "|":
            yield parts
            parts, position = [], end
            continue
        repeated = _REPEATED.match(pattern, end)
        behind = repeated.end() if repeated else end
        parts.append(_Part(pattern[position:end], pattern[end:behind]))
        position = behind
    yield parts


def _end_of_part(pattern: str, position: int) -> int:
    depth = 0
    for token in _TOKEN.finditer(pattern, position):
        depth += {"(": 1, ")": -1}.get(token.group(), 0)
        if depth <= 0:
            return token.end()
    return len(pattern)
