"""Messages that could not be processed, on their way to the dead letters and back.

The type is `monitor.types.DeadLetter`. A letter travels as the original key and bytes, its story in the headers.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import PurePath

from monitor.bus.base import Delivery, Record
from monitor.codec import DEAD_TOPIC
from monitor.errors import DecodeError
from monitor.types import DeadLetter

REPLAYED = "replayed-from"  # header of a message that was published again: the id of its dead letter

_PREFIX = "dead-"
# The story fits into one header block; the message itself is kept whole.
_REASON_CHARS = 2_000
_TRACE_CHARS = 4_000
_TRACE_FRAMES = 12
_DIGITS = 19  # of the largest offset, 2⁶³ - 1


def bury(
    delivery: Delivery, error: BaseException, *, at: datetime, attempts: int, redact: Callable[[str], str]
) -> DeadLetter:
    """The letter for a message that was given up because of `error`; `redact` masks secrets in what it says."""
    return DeadLetter(
        topic=delivery.partition.topic,
        partition=delivery.partition.number,
        offset=delivery.offset,
        key=delivery.key,
        value=delivery.value,
        error=type(error).__name__,
        reason=redact(str(error) or type(error).__name__)[:_REASON_CHARS],
        at=at,
        attempts=attempts,
        version=version("watchdesk"),
        trace=redact(_trace(error))[-_TRACE_CHARS:],
    )


def _trace(error: BaseException) -> str:
    """Where it failed and what caused it: files, lines, functions and classes, never values."""
    lines: list[str] = []
    cause: BaseException | None = error
    while cause is not None:
        frames = traceback.extract_tb(cause.__traceback__)[-_TRACE_FRAMES:]
        lines += [f"{'/'.join(PurePath(f.filename).parts[-2:])}:{f.lineno} in {f.name}" for f in frames]
        lines.append(type(cause).__name__)
        cause = cause.__cause__
        if cause is not None:
            lines.append("because of:")
    return "\n".join(lines)


def encode(letter: DeadLetter) -> Record:
    """The letter as a record for the dead-letter topic."""
    story = {
        "topic": letter.topic,
        "partition": str(letter.partition),
        "offset": str(letter.offset),
        "error": letter.error,
        "reason": letter.reason,
        "at": letter.at.isoformat(),
        "attempts": str(letter.attempts),
        "version": letter.version,
        "trace": letter.trace,
        # A record has a key and a value, the message may have lacked them.
        "without": " ".join(name for name in ("key", "value") if getattr(letter, name) is None),
    }
    headers = {_PREFIX + name: text for name, text in story.items()}
    return Record(topic=DEAD_TOPIC, key=letter.key or b"", value=letter.value or b"", headers=headers)


def decode(delivery: Delivery) -> DeadLetter:
    """The letter in a message of the dead-letter topic. Raises DecodeError naming the header that is wrong."""
    headers = delivery.headers
    without = _header(headers, "without").split()
    return DeadLetter(
        topic=_header(headers, "topic"),
        partition=_number(headers, "partition"),
        offset=_number(headers, "offset"),
        key=None if "key" in without else delivery.key,
        value=None if "value" in without else delivery.value,
        error=_header(headers, "error"),
        reason=_header(headers, "reason"),
        at=_when(headers, "at"),
        attempts=_number(headers, "attempts"),
        version=_header(headers, "version"),
        trace=_header(headers, "trace"),
    )


def replay(letter: DeadLetter) -> Record:
    """The original message for its own topic, marked as published again. Raises DecodeError for a tombstone."""
    if letter.value is None:
        raise DecodeError(f"dead letter {letter.id} is a tombstone: there is nothing in it to process")
    return Record(topic=letter.topic, key=letter.key or b"", value=letter.value, headers={REPLAYED: letter.id})


def replayed_from(delivery: Delivery) -> str | None:
    """The id of the dead letter that this message was, if it was one."""
    return delivery.headers.get(REPLAYED)


def _header(headers: Mapping[str, str], name: str) -> str:
    try:
        return headers[_PREFIX + name]
    except KeyError as error:
        raise DecodeError(f"header {_PREFIX}{name} is missing: no dead letter of this program") from error


def _number(headers: Mapping[str, str], name: str) -> int:
    text = _header(headers, name)
    if not text.isascii() or not text.isdecimal() or len(text) > _DIGITS:
        raise DecodeError(f"header {_PREFIX}{name}: expected a number, got {text[:60]!r}")
    return int(text)


def _when(headers: Mapping[str, str], name: str) -> datetime:
    text = _header(headers, name)
    try:
        at = datetime.fromisoformat(text)
        if at.utcoffset() is not None:
            return at.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise DecodeError(f"header {_PREFIX}{name}: expected a date and time, got {text[:60]!r}") from error
    raise DecodeError(f"header {_PREFIX}{name}: expected an offset in {text[:60]!r}")
