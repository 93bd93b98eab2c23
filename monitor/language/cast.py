"""Whom a text is about, and which of its paragraphs tell of somebody else.

The people of the title are the cast, and with them everybody who is named in one paragraph with one of them or with a
country of the title. A paragraph that names people but neither is an aside: other news below the report, a box of
another story.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

STORY = -1  # the scope of all paragraphs that are no asides; an aside is a scope of its own


class Tie(StrEnum):
    """What a paragraph has to do with the text's cast."""

    OWN = "own"  # the title, and what names one of the cast or a country of the title
    LOOSE = "loose"  # names neither them nor anybody else
    ASIDE = "aside"  # names other people only


@dataclass(frozen=True, slots=True)
class Lines:
    """The paragraphs of a text, the title the first of them."""

    starts: tuple[int, ...]
    ties: tuple[Tie, ...]

    def number(self, position: int) -> int:
        """Which paragraph the character at `position` stands in."""
        return bisect_right(self.starts, position) - 1

    def tie(self, position: int) -> Tie:
        """What that paragraph has to do with the cast."""
        return self.ties[self.number(position)]

    def scope(self, position: int) -> int:
        """Within what a name may stand for somebody named elsewhere: the story, or one aside."""
        number = self.number(position)
        return number if self.ties[number] is Tie.ASIDE else STORY


@dataclass(frozen=True, slots=True)
class Pointer:
    """That somebody or something is named at a place of the text: who it can be, and of which countries."""

    position: int
    people: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()


def lines_of(text: str, pointers: Iterable[Pointer]) -> Lines:
    """The paragraphs of `text`. Where its title names nothing, the cast are those of whom most of the text speaks."""
    starts = [0]
    while (end := text.find("\n", starts[-1])) >= 0:
        starts.append(end + 1)
    people: list[set[str]] = [set() for _ in starts]
    countries: list[set[str]] = [set() for _ in starts]
    weight = [0] * len(starts)
    for pointer in pointers:
        number = bisect_right(starts, pointer.position) - 1
        people[number] |= pointer.people
        countries[number] |= pointer.countries
        weight[number] += bool(pointer.people)
    near = [not countries[0].isdisjoint(line) for line in countries]
    where: dict[str, list[int]] = {}
    for number, line in enumerate(people):
        for who in line:
            where.setdefault(who, []).append(number)
    if people[0] or countries[0]:
        close = (line for line, beside in zip(people, near, strict=True) if beside)
        cast = _linked(people, where, people[0].union(*close))
    else:
        cast = _foremost(people, where, weight)
    if not cast and not countries[0]:
        return Lines(tuple(starts), (Tie.OWN,) * len(starts))
    ties = (
        Tie.OWN if close or number == 0 or line & cast else Tie.ASIDE if line else Tie.LOOSE
        for number, (line, close) in enumerate(zip(people, near, strict=True))
    )
    return Lines(tuple(starts), tuple(ties))


def _linked(people: list[set[str]], where: dict[str, list[int]], some: Iterable[str]) -> set[str]:
    """Some people, and all who are linked with them by lines that name both."""
    cast = set(some)
    waiting = list(cast)
    told: set[int] = set()
    while waiting:
        for number in where.get(waiting.pop(), ()):
            if number not in told:
                told.add(number)
                waiting += people[number] - cast
                cast |= people[number]
    return cast


def _foremost(people: list[set[str]], where: dict[str, list[int]], weight: list[int]) -> set[str]:
    """Those linked with each other of whom more is said than of all others together; nobody where there are none."""
    half = sum(weight) / 2
    seen: set[str] = set()
    for line in people:
        if line and seen.isdisjoint(line):
            group = _linked(people, where, line)
            seen |= group
            told = {number for who in group for number in where[who]}
            if sum(weight[number] for number in told) > half:
                return group
    return set()
