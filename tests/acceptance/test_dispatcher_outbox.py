"""The outbox: what goes in comes out as it was, once, and from other versions of the program too."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from sqlalchemy import Engine

from monitor.errors import DecodeError, StorageError, UnknownVersion
from monitor.storage import outbox
from monitor.storage.alert_payload import decode, encode
from monitor.storage.engine import transaction
from monitor.storage.tables import alerts
from monitor.types import Alert
from tests.support.alerts import ANNOUNCED, BACKFILL, any_alert
from tests.support.outbox_data import NOON, raise_alerts


@given(any_alert())
def test_an_alert_comes_back_as_it_was(alert: Alert) -> None:
    assert decode(json.loads(json.dumps(encode(alert)))) == alert


def test_an_alert_of_an_older_and_of_a_newer_program_is_read() -> None:
    """What an older one did not write takes its default; what a newer one added is passed over."""
    payload = encode(ANNOUNCED)
    for name in ("why_new", "reports", "independent", "earlier"):
        del payload[name]
    payload["from_tomorrow"] = {"x": 1}
    assert decode(payload) == replace(ANNOUNCED, why_new="", reports=1, independent=1, earlier=())


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"headline": None}, "headline"),
        ({"first_seen": "yesterday"}, "first_seen"),
        ({"standing": "king"}, "standing"),
        ({"earlier": [{"stage_label": "x"}]}, "earlier"),
        ({"reports": "many"}, "reports"),
        ({"reports": True}, "reports"),
    ],
)
def test_a_damaged_alert_is_refused_with_the_field_named(change: dict[str, Any], named: str) -> None:
    with pytest.raises(DecodeError, match=named):
        decode({**encode(ANNOUNCED), **change})


def test_a_missing_field_is_named() -> None:
    payload = encode(ANNOUNCED)
    del payload["quote"]
    with pytest.raises(DecodeError, match="quote"):
        decode(payload)


def test_a_format_of_another_age_is_not_guessed_at() -> None:
    with pytest.raises(UnknownVersion, match="format 2"):
        decode({**encode(ANNOUNCED), "v": 2})


def test_the_same_alert_is_taken_once(archive: Engine) -> None:
    """A batch that is processed again raises nothing again, whatever its alert says by then."""
    [first] = raise_alerts(archive, "a")
    with transaction(archive) as conn:
        assert outbox.enqueue(conn, [replace(first, headline="Another"), BACKFILL], NOON) == [BACKFILL.key]
        rows = conn.execute(sa.select(alerts.c.key, alerts.c.payload["headline"].astext).order_by(alerts.c.id)).all()
    assert [tuple(row) for row in rows] == [("a", "Headline of a"), (BACKFILL.key, BACKFILL.headline)]


def test_alerts_are_numbered_in_the_order_given(archive: Engine) -> None:
    keys = [f"{n * 7 % 50:02d}" for n in range(50)]
    raise_alerts(archive, *keys)
    with transaction(archive) as conn:
        assert list(conn.scalars(sa.select(alerts.c.key).order_by(alerts.c.id))) == keys


def test_nothing_to_say_is_nothing_to_do(archive: Engine) -> None:
    with transaction(archive) as conn:
        assert outbox.enqueue(conn, [], NOON) == []
        assert outbox.note_reports(conn, [], NOON) == 0
        assert outbox.counts(conn) == outbox.OutboxCounts()


def test_an_alert_is_raised_with_the_development_that_it_tells_or_not_at_all(archive: Engine) -> None:
    """Outside the transaction that stores the development there is no alert, and none of its batch either."""
    with pytest.raises(StorageError, match="fk_alerts_development_id"), transaction(archive) as conn:
        outbox.enqueue(conn, [BACKFILL, ANNOUNCED], NOON)
    with transaction(archive) as conn:
        assert outbox.counts(conn).waiting == 0


def test_troubles_are_told_newest_first_with_their_reason(archive: Engine) -> None:
    raise_alerts(archive, "a", "b", now=NOON)
    raise_alerts(archive, "c", now=NOON + timedelta(hours=1))
    with transaction(archive) as conn:
        for key, state in (("a", "failed"), ("c", "unknown")):
            conn.execute(sa.update(alerts).where(alerts.c.key == key).values(state=state, last_error=f"{key} is bad"))
        found = [(t.key, t.state, t.error) for t in outbox.troubles(conn)]
    assert found == [("c", "unknown", "c is bad"), ("a", "failed", "a is bad")]
