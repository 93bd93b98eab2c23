"""A rebalance that ends between two polls, kept for the next one.

kafka-python (3.0.12, `AbstractCoordinator.join_group_async`) leaves a join under way when `poll` runs out of time, but
starts another one when it is done by the next poll, and with it another rebalance of the whole group: members that are
busy between polls can keep a group from settling for minutes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kafka import KafkaConsumer
from kafka.coordinator.base import MemberState


@dataclass(frozen=True, slots=True, kw_only=True)
class _Joined:
    generation: Any
    assignment: bytes


class _KeptJoin:
    """Joins the group as the coordinator does, but hands out a join that nobody has taken before it begins another."""

    def __init__(self, coordinator: Any) -> None:
        self._coordinator = coordinator
        self._join = coordinator._do_join_and_sync_async
        self._joined: _Joined | None = None

    async def __call__(self) -> bytes:
        kept, self._joined = self._joined, None
        # The state leaves REBALANCING when a join is taken, when the member leaves and when the broker forgets it.
        waiting = self._coordinator.state is MemberState.REBALANCING
        if kept is not None and waiting and kept.generation == self._coordinator._generation:
            return kept.assignment
        assignment: bytes = await self._join()
        self._joined = _Joined(generation=self._coordinator._generation, assignment=assignment)
        return assignment


def keep_joins(consumer: KafkaConsumer) -> None:
    """Let `consumer` take a join that ended between two of its polls; before it subscribes to anything."""
    coordinator = consumer._coordinator
    coordinator._do_join_and_sync_async = _KeptJoin(coordinator)
