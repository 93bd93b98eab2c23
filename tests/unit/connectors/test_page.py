"""Article pages from poll to poll, served by a real server."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from connectors.base import FetchOutcome
from connectors.extract import extract_page
from connectors.items import DAY_ONLY
from monitor.errors import FetchError
from monitor.types import SourceKind
from tests.support.feeds import STORY, linked_data, page
from tests.support.httpserver import LocalServer, Reply
from tests.support.sources import after, read, source


async def test_a_page_is_one_item(web: LocalServer) -> None:
    """Title, text, author and dates, and nothing of what stands around them."""
    markup = linked_data(
        {
            "@graph": [
                {"@type": "WebSite", "name": "The Wire"},
                {
                    "@type": ["NewsArticle"],
                    "headline": "Leaders meet",
                    "author": [{"@type": "Person", "name": "A. Writer"}, {"name": "B. Writer"}],
                    "datePublished": "2025-08-28T07:00:00+02:00",
                    "dateModified": "2025-08-28T07:30:00+02:00",
                },
            ]
        }
    )
    url = web.serve("/a", Reply(body=page(head=markup)))
    (found,) = (await read(source(url, SourceKind.PAGE))).items
    assert (found.key, found.url, found.title) == (url, url, "Leaders meet")
    assert found.text == "\n\n".join(STORY)
    assert (found.author, found.language) == ("A. Writer, B. Writer", "en")
    assert found.published == datetime(2025, 8, 28, 5, tzinfo=UTC)
    assert found.updated == datetime(2025, 8, 28, 5, 30, tzinfo=UTC)
    for furniture in ("Crypto", "Home", "Sign up", "First!", "Leave a reply", "All rights"):
        assert furniture not in found.text


async def test_what_changes_around_the_text_is_no_new_version(web: LocalServer) -> None:
    """Thirty rotations of a related story are thirty times nothing."""
    url = web.serve("/a", *(Reply(body=page(around=str(number))) for number in range(30)))
    state = after(await read(source(url, SourceKind.PAGE)))
    for _ in range(29):
        result = await read(source(url, SourceKind.PAGE), state)
        assert (result.items, result.outcome) == ((), FetchOutcome.UNCHANGED)
        state = after(result)


async def test_an_edit_is_a_new_version_of_the_same_item(web: LocalServer) -> None:
    """Same key, another content."""
    edited = ("They did not meet after all, officials of both sides said on Wednesday in a correction.", *STORY[1:])
    url = web.serve("/a", Reply(body=page()), Reply(body=page(story=edited)))
    first = await read(source(url, SourceKind.PAGE))
    second = await read(source(url, SourceKind.PAGE), after(first))
    assert second.outcome == FetchOutcome.CHANGED
    assert second.items[0].key == first.items[0].key
    assert second.items[0].content_hash != first.items[0].content_hash


async def test_an_unmodified_page_is_not_read(web: LocalServer) -> None:
    """By 304."""
    url = web.serve("/a", Reply(body=page(), etag='"1"'))
    result = await read(source(url, SourceKind.PAGE), after(await read(source(url, SourceKind.PAGE))))
    assert result.outcome == FetchOutcome.NOT_MODIFIED


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        (b"<html><body><nav>Home</nav></body></html>", FetchOutcome.PARSE_ERROR),
        (b"", FetchOutcome.PARSE_ERROR),
        (b"<html><head><title>Just a moment...</title></head><body>x</body></html>", FetchOutcome.BLOCKED),
    ],
)
async def test_a_page_without_an_article_is_an_error(web: LocalServer, body: bytes, outcome: FetchOutcome) -> None:
    """Neither an empty item nor a success."""
    with pytest.raises(FetchError) as caught:
        await read(source(web.serve("/a", Reply(body=body)), SourceKind.PAGE))
    assert caught.value.outcome == outcome


async def test_a_day_is_read_in_the_sources_zone_and_flagged(web: LocalServer) -> None:
    """A page that names no time is not published at some time of its own."""
    body = page(head='<meta name="date" content="2025-08-28">')
    url = web.serve("/a", Reply(body=body))
    (unknown,) = (await read(source(url, SourceKind.PAGE))).items
    assert (unknown.published, unknown.published_raw) == (None, "2025-08-28")
    (found,) = (await read(source(url, SourceKind.PAGE, time_zone="Asia/Seoul"))).items
    assert (found.published, found.flags) == (datetime(2025, 8, 27, 15, tzinfo=UTC), (DAY_ONLY,))


@pytest.mark.parametrize(
    ("charset", "header"), [("euc-kr", "text/html; charset=euc-kr"), ("euc-kr", "text/html"), ("utf-8", "text/html")]
)
def test_encodings_by_header_and_by_declaration(charset: str, header: str) -> None:
    """Korean pages are not all in UTF-8."""
    body = page(title="김정은 방중").decode().replace("charset=utf-8", f"charset={charset}").encode(charset, "replace")
    assert extract_page(body, header, "https://a.example/").title == "김정은 방중"


def test_broken_linked_data_does_no_harm() -> None:
    """The page is read without it."""
    body = page(head='<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": </script>')
    found = extract_page(body, "", "https://a.example/")
    assert (found.title, found.text) == ("Leaders meet", "\n\n".join(STORY))


def test_placeholders_are_no_dates() -> None:
    """The first date that can be one is taken."""
    markup = linked_data({"@type": "NewsArticle", "datePublished": "0001-01-01T00:00:00Z"})
    body = page(head=markup + '<meta property="article:published_time" content="2025-08-28T05:00:00Z">')
    assert extract_page(body, "", "https://a.example/").published_raw == "2025-08-28T05:00:00Z"
