"""RawItem to bytes and back: JSON in UTF-8 with a schema version, `major.minor`.

A newer minor version may add fields, which are ignored here; an older one may lack those that have a default.
Anything else (a new meaning, a new value of a closed list, a removed field) is a new major version.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NoReturn, TypeVar

from monitor.errors import DecodeError, UnknownVersion
from monitor.types import ItemKind, RawItem, Tier

RAW_TOPIC = "watchdesk.raw"
DEAD_TOPIC = "watchdesk.dead"
MAJOR = 1
MINOR = 0
SCHEMA = f"{MAJOR}.{MINOR}"

_VERSION = re.compile(r"(\d{1,6})\.(\d{1,6})", re.ASCII)
# Postgres stores neither in text, and UTF-8 has no lone surrogates.
_UNFIT = re.compile("[\x00\ud800-\udfff]")
_REPLACEMENT = "\ufffd"

Enum = TypeVar("Enum", Tier, ItemKind)


def encode(item: RawItem) -> bytes:
    """The item as one message; NUL and lone surrogates become U+FFFD. ValueError when a date has no time zone."""
    text = json.dumps(_to_json(item), ensure_ascii=False, separators=(",", ":"))
    try:
        data = text.encode("utf-8")
        if b"\\u0000" not in data:
            return data
    except UnicodeEncodeError:
        pass  # a lone surrogate: cleaned below; nearly every item spares the search
    return json.dumps(_clean(json.loads(text)), ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def decode(data: bytes) -> RawItem:
    """The item of one message. Raises UnknownVersion for another major version, else DecodeError naming the field."""
    fields = _parse(data)
    _check_version(fields.get("schema"))
    if b"\\u" in data:  # only an escape can smuggle in what UTF-8 itself refuses
        fields = _clean(fields)
    return RawItem(
        source_id=_name(fields, "source_id"),
        source_name=_text(fields, "source_name"),
        tier=_one_of(fields, "tier", Tier),
        kind=_one_of(fields, "kind", ItemKind),
        key=_name(fields, "key"),
        url=_optional(fields, "url"),
        title=_text(fields, "title"),
        text=_text(fields, "text"),
        summary=_optional(fields, "summary"),
        author=_optional(fields, "author"),
        language=_optional(fields, "language"),
        published_raw=_optional(fields, "published_raw"),
        published=_when(fields, "published"),
        updated_raw=_optional(fields, "updated_raw"),
        updated=_when(fields, "updated"),
        time_zone=_optional(fields, "time_zone"),
        seen=_when(fields, "seen") or _wrong("seen", "a date and time with its offset", fields.get("seen")),
        backfill=_flag(fields, "backfill"),
        flags=_texts(fields, "flags"),
    )


def _to_json(item: RawItem) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "source_id": item.source_id,
        "source_name": item.source_name,
        "tier": item.tier.value,
        "kind": item.kind.value,
        "key": item.key,
        "url": item.url,
        "title": item.title,
        "text": item.text,
        "summary": item.summary,
        "author": item.author,
        "language": item.language,
        "published_raw": item.published_raw,
        "published": _iso("published", item.published),
        "updated_raw": item.updated_raw,
        "updated": _iso("updated", item.updated),
        "time_zone": item.time_zone,
        "seen": _iso("seen", item.seen),
        "backfill": item.backfill,
        "flags": list(item.flags),
    }


def _iso(field: str, value: datetime | None) -> str | None:
    if value is None:
        return None
    if value.utcoffset() is None:
        raise ValueError(f"{field}: {value.isoformat()} has no time zone; dates on the bus are aware")
    return value.isoformat()


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return _UNFIT.sub(_REPLACEMENT, value)
    if isinstance(value, list):
        return [_clean(each) for each in value]
    if isinstance(value, dict):
        return {_clean(key): _clean(each) for key, each in value.items()}
    return value


def _parse(data: bytes) -> dict[str, Any]:
    try:
        fields = json.loads(data.decode("utf-8"), parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        raise DecodeError(f"not UTF-8 at byte {error.start}") from error
    except RecursionError as error:
        raise DecodeError("not JSON that can be read: nested too deep") from error
    except ValueError as error:
        raise DecodeError(f"not JSON: {error}") from error
    if not isinstance(fields, dict):
        raise DecodeError(f"expected a JSON object, got {_kind(fields)}")
    return fields


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _check_version(schema: Any) -> None:
    match = _VERSION.fullmatch(schema) if isinstance(schema, str) else None
    if match is None:
        _wrong("schema", f'a version like "{SCHEMA}"', schema)
    if int(match[1]) != MAJOR:
        raise UnknownVersion(f"schema: version {schema} is not known here, this program reads {MAJOR}.x; upgrade it")


def _text(fields: dict[str, Any], field: str) -> str:
    value = fields.get(field)
    return value if isinstance(value, str) else _wrong(field, "a text", value)


def _name(fields: dict[str, Any], field: str) -> str:
    return _text(fields, field) or _wrong(field, "a text that is not empty", "")


def _optional(fields: dict[str, Any], field: str) -> str | None:
    value = fields.get(field)
    return value if value is None or isinstance(value, str) else _wrong(field, "a text or null", value)


def _texts(fields: dict[str, Any], field: str) -> tuple[str, ...]:
    value = fields.get(field, [])
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        _wrong(field, "a list of texts", value)
    return tuple(value)


def _flag(fields: dict[str, Any], field: str) -> bool:
    value = fields.get(field, False)
    return value if isinstance(value, bool) else _wrong(field, "true or false", value)


def _one_of(fields: dict[str, Any], field: str, make: Callable[[str], Enum]) -> Enum:
    value = _text(fields, field)
    try:
        return make(value)
    except ValueError as error:
        raise DecodeError(f"{field}: {error}") from error


def _when(fields: dict[str, Any], field: str) -> datetime | None:
    value = _optional(fields, field)
    if value is None:
        return None
    try:
        when = datetime.fromisoformat(value)
        if when.utcoffset() is not None:
            return when.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise DecodeError(f"{field}: expected an ISO 8601 date and time, got {_short(value)}") from error
    return _wrong(field, "a date and time with its offset", value)


def _wrong(field: str, expected: str, got: Any) -> NoReturn:
    raise DecodeError(f"{field}: expected {expected}, got {_short(got)}")


def _short(value: Any) -> str:
    shown = json.dumps(value, default=_kind)
    return shown if len(shown) <= 60 else f"{shown[:60]}… ({_kind(value)})"


def _kind(value: Any) -> str:
    return {dict: "an object", list: "a list", str: "a text", type(None): "null"}.get(type(value), type(value).__name__)
