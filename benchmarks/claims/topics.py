"""A thousand topics over everybody who leads a country: what a large desk could watch."""

from __future__ import annotations

from dataclasses import replace
from itertools import cycle, pairwise

from monitor.pipeline import Watch
from monitor.types import WatchTopic


def many(watch: Watch, count: int) -> Watch:
    """The same watch with `count` topics: trips, parades, talks and launches in turn, each of other people."""
    people = sorted(who for who, person in watch.gazetteer.people.items() if person.terms)
    countries = sorted(watch.gazetteer.countries)
    pairs = cycle(pairwise([*people, people[0]]))
    parades = cycle(sorted({parade.city for parade in watch.gazetteer.parades}))
    made: list[WatchTopic] = []
    while len(made) < count:
        number = len(made)
        one, other = next(pairs)
        topic = WatchTopic(id=f"topic-{number}", name=f"Topic {number}", frame="travel", subjects=(one,))
        if number % 4 == 1:
            topic = replace(topic, frame="attendance", objects=(f"{next(parades)}-2025-09-03",))
        elif number % 4 == 2:
            topic = replace(topic, frame="talks", subjects=(), pair=(one, other))
        elif number % 4 == 3:
            topic = replace(topic, frame="launch", subjects=(countries[number % len(countries)],))
        made.append(topic)
    return Watch(
        topics=tuple(made), gazetteer=watch.gazetteer, default_channel=watch.default_channel, frames=watch.frames
    )
