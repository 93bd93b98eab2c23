"""One thing with everything that belongs to it; and the views that people look at, on a story that we know."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from monitor.frames import frame
from monitor.storage import ledger, views
from monitor.storage.engine import transaction
from monitor.storage.items import article_id, store
from monitor.storage.search import timeline
from monitor.storage.show import show_alert, show_article, show_decision, show_development
from monitor.types import Change, Outcome, Tier
from tests.support import archive_story
from tests.support.archive_samples import EPISODE, at, claim, pair

ANNOUNCED = f"{EPISODE}/announced/kim-jong-un/-/1"


@pytest.fixture
def story(archive: Engine) -> Engine:
    """The archive with the story in it."""
    with transaction(archive) as connection:
        archive_story.tell(connection)
    return archive


def test_the_timeline_tells_the_story(story: Engine) -> None:
    """In the order in which things became known, with first teller, counts and the state of the alert."""
    with transaction(story) as connection:
        entries = timeline(connection, "kim-travel")
    assert [(e.stage, e.first_source, e.reports, e.independent_sources, e.alert_state) for e in entries] == [
        ("announced", "Yonhap", 3, 2, "sent"),
        ("departed", "TASS", 1, 1, "sent"),
        ("arrived", "Yonhap", 1, 1, "pending"),
    ]
    first = entries[0]
    assert (first.quote, first.speaker, first.standing) == (
        "Kim Jong Un is announced in Moscow.",
        "the Kremlin",
        "party",
    )
    assert (first.title, first.first_seen, first.alerted_at) == ("Kim to visit Moscow", at(0), at(0.05))
    assert first.first_tier is Tier.AGENCY


def test_a_timeline_can_be_narrowed(story: Engine) -> None:
    """By time and subject; a limit keeps the newest."""
    with transaction(story) as connection:
        assert [e.stage for e in timeline(connection, "kim-travel", since=at(60))] == ["departed", "arrived"]
        assert [e.stage for e in timeline(connection, "kim-travel", until=at(60))] == ["announced"]
        assert [e.stage for e in timeline(connection, "kim-travel", limit=2)] == ["departed", "arrived"]
        assert timeline(connection, "kim-travel", subject="vladimir-putin") == []
        assert timeline(connection, "putin-kim-talks") == []


def test_an_article_is_shown_with_its_versions_and_decisions(story: Engine) -> None:
    """The announcement was edited later; what was decided on its first version stays."""
    with transaction(story) as connection:
        shown = show_article(connection, article_id("yonhap", "1"))
    assert shown is not None
    assert [(v.version, v.title, v.flags) for v in shown.versions] == [
        (1, "Kim to visit Moscow", ("summary_only",)),
        (2, "Kim to visit Moscow on 9 May", ("summary_only",)),
    ]
    assert (shown.topics, shown.source_name, shown.tier) == (("kim-travel",), "Yonhap", Tier.AGENCY)
    (decided,) = shown.decisions
    assert decided.decision.claim == claim("announced", speaker="the Kremlin")
    assert (decided.decision.outcome, decided.decision.development, decided.version) == (Outcome.NEW, ANNOUNCED, 1)


def test_a_text_that_came_back_is_shown_as_the_current_one(archive: Engine) -> None:
    """The last of the versions is what the article says now."""
    for minutes, title in ((0, "one"), (5, "two"), (10, "one")):
        with transaction(archive) as connection:
            store(connection, [pair("a", title, minutes=minutes)])
    with transaction(archive) as connection:
        shown = show_article(connection, article_id("yonhap", "a"))
    assert shown is not None
    assert [version.version for version in shown.versions] == [2, 1]


def test_a_development_is_shown_with_its_reports_and_its_episode(story: Engine) -> None:
    """Who told it, how late, who of them first-hand; and what else happened on the trip."""
    with transaction(story) as connection:
        shown = show_development(connection, ANNOUNCED)
    assert shown is not None
    assert [(r.source_name, r.late, r.origin, r.independent, r.first) for r in shown.reports] == [
        ("Yonhap", timedelta(0), "Yonhap", True, True),
        ("TASS", timedelta(minutes=4), "TASS", True, False),
        ("Daily Global", timedelta(minutes=20), "Yonhap", False, False),
    ]
    assert [e.stage for e in shown.episode] == ["announced", "departed", "arrived"]
    assert shown.development == shown.episode[0]


def test_a_development_is_shown_with_what_became_of_it_and_when_its_episode_ends(story: Engine) -> None:
    """Fourteen days after the last that happened on the trip, and no earlier than on the morrow of its day."""
    moved = claim("announced", speaker="the Kremlin", event_date=date(2030, 5, 12))
    with transaction(story) as connection:
        before = ledger.load(connection, ["kim-travel"], at(0))
        change = Change(
            id=f"{ANNOUNCED}#1",
            development=ANNOUNCED,
            outcome=Outcome.UPDATE,
            fact="day",
            was="2030-05-09",
            now="2030-05-12",
            stands=True,
            claim=moved,
            article=article_id("tass", "4"),
            seen=at(700),
        )
        ledger.save(connection, before, replace(before, changes=(change,)))
        shown = show_development(connection, ANNOUNCED, {"kim-travel": frame.load("travel")})
        assert ledger.load(connection, ["kim-travel"], at(0)).changes == (change,)
    assert shown is not None
    (became,) = shown.changes
    assert (became.outcome, became.fact, became.was, became.now) == ("update", "day", "2030-05-09", "2030-05-12")
    assert (became.speaker, became.quote, became.source_name) == (
        "the Kremlin",
        "Kim Jong Un is announced in Moscow.",
        "TASS",
    )
    assert shown.within.closes == at(600) + timedelta(days=14)
    assert shown.within.because == "14 days after its last development"


def test_an_alert_is_shown_by_number_and_by_key(story: Engine) -> None:
    """With what it says, where it stands and what is in its thread."""
    with transaction(story) as connection:
        shown = show_alert(connection, ANNOUNCED)
        assert shown is not None
        assert show_alert(connection, shown.id) == shown
    assert (shown.alert.headline, shown.state, shown.receipt_channel) == ("Kim Jong Un will visit Russia", "sent", "C1")
    assert (shown.created_at, shown.sent_at, shown.replies) == (at(0), at(0.05), 0)


def test_a_decision_is_shown_with_its_evidence(story: Engine) -> None:
    """The claim that told of the past, and why it raised nothing."""
    with transaction(story) as connection:
        number = connection.execute(
            sa.select(views.suppressed.c.claim_id).where(views.suppressed.c.outcome == "background")
        ).scalar_one()
        shown = show_decision(connection, number)
    assert shown is not None
    assert shown.decision.claim == claim("arrived", excluded="history")
    assert (shown.decision.reason, shown.source_name, shown.at) == ("tells what is past", "Daily Global", at(70))


def test_what_is_not_there_is_none(story: Engine) -> None:
    """Not an error: the caller says what was asked for."""
    with transaction(story) as connection:
        assert show_article(connection, "no such") is None
        assert show_development(connection, "no such") is None
        assert show_alert(connection, "no such") is None
        assert show_alert(connection, 0) is None
        assert show_decision(connection, 0) is None


def test_silence_can_be_audited(story: Engine) -> None:
    """Every claim that raised nothing is in the view, with its reason and the development that it comes nearest to."""
    view = views.suppressed.c
    with transaction(story) as connection:
        rows = connection.execute(sa.select(view.source, view.outcome, view.development_id).order_by(view.at)).all()
    assert [tuple(row) for row in rows] == [
        ("TASS", "corroborates", ANNOUNCED),
        ("Daily Global", "corroborates", ANNOUNCED),
        ("Daily Global", "background", ANNOUNCED),
    ]


def test_views_have_the_columns_that_the_program_knows(archive: Engine) -> None:
    """Names, order and types as in `monitor.storage.views`."""
    with transaction(archive) as connection:
        for view in views.VIEWS:
            found = sa.inspect(connection).get_columns(view.name)
            assert [column["name"] for column in found] == list(view.c.keys())
            for column in found:
                known = view.c[column["name"]].type.compile(connection.dialect).replace("BIGINT", "INTEGER")
                assert column["type"].compile(connection.dialect).replace("BIGINT", "INTEGER") == known
