"""A labelled stream through the very same pipeline, on an embedded database, with the items' own times as the clock."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from monitor.errors import ConfigError
from monitor.pipeline import Processed, Watch, process, read
from monitor.storage.engine import transaction
from monitor.types import ItemKind, RawItem, Source, Tier

BATCH = 64  # items a transaction; decisions do not depend on it


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamItem:
    """One line of a stream: its own id beside the item that it is."""

    id: str
    item: RawItem


def read_stream(path: Path, sources: Sequence[Source] = ()) -> list[StreamItem]:
    """The items of `stream.jsonl` in the order of `seen`. Raises ConfigError naming file, line and field."""
    outlets = {source.name.casefold(): source for source in sources}
    rows = list(_rows(path))
    roots: dict[str, str] = {}
    items = []
    for number, row in rows:
        place = f"{path}:{number}"
        identity = _text(row, "id", place)
        earlier = row.get("updates")
        roots[identity] = roots.get(str(earlier), str(earlier)) if earlier else identity
        items.append(StreamItem(id=identity, item=_item(row, roots[identity], outlets, place)))
    return sorted(items, key=lambda entry: entry.item.seen)


def replay(
    engine: Engine, stream: Sequence[StreamItem], watch: Watch, progress: Callable[[int], None] = lambda _: None
) -> Iterator[tuple[str, Processed]]:
    """Process the stream on an empty archive; each item's id with what became of it, in the order of the stream."""
    for start in range(0, len(stream), BATCH):
        part = stream[start : start + BATCH]
        batch = [read(entry.item, watch) for entry in part]
        with transaction(engine) as conn:
            results = process(conn, batch, watch)
        for entry, result in zip(part, results, strict=True):
            yield entry.id, result
        progress(len(part))


def output_line(identity: str, result: Processed) -> str | None:
    """What a scorer reads of one item; None when it is relevant to nothing and raised nothing."""
    alerts = [
        {
            "topic": decision.claim.topic,
            "stage": decision.claim.stage,
            "subject": decision.claim.subject,
            "object": decision.claim.object,
        }
        for decision in result.decisions
        if decision.outcome.alerts
    ]
    if not alerts and not result.relevant:
        return None
    return json.dumps({"item": identity, "topics": list(result.relevant), "alerts": alerts}, ensure_ascii=False)


def _rows(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: {error}. A stream is a UTF-8 file with one JSON object a line.") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise ConfigError(f"{path}:{number}: not JSON: {error}") from error
        if not isinstance(row, dict):
            raise ConfigError(f"{path}:{number}: expected a JSON object, found {type(row).__name__}")
        yield number, row


def _item(row: Mapping[str, Any], key: str, outlets: Mapping[str, Source], place: str) -> RawItem:
    name = _text(row, "source", place)
    known = outlets.get(name.casefold())
    published = row.get("published")
    try:
        kind = ItemKind(row.get("kind", "article"))
    except ValueError as error:
        kinds = ", ".join(kind.value for kind in ItemKind)
        raise ConfigError(f"{place}: kind: {error}; expected one of {kinds}") from error
    return RawItem(
        source_id=known.id if known else re.sub(r"\W+", "-", name.casefold()).strip("-") or "stream",
        source_name=name,
        tier=known.tier if known else Tier.OUTLET,
        kind=kind,
        key=key,
        url=row.get("url"),
        title=_text(row, "title", place),
        text=str(row.get("text") or ""),
        language=row.get("lang"),
        published_raw=published,
        published=_time(published, "published", place) if published else None,
        time_zone=known.time_zone if known else None,
        seen=_time(_text(row, "seen", place), "seen", place),
    )


def _text(row: Mapping[str, Any], field: str, place: str) -> str:
    value = row.get(field)
    if not isinstance(value, str):
        raise ConfigError(f"{place}: {field}: expected text, found {value!r}")
    return value


def _time(value: Any, field: str, place: str) -> datetime:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise ConfigError(f"{place}: {field}: {error}; expected ISO 8601 with an offset") from error
    if moment.tzinfo is None:
        raise ConfigError(f"{place}: {field}: {value!r} has no offset; expected ISO 8601 with one, e.g. …+09:00 or …Z")
    return moment.astimezone(UTC)


__all__ = ["BATCH", "StreamItem", "output_line", "read_stream", "replay"]
