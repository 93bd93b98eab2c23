"""Which of the known stories a telling is of."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import chain

from monitor.stories.likeness import Field, Likeness, Model, Weighed, compare, in_common, shipped, words_of
from monitor.stories.telling import Telling

THRESHOLD = 0.5  # of `Match.score`: from here on two texts tell the same event


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The known story that a telling is most like."""

    index: int  # of the known tellings the one most alike in that story
    score: float  # from 0 to 1, how sure it is that they tell the same event
    why: str  # for people: what they have in common

    @property
    def same(self) -> bool:
        """Whether they tell the same event."""
        return self.score >= THRESHOLD


def nearest(
    told: Telling, known: Sequence[Telling], stories: Sequence[Hashable] | None = None, *, model: Model | None = None
) -> Match | None:
    """The known story that `told` is most like; None where nothing known has a word in common with it.

    `stories` names the story of each of `known`; without it each tells one of its own. A story is as much alike as its
    tellings are in the mean, so that one report which strays does not draw others after it. `known` should be what the
    same readers were told lately: it also says which words are common there and so tell nothing apart.
    """
    model = model or shipped()
    field = Field((*known, told))
    asked = field.weigh(told)
    likes = [compare(asked, field.weigh(each)) for each in known]
    members: dict[Hashable, list[int]] = {}
    for index in range(len(known)):
        members.setdefault(stories[index] if stories is not None else index, []).append(index)
    odds = [model.weigh(like) for like in likes]
    best: tuple[float, list[int]] | None = None
    for of_story in members.values():
        mean = sum(odds[index] for index in of_story) / len(of_story)
        if any(likes[index].whole > 0 for index in of_story) and (best is None or mean > best[0]):
            best = (mean, of_story)
    if best is None:
        return None
    index = max(best[1], key=lambda each: odds[each])
    why = _why(asked, field.weigh(known[index]), likes[index])
    return Match(index=index, score=1 / (1 + math.exp(model.story - best[0])), why=why)


def likely(told: Telling, known: Sequence[Telling], most: int) -> Sequence[int]:
    """Of many known tellings those with most rare words in common, in their order: to compare all takes too long."""
    if len(known) <= most:
        return range(len(known))
    own = words_of(told)
    shared = [own & words_of(each) for each in known]
    having = Counter(chain.from_iterable(shared))
    weights = [math.fsum(1 / having[word] for word in words) for words in shared]
    return sorted(sorted(range(len(known)), key=lambda at: (-weights[at], at))[:most])


def _why(asked: Weighed, other: Weighed, like: Likeness) -> str:
    words = in_common(asked, other)
    parts = [f"{len(words)} word{'s' if len(words) != 1 else ''} in common, above all {', '.join(words[:5])}"]
    if asked.numbers & other.numbers:
        parts.append(f"the figures {', '.join(sorted(asked.numbers & other.numbers)[:3])}")
    if like.same_day:
        parts.append("the same day of the week")
    if like.other_day:
        parts.append("but another day of the week")
    return "; ".join(parts)
