"""Alert, and what is said of a change of it, <-> the JSON that the outbox keeps.

A row may be read by another version of the program than wrote it: fields that this one does not know are passed over,
and fields that are missing take their default.  A change that can't be read that way needs another VERSION.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, asdict, fields
from datetime import UTC, date, datetime
from typing import Any

from monitor.errors import DecodeError, UnknownVersion
from monitor.types import Alert, Earlier, Mend, Mended, Outcome, Standing, Tier

VERSION = 1


def encode(alert: Alert | Mend) -> dict[str, Any]:
    """The alert, or what is said of a change, as JSON values."""
    payload = {name: _plain(value) for name, value in asdict(alert).items()}
    return {"v": VERSION, **payload}


def decode(payload: Mapping[str, Any]) -> Alert:
    """The alert in `payload`. Raises DecodeError, which names the field."""
    return Alert(**_values(Alert, payload, "alert"))


def decode_mend(payload: Mapping[str, Any]) -> Mend:
    """What is said of a change. Raises DecodeError, which names the field."""
    return Mend(**_values(Mend, payload, "change"))


def _values(kind: type[Alert] | type[Mend], payload: Mapping[str, Any], name: str) -> dict[str, Any]:
    version = payload.get("v")
    if version != VERSION:
        raise UnknownVersion(f"the {name} was stored in format {version!r}; this program reads {VERSION}")
    values: dict[str, Any] = {}
    for field in fields(kind):
        if field.name in payload:
            values[field.name] = _field(field.name, payload[field.name])
        elif field.default is MISSING:
            raise DecodeError(f"the stored {name} has no {field.name}")
    return values


def _plain(value: Any) -> Any:
    if isinstance(value, date):  # a datetime is one as well
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    return value


def _field(name: str, value: Any) -> Any:
    read: Callable[[Any], Any] = _READERS.get(name, _text)
    try:
        return read(value)
    except (ValueError, TypeError, KeyError) as error:
        raise DecodeError(f"the stored alert has a wrong {name}: {error}") from error


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"expected text, found {type(value).__name__}")
    return value


def _count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"expected a number, found {type(value).__name__}")
    return value


def _moment(value: Any) -> datetime:
    return datetime.fromisoformat(_text(value)).astimezone(UTC)


def _story(value: Any) -> tuple[Earlier, ...]:
    return tuple(
        Earlier(
            stage_label=_text(part["stage_label"]),
            first_seen=_moment(part["first_seen"]),
            source_name=_text(part["source_name"]),
        )
        for part in value
    )


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"expected true or false, found {type(value).__name__}")
    return value


def _mends(value: Any) -> tuple[Mended, ...]:
    return tuple(Mended(at=_moment(part["at"]), text=_text(part["text"]), void=_flag(part["void"])) for part in value)


def _lines(value: Any) -> tuple[str, ...]:
    return tuple(_text(line) for line in value)


def _maybe(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else read(value)


_READERS: dict[str, Callable[[Any], Any]] = {
    "event_date": _maybe(lambda value: date.fromisoformat(_text(value))),
    "published": _maybe(_moment),
    "time_zone": _maybe(_text),
    "first_seen": _moment,
    "standing": Standing,
    "quote_language": _maybe(_text),
    "url": _maybe(_text),
    "tier": Tier,
    "earlier": _story,
    "reports": _count,
    "independent": _count,
    "mends": _mends,
    "lines": _lines,
    "outcome": Outcome,
    "void": _flag,
    "seen": _moment,
}
