"""News sitemaps: two days of them, as a stream, packed or not, and the indexes that name several."""

from __future__ import annotations

import gzip
import tracemalloc
from dataclasses import replace
from datetime import timedelta

import pytest

from connectors.base import FetchOutcome
from connectors.sitemapformat import MOST_ADDRESSES, Reading, Sitemap, read_sitemap
from monitor.errors import FetchError
from monitor.types import SourceKind
from tests.support.feeds import page, rss
from tests.support.httpserver import LocalServer, Reply
from tests.support.listings import address, index, sitemap
from tests.support.sources import NOW, after, read, source

HERE = "https://wire.example/news.xml"


def parse(body: bytes, *, untitled: bool = False) -> Sitemap:
    """A sitemap as it would be read now."""
    return read_sitemap(body, HERE, Reading(now=NOW, untitled=untitled))


def test_an_article_has_what_its_news_tags_say() -> None:
    """The picture's address is not taken for the article's."""
    (entry,) = parse(sitemap(address(1, "Kim &amp; Xi meet", lastmod="2025-08-28T05:30:00Z"))).feed.entries
    assert (entry.link, entry.title, entry.language) == ("https://wire.example/1", "Kim & Xi meet", "en")
    assert (entry.published_raw, entry.updated_raw) == ("2025-08-28T05:01:00+00:00", "2025-08-28T05:30:00Z")


def test_only_the_last_two_days_are_taken_the_newest_first() -> None:
    dates = {
        1: "2025-08-26T05:59:59Z",  # a second over two days old
        2: "2025-08-26T06:00:01Z",
        3: "2025-08-28",  # a day: all of it
        4: "2025-08-25",
        5: "yesterday",  # not known, and tags stand on articles of two days only
        6: "2025-08-28T05:00:00+09:00",
    }
    found = parse(sitemap(*(address(number, f"Headline {number}", date=date) for number, date in dates.items())))
    assert [entry.title[-1] for entry in found.feed.entries] == ["3", "5", "6", "2"]


def test_addresses_without_news_tags_need_their_pages() -> None:
    """Nobody can tell what they are; those without a date are left alone even then."""
    body = sitemap(address(1, None, lastmod="2025-08-28T05:00:00Z"), address(2, None), address(3, "Kim arrives"))
    plain, completed = parse(body), parse(body, untitled=True)
    assert [entry.title for entry in plain.feed.entries] == ["Kim arrives"]
    assert "1 addresses without news tags were left out" in plain.feed.message
    assert {entry.link for entry in completed.feed.entries} == {"https://wire.example/1", "https://wire.example/3"}


def test_a_file_of_forty_megabytes_costs_no_memory() -> None:
    """It is unpacked piece by piece, and only the newest articles are kept."""
    old = f"<url><loc>https://wire.example/old</loc><lastmod>2025-08-21</lastmod><x:x>{'x' * 10_000}</x:x></url>"
    packed = gzip.compress(sitemap(old * 4_000, address(7, "Kim arrives") * 10), compresslevel=1)
    tracemalloc.start()
    found = parse(packed)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (len(found.feed.entries), found.feed.message) == (10, "")
    assert most < 4_000_000


def test_what_is_over_the_limit_is_not_read() -> None:
    many = parse(sitemap("<url/>" * MOST_ADDRESSES + address(1, "Kim arrives")))
    assert many.feed.entries == ()
    assert "over 50,000 addresses" in many.feed.message
    with pytest.raises(FetchError, match="over 50 MiB unpacked") as caught:
        parse(gzip.compress(b"<urlset>" + b" " * 60_000_000, compresslevel=1))
    assert caught.value.outcome == FetchOutcome.TOO_LARGE


def test_many_of_two_days_are_cut_to_the_newest() -> None:
    made = (address(n, f"Headline {n}", date=f"2025-08-28T0{n // 600}:{n // 10 % 60:02d}:00Z") for n in range(2100))
    found = parse(sitemap(*made))
    assert len(found.feed.entries) == 2000
    assert found.feed.entries[0].title in {f"Headline {n}" for n in range(2090, 2100)}
    assert "2,100 articles of two days, of which the newest 2,000 were taken" in found.feed.message


@pytest.mark.parametrize(
    ("damage", "title", "link"),
    [
        (b"<loc>https://wire.example/a?x=1&y=2</loc><news><title>R&D</title></news>", "R&D", "https://wire.example/a?x=1&y=2"),
        (b"<loc>/rel</loc><news><title>a&nbsp;b &eacute;&lt;</title></news>", "a b é<", "https://wire.example/rel"),
        (b"<loc>https://wire.example/b</loc><news:news><news:title>No prefix</news:title></news:news>", "No prefix", "https://wire.example/b"),
        (b"<loc>https://wire.example/c</loc><news><title><![CDATA[A < B]]></title></news>", "A < B", "https://wire.example/c"),
    ],
)  # fmt: skip
def test_damaged_files_are_read(damage: bytes, title: str, link: str) -> None:
    """Nothing of an address is lost at a bare ampersand, wherever the pieces of the stream part."""
    for padding in range(65_520 - len(damage), 65_540, 5):
        body = b"<urlset><!--" + b"x" * (padding % 70_000) + b"--><url>" + damage + b"</url></urlset>"
        (entry,) = parse(body).feed.entries
        assert (entry.title, entry.link) == (title, link)


def test_what_is_cut_off_is_flagged_and_no_half_article_is_taken() -> None:
    body = sitemap(address(1, "Kim arrives"), address(2, "Kim leaves Beijing"))
    found = parse(body[: body.rindex(b" Beijing")])
    assert [entry.title for entry in found.feed.entries] == ["Kim arrives"]
    assert found.feed.message.startswith("not well-formed")
    with pytest.raises(FetchError, match="damaged") as caught:
        parse(gzip.compress(body)[:40] + b"\x00" * 200)
    assert caught.value.outcome == FetchOutcome.PARSE_ERROR


def test_entities_reach_neither_files_nor_memory() -> None:
    laughs = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 50}">' for n in range(10))
    body = "<!DOCTYPE urlset [{}]><urlset><url><loc>/1</loc><news><title>A&k;B</title></news></url></urlset>"
    (entry,) = parse(body.format('<!ENTITY k SYSTEM "file:///etc/passwd">').encode()).feed.entries
    assert entry.title == "AB"
    with pytest.raises(FetchError, match="not well-formed: Maximum entity amplification"):
        parse(body.format(f'<!ENTITY a "ha">{laughs}').encode())


@pytest.mark.parametrize("body", [b"", b"<", b"\x1f\x8b", b"{}", b"<x/>", page(), rss(), b"<urlset" * 5000])
def test_what_is_no_sitemap_is_an_error(body: bytes) -> None:
    with pytest.raises(FetchError) as caught:
        parse(body)
    assert caught.value.outcome in (FetchOutcome.NOT_A_FEED, FetchOutcome.PARSE_ERROR)


# ---- indexes ------------------------------------------------------------------------------------------------------


async def test_of_an_index_the_parts_that_may_have_changed_are_read(web: LocalServer) -> None:
    """Those that are older than two days never; those that say to the minute that they are the same not again."""
    for name, number in (("a-news", 1), ("b", 2), ("old", 3), ("same", 4)):
        web.serve(f"/{name}.xml", Reply(body=sitemap(address(number, f"Headline {number}")), etag=f'"{name} 1"'))
    parts = {
        "b": "2025-08-28T05:00:00Z",
        "old": "2025-08-20T05:00:00Z",
        "same": "2025-08-28T04:00:00Z",
        "a-news": "",
    }
    web.serve("/x", Reply(body=index(*((web.url(f"/{name}.xml"), changed) for name, changed in parts.items()))))
    wire = source(web.url("/x"), SourceKind.SITEMAP)
    first = await read(wire)
    assert {item.title for item in first.items} == {"Headline 1", "Headline 2", "Headline 4"}
    assert web.requests[1].path == "/a-news.xml", "what is called news comes first"
    parts["b"] = "2025-08-28T05:55:00Z"
    web.serve("/b.xml", Reply(body=sitemap(address(2, "Headline 2"), address(5, "Headline 5"))))
    web.serve("/x", Reply(body=index(*((web.url(f"/{name}.xml"), changed) for name, changed in parts.items()))))
    web.requests.clear()
    second = await read(wire, after(first))
    assert [item.title for item in second.items] == ["Headline 5"]
    assert [request.path for request in web.requests] == ["/x", "/a-news.xml", "/b.xml"]
    assert web.requests[1].headers["If-None-Match"] == '"a-news 1"'
    third = await read(wire, after(second))
    assert (third.items, third.outcome) == ((), FetchOutcome.UNCHANGED), "the index is the same, its parts are asked"
    assert third.listing is None, "which says nothing of how much there is"


async def test_of_a_large_index_some_parts_are_read_and_that_is_said(web: LocalServer) -> None:
    parts = [f"/{number}.xml" for number in range(12)] + ["/the-news.xml"]
    for part in parts:
        web.serve(part, Reply(body=sitemap(address(1, "Kim arrives", loc=web.url(f"{part}/story")))))
    web.serve("/x", Reply(body=index(*((web.url(part), "") for part in parts))))
    result = await read(source(web.url("/x"), SourceKind.SITEMAP))
    assert len(result.items) == 10
    assert web.asked("/the-news.xml")
    assert result.message.startswith("13 sitemaps of the index may have changed, of which 10 were read")


async def test_a_part_that_cannot_be_read_is_told_and_tried_again(web: LocalServer) -> None:
    web.serve("/a.xml", Reply(status=500), Reply(body=sitemap(address(1, "Kim arrives"))))
    web.serve("/b.xml", Reply(body=sitemap(address(2, "Kim leaves"))))
    web.serve("/x", Reply(body=index((web.url("/a.xml"), "2025-08-28T05:00:00Z"), (web.url("/b.xml"), ""))))
    wire = source(web.url("/x"), SourceKind.SITEMAP)
    first = await read(wire)
    assert [item.title for item in first.items] == ["Kim leaves"]
    assert "500" in first.message
    second = await read(wire, after(first))
    assert [item.title for item in second.items] == ["Kim arrives"]


async def test_an_index_none_of_whose_parts_can_be_read_is_an_error(web: LocalServer) -> None:
    web.serve("/x", Reply(body=index((web.url("/gone.xml"), ""))))
    with pytest.raises(FetchError) as caught:
        await read(source(web.url("/x"), SourceKind.SITEMAP))
    assert caught.value.outcome == FetchOutcome.NOT_FOUND


async def test_articles_are_completed_from_their_pages(web: LocalServer) -> None:
    """A sitemap carries no text: with `fetch_article` the page gives it, and the title where there are no news tags."""
    web.serve("/robots.txt", Reply(status=404))
    web.serve("/1", Reply(body=page("Leaders meet at last")))
    web.serve("/x", Reply(body=sitemap(address(1, None, loc=web.url("/1"), lastmod="2025-08-28T05:00:00Z"))))
    wire = replace(source(web.url("/x"), SourceKind.SITEMAP), fetch_article=True, interval=timedelta(minutes=5))
    (item,) = (await read(wire)).items
    assert item.title == "Leaders meet at last"
    assert "first such meeting in six years" in item.text
