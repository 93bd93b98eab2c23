"""`topics.yaml`: what is watched. A topic is a frame with whom and what it watches, or a search (`docs/topics.md`)."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from monitor.searches import SearchFields, check_search, search_of
from monitor.settings import CHANNEL_PATTERN
from monitor.types import WatchTopic
from monitor.yamlfile import Document, Place, entries, expected, suggest

# The stages of each frame, in the order in which they usually come.
STAGES: dict[str, tuple[str, ...]] = {
    "travel": (
        *("possible", "invited", "announced", "departed", "en_route", "arrived", "left", "returned"),
        *("postponed", "cancelled", "denied"),
    ),
    "attendance": ("possible", "invited", "announced", "declined", "attended", "cancelled", "denied"),
    "talks": ("possible", "announced", "started", "held", "outcome", "postponed", "cancelled", "denied"),
}
OPEN = ""  # the frame of a topic that has none
GUEST_LIST = "guest-list"
PHONE = "phone"
ID_PATTERN = r"^[a-z0-9][a-z0-9._-]{0,63}$"
PARADE_PATTERN = re.compile(r"^(?P<city>[a-z][a-z-]*)-\d{4}-\d{2}-\d{2}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """The names that topics may use: what ships with Watchdesk and what `entities.yaml` adds."""

    people: frozenset[str] = field(default_factory=frozenset)
    countries: frozenset[str] = field(default_factory=frozenset)  # ISO 3166 alpha-2
    cities: frozenset[str] = field(default_factory=frozenset)
    parades: frozenset[str] = field(default_factory=frozenset)


class _Topic(SearchFields):
    kind_of_entry: ClassVar[str] = "topic"

    id: str = expected("lower-case letters, digits and hyphens, such as kim-travel", pattern=ID_PATTERN)
    name: str = expected("a name for people, such as Kim Jong Un's travel", min_length=1, max_length=100)
    frame: Literal["travel", "attendance", "talks"] | None = expected("travel, attendance or talks", None)
    subjects: tuple[str, ...] = expected("a list of people's ids, such as [kim-jong-un]", ())
    objects: tuple[str, ...] = expected("a list: countries for travel and talks, parades for attendance", ())
    pair: tuple[str, ...] = expected("two people's ids, such as [vladimir-putin, kim-jong-un]", ())
    channel: str | None = expected('a Slack channel in quotes: "#desk" or C0123ABCD', None, pattern=CHANNEL_PATTERN)
    muted_stages: tuple[str, ...] = expected("a list of stages that are kept but not alerted", ())


def read_topics(document: Document, vocabulary: Vocabulary) -> tuple[WatchTopic, ...]:
    """The topics of a document. What is wrong goes to its `problems`."""
    topics: dict[str, WatchTopic] = {}
    for place, entry in entries(document, {"topics": _Topic})["topics"]:
        assert isinstance(entry, _Topic)
        if entry.id in topics:
            document.complain((*place, "id"), f'topic "{entry.id}" is there already. Give each its own id.')
        topics[entry.id] = _topic(document, place, entry, vocabulary)
    if not topics and not document.problems:
        document.complain((), "there is no topic, so nothing is watched. `watchdesk init DIR` writes an example.")
    return tuple(topics.values())


def _topic(document: Document, place: Place, entry: _Topic, vocabulary: Vocabulary) -> WatchTopic:
    """The topic that an entry is: with a frame, or open."""
    label = f'topic "{entry.id}"'
    if entry.frame is not None:
        _check_meaning(document, place, label, entry, vocabulary)
        for field in entry.given:
            document.complain((*place, field), f'{label}: frame {entry.frame} knows its own words. Remove "{field}".')
        return WatchTopic(**entry.model_dump(exclude=set(SearchFields.model_fields)))
    if (*place, "frame") not in document.broken:
        check_search(document, place, label, entry, vocabulary.people | vocabulary.countries | vocabulary.cities)
    for field in ("subjects", "objects", "pair", "muted_stages"):
        if getattr(entry, field) and entry.given:
            document.complain(
                (*place, field), f'{label}: only a topic with a frame has "{field}". Name a frame, or remove it.'
            )
    return WatchTopic(id=entry.id, name=entry.name, frame=OPEN, channel=entry.channel, search=search_of(entry))


def _check_meaning(document: Document, place: Place, label: str, topic: _Topic, vocabulary: Vocabulary) -> None:
    """What the shape of the fields can't tell: names that nobody knows, fields that the frame has no use for."""
    assert topic.frame is not None
    if topic.frame == "talks":
        if len(set(topic.pair)) != 2:
            document.complain(
                (*place, "pair"),
                f'{label}: field "pair": frame talks expects two different people, who meet each other.',
            )
        if topic.subjects:
            document.complain(
                (*place, "subjects"), f'{label}: frame talks takes its people from "pair". Remove "subjects".'
            )
    elif topic.pair:
        document.complain(
            (*place, "pair"), f'{label}: only frame talks has a "pair". Use "subjects" for {topic.frame}.'
        )
    extra = {GUEST_LIST} if topic.frame == "attendance" else set[str]()
    for name in ("subjects", "pair"):
        for index, person in enumerate(getattr(topic, name)):
            _must_be_known(document, (*place, name, index), f"{label}: person", person, vocabulary.people | extra)
    for index, stage in enumerate(topic.muted_stages):
        _must_be_known(document, (*place, "muted_stages", index), f"{label}: stage", stage, STAGES[topic.frame])
    for index, value in enumerate(topic.objects):
        _check_object(document, (*place, "objects", index), label, topic.frame, value, vocabulary)


def _check_object(document: Document, place: Place, label: str, frame: str, value: str, vocabulary: Vocabulary) -> None:
    if frame != "attendance":
        allowed = vocabulary.countries | ({PHONE} if frame == "talks" else frozenset())
        if value.upper() in allowed and value not in allowed:
            document.complain(place, f'{label}: country "{value}" is written in capitals. Write "{value.upper()}".')
        else:
            _must_be_known(document, place, f"{label}: country (ISO 3166, two letters)", value, allowed)
        return
    if value in vocabulary.parades:
        return
    parade = PARADE_PATTERN.match(value)
    if parade is None:
        document.complain(
            place, f'{label}: parade "{value}" is not written as city and date, such as beijing-2025-09-03.'
        )
    else:
        _must_be_known(document, place, f"{label}: city", parade["city"], vocabulary.cities)


def _must_be_known(document: Document, place: Place, what: str, name: str, known: Collection[str]) -> None:
    if name not in known:
        remedy = suggest(name, sorted(known)) or " Correct it, or add it to entities.yaml."
        document.complain(place, f'{what} "{name}" is not known.{remedy}')
