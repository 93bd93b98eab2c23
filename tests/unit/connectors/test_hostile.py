"""Every row of the hostile server, on real sockets: what comes of it, how little it costs, and that it ends."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from aiohttp.abc import ResolveResult
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.answers import MEBIBYTE
from connectors.base import FetchOutcome
from connectors.http import Fetcher, FetchSettings
from monitor.errors import FetchError
from monitor.types import SourceKind
from tests.support.feeds import item, rss
from tests.support.hostile import CHALLENGE, FEED, HostileServer, Row, hostile_server, rows, self_signed
from tests.support.hostile_feeds import FEEDS, LEAK
from tests.support.hostile_plays import answer, raw, redirect
from tests.support.names import PUBLIC, Names, refused
from tests.support.packed import BOMBS, PACKERS
from tests.support.sources import clock, read, source

# Seconds; the rows that never end take so long.
IMPATIENT: Mapping[str, Any] = {"total_timeout": 0.6, "connect_timeout": 0.3}


@pytest.fixture(scope="module")
def hostile() -> Iterator[HostileServer]:
    """One server for all rows."""
    with hostile_server() as server:
        yield server


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.path)
async def test_each_row_has_its_outcome(hostile: HostileServer, row: Row) -> None:
    """Read as a feed, it fails under its own name, or gives all its items: never a success without any."""
    wire = source(hostile.url(row.path))
    if row.outcome is None:
        result = await read(wire)
        assert [each.title for each in result.items] == ["Headline 1", "Headline 2"]
        return
    with pytest.raises(FetchError) as caught:
        await read(wire, **(IMPATIENT if row.outcome is FetchOutcome.TIMEOUT else {}))
    assert caught.value.outcome == row.outcome, caught.value
    assert len(str(caught.value)) < 1000


@pytest.mark.parametrize("name", [name for name, body in FEEDS.items() if b"passwd" in body or LEAK.encode() in body])
async def test_reading_a_feed_opens_nothing(hostile: HostileServer, name: str) -> None:
    """No file of this machine gets into an item, and nothing that a feed points to is asked for."""
    result = await read(source(hostile.url(f"/feed/{name}")))
    assert "root:" not in str(result.items)
    assert LEAK not in [asked.path for asked in hostile.asked]


async def test_what_is_too_large_is_not_read_on(hostile: HostileServer) -> None:
    """An endless body is hung up on within what the sockets hold, one that announces its size before it comes."""
    for path in ("/endless", "/declared"):
        with pytest.raises(FetchError):
            await read(source(hostile.url(path)), max_body=MEBIBYTE)
    while not hostile.sent.get("/endless"):
        await asyncio.sleep(0.01)
    assert MEBIBYTE < hostile.sent["/endless"] < 12 * MEBIBYTE
    assert hostile.sent.get("/declared", 0) < 1000


MEASURE = """
import asyncio, json, sys
from connectors.http import Fetcher
from monitor.errors import FetchError

def peak():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))

async def main():
    grown = {}
    async with Fetcher() as fetcher:
        await fetcher.get(sys.argv[1], allow_private=True)
        before = peak()
        for url in sys.argv[2:]:
            try:
                await fetcher.get(url, allow_private=True)
            except FetchError as error:
                grown[url] = (error.outcome, peak() - before)
    print(json.dumps(grown))

asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_bombs_take_little_memory(hostile: HostileServer) -> None:
    """200 MiB by each packing: given up, and the process has grown by less than 20 MiB in all."""
    urls = [hostile.url(f"/bomb/{coding}") for coding in BOMBS]
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, hostile.url("/packed/gzip"), *urls], capture_output=True, text=True, timeout=60
    )
    grown = json.loads(done.stdout)
    assert {outcome for outcome, _ in grown.values()} == {FetchOutcome.TOO_LARGE}, done.stderr
    assert len(grown) == len(BOMBS)
    assert max(kibibytes for _, kibibytes in grown.values()) < 20 * 1024, grown


async def test_a_full_queue_of_connections_is_a_timeout() -> None:
    """A server that does not take the connection is given up on after the time to connect."""
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        crowd = [socket.socket() for _ in range(4)]
        for each in crowd:
            each.setblocking(False)
            each.connect_ex(full.getsockname())
        async with Fetcher(FetchSettings(connect_timeout=0.3), clock=clock) as fetcher:
            error = await refused(fetcher, f"http://127.0.0.1:{full.getsockname()[1]}/", allow_private=True)
        for each in crowd:
            each.close()
    assert error.outcome == FetchOutcome.TIMEOUT
    assert "no connection within 0.3 s" in str(error)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "2130706433",
        "0177.0.0.1",
        "0x7f.0.0.1",
        "0x7f000001",
        "127.1",
        "127.0.0.1.",
        "①②⑦.0.0.1",
        "0.0.0.0",
        "0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[64:ff9b:1::7f00:1]",
        "[2002:7f00:1::]",
        "[fc00::1]",
        "[fe80::1]",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "255.255.255.255",
    ],
)
async def test_no_connection_is_made_to_what_is_not_public(hostile: HostileServer, host: str) -> None:
    """However it is written."""
    before = hostile.connections
    async with Fetcher(FetchSettings(**IMPATIENT), clock=clock) as fetcher:
        error = await refused(fetcher, hostile.url("/packed/gzip", host=host))
    assert error.outcome in (FetchOutcome.REFUSED_ADDRESS, FetchOutcome.UNKNOWN_HOST), error
    if host != "127.0.0.1.":  # no resolver takes that for an address
        assert error.outcome == FetchOutcome.REFUSED_ADDRESS
    assert hostile.connections == before


async def test_a_name_that_changes_its_mind_is_not_followed(hostile: HostileServer) -> None:
    """Public when it is looked up for a check, private when it is dialled; or both at once."""
    names = Names({"fickle.example.com": [[PUBLIC], ["127.0.0.1"]], "both.example.org": [[PUBLIC, "127.0.0.1"]]})
    before = hostile.connections
    async with Fetcher(clock=clock, resolver=names) as fetcher:
        assert (await names.resolve("fickle.example.com"))[0]["host"] == PUBLIC
        for name in names.names:
            error = await refused(fetcher, hostile.url("/packed/gzip", host=name))
            assert error.outcome == FetchOutcome.REFUSED_ADDRESS
            assert "allow_private" in str(error)
    assert hostile.connections == before


async def test_a_redirect_to_a_private_name_is_checked_like_any_address(hostile: HostileServer) -> None:
    """The hop is refused though the source itself may be at a private address: link-local ones nobody may have."""
    names = Names({"wire.example.com": [["127.0.0.1"]], "metadata.example.com": [["169.254.169.254"]]})
    hostile.play("/to-name", redirect("http://metadata.example.com/latest"))
    async with Fetcher(clock=clock, resolver=names) as fetcher:
        error = await refused(fetcher, hostile.url("/to-name", host="wire.example.com"), allow_private=True)
    assert error.outcome == FetchOutcome.REFUSED_ADDRESS


async def test_an_intranet_name_with_an_address_that_nobody_may_dial_is_read_at_the_others(
    hostile: HostileServer,
) -> None:
    """Names of one's own network often have link-local addresses beside the real one."""
    names = Names({"nas.example.com": [["fe80::1", "127.0.0.1"]]})
    async with Fetcher(clock=clock, resolver=names) as fetcher:
        response = await fetcher.get(hostile.url("/packed/gzip", host="nas.example.com"), allow_private=True)
    assert response.body == FEED


async def test_an_unknown_name_is_told_from_a_resolver_that_is_down(hostile: HostileServer) -> None:
    """The first is lasting, the second may be our own network's fault."""

    class Down(Names):
        async def resolve(
            self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
        ) -> list[ResolveResult]:
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    for resolver, outcome in ((Names({}), FetchOutcome.UNKNOWN_HOST), (Down({}), FetchOutcome.NETWORK_ERROR)):
        async with Fetcher(clock=clock, resolver=resolver) as fetcher:
            for allow_private in (False, True):
                error = await refused(fetcher, hostile.url(host="wire.example.com"), allow_private=allow_private)
                assert error.outcome == outcome


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs the openssl command to make a certificate")
async def test_certificates_are_checked(tmp_path: Path) -> None:
    """One that nobody has signed is refused, under any allowance; the same is taken where it is trusted."""
    certificate = self_signed(tmp_path)
    with hostile_server(certificate) as server:
        url = f"https://localhost:{server.tls_port}/packed/gzip"
        async with Fetcher(clock=clock) as fetcher:
            assert (await refused(fetcher, url, allow_private=True)).outcome == FetchOutcome.TLS_ERROR
        async with Fetcher(clock=clock, tls=ssl.create_default_context(cafile=certificate)) as fetcher:
            assert (await fetcher.get(url, allow_private=True)).body == FEED
            other_name = url.replace("localhost", "127.0.0.1")
            assert (await refused(fetcher, other_name, allow_private=True)).outcome == FetchOutcome.TLS_ERROR


@pytest.mark.parametrize("kind", [SourceKind.PAGE, SourceKind.LIVEBLOG])
async def test_a_challenge_is_no_article_and_no_live_blog(hostile: HostileServer, kind: SourceKind) -> None:
    """Where a page is watched, "just a moment" is not its news."""
    with pytest.raises(FetchError) as caught:
        await read(source(hostile.play("/page", answer(200, CHALLENGE, Content_Type="text/html")), kind))
    assert caught.value.outcome == FetchOutcome.BLOCKED


async def test_links_of_other_schemes_become_null(hostile: HostileServer) -> None:
    """The item stays, its link does not."""
    links = [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,x",
        "ftp://h/x",
        "mailto:a@b.c",
        "http://u:p@h/",
    ]
    feed = rss(*(item(number, link=link) for number, link in enumerate(links)))
    result = await read(source(hostile.play("/links", answer(body=feed, Content_Type="text/xml"))))
    assert [each.url for each in result.items] == [None] * len(links)


_ANSWERS = [
    b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n%s" % (len(FEED), FEED),
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(FEED), FEED),
    *(
        b"HTTP/1.1 200 OK\r\nContent-Encoding: %s\r\n\r\n%s" % (name.partition("-")[0].encode(), pack(FEED))
        for name, pack in PACKERS.items()
    ),
    b"HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 429 Later\r\nRetry-After: Thu, 28 Aug 2025 06:10:00 GMT\r\nContent-Length: 0\r\n\r\n",
]


@given(st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_answers_with_some_bytes_wrong_are_failures_or_feeds(hostile: HostileServer, data: st.DataObject) -> None:
    """Whatever is overwritten, left out or put in: it ends, with an outcome or with no more items than there were."""
    sent = bytearray(data.draw(st.sampled_from(_ANSWERS)))
    for _ in range(data.draw(st.integers(0, 4))):
        start = data.draw(st.integers(0, len(sent) - 1))
        sent[start : start + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=8))
    wire = source(hostile.play("/mutated", raw(bytes(sent))))
    try:
        items = asyncio.run(read(wire, total_timeout=5)).items
    except FetchError as error:
        assert error.outcome in list(FetchOutcome)  # noqa: PT017 - either is right
    else:
        assert len(items) <= 2
