"""`topics.yaml`: what is watched. A topic is a frame with whom and what it watches, or a search (`docs/topics.md`)."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from monitor.frames.frame import Frame, Frames, shipped
from monitor.searches import SearchFields, check_search, search_of
from monitor.settings import CHANNEL_PATTERN
from monitor.types import WatchTopic
from monitor.yamlfile import Document, Place, entries, expected, suggest

OPEN = ""  # the frame of a topic that has none
GUEST_LIST = "guest-list"
PHONE = "phone"
_COUNTRY = "country (ISO 3166, two letters)"
ID_PATTERN = r"^[a-z0-9][a-z0-9._-]{0,63}$"
PARADE_PATTERN = re.compile(r"^(?P<city>[a-z][a-z-]*)-\d{4}-\d{2}-\d{2}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """The names that topics may use: what ships with Watchdesk and what the user's own files add."""

    people: frozenset[str] = field(default_factory=frozenset)
    countries: frozenset[str] = field(default_factory=frozenset)  # ISO 3166 alpha-2
    cities: frozenset[str] = field(default_factory=frozenset)
    bodies: frozenset[str] = field(default_factory=frozenset)  # ministries, media, organisations
    parades: frozenset[str] = field(default_factory=frozenset)
    languages: frozenset[str] = field(default_factory=frozenset)  # ISO 639-1
    frames: Frames = field(default_factory=shipped)


class _Topic(SearchFields):
    kind_of_entry: ClassVar[str] = "topic"

    id: str = expected("lower-case letters, digits and hyphens, such as kim-travel", pattern=ID_PATTERN)
    name: str = expected("a name for people, such as Kim Jong Un's travel", min_length=1, max_length=100)
    frame: str | None = expected("the name of a frame, such as travel, attendance or talks", None)
    subjects: tuple[str, ...] = expected("a list of people's ids, such as [kim-jong-un], or of countries", ())
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
        named = vocabulary.people | vocabulary.countries | vocabulary.cities | vocabulary.bodies
        check_search(document, place, label, entry, named, vocabulary.languages)
    for field in ("subjects", "objects", "pair", "muted_stages"):
        if getattr(entry, field) and entry.given:
            document.complain(
                (*place, field), f'{label}: only a topic with a frame has "{field}". Name a frame, or remove it.'
            )
    return WatchTopic(id=entry.id, name=entry.name, frame=OPEN, channel=entry.channel, search=search_of(entry))


def _check_meaning(document: Document, place: Place, label: str, topic: _Topic, vocabulary: Vocabulary) -> None:
    """What the shape of the fields can't tell: names that nobody knows, fields that the frame has no use for."""
    assert topic.frame is not None
    frame = vocabulary.frames.get(topic.frame)
    if frame is None:
        remedy = suggest(topic.frame, sorted(vocabulary.frames)) or " Correct it, or write frames/NAME.yaml."
        document.complain((*place, "frame"), f'{label}: frame "{topic.frame}" is not known.{remedy}')
        return
    _check_pair(document, place, label, topic, frame, vocabulary)
    subjects, what = _subjects_of(frame, vocabulary)
    for index, name in enumerate(topic.subjects):
        _must_be_known(document, (*place, "subjects", index), f"{label}: {what}", name, subjects)
    for index, stage in enumerate(topic.muted_stages):
        _must_be_known(document, (*place, "muted_stages", index), f"{label}: stage", stage, frame.stages)
    for index, value in enumerate(topic.objects):
        _check_object(document, (*place, "objects", index), label, frame, value, vocabulary)


def _check_pair(
    document: Document, place: Place, label: str, topic: _Topic, frame: Frame, vocabulary: Vocabulary
) -> None:
    if frame.shape != "meeting":
        if topic.pair:
            meetings = " or ".join(f.name for f in vocabulary.frames.values() if f.shape == "meeting")
            remedy = f'only frame {meetings} has a "pair". Use "subjects" for {frame.name}.'
            document.complain((*place, "pair"), f"{label}: {remedy}")
        return
    if len(set(topic.pair)) != 2:
        wanted = f"frame {frame.name} expects two different people, who meet each other."
        document.complain((*place, "pair"), f'{label}: field "pair": {wanted}')
    if topic.subjects:
        remedy = f'frame {frame.name} takes its people from "pair". Remove "subjects".'
        document.complain((*place, "subjects"), f"{label}: {remedy}")
    for index, person in enumerate(topic.pair):
        _must_be_known(document, (*place, "pair", index), f"{label}: person", person, vocabulary.people)


def _subjects_of(frame: Frame, vocabulary: Vocabulary) -> tuple[Collection[str], str]:
    """Who can be a subject, and what a subject is called."""
    if frame.shape == "event" and frame.subject == "country":
        return vocabulary.countries, _COUNTRY
    if frame.shape == "presence":
        return vocabulary.people | {GUEST_LIST}, "person"
    return vocabulary.people, "person"


def _check_object(
    document: Document, place: Place, label: str, frame: Frame, value: str, vocabulary: Vocabulary
) -> None:
    if frame.shape == "event" and frame.object == "thing":
        _must_be_known(document, place, f"{label}: object", value, frame.things)
        return
    if frame.shape != "presence":
        allowed = vocabulary.countries | ({PHONE} if frame.shape == "meeting" else frozenset())
        _must_be_known(document, place, f"{label}: {_COUNTRY}", value, allowed)
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
        if not _is_day(value[-10:]):
            document.complain(place, f'{label}: parade "{value}": there is no day {value[-10:]}. Correct it.')


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _must_be_known(document: Document, place: Place, what: str, name: str, known: Collection[str]) -> None:
    if name.upper() in known and name not in known:
        document.complain(place, f'{what} "{name}" is written in capitals. Write "{name.upper()}".')
    elif name not in known:
        remedy = suggest(name, sorted(known)) or " Correct it, or add it to entities.yaml."
        document.complain(place, f'{what} "{name}" is not known.{remedy}')
