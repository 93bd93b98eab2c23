"""Messages that were given up, where people can look at them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert

from monitor.storage.tables import dead_letters
from monitor.types import DeadLetter

_PLACE = (dead_letters.c.topic, dead_letters.c.partition, dead_letters.c.message_offset)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredLetter:
    """A dead letter and what was done about it."""

    letter: DeadLetter
    replays: int
    replayed_at: datetime | None


def add(conn: Connection, letters: Sequence[DeadLetter]) -> int:
    """Store letters; one from the same place on the bus is stored once. Returns how many are new."""
    rows = [
        {
            "topic": letter.topic,
            "partition": letter.partition,
            "message_offset": letter.offset,
            "key": letter.key,
            "value": letter.value,
            "error": letter.error,
            "reason": _storable(letter.reason),
            "trace": _storable(letter.trace),
            "attempts": letter.attempts,
            "program_version": letter.version,
            "failed_at": letter.at,
        }
        for letter in sorted(letters, key=lambda each: (each.topic, each.partition, each.offset))
    ]
    if not rows:
        return 0
    added = insert(dead_letters).on_conflict_do_nothing().returning(dead_letters.c.id)
    return len(conn.scalars(added, rows).all())


def list_letters(
    conn: Connection, *, error: str | None = None, replayed: bool | None = None, limit: int = 100
) -> list[StoredLetter]:
    """The newest letters first, of one class of error or all, replayed or not or both."""
    query = sa.select(dead_letters).order_by(dead_letters.c.failed_at.desc(), dead_letters.c.id.desc()).limit(limit)
    if error is not None:
        query = query.where(dead_letters.c.error == error)
    if replayed is not None:
        query = query.where(dead_letters.c.replays > 0 if replayed else dead_letters.c.replays == 0)
    return [_letter(row) for row in conn.execute(query)]


def show(conn: Connection, letter_id: str) -> StoredLetter | None:
    """The letter of that id (topic/partition/offset); None when there is none."""
    topic, _, rest = letter_id.rpartition("/")
    topic, _, partition = topic.rpartition("/")
    if not (rest.isdecimal() and partition.isdecimal()):
        return None
    query = sa.select(dead_letters).where(sa.tuple_(*_PLACE) == (topic, int(partition), int(rest)))
    row = conn.execute(query).one_or_none()
    return None if row is None else _letter(row)


def mark_replayed(conn: Connection, letters: Sequence[DeadLetter], now: datetime) -> None:
    """Note that these were published again."""
    for letter in letters:
        place = (letter.topic, letter.partition, letter.offset)
        conn.execute(
            sa.update(dead_letters)
            .where(sa.tuple_(*_PLACE) == place)
            .values(replays=dead_letters.c.replays + 1, replayed_at=now)
        )


def _letter(row: sa.Row[Any]) -> StoredLetter:
    return StoredLetter(
        letter=DeadLetter(
            topic=row.topic,
            partition=row.partition,
            offset=row.message_offset,
            key=row.key,
            value=row.value,
            error=row.error,
            reason=row.reason,
            at=row.failed_at,
            attempts=row.attempts,
            version=row.program_version,
            trace=row.trace,
        ),
        replays=row.replays,
        replayed_at=row.replayed_at,
    )


def _storable(text: str) -> str:
    """A poisonous item may stand in the words about it: what Postgres can't hold is replaced."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")
