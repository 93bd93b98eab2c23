"""RawItem to bytes and back."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.codec import decode, encode
from monitor.errors import DecodeError, UnknownVersion
from monitor.types import ItemKind, RawItem, Tier

SEEN = datetime(2025, 8, 28, 1, 14, 5, 250000, tzinfo=UTC)

fit_text = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
optional_text = st.none() | fit_text
dates = st.datetimes(timezones=st.just(UTC))
items = st.builds(
    RawItem,
    source_id=fit_text.filter(bool),
    source_name=fit_text,
    tier=st.sampled_from(Tier),
    kind=st.sampled_from(ItemKind),
    key=fit_text.filter(bool),
    url=optional_text,
    title=fit_text,
    text=fit_text,
    summary=optional_text,
    author=optional_text,
    language=optional_text,
    published_raw=optional_text,
    published=st.none() | dates,
    updated_raw=optional_text,
    updated=st.none() | dates,
    time_zone=optional_text,
    seen=dates,
    backfill=st.booleans(),
    flags=st.lists(fit_text).map(tuple),
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


def item(**changes: Any) -> RawItem:
    fields: dict[str, Any] = {
        "source_id": "kcna",
        "source_name": "KCNA",
        "tier": Tier.OFFICIAL,
        "kind": ItemKind.ARTICLE,
        "key": "guid-1",
        "url": "https://kcna.example/1",
        "title": "Respected Comrade leaves for China",
        "text": "He left.\n\nBy train.",
        "seen": SEEN,
    }
    return RawItem(**(fields | changes))


def message(**changes: Any) -> bytes:
    """A good message with some fields replaced; `...` drops one."""
    fields = json.loads(encode(item())) | changes
    return json.dumps({name: value for name, value in fields.items() if value is not ...}).encode()


@given(items)
def test_every_item_survives_the_round_trip(original: RawItem) -> None:
    assert decode(encode(original)) == original


@given(st.text(alphabet=st.sampled_from("a\0\ud800\udfff\\u0\U0001f600")))
def test_unfit_text_travels_without_nul_and_lone_surrogates(text: str) -> None:
    """Each unfit character becomes U+FFFD and everything else stays."""
    fit = "".join("\ufffd" if each in "\0\ud800\udfff" else each for each in text)
    assert decode(encode(item(title=text, flags=(text,)))) == item(title=fit, flags=(fit,))


@given(st.binary() | json_values.map(lambda value: json.dumps(value).encode("utf-8", "surrogatepass")))
def test_any_bytes_are_an_item_or_a_decode_error(data: bytes) -> None:
    """Nothing that comes over the bus raises anything but DecodeError."""
    with pytest.raises(DecodeError):
        decode(data)


@given(st.sampled_from(sorted(json.loads(encode(item())))), json_values)
def test_any_value_in_any_field_is_an_item_or_a_decode_error_naming_the_field(field: str, value: Any) -> None:
    complaint = f"{field}: "
    try:
        decode(message(**{field: value}))
    except DecodeError as error:
        complaint = str(error)
    assert complaint.startswith((f"{field}: ", "not JSON: "))


def test_escaped_surrogate_pairs_are_one_character_and_lone_ones_are_replaced() -> None:
    """A writer that escapes everything is read like one that does not."""
    assert decode(message(title="\U0001f600 \ud83d")).title == "\U0001f600 \ufffd"


def test_a_newer_minor_version_with_unknown_fields_is_read() -> None:
    assert decode(message(schema="1.7", mood="solemn")) == item()


def test_fields_with_defaults_may_be_missing() -> None:
    assert decode(message(summary=..., flags=..., backfill=..., url=...)) == item(url=None)


@pytest.mark.parametrize("version", ["2.0", "0.9", "12.1"])
def test_another_major_version_is_unknown_not_damaged(version: str) -> None:
    with pytest.raises(UnknownVersion, match=f"schema: version {version}"):
        decode(message(schema=version, title=None))


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"schema": ...}, 'schema: expected a version like "1.0", got null'),
        ({"schema": "1"}, 'schema: expected a version like "1.0", got "1"'),
        ({"schema": "１.０"}, "schema: expected a version"),
        ({"source_id": ""}, 'source_id: expected a text that is not empty, got ""'),
        ({"key": 7}, "key: expected a text, got 7"),
        ({"title": None}, "title: expected a text, got null"),
        ({"text": ...}, "text: expected a text, got null"),
        ({"tier": "king"}, "tier: 'king' is not a valid Tier"),
        ({"kind": "novel"}, "kind: 'novel' is not a valid ItemKind"),
        ({"url": ["a"]}, 'url: expected a text or null, got \\["a"\\]'),
        ({"seen": None}, "seen: expected a date and time with its offset, got null"),
        ({"seen": "2025-08-28T01:00:00"}, "seen: expected a date and time with its offset"),
        ({"published": "Thursday"}, 'published: expected an ISO 8601 date and time, got "Thursday"'),
        ({"updated": "0001-01-01T00:00:00+14:00"}, "updated: expected an ISO 8601 date and time"),
        ({"backfill": 1}, "backfill: expected true or false, got 1"),
        ({"flags": ["a", 1]}, 'flags: expected a list of texts, got \\["a", 1\\]'),
        ({"flags": None}, "flags: expected a list of texts, got null"),
    ],
)
def test_a_wrong_field_is_named(changes: dict[str, Any], complaint: str) -> None:
    with pytest.raises(DecodeError, match=complaint) as caught:
        decode(message(**changes))
    assert not isinstance(caught.value, UnknownVersion)


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"\xff\xfe", "not UTF-8 at byte 0"),
        (b'{"schema":"1.0","title":"\xed\xa0\x80"}', "not UTF-8 at byte 25"),
        (b"[1]", "expected a JSON object, got a list"),
        (b"null", "expected a JSON object, got null"),
        (b'{"schema": NaN}', "NaN is no JSON number"),
        (b"[" * 200_000, "nested too deep"),
        (b"1" * 10_000, "not JSON"),
    ],
)
def test_what_is_no_json_object_says_so(data: bytes, complaint: str) -> None:
    with pytest.raises(DecodeError, match=complaint):
        decode(data)


def test_a_long_wrong_value_is_cut_in_the_complaint() -> None:
    with pytest.raises(DecodeError) as caught:
        decode(message(url=["x" * 5000]))
    assert len(str(caught.value)) < 120


def test_dates_come_back_in_utc() -> None:
    seoul = timezone(timedelta(hours=9))
    assert decode(encode(item(seen=SEEN.astimezone(seoul)))).seen.tzinfo is UTC


def test_a_naive_date_is_refused_at_the_writer() -> None:
    with pytest.raises(ValueError, match="seen: 2025-08-28T00:00:00 has no time zone"):
        encode(item(seen=datetime(2025, 8, 28)))  # noqa: DTZ001  (that is what is tested)
