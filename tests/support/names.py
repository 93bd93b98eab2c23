"""Names that resolve as a test says, and how a request to one fails."""

from __future__ import annotations

import socket
from collections.abc import Mapping

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from connectors.http import Fetcher
from monitor.errors import FetchError

PUBLIC = "93.184.215.14"  # never dialled


class Names(AbstractResolver):
    """Looks names up in lists: each look at a name takes the next of its answers, and the last from then on."""

    def __init__(self, names: Mapping[str, list[list[str]]]) -> None:
        self.names = {name: list(answers) for name, answers in names.items()}
        self.looks = 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.looks += 1
        if host not in self.names:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        answers = self.names[host]
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        return [_address(host, each, port) for each in found]

    async def close(self) -> None:
        return


def _address(name: str, address: str, port: int) -> ResolveResult:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return ResolveResult(hostname=name, host=address, port=port, family=family, proto=0, flags=socket.AI_NUMERICHOST)


async def refused(fetcher: Fetcher, url: str, *, allow_private: bool = False) -> FetchError:
    with pytest.raises(FetchError) as caught:
        await fetcher.get(url, allow_private=allow_private)
    return caught.value
