"""Launches from first word to last: what one launch is, what another; a frame that is data changes no other."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.alerting import alert_for
from monitor.claims import extract
from monitor.developments import decide
from monitor.frames.frame import load, shipped
from monitor.frames.words import pattern, touches
from monitor.language import gazetteer
from monitor.language.lexicon import LANGUAGES
from monitor.normalize import normalize
from monitor.types import Alert, Ledger, WatchTopic
from tests.unit.claims.reading import PARADES, TRIPS, item

NAMES = gazetteer.load()
NORTH = WatchTopic(id="north", name="North Korean launches", frame="launch", subjects=("KP",))
MISSILES = WatchTopic(id="missiles", name="Missiles", frame="launch", objects=("missile",))
FIRED = "North Korea fired a ballistic missile toward the East Sea on {day}, South Korea's military said."


@dataclass
class Desk:
    """Reads one article after another, each by another outlet."""

    topic: WatchTopic = NORTH
    ledger: Ledger = field(default_factory=Ledger)
    heard: int = 0
    alerts: list[Alert] = field(default_factory=list)

    def reads(self, day: str, title: str = "", text: str = "", *, language: str = "en") -> list[tuple[str, str, str]]:
        """(outcome, stage, object) of each claim of an article of that day, published at noon."""
        self.heard += 1
        raw = item(title, text, day=day, lang=language, source=f"Outlet {self.heard}")
        article = normalize(replace(raw, source_id=f"outlet-{self.heard}", key=str(self.heard)))
        claims = extract(article, [self.topic], NAMES).claims
        decided = decide(article, f"a{self.heard}", claims, self.ledger, {self.topic.id: self.topic})
        self.ledger = decided.ledger
        for decision in decided.decisions:
            said = alert_for(
                decision, article, self.topic, self.ledger, NAMES, default_channel="#desk", source_names={}
            )
            self.alerts += [said] if said is not None else []
        return [(d.outcome.value, d.claim.stage, d.claim.object) for d in decided.decisions]


def test_several_missiles_of_one_morning_are_one_launch() -> None:
    desk = Desk()
    assert desk.reads("2022-11-02", text=FIRED.format(day="Wednesday")) == [("new", "launched", "ballistic-missile")]
    assert desk.reads("2022-11-02", title="North Korea fires more ballistic missiles") == [
        ("corroborates", "launched", "ballistic-missile")
    ]


def test_those_of_two_days_later_are_another() -> None:
    desk = Desk()
    desk.reads("2022-11-02", text=FIRED.format(day="Wednesday"))
    assert desk.reads("2022-11-05", text=FIRED.format(day="Saturday")) == [("new", "launched", "ballistic-missile")]
    assert len({development.episode for development in desk.ledger.developments}) == 2


def test_late_words_of_a_launch_on_its_day_are_no_other() -> None:
    """Two days later, the episode over: "fired … on Wednesday" tells of the launch that is known."""
    desk = Desk()
    desk.reads("2022-11-02", text=FIRED.format(day="Wednesday"))
    assert desk.reads("2022-11-04", text=FIRED.format(day="Wednesday")) == [
        ("corroborates", "launched", "ballistic-missile")
    ]


def test_what_begins_as_a_projectile_and_turns_out_a_missile_is_one_launch() -> None:
    desk = Desk()
    assert desk.reads("2022-11-02", title="North Korea fires projectile") == [("new", "launched", "rocket")]
    assert desk.reads("2022-11-02", text=FIRED.format(day="Wednesday")) == [("corroborates", "launched", "rocket")]


def test_a_satellite_and_a_missile_are_two() -> None:
    desk = Desk()
    desk.reads("2023-11-21", text="North Korea launched a spy satellite on Tuesday.")
    assert desk.reads("2023-11-21", text="North Korea fired a cruise missile on Tuesday.") == [
        ("new", "launched", "cruise-missile")
    ]


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("Iran fires intercontinental ballistic missile", [("new", "launched", "icbm")]),
        ("Iran launches satellite", []),
    ],
)
def test_a_topic_that_watches_missiles_hears_of_all_their_kinds(title: str, found: list[tuple[str, str, str]]) -> None:
    assert Desk(topic=MISSILES).reads("2024-04-13", title=title) == found


def test_a_launch_is_announced_put_off_and_done_in_one_episode_and_in_any_language() -> None:
    desk = Desk()
    told = [
        desk.reads("2023-08-22", title="북한, 24~31일 위성 발사 일본에 통보", language="ko"),
        desk.reads("2023-08-22", text="Pyongyang has notified Japan that it will launch a satellite this month."),
        desk.reads("2023-08-24", title="North Korea postpones launch of satellite"),
        desk.reads("2023-08-26", text="КНДР в субботу запустила спутник.", language="ru"),
        desk.reads("2023-08-26", text="Le satellite nord-coréen s'est abîmé en mer samedi.", language="fr"),
    ]
    assert [[(outcome, stage) for outcome, stage, _ in each] for each in told] == [
        [("new", "announced")],
        [("corroborates", "announced")],
        [("new", "postponed")],
        [("new", "launched")],
        [("new", "failed")],
    ]
    assert len({development.episode for development in desk.ledger.developments}) == 1


def test_the_alert_names_country_and_thing_in_words() -> None:
    desk = Desk()
    desk.reads("2022-11-02", text=FIRED.format(day="Wednesday"))
    (alert,) = desk.alerts
    assert alert.headline == "North Korea has launched a ballistic missile"
    assert (alert.subject_name, alert.object_name) == ("North Korea", "a ballistic missile")


def test_what_is_spoken_of_as_known_is_relevant_and_no_news() -> None:
    raw = item("UN condemns North Korea missile launch", day="2024-03-01")
    reading = extract(normalize(raw), [NORTH], NAMES)
    assert [claim.excluded for claim in reading.claims] == ["known"]
    assert reading.relevant == ("north",)
    assert Desk().reads("2024-03-01", title="UN condemns North Korea missile launch")[0][0] == "background"


@pytest.mark.parametrize(
    "text",
    [
        "Narendra Modi fired a missile of words and arrived in Kyiv on Friday.",
        "Xi Jinping launched a satellite and left for Moscow.",
        "Vladimir Putin tested a missile before he attended the military parade in Moscow.",
    ],
)
def test_a_frame_changes_nothing_of_what_the_others_read(text: str) -> None:
    article = normalize(item(text=text, day="2024-05-09"))
    topics = [TRIPS, PARADES]
    without = {name: frame for name, frame in shipped().items() if frame.shape != "event"}
    assert extract(article, topics, NAMES).claims == extract(article, topics, NAMES, without).claims


WORDS = [
    "North Korea",
    "Kim",
    "fired",
    "launch",
    "missile",
    "satellite",
    "发射",
    "朝鲜",
    "북한",
    "발사",
    "ракету",
    ",",
    "\n",
    "“",
]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=8)), max_size=40), st.sampled_from(LANGUAGES))
def test_any_text_can_be_read_with_the_frame(parts: list[str], language: str) -> None:
    """Whatever stands in it; its claims name the country and one of the frame's things."""
    article = normalize(item(text=" ".join(parts), lang=language))
    for claim in extract(article, (NORTH,), NAMES).claims:
        assert claim.subject == "KP"
        assert claim.object in load("launch").things


@pytest.mark.parametrize(
    ("text", "touched"),
    [
        ("north korea fires ballistic missile", True),
        ("rice prices rise for a third month", False),
        ("", False),
    ],
)
def test_only_a_text_that_names_a_thing_is_read_with_the_frame(text: str, touched: bool) -> None:
    assert touches(load("launch"), "en", text) is touched
    assert touches(load("travel"), "en", text) is False


@pytest.mark.parametrize(
    ("words", "language", "text", "matches"),
    [
        ("rocket*", "en", "rockets", True),
        ("rocket*", "en", "rocke", False),
        ("carried out ... test", "en", "carried out a fourth test", True),
        ("carried out ... test", "en", "carried out, to the surprise of all who watched, a test", False),
        ("U.S. navy", "en", "u.s. navy", True),
        ("U.S. navy", "en", "u1s1 navy", False),
        ("탄도 미사일", "ko", "탄도미사일", True),
        ("发射 ... 失败", "zh", "发射军事侦察卫星失败", True),
        ("发射 ... 失败", "zh", "发射。其他失败", False),
    ],
)
def test_words_are_written_plainly(words: str, language: str, text: str, matches: bool) -> None:
    assert (re.fullmatch(pattern(words, language), text) is not None) is matches
