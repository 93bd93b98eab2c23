"""A web server that does everything to its readers that servers on the internet do: `python -m tests.support.hostile`.

Each row is a path with what it plays and what a feed connector must make of it. All is played on real sockets.
"""

from __future__ import annotations

import asyncio
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from connectors.base import FetchOutcome
from tests.support import packed
from tests.support.feeds import item, page, rss
from tests.support.hostile_feeds import FEEDS
from tests.support.hostile_plays import (
    Asked,
    Play,
    Wire,
    answer,
    body_drip,
    drip,
    endless,
    endless_head,
    large_by_its_own_word,
    packed_as,
    pointing_here,
    raw,
    redirect,
    silent,
)

CHALLENGE = (
    b"<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>Checking your browser</body></html>"
)
LOGIN = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body><form><input name=user></form></body></html>"
FEED = rss(item(2), item(1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What is played at a path, and what has to come of reading it as a feed."""

    path: str
    play: Play
    outcome: FetchOutcome | None  # None: a success


_REFUSED_TARGETS = (
    "file:///etc/passwd",
    "ftp://127.0.0.1/feed",
    "data:text/xml,<rss/>",
    "javascript:alert(1)",
    "gopher://127.0.0.1/",
    "http://user:password@127.0.0.1/feed",
    "http://169.254.169.254/latest/meta-data/",
    "http://[fe80::1]/",
    "http://0.0.0.0/",
    "http://[::]/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0177.0.0.1/",
    "http://127.1/",
    "http://[::ffff:169.254.169.254]/",
    "http://[64:ff9b::a9fe:a9fe]/",
)


def _redirect_rows() -> Iterator[Row]:
    for number in range(7):
        after = redirect(f"/hop/{number + 1}") if number < 6 else answer(body=FEED, Content_Type="text/xml")
        yield Row(path=f"/hop/{number}", play=after, outcome=FetchOutcome.REDIRECT_ERROR if number == 0 else None)
    error = FetchOutcome.REDIRECT_ERROR
    yield Row(path="/loop/one", play=redirect("/loop/two"), outcome=error)
    yield Row(path="/loop/two", play=redirect("/loop/one", 301), outcome=error)
    yield Row(path="/loop/self", play=redirect("/loop/self", 308), outcome=error)
    yield Row(path="/redirect/nowhere", play=answer(302), outcome=error)
    yield Row(path="/redirect/garbage", play=redirect("http://[::1"), outcome=error)
    yield Row(path="/redirect/long", play=redirect("/" + "a" * 60_000), outcome=error)
    yield Row(path="/redirect/choice", play=answer(300, body=LOGIN), outcome=error)
    for number, target in enumerate(_REFUSED_TARGETS):
        yield Row(path=f"/redirect/{number}", play=redirect(target), outcome=FetchOutcome.REFUSED_ADDRESS)


def _body_rows() -> Iterator[Row]:
    large, broken = FetchOutcome.TOO_LARGE, FetchOutcome.HTTP_ERROR
    yield Row(path="/endless", play=endless, outcome=large)
    yield Row(path="/declared", play=large_by_its_own_word, outcome=large)
    for coding, make in packed.BOMBS.items():
        yield Row(path=f"/bomb/{coding}", play=packed_as(coding.partition("-")[0], make()), outcome=large)
    for coding, pack in packed.PACKERS.items():
        named = coding.partition("-")[0]
        yield Row(path=f"/packed/{coding}", play=packed_as(named, pack(FEED)), outcome=None)
        yield Row(path=f"/cut/{coding}", play=packed_as(named, pack(FEED)[:-7]), outcome=broken)
        yield Row(path=f"/unpacked/{coding}", play=packed_as(named, FEED), outcome=broken)
    yield Row(path="/window", play=packed_as("zstd", packed.wide_window()), outcome=broken)
    yield Row(path="/members", play=packed_as("gzip", packed.gzip(b"") * 2000), outcome=broken)
    yield Row(path="/unasked", play=packed_as("compress", FEED), outcome=broken)
    yield Row(path="/twice", play=packed_as("gzip, gzip", packed.gzip(packed.gzip(FEED))), outcome=broken)
    yield Row(path="/named-a-charset", play=packed_as("UTF-8", FEED), outcome=None)
    yield Row(path="/drip", play=drip(FEED, seconds=0.1), outcome=FetchOutcome.TIMEOUT)
    yield Row(path="/drip/body", play=body_drip, outcome=FetchOutcome.TIMEOUT)
    yield Row(path="/silent", play=silent, outcome=FetchOutcome.TIMEOUT)


def _answer_rows() -> Iterator[Row]:
    blocked, no_feed, broken = FetchOutcome.BLOCKED, FetchOutcome.NOT_A_FEED, FetchOutcome.HTTP_ERROR
    html = "text/html; charset=utf-8"
    yield Row(path="/challenge", play=answer(200, CHALLENGE, Content_Type=html), outcome=blocked)
    yield Row(path="/challenge/403", play=answer(403, CHALLENGE, cf_mitigated="challenge"), outcome=blocked)
    yield Row(path="/challenge/503", play=answer(503, CHALLENGE, Content_Type=html), outcome=blocked)
    yield Row(path="/challenge/202", play=answer(202, b"", x_amzn_waf_action="challenge"), outcome=blocked)
    yield Row(path="/challenge/405", play=answer(405, LOGIN, x_amzn_waf_action="captcha"), outcome=blocked)
    yield Row(path="/login", play=answer(200, LOGIN, Content_Type=html), outcome=no_feed)
    yield Row(path="/login/as-a-feed", play=answer(200, LOGIN, Content_Type="application/rss+xml"), outcome=no_feed)
    yield Row(path="/article", play=answer(200, page(), Content_Type=html), outcome=no_feed)
    yield Row(path="/empty", play=answer(200, b"", Content_Type="application/rss+xml"), outcome=no_feed)
    yield Row(path="/words", play=answer(200, b"Database error", Content_Type="text/plain"), outcome=no_feed)
    yield Row(path="/json", play=answer(200, b'{"error": 1}', Content_Type="application/json"), outcome=no_feed)
    yield Row(path="/204", play=answer(204), outcome=broken)
    yield Row(path="/206", play=answer(206, FEED[:50], Content_Range="bytes 0-49/900"), outcome=broken)
    yield Row(path="/304", play=answer(304), outcome=broken)
    yield Row(path="/gone", play=answer(410), outcome=FetchOutcome.GONE)
    yield Row(path="/no-http", play=raw(b"SSH-2.0-OpenSSH_9.6\r\n"), outcome=broken)
    yield Row(path="/short", play=raw(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + FEED), outcome=broken)
    yield Row(path="/hung-up", play=raw(b""), outcome=FetchOutcome.NETWORK_ERROR)
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    yield Row(path="/chunk", play=raw(chunked + b"-5\r\nhello\r\n0\r\n\r\n"), outcome=broken)
    yield Row(path="/lengths", play=raw(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n" + FEED), outcome=broken)
    hints = b"HTTP/1.1 103 Early Hints\r\n\r\n" * 1000
    yield Row(path="/hints", play=raw(hints + b"HTTP/1.0 200\r\n\r\n" + FEED), outcome=None)
    yield Row(path="/head", play=endless_head, outcome=broken)


def _feed_rows() -> Iterator[Row]:
    for name, body in FEEDS.items():
        yield Row(path=f"/feed/{name}", play=pointing_here(body), outcome=None)


def rows() -> tuple[Row, ...]:
    """Every row."""
    return (*_body_rows(), *_redirect_rows(), *_answer_rows(), *_feed_rows())


@dataclass(slots=True)
class HostileServer:
    """What it was asked, and how much it got rid of. `play` adds to the rows, or takes the place of one."""

    plays: dict[str, Play]
    port: int = 0
    tls_port: int = 0
    connections: int = 0
    asked: list[Asked] = field(default_factory=list)
    sent: dict[str, int] = field(default_factory=dict)  # bytes by path, of the last time
    under_way: int = 0
    most_at_once: int = 0

    def url(self, path: str = "/", *, host: str = "127.0.0.1") -> str:
        """The address of a path."""
        return f"http://{host}:{self.port}{path}"

    def play(self, path: str, play: Play) -> str:
        """Play this there from now on; returns the address."""
        self.plays[path] = play
        return self.url(path)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the one request of a connection."""
        self.connections += 1
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("utf-8", "surrogateescape").split("\r\n")
            fields = (line.partition(":") for line in head[1:] if line)
            asked = Asked(head[0].split(" ")[1], {name.lower(): value.strip() for name, _, value in fields})
            self.asked.append(asked)
            await self._play(Wire(asked, reader, writer))
        except (ConnectionError, asyncio.IncompleteReadError):
            return  # the reader has had enough: what every row is after
        finally:
            writer.close()

    async def _play(self, wire: Wire) -> None:
        self.under_way += 1
        self.most_at_once = max(self.most_at_once, self.under_way)
        try:
            await self.plays.get(wire.asked.path, answer(404))(wire)
        finally:
            self.under_way -= 1
            self.sent[wire.asked.path] = wire.sent


def self_signed(folder: Path) -> Path:
    """Certificate and key for localhost in one file, signed by nobody else; made by `openssl`, which must be there."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    wanted = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
    names = ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(["openssl", *wanted.split(), *names], check=True, capture_output=True)
    both = folder / "both.pem"
    both.write_bytes(certificate.read_bytes() + key.read_bytes())
    return both


@contextmanager
def hostile_server(certificate: Path | None = None) -> Iterator[HostileServer]:
    """A hostile server in a thread of its own, as long as the context lasts; with a certificate, over TLS as well."""
    server = HostileServer(plays={row.path: row.play for row in rows()})
    loop = asyncio.new_event_loop()
    ready = threading.Event()

    async def start() -> None:
        plain = await asyncio.start_server(server.serve, "127.0.0.1", 0)
        server.port = plain.sockets[0].getsockname()[1]
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            safe = await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=context)
            server.tls_port = safe.sockets[0].getsockname()[1]
        ready.set()

    def run() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(start())
        loop.run_forever()
        tasks = asyncio.all_tasks(loop)
        for task in tasks:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        loop.close()

    thread = threading.Thread(target=run, name="hostile-server", daemon=True)
    thread.start()
    if not ready.wait(10):
        raise RuntimeError("the hostile server did not start within 10 s")
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)


def main() -> None:
    """Serve until interrupted, for trials by hand."""
    with hostile_server() as server:
        for row in rows():
            print(f"{row.outcome or 'success':16} {server.url(row.path)}")
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
