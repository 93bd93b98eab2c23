"""Unpacking piece by piece."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.body import HELD, Body, TooLarge
from connectors.packing import MOST_MEMBERS, PIECE, BadPacking, unpacker
from tests.support.packed import BOMBS, PACKERS, gzip, wide_window

MEBIBYTE = 1024 * 1024


def header(coding: str) -> str:
    """What the header says for one of the names in PACKERS and BOMBS."""
    return coding.removesuffix("-raw").removesuffix("-widest")


def unpacked(coding: str, data: bytes, *, step: int = 1000) -> bytes:
    """What comes out, in pieces that are never larger than may be."""
    pieces: list[bytes] = []
    made = unpacker(header(coding), pieces.append)
    for start in range(0, len(data), step):
        made.feed(data[start : start + step])
    made.end()
    assert all(len(piece) <= PIECE for piece in pieces)
    return b"".join(pieces)


def body(coding: str, data: bytes, *, limit: int, step: int = PIECE) -> bytes:
    made = Body(header(coding), limit=limit)
    for start in range(0, len(data), step):
        made.feed(data[start : start + step])
    return made.end()


@pytest.mark.parametrize("coding", PACKERS)
@given(text=st.binary(max_size=3000), step=st.integers(1, 3000))
@settings(max_examples=30)
def test_what_was_packed_comes_out_however_it_is_cut(coding: str, text: bytes, step: int) -> None:
    """In pieces of any size, down to single bytes."""
    assert unpacked(coding, PACKERS[coding](text), step=step) == text


@pytest.mark.parametrize("coding", PACKERS)
def test_long_texts_come_out_whole(coding: str) -> None:
    """Across many pieces: well packed ones and such as can't be packed."""
    for text in (b"<item>the same again</item>" * 50_000, bytes(range(256)) * 3000):
        assert unpacked(coding, PACKERS[coding](text), step=PIECE) == text


@pytest.mark.parametrize("coding", PACKERS)
@given(data=st.data())
@settings(max_examples=30)
def test_what_ends_too_soon_is_not_taken_for_whole(coding: str, data: st.DataObject) -> None:
    """Wherever it is cut. Trailers that only check what is complete may be wanting in no packing either."""
    packed = PACKERS[coding](b"a feed that says a few things, some of them twice, some of them twice")
    end = data.draw(st.integers(1, len(packed) - 1))
    with pytest.raises(BadPacking):
        unpacked(coding, packed[:end])


@pytest.mark.parametrize("coding", PACKERS)
@given(rubbish=st.binary(min_size=12, max_size=200))
@settings(max_examples=50)
def test_rubbish_is_refused_or_read_but_never_breaks_anything(coding: str, rubbish: bytes) -> None:
    """No other error than the one that callers know."""
    with contextlib.suppress(BadPacking):
        assert len(unpacked(coding, rubbish)) < MEBIBYTE


def test_several_members_and_padding_are_one_text() -> None:
    """As `cat a.gz b.gz` makes them, padded with zeros; of members without end there is an end."""
    assert unpacked("gzip", gzip(b"one, ") + gzip(b"two") + bytes(50), step=3) == b"one, two"
    with pytest.raises(BadPacking, match="members"):
        unpacked("gzip", gzip(b"") * (MOST_MEMBERS + 1))


@pytest.mark.parametrize("coding", ["", "identity", "Identity ", "utf-8", "none"])
def test_what_is_not_packed_stays_as_it_is(coding: str) -> None:
    """Also where a server names a charset in the wrong header."""
    assert unpacked(coding, b"x" * 200_000, step=150_000) == b"x" * 200_000


@pytest.mark.parametrize("coding", ["compress", "gzip, gzip", "zstd,br", "dcb"])
def test_packings_that_nobody_asked_for_are_refused_by_name(coding: str) -> None:
    """The message says which."""
    with pytest.raises(BadPacking, match=coding):
        unpacker(coding, lambda _: None)


@pytest.mark.parametrize("coding", [*PACKERS, "identity"])
def test_an_empty_body_is_complete(coding: str) -> None:
    """Nothing was sent, and nothing comes out."""
    assert unpacked(coding, b"") == b""


def test_a_frame_that_wants_much_memory_is_refused() -> None:
    """RFC 9659: 8 MiB at most."""
    with pytest.raises(BadPacking, match="memory"):
        unpacked("zstd", wide_window())


@pytest.mark.parametrize("coding", [*PACKERS, "identity"])
def test_a_body_may_be_as_large_as_the_limit_and_no_byte_larger(coding: str) -> None:
    """Unpacked; also where it is held twice on the way, since it is longer than is held at once."""
    pack = PACKERS.get(coding, bytes)
    for size in (100_000, HELD, HELD + 1, 3 * HELD):
        text = (b"0123456789abcdef" * (size // 16 + 1))[:size]
        assert body(coding, pack(text), limit=size) == text
        with pytest.raises(TooLarge):
            body(coding, pack(text), limit=size - 1)


@pytest.mark.parametrize("coding", BOMBS)
def test_a_bomb_is_stopped_within_a_piece_of_the_limit(coding: str) -> None:
    """However much a few bytes stand for."""
    taken = 0

    def take(piece: bytes) -> None:
        nonlocal taken
        taken += len(piece)
        if taken > MEBIBYTE:
            raise TooLarge

    bomb = BOMBS[coding]()
    made = unpacker(header(coding), take)
    with pytest.raises(TooLarge):
        made.feed(bomb)
    assert taken <= MEBIBYTE + PIECE


def test_what_is_sent_is_bounded_as_well() -> None:
    """A stream that never comes to anything, such as empty gzip blocks, ends at the limit too."""
    made = Body("gzip", limit=100_000)
    head = gzip(b"")[:10]
    with pytest.raises(TooLarge):
        made.feed(head + b"\x00\x00\x00\xff\xff" * 20_001)
