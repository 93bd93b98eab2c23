"""Writes the stream's items as web pages, with the furniture that such pages have."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from html import escape
from importlib import resources
from string import Template

from monitor.demo.feeds import body_html, local_address
from monitor.demo.sources import Outlet
from monitor.demo.stream import DemoItem
from monitor.types import Tier


def write_article(outlet: Outlet, item: DemoItem, base_url: str) -> bytes:
    """The page of one article: an outlet's, or an aggregator's with far more around the text than in it."""
    template = _template("aggregator.html" if outlet.tier is Tier.AGGREGATOR else "article.html")
    markup = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": item.title,
        "datePublished": item.published_raw,
        "author": {"@type": "Person", "name": item.author} if item.author else None,
    }
    return template.substitute(
        language=item.language,
        outlet=escape(outlet.name),
        title=escape(item.title),
        author=escape(item.author or outlet.name),
        published=escape(item.published_raw),
        date=_day(item.published),
        body=body_html(item),
        address=escape(local_address(base_url, item.url)),
        markup=_script(markup),
    ).encode()


def write_liveblog(outlet: Outlet, items: Sequence[DemoItem], base_url: str) -> bytes:
    """The live page, newest entry first, with schema.org's LiveBlogPosting beside the visible text."""
    shown = tuple(reversed(items))
    title = "Moscow parade: live"
    page = base_url + outlet.path
    markup = {
        "@context": "https://schema.org",
        "@type": "LiveBlogPosting",
        "@id": page,
        "headline": title,
        "coverageStartTime": "2026-05-09T09:00:00+03:00",
        "liveBlogUpdate": [
            {
                "@type": "BlogPosting",
                "@id": local_address(base_url, item.url),
                "url": local_address(base_url, item.url),
                "headline": item.title,
                "articleBody": item.text,
                "datePublished": item.published_raw,
            }
            for item in shown
        ],
    }
    entries = "".join(
        f'<section id="{escape(item.url.partition("#")[2])}"><h2>{escape(item.title)}</h2>'
        f'<time datetime="{item.published_raw}">{item.published:%H:%M}</time>{body_html(item)}</section>\n'
        for item in shown
    )
    return (
        _template("live.html")
        .substitute(
            language=outlet.language,
            outlet=escape(outlet.name),
            title=title,
            entries=entries,
            markup=_script(markup),
        )
        .encode()
    )


@cache
def _template(name: str) -> Template:
    return Template(resources.files(__package__).joinpath("templates", name).read_text(encoding="utf-8"))


def _script(markup: object) -> str:
    """JSON that can stand within a script element."""
    return json.dumps(markup, ensure_ascii=False).replace("</", "<\\/")


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y, %H:%M}"
