"""The body of an answer, unpacked within bounds of size and memory."""

from __future__ import annotations

from connectors.packing import PIECE, Unpacker, unpacker

# Bytes of the text that are held while more may come. A bomb would else fill the limit, beside the memory that its
# unpacking takes (16 MiB for brotli). What is longer is unpacked once more from what was sent when its size is known.
HELD = 1024 * 1024


class TooLarge(Exception):
    """The body is larger than may be, packed or unpacked."""


class Body:
    """Takes a body as it is sent; refuses it no later than `PIECE` bytes over the limit."""

    def __init__(self, coding: str, *, limit: int) -> None:
        """`coding` is the Content-Encoding header. Raises BadPacking when it is not one that was asked for."""
        self._coding = coding
        self._limit = limit
        self._sent: list[bytes] = []
        self._sent_size = 0
        self._held: list[bytes] = []
        self._size = 0
        self._unpacker: Unpacker = unpacker(coding, self._count)

    def feed(self, chunk: bytes) -> None:
        """Take the next chunk as it was sent. Raises TooLarge, BadPacking."""
        self._sent_size += len(chunk)
        if self._sent_size > self._limit:
            raise TooLarge
        self._sent.append(chunk)
        self._unpacker.feed(chunk)

    def end(self) -> bytes:
        """The whole text. Raises TooLarge, BadPacking: also when it is not complete."""
        self._unpacker.end()
        if self._size <= HELD:
            return b"".join(self._held)
        whole: list[bytes] = []
        again = unpacker(self._coding, whole.append)
        for chunk in self._sent:
            again.feed(chunk)
        again.end()
        return b"".join(whole)

    def _count(self, piece: bytes) -> None:
        assert len(piece) <= PIECE
        self._size += len(piece)
        if self._size > self._limit:
            raise TooLarge
        if self._size <= HELD:
            self._held.append(piece)
