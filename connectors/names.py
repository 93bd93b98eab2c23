"""Looking names up with the system's resolver, beside the event loop, in threads that hold nobody up."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult

AT_ONCE = 64  # lookups; a dead name server makes each take half a minute, and asyncio's own threads are five or so

Lookup = Callable[[str, int, int], list[tuple[Any, ...]]]


def system_lookup(host: str, port: int, family: int) -> list[tuple[Any, ...]]:
    """The addresses as `socket.getaddrinfo` gives them: for a stream, of families that this machine has."""
    return socket.getaddrinfo(host, port, family, socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)


class SystemResolver(AbstractResolver):
    """Asks the system, many names at a time. A lookup that is given up on is left behind; no exit waits for it."""

    def __init__(self, lookup: Lookup = system_lookup) -> None:
        self._lookup = lookup
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The name's addresses. Raises OSError, most often socket.gaierror, when there are none."""
        async with self._slots:
            found = await self._in_thread(host, port, family)
        return [
            ResolveResult(
                hostname=host,
                host=address[0],
                port=address[1],
                family=kind,
                proto=protocol,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for kind, _, protocol, _, address in found
        ]

    async def close(self) -> None:
        """Nothing to be closed."""

    async def _in_thread(self, host: str, port: int, family: int) -> list[tuple[Any, ...]]:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[list[tuple[Any, ...]]] = loop.create_future()

        def settle(found: list[tuple[Any, ...]], error: Exception | None) -> None:
            if future.done():
                return  # given up in the meantime
            if error is None:
                future.set_result(found)
            else:
                future.set_exception(error)

        def work() -> None:
            found: list[tuple[Any, ...]] = []
            failure: Exception | None = None
            try:
                found = self._lookup(host, port, family)
            except (OSError, ValueError) as error:  # UnicodeError: a label that is too long
                failure = error if isinstance(error, OSError) else socket.gaierror(socket.EAI_NONAME, str(error))
            try:
                loop.call_soon_threadsafe(settle, found, failure)
            except RuntimeError:
                return  # the loop has closed: nobody waits any more

        threading.Thread(target=work, name=f"look up {host}", daemon=True).start()
        return await future
