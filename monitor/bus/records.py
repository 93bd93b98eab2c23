"""What both buses refuse or mend in a record, so that they behave alike."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.bus.base import Record
from monitor.bus.settings import MAX_RECORD_BYTES
from monitor.errors import RecordTooLarge


def fit(text: str) -> str:
    """The text of a header as UTF-8 can carry it: lone surrogates become question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")


def refuse_too_large(records: Sequence[Record]) -> None:
    """Raise RecordTooLarge before any of the records is sent."""
    for record in records:
        size = len(record.key) + len(record.value)
        if size > MAX_RECORD_BYTES:
            raise RecordTooLarge(
                f"a record for {record.topic} with key {record.key[:60]!r} has {size:,} bytes,"
                f" the bus takes {MAX_RECORD_BYTES:,}; shorten it at its source"
            )
