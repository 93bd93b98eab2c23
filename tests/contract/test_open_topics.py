"""Open topics through the pipeline on a real Postgres: told once, corroborated, kept with reasons, asked for later."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from monitor.pipeline import Processed, Watch, process, read
from monitor.storage import show
from monitor.storage.engine import transaction
from monitor.storage.search import search
from monitor.storage.stories import load
from monitor.storage.tables import alert_replies, alerts, tellings
from monitor.types import ItemKind, Outcome, RawItem
from tests.support.journey import ANNOUNCED, MODI, rows
from tests.support.searching import CURBS, CURBS_AGAIN, MINE, RARE, SEEN, WATCH, told


def run(engine: Engine, *batch: RawItem, watch: Watch = WATCH) -> list[Processed]:
    """Process a batch in a transaction of its own."""
    made = [read(item, watch) for item in batch]
    with transaction(engine) as conn:
        return process(conn, made, watch)


def outcome(result: Processed) -> Outcome:
    """What was decided of the one claim of an item."""
    (decision,) = result.decisions
    return decision.outcome


def test_a_story_is_alerted_with_the_title_the_sentence_and_the_reasons(archive: Engine) -> None:
    (result,) = run(archive, told("a", CURBS))
    (alert,) = result.alerts
    assert (outcome(result), result.relevant) == (Outcome.NEW, ("rare-earths",))
    assert (alert.headline, alert.topic_name, alert.stage_label) == (CURBS[0], "Rare earths", "reported")
    assert alert.quote.startswith("BEIJING - China on Thursday expanded its export controls on rare earths")
    assert alert.why_matched == "word “rare earth” in the title; meant is: New limits on the export of rare earths."
    assert alert.why_new.startswith("first report of this story")
    with transaction(archive) as conn:
        assert conn.scalar(sa.select(alerts.c.key)) == result.decisions[0].development
        assert conn.scalar(sa.select(tellings.c.development_id)) == result.decisions[0].development


def test_a_later_report_goes_to_the_thread_and_into_the_archive(archive: Engine) -> None:
    (first,) = run(archive, told("a", CURBS))
    (again,) = run(archive, told("b", CURBS_AGAIN, source="star", hours=2))
    assert (outcome(again), again.alerts) == (Outcome.CORROBORATES, ())
    development = first.decisions[0].development
    assert development is not None
    with transaction(archive) as conn:
        view = show.show_development(conn, development)
        replies = conn.execute(sa.select(alert_replies)).all()
        found = search(conn, "rare earths", topic="rare-earths")
    assert view is not None
    assert [(report.source_name, report.first, report.independent) for report in view.reports] == [
        ("Globe", True, True),
        ("Star", False, True),
    ]
    assert [reply.article_id for reply in replies] == [again.stored.article_id]
    assert len(found) == 2


def test_what_a_second_report_tells_is_kept_and_found_again(archive: Engine) -> None:
    (first,) = run(archive, told("a", CURBS))
    run(archive, told("b", CURBS_AGAIN, source="star", hours=2))
    run(archive, told("c", CURBS_AGAIN, source="herald", hours=3))
    with transaction(archive) as conn:
        kept = conn.execute(sa.select(tellings).order_by(tellings.c.number)).all()
        stories = load(conn, [RARE], SEEN)
    assert [row.number for row in kept] == [1, 2]
    development = first.decisions[0].development
    assert development is not None
    assert [each.to_json() for each in stories.tellings[development]] == [row.telling for row in kept]


def test_what_raised_nothing_is_kept_with_its_reason_and_the_nearest_story(archive: Engine) -> None:
    first, opinion = run(archive, told("a", CURBS), told("b", CURBS_AGAIN, hours=1, kind=ItemKind.OPINION))
    with transaction(archive) as conn:
        view = show.show_article(conn, opinion.stored.article_id)
    assert view is not None
    (kept,) = view.decisions
    assert (kept.decision.outcome, kept.decision.reason) == (Outcome.BACKGROUND, "an opinion piece")
    assert kept.decision.development == first.decisions[0].development
    assert view.topics == ("rare-earths",)


def test_an_edit_of_a_told_story_is_nothing_new_however_late(archive: Engine) -> None:
    longer = (CURBS[0], f"{CURBS[1]}\n\nMarkets fell.")
    run(archive, told("a", CURBS, published=SEEN))
    (edited,) = run(archive, told("a", longer, hours=24 * 10, published=SEEN))
    assert (edited.stored.version, outcome(edited)) == (2, Outcome.SAME_VERSION)
    (again,) = run(archive, told("a", (CURBS[0], f"{longer[1]} A little."), hours=24 * 11, published=SEEN))
    assert outcome(again) == Outcome.SAME_VERSION


def test_versions_of_one_batch_know_of_each_other(archive: Engine) -> None:
    texts = [CURBS, (CURBS[0], f"{CURBS[1]} More."), (CURBS[0], f"{CURBS[1]} More and more.")]
    results = run(archive, *(told("a", text, hours=hour) for hour, text in enumerate(texts)))
    assert [outcome(r) for r in results] == [Outcome.NEW, Outcome.SAME_VERSION, Outcome.SAME_VERSION]


def test_an_item_delivered_again_changes_nothing(archive: Engine) -> None:
    run(archive, told("a", CURBS))
    before = rows(archive)
    (again,) = run(archive, told("a", CURBS))
    assert (again.stored.status, again.decisions, again.relevant) == ("known", (), ())
    assert rows(archive) == before


@pytest.mark.parametrize("size", [1, 3, 8])
def test_decisions_do_not_depend_on_the_size_of_the_batch(archive: Engine, size: int) -> None:
    texts = [CURBS, MINE, CURBS_AGAIN, ("Fine weather", "It was fine."), CURBS, MINE]
    stream = [told(str(n), text, source=f"s{n}", hours=n) for n, text in enumerate(texts)]
    results = [r for at in range(0, len(stream), size) for r in run(archive, *stream[at : at + size])]
    decided = [tuple(d.outcome for d in r.decisions) for r in results]
    new, again = (Outcome.NEW,), (Outcome.CORROBORATES,)
    assert decided == [new, new, again, (), again, again]


def test_a_story_that_its_source_withdraws_is_mended(archive: Engine) -> None:
    """Though the text that withdraws it holds none of the words that are searched for."""
    (first,) = run(archive, told("a", CURBS))
    (gone,) = run(archive, told("a", ("STORY WITHDRAWN", "This story has been withdrawn."), hours=1))
    development = first.decisions[0].development
    assert (outcome(gone), gone.decisions[0].development) == (Outcome.WITHDRAWN, development)
    (mend,) = gone.mends
    assert (mend.development, mend.void, mend.headline) == (development, True, "Withdrawn by Globe")
    with transaction(archive) as conn:
        assert conn.execute(sa.select(alert_replies.c.change_id)).scalar_one() == mend.key
    (again,) = run(archive, told("b", CURBS_AGAIN, source="star", hours=2))
    assert outcome(again) == Outcome.NEW
    (twice,) = run(archive, told("a", ("STORY WITHDRAWN", "This story has been withdrawn. Really."), hours=3))
    assert twice.decisions == ()


def test_an_old_text_under_a_new_address_is_late(archive: Engine) -> None:
    run(archive, told("a", CURBS))
    (again,) = run(archive, told("b", CURBS, source="star", hours=24 * 30))
    assert outcome(again) == Outcome.LATE
    assert "an old story again" in again.decisions[0].reason


def test_a_report_that_recurs_with_other_figures_is_no_old_text(archive: Engine) -> None:
    """Told in the same words each week; what is published again keeps its figures, whatever its date."""
    wording = (
        "Rare earth prices on {day}",
        "SHANGHAI, {day} - The price of rare earth oxides closed at {price} yuan a kilogram at 15:{minute} on the "
        "exchange in Shanghai, while the index of the metals that magnets and motors are made of stood at {index} "
        "points. Dealers said that buyers had held back before the new quotas of the ministry are known.",
    )

    def report(day: str, price: str, minute: str, index: str) -> tuple[str, str]:
        title, text = (part.format(day=day, price=price, minute=minute, index=index) for part in wording)
        return title.partition(" on ")[0], text

    first, later = report("9 October", "412.5", "04", "1,204"), report("20 October", "398.1", "11", "1,187")
    again = report("30 October", "398.1", "32", "1,187")
    results = [
        run(archive, told(str(n), text, source=f"s{n}", hours=24 * days))[0]
        for n, (text, days) in enumerate([(first, 0), (later, 11), (again, 21)])
    ]
    assert [outcome(result) for result in results] == [Outcome.NEW, Outcome.NEW, Outcome.LATE]


def test_one_item_may_matter_to_open_topics_and_to_frames(archive: Engine) -> None:
    """Decisions of both stand in the archive beside each other."""
    assert WATCH.topics[0].search is not None
    words = replace(WATCH.topics[0], id="ukraine", search=replace(WATCH.topics[0].search, any=("Ukraine",)))
    watch = replace(WATCH, topics=(MODI, words))
    (result,) = run(archive, told("a", ("Modi", ANNOUNCED), published=SEEN - timedelta(minutes=5)), watch=watch)
    assert [(d.claim.topic, d.outcome) for d in result.decisions] == [("modi", Outcome.NEW), ("ukraine", Outcome.NEW)]
    assert result.relevant == ("modi", "ukraine")
    assert len(result.alerts) == 2
    with transaction(archive) as conn:
        view = show.show_article(conn, result.stored.article_id)
    assert view is not None
    assert [each.decision.claim.topic for each in view.decisions] == ["modi", "ukraine"]


def test_processors_at_once_alert_once(archive: Engine) -> None:
    start = threading.Barrier(6)

    def one(number: int) -> Outcome:
        start.wait()
        (result,) = run(archive, told(str(number), CURBS, source=f"s{number}"))
        return outcome(result)

    with ThreadPoolExecutor(6) as pool:
        decided = list(pool.map(one, range(6)))
    assert sorted(decided) == sorted([Outcome.NEW] + [Outcome.CORROBORATES] * 5)
    count = rows(archive)
    assert (count["developments"], count["alerts"], count["reports"], count["tellings"]) == (1, 1, 6, 1)
