"""What a hostile server may do with a connection, byte by byte."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from tests.support.hostile_feeds import HERE

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came."""

    path: str
    headers: Mapping[str, str]  # names in lower case


@dataclass(slots=True)
class Wire:
    """One connection after its request, to be answered by whatever bytes."""

    asked: Asked
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    sent: int = 0

    async def send(self, data: bytes) -> None:
        """Write, and wait until the reader has taken most of it."""
        self.writer.write(data)
        await self.writer.drain()
        self.sent += len(data)

    async def left_alone(self) -> None:
        """Do nothing until the reader hangs up."""
        await self.reader.read()

    async def head(self, status: int = 200, **headers: object) -> None:
        """The answer's head; `content_length=5` becomes `Content-Length: 5`."""
        lines = [f"HTTP/1.1 {status} Whatever", "Connection: close"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        await self.send("\r\n".join((*lines, "", "")).encode("utf-8", "surrogateescape"))


Play = Callable[[Wire], Awaitable[None]]


def answer(status: int = 200, body: bytes = b"", **headers: object) -> Play:
    """An ordinary answer."""

    async def play(wire: Wire) -> None:
        await wire.head(status, Content_Length=len(body), **headers)
        await wire.send(body)

    return play


def raw(data: bytes) -> Play:
    """These bytes in the place of an answer."""

    async def play(wire: Wire) -> None:
        await wire.send(data)

    return play


def pointing_here(feed: bytes) -> Play:
    """A feed, with the server's own address in it."""

    async def play(wire: Wire) -> None:
        port = str(wire.writer.get_extra_info("sockname")[1]).encode()
        await answer(200, feed.replace(HERE, b"http://127.0.0.1:" + port), Content_Type="application/rss+xml")(wire)

    return play


def packed_as(coding: str, body: bytes) -> Play:
    """A body that is said to be packed so."""
    return answer(body=body, Content_Encoding=coding, Content_Type="application/rss+xml")


def drip(data: bytes, *, seconds: float) -> Play:
    """A byte at a time, the head included."""

    async def play(wire: Wire) -> None:
        for byte in b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n" + data:
            await wire.send(bytes([byte]))
            await asyncio.sleep(seconds)

    return play


async def body_drip(wire: Wire) -> None:
    """The head at once, then a byte a tenth of a second."""
    await wire.head(200)
    while True:
        await wire.send(b" ")
        await asyncio.sleep(0.1)


async def silent(wire: Wire) -> None:
    """Nothing, ever."""
    await wire.left_alone()


async def endless(wire: Wire) -> None:
    """A body without end."""
    await wire.head(200, Content_Type="text/xml")
    while True:
        await wire.send(b"<rss>" + b" " * 65536)


async def endless_head(wire: Wire) -> None:
    """A head without end."""
    await wire.send(b"HTTP/1.1 200 OK\r\n")
    while True:
        await wire.send(b"X-More: " + b"x" * 1000 + b"\r\n")


async def large_by_its_own_word(wire: Wire) -> None:
    """A length over the limit, and nothing of it."""
    await wire.head(200, Content_Length=11 * MEBIBYTE)
    await wire.left_alone()


def redirect(to: str, status: int = 302) -> Play:
    """To another address."""
    return answer(status, Location=to)
