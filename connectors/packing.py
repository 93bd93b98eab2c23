"""Unpacking what was sent packed (Content-Encoding: gzip, deflate, br, zstd), piece by piece and within bounds.

aiohttp could unpack as well, but hands out what a library makes of a piece in one go, which for zstd has no bound.
Here no call makes more than `PIECE` bytes of text before the receiver is asked, who ends it all by raising.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import IO, Protocol, cast

import brotli  # type: ignore[import-untyped]
import zstandard

ACCEPTED = "gzip, deflate, br, zstd"
PIECE = 64 * 1024  # bytes of the unpacked text that are made at a time, at most
SLICE = 4 * 1024  # bytes of the packed text that are looked at in one go
LARGEST_WINDOW = 8 * 1024 * 1024  # bytes of earlier text that zstd may refer to; RFC 9659 forbids more in HTTP
MOST_MEMBERS = 1000  # gzip files in one body; nobody sends more than a few, and each costs time and may be empty
# What misconfigured servers name in the place of a packing, and which packs nothing.
_UNPACKED = frozenset(("", "identity", "none", "binary", "8bit", "utf-8", "utf8"))

Take = Callable[[bytes], object]


class BadPacking(ValueError):
    """The body is not packed as its header says, ends too soon, or asks for more memory than it may have."""


class Unpacker(Protocol):
    """Takes a packed body in any pieces, and gives what was in it to the receiver that it was made with."""

    def feed(self, data: bytes) -> None:
        """Unpack the next piece. Raises BadPacking, and whatever the receiver raises."""
        ...

    def end(self) -> None:
        """Give out what is left. Raises BadPacking when the body is not complete."""
        ...


def unpacker(coding: str, take: Take) -> Unpacker:
    """For the value of a Content-Encoding header. Raises BadPacking for one that nobody asked for."""
    name = coding.strip().lower()
    if name in _UNPACKED:
        return _Plain(take)
    kind = _KINDS.get(name)
    if kind is None:
        raise BadPacking(f"it is packed as {name[:40]!r}, which was not asked for")
    return _Sliced(kind(take))


class _Plain:
    def __init__(self, take: Take) -> None:
        self._take = take

    def feed(self, data: bytes) -> None:
        for start in range(0, len(data), PIECE):
            self._take(data[start : start + PIECE])

    def end(self) -> None:
        return


class _Sliced:
    """Gives the packed text on in small slices, so that one call never takes long. An empty body is complete."""

    def __init__(self, inner: Unpacker) -> None:
        self._inner = inner
        self._begun = False

    def feed(self, data: bytes) -> None:
        for start in range(0, len(data), SLICE):
            self._begun = True
            self._inner.feed(data[start : start + SLICE])

    def end(self) -> None:
        if self._begun:
            self._inner.end()


class _Zlib:
    """gzip, of several members if need be, and deflate with zlib's header or without, as servers disagree on it."""

    def __init__(self, take: Take, *, gzip: bool) -> None:
        self._take = take
        self._gzip = gzip
        self._stream = zlib.decompressobj(wbits=31) if gzip else None
        self._members = 1

    def feed(self, data: bytes) -> None:
        if self._stream is None:
            has_header = data[0] & 0x0F == 8  # RFC 1950: compression method "deflate"; no raw stream begins so
            self._stream = zlib.decompressobj(wbits=15 if has_header else -15)
        while data:
            if self._stream.eof and not self._next_member(data):
                return  # servers pad, and browsers do not mind
            self._piece(self._stream, data)
            data = self._stream.unused_data if self._stream.eof else self._stream.unconsumed_tail

    def end(self) -> None:
        assert self._stream is not None
        while not self._stream.eof and self._piece(self._stream, b""):
            continue
        if not self._stream.eof:
            raise BadPacking("the packed text ends too soon")

    def _next_member(self, data: bytes) -> bool:
        if not self._gzip or data[0] != 0x1F:  # RFC 1952: the first byte of a member
            return False
        self._members += 1
        if self._members > MOST_MEMBERS:
            raise BadPacking(f"it is made of more than {MOST_MEMBERS} gzip members")
        self._stream = zlib.decompressobj(wbits=31)
        return True

    def _piece(self, stream: zlib._Decompress, data: bytes) -> bool:
        """Unpack and give on one piece; false when there was none."""
        try:
            piece = stream.decompress(data, PIECE)
        except zlib.error as error:
            raise BadPacking(str(error)) from error
        if piece:
            self._take(piece)
        return bool(piece)


class _Brotli:
    _HALF = PIECE // 4  # the library overshoots: it adds a block of twice the size of the last one until this is met

    def __init__(self, take: Take) -> None:
        self._take = take
        self._stream = brotli.Decompressor()

    def feed(self, data: bytes) -> None:
        self._piece(data)
        while not self._stream.is_finished() and self._piece(b""):
            continue

    def end(self) -> None:
        if not self._stream.is_finished():
            raise BadPacking("the packed text ends too soon")

    def _piece(self, data: bytes) -> bool:
        """Unpack and give on one piece; false when there was none."""
        try:
            piece = self._stream.process(data, output_buffer_limit=self._HALF)
        except brotli.error as error:
            raise BadPacking(str(error)) from error
        if piece:
            self._take(piece)
        return bool(piece) or not self._stream.can_accept_more_data()


class _Sink:
    """What zstd's library writes to; apart from who unpacks, or a cycle would keep its window in memory."""

    def __init__(self, take: Take) -> None:
        self.take = take

    def write(self, data: bytes) -> int:
        self.take(bytes(data))
        return len(data)


class _Zstd:
    # The library does not tell whether a frame is complete. A frame of our own comes out whole behind it only then.
    _MARK = b"end of what was sent"
    _LAST_FRAME = zstandard.compress(_MARK)

    def __init__(self, take: Take) -> None:
        self._sink = _Sink(take)
        plain = zstandard.ZstdDecompressor(max_window_size=LARGEST_WINDOW)
        self._stream = plain.stream_writer(cast(IO[bytes], self._sink), write_size=PIECE, closefd=False)

    def feed(self, data: bytes) -> None:
        try:
            self._stream.write(data)
        except zstandard.ZstdError as error:
            raise BadPacking(str(error)) from error

    def end(self) -> None:
        came = bytearray()
        self._sink.take = came.extend
        try:
            for byte in self._LAST_FRAME:  # given whole, it would be read as a frame even in the middle of a head
                self._stream.write(bytes((byte,)))
        except zstandard.ZstdError as error:
            raise BadPacking("the packed text ends too soon") from error
        if came != self._MARK:
            raise BadPacking("the packed text ends too soon")


def _gzip(take: Take) -> Unpacker:
    return _Zlib(take, gzip=True)


def _deflate(take: Take) -> Unpacker:
    return _Zlib(take, gzip=False)


_KINDS: dict[str, Callable[[Take], Unpacker]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _Brotli,
    "zstd": _Zstd,
}
