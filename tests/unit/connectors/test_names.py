"""Looking names up."""

from __future__ import annotations

import asyncio
import socket
import threading
from typing import Any

import pytest

from connectors.names import SystemResolver, system_lookup

FOUND = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.1", 80))]


async def test_the_system_knows_this_machine() -> None:
    """By the real resolver, both kinds of address where it has both."""
    found = await SystemResolver().resolve("localhost", 80, socket.AF_UNSPEC)
    assert {each["host"] for each in found} <= {"127.0.0.1", "::1"}
    assert {each["port"] for each in found} == {80}


async def test_names_that_take_for_ever_hold_up_no_other() -> None:
    """Thirty dead ones at once, and the next is found all the same; those who gave up are not waited for."""
    dead = threading.Event()

    def lookup(host: str, port: int, family: int) -> list[tuple[Any, ...]]:
        if host.startswith("dead"):
            dead.wait(30)
        return FOUND

    resolver = SystemResolver(lookup)
    waiting = [asyncio.create_task(resolver.resolve(f"dead{number}.example")) for number in range(30)]
    await asyncio.sleep(0)
    assert (await resolver.resolve("alive.example"))[0]["host"] == "192.0.2.1"
    waiting[0].cancel()
    dead.set()
    results = await asyncio.gather(*waiting, return_exceptions=True)
    assert isinstance(results[0], asyncio.CancelledError)
    assert all(isinstance(each, list) for each in results[1:])


@pytest.mark.parametrize("host", ["no-such-host.invalid", "a" * 64 + ".example", "a..b"])
async def test_what_is_no_name_is_an_error_of_the_resolver(host: str) -> None:
    """Also what can't even be asked for."""
    with pytest.raises(socket.gaierror):
        await SystemResolver(system_lookup).resolve(host)
