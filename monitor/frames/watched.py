"""Which topics a text can be about at all: the cheap questions, asked before any sentence is read.

They only save work: a topic is left out only where no claim about it is possible, because whom or what it watches is
not named. A thousand topics cost what their index costs, a look for each name in the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from monitor.frames.document import Surface
from monitor.frames.frame import Frames
from monitor.frames.signs import PARADE, SUMMIT, Signs, Wanted, abbreviated
from monitor.frames.words import touches
from monitor.language.folding import fold, lower
from monitor.language.gazetteer import Gazetteer, Kind
from monitor.language.lexicon import lexicon_for
from monitor.types import Article, WatchTopic


@dataclass(slots=True, kw_only=True)
class _Index:
    """Places of topics in the configuration, by what a text must name for them."""

    person: dict[str, list[int]] = field(default_factory=dict)  # one of these people
    pair: dict[str, list[int]] = field(default_factory=dict)  # this person, and the other of the pair
    anybody: list[int] = field(default_factory=list)  # any person
    summit: dict[frozenset[str], list[int]] = field(default_factory=dict)  # a summit, and these countries
    parade: list[int] = field(default_factory=list)
    frame: dict[str, list[int]] = field(default_factory=dict)  # a word of this frame
    signs: dict[str, Signs] = field(default_factory=dict)  # of all but the frames' words, by language; made when asked


class _Watch:
    """Topics, frames and gazetteer as a key: the same objects are the same key, whatever is in them."""

    def __init__(self, topics: Sequence[WatchTopic], frames: Frames, gazetteer: Gazetteer) -> None:
        self.topics = topics if isinstance(topics, tuple) else tuple(topics)
        self.frames, self.gazetteer = frames, gazetteer

    def __hash__(self) -> int:
        return hash((id(self.topics), id(self.frames), id(self.gazetteer)))

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, _Watch)
            and other.topics is self.topics
            and other.frames is self.frames
            and other.gazetteer is self.gazetteer
        )


def promising(article: Article, topics: Sequence[WatchTopic], gazetteer: Gazetteer, frames: Frames) -> bool:
    """Whether it is worth while to look for what the article names; False only where no topic is possible."""
    watch = _Watch(topics, frames, gazetteer)
    index = _index(watch)
    language = lexicon_for(article.language).language
    if language not in index.signs:
        index.signs[language] = _signs(_wanted(watch, index), gazetteer, language)
    text = lower(fold(f"{article.title}\n{article.text}"))
    return index.signs[language].stand_in(text) or any(touches(frames[name], language, text) for name in index.frame)


def possible(surface: Surface, topics: Sequence[WatchTopic], frames: Frames) -> list[WatchTopic]:
    """The topics that the text may tell something of, in the order of the configuration."""
    index = _index(_Watch(topics, frames, surface.gazetteer))
    named = {m.id for m in surface.mentions if m.kind is Kind.PERSON}
    themes = surface.lexicon.themes.passing(surface.lowered) if index.parade or index.summit else frozenset()
    found: set[int] = set()
    for who in named:
        found.update(index.person.get(who, ()))
        found.update(n for n in index.pair.get(who, ()) if named.issuperset(topics[n].pair))
    if index.anybody and not named.isdisjoint(surface.gazetteer.people):
        found.update(index.anybody)
    if SUMMIT in themes and surface.lexicon.summit.search(surface.lowered):
        countries = _countries(surface)
        found.update(n for those, numbers in index.summit.items() if those <= countries for n in numbers)
    if PARADE in themes and surface.lexicon.parade.search(surface.lowered):
        found.update(index.parade)
    found.update(_touched(index.frame, surface, frames))
    return [topics[number] for number in sorted(found)]


def _countries(surface: Surface) -> set[str]:
    """The countries that a summit of the text can be one of, by name or by letter."""
    named = {m.country for m in surface.mentions if m.kind in (Kind.PLACE, Kind.ADJECTIVE)}
    return named | abbreviated(surface.lexicon.abbreviations, surface.lowered)


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
            _add_pair(index, watch.gazetteer, topic, number)
        elif topic.subjects:
            for who in topic.subjects:
                index.person.setdefault(who, []).append(number)
        else:
            index.anybody.append(number)
    return index


def _add_pair(index: _Index, gazetteer: Gazetteer, topic: WatchTopic, number: int) -> None:
    """Talks are told of by both names, or as a summit of the countries that the two lead."""
    for who in topic.pair:
        index.pair.setdefault(who, []).append(number)
    if all(who in gazetteer.people for who in topic.pair):
        countries = frozenset(gazetteer.people[who].country for who in topic.pair)
        index.summit.setdefault(countries, []).append(number)


def _wanted(watch: _Watch, index: _Index) -> Wanted:
    return Wanted(
        people=frozenset(watch.gazetteer.people) if index.anybody else frozenset(index.person),
        pairs=frozenset(watch.topics[n].pair for numbers in index.pair.values() for n in numbers),
        summits=frozenset(index.summit),
        parade=bool(index.parade),
    )


@lru_cache(maxsize=256)
def _signs(wanted: Wanted, gazetteer: Gazetteer, language: str) -> Signs:
    """Kept by what is wanted, not by whose it is: topics that were loaded anew want the same."""
    return Signs(wanted, gazetteer, language)
