"""The pipeline on a real Postgres: items new, delivered again, edited, and taken by several processors at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from monitor.pipeline import Processed, process, read
from monitor.storage.engine import transaction
from monitor.storage.tables import alerts, changes, claims, decisions, developments, episodes, reports
from monitor.types import Outcome
from tests.support.journey import ANNOUNCED, ARRIVED, DEPARTED, OTHER, SEEN, WATCH, news, rows, run, stages


def outcomes(result: Processed) -> dict[str, Outcome]:
    """What was decided of each stage that an item claims."""
    return {decision.claim.stage: decision.outcome for decision in result.decisions}


# ---- one batch ----------------------------------------------------------------------------------------------------


def test_a_new_item_is_kept_with_its_claims_decisions_and_alert(archive: Engine) -> None:
    told, other = run(archive, news("a", ANNOUNCED), news("b", OTHER, minutes=1))
    assert (told.stored.status, told.relevant, outcomes(told)) == ("new", ("modi",), {"announced": Outcome.NEW})
    assert (other.stored.status, other.relevant, other.decisions, other.alerts) == ("new", (), (), ())
    (alert,) = told.alerts
    with transaction(archive) as conn:
        claim = conn.execute(sa.select(claims)).one()
        decision = conn.execute(sa.select(decisions)).one()
        development = conn.execute(sa.select(developments)).one()
        pending = conn.execute(sa.select(alerts)).one()
        assert conn.scalar(sa.select(episodes.c.id)) == development.episode_id
    said = (claim.article_id, claim.stage, claim.subject, claim.object)
    assert said == (told.stored.article_id, "announced", "narendra-modi", "UA")
    assert (decision.claim_id, decision.outcome, decision.development_id) == (claim.id, "new", development.id)
    assert development.first_seen == SEEN
    assert (pending.key, pending.channel, pending.state) == (development.id, "#desk", "pending")
    assert alert.key == development.id
    assert rows(archive)["articles"] == 2


def test_an_item_delivered_again_changes_nothing(archive: Engine) -> None:
    """Not even when it comes again in one batch with others, or later."""
    first = news("a", ANNOUNCED)
    run(archive, first)
    before = rows(archive)
    again, twice = run(archive, first, first)
    assert [r.stored.status for r in (again, twice)] == ["known", "known"]
    assert not again.decisions
    assert not again.alerts
    assert rows(archive) == before


def test_an_edited_version_alerts_on_what_it_adds(archive: Engine) -> None:
    run(archive, news("a", ANNOUNCED))
    (edited,) = run(archive, news("a", ANNOUNCED, DEPARTED, minutes=30))
    assert (edited.stored.status, edited.stored.version) == ("new_version", 2)
    assert outcomes(edited) == {"announced": Outcome.SAME_VERSION, "departed": Outcome.NEW}
    assert stages(archive) == ["announced", "departed"]
    assert {k: v for k, v in rows(archive).items() if k in ("articles", "article_versions", "alerts")} == {
        "articles": 1,
        "article_versions": 2,
        "alerts": 2,
    }


def test_the_same_news_of_another_outlet_is_a_report_and_no_alert(archive: Engine) -> None:
    run(archive, news("a", ANNOUNCED))
    (later,) = run(archive, news("b", ANNOUNCED, source="star", minutes=5))
    assert outcomes(later) == {"announced": Outcome.CORROBORATES}
    assert later.alerts == ()
    with transaction(archive) as conn:
        assert conn.scalar(sa.select(sa.func.count()).select_from(reports)) == 2
        assert conn.scalar(sa.select(sa.func.count()).select_from(alerts)) == 1


def test_within_a_batch_decisions_follow_the_order_in_which_items_were_seen(archive: Engine) -> None:
    """However the batch is ordered, the first seen is the one to alert on; results keep the batch's order."""
    late, early = news("late", ANNOUNCED, source="star", minutes=9), news("early", ANNOUNCED)
    results = run(archive, late, early)
    assert [outcomes(r)["announced"] for r in results] == [Outcome.CORROBORATES, Outcome.NEW]


@pytest.mark.parametrize("size", [1, 2, 6])
def test_decisions_do_not_depend_on_the_size_of_the_batch(archive: Engine, size: int) -> None:
    told = [ANNOUNCED, OTHER, ANNOUNCED, DEPARTED, ARRIVED, DEPARTED]
    stream = [news(str(n), text, source=f"s{n}", minutes=n) for n, text in enumerate(told)]
    results = [r for at in range(0, len(stream), size) for r in run(archive, *stream[at : at + size])]
    assert [outcomes(r) for r in results] == [
        {"announced": Outcome.NEW},
        {},
        {"announced": Outcome.CORROBORATES},
        {"departed": Outcome.NEW},
        {"arrived": Outcome.NEW},
        {"departed": Outcome.CORROBORATES},
    ]


MOVED = "India's Narendra Modi will travel to Ukraine on August 26 rather than August 23, New Delhi said."
GONE = "This story has been withdrawn."


@pytest.mark.parametrize("size", [1, 2, 6])
def test_changes_do_not_depend_on_the_size_of_the_batch(archive: Engine, size: int) -> None:
    """An edit may come in one batch with what it takes back, and with what is told after it."""
    told = [("a", ANNOUNCED), ("b", MOVED), ("c", OTHER), ("a", GONE), ("b", GONE), ("d", ANNOUNCED)]
    stream = [news(key, text, source=f"s{key}", minutes=n) for n, (key, text) in enumerate(told)]
    stream = [replace(item, source_name=item.source_id) for item in stream]
    results = [r for at in range(0, len(stream), size) for r in run(archive, *stream[at : at + size])]
    assert [[(d.claim.stage, d.outcome) for d in r.decisions] for r in results] == [
        [("announced", Outcome.NEW)],
        [("announced", Outcome.UPDATE)],
        [],
        [("announced", Outcome.WITHDRAWN)],
        [("announced", Outcome.WITHDRAWN)],
        [("announced", Outcome.NEW)],
    ]
    assert [[mend.void for mend in r.mends] for r in results] == [[], [False], [], [False], [True], []]
    with transaction(archive) as conn:
        kept = conn.execute(sa.select(changes.c.outcome, changes.c.stands).order_by(changes.c.number)).all()
        assert [tuple(row) for row in kept] == [("update", True), ("withdrawn", True), ("withdrawn", False)]
        assert conn.scalars(sa.select(developments.c.withdrawn).order_by(developments.c.number)).all() == [
            stream[4].seen,
            None,
        ]


def test_a_transaction_that_fails_leaves_nothing(archive: Engine) -> None:
    """What was decided before the failure is gone with it, and is decided anew when the batch comes again."""
    before = rows(archive)
    with pytest.raises(RuntimeError, match="pulled"):
        _pull_the_plug(archive)
    assert rows(archive) == before
    (again,) = run(archive, news("a", ANNOUNCED))
    assert outcomes(again) == {"announced": Outcome.NEW}


def _pull_the_plug(archive: Engine) -> None:
    with transaction(archive) as conn:
        assert process(conn, [read(news("a", ANNOUNCED), WATCH)], WATCH)[0].alerts
        raise RuntimeError("the plug is pulled")


# ---- several at once ----------------------------------------------------------------------------------------------


def test_processors_at_once_alert_once(archive: Engine) -> None:
    """Eight of them get the same news of eight outlets at one moment: one finds it new, seven corroborate."""
    start = threading.Barrier(8)

    def one(number: int) -> Processed:
        start.wait()
        (result,) = run(archive, news(str(number), ANNOUNCED, source=f"s{number}"))
        return result

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(one, range(8)))
    decided = [outcomes(result)["announced"] for result in results]
    assert sorted(decided) == sorted([Outcome.NEW] + [Outcome.CORROBORATES] * 7)
    count = rows(archive)
    assert (count["developments"], count["alerts"], count["reports"], count["articles"]) == (1, 1, 8, 8)


def test_processors_that_get_one_item_at_once_keep_it_once(archive: Engine) -> None:
    start = threading.Barrier(4)

    def one(_: int) -> str:
        start.wait()
        (result,) = run(archive, news("a", ANNOUNCED))
        return result.stored.status

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(one, range(4))) == ["known", "known", "known", "new"]
    count = rows(archive)
    assert (count["raw_items"], count["claims"], count["alerts"]) == (1, 1, 1)
