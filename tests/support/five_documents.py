"""The five documents of the issue, and the same as web pages: their text in plain HTML of our own."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

SEEDS = Path(__file__).resolve().parents[3] / "shared" / "eval" / "seeds"
STORIES = ("dw-announcement.txt", "jekyll-post.md", "ap-story.txt", "aggregator-page.txt")
LIVEBLOG = "dw-liveblog.txt"

DW_TITLE = "China says Putin, Kim Jong Un to attend military parade"
AP_TITLE = "North Korea's Kim Jong Un To Attend Beijing Military Parade, Putin Among 26 Leaders Invited"
AGGREGATOR_TITLE = "Kim Jong-un and Putin to attend Chinese military parade in Beijing next week"
BLOG_TITLE = "China's Xi hosts Putin, Kim at Beijing military parade"


def read(name: str) -> str:
    """One of the documents."""
    return (SEEDS / name).read_text(encoding="utf-8")


def dw_page() -> str:
    """The broadcaster's article with its menus and its captions."""
    captions = ("In this photo provided", "The event offers Vladimir Putin")
    return _page(
        read("dw-announcement.txt"),
        title=DW_TITLE,
        first="A military parade in Beijing",
        last="The Kremlin on Wednesday",
        captions=captions,
        published="2025-08-28T07:30:00+02:00",
    )


def ap_page() -> str:
    """The agency story as a newspaper carries it."""
    return _page(
        read("ap-story.txt"),
        title=AP_TITLE,
        first="No leaders from the US or major",
        last="In 2023, about 97%",
        captions=("North Korean leader Kim Jong Un speaks",),
        published="2025-08-28T08:17:00+05:30",
    )


def aggregator_page() -> str:
    """The aggregator's page, with all its other headlines."""
    return _page(
        read("aggregator-page.txt"),
        title=AGGREGATOR_TITLE,
        first="North Korean leader Kim Jong-un will make",
        last="In 2023, about 97%",
        captions=(),
        published="2025-08-28T05:27:00+02:00",
    )


def feed(base_url: str) -> str:
    """An RSS feed of the newspaper's and the blog's posts: one teaser with a page, one post in full."""
    head, _, post = read("jekyll-post.md").partition("---\n\n")
    fields = dict(line.partition(": ")[::2] for line in head.splitlines() if ": " in line)
    paragraphs = "".join(f"<p>{escape(line.strip())}</p>" for line in post.splitlines() if line.strip())
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>World</title>'
        f"<item><title>{escape(AP_TITLE)}</title><link>{base_url}/ap.html</link><guid>{base_url}/ap.html</guid>"
        "<pubDate>Thu, 28 Aug 2025 08:17:00 +0530</pubDate>"
        "<description>No leaders from the US or major Western European countries are expected.</description></item>"
        f"<item><title>{escape(json.loads(fields['title']))}</title><guid isPermaLink='false'>jekyll-1</guid>"
        f"<pubDate>Thu, 28 Aug 2025 05:02:43 +0000</pubDate><description>{escape(paragraphs)}</description></item>"
        "</channel></rss>"
    )


def liveblog_page(*, markup: bool) -> str:
    """The live blog, newest entry first: with schema.org's markup, or with headings only."""
    entries = blog_entries()
    visible = "".join(
        f"<h2>{escape(heading)}</h2>" + "".join(f"<p>{escape(line)}</p>" for line in lines)
        for heading, lines in entries
    )
    updates = [
        {"@type": "BlogPosting", "headline": heading, "articleBody": "\n\n".join(lines), "datePublished": "2025-09-03"}
        for heading, lines in entries
    ]
    blog = {
        "@context": "https://schema.org",
        "@type": "LiveBlogPosting",
        "headline": BLOG_TITLE,
        "datePublished": "2025-09-03",
        "liveBlogUpdate": updates,
    }
    script = f'<script type="application/ld+json">{json.dumps(blog)}</script>' if markup else ""
    return (
        f"<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>{escape(BLOG_TITLE)}</title>{script}</head>"
        f"<body><nav><a href=/>Home</a></nav><main><article><h1>{escape(BLOG_TITLE)}</h1>"
        f"<time datetime=2025-09-03>September 3, 2025</time>{visible}</article></main></body></html>"
    )


def blog_entries() -> list[tuple[str, list[str]]]:
    """The live blog's entries, newest first: a heading is a line that no full stop, quote or colon ends."""
    lines = read(LIVEBLOG).split("Wednesday, September 3:\n", 1)[1].splitlines()
    entries: list[tuple[str, list[str]]] = []
    for line in filter(None, lines):
        if line.endswith((".", '"', ":")):
            entries[-1][1].append(line)
        else:
            entries.append((line, []))
    return entries


def _page(text: str, *, title: str, first: str, last: str, captions: Sequence[str], published: str) -> str:
    """An article: the lines from `first` to `last`, and all that stands before and after as menus and boxes."""
    lines = [line.strip("• ") for line in text.splitlines() if line.strip("• ")]
    start = next(place for place, line in enumerate(lines) if line.startswith(first))
    end = next(place for place, line in enumerate(lines) if line.startswith(last)) + 1
    body = "".join(_block(line, captions) for line in lines[start:end])
    return (
        f"<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>{escape(title)}</title>"
        f'<meta property="og:title" content="{escape(title)}">'
        f'<meta property="article:published_time" content="{published}"></head><body>'
        f"<nav><ul>{_links(line for line in lines[:start] if line != title)}</ul></nav>"
        f"<main><article><h1>{escape(title)}</h1>{body}</article></main>"
        f'<aside class="related"><h3>More</h3><ul>{_links(lines[end:])}</ul></aside></body></html>'
    )


def _block(line: str, captions: Sequence[str]) -> str:
    if line.startswith(tuple(captions)):
        return f"<figure><img src=/photo.jpg alt=''><figcaption>{escape(line)}</figcaption></figure>"
    tag = "p" if line.endswith((".", '"', "”")) else "h2"
    return f"<{tag}>{escape(line)}</{tag}>"


def _links(lines: Iterable[str]) -> str:
    return "".join(f"<li><a href=/x>{escape(line)}</a></li>" for line in lines)
