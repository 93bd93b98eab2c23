"""Items are stored once, whatever is delivered again, by whom and at what moment."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from monitor.errors import StorageError
from monitor.storage.engine import savepoint, transaction
from monitor.storage.items import Stored, article_id, store
from monitor.storage.tables import article_versions, articles, raw_items
from monitor.types import Article, RawItem
from tests.support.archive_samples import at, pair


def keep(engine: Engine, *pairs: tuple[RawItem, Article]) -> list[tuple[int, str]]:
    """Store in a transaction; returns version and status of each."""
    with transaction(engine) as connection:
        return [(each.version, each.status) for each in store(connection, pairs)]


def count(engine: Engine, table: sa.Table) -> int:
    """Rows of a table."""
    with transaction(engine) as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def test_a_redelivered_item_changes_nothing(archive: Engine) -> None:
    """The second time it is known, with the version that it has."""
    assert keep(archive, pair("a")) == [(1, "new")]
    assert keep(archive, pair("a", minutes=30)) == [(1, "known")]
    assert count(archive, raw_items) == count(archive, article_versions) == 1


def test_an_edit_is_a_new_version(archive: Engine) -> None:
    """The article's current version is the edited one; both texts stay."""
    keep(archive, pair("a", "Kim to visit"))
    assert keep(archive, pair("a", "Kim to visit Moscow", minutes=9)) == [(2, "new_version")]
    with transaction(archive) as connection:
        row = connection.execute(sa.select(articles)).one()
        titles = connection.scalars(sa.select(article_versions.c.title).order_by(article_versions.c.version)).all()
    assert (row.version, row.first_seen, row.last_seen) == (2, at(0), at(9))
    assert titles == ["Kim to visit", "Kim to visit Moscow"]


def test_an_old_version_delivered_again_does_not_come_back(archive: Engine) -> None:
    """After an edit, the first version is known still and the edit stays the current one."""
    keep(archive, pair("a", "one"), pair("a", "two"))
    assert keep(archive, pair("a", "one")) == [(1, "known")]
    with transaction(archive) as connection:
        assert connection.scalar(sa.select(articles.c.version)) == 2


def current(engine: Engine) -> tuple[int, int, int]:
    """The only article: its current version, the minute in which that was seen, and how many versions there are."""
    with transaction(engine) as connection:
        row = connection.execute(sa.select(articles)).one()
    return row.version, int((row.last_seen - at(0)).total_seconds() // 60), count(engine, article_versions)


def test_a_text_that_comes_back_is_current_again(archive: Engine) -> None:
    """Seen again after the edit it is known, no new version; and so is the edit when it comes back in turn."""
    one, two, back = pair("a", "one"), pair("a", "two", minutes=5), pair("a", "one", minutes=10)
    for given in (one, two):
        keep(archive, given)
    assert keep(archive, back) == [(1, "known")]
    assert current(archive) == (1, 10, 2)
    assert keep(archive, one, two, back) == [(1, "known"), (2, "known"), (1, "known")]  # all of it delivered again
    assert current(archive) == (1, 10, 2)
    keep(archive, pair("a", "two", minutes=20))
    assert current(archive) == (2, 20, 2)


def test_an_edit_after_a_text_came_back_has_a_number_of_its_own(archive: Engine) -> None:
    """Versions are numbered on from the highest, not from the current one."""
    for minutes, title in ((0, "one"), (5, "two"), (10, "one")):
        keep(archive, pair("a", title, minutes=minutes))
    assert keep(archive, pair("a", "three", minutes=15)) == [(3, "new_version")]
    assert current(archive) == (3, 15, 3)


@pytest.mark.parametrize("size", [1, 2, 5])
def test_a_text_may_come_back_within_a_batch(archive: Engine, size: int) -> None:
    """However the deliveries fall into batches, the text that was seen last is the current one."""
    told = [(0, "one"), (5, "two"), (10, "one"), (15, "two"), (20, "one")]
    stream = [pair("a", title, minutes=minutes) for minutes, title in told]
    for start in range(0, len(stream), size):
        keep(archive, *stream[start : start + size])
    assert current(archive) == (1, 20, 2)


def test_a_text_that_comes_back_while_the_edit_is_being_stored_waits_for_it(archive: Engine) -> None:
    """It is compared with the edit, not with what stood before."""
    keep(archive, pair("a", "one"))
    with ThreadPoolExecutor(1) as pool, archive.connect() as first:
        store(first, [pair("a", "two", minutes=5)])
        back = pool.submit(keep, archive, pair("a", "one", minutes=10))
        with pytest.raises(TimeoutError):
            back.result(timeout=0.3)
        first.commit()
        assert back.result(timeout=30) == [(1, "known")]
    assert current(archive) == (1, 10, 2)


def test_one_batch_may_hold_an_item_twice(archive: Engine) -> None:
    """Answers come in the order given; the repeat is known, the edit a new version, another source another article."""
    batch = [pair("b"), pair("a", "one"), pair("a", "one"), pair("a", "two"), pair("a", source="tass"), pair("b")]
    with transaction(archive) as connection:
        stored = store(connection, batch)
    assert [(each.version, each.status) for each in stored] == [
        (1, "new"),
        (1, "new"),
        (1, "known"),
        (2, "new_version"),
        (1, "new"),
        (1, "known"),
    ]
    assert stored[1].article_id == article_id("yonhap", "a")
    assert stored[4].article_id == article_id("tass", "a") != stored[1].article_id


def test_everything_is_kept(archive: Engine) -> None:
    """Raw item and version hold what they were given, instants in UTC."""
    raw, article = pair("a", "Title", "Text.\n\nMore.", minutes=3)
    keep(archive, (raw, article))
    with transaction(archive) as connection:
        stored = connection.execute(sa.select(raw_items)).one()
        version = connection.execute(sa.select(article_versions)).one()
    for name in ("source_id", "key", "content_hash", "url", "title", "text", "author", "published_raw", "published"):
        assert getattr(stored, name) == getattr(raw, name)
    assert (stored.seen, stored.time_zone, stored.flags) == (raw.seen, "Asia/Seoul", ["summary_only"])
    assert stored.seen.utcoffset() is not None
    for name in ("url", "title", "text", "language", "author", "published", "seen", "dateline_date", "time_zone"):
        assert getattr(version, name) == getattr(article, name)


def test_a_very_long_key_is_stored(archive: Engine) -> None:
    """An index entry holds 2,704 bytes; keys are what feeds say."""
    assert keep(archive, pair("k" * 100_000)) == [(1, "new")]


def test_two_store_the_same_items_at_once(archive: Engine) -> None:
    """Eight threads store overlapping batches in different orders: each version is new to exactly one of them."""
    batch = [pair(f"item {number}", f"title {number}") for number in range(40)]
    start = threading.Barrier(8)

    def run(turn: int) -> list[Stored]:
        mine = batch[turn * 5 :] + batch[: turn * 5]
        start.wait()
        with transaction(archive) as connection:
            return store(connection, mine)

    with ThreadPoolExecutor(8) as pool:
        stored = [each for result in pool.map(run, range(8)) for each in result]
    new = [each.article_id for each in stored if each.status == "new"]
    assert sorted(new) == sorted(article_id("yonhap", f"item {number}") for number in range(40))
    assert count(archive, raw_items) == count(archive, article_versions) == 40


def test_two_store_edits_of_one_article_at_once(archive: Engine) -> None:
    """Versions are numbered without a gap or a double, and the current one is the highest."""
    keep(archive, pair("a", "first"))
    start = threading.Barrier(6)

    def run(turn: int) -> int:
        start.wait()
        with transaction(archive) as connection:
            return store(connection, [pair("a", f"edit {turn}")])[0].version

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(run, range(6))) == [2, 3, 4, 5, 6, 7]
    with transaction(archive) as connection:
        assert connection.scalar(sa.select(articles.c.version)) == 7


def test_a_second_transaction_waits_and_then_knows(archive: Engine) -> None:
    """What another transaction has stored but not committed is not stored twice."""
    with ThreadPoolExecutor(1) as pool, archive.connect() as first:
        store(first, [pair("a")])
        second = pool.submit(keep, archive, pair("a"))
        with pytest.raises(TimeoutError):
            second.result(timeout=0.3)
        first.commit()
        assert second.result(timeout=30) == [(1, "known")]


@pytest.mark.parametrize("poison", ["a\0b", "a\ud800b"])
def test_poison_fails_alone(archive: Engine, poison: str) -> None:
    """What Postgres cannot hold is a permanent error, and a savepoint keeps the rest of the batch."""
    with transaction(archive) as connection:
        store(connection, [pair("good")])
        with pytest.raises(StorageError) as caught, savepoint(connection):
            store(connection, [pair("bad", poison)])
        store(connection, [pair("also good")])
    assert not caught.value.temporary
    assert "a" + poison[1] not in str(caught.value)
    assert count(archive, articles) == 2


def test_a_naive_datetime_is_refused(archive: Engine) -> None:
    """A time without a zone would be stored as if it were UTC."""
    with pytest.raises(StorageError, match="without a time zone"):
        keep(archive, pair("a", seen=at(0).replace(tzinfo=None)))
