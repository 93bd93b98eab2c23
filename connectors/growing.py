"""Files that grow by lines: read on from where the last reading ended, as long as what was read is still there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Line:
    """One line with its number, from 1, and where the next one begins."""

    number: int
    text: bytes
    end: int
    complete: bool  # it ends with a line end: nobody is still writing it
    too_long: bool = False


class GrowingFile:
    """Reads the lines of a file that were not read before. `stored` is what `position` said the last time, or ""."""

    def __init__(self, file: BinaryIO, stored: str, *, longest_line: int) -> None:
        self._file = file
        self._longest = longest_line
        number, _, rest = stored.partition(":")
        offset, _, digest = rest.partition(":")
        still_there = number.isdigit() and offset.isdigit() and self._hash(int(offset)) == digest
        self._number, self._offset = (int(number), int(offset)) if still_there else (0, 0)

    def lines(self) -> Iterator[Line]:
        """The lines from there on; one counts as read only once it is given to `take`."""
        number, end = self._number, self._offset
        self._file.seek(end)
        while text := self._file.readline(self._longest + 1):
            number += 1
            end += len(text)
            too_long = len(text) > self._longest
            last = text
            while too_long and not last.endswith(b"\n") and (last := self._file.readline(CHUNK)):
                end += len(last)
            yield Line(number, text, end, (last or text).endswith(b"\n"), too_long)

    def take(self, line: Line) -> None:
        """Go on after this line the next time."""
        self._number, self._offset = line.number, line.end

    def position(self) -> str:
        """Lines and bytes taken, and the hash of these bytes: to be stored."""
        return f"{self._number}:{self._offset}:{self._hash(self._offset)}"

    def _hash(self, size: int) -> str:
        """Of the first `size` bytes; of fewer, when the file is shorter."""
        digest = hashlib.sha256()
        self._file.seek(0)
        while size > 0 and (chunk := self._file.read(min(size, CHUNK))):
            digest.update(chunk)
            size -= len(chunk)
        return digest.hexdigest()
