"""Frames: what can happen in a trip, a parade, a meeting, as data; one YAML file each.

Those beside this module ship. The user's own come from his configuration; whoever decides is handed them all.
`docs/frames.md` tells what stands in such a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import Any

from monitor.language.data import read_yaml

SHAPES = ("movement", "presence", "meeting", "event")  # how subject and object are bound


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row of the stage table: a rule fits when all that it names fits."""

    do: tuple[str, ...]
    mood: tuple[str, ...]
    stage: str
    form: tuple[str, ...] = ()  # forms of the action's word
    to: str = ""  # what the place is to the subject
    origin: str = ""
    object: str = ""  # what gives the object
    also: str = ""  # an action class that must stand in the same sentence
    detail: str = ""
    weak: bool = False  # what the rule finds is taken for granted rather than said
    settled: bool = False  # the stage stands whoever says so: a notice was given, whichever side tells of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """A kind of thing that something is done to."""

    name: str  # for people, as it stands in a sentence: "a ballistic missile"
    kind_of: str = ""  # the thing that it is a kind of, by id


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Frame:
    """The stages of one kind of episode and the rules that tell them."""

    name: str
    shape: str  # one of SHAPES: how subject and object are bound
    noun: str
    order: tuple[str, ...]
    flips: tuple[str, ...]
    labels: Mapping[str, str]
    sentences: Mapping[str, str]  # what an alert says happened, with {subject}, {object} and {detail}
    needs_episode: tuple[str, ...]
    aside: tuple[str, ...]  # stages that put none of the earlier ones behind them
    repeatable: tuple[str, ...]  # stages of which an episode has several, told apart by their detail
    ends: tuple[str, ...]  # stages after which an episode is over
    idle_days: float
    under_way_days: float
    finished_days: float
    rules: tuple[Rule, ...]
    settled: str = "announced"  # the stage from which on it is settled; a flip turns back what is settled
    refusals: tuple[str, ...] = ()  # flips that say that it will not be: after one, another word for it is nothing new
    denials: tuple[str, ...] = ()  # flips that say that what was told is not so; others say that it changed
    changes: tuple[str, ...] = ()  # which facts of a development can change: day, place, level, figure, length
    many_subjects: bool = False  # an episode is of all who take part, each with a track of his own
    same_days: int = 0  # objects end in a day, and texts err by so many days about it; 0: objects are exact
    on_the_day: tuple[str, ...] = ()  # stages that nothing reaches before the episode's day
    fixed: tuple[str, ...] = ()  # subjects of whom nothing is turned back, such as a list
    journey: bool = False  # an episode tells where its subject is
    where_journeys_lead: bool = False  # a claim that names no object is where its subjects' open journeys lead
    # Of the shape "event", which brings its words along:
    subject: str = "person"  # who does it: "person", "country"
    object: str = "place"  # what gives the object: "thing", "place", "country" (the subject's own)
    recent_days: int = 10  # what was done longer ago than this is told as past, not as news
    things: Mapping[str, Thing] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # by language; see monitor/frames/words.py

    @property
    def stages(self) -> tuple[str, ...]:
        """All stages, those in the usual order first."""
        return (*self.order, *self.flips)

    def rank(self, stage: str) -> int:
        """The place of a stage in the usual order; -1 for a flip."""
        return self.order.index(stage) if stage in self.order else -1

    def covers(self, general: str, special: str) -> bool:
        """Whether an object is another or a kind of it: a missile covers a ballistic missile."""
        while special != general and special in self.things:
            special = self.things[special].kind_of
        return special == general

    def alike(self, one: str, other: str) -> bool:
        """Whether two objects may be the same, one of them told less exactly."""
        return self.covers(one, other) or self.covers(other, one)


Frames = Mapping[str, Frame]  # by name


@lru_cache(maxsize=1)
def shipped() -> Frames:
    """The frames that ship, by name."""
    files = (f for f in resources.files("monitor.frames").iterdir() if f.name.endswith(".yaml"))
    found = (frame_from(read_yaml(file.read_text(encoding="utf-8"))) for file in files)
    return {frame.name: frame for frame in sorted(found, key=lambda frame: frame.name)}


def load(name: str) -> Frame:
    """The frame of that name, of those that ship. Raises KeyError when there is none."""
    return shipped()[name]


def frame_from(data: Mapping[str, Any]) -> Frame:
    """The frame that a file's data tell, which must be right: those of users are checked before."""
    closes = data["closes_after"]
    return Frame(
        name=str(data["frame"]),
        shape=str(data["shape"]),
        noun=str(data["noun"]),
        order=tuple(data["order"]),
        flips=tuple(data["flips"]),
        labels=dict(data["labels"]),
        sentences=dict(data["sentences"]),
        needs_episode=tuple(data.get("needs_episode") or ()),
        aside=tuple(data.get("aside") or ()),
        repeatable=tuple(data.get("repeatable") or ()),
        ends=tuple(data["ends"]),
        idle_days=float(closes["idle"]),
        under_way_days=float(closes["under_way"]),
        finished_days=float(closes["finished"]),
        rules=tuple(_rule(row) for row in data["rules"]),
        settled=str(data.get("settled", "announced")),
        refusals=tuple(data.get("refusals") or ()),
        denials=tuple(data.get("denials") or ()),
        changes=tuple(data.get("changes") or ()),
        many_subjects=bool(data.get("many_subjects", False)),
        same_days=int(data.get("same_days", 0)),
        on_the_day=tuple(data.get("on_the_day") or ()),
        fixed=tuple(data.get("fixed") or ()),
        journey=bool(data.get("journey", False)),
        where_journeys_lead=bool(data.get("where_journeys_lead", False)),
        subject=str(data.get("subject", "person")),
        object=str(data.get("object", "place")),
        recent_days=int(data.get("recent_days", 10)),
        things={
            str(key): Thing(name=str(row["name"]), kind_of=str(row.get("kind_of", "")))
            for key, row in (data.get("things") or {}).items()
        },
        words=data.get("words") or {},
    )


def _rule(row: Mapping[str, Any]) -> Rule:
    return Rule(
        do=tuple(row["do"]),
        mood=tuple(row["mood"]),
        stage=str(row["stage"]),
        form=tuple(row.get("form") or ()),
        to=str(row.get("to", "")),
        origin=str(row.get("from", "")),
        object=str(row.get("object", "")),
        also=str(row.get("also", "")),
        detail=str(row.get("detail", "")),
        weak=bool(row.get("weak", False)),
        settled=bool(row.get("settled", False)),
    )
