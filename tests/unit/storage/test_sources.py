"""Sources follow the configuration; what connectors remember survives; health shows how they do."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from monitor.errors import StorageError
from monitor.sourcememory import History, Pulse, Push
from monitor.storage.engine import transaction
from monitor.storage.sources import KEEP_POLLS, PostgresSourceStore, health, items_per_hour, sync_sources
from monitor.storage.tables import polls, sources
from monitor.types import Source, SourceKind, SourceState, Tier
from tests.support.archive_samples import T0, at


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """A poll as the poller reports it."""

    source_id: str = "tass"
    started: datetime = T0
    seconds: float = 0.25
    outcome: str = "changed"
    items: int = 3
    skipped: int = 1
    message: str = ""


def source(identifier: str, **changes: object) -> Source:
    """A configured feed."""
    made = Source(
        id=identifier,
        name=identifier.upper(),
        kind=SourceKind.FEED,
        url=f"https://{identifier}.example/rss",
        interval=timedelta(minutes=5),
        tier=Tier.AGENCY,
        language="ru",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def configure(engine: Engine, minutes: float, *configured: Source) -> None:
    """The program starts with this configuration."""
    with transaction(engine) as connection:
        sync_sources(connection, configured, at(minutes))


def times(engine: Engine, identifier: str) -> tuple[datetime | None, datetime | None, datetime | None]:
    """When a source was added, changed and removed."""
    with transaction(engine) as connection:
        columns = sources.c.added_at, sources.c.changed_at, sources.c.removed_at
        row = connection.execute(sa.select(*columns).where(sources.c.id == identifier)).one()
    return row[0], row[1], row[2]


def test_sources_follow_the_configuration(archive: Engine) -> None:
    """Added, left alone, changed, removed and named again: each at its time, never deleted."""
    configure(archive, 0, source("tass"), source("ria"))
    configure(archive, 10, source("tass"), source("ria", interval=timedelta(minutes=1)))
    assert times(archive, "tass") == (at(0), at(0), None)
    assert times(archive, "ria") == (at(0), at(10), None)
    configure(archive, 20, source("tass"))
    assert times(archive, "ria") == (at(0), at(10), at(20))
    configure(archive, 30, source("tass"))
    assert times(archive, "ria") == (at(0), at(10), at(20))
    configure(archive, 40, source("ria", interval=timedelta(minutes=1)))
    assert times(archive, "ria") == (at(0), at(40), None)
    assert times(archive, "tass") == (at(0), at(0), at(40))
    configure(archive, 50)
    assert times(archive, "ria") == (at(0), at(40), at(50))


def test_state_comes_back_as_it_was_saved(archive: Engine) -> None:
    """Every field, headers byte for byte; a source without state has an empty one."""
    configure(archive, 0, source("tass"), source("ria"))
    store = PostgresSourceStore(archive)
    assert store.load(["tass"]) == {"tass": SourceState(source_id="tass")}
    state = SourceState(
        source_id="tass",
        etag='W/"é  x"',
        last_modified="Wed, 01 May 2030 08:00:00 GMT",
        body_hash="ab",
        seen_items={"guid 1": "hash", "한국": "x"},
        polls=1,
        failures=0,
        last_success=at(0),
        last_outcome="changed",
        next_poll=at(5),
    )
    store.save(state, Polled())
    assert store.load(["tass", "ria"]) == {"tass": state, "ria": SourceState(source_id="ria")}
    worse = replace(state, etag=None, failures=2, last_outcome="timeout", last_error="no answer within 30 s")
    store.save(worse, Polled(outcome="timeout", items=0))
    assert store.load(["tass"])["tass"] == worse


def test_health_shows_configured_sources_with_their_last_polls(archive: Engine) -> None:
    """By id, the newest poll last; sources never polled and those removed are told apart."""
    configure(archive, 0, source("tass"), source("ria"), source("old"))
    configure(archive, 1, source("tass"), source("ria"))
    store = PostgresSourceStore(archive)
    for minute in range(4):
        store.save(SourceState(source_id="tass", polls=minute + 1), Polled(started=at(minute), items=minute))
    with transaction(archive) as connection:
        found = health(connection, last=3)
    assert [each.id for each in found] == ["ria", "tass"]
    assert (found[0].recent, found[0].state) == ((), SourceState(source_id="ria"))
    assert [each.items for each in found[1].recent] == [1, 2, 3]
    assert (found[1].state.polls, found[1].interval, found[1].tier) == (4, timedelta(minutes=5), Tier.AGENCY)


def test_old_polls_are_forgotten(archive: Engine) -> None:
    """Those of the last seven days stay."""
    configure(archive, 0, source("tass"))
    store = PostgresSourceStore(archive)
    for started in (at(0), at(1), at(0.5) + KEEP_POLLS):
        store.save(SourceState(source_id="tass"), Polled(started=started))
    with transaction(archive) as connection:
        kept = connection.scalars(sa.select(polls.c.started).order_by(polls.c.started)).all()
    assert kept == [at(1), at(0.5) + KEEP_POLLS]


def test_a_source_that_nobody_configured_has_no_state(archive: Engine) -> None:
    """A forgotten `sync_sources` is found out at the first poll."""
    with pytest.raises(StorageError, match="fk_source_state_source_id"):
        PostgresSourceStore(archive).save(SourceState(source_id="tass"), Polled())


def test_items_are_counted_by_the_hour(archive: Engine) -> None:
    """Of the last 24 hours, the present one last; older polls and those that found nothing do not count."""
    configure(archive, 0, source("tass"), source("ria"))
    store = PostgresSourceStore(archive)
    for minutes, items in ((0, 9), (61, 2), (70, 3), (90, 0), (24 * 60 + 59, 5)):
        store.save(SourceState(source_id="tass"), Polled(started=at(minutes), items=items))
    with transaction(archive) as connection:
        found = items_per_hour(connection, at(25 * 60))
    assert found == {"tass": (5, *(0,) * 22, 5)}


def test_a_pulse_comes_back_as_it_was_saved(archive: Engine) -> None:
    """Every field of it."""
    configure(archive, 0, source("tass"))
    pulse = Pulse(
        health="gap_suspected",
        since=at(1),
        why="nothing was there any more",
        interval=300.0,
        told="gap_suspected",
        listed=20,
        feed_hint=3600.0,
        arrivals=(at(3), at(2)),
        history=History(since=5, last=9, bits="1f"),
        gap_at=at(1),
        push=Push(hub="https://hub.example/", topic="t", token="a", secret="b", asked=at(1), until=at(9), pushes=2),
    )
    assert {field.name for field in fields(Pulse) if getattr(pulse, field.name) == field.default} == set()
    store = PostgresSourceStore(archive)
    store.save(SourceState(source_id="tass", pulse=pulse), Polled())
    assert store.load(["tass"])["tass"].pulse == pulse
