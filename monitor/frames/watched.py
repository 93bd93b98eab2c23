"""Which topics a text can be about at all: the cheap question, asked before any sentence is read.

It only saves work: a topic is left out only where no claim about it is possible, because whom or what it watches is
not named. A thousand topics cost what their index costs, a look for each name in the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from monitor.frames.document import Surface
from monitor.frames.frame import Frames
from monitor.frames.words import touches
from monitor.language.gazetteer import Kind
from monitor.types import WatchTopic

_PARADE, _SUMMIT = "parade", "summit"


@dataclass(slots=True, kw_only=True)
class _Index:
    """Places of topics in the configuration, by what a text must name for them."""

    person: dict[str, list[int]] = field(default_factory=dict)  # one of these people
    pair: dict[str, list[int]] = field(default_factory=dict)  # this person, and the other of the pair
    anybody: list[int] = field(default_factory=list)  # any person
    meeting: list[int] = field(default_factory=list)  # a summit, which may be told of by its countries alone
    parade: list[int] = field(default_factory=list)
    frame: dict[str, list[int]] = field(default_factory=dict)  # a word of this frame


class _Watch:
    """Topics and frames as a key: the same two objects are the same key, whatever is in them."""

    def __init__(self, topics: Sequence[WatchTopic], frames: Frames) -> None:
        self.topics, self.frames = topics, frames

    def __hash__(self) -> int:
        return hash((id(self.topics), id(self.frames)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Watch) and other.topics is self.topics and other.frames is self.frames


def possible(surface: Surface, topics: Sequence[WatchTopic], frames: Frames) -> list[WatchTopic]:
    """The topics that the text may tell something of, in the order of the configuration."""
    index = _index(_Watch(topics if isinstance(topics, tuple) else tuple(topics), frames))
    named = {m.id for m in surface.mentions if m.kind is Kind.PERSON}
    themes = surface.lexicon.themes.passing(surface.lowered) if index.parade or index.meeting else frozenset()
    found: set[int] = set()
    for who in named:
        found.update(index.person.get(who, ()))
        found.update(n for n in index.pair.get(who, ()) if named.issuperset(topics[n].pair))
    if index.anybody and not named.isdisjoint(surface.gazetteer.people):
        found.update(index.anybody)
    if _SUMMIT in themes and surface.lexicon.summit.search(surface.lowered):
        found.update(index.meeting)
    if _PARADE in themes and surface.lexicon.parade.search(surface.lowered):
        found.update(index.parade)
    found.update(_touched(index.frame, surface, frames))
    return [topics[number] for number in sorted(found)]


def _touched(by_frame: Mapping[str, Iterable[int]], surface: Surface, frames: Frames) -> Iterable[int]:
    for name, numbers in by_frame.items():
        if touches(frames[name], surface.lexicon.language, surface.lowered):
            yield from numbers


@lru_cache(maxsize=8)
def _index(watch: _Watch) -> _Index:
    index = _Index()
    for number, topic in enumerate(watch.topics):
        if topic.frame not in watch.frames:
            continue  # an open topic, which no frame reads for
        shape = watch.frames[topic.frame].shape
        if shape == "event":
            index.frame.setdefault(topic.frame, []).append(number)
        elif shape == "presence":
            index.parade.append(number)
        elif shape == "meeting":
            index.meeting.append(number)
            for who in topic.pair:
                index.pair.setdefault(who, []).append(number)
        elif topic.subjects:
            for who in topic.subjects:
                index.person.setdefault(who, []).append(number)
        else:
            index.anybody.append(number)
    return index
