"""The body of an answer, unpacked within bounds of size and memory."""

from __future__ import annotations

from connectors.packing import Unpacker, unpacker

# Bytes of the text that are held while more may come. A bomb would else fill the limit, beside the memory that its
# unpacking takes (16 MiB for brotli). What is longer is unpacked once more from what was sent when its size is known.
HELD = 1024 * 1024


class TooLarge(Exception):
    """The body is larger than may be, packed or unpacked."""


class _Text:
    """The unpacked text as far as it is held, and its size; apart from the body, or a cycle would keep it in memory."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self.size = 0
        self.held: list[bytes] = []

    def take(self, piece: bytes) -> None:
        self.size += len(piece)
        if self.size > self._limit:
            raise TooLarge
        if self.size <= HELD:
            self.held.append(piece)


class Body:
    """Takes a body as it is sent; refuses it no later than `packing.PIECE` bytes over the limit."""

    def __init__(self, coding: str, *, limit: int) -> None:
        """`coding` is the Content-Encoding header. Raises BadPacking when it is not one that was asked for."""
        self._coding = coding
        self._limit = limit
        self._sent: list[bytes] = []
        self._sent_size = 0
        self._text = _Text(limit)
        self._unpacker: Unpacker = unpacker(coding, self._text.take)

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
        if self._text.size <= HELD:
            return b"".join(self._text.held)
        whole: list[bytes] = []
        again = unpacker(self._coding, whole.append)
        for chunk in self._sent:
            again.feed(chunk)
        again.end()
        return b"".join(whole)
