"""Whether two texts tell the same event: the novelty of open topics, which have no frame to read claims with.

A text becomes a `Telling`, the words that the comparison needs; `nearest` finds among the tellings that are known the
one that is most alike. They tell one event when the score reaches `THRESHOLD`. Plain functions of their arguments.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from monitor.language.folding import fold, is_wide, strip_accents

THRESHOLD = 0.30  # of `Match.score`: from here on two texts tell the same event
LEAD = 1200  # code points of a text that are compared: what is new stands at the top, history below
_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*|\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What a text tells of, as the matcher compares it: its words and how often each stands in title and lead."""

    title: tuple[tuple[str, int], ...] = ()
    lead: tuple[tuple[str, int], ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to compare."""
        return not self.title and not self.lead

    def to_json(self) -> str:
        """The telling as one line of JSON, for the archive."""
        return json.dumps({"title": self.title, "lead": self.lead}, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Telling:
        """The telling that `to_json` wrote. Fields of a later version are passed over, missing ones are empty."""
        data = json.loads(text)
        return cls(title=_counts(data.get("title", ())), lead=_counts(data.get("lead", ())))


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The known telling that is most like the one asked about."""

    index: int  # its place among the known
    score: float  # from 0 to 1; the same event from `THRESHOLD` on
    why: str  # for people: the words that weighed most

    @property
    def same(self) -> bool:
        """Whether the two tell the same event."""
        return self.score >= THRESHOLD


def tell(title: str, text: str, language: str | None) -> Telling:
    """What a text tells of. `language` is ISO 639-1; None where it is not known."""
    return Telling(title=_bag(_words(title, language)), lead=_bag(_words(text[:LEAD], language)))


def nearest(told: Telling, known: Sequence[Telling]) -> Match | None:
    """The one of `known` that is most like `told`; None where nothing has a word in common with it."""
    rarity = _rarity([told, *known])
    weights = _weights(told, rarity)
    best: Match | None = None
    for index, other in enumerate(known):
        others = _weights(other, rarity)
        common = {word: weight * others[word] for word, weight in weights.items() if word in others}
        score = sum(common.values())
        if score > 0 and (best is None or score > best.score):
            best = Match(index=index, score=min(1.0, score), why=_why(common))
    return best


def _why(common: Mapping[str, float]) -> str:
    words = sorted(common, key=lambda word: (-common[word], word))
    count = len(words)
    return f"{count} word{'s' if count != 1 else ''} in common, above all {', '.join(words[:5])}"


def _words(text: str, language: str | None) -> list[str]:
    """Words without inflection in spaced scripts; pairs of characters in the others."""
    words: list[str] = []
    for run in _WORD.findall(strip_accents(fold(text)).lower()):
        if is_wide(run[0]):
            words.extend("".join(pair) for pair in pairwise(run))
        else:
            words.append(run.removesuffix("'s"))
    return words


def _bag(words: Iterable[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(Counter(words).items()))


def _counts(pairs: Iterable[Sequence[object]]) -> tuple[tuple[str, int], ...]:
    return tuple((str(word), int(str(count))) for word, count in pairs)


def _rarity(tellings: Sequence[Telling]) -> dict[str, float]:
    """The logarithm of how few of the tellings have a word (smoothed, so that no word weighs nothing)."""
    having = Counter(word for telling in tellings for word in dict([*telling.title, *telling.lead]))
    return {word: 1.0 + math.log((1 + len(tellings)) / (1 + count)) for word, count in having.items()}


def _weights(telling: Telling, rarity: Mapping[str, float]) -> dict[str, float]:
    """TF-IDF with sublinear counts, of length 1."""
    counts = Counter(dict(telling.lead))
    counts.update(dict(telling.title))
    raw = {word: (1 + math.log(count)) * rarity[word] for word, count in counts.items()}
    length = math.sqrt(sum(weight * weight for weight in raw.values()))
    return {word: weight / length for word, weight in raw.items()} if length else {}
