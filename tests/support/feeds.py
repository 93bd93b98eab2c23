"""Feeds and pages for tests, written by them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any


def rss(*items: Mapping[str, str]) -> bytes:
    """An RSS 2.0 feed; items are given by their elements."""
    made = "".join(
        "<item>" + "".join(f"<{name}>{escape(value)}</{name}>" for name, value in item.items()) + "</item>"
        for item in items
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Wire</title>{made}</channel></rss>'.encode()


def item(number: int, **changes: str) -> dict[str, str]:
    """An item with a guid, a link, a title, a text and a date of its own."""
    return {
        "guid": f"guid-{number}",
        "link": f"https://wire.example/{number}",
        "title": f"Headline {number}",
        "description": f"Text of {number}.",
        "pubDate": f"Thu, 28 Aug 2025 05:{number % 60:02d}:00 GMT",
    } | changes


STORY = (
    "The two leaders met in the capital on Tuesday for talks about trade and the border, officials of both sides said.",
    "A joint statement is to follow on Wednesday, according to the foreign ministry, which gave no further details.",
    "It was the first such meeting in six years, and neither side had announced it in advance to the public.",
    "Observers had expected it to be held later this month, when both are to attend a summit in the south.",
)


def page(title: str = "Leaders meet", story: Sequence[str] = STORY, *, around: str = "", head: str = "") -> bytes:
    """An article's page with the furniture that such pages have; `around` is a piece that changes."""
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in story)
    return (
        f"<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>{escape(title)} | The Wire</title>"
        f'<meta property="og:title" content="{escape(title)}">{head}</head><body>'
        "<nav><ul><li><a href=/>Home</a><li><a href=/world>World</a></ul></nav>"
        f"<main><article><h1>{escape(title)}</h1>{paragraphs}</article></main>"
        f"<aside><h3>You might also like</h3><ul><li><a href=/x>Crypto lagged gold in 2025 {around}</a></ul></aside>"
        "<section class=newsletter><h3>Newsletter</h3><p>Sign up and get the day's news in your inbox.</p></section>"
        "<section id=comments class=comments><h3>Comments</h3><div class=comment><p>First! What a strange story, says"
        " somebody who has read only the headline of it.</p></div>"
        "<form><textarea></textarea><label>Leave a reply</label></form></section>"
        "<footer>© The Wire. All rights reserved.</footer></body></html>"
    ).encode()


def linked_data(value: Any) -> str:
    """A JSON-LD script."""
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


def update(number: int, **changes: Any) -> dict[str, Any]:
    """One liveBlogUpdate with a name of its own."""
    return {
        "@type": "BlogPosting",
        "@id": f"https://wire.example/live#{number}",
        "headline": f"Entry {number}",
        "articleBody": f"What happened at {number}.",
        "datePublished": f"2025-09-03T10:{number:02d}:00+02:00",
    } | changes


def live_page(updates: Sequence[Any], *, title: str = "The day, live") -> bytes:
    """A live blog's page with LiveBlogPosting markup."""
    posting = {
        "@context": "https://schema.org",
        "@type": "LiveBlogPosting",
        "headline": title,
        "liveBlogUpdate": updates,
    }
    return page(title, head=linked_data(posting))
