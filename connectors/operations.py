"""What those who run Watchdesk are told: which sources have come into trouble and out of it, and that nothing comes.

Nothing here speaks to anybody: bulletins go into the outbox, where each is said once, whoever restarts meanwhile.  A
round of the poller tells one at most.  A source that could not be read is told of once it has failed twice in a row,
since single failures pass; while nothing at all can be read, that is told, and not what follows from it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from connectors.health import Health
from monitor.types import Bulletin, Source, SourceKind, SourceState

OPS = "ops:"  # how the keys of bulletins begin
DOWN_AFTER = timedelta(minutes=15)
DOWN_SOURCES = 5  # that were due meanwhile
FAILURES_TOLD = 2  # in a row, before an unreadable source is told of
LOOK = "`watchdesk sources --trouble` shows what is wrong and since when."


class OperationsDesk(Protocol):
    """Takes bulletins, to be said once each. Called from worker threads. Raises StorageError."""

    @property
    def hears_of_sources(self) -> bool:
        """Whether there is a channel for what changes with single sources."""
        ...

    def tell(self, bulletin: Bulletin, told: Mapping[str, str]) -> None:
        """Take a bulletin, and keep with each source in `told` what has now been told of it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """One message on all sources whose trouble began or ended, and what has then been told of each."""

    bulletin: Bulletin
    told: Mapping[str, str]


def digest(
    sources: Mapping[str, Source], states: Iterable[SourceState], told: Mapping[str, str], now: datetime
) -> Digest | None:
    """What is new since the last one; None when nothing is. `told` has the trouble that was told last, by source."""
    changed = sorted(
        (state for state in states if _settled(state) and _trouble(state) != told.get(state.source_id, "")),
        key=lambda state: (not _trouble(state), state.source_id),
    )
    if not changed:
        return None
    worse = [state for state in changed if _trouble(state)]
    lines = tuple(f"{_called(sources[state.source_id])}: {_words(state)}" for state in changed)
    whole = "\n".join(f"{state.source_id} {_trouble(state)} {state.pulse.since}" for state in changed)
    bulletin = Bulletin(
        key=f"{OPS}{hashlib.sha256(whole.encode()).hexdigest()[:24]}",
        at=now,
        headline=_headline(len(worse), len(changed) - len(worse)),
        lines=lines,
        remark=LOOK if worse else "",
    )
    return Digest(bulletin=bulletin, told={state.source_id: _trouble(state) for state in changed})


def _headline(worse: int, better: int) -> str:
    troubled = f"{worse} source{'s' if worse > 1 else ''} in trouble" if worse else ""
    well = f"{better} source{'s' if better > 1 else ''} well again" if better else ""
    return ", ".join(part for part in (troubled, well) if part)


def _called(source: Source) -> str:
    return source.id if source.name == source.id else f"{source.id} ({source.name})"


def _trouble(state: SourceState) -> str:
    health = Health(state.pulse.health)
    return "" if health.well else health.value


def _settled(state: SourceState) -> bool:
    """Whether the health is worth a word: a single failure is not, nor that it has passed."""
    return not Health(state.pulse.health).unread or state.failures >= FAILURES_TOLD


def _words(state: SourceState) -> str:
    health = state.pulse.health.replace("_", " ")
    return f"{health}: {state.pulse.why}" if state.pulse.why else health


@dataclass(slots=True)
class Ingestion:
    """Whether anything comes in at all. Only sources of the network count: a folder can always be read."""

    last_success: datetime | None = None
    due: set[str] = field(default_factory=set)  # sources whose turn has come since the last success
    first_due: datetime | None = None  # when the first of them came
    down: bool = False
    _recovered: Bulletin | None = None

    def recall(self, successes: Iterable[tuple[Source, datetime | None]]) -> None:
        """When each source was last read before this process began."""
        far = [last for source, last in successes if source.kind is not SourceKind.ARCHIVE and last is not None]
        self.last_success = max(far, default=None)

    def begun(self, source: Source, now: datetime) -> None:
        """A source's turn has come."""
        if source.kind is not SourceKind.ARCHIVE:
            self.due.add(source.id)
            self.first_due = self.first_due or now

    def succeeded(self, source: Source, now: datetime) -> None:
        """A source was read."""
        if source.kind is SourceKind.ARCHIVE:
            return
        if self.down or (self.last_success is not None and now - self.last_success >= DOWN_AFTER):
            # Perhaps it was told before a restart: then, too, it is to be taken back.
            self._recovered = _up(self._key, self.last_success, now)
        self.last_success, self.down = now, False
        self.due.clear()
        self.first_due = None

    def bulletin(self, now: datetime) -> Bulletin | None:
        """What is to be told now, each only once."""
        if self._recovered is not None:
            said, self._recovered = self._recovered, None
            return said
        # Time in which nothing was due does not count: sources may be slow, and this machine may have slept.
        if self.down or self.first_due is None or now - self.first_due < DOWN_AFTER or len(self.due) < DOWN_SOURCES:
            return None
        self.down = True
        return Bulletin(
            key=self._key,
            at=now,
            headline="Ingestion is down",
            lines=(f"Nothing could be read {_since(self.last_success)}; {len(self.due)} sources were due.",),
            remark="No news reaches this desk. Look at the network, the name server and the bus, "
            "and at what `watchdesk sources --trouble` says.",
            vital=True,
        )

    def untold(self, bulletin: Bulletin) -> None:
        """A bulletin could not be taken: it is to be told in the next round."""
        if bulletin.after:
            self._recovered = bulletin
        elif bulletin.vital:
            self.down = False

    @property
    def _key(self) -> str:
        """The same before and after a restart."""
        return f"{OPS}down:{self.last_success.isoformat(timespec='seconds') if self.last_success else 'never'}"


def _up(down: str, last: datetime | None, now: datetime) -> Bulletin:
    return Bulletin(
        key=f"{down}:over",
        at=now,
        headline="Ingestion works again",
        lines=(f"Nothing could be read {_since(last)}; what was published meanwhile and is still listed comes now.",),
        after=down,
        vital=True,
    )


def _since(last: datetime | None) -> str:
    return f"since {last:%Y-%m-%d %H:%M} UTC" if last else "since the start"
