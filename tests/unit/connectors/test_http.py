"""The one GET, against a real server: bounds, manners, redirects, validators, and what each failure is called."""

from __future__ import annotations

import asyncio
import gzip
import socket
from datetime import timedelta
from email.utils import format_datetime

import pytest

from connectors.base import FetchOutcome
from connectors.http import Fetcher, FetchSettings, Response
from monitor.errors import FetchError
from tests.support.httpserver import LocalServer, Reply
from tests.support.sources import NOW, clock


async def get(
    url: str,
    *,
    allow_private: bool = True,
    settings: FetchSettings | None = None,
    etag: str | None = None,
    last_modified: str | None = None,
) -> Response:
    async with Fetcher(settings or FetchSettings(), clock=clock) as fetcher:
        return await fetcher.get(url, allow_private=allow_private, etag=etag, last_modified=last_modified)


async def failure(url: str, *, allow_private: bool = True, settings: FetchSettings | None = None) -> FetchError:
    with pytest.raises(FetchError) as caught:
        await get(url, allow_private=allow_private, settings=settings)
    return caught.value


async def test_body_type_and_validators_come_back_as_they_were_sent(web: LocalServer) -> None:
    """A success carries bytes, content type and both validators."""
    url = web.serve(
        "/feed",
        Reply(body=b"caf\xe9", content_type="text/xml; charset=latin-1", etag='W/"a b"', last_modified="yesterday?"),
    )
    response = await get(url)
    assert (response.status, response.body, response.content_type) == (200, b"caf\xe9", "text/xml; charset=latin-1")
    assert (response.etag, response.last_modified, response.not_modified) == ('W/"a b"', "yesterday?", False)


@pytest.mark.parametrize("etag", ['"abc"', 'W/"x-gzip"', "unquoted", '""', '"ümlaut"'])
async def test_validators_are_replayed_byte_for_byte(web: LocalServer, etag: str) -> None:
    """What the server sent as its ETag is what it gets back, and a 304 has no body."""
    url = web.serve("/feed", Reply(body=b"x", etag=etag))
    first = await get(url)
    assert first.etag == etag
    again = await get(url, etag=etag)
    assert web.asked("/feed")[1].headers["If-None-Match"] == etag
    assert (again.not_modified, again.body, again.status) == (True, b"", 304)


async def test_last_modified_is_replayed_as_written(web: LocalServer) -> None:
    """A date is not read and written anew on its way back."""
    odd = "Thu, 28 Aug 2025 5:02:43 GMT+0"
    url = web.serve("/feed", Reply(body=b"x", last_modified=odd))
    assert (await get(url, last_modified=odd)).not_modified
    assert web.asked("/feed")[0].headers["If-Modified-Since"] == odd


async def test_a_validator_that_is_too_long_is_not_kept(web: LocalServer) -> None:
    """A server that sends one could not take it back: the request's head would be too large."""
    url = web.serve("/feed", Reply(body=b"x", headers={"ETag": '"' + "a" * 5000 + '"', "Last-Modified": "b" * 4096}))
    response = await get(url)
    assert (response.etag, response.last_modified) == (None, "b" * 4096)


async def test_a_redirect_to_raw_bytes_is_followed(web: LocalServer) -> None:
    """Servers send addresses in Latin-1, against the standard."""
    head = b"HTTP/1.1 302 Found\r\nLocation: /caf\xe9\r\nContent-Length: 0\r\n\r\n"
    web.serve("/caf%E9", Reply(body=b"here"))
    assert (await get(web.serve("/feed", Reply(raw=head)))).body == b"here"


async def test_304_without_having_asked_for_it_is_an_error(web: LocalServer) -> None:
    """A server that answers 304 to an unconditional request has given nothing."""
    assert (await failure(web.serve("/feed", Reply(status=304)))).outcome == FetchOutcome.HTTP_ERROR


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (401, FetchOutcome.BLOCKED),
        (403, FetchOutcome.BLOCKED),
        (404, FetchOutcome.NOT_FOUND),
        (410, FetchOutcome.GONE),
        (418, FetchOutcome.HTTP_ERROR),
        (429, FetchOutcome.RATE_LIMITED),
        (451, FetchOutcome.BLOCKED),
        (500, FetchOutcome.HTTP_ERROR),
        (503, FetchOutcome.HTTP_ERROR),
    ],
)
async def test_each_status_has_its_outcome(web: LocalServer, status: int, outcome: FetchOutcome) -> None:
    """What a status means is decided in one place, and the message names address and status."""
    url = web.serve("/feed", Reply(status=status))
    error = await failure(url)
    assert error.outcome == outcome
    assert url in str(error)
    assert str(status) in str(error)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        ("0", 0.0),
        ("99999999", 86400.0),
        (format_datetime(NOW + timedelta(minutes=3), usegmt=True), 180.0),
        (format_datetime(NOW - timedelta(days=1), usegmt=True), 0.0),
        ("-5", None),
        ("soon", None),
        ("", None),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
async def test_retry_after_is_read_in_both_forms(
    web: LocalServer, status: int, value: str, seconds: float | None
) -> None:
    """Seconds or a date, a day at most; what makes no sense says nothing."""
    url = web.serve("/feed", Reply(status=status, headers={"Retry-After": value}))
    assert (await failure(url)).retry_after == seconds


async def test_retry_after_counts_only_where_it_means_something(web: LocalServer) -> None:
    """A 404 asks for no patience."""
    url = web.serve("/feed", Reply(status=404, headers={"Retry-After": "120"}))
    assert (await failure(url)).retry_after is None


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_followed_to_the_end(web: LocalServer, status: int) -> None:
    """Relative and absolute locations lead on; the final address is told."""
    web.serve("/a", Reply(status=status, headers={"Location": "b"}))
    web.serve("/b", Reply(status=status, headers={"Location": web.url("/c?x=1#part")}))
    web.serve("/c?x=1", Reply(body=b"here"))
    response = await get(web.url("/a"))
    assert (response.body, response.url_final) == (b"here", web.url("/c?x=1"))


async def test_six_redirects_are_too_many(web: LocalServer) -> None:
    """Five are followed, the sixth is not; a loop ends when it closes."""
    for number in range(6):
        web.serve(f"/{number}", Reply(status=302, headers={"Location": f"/{number + 1}"}))
    web.serve("/6", Reply(body=b"end"))
    assert (await get(web.url("/1"))).body == b"end"
    assert (await failure(web.url("/0"))).outcome == FetchOutcome.REDIRECT_ERROR
    loop = web.serve("/loop", Reply(status=302, headers={"Location": "/loop"}))
    assert (await failure(loop)).outcome == FetchOutcome.REDIRECT_ERROR
    assert len(web.asked("/loop")) == 1


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "ftp://example.com/x", "data:text/plain,x", "http://user:secret@example.com/"]
)
async def test_redirects_lead_to_no_other_scheme_and_carry_no_passwords(web: LocalServer, location: str) -> None:
    """Every hop is held to the rules for addresses, and the message tells no password."""
    error = await failure(web.serve("/a", Reply(status=302, headers={"Location": location})))
    assert error.outcome == FetchOutcome.REFUSED_ADDRESS
    assert "secret" not in str(error)


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "/etc/passwd", "ftp://example.com/", "http://", "http://u:p@example.com/", "feed"]
)
async def test_addresses_that_are_no_plain_web_addresses_are_refused(url: str) -> None:
    """Nothing but http and https, with a host and without credentials."""
    assert (await failure(url)).outcome == FetchOutcome.REFUSED_ADDRESS


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0177.0.0.1", "[::ffff:127.0.0.1]", "0.0.0.0"]
)
async def test_private_addresses_are_not_dialled(web: LocalServer, host: str) -> None:
    """However this machine's own address is spelt, no request reaches it unless the source allows it."""
    web.serve("/feed", Reply(body=b"secret"))
    error = await failure(f"http://{host}:{web.port}/feed", allow_private=False)
    assert error.outcome in (FetchOutcome.REFUSED_ADDRESS, FetchOutcome.NETWORK_ERROR)
    assert web.requests == []
    if host in ("127.0.0.1", "localhost"):  # not every resolver takes the others for addresses
        assert error.outcome == FetchOutcome.REFUSED_ADDRESS
        assert "allow_private" in str(error)


async def test_a_source_that_allows_private_addresses_is_read(web: LocalServer) -> None:
    """The same address with the source's allowance."""
    web.serve("/feed", Reply(body=b"intranet"))
    assert (await get(f"http://localhost:{web.port}/feed")).body == b"intranet"


async def test_allowance_of_one_source_serves_no_other(web: LocalServer) -> None:
    """A connection that one source may have is not handed to another that may not."""
    url = web.serve("/feed", Reply(body=b"x"))
    async with Fetcher(clock=clock) as fetcher:
        await fetcher.get(url, allow_private=True)
        with pytest.raises(FetchError) as caught:
            await fetcher.get(url, allow_private=False)
    assert caught.value.outcome == FetchOutcome.REFUSED_ADDRESS


async def test_link_local_addresses_are_refused_even_with_allowance() -> None:
    """Where clouds keep their credentials nothing is fetched from, whatever a source allows."""
    error = await failure("http://169.254.169.254/latest/meta-data/")
    assert error.outcome == FetchOutcome.REFUSED_ADDRESS


async def test_a_body_over_the_limit_is_dropped(web: LocalServer) -> None:
    """At the limit it is read, a byte more and it is refused."""
    settings = FetchSettings(max_body=65536)
    assert len((await get(web.serve("/ok", Reply(body=b"x" * 65536)), settings=settings)).body) == 65536
    error = await failure(web.serve("/big", Reply(body=b"x" * 65537)), settings=settings)
    assert error.outcome == FetchOutcome.TOO_LARGE


async def test_packed_bodies_are_unpacked_and_only_such_are_asked_for(web: LocalServer) -> None:
    """gzip works; what is not unpacked piece by piece is not asked for."""
    url = web.serve("/feed", Reply(body=gzip.compress(b"hello"), headers={"Content-Encoding": "gzip"}))
    assert (await get(url)).body == b"hello"
    assert web.requests[0].headers["Accept-Encoding"] == "gzip, deflate, br, zstd"


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip"])
async def test_a_body_that_cannot_be_unpacked_is_an_error(web: LocalServer, encoding: str) -> None:
    """Unasked-for packings and broken ones are named, not handed on as text."""
    url = web.serve("/feed", Reply(body=b"\x1b\x00not packed", headers={"Content-Encoding": encoding}))
    assert (await failure(url)).outcome == FetchOutcome.HTTP_ERROR


async def test_a_server_that_drips_is_given_up(web: LocalServer) -> None:
    """A byte now and then does not keep a request alive for ever."""
    url = web.serve("/slow", Reply(body=b"x" * 600, drip=0.1))
    error = await failure(url, settings=FetchSettings(total_timeout=0.5))
    assert error.outcome == FetchOutcome.TIMEOUT
    assert "0.5 s" in str(error)


async def test_the_time_is_for_all_redirects_together(web: LocalServer) -> None:
    """Slow hops add up."""
    for number in range(4):
        web.serve(f"/{number}", Reply(status=302, headers={"Location": f"/{number + 1}"}, delay=0.3))
    error = await failure(web.url("/0"), settings=FetchSettings(total_timeout=0.5))
    assert error.outcome == FetchOutcome.TIMEOUT


async def test_a_closed_port_is_no_unknown_name() -> None:
    """Both say what went wrong; only a name that does not exist is a lasting trouble."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        assert (await failure(f"http://127.0.0.1:{port}/")).outcome == FetchOutcome.NETWORK_ERROR
    error = await failure("http://no-such-host.invalid/")
    assert error.outcome == FetchOutcome.UNKNOWN_HOST
    assert "name" in str(error)


async def test_plain_http_where_tls_was_expected_is_a_tls_error(web: LocalServer) -> None:
    """A port that speaks no TLS."""
    assert (await failure(f"https://127.0.0.1:{web.port}/")).outcome == FetchOutcome.TLS_ERROR


@pytest.mark.parametrize("raw", [b"not http at all\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort"])
async def test_a_broken_answer_is_an_error(web: LocalServer, raw: bytes) -> None:
    """Neither nonsense nor a body that ends too soon passes for an answer."""
    error = await failure(web.serve("/feed", Reply(raw=raw)))
    assert error.outcome in (FetchOutcome.HTTP_ERROR, FetchOutcome.NETWORK_ERROR)


async def test_a_challenge_of_a_content_network_is_told_from_a_plain_error(web: LocalServer) -> None:
    """Cloudflare marks its challenges in a header."""
    url = web.serve("/feed", Reply(status=503, headers={"cf-mitigated": "challenge"}))
    assert (await failure(url)).outcome == FetchOutcome.BLOCKED


async def test_the_user_agent_names_product_and_contact(web: LocalServer) -> None:
    """Who is asked too often knows whom to write to."""
    url = web.serve("/feed", Reply(body=b"x"))
    await get(url, settings=FetchSettings(contact="desk@example.org"))
    assert web.requests[0].headers["User-Agent"].startswith("Watchdesk/")
    assert "+desk@example.org" in web.requests[0].headers["User-Agent"]


async def test_no_cookie_is_kept(web: LocalServer) -> None:
    """What a site sets is not sent back."""
    url = web.serve("/feed", Reply(body=b"x", headers={"Set-Cookie": "id=1; Path=/"}))
    async with Fetcher(clock=clock) as fetcher:
        await fetcher.get(url, allow_private=True)
        await fetcher.get(url, allow_private=True)
    assert "Cookie" not in web.requests[1].headers


async def test_one_request_at_a_time_to_a_host(web: LocalServer) -> None:
    """Ten at once are served one after the other."""
    urls = [web.serve(f"/{number}", Reply(body=b"x", delay=0.02)) for number in range(10)]
    async with Fetcher(clock=clock) as fetcher:
        await asyncio.gather(*(fetcher.get(url, allow_private=True) for url in urls))
    assert len(web.requests) == 10
    assert web.most_at_once == 1


async def test_long_headers_are_taken(web: LocalServer) -> None:
    """Content security policies of ten kilobytes are no reason to lose a source."""
    url = web.serve("/feed", Reply(body=b"x", headers={"Content-Security-Policy": "a" * 20_000}))
    assert (await get(url)).body == b"x"
