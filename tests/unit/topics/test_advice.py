"""What a topic can never match is told to whoever wrote it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from monitor.commands.advice import Advice, Setting, advice
from monitor.frames.frame import shipped
from monitor.language.gazetteer import Person, load
from monitor.types import Search, Source, SourceKind, WatchTopic

STAGES = shipped()["travel"].stages


def source(language: str | None) -> Source:
    """A source in a language."""
    url = f"https://{language}.example/rss"
    return Source(
        id=f"s-{language}", name="S", kind=SourceKind.FEED, url=url, interval=timedelta(hours=1), language=language
    )


SETTING = Setting(gazetteer=load(), frames=shipped(), sources=[source("en"), source("ko")], today=date(2025, 10, 1))


def framed(
    frame: str,
    *,
    subjects: tuple[str, ...] = (),
    objects: tuple[str, ...] = (),
    pair: tuple[str, ...] = (),
    muted_stages: tuple[str, ...] = (),
) -> WatchTopic:
    """A topic with a frame."""
    return WatchTopic(
        id="t", name="T", frame=frame, subjects=subjects, objects=objects, pair=pair, muted_stages=muted_stages
    )


def opened(search: Search) -> WatchTopic:
    """An open topic."""
    return WatchTopic(id="t", name="T", frame="", search=search)


IDLE = [
    (framed("attendance", subjects=("joe-biden",)), "subjects", 0, "Joe Biden leads no country today"),
    (framed("attendance", objects=("beijing-2025-08-03",)), "objects", 0, "the parade was on 2025-08-03"),
    (framed("travel", subjects=("kim-jong-un",), objects=("CN", "KP")), "objects", 1, "KP is their own country"),
    (framed("travel", muted_stages=STAGES), "muted_stages", None, "every stage is muted"),
    (opened(Search(any=("x1",), languages=("en", "sw"))), "languages", 1, "no source is in sw"),
    (opened(Search(any=("tin", "tin prices"), none=("prices",))), "any", 1, "“tin prices” holds “prices”"),
    (opened(Search(any=("tin", "희토류"), languages=("en",))), "any", 1, "is written as in ko"),
    (opened(Search(all=(("tin",), ("x",)))), "all", 1, "“x” is one character"),
    (opened(Search(names=("UN", "UK", "XX"))), "names", 2, "“XX” is not in the lists"),
    (opened(Search(names=("Jane Nobody",))), "names", 0, "“Jane Nobody” is not in the lists"),
]


@pytest.mark.parametrize(("topic", "field", "index", "message"), IDLE)
def test_what_can_never_match_is_told_with_its_place(
    topic: WatchTopic, field: str, index: int | None, message: str
) -> None:
    (found,) = advice(topic, SETTING)
    assert (found.topic, found.field, found.index) == ("t", field, index)
    assert message in found.message


WELL = [
    framed("travel", subjects=("kim-jong-un",), objects=("CN",), muted_stages=("possible",)),
    framed("travel", subjects=("joe-biden",)),
    framed("attendance", subjects=("xi-jinping", "guest-list"), objects=("beijing-2025-09-03", "moscow-2026-05-09")),
    framed("talks", pair=("vladimir-putin", "kim-jong-un"), objects=("phone",)),
    opened(Search(any=("tin", "희토류"), names=("xi-jinping", "CN"), none=("prices",), languages=("en", "ko"))),
]


@pytest.mark.parametrize("topic", WELL)
def test_what_may_match_is_left_alone(topic: WatchTopic) -> None:
    assert advice(topic, SETTING) == ()


def test_a_group_of_which_nothing_can_be_found_ends_the_topic() -> None:
    found = advice(opened(Search(any=("희토류", "稀土"), languages=("en",))), SETTING)
    assert [each.index for each in found] == [0, 1, None]
    assert found[-1] == Advice(
        topic="t", field="any", index=None, message="nothing in “any” can be found, so that the topic never matches."
    )


def test_a_source_whose_language_is_not_told_may_be_in_any() -> None:
    setting = replace(SETTING, sources=[source("en"), source(None)])
    assert advice(opened(Search(any=("tin",), languages=("sw",))), setting) == ()


def test_a_person_without_a_name_in_a_sources_language_is_told() -> None:
    jane = Person(id="jane", country="NO", names={"en": ("Jane Example",)})
    setting = replace(SETTING, gazetteer=load().with_additions([jane]))
    (found,) = advice(framed("travel", subjects=("jane",)), setting)
    assert found.message.startswith("Jane Example has no name in ko: what 1 source in that language say")


def test_a_frame_without_words_in_a_language_of_a_source_says_so() -> None:
    launch = shipped()["launch"]
    own = replace(launch, words={"en": launch.words["en"]})
    (found,) = advice(framed("launch", subjects=("KP",)), replace(SETTING, frames={"launch": own}))
    assert (found.field, found.index) == ("frame", None)
    assert "frame launch has no words in ko: what 1 source in that language say" in found.message
    assert advice(framed("launch", subjects=("KP",)), SETTING) == ()
