"""Folders and files as sources: only what is new in them since the last poll is read."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import structlog

from connectors.base import FetchOutcome, FetchResult
from connectors.documents import SUFFIXES, read_document
from connectors.frontmatter import BadFrontMatter
from connectors.growing import GrowingFile
from connectors.items import MOMENT, by_date, news, raw_items, remember, stamped
from connectors.jsonlines import BadLine, item_of, read_line
from monitor.errors import FetchError
from monitor.types import RawItem, Source, SourceState

log = structlog.stdlib.get_logger(__name__)

LINES = frozenset((".jsonl", ".ndjson"))
LARGEST_FILE = 10 * 1024 * 1024  # bytes, of a file that is one document
LONGEST_LINE = 1024 * 1024  # bytes
MOST_ITEMS = 5000  # of one poll; the rest is read by the next, which follows at once
_UNFINISHED = "~"  # begins what is noted of a file that has to be read on
_FILE = "file:"  # begins the state's entries for files; all others are items


@dataclass(slots=True)
class _Reading:
    """What one poll has read so far."""

    source: Source
    now: datetime
    before: Mapping[str, str]
    lines: list[RawItem] = field(default_factory=list)  # in the files' order
    documents: list[RawItem] = field(default_factory=list)
    snapshot: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    more: bool = False

    def complain(self, problem: str) -> None:
        """Name what can't be read; it is left out, and counted."""
        log.warning("archive_unreadable", source=self.source.id, problem=problem)
        self.problems.append(problem)

    @property
    def moment(self) -> datetime:
        """When the next line is seen: after all that were read before it."""
        return self.now + len(self.lines) * MOMENT

    @property
    def full(self) -> bool:
        """Whether the rest has to wait for the next poll."""
        return len(self.lines) + len(self.documents) >= MOST_ITEMS


class ArchiveConnector:
    """Reads sources of kind `archive`, whose address is a path."""

    def __init__(self, *, clock: Callable[[], datetime]) -> None:
        self._clock = clock

    async def fetch(self, source: Source, state: SourceState) -> FetchResult:
        """Read what is new or changed. What can't be read is named, counted and left out."""
        return await asyncio.to_thread(read_archive, source, state, self._clock())


def read_archive(source: Source, state: SourceState, now: datetime) -> FetchResult:
    """One reading of the archive. Raises FetchError(not_found) when the path leads nowhere."""
    root = Path(source.url)
    if not root.exists():
        raise FetchError(FetchOutcome.NOT_FOUND, f"{root}: there is no such file or folder")
    reading = _Reading(source=source, now=now, before=state.seen_items)
    known = _items_by_file(state.seen_items)
    for name, path in _files(root):
        if reading.full:
            reading.more = True
            reading.snapshot |= _kept(name, state.seen_items, known)
            continue
        try:
            _read_file(path, name, reading, known)
        except OSError as error:
            reading.complain(f"{name}: {error.strerror or error}")
            reading.snapshot |= _kept(name, state.seen_items, known)
    return _result(reading, state)


def _result(reading: _Reading, state: SourceState) -> FetchResult:
    problems = reading.problems
    message = f"{problems[0]}; and {len(problems) - 1} more" if len(problems) > 1 else "".join(problems)
    items = (*reading.lines, *stamped(by_date(reading.documents), reading.moment))
    return FetchResult(
        items=items,
        state=replace(state, seen_items=remember(reading.snapshot, state.seen_items)),
        outcome=FetchOutcome.CHANGED if items else FetchOutcome.UNCHANGED,
        skipped=len(problems),
        message=message,
        more=reading.more,
    )


def _files(root: Path) -> Iterator[tuple[str, Path]]:
    """The archive's files by name, hidden ones and what links lead out of it aside."""
    if root.is_file():
        yield root.name, root
        return
    within = root.resolve()
    for path in sorted(root.rglob("*")):
        relative = path.relative_to(root)
        if any(part.startswith(".") for part in relative.parts) or path.suffix.lower() not in SUFFIXES | LINES:
            continue
        if path.is_file() and path.resolve().is_relative_to(within):
            yield relative.as_posix().replace("#", "%23"), path


def _read_file(path: Path, name: str, reading: _Reading, known: Mapping[str, dict[str, str]]) -> None:
    """Read one file if it has changed since the last poll; otherwise keep what is known of it."""
    status = path.stat()
    stamp = f"{status.st_mtime_ns}:{status.st_size}"
    before = reading.before.get(_FILE + name, "")
    if before.startswith(f"{stamp} "):
        reading.snapshot |= _kept(name, reading.before, known)
    elif path.suffix.lower() in LINES:
        settled = before.startswith(f"{_UNFINISHED}{stamp} ")
        position, finished = _read_lines(path, name, before.partition(" ")[2], reading, settled=settled)
        reading.snapshot[_FILE + name] = f"{'' if finished else _UNFINISHED}{stamp} {position}"
    elif status.st_size > LARGEST_FILE:
        reading.complain(f"{name}: {status.st_size:,} bytes, over the {LARGEST_FILE:,} of one document; split it")
        reading.snapshot[_FILE + name] = f"{stamp} "
    else:
        body = path.read_bytes()
        digest = hashlib.sha256(body).hexdigest()
        reading.snapshot[_FILE + name] = f"{stamp} {digest}"
        if before.partition(" ")[2] == digest:  # touched, not changed
            reading.snapshot |= {**_kept(name, reading.before, known), _FILE + name: f"{stamp} {digest}"}
        else:
            _read_body(body, name, reading)


def _read_body(body: bytes, name: str, reading: _Reading) -> None:
    try:
        found = read_document(body, name, reading.source.item_kind)
    except BadFrontMatter as error:
        reading.complain(f"{name}:{error}")
        return
    except FetchError as error:
        reading.complain(str(error))
        return
    items = raw_items(found, reading.source, reading.now)
    reading.snapshot |= {item.key: item.content_hash for item in items}
    reading.documents += news(items, reading.before)


def _read_lines(path: Path, name: str, stored: str, reading: _Reading, *, settled: bool) -> tuple[str, bool]:
    """Take the lines that were added since the last poll; returns the position, and whether it is the file's end.

    A last line without an end that can't be read is left for the next poll, unless the file is `settled`.
    """
    roots: dict[str, str] = {}
    with path.open("rb") as file:
        growing = GrowingFile(file, stored, longest_line=LONGEST_LINE)
        for line in growing.lines():
            if reading.full:
                reading.more = True
                return growing.position(), False
            try:
                if line.too_long:
                    raise BadLine(f"longer than {LONGEST_LINE:,} bytes")
                if line.text.strip():
                    reading.lines.append(item_of(read_line(line.text, roots), reading.source, now=reading.moment))
            except BadLine as error:
                if not (line.complete or settled):
                    return growing.position(), False
                reading.complain(f"{name}:{line.number}: {error}")
            growing.take(line)
        return growing.position(), True


def _items_by_file(seen: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The items that the state knows, by the file that they are from."""
    known: dict[str, dict[str, str]] = {}
    for key, value in seen.items():
        if not key.startswith(_FILE):
            known.setdefault(key.partition("#")[0], {})[key] = value
    return known


def _kept(name: str, before: Mapping[str, str], known: Mapping[str, dict[str, str]]) -> dict[str, str]:
    """What the state knows of a file that was not read."""
    entry = {_FILE + name: before[_FILE + name]} if _FILE + name in before else {}
    return {**known.get(name, {}), **entry}
