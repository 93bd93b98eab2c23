"""What an alert says of a decision, and when there is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from monitor.alerting import alert_for, mend_for, object_name, subject_name
from monitor.claims import extract
from monitor.developments import decide
from monitor.frames import frame as frames
from monitor.language import gazetteer
from monitor.normalize import normalize
from monitor.types import Alert, Article, Decision, Ledger, Outcome, Standing, WatchTopic
from tests.unit.claims.reading import item

NAMES = gazetteer.load()
TRIPS = WatchTopic(id="trips", name="Modi's travel", frame="travel", subjects=("narendra-modi",))
PARADES = WatchTopic(id="parades", name="Parades", frame="attendance", channel="#parades")
TOPICS = {topic.id: topic for topic in (TRIPS, PARADES)}
ANNOUNCED = (
    "India's prime minister Narendra Modi will travel to Ukraine on August 23, the foreign ministry in New Delhi said."
)


def told(
    ledger: Ledger, text: str, day: str, article_id: str, title: str = ""
) -> tuple[Article, list[Decision], Ledger]:
    """What one article came to."""
    article = normalize(item(title, text, day=day))
    claims = extract(article, list(TOPICS.values()), NAMES).claims
    decided = decide(article, article_id, claims, ledger, TOPICS)
    return article, list(decided.decisions), decided.ledger


def alert(article: Article, decision: Decision, ledger: Ledger, topic: WatchTopic = TRIPS) -> Alert | None:
    """The alert on a decision, where the desk's channel is #desk."""
    names = {"a1": "Daily Globe"}
    return alert_for(decision, article, topic, ledger, NAMES, default_channel="#desk", source_names=names)


def test_the_first_alert_of_a_trip_says_who_where_when_and_why() -> None:
    article, (decision,), ledger = told(Ledger(), ANNOUNCED, "2024-08-19", "a1")
    said = alert(article, decision, ledger)
    assert said is not None
    assert said.headline == "Narendra Modi will travel to Ukraine"
    assert (said.stage, said.stage_label, said.changed, said.earlier) == ("announced", "announced", "", ())
    assert (said.topic, said.topic_name, said.channel) == ("trips", "Modi's travel", "#desk")
    assert (said.subject_name, said.object_name, said.event_date) == ("Narendra Modi", "Ukraine", date(2024, 8, 23))
    assert (said.published, said.first_seen) == (article.published, article.seen)
    assert (said.quote, said.quote_language, said.url) == (ANNOUNCED, "en", "https://globe.example/one")
    assert said.standing is Standing.PARTY
    assert "foreign ministry" in said.speaker
    assert "action “travel”" in said.why_matched
    assert said.why_new == "first report of this trip"
    assert said.key == decision.development == ledger.developments[0].id


def test_a_later_alert_says_what_changed_and_what_came_before() -> None:
    first, _, ledger = told(Ledger(), ANNOUNCED, "2024-08-19", "a1")
    article, (decision,), ledger = told(ledger, "Narendra Modi arrived in Kyiv on Friday.", "2024-08-23", "a2")
    said = alert(article, decision, ledger)
    assert said is not None
    assert said.changed == "was “announced”, now “has arrived”"
    (before,) = said.earlier
    assert (before.stage_label, before.source_name, before.first_seen) == ("announced", "Daily Globe", first.seen)


def test_at_a_parade_others_are_named_and_what_changed_is_ones_own() -> None:
    day = "2024-05-09"
    _, _, ledger = told(
        Ledger(), "Cuban President Miguel Diaz-Canel attended the military parade in Moscow.", day, "a1"
    )
    article, decisions, ledger = told(ledger, "Alexander Lukashenko attended the military parade in Moscow.", day, "a2")
    (decision,) = [d for d in decisions if d.claim.topic == "parades"]
    said = alert(article, decision, ledger, PARADES)
    assert said is not None
    assert said.channel == "#parades"
    assert said.headline == "Alexander Lukashenko attended the parade in Moscow on 9 May 2024"
    assert said.changed == ""
    assert [line.stage_label for line in said.earlier] == ["Miguel Díaz-Canel attended"]


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome is not Outcome.NEW])
def test_only_what_is_new_is_told(outcome: Outcome) -> None:
    article, (decision,), ledger = told(Ledger(), ANNOUNCED, "2024-08-19", "a1")
    assert alert(article, decision, ledger) is not None
    assert alert(article, replace(decision, outcome=outcome), ledger) is None


def test_a_muted_stage_is_kept_and_not_told() -> None:
    article, (decision,), ledger = told(Ledger(), ANNOUNCED, "2024-08-19", "a1")
    assert alert(article, decision, ledger, replace(TRIPS, muted_stages=("announced",))) is None
    assert alert(article, decision, ledger, replace(TRIPS, muted_stages=("possible",))) is not None


@pytest.mark.parametrize("frame", sorted(frames.shipped()))
def test_every_stage_can_be_said_in_words(frame: str) -> None:
    """Labels and sentences are there for every stage, and the sentences take the names they are given."""
    known = frames.load(frame)
    for stage in (*known.order, *known.flips):
        assert known.labels[stage]
        said = known.sentences[stage].format(subject="Someone", object="Somewhere", detail="something")
        assert "Some" in said
        assert "{" not in said


@pytest.mark.parametrize(
    ("identity", "name"),
    [
        ("UA", "Ukraine"),
        ("phone", "by telephone"),
        ("?", "a destination not told"),
        ("beijing-2015-09-03", "the parade in Beijing on 3 September 2015"),
        ("new-delhi-2024-01-26", "the parade in New Delhi on 26 January 2024"),
        ("moscow-?", "the parade in Moscow"),
        ("small-town-2024-01-26", "the parade in Small Town on 26 January 2024"),
    ],
)
def test_objects_have_names_for_people(identity: str, name: str) -> None:
    assert object_name(identity, NAMES, frames.load("travel")) == name


def test_a_meeting_of_which_nobody_says_where_has_no_place() -> None:
    assert object_name("?", NAMES, frames.load("talks")) == "place not told"


def test_who_first_says_where_to_is_told_as_such() -> None:
    gone = "Indian Prime Minister Narendra Modi left New Delhi by train for abroad, the Indian government said."
    article, (decision,), ledger = told(Ledger(), gone, "2024-08-22", "a1")
    said = alert(article, decision, ledger)
    assert said is not None
    assert said.headline == "Narendra Modi has set off for a destination not told"
    article = normalize(item("", ANNOUNCED, day="2024-08-22"))
    decided = decide(article, "a2", extract(article, [TRIPS], NAMES).claims, ledger, TOPICS)
    (change,) = decided.changes
    assert mend_for(change, article, TRIPS, decided.ledger, NAMES, frames.shipped()).headline == (
        "Update: now Ukraine (was not told)"
    )


@pytest.mark.parametrize(
    ("identity", "name"),
    [
        ("narendra-modi", "Narendra Modi"),
        ("vladimir-putin+kim-jong-un", "Vladimir Putin and Kim Jong Un"),
        ("guest-list", "A list of leaders"),
        ("jane-example", "Jane Example"),
    ],
)
def test_subjects_have_names_for_people(identity: str, name: str) -> None:
    assert subject_name(identity, NAMES) == name
