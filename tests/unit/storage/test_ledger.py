"""What is known comes back as it was saved, and saving again changes nothing."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from monitor.errors import StorageError
from monitor.storage import ledger
from monitor.storage.engine import transaction
from monitor.storage.items import Stored, store
from monitor.storage.tables import article_topics, claims, decisions, metadata, reports
from monitor.types import Article, Ledger, Outcome, PendingClaim
from tests.support.archive_samples import T0, at, claim, decision, development, episode, pair

TRAVEL = ["kim-travel"]


def article(connection: Connection, key: str, **changes: object) -> tuple[Stored, Article]:
    """Store an article."""
    made = pair(key, **changes)  # type: ignore[arg-type]
    return store(connection, [made])[0], made[1]


def snapshot(connection: Connection) -> dict[str, int]:
    """Rows of every table."""
    return {
        name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
        for name, table in metadata.tables.items()
    }


def test_a_ledger_comes_back_as_it_was_saved(archive: Engine) -> None:
    """Episodes, developments and waiting claims, in their order, equal in every field."""
    with transaction(archive) as connection:
        first, _ = article(connection, "a")
        second, _ = article(connection, "b", minutes=5)
        after = Ledger(
            episodes=(episode(last=at(5)), episode(id="zz", object="CN", closed=at(9)), episode(id="aa", object="VN")),
            developments=(
                development("announced", first.article_id),
                development("arrived", second.article_id, minutes=5, event_date=None),
                development("departed", second.article_id, minutes=5, detail="by train"),
            ),
            pending=(
                PendingClaim(claim=claim("left", weak=True), article=second.article_id, origin="yonhap", seen=at(5)),
                PendingClaim(claim=claim("en_route", weak=True), article=first.article_id, origin="KCNA", seen=at(0)),
            ),
        )
        ledger.save(connection, Ledger(), after)
    with transaction(archive) as connection:
        assert ledger.load(connection, TRAVEL, T0) == after
        assert ledger.load(connection, ["putin-kim-talks"], T0) == Ledger()


def test_saving_again_changes_nothing(archive: Engine) -> None:
    """The same step twice, as after a COMMIT whose answer was lost."""
    with transaction(archive) as connection:
        stored, _ = article(connection, "a")
        after = Ledger(
            episodes=(episode(),),
            developments=(development("announced", stored.article_id),),
            pending=(PendingClaim(claim=claim("left"), article=stored.article_id, origin="x", seen=T0),),
        )
        ledger.save(connection, Ledger(), after)
        before = snapshot(connection)
        ledger.save(connection, Ledger(), after)
        assert snapshot(connection) == before
        assert ledger.load(connection, TRAVEL, T0) == after


def test_what_changed_is_written(archive: Engine) -> None:
    """An episode moves on, a development learns its day, a waiting claim is settled; the order stays."""
    with transaction(archive) as connection:
        stored, _ = article(connection, "a")
        waiting = PendingClaim(claim=claim("left"), article=stored.article_id, origin="x", seen=T0)
        before = Ledger(
            episodes=(episode(id="one"), episode()),
            developments=(
                development("announced", stored.article_id, event_date=None),
                development("departed", stored.article_id),
            ),
            pending=(waiting,),
        )
        ledger.save(connection, Ledger(), before)
        after = Ledger(
            episodes=(replace(before.episodes[0], last=at(60)), before.episodes[1]),
            developments=(
                replace(before.developments[0], event_date=T0.date()),
                before.developments[1],
                development("arrived", stored.article_id, minutes=60),
            ),
        )
        ledger.save(connection, before, after)
        assert ledger.load(connection, TRAVEL, T0) == after


def test_only_what_moved_lately_is_loaded(archive: Engine) -> None:
    """An episode that rested is left out, unless its day is still to come; its developments go with it, all of them."""
    with transaction(archive) as connection:
        stored, _ = article(connection, "a")
        old = episode(id="old", opened=T0 - timedelta(days=90), last=T0 - timedelta(days=80))
        coming = replace(old, id="coming", event_date=T0.date() + timedelta(days=30))
        long_ago = T0 - timedelta(days=85)
        ledger.save(
            connection,
            Ledger(),
            Ledger(
                episodes=(old, coming, episode()),
                developments=(
                    development("announced", stored.article_id, id="1", episode="old", first_seen=long_ago),
                    development("announced", stored.article_id, id="2", episode="coming", first_seen=long_ago),
                    development("announced", stored.article_id, id="3", first_seen=long_ago),
                ),
                pending=(PendingClaim(claim=claim(), article=stored.article_id, origin="x", seen=long_ago),),
            ),
        )
        found = ledger.load(connection, TRAVEL, T0)
    assert [each.id for each in found.episodes] == ["coming", episode().id]
    assert [each.id for each in found.developments] == ["2", "3"]
    assert found.pending == ()


def test_decisions_are_stored_with_their_claims(archive: Engine) -> None:
    """Every field of claim and decision, and what the article is about; again changes nothing."""
    with transaction(archive) as connection:
        stored, text = article(connection, "a")
        made = development("announced", stored.article_id)
        ledger.save(connection, Ledger(), Ledger(episodes=(episode(),), developments=(made,)))
        decided = [
            decision(claim(speaker="the Kremlin"), Outcome.NEW, made.id),
            decision(claim("arrived", excluded="history"), Outcome.BACKGROUND, None, "tells what is past"),
        ]
        ledger.save_decisions(connection, stored, text, ["parade-attendance", "kim-travel"], decided)
        before = snapshot(connection)
        ledger.save_decisions(connection, stored, text, ["parade-attendance", "kim-travel"], decided)
        assert snapshot(connection) == before
        topics = connection.scalars(sa.select(article_topics.c.topic).order_by(article_topics.c.topic)).all()
        rows = connection.execute(sa.select(claims).order_by(claims.c.position)).all()
        judged = connection.execute(sa.select(decisions).order_by(decisions.c.claim_id)).all()
    assert topics == ["kim-travel", "parade-attendance"]
    assert [(row.stage, row.speaker, row.standing, row.excluded) for row in rows] == [
        ("announced", "the Kremlin", "party", ""),
        ("arrived", "", "narrator", "history"),
    ]
    assert rows[0].evidence == {
        "sentence": "Kim Jong Un is announced in Moscow.",
        "position": "lead",
        "offset": 0,
        "spans": [{"start": 0, "end": 12, "label": "subject", "text": "Kim Jong Un"}],
        "bound_by": "the same clause",
    }
    assert rows[0].figures == ["2"]
    assert [(row.outcome, row.reason, row.development_id, row.at) for row in judged] == [
        ("new", "first report", made.id, text.seen),
        ("background", "tells what is past", None, text.seen),
    ]


def test_independent_sources_are_counted(archive: Engine) -> None:
    """Five articles tell it: two hand on KCNA in different spelling, one repeats its own source, two are their own."""
    with transaction(archive) as connection:
        first, text = article(connection, "a")
        made = development("announced", first.article_id)
        ledger.save(connection, Ledger(), Ledger(episodes=(episode(),), developments=(made,)))
        ledger.save_decisions(connection, first, text, TRAVEL, [decision(claim(origin="KCNA"), Outcome.NEW, made.id)])
        tellers = [("yonhap", "Yonhap", "Kcna"), ("tass", "TASS", ""), ("tass", "TASS", ""), ("ap", "AP", "")]
        for number, (source, name, origin) in enumerate(tellers):
            stored, text = article(connection, f"later {number}", source=source, name=name, minutes=number)
            again = decision(claim(origin=origin), Outcome.CORROBORATES, made.id)
            ledger.save_decisions(connection, stored, text, TRAVEL, [again, again])
        stored, text = article(connection, "history", minutes=9)
        past = decision(claim(excluded="history"), Outcome.BACKGROUND, made.id)
        ledger.save_decisions(connection, stored, text, TRAVEL, [past])
        assert ledger.report_counts(connection, [made.id, "none"]) == {made.id: (5, 3), "none": (0, 0)}
        origins = connection.scalars(sa.select(reports.c.origin).where(reports.c.independent)).all()
    assert sorted(origins) == ["AP", "KCNA", "TASS"]


def test_a_claim_that_waited_counts_as_a_report(archive: Engine) -> None:
    """A weak claim makes no development; when a second article does, the first one reported it too."""
    with transaction(archive) as connection:
        weak, _ = article(connection, "weak", source="blog", name="A Blog")
        waiting = PendingClaim(claim=claim("arrived", weak=True), article=weak.article_id, origin="blog", seen=at(0))
        before = Ledger(episodes=(episode(),), pending=(waiting,))
        ledger.save(connection, Ledger(), before)
        strong, text = article(connection, "strong", minutes=10)
        made = development("arrived", strong.article_id, minutes=10)
        ledger.save(connection, before, Ledger(episodes=before.episodes, developments=(made,)))
        ledger.save_decisions(connection, strong, text, TRAVEL, [decision(claim("arrived"), Outcome.NEW, made.id)])
        assert ledger.report_counts(connection, [made.id]) == {made.id: (2, 2)}
        assert ledger.load(connection, TRAVEL, T0).pending == ()


def test_earlier_versions_are_remembered(archive: Engine) -> None:
    """What the version before claimed, as far as it stood; neither older versions nor what could not count."""
    with transaction(archive) as connection:
        for version, decided in enumerate(
            [
                [decision(claim("possible"), Outcome.SUPERSEDED)],
                [
                    decision(claim("announced"), Outcome.SUPERSEDED),
                    decision(claim("left", weak=True), Outcome.PENDING),
                    decision(claim("en_route"), Outcome.LATE),
                    decision(claim("arrived", excluded="history"), Outcome.BACKGROUND),
                ],
                [decision(claim("departed"), Outcome.OUT_OF_EPISODE)],
            ],
            start=1,
        ):
            stored, text = article(connection, "a", title=f"Version {version}")
            assert stored.version == version
            ledger.save_decisions(connection, stored, text, TRAVEL, decided)
        known = ledger.previous_claims(connection, stored.article_id, stored.version)
    assert [said.key for said in known] == [("kim-travel", "announced", "kim-jong-un", "RU", "")]


def test_a_topic_is_decided_by_one_at_a_time(archive: Engine) -> None:
    """A second batch waits for the locks of the first and then reads what it left."""
    seen: list[tuple[str, ...]] = []
    locked = threading.Event()

    def second() -> None:
        locked.wait()
        with transaction(archive) as connection:
            ledger.lock_topics(connection, ["kim-travel", "parade-attendance"])
            seen.append(tuple(each.id for each in ledger.load(connection, TRAVEL, T0).episodes))

    thread = threading.Thread(target=second)
    thread.start()
    with transaction(archive) as connection:
        ledger.lock_topics(connection, ["parade-attendance", "kim-travel", "kim-travel"])
        locked.set()
        thread.join(timeout=0.3)
        assert thread.is_alive()
        ledger.save(connection, Ledger(), Ledger(episodes=(episode(),)))
    thread.join(timeout=30)
    assert seen == [(episode().id,)]


def test_other_topics_are_not_held_up(archive: Engine) -> None:
    """Locks of different topics do not touch each other."""
    with transaction(archive) as one, transaction(archive) as other:
        ledger.lock_topics(one, ["kim-travel"])
        other.execute(sa.text("SET LOCAL lock_timeout = '5s'"))
        ledger.lock_topics(other, ["putin-kim-talks"])


def test_a_development_needs_its_article(archive: Engine) -> None:
    """A mistake of the caller is refused by the database, for good."""
    with pytest.raises(StorageError) as caught, transaction(archive) as connection:
        ledger.save(
            connection, Ledger(), Ledger(episodes=(episode(),), developments=(development("announced", "no article"),))
        )
    assert (caught.value.sqlstate, caught.value.temporary) == ("23503", False)
