"""How alike two tellings are: a few figures, each from 0 to 1, and the weight that each of them has.

A word weighs by how few of the tellings around it have it (the field: what is known of the topic, or the stream of the
last days): of ten reports on vaccines, "vaccine" tells none from the other. The figures are cosines of such weights
(TF-IDF, Salton & Buckley 1988, with the logarithm of counts), of whole texts, titles, leads, one's title with the
other's lead, and pairs of neighbouring words; the numbers in common; and the days of the week that both or one name.
The weights are those of a logistic regression: `model.json`, learned by `python -m benchmarks.stories FILE... --learn`.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, fields
from functools import cache, lru_cache
from importlib import resources
from itertools import pairwise
from operator import attrgetter
from typing import Generic, TypeVar

from monitor.stories.telling import Telling

Key = TypeVar("Key")

# A word that nobody around has counts as if this share of so many further tellings had it (additive smoothing).
FURTHER, SHARE = 8.0, 0.02
KEPT = 4096  # tellings whose words stay counted, some 30 MB: the same ones are compared with item after item


@dataclass(frozen=True, slots=True)
class Likeness:
    """What two tellings have in common, each figure from 0 to 1."""

    whole: float  # words of title and lead together
    title: float
    lead: float
    across: float  # the title of one, the lead of the other
    pairs: float  # words that stand side by side
    numbers: float
    same_day: float  # 1 if both name a day of the week, and one in common
    other_day: float  # 1 if both name a day of the week, and none in common


_figures = attrgetter(*(each.name for each in fields(Likeness)))  # `astuple` copies, which takes as long as comparing


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """What each figure of a likeness weighs; a sum of `bias` and more speaks for one event."""

    weights: Likeness
    bias: float
    story: float  # what the tellings of a story must reach in the mean for one more to be of it

    def weigh(self, likeness: Likeness) -> float:
        """Log-odds that two tellings with this likeness tell one event."""
        pairs: Iterable[tuple[float, float]] = zip(_figures(self.weights), _figures(likeness), strict=True)
        return self.bias + sum(weight * figure for weight, figure in pairs)


@cache
def shipped() -> Model:
    """The model that ships."""
    data = json.loads(resources.files("monitor.stories").joinpath("model.json").read_text(encoding="utf-8"))
    weights = Likeness(**{each.name: float(data["weights"][each.name]) for each in fields(Likeness)})
    return Model(weights=weights, bias=float(data["bias"]), story=float(data["story"]))


@dataclass(frozen=True, slots=True)
class _Bags:
    """The words of a telling with the logarithms of their counts."""

    whole: Mapping[str, float]
    title: Mapping[str, float]
    lead: Mapping[str, float]
    pairs: Iterable[tuple[str, str]]
    numbers: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Vector(Generic[Key]):
    """Weights, and the length that they are divided by where two are compared."""

    weights: Mapping[Key, float]
    length: float


@dataclass(frozen=True, slots=True)
class Weighed:
    """A telling whose words are weighed; what is compared."""

    telling: Telling
    whole: _Vector[str]
    title: _Vector[str]
    lead: _Vector[str]
    pairs: _Vector[tuple[str, str]]
    numbers: frozenset[str]


class Field:
    """The tellings around: they say how rare a word is."""

    def __init__(self, tellings: Iterable[Telling]) -> None:
        self._having: Counter[str] = Counter()
        self._size = 0
        for telling in tellings:
            self._having.update(words_of(telling))
            self._size += 1
        self._rarity: dict[str, float] = {}

    def rarity(self, word: str) -> float:
        """The logarithm of how few of the tellings have the word."""
        known = self._rarity.get(word)
        if known is None:
            known = math.log((self._size + FURTHER) / (self._having[word] + FURTHER * SHARE))
            self._rarity[word] = known
        return known

    def weigh(self, telling: Telling) -> Weighed:
        """The telling with its words weighed in this field."""
        bags = _bags(telling)
        rarity = {word: self.rarity(word) for word in bags.whole}
        return Weighed(
            telling=telling,
            whole=_vector({word: count * rarity[word] for word, count in bags.whole.items()}),
            title=_vector({word: count * rarity[word] for word, count in bags.title.items()}),
            lead=_vector({word: count * rarity[word] for word, count in bags.lead.items()}),
            pairs=_vector({pair: rarity[pair[0]] + rarity[pair[1]] for pair in bags.pairs}),
            numbers=bags.numbers,
        )


def words_of(telling: Telling) -> Set[str]:
    """The words of a telling, each once."""
    return _bags(telling).whole.keys()


def compare(one: Weighed, other: Weighed) -> Likeness:
    """How alike two tellings are, weighed in one field. What is missing counts as alike as the whole."""
    whole = _dot(one.whole, other.whole)
    titles, leads = one.title.length and other.title.length, one.lead.length and other.lead.length
    across = [_dot(a, b) for a, b in ((one.title, other.lead), (other.title, one.lead)) if a.length and b.length]
    shared, days = one.numbers & other.numbers, one.telling.days & other.telling.days
    both = bool(one.telling.days and other.telling.days)
    return Likeness(
        whole=whole,
        title=_dot(one.title, other.title) if titles else whole,
        lead=_dot(one.lead, other.lead) if leads else whole,
        across=sum(across) / len(across) if across else whole,
        pairs=_dot(one.pairs, other.pairs),
        numbers=len(shared) / math.sqrt(len(one.numbers) * len(other.numbers)) if shared else 0.0,
        same_day=float(both and bool(days)),
        other_day=float(both and not days),
    )


def in_common(one: Weighed, other: Weighed) -> Sequence[str]:
    """The words that two tellings share, what weighs most first."""
    known = other.whole.weights
    shared = {word: weight * known[word] for word, weight in one.whole.weights.items() if word in known}
    return sorted(shared, key=lambda word: (-round(shared[word], 6), word))


@lru_cache(maxsize=KEPT)
def _bags(telling: Telling) -> _Bags:
    return _Bags(
        whole=_counted((*telling.title, *telling.lead)),
        title=_counted(telling.title),
        lead=_counted(telling.lead),
        pairs=dict.fromkeys((*pairwise(telling.title), *pairwise(telling.lead))),  # in order, so that sums are the same
        numbers=frozenset(word for word in (*telling.title, *telling.lead) if word[0].isdigit()),
    )


def _counted(words: Iterable[str]) -> dict[str, float]:
    return {word: 1 + math.log(count) for word, count in Counter(words).items()}


def _vector(weights: Mapping[Key, float]) -> _Vector[Key]:
    return _Vector(weights, math.hypot(*weights.values()))


def _dot(one: _Vector[Key], other: _Vector[Key]) -> float:
    """The cosine; 0 where one of them is empty."""
    few, many = (other, one) if len(other.weights) < len(one.weights) else (one, other)
    known = many.weights
    product = sum(weight * known[key] for key, weight in few.weights.items() if key in known)
    return min(1.0, product / (one.length * other.length)) if product else 0.0
