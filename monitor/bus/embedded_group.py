"""Membership of the embedded bus: who is alive in a group, and which partitions each member reads.

A partition moves in two steps, so that no two living members read it at once: `wanted` names the next reader, and the
`owner` lets go at its next poll, when by contract it is done with what it took. A dead owner lets go when its lease
ends. All times are the database's, the one clock that every process shares.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from monitor.bus.base import Partition
from monitor.bus.embedded_sql import CHANNEL
from monitor.bus.embedded_tables import assignments, groups, members, offsets, partitions, topics
from monitor.errors import BusError


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a member stands: what it holds, and whether it has to let go of or may take something."""

    held: frozenset[Partition]
    moves: bool


def join(connection: sa.Connection, group: str, member: str, wanted_topics: Sequence[str], lease: float) -> None:
    """Become a member; the group's partitions are shared out anew. Raises BusError for a topic that is not there."""
    there = set(connection.scalars(sa.select(topics.c.name).where(topics.c.name.in_(wanted_topics))))
    if missing := [name for name in wanted_topics if name not in there]:
        raise BusError(f"topic {missing[0]} is not on the bus; ensure_topics() makes it")
    connection.execute(postgresql.insert(groups).values(name=group).on_conflict_do_nothing())
    _lock(connection, group)
    connection.execute(
        sa.insert(members).values(
            group_name=group, member=member, topics=list(wanted_topics), lease_until=_end_of_lease(lease)
        )
    )
    share_out(connection, group)


def leave(connection: sa.Connection, group: str, member: str) -> None:
    """Be a member no longer, and let go of everything."""
    _lock(connection, group)
    connection.execute(sa.delete(members).where(members.c.group_name == group, members.c.member == member))
    share_out(connection, group)


def renew(connection: sa.Connection, group: str, member: str, lease: float) -> bool:
    """Say that we live. False when the group has given us up."""
    mine = sa.update(members).where(members.c.group_name == group, members.c.member == member)
    return connection.execute(mine.values(lease_until=_end_of_lease(lease))).rowcount > 0


def bury_the_dead(connection: sa.Connection, group: str) -> None:
    """Take the partitions of members whose lease has ended."""
    dead = sa.and_(members.c.group_name == group, members.c.lease_until < sa.func.clock_timestamp())
    if connection.scalar(sa.select(sa.exists().where(dead))):
        _lock(connection, group)
        connection.execute(sa.delete(members).where(dead))
        share_out(connection, group)


def share_out(connection: sa.Connection, group: str) -> None:
    """Decide which member shall read which partition. The caller holds the group's lock."""
    alive = {
        row.member: frozenset(row.topics)
        for row in connection.execute(
            sa.select(members.c.member, members.c.topics).where(members.c.group_name == group)
        )
    }
    subscribed = frozenset[str]().union(*alive.values())
    logs = connection.execute(
        sa.select(partitions.c.topic, partitions.c.number).where(partitions.c.topic.in_(subscribed))
    )
    plan = plan_shares([Partition(row.topic, row.number) for row in logs], alive)
    ours = assignments.c.group_name == group
    connection.execute(sa.update(assignments).where(ours).values(wanted=None))
    connection.execute(sa.update(assignments).where(ours, assignments.c.owner.not_in(alive)).values(owner=None))
    if plan:
        upsert = postgresql.insert(assignments)
        connection.execute(
            upsert.on_conflict_do_update(
                index_elements=[assignments.c.group_name, assignments.c.topic, assignments.c.partition],
                set_={"wanted": upsert.excluded.wanted},
            ),
            [
                {"group_name": group, "topic": p.topic, "partition": p.number, "wanted": member}
                for p, member in plan.items()
            ],
        )
    wake(connection)


def plan_shares(logs: Iterable[Partition], alive: Mapping[str, frozenset[str]]) -> dict[Partition, str]:
    """Deal the partitions out in turn, each to a member that reads its topic."""
    plan: dict[Partition, str] = {}
    for turn, partition in enumerate(sorted(logs)):
        readers = sorted(member for member, read in alive.items() if partition.topic in read)
        if readers:
            plan[partition] = readers[turn % len(readers)]
    return plan


def standing(connection: sa.Connection, group: str, member: str) -> Standing | None:
    """Where `member` stands; None when it is no member any more."""
    mine = sa.and_(
        assignments.c.group_name == members.c.group_name,
        sa.or_(assignments.c.owner == members.c.member, assignments.c.wanted == members.c.member),
    )
    rows = connection.execute(
        sa.select(assignments.c.topic, assignments.c.partition, assignments.c.owner, assignments.c.wanted)
        .select_from(members.outerjoin(assignments, mine))
        .where(members.c.group_name == group, members.c.member == member)
    ).all()
    if not rows:
        return None
    shares = [row for row in rows if row.topic is not None]
    return Standing(
        held=frozenset(Partition(row.topic, row.partition) for row in shares if row.owner == member),
        moves=any((row.owner == member) != (row.wanted == member) and row.owner in (member, None) for row in shares),
    )


def move(connection: sa.Connection, group: str, member: str) -> None:
    """Let go of what others shall read, take what is free and ours to read."""
    _lock(connection, group)
    ours = assignments.c.group_name == group
    let_go = sa.update(assignments).where(
        ours, assignments.c.owner == member, assignments.c.wanted.is_distinct_from(member)
    )
    take = sa.update(assignments).where(ours, assignments.c.owner.is_(None), assignments.c.wanted == member)
    if connection.execute(let_go.values(owner=None)).rowcount:
        wake(connection)
    connection.execute(take.values(owner=member))


def committed(connection: sa.Connection, group: str, which: Iterable[Partition]) -> dict[Partition, int]:
    """Where to read on in each partition: the group's commit, else the oldest record kept."""
    rows = connection.execute(
        sa.select(
            partitions.c.topic,
            partitions.c.number,
            sa.func.greatest(offsets.c.next_offset, partitions.c.first_offset).label("position"),
        )
        .select_from(
            partitions.outerjoin(
                offsets,
                sa.and_(
                    offsets.c.group_name == group,
                    offsets.c.topic == partitions.c.topic,
                    offsets.c.partition == partitions.c.number,
                ),
            )
        )
        .where(sa.tuple_(partitions.c.topic, partitions.c.number).in_([(p.topic, p.number) for p in which]))
    )
    return {Partition(row.topic, row.number): row.position for row in rows}


def commit(connection: sa.Connection, group: str, member: str, positions: Mapping[Partition, int]) -> None:
    """Record positions of the partitions that `member` still owns; the others' next reader reads them again."""
    _lock(connection, group, shared=True)  # no partition moves between the look and the record
    held = connection.execute(
        sa.select(assignments.c.topic, assignments.c.partition).where(
            assignments.c.group_name == group,
            assignments.c.owner == member,
            sa.tuple_(assignments.c.topic, assignments.c.partition).in_([(p.topic, p.number) for p in positions]),
        )
    )
    rows = [
        {
            "group_name": group,
            "topic": row.topic,
            "partition": row.partition,
            "next_offset": positions[Partition(row.topic, row.partition)],
        }
        for row in held
    ]
    if not rows:
        return
    upsert = postgresql.insert(offsets).values(at=sa.func.clock_timestamp())
    connection.execute(
        upsert.on_conflict_do_update(
            index_elements=[offsets.c.group_name, offsets.c.topic, offsets.c.partition],
            set_={"next_offset": upsert.excluded.next_offset, "at": upsert.excluded.at},
        ),
        rows,
    )


def wake(connection: sa.Connection) -> None:
    """Once this is committed, let every consumer that waits look again."""
    connection.execute(sa.select(sa.func.pg_notify(CHANNEL, "")))


def _lock(connection: sa.Connection, group: str, *, shared: bool = False) -> None:
    connection.execute(sa.select(groups.c.name).where(groups.c.name == group).with_for_update(read=shared))


def _end_of_lease(seconds: float) -> sa.ColumnElement[object]:
    return sa.func.clock_timestamp() + sa.func.make_interval(0, 0, 0, 0, 0, 0, seconds)
