"""Live blogs: every update an item, every edit a version."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from connectors.base import FetchOutcome
from connectors.liveposting import read_liveblog
from monitor.errors import FetchError
from monitor.types import ItemKind, SourceKind
from tests.support.feeds import linked_data, live_page, page, update
from tests.support.httpserver import LocalServer, Reply
from tests.support.sources import after, read, source

URL = "https://wire.example/live"


async def test_every_update_is_an_item_oldest_first(web: LocalServer) -> None:
    """With its own key, heading, text, author and date."""
    second = update(2, author={"name": "A. Writer"}, articleBody="<p>One.</p><p>Two &amp; three.</p>")
    url = web.serve("/live", Reply(body=live_page([second, update(1)])))
    first, last = (await read(source(url, SourceKind.LIVEBLOG))).items
    assert (first.key, last.key) == ("https://wire.example/live#1", "https://wire.example/live#2")
    assert (last.title, last.text, last.author) == ("Entry 2", "One.\n\nTwo & three.", "A. Writer")
    assert (last.kind, last.published) == (ItemKind.LIVEBLOG_ENTRY, datetime(2025, 9, 3, 8, 2, tzinfo=UTC))
    assert last.url == "https://wire.example/live#2"


async def test_an_edited_update_is_a_new_version_and_a_new_one_an_item(web: LocalServer) -> None:
    """Entries that did not change are not handed on again."""
    edited = update(1, articleBody="What really happened.")
    url = web.serve(
        "/live",
        Reply(body=live_page([update(2), update(1)])),
        Reply(body=live_page([update(3), update(2), edited])),
        Reply(body=live_page([update(3), update(2), edited], title="The day, live and later")),
    )
    blog = source(url, SourceKind.LIVEBLOG)
    first = await read(blog)
    second = await read(blog, after(first))
    assert [(each.key[-1], each.text) for each in second.items] == [
        ("1", "What really happened."),
        ("3", "What happened at 3."),
    ]
    third = await read(blog, after(second))
    assert (third.items, third.outcome) == ((), FetchOutcome.UNCHANGED)


async def test_an_entry_that_drops_off_the_page_is_not_forgotten(web: LocalServer) -> None:
    """Long live blogs show their last entries only."""
    url = web.serve(
        "/live",
        Reply(body=live_page([update(2), update(1)])),
        Reply(body=live_page([update(2)])),
        Reply(body=live_page([update(2), update(1)])),
    )
    blog = source(url, SourceKind.LIVEBLOG)
    state = after(await read(blog))
    state = after(await read(blog, state))
    assert (await read(blog, state)).items == ()


@pytest.mark.parametrize("shape", ["graph", "array", "nested", "single", "typed", "referenced"])
def test_markup_in_all_its_shapes(shape: str) -> None:
    """@graph, arrays, below a page, one update instead of a list, several types, updates by reference."""
    posting = {"@type": "LiveBlogPosting", "headline": "Live", "liveBlogUpdate": [update(1)]}
    shapes = {
        "graph": {"@context": "https://schema.org", "@graph": [{"@type": "WebPage"}, posting]},
        "array": [{"@type": "Organization"}, posting],
        "nested": {"@type": "WebPage", "mainEntity": {"hasPart": [posting]}},
        "single": posting | {"liveBlogUpdate": update(1)},
        "typed": posting | {"@type": ["NewsArticle", "http://schema.org/LiveBlogPosting"]},
        "referenced": {"@graph": [posting | {"liveBlogUpdate": [{"@id": update(1)["@id"]}]}, update(1)]},
    }
    blog = read_liveblog(page(head=linked_data(shapes[shape])), "", URL)
    assert [(each.title, each.text) for each in blog.entries] == [("Entry 1", "What happened at 1.")]


def test_updates_without_a_name_are_known_by_heading_and_time() -> None:
    """And those that all bear the page's own address as well; an edited text keeps its key."""
    nameless = {"headline": "H", "datePublished": "2025-09-03T10:00:00Z", "articleBody": "a"}
    blog = read_liveblog(
        live_page(
            [nameless, nameless | {"datePublished": "2025-09-03T11:00:00Z"}, nameless | {"headline": "I", "url": URL}]
        ),
        "",
        URL,
    )
    assert len({each.key for each in blog.entries}) == 3
    edited = read_liveblog(live_page([nameless | {"articleBody": "b"}]), "", URL)
    assert edited.entries[0].key == blog.entries[0].key


def test_updates_that_say_nothing_are_counted() -> None:
    """Numbers, empty objects and unresolved references in the list of updates."""
    blog = read_liveblog(live_page([update(1), 5, {}, {"@id": "x"}]), "", URL)
    assert (len(blog.entries), blog.skipped) == (1, 3)


def test_broken_markup_beside_good() -> None:
    """A script that is no JSON hides no other."""
    broken = '<script type="application/ld+json">{"@type": "LiveBlogPosting", </script>'
    deep = f'<script type="application/ld+json">{"[" * 50_000}</script>'
    good = linked_data({"@type": "LiveBlogPosting", "liveBlogUpdate": [update(1)]})
    assert len(read_liveblog(page(head=broken + deep + good), "", URL).entries) == 1


def test_headings_divide_a_page_without_markup() -> None:
    """Text up to the next heading; times where the page has them, null where not."""
    body = (
        "<html><body><nav><h2>Menu</h2></nav><main><h1>The day, live</h1><time datetime=2025-09-03>today</time>"
        "<h2>Second thing</h2><time datetime='2025-09-03T11:00:00+08:00'>11:00</time><p>It was.</p><p>Then not.</p>"
        "<h2>First thing</h2><time datetime='2025-09-03T10:00:00+08:00'>10:00</time><div>Before that.</div>"
        "<h2>A flash</h2><h2>Related stories</h2></main><aside><h2>More</h2><p>No.</p></aside></body></html>"
    )
    blog = read_liveblog(body.encode(), "text/html; charset=utf-8", URL)
    assert blog.title == "The day, live"
    assert [(each.title, each.text, each.published_raw) for each in blog.entries] == [
        ("Second thing", "It was.\n\nThen not.", "2025-09-03T11:00:00+08:00"),
        ("First thing", "Before that.", "2025-09-03T10:00:00+08:00"),
        ("A flash", "", None),
    ]


def test_times_above_their_headings() -> None:
    """Some live blogs put the time first; it does not slip to the entry before."""
    entries = "".join(
        f"<div><time datetime='2025-09-03T1{n}:00:00Z'>1{n}:00</time><h3>Thing {n}</h3><p>Text {n}.</p></div>"
        for n in (3, 2, 1)
    )
    blog = read_liveblog(f"<html><body><article><h1>Live</h1>{entries}</article></body></html>".encode(), "", URL)
    assert [each.published_raw for each in blog.entries] == [f"2025-09-03T1{n}:00:00Z" for n in (3, 2, 1)]


@pytest.mark.parametrize("posting", [{}, {"liveBlogUpdate": []}, {"liveBlogUpdate": None}])
async def test_a_blog_that_has_not_begun_is_read_and_its_first_entry_is_news(
    web: LocalServer, posting: dict[str, object]
) -> None:
    """Markup without updates is an empty success; what comes then is found."""
    empty = page("The day, live", head=linked_data({"@type": "LiveBlogPosting", "headline": "The day, live"} | posting))
    url = web.serve("/live", Reply(body=empty), Reply(body=live_page([update(1)])))
    blog = source(url, SourceKind.LIVEBLOG)
    before = await read(blog)
    assert (before.items, before.outcome, before.skipped) == ((), FetchOutcome.UNCHANGED, 0)
    (first,) = (await read(blog, after(before))).items
    assert first.title == "Entry 1"


def test_entries_that_stand_beside_empty_markup_are_found() -> None:
    """Some pages mark the blog and not its entries: their headings divide them."""
    posting = linked_data({"@type": "LiveBlogPosting"})
    body = f"<html><head>{posting}</head><body><main><h2>A thing</h2><p>It was.</p></main></body></html>"
    assert [each.title for each in read_liveblog(body.encode(), "", URL).entries] == ["A thing"]


def test_updates_of_which_none_can_be_read_are_an_error() -> None:
    """A blog that has begun and can't be read is no blog that has not begun."""
    with pytest.raises(FetchError) as caught:
        read_liveblog(live_page([5, {}]), "", URL)
    assert caught.value.outcome == FetchOutcome.PARSE_ERROR


async def test_a_page_without_entries_is_an_error(web: LocalServer) -> None:
    """And says what else the page might be."""
    body = b"<html><body><main><p>Nothing here is headed, and nothing is marked up.</p></main></body></html>"
    with pytest.raises(FetchError, match="kind: page") as caught:
        await read(source(web.serve("/live", Reply(body=body)), SourceKind.LIVEBLOG))
    assert caught.value.outcome == FetchOutcome.PARSE_ERROR
