"""What the alert of an open topic says."""

from __future__ import annotations

from dataclasses import replace

from monitor.notify.content import content
from monitor.novelty import Item, Stories, judge
from monitor.pipeline import read
from monitor.story_alerts import story_alert
from monitor.types import Alert, Outcome, WatchTopic
from tests.support.searching import CURBS, RARE, WATCH, told


def alert_of(story: tuple[str, str], topic: WatchTopic = RARE) -> Alert:
    """The alert on the first report of a story."""
    made = read(told("a", story), WATCH)
    item = Item(article=made.article, id="a", told=made.told)
    (decision,) = judge(item, made.reported, Stories(), {topic.id: topic}).decisions
    alert = story_alert(decision, made.article, topic, default_channel="#desk")
    assert alert is not None
    return alert


def test_it_says_what_the_article_says_why_and_who() -> None:
    said = content(alert_of(CURBS))
    assert (said.headline, said.status, said.about) == (CURBS[0], "Reported", "Rare earths")
    assert said.quote == CURBS[1].split("\n")[0]
    assert [reason.value for reason in said.reasons] == [
        "word “rare earth” in the title; meant is: New limits on the export of rare earths.",
        "first report of this story: the topic has told nothing within 3 days",
    ]
    assert said.plain.startswith("Reported: China tightens rare earth export curbs · ")


def test_it_has_no_day_of_its_own() -> None:
    assert [fact.label for fact in content(alert_of(CURBS)).facts] == ["Reported by", "Published", "First seen here"]


def test_a_headline_alone_is_not_said_twice() -> None:
    said = content(alert_of((CURBS[0], "")))
    assert (said.headline, said.quote) == (CURBS[0], "")


def test_a_text_without_a_title_has_its_sentence_for_a_headline() -> None:
    assert content(alert_of(("", "Rare earths are dear. Gold is not."))).headline == "Rare earths are dear."


def test_a_topic_speaks_in_its_own_channel() -> None:
    assert alert_of(CURBS).channel == "#desk"
    assert alert_of(CURBS, replace(RARE, channel="#metals")).channel == "#metals"


def test_what_is_held_back_is_not_said() -> None:
    made = read(told("a", CURBS), WATCH)
    item = Item(article=made.article, id="a", told=made.told)
    first = judge(item, made.reported, Stories(), {RARE.id: RARE})
    (again,) = judge(replace(item, id="b"), made.reported, first.stories, {RARE.id: RARE}).decisions
    assert again.outcome is Outcome.CORROBORATES
    assert story_alert(again, made.article, RARE, default_channel="#desk") is None
