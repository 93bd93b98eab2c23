"""Writes the stream's items as the feeds that outlets publish: RSS 1.0 and 2.0, Atom, JSON Feed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from email.utils import format_datetime
from html import escape

from monitor.demo.sources import Outlet, Shape
from monitor.demo.stream import DemoItem

KEPT = 20  # items that a feed shows
NOTICE = "Recorded and fictional: the demo of Watchdesk"


def local_address(base_url: str, url: str) -> str:
    """Where the demo's server has what is recorded at `url`: the host becomes the first part of the path."""
    return f"{base_url}/{url.removeprefix('https://')}"


def write_feed(outlet: Outlet, items: Sequence[DemoItem], base_url: str) -> bytes:
    """The feed of `outlet` with its newest `items`, newest first."""
    shown = tuple(sorted(items, key=lambda item: item.published, reverse=True))[:KEPT]
    if outlet.shape is Shape.JSON:
        return _json_feed(outlet, shown, base_url)
    if outlet.shape is Shape.RDF:
        return _rdf(outlet, shown, base_url).encode()
    if outlet.shape in (Shape.ATOM, Shape.ATOM_TEASER):
        return _atom(outlet, shown, base_url).encode()
    encoding = "windows-1251" if outlet.shape is Shape.RSS_1251 else "utf-8"
    return _rss(outlet, shown, base_url, encoding).encode(encoding, "xmlcharrefreplace")


def media_type(shape: Shape) -> str:
    """What the server calls a feed of this shape."""
    if shape is Shape.JSON:
        return "application/feed+json"
    if shape in (Shape.ATOM, Shape.ATOM_TEASER):
        return "application/atom+xml"
    return "application/xml" if shape is Shape.RDF else "application/rss+xml"


def body_html(item: DemoItem) -> str:
    """The item's text as HTML paragraphs."""
    return "".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in item.paragraphs)


def teaser(item: DemoItem) -> str:
    """What a feed says of an item whose text stands on its page: the first sentence; all of a correction."""
    if not item.paragraphs:
        return ""
    if item.updates:
        return item.paragraphs[-1]
    first, stop, _ = item.paragraphs[0].partition(". ")
    return first + stop.rstrip()


def _description(outlet: Outlet, item: DemoItem) -> str:
    return escape(teaser(item) if outlet.fetches_articles else body_html(item))


def _rss(outlet: Outlet, items: Sequence[DemoItem], base_url: str, encoding: str) -> str:
    entries = "".join(
        f"<item><title>{escape(item.title)}</title><link>{escape(local_address(base_url, item.url))}</link>"
        f'<guid isPermaLink="false">{escape(item.url)}</guid><pubDate>{format_datetime(item.published)}</pubDate>'
        f"<description>{_description(outlet, item)}</description></item>\n"
        for item in items
    )
    return (
        f'<?xml version="1.0" encoding="{encoding}"?>\n<rss version="2.0"><channel>'
        f"<title>{escape(outlet.name)}</title><link>{escape(base_url)}</link><description>{NOTICE}</description>"
        f"<language>{outlet.language}</language>\n{entries}</channel></rss>\n"
    )


def _rdf(outlet: Outlet, items: Sequence[DemoItem], base_url: str) -> str:
    places = [escape(local_address(base_url, item.url)) for item in items]
    entries = "".join(
        f'<item rdf:about="{place}"><title>{escape(item.title)}</title><link>{place}</link>'
        f"<dc:date>{item.published_raw}</dc:date><description>{_description(outlet, item)}</description></item>\n"
        for place, item in zip(places, items, strict=True)
    )
    listed = "".join(f'<rdf:li rdf:resource="{place}"/>' for place in places)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<rdf:RDF xmlns="http://purl.org/rss/1.0/"'
        ' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
        f'<channel rdf:about="{base_url}{outlet.path}"><title>{escape(outlet.name)}</title><link>{base_url}</link>'
        f"<description>{NOTICE}</description><items><rdf:Seq>{listed}</rdf:Seq></items></channel>\n{entries}</rdf:RDF>\n"
    )


def _atom(outlet: Outlet, items: Sequence[DemoItem], base_url: str) -> str:
    tag = "summary" if outlet.fetches_articles else "content"
    entries = "".join(
        f"<entry><id>{escape(item.url)}</id><title>{escape(item.title)}</title>"
        f'<link rel="alternate" href="{escape(local_address(base_url, item.url))}"/>'
        f"<published>{item.published_raw}</published><updated>{item.published_raw}</updated>"
        f'<{tag} type="html">{_description(outlet, item)}</{tag}></entry>\n'
        for item in items
    )
    updated = items[0].published_raw if items else "2026-04-01T00:00:00Z"
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"'
        f' xml:lang="{outlet.language}"><id>{base_url}{outlet.path}</id><title>{escape(outlet.name)}</title>'
        f"<subtitle>{NOTICE}</subtitle><updated>{updated}</updated>"
        f"<author><name>{escape(outlet.name)}</name></author>\n{entries}</feed>\n"
    )


def _json_feed(outlet: Outlet, items: Sequence[DemoItem], base_url: str) -> bytes:
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.name,
        "description": NOTICE,
        "home_page_url": base_url,
        "feed_url": base_url + outlet.path,
        "language": outlet.language,
        "items": [
            {
                "id": item.url,
                "url": local_address(base_url, item.url),
                "title": item.title,
                "content_html": body_html(item),
                "date_published": item.published_raw,
                "authors": [{"name": item.author}] if item.author else [],
            }
            for item in items
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()
