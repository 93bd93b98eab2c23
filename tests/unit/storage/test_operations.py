"""Bulletins go into the outbox once, and what was told stays with its sources."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from monitor.sourcememory import Pulse
from monitor.storage.alert_payload import decode
from monitor.storage.engine import transaction
from monitor.storage.operations import OutboxOperations
from monitor.storage.sources import PostgresSourceStore, sync_sources
from monitor.storage.tables import alerts
from monitor.types import Alert, Bulletin, Source, SourceKind, SourceState
from tests.support.archive_samples import T0
from tests.support.sources import source
from tests.unit.storage.test_sources import Polled

DIGEST = Bulletin(
    key="ops:1", at=T0, headline="1 source in trouble", lines=("wire (The Wire): silent",), remark="Look."
)
DOWN = Bulletin(key="ops:down:x", at=T0, headline="Ingestion is down", vital=True)
OVER = Bulletin(key="ops:down:x:over", at=T0, headline="Ingestion works again", vital=True, after=DOWN.key)


def desk(engine: Engine, channel: str | None = "#ops") -> OutboxOperations:
    return OutboxOperations(engine, channel=channel, default="#desk")


def said(engine: Engine) -> list[tuple[str, str]]:
    """Key and channel of everything in the outbox."""
    with transaction(engine) as conn:
        rows = conn.execute(sa.select(alerts.c.key, alerts.c.channel, alerts.c.development_id).order_by(alerts.c.id))
        return [(row.key, row.channel) for row in rows if row.development_id is None]


def payload(engine: Engine, key: str) -> Alert:
    with transaction(engine) as conn:
        return decode(conn.execute(sa.select(alerts.c.payload).where(alerts.c.key == key)).scalar_one())


def test_a_bulletin_is_in_the_outbox_once(archive: Engine) -> None:
    """With all that it says, in the operations channel."""
    desk(archive).tell(DIGEST, {})
    desk(archive).tell(DIGEST, {})
    assert said(archive) == [("ops:1", "#ops")]
    alert = payload(archive, "ops:1")
    assert (alert.headline, alert.lines, alert.changed) == (DIGEST.headline, DIGEST.lines, "Look.")


def test_what_was_told_is_kept_with_each_source(archive: Engine) -> None:
    """And nothing else of its pulse is touched."""
    wire: Source = source("https://wire.example/f", SourceKind.FEED)
    with transaction(archive) as conn:
        sync_sources(conn, [wire], T0)
    store = PostgresSourceStore(archive)
    pulse = Pulse(health="silent", since=T0, why="nothing new", interval=300.0, arrivals=(T0,))
    store.save(SourceState(source_id="wire", pulse=pulse), Polled(source_id="wire"))
    desk(archive).tell(DIGEST, {"wire": "silent", "unknown": "failing"})
    assert store.load(["wire"])["wire"].pulse == replace(pulse, told="silent")


@pytest.mark.parametrize("channel", ["#ops", None])
def test_the_end_is_told_only_where_the_beginning_was(archive: Engine, channel: str | None) -> None:
    """In the default channel where there is none for operations: it concerns everybody."""
    desk(archive, channel).tell(OVER, {})
    assert said(archive) == []
    desk(archive, channel).tell(DOWN, {})
    desk(archive, channel).tell(OVER, {})
    assert said(archive) == [(DOWN.key, channel or "#desk"), (OVER.key, channel or "#desk")]


def test_without_a_channel_single_sources_are_not_told(archive: Engine) -> None:
    """A desk that asked for news hears nothing of feeds."""
    assert desk(archive).hears_of_sources
    assert not desk(archive, None).hears_of_sources
    desk(archive, None).tell(DIGEST, {})
    assert said(archive) == []
