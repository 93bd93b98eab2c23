"""Sources as configured, what their connectors remember, and how they do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlalchemy import Connection, Engine
from sqlalchemy.dialects.postgresql import insert

from monitor.sourcememory import Pulse, Reach
from monitor.storage.engine import transaction
from monitor.storage.tables import polls, source_state, sources
from monitor.types import Source, SourceKind, SourceState, Tier

_REACH, _PULSE = TypeAdapter(Reach), TypeAdapter(Pulse)
KEEP_POLLS = timedelta(days=7)


class Poll(Protocol):
    """How one poll went; `connectors.poller.PollRecord` is one."""

    @property
    def source_id(self) -> str: ...
    @property
    def started(self) -> datetime: ...
    @property
    def seconds(self) -> float: ...
    @property
    def outcome(self) -> str: ...
    @property
    def items(self) -> int: ...
    @property
    def skipped(self) -> int: ...
    @property
    def message(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PastPoll:
    """One poll of a source, as it was stored."""

    started: datetime
    seconds: float
    outcome: str
    items: int
    skipped: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """How a configured source does."""

    id: str
    name: str
    kind: SourceKind
    tier: Tier
    language: str | None
    url: str
    interval: timedelta
    state: SourceState  # without `seen_items`
    recent: tuple[PastPoll, ...]  # the last polls, the newest last


def sync_sources(conn: Connection, configured: Sequence[Source], now: datetime) -> None:
    """Make the archive's sources those of the configuration; what is no longer configured is marked, not deleted."""
    rows = [{**_row(source), "added_at": now, "changed_at": now} for source in configured]
    if rows:
        statement = insert(sources)
        fields = [name for name in rows[0] if name not in ("id", "added_at", "changed_at")]
        differs = [sources.c[name].is_distinct_from(statement.excluded[name]) for name in fields]
        conn.execute(
            statement.on_conflict_do_update(
                index_elements=["id"],
                set_={name: statement.excluded[name] for name in fields} | {"changed_at": now, "removed_at": None},
                where=sa.or_(sources.c.removed_at.is_not(None), *differs),
            ),
            sorted(rows, key=lambda row: str(row["id"])),
        )
    conn.execute(
        sa.update(sources)
        .where(sources.c.id.not_in([source.id for source in configured]), sources.c.removed_at.is_(None))
        .values(removed_at=now)
    )


class PostgresSourceStore:
    """Keeps what connectors remember. `sync_sources` has to have run before. Every method raises StorageError."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def load(self, source_ids: Iterable[str]) -> dict[str, SourceState]:
        """The state of each of these sources; that of a new source is empty."""
        wanted = list(source_ids)
        with transaction(self._engine) as conn:
            rows = conn.execute(sa.select(source_state).where(source_state.c.source_id.in_(wanted)))
            found = {row.source_id: _state(row, dict(row.seen_items)) for row in rows}
        return {source_id: found.get(source_id) or SourceState(source_id=source_id) for source_id in wanted}

    def save(self, state: SourceState, poll: Poll) -> None:
        """Keep the state after a poll, and how the poll went. To be called only after the bus has the items."""
        row = {
            "source_id": state.source_id,
            "etag": state.etag,
            "last_modified": state.last_modified,
            "body_hash": state.body_hash,
            "seen_items": dict(state.seen_items),
            "polls": state.polls,
            "failures": state.failures,
            "last_success": state.last_success,
            "last_outcome": state.last_outcome,
            "last_error": state.last_error,
            "next_poll": state.next_poll,
            "reach": _REACH.dump_python(state.reach, mode="json", exclude_defaults=True),
            "pulse": _PULSE.dump_python(state.pulse, mode="json", exclude_defaults=True),
        }
        statement = insert(source_state).values(row)
        changed = {name: statement.excluded[name] for name in row if name != "source_id"}
        with transaction(self._engine) as conn:
            conn.execute(statement.on_conflict_do_update(index_elements=["source_id"], set_=changed))
            conn.execute(
                sa.insert(polls).values(
                    source_id=poll.source_id,
                    started=poll.started,
                    seconds=poll.seconds,
                    outcome=str(poll.outcome),
                    items=poll.items,
                    skipped=poll.skipped,
                    message=poll.message,
                )
            )
            conn.execute(
                sa.delete(polls).where(polls.c.source_id == poll.source_id, polls.c.started < poll.started - KEEP_POLLS)
            )


def health(conn: Connection, *, last: int = 20) -> list[SourceHealth]:
    """Every configured source by its id, with its last polls."""
    state_columns = [column for column in source_state.c if column.name not in ("seen_items", "source_id")]
    joined = sources.outerjoin(source_state, source_state.c.source_id == sources.c.id)
    rows = conn.execute(
        sa.select(sources.c.id.label("source_id"), sources, *state_columns)
        .select_from(joined)
        .where(sources.c.removed_at.is_(None))
        .order_by(sources.c.id)
    ).all()
    recent = _recent_polls(conn, last)
    return [
        SourceHealth(
            id=row.id,
            name=row.name,
            kind=SourceKind(row.kind),
            tier=Tier(row.tier),
            language=row.language,
            url=row.url,
            interval=timedelta(seconds=row.interval_seconds),
            state=SourceState(source_id=row.id) if row.polls is None else _state(row, {}),
            recent=tuple(recent.get(row.id, ())),
        )
        for row in rows
    ]


def items_per_hour(conn: Connection, now: datetime, *, hours: int = 24) -> dict[str, tuple[int, ...]]:
    """New and changed items of each source that had some, by hours back from `now`, the last hour last."""
    ago = sa.func.floor(sa.extract("epoch", now - polls.c.started) / 3600)
    found_some = (
        sa.select(polls.c.source_id, sa.cast(ago, sa.Integer).label("ago"), polls.c["items"].label("number"))
        .where(polls.c.started > now - timedelta(hours=hours), polls.c.started <= now, polls.c["items"] > 0)
        .subquery()
    )
    by_hour = (found_some.c.source_id, found_some.c.ago)
    rows = conn.execute(sa.select(*by_hour, sa.func.sum(found_some.c.number).label("number")).group_by(*by_hour))
    found: dict[str, list[int]] = {}
    for row in rows:
        found.setdefault(row.source_id, [0] * hours)[hours - 1 - row.ago] = int(row.number)
    return {source_id: tuple(counts) for source_id, counts in found.items()}


def _recent_polls(conn: Connection, last: int) -> dict[str, list[PastPoll]]:
    newest = (
        sa.select(polls)
        .where(polls.c.source_id == sources.c.id)
        .order_by(polls.c.started.desc(), polls.c.id.desc())
        .limit(last)
        .lateral()
    )
    found: dict[str, list[PastPoll]] = {}
    rows = conn.execute(
        sa.select(newest).select_from(sources.join(newest, sa.true())).order_by(newest.c.started, newest.c.id)
    )
    for row in rows:
        found.setdefault(row.source_id, []).append(
            PastPoll(
                started=row.started,
                seconds=row.seconds,
                outcome=row.outcome,
                items=row.items,
                skipped=row.skipped,
                message=row.message,
            )
        )
    return found


def _row(source: Source) -> dict[str, Any]:
    return {
        "id": source.id,
        "name": source.name,
        "kind": source.kind.value,
        "url": source.url,
        "interval_seconds": int(source.interval.total_seconds()),
        "language": source.language,
        "tier": source.tier.value,
        "fetch_article": source.fetch_article,
        "backfill": source.backfill.value,
        "time_zone": source.time_zone,
        "allow_private": source.allow_private,
        "item_kind": source.item_kind.value,
    }


def _state(row: sa.Row[Any], seen_items: dict[str, str]) -> SourceState:
    return SourceState(
        source_id=row.source_id,
        etag=row.etag,
        last_modified=row.last_modified,
        body_hash=row.body_hash,
        seen_items=seen_items,
        polls=row.polls,
        failures=row.failures,
        last_success=row.last_success,
        last_outcome=row.last_outcome,
        last_error=row.last_error,
        next_poll=row.next_poll,
        reach=_REACH.validate_python(row.reach),
        pulse=_PULSE.validate_python(row.pulse),
    )
