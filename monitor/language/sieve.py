"""Which of many patterns can match a text at all: one pass over it instead of one a pattern.

Every pattern has plain letters that it cannot match without. They are found by one Aho-Corasick automaton; only the
patterns whose letters stand in the text need be tried. A pattern without such letters is always tried, so that the
sieve never changes what is found.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import ahocorasick

_REPEATED = "?*+{"  # what makes the letter before it other than one letter
_PLAIN = re.compile(r"[\w' ,;:!%&=<>@/\"-](?![?*+{])")
_NESTING = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[()|]", re.DOTALL)


class Sieve:
    """Names of patterns, by the letters that they need."""

    def __init__(self, patterns: Mapping[str, Sequence[str]]) -> None:
        """`patterns`: for each name the alternatives, as regular expressions over lower-case text."""
        names: dict[str, set[str]] = {}
        always: set[str] = set()
        for name, alternatives in patterns.items():
            for alternative in alternatives:
                letters = required(alternative)
                if letters:
                    names.setdefault(letters, set()).add(name)
                else:
                    always.add(name)
        self.needed: Mapping[str, frozenset[str]] = {letters: frozenset(names[letters]) for letters in names}
        self.always = frozenset(always)  # names of patterns of which nothing is known
        self._automaton = ahocorasick.Automaton()
        for letters, wanting in self.needed.items():
            self._automaton.add_word(letters, wanting)
        self._automaton.make_automaton()

    def passing(self, text: str) -> set[str]:
        """Names of the patterns that may match somewhere in a lower-case text."""
        found = set(self.always)
        if self.needed:
            for _, names in self._automaton.iter(text):
                found |= names
        return found


def required(pattern: str) -> str:
    """The longest run of plain letters that every match of `pattern` holds; "" where none is sure."""
    if _has_choice(pattern):
        return ""
    best = run = ""
    position = 0
    while position < len(pattern):
        if _PLAIN.match(pattern, position):
            run += pattern[position]
            position += 1
            continue
        best, run = max(best, run, key=len), ""
        position = _after(pattern, position)
    return max(best, run, key=len)


def _has_choice(pattern: str) -> bool:
    """Whether a "|" stands outside of all groups."""
    depth = 0
    for part in _NESTING.finditer(pattern):
        depth += {"(": 1, ")": -1}.get(part.group(), 0)
        if part.group() == "|" and depth == 0:
            return True
    return False


def _after(pattern: str, position: int) -> int:
    """Where the group, class, escape or sign at `position` ends, with what says how often it is repeated."""
    part = _NESTING.match(pattern, position)
    end = part.end() if part else position + 1
    if part is not None and part.group() == "(":
        depth = 1
        for inner in _NESTING.finditer(pattern, end):
            depth += {"(": 1, ")": -1}.get(inner.group(), 0)
            if depth == 0:
                end = inner.end()
                break
    while end < len(pattern) and pattern[end] in _REPEATED:
        end = pattern.find("}", end) + 1 if pattern[end] == "{" and "}" in pattern[end:] else end + 1
    return end
