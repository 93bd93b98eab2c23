"""A backtest on a real archive: it decides as the pipeline did, says what an edit changes, and writes nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from monitor.backtest import Report, backtest
from monitor.backtest.trial import Trial
from monitor.developments import LATE_AFTER
from monitor.language import gazetteer
from monitor.pipeline import Watch, process, read
from monitor.replay import read_stream, replay
from monitor.storage import archived, feedback, redated
from monitor.storage.engine import transaction
from monitor.types import Decision, RawItem, Search, Verdict, WatchTopic
from tests.support.journey import ANNOUNCED, ARRIVED, DEPARTED, MODI, OTHER, SEEN, news, rows
from tests.support.searching import CURBS, CURBS_AGAIN, MINE, RARE, told

STREAMS = Path(__file__).parents[1] / "data" / "streams"
TRIPS = WatchTopic(id="trips", name="Trips", frame="travel")
PARADES = WatchTopic(id="parades", name="Parades", frame="attendance")
VISITS = WatchTopic(
    id="visits", name="Visits", frame="", search=Search(any=("visit*", "trip", "poseta*", "визит*", "访问", "방문"))
)
NAMES = gazetteer.load()
SINCE, UNTIL = SEEN - timedelta(hours=1), SEEN + timedelta(days=30)


def watching(*topics: WatchTopic) -> Watch:
    """These topics."""
    return Watch(topics=topics, gazetteer=NAMES, default_channel="#desk")


def keep(engine: Engine, watch: Watch, *items: RawItem) -> list[tuple[str, ...]]:
    """Process the items one by one, as the product would; returns the developments of each one's alerts."""
    raised = []
    for item in items:
        with transaction(engine) as conn:
            (result,) = process(conn, [read(item, watch)], watch)
        raised.append(tuple(alert.key for alert in result.alerts))
    return raised


def run(engine: Engine, before: Watch, after: Watch, *, since: datetime = SINCE, until: datetime = UNTIL) -> Report:
    """A backtest of the time of the items."""
    return backtest(engine, before, after, since=since, until=until)


def differences(report: Report) -> list[tuple[str, str, str, str]]:
    """Of each alert that differs: how, and the stages on both sides, and what changed or why."""
    return [
        (
            row.difference.value,
            row.before.stage if row.before else "",
            row.after.stage if row.after else "",
            ", ".join(row.changed) or row.why,
        )
        for row in report.alerts
    ]


def decided(decisions: tuple[Decision, ...]) -> list[tuple[str, str, str | None, str]]:
    """What was decided, without the evidence."""
    return [(d.claim.topic, d.outcome.value, d.development, d.reason) for d in decisions]


@pytest.mark.parametrize("name", ["pyongyang-2025", "modi-kyiv-2024", "tebboune-paris-2023", "xi-moscow-2015"])
def test_a_trial_decides_as_the_pipeline_did(archive: Engine, name: str) -> None:
    """Item by item, reasons included: with a frame, without one, over new versions of an item."""
    watch = watching(TRIPS, PARADES, VISITS)
    stream = read_stream(STREAMS / name / "stream.jsonl")
    processed: dict[tuple[str, int], list[tuple[str, str, str | None, str]]] = {}
    alerts: dict[tuple[str, int], list[str]] = {}
    for _, result in replay(archive, stream, watch):
        place = (result.stored.article_id, result.stored.version)
        processed.setdefault(place, decided(result.decisions))
        alerts.setdefault(place, [alert.key for alert in result.alerts])
    trial, seen = Trial(watch), {}
    raised = {}
    for page in archived.pages(archive, datetime.min.replace(tzinfo=SEEN.tzinfo), UNTIL + timedelta(days=9999)):
        for entry in page:
            identity = entry.stored.article_id
            with transaction(archive) as conn:
                step = trial.step(entry, lambda a, c=conn, i=identity: redated.first_told(c, a, i, LATE_AFTER))  # type: ignore[misc]
            seen[identity, entry.stored.version] = decided(step.decisions)
            raised[identity, entry.stored.version] = [each.development for each in step.told]
    assert seen == processed
    assert raised == alerts
    told_of = {development.partition("/")[0] for told in raised.values() for development in told}
    assert told_of >= {"trips", "visits"}


def test_the_same_topics_differ_in_nothing(archive: Engine) -> None:
    watch = watching(MODI, RARE)
    keep(archive, watch, news("a", ANNOUNCED), news("b", DEPARTED, minutes=5), news("c", OTHER, minutes=9))
    report = run(archive, watch, watch)
    assert (report.items, report.alerts) == (3, ())
    assert [(t.topic, t.before, t.after, t.same) for t in report.topics] == [
        ("modi", 2, 2, 2),
        ("rare-earths", 0, 0, 0),
    ]


def test_nothing_is_written(archive: Engine) -> None:
    keep(archive, watching(MODI), news("a", ANNOUNCED), news("b", ARRIVED, minutes=5))
    before = rows(archive)
    assert run(archive, watching(MODI), watching(TRIPS, RARE)).alerts
    assert rows(archive) == before


def test_an_alert_is_lost_with_what_the_edit_made_of_its_item(archive: Engine) -> None:
    """By another country, by a muted stage, by a topic that is gone."""
    keep(archive, watching(MODI), news("a", ANNOUNCED), news("b", ARRIVED, minutes=5))
    elsewhere = run(archive, watching(MODI), watching(replace(MODI, objects=("FR",))))
    assert [row[:3] for row in differences(elsewhere)] == [("lost", "announced", ""), ("lost", "arrived", "")]
    (lost, _) = elsewhere.alerts
    assert lost.before is not None
    assert lost.before.sentence == ANNOUNCED
    assert lost.before.reason
    assert lost.why == "nothing in it is what the topic watches"
    muted = run(archive, watching(MODI), watching(replace(MODI, muted_stages=("arrived",))))
    assert differences(muted) == [("lost", "arrived", "", "its stage, arrived, is muted")]
    gone = run(archive, watching(MODI), watching(RARE))
    assert {row[3] for row in differences(gone)} == {"there is no such topic"}
    assert [(t.topic, t.before, t.after, t.lost) for t in gone.topics] == [("modi", 2, 0, 2), ("rare-earths", 0, 0, 0)]


def test_an_alert_is_gained_of_what_was_archived_for_no_topic(archive: Engine) -> None:
    keep(archive, watching(RARE), news("a", ANNOUNCED))
    report = run(archive, watching(RARE), watching(RARE, MODI))
    assert differences(report) == [("gained", "", "announced", "there is no such topic")]
    assert report.alerts[0].after is not None
    assert report.alerts[0].after.sentence == ANNOUNCED
    assert report.alerts[0].after.reason


def test_an_alert_changes_its_channel(archive: Engine) -> None:
    keep(archive, watching(MODI), news("a", ANNOUNCED))
    report = run(archive, watching(MODI), watching(replace(MODI, channel="#india")))
    assert differences(report) == [("changed", "announced", "announced", "channel")]


def test_an_item_that_is_told_as_something_else_is_changed(archive: Engine) -> None:
    """The topic keeps its id and gets another frame: what was a journey is a meeting."""
    text = "Indian Prime Minister Narendra Modi will travel to Kyiv on August 23 to meet President Volodymyr Zelensky."
    keep(archive, watching(MODI), news("a", text))
    talks = WatchTopic(id=MODI.id, name="Talks", frame="talks", pair=("narendra-modi", "volodymyr-zelenskyy"))
    report = run(archive, watching(MODI), watching(talks))
    (row,) = report.alerts
    assert row.before is not None
    assert row.after is not None
    assert row.difference.value == "changed"
    assert row.before.subject == "narendra-modi"
    assert set(row.after.subject.split("+")) == {"narendra-modi", "volodymyr-zelenskyy"}
    assert {"subject", "headline"} <= set(row.changed)


def test_a_story_told_by_another_item_is_changed_and_not_lost_and_gained(archive: Engine) -> None:
    """The edit takes the first report away, so that the second one becomes the alert; and the other way round."""
    assert RARE.search is not None
    narrow = replace(RARE, search=replace(RARE.search, none=("tighten*",)))
    keep(
        archive,
        watching(RARE),
        told("a", CURBS),
        told("b", CURBS_AGAIN, source="star", hours=2),
        told("c", MINE, hours=3),
    )
    start, end = told("a", CURBS).seen - timedelta(hours=1), told("c", MINE, hours=4).seen
    for before, after, titles in (
        (RARE, narrow, (CURBS[0], CURBS_AGAIN[0])),
        (narrow, RARE, (CURBS_AGAIN[0], CURBS[0])),
    ):
        report = run(archive, watching(before), watching(after), since=start, until=end)
        (row,) = report.alerts
        assert row.before is not None
        assert row.after is not None
        assert (row.difference.value, row.before.title, row.after.title) == ("changed", *titles)
        assert row.changed[0] == "item"
        (tally,) = report.topics
        assert (tally.before, tally.after, tally.changed, tally.same) == (2, 2, 1, 1)


def test_what_was_told_before_the_time_is_known_and_not_counted(archive: Engine) -> None:
    """A report of the warm-up is an alert no more; without a warm-up, its repetition would be one."""
    keep(archive, watching(MODI), news("a", ANNOUNCED), news("b", ANNOUNCED, source="star", minutes=60))
    since = SEEN + timedelta(minutes=30)
    warm = backtest(archive, watching(RARE), watching(MODI), since=since, until=UNTIL)
    assert (warm.items, warm.alerts) == (1, ())
    cold = backtest(archive, watching(RARE), watching(MODI), since=since, until=UNTIL, warm_up=timedelta(0))
    assert [row[0] for row in differences(cold)] == ["gained"]


def test_feedback_is_counted_on_both_sides(archive: Engine) -> None:
    """A useful alert that the edit loses, a repetition that it holds back, one that another item tells."""
    raised = keep(archive, watching(MODI, RARE), news("a", ANNOUNCED), news("b", ARRIVED, minutes=5))
    raised += keep(archive, watching(RARE), told("c", CURBS), told("d", CURBS_AGAIN, source="star", hours=2))
    verdicts = (Verdict.USEFUL, Verdict.OFF_TOPIC, Verdict.USEFUL)
    with transaction(archive) as conn:
        for (development,), verdict in zip([each for each in raised if each], verdicts, strict=True):
            feedback.give(conn, development, Verdict.NOT_NEW, by="Ana", note="", at=SEEN)
            feedback.give(conn, development, verdict, by="Ben", note="", at=SEEN)
    until = told("d", CURBS, hours=3).seen
    edited = watching(replace(MODI, muted_stages=("arrived",)), RARE)
    report = run(archive, watching(MODI, RARE), edited, until=until)
    assert [(each.verdict.value, each.given, each.before, each.after) for each in report.feedback] == [
        ("useful", 2, 2, 2),
        ("off_topic", 1, 1, 0),
    ]
    (lost,) = report.alerts
    assert (lost.difference.value, lost.verdict) == ("lost", Verdict.OFF_TOPIC)
    fates = Counter((each.before.value, each.after.value) for each in report.judged)
    assert fates == {("raised", "raised"): 2, ("raised", "silent"): 1}


def test_an_item_that_repeats_another_alert_is_told_elsewhere(archive: Engine) -> None:
    """The desk called a story useful; under the edited topic an earlier item, which was not watched then, tells it."""
    assert RARE.search is not None
    narrow = replace(RARE, search=replace(RARE.search, none=("tighten*",)))
    raised = keep(archive, watching(narrow), told("a", CURBS), told("b", CURBS_AGAIN, source="star", hours=2))
    (development,) = raised[1]
    with transaction(archive) as conn:
        feedback.give(conn, development, Verdict.USEFUL, by="Ana", note="", at=SEEN)
    start, end = told("a", CURBS).seen - timedelta(hours=1), told("c", MINE, hours=4).seen
    report = run(archive, watching(narrow), watching(RARE), since=start, until=end)
    (judged,) = report.judged
    assert (judged.before.value, judged.after.value) == ("raised", "elsewhere")
    assert [(each.before, each.after, each.after_elsewhere) for each in report.feedback] == [(1, 0, 1)]
    assert report.alerts[0].verdict is Verdict.USEFUL


@pytest.mark.parametrize("size", [1, 2, 3])
def test_pages_hold_every_item_once_in_the_order_in_which_they_were_seen(archive: Engine, size: int) -> None:
    """Also where several were seen in one moment, and where an item has two versions."""
    items = [news(key, ANNOUNCED, minutes=minute) for key, minute in (("a", 3), ("b", 1), ("c", 1), ("d", 2))]
    edit = news("b", DEPARTED, minutes=3)
    keep(archive, watching(MODI), *items, edit)
    found = [entry for page in archived.pages(archive, SINCE, UNTIL, size) for entry in page]
    assert [entry.item.seen for entry in found] == sorted(item.seen for item in (*items, edit))
    assert sorted((entry.item.key, entry.stored.version) for entry in found) == [
        ("a", 1), ("b", 1), ("b", 2), ("c", 1), ("d", 1),
    ]  # fmt: skip
    assert {entry.item for entry in found} == {*items, edit}
