"""Messages that could not be processed travel with their story, and come back as they were."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor import codec, deadletters
from monitor.bus.base import Delivery, Partition, Record
from monitor.codec import DEAD_TOPIC, RAW_TOPIC
from monitor.errors import DecodeError
from monitor.observe.logs import redactor
from monitor.types import DeadLetter

AT = datetime(2025, 9, 3, 1, 2, 3, tzinfo=UTC)
text = st.text(st.characters(exclude_categories=["Cs"]))
letters = st.builds(
    DeadLetter,
    topic=text,
    partition=st.integers(0, 99),
    offset=st.integers(0, 2**63 - 1),
    key=st.none() | st.binary(),
    value=st.none() | st.binary(),
    error=text,
    reason=text,
    at=st.datetimes(timezones=st.just(UTC)),
    attempts=st.integers(1, 9),
    version=text,
    trace=text,
)


def delivered(record: Record) -> Delivery:
    """The record as a bus delivers it."""
    return Delivery(
        partition=Partition(record.topic, 0),
        offset=7,
        key=record.key,
        value=record.value,
        headers=record.headers,
        at=AT,
    )


def buried(value: bytes | None, *, secret: str = "hunter2hunter2") -> DeadLetter:
    """The letter of a message that can't be decoded."""
    message = Delivery(partition=Partition(RAW_TOPIC, 3), offset=41, key=b"kcna", value=value, headers={}, at=AT)
    with pytest.raises(RuntimeError) as caught:
        fail_on(value or b"", secret)
    return deadletters.bury(message, caught.value, at=AT, attempts=2, redact=redactor([secret]))


def fail_on(value: bytes, secret: str) -> None:
    try:
        codec.decode(value)
    except DecodeError as error:
        raise RuntimeError(f"with postgresql://writer:{secret}@db/watchdesk and {secret}") from error


@given(letters)
def test_a_letter_survives_the_way_over_the_bus(letter: DeadLetter) -> None:
    record = deadletters.encode(letter)
    assert record.topic == DEAD_TOPIC
    assert deadletters.decode(delivered(record)) == letter


def test_a_letter_says_what_failed_where_and_why() -> None:
    letter = buried(b"\xff")
    assert letter.id == "watchdesk.raw/3/41"
    assert (letter.key, letter.value, letter.at, letter.attempts) == (b"kcna", b"\xff", AT, 2)
    assert letter.error == "RuntimeError"
    assert letter.trace.splitlines()[-1] == "UnicodeDecodeError"
    assert "monitor/codec.py:" in letter.trace
    assert "because of:\n" in letter.trace


def test_a_letter_holds_neither_secrets_nor_paths_of_the_machine() -> None:
    letter = buried(b"\xff")
    said = letter.reason + letter.trace
    assert "hunter2" not in said
    assert letter.reason == "with postgresql://writer:***@db/watchdesk and ***"
    assert str(__file__) not in said


def test_replaying_publishes_the_original_bytes_where_they_came_from() -> None:
    record = deadletters.replay(buried(b"\xff"))
    assert (record.topic, record.key, record.value) == (RAW_TOPIC, b"kcna", b"\xff")
    assert deadletters.replayed_from(delivered(record)) == "watchdesk.raw/3/41"
    assert deadletters.replayed_from(delivered(replace(record, headers={}))) is None


def test_a_tombstone_can_be_kept_but_not_replayed() -> None:
    letter = buried(None)
    assert deadletters.decode(delivered(deadletters.encode(letter))).value is None
    with pytest.raises(DecodeError, match="41 is a tombstone"):
        deadletters.replay(letter)


def test_a_long_story_is_cut_and_the_message_is_not() -> None:
    letter = buried(b"x" * 100_000, secret="word " * 5000)
    assert len(letter.reason) <= 2000
    assert len(letter.trace) <= 4000
    assert letter.value == b"x" * 100_000


@pytest.mark.parametrize(
    ("headers", "complaint"),
    [
        ({"dead-topic": None}, "header dead-topic is missing"),
        ({"dead-offset": "-1"}, "header dead-offset: expected a number, got '-1'"),
        ({"dead-offset": "9" * 5000}, "header dead-offset: expected a number"),
        ({"dead-attempts": "²"}, "header dead-attempts: expected a number"),
        ({"dead-at": "then"}, "header dead-at: expected a date and time, got 'then'"),
        ({"dead-at": "2025-09-03T00:00:00"}, "header dead-at: expected an offset"),
    ],
)
def test_what_is_no_letter_says_which_header_is_wrong(headers: dict[str, str | None], complaint: str) -> None:
    record = deadletters.encode(buried(b"{"))
    changed = {name: value for name, value in (dict(record.headers) | headers).items() if value is not None}
    with pytest.raises(DecodeError, match=complaint):
        deadletters.decode(delivered(replace(record, headers=changed)))
