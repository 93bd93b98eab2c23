"""An action in its sentence, and the moods in which a thing can be told."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from monitor.language.lexicon import Action

REVERSALS = ("cancel", "postpone", "deny", "decline")
_COMMAS = (", ", "，", "、", " – ", " — ")


class Mood(StrEnum):
    """Whether a thing has happened."""

    REAL = "real"
    ONGOING = "ongoing"
    FUTURE = "future"
    POSSIBLE = "possible"
    DENIED = "denied"
    VOID = "void"  # a condition, a wish, somebody's infinitive: nothing is said to happen


@dataclass(frozen=True, slots=True)
class Surroundings:
    """An action in its sentence, all in lower case: the sentence, and where its clause begins and ends."""

    text: str
    start: int
    end: int
    action: Action
    headline: bool
    ahead: str = ""  # clauses before, whose time goes on in this one: Chinese 将前往…，出席…
    onward: str = ""  # clauses behind, whose doubt is this one's as well: Japanese 訪問し、…会談する可能性がある

    @property
    def inside(self) -> str:
        """The clause."""
        return self.text[self.start : self.end]

    @property
    def segment(self) -> str:
        """The stretch between commas in which the action stands; what hangs on beside it tells of something else."""
        start = max(self.text.rfind(mark, self.start, self.action.start) for mark in _COMMAS) + 1
        ends = [at for mark in _COMMAS if (at := self.text.find(mark, self.action.end, self.end)) >= 0]
        return self.text[max(start, self.start) : min(ends, default=self.end)]

    @property
    def before(self) -> str:
        """The clause up to the action."""
        return self.text[self.start : self.action.start]

    @property
    def after(self) -> str:
        """The clause from the action on."""
        return self.text[self.action.start : self.end]
