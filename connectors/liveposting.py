"""Live blogs as web pages: schema.org's LiveBlogPosting, or headings with what stands below them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from lxml import html

from connectors.base import FetchOutcome
from connectors.entries import Blog, BlogEntry, entry_key, is_time_of_day, told_apart
from connectors.furniture import is_boilerplate
from connectors.jsonld import LinkedData, Thing, address, as_list, linked_data, names, text_value
from connectors.markup import page_tree
from connectors.parsed import web_link
from connectors.text import MAX_TEXT, line_of, looks_like_html, one_line, text_of
from monitor.errors import FetchError

POSTING = "LiveBlogPosting"
MOST_ENTRIES = 2000
_HEADINGS = ("h2", "h3", "h4")
_FURNITURE = ("nav", "aside", "footer", "form", "script", "style", "noscript", "template", "button", "dialog")
_PARTS = ("time", "div", "section", "article", "ul", "ol")
_TEXT = ("p", "li", "blockquote", "pre")


def read_liveblog(body: bytes, content_type: str, url: str) -> Blog:
    """The live blog in the bytes of a page; without entries where markup says that it has not begun.

    Raises FetchError(parse_error) when nothing on the page is a live blog, or nothing of it can be read.
    """
    tree = page_tree(body, content_type, url)
    data = linked_data(tree)
    blog = from_linked_data(data, url) or from_headings(tree, url)
    if not blog.entries and (blog.skipped or not any(data.of_type(POSTING))):
        raise FetchError(
            FetchOutcome.PARSE_ERROR,
            f"{url}: neither LiveBlogPosting markup nor headed entries were found; for an article use kind: page",
        )
    return blog


def from_linked_data(data: LinkedData, url: str) -> Blog | None:
    """The blog that the page's markup describes; None where it describes none with entries."""
    postings = [thing for thing in data.of_type(POSTING) if as_list(thing.get("liveBlogUpdate"))]
    if not postings:
        return None
    updates = [each for posting in postings for each in as_list(posting.get("liveBlogUpdate"))][:MOST_ENTRIES]
    by_id = {address(thing): thing for thing in data.things if "@id" in thing and len(thing) > 1}
    entries = [entry for each in updates if (entry := _update(each, by_id, url)) is not None]
    first = postings[0]
    return Blog(
        title=line_of(text_value(first.get("headline")) or text_value(first.get("name")), html=True),
        lead=text_of(text_value(first.get("description")), html=True),
        published_raw=text_value(first.get("datePublished")) or None,
        updated_raw=text_value(first.get("dateModified")) or None,
        entries=told_apart(entries),
        skipped=len(updates) - len(entries),
    )


def from_headings(tree: html.HtmlElement, url: str) -> Blog:
    """The blog as its headings divide it, by the level of heading that most text stands below."""
    for element in list(tree.iter(*_FURNITURE)):
        element.drop_tree()
    blocks = list(_blocks(_main_part(tree)))
    levels = [block.tag for block in blocks if block.tag in _HEADINGS]
    title = next((one_line(each.text_content()) for each in tree.iter("h1")), "")
    if not levels:
        return Blog(title=title)
    level = max(_HEADINGS, key=lambda tag: (_with_text_below(blocks, tag), levels.count(tag)))
    return Blog(title=title, entries=told_apart(list(_headed(blocks, level, url))))


def _update(value: object, by_id: Mapping[str, Thing], url: str) -> BlogEntry | None:
    """One liveBlogUpdate; None for what says nothing or is no object."""
    if not isinstance(value, Mapping):
        return None
    thing = {**by_id.get(address(value), {}), **value}
    body = text_value(thing.get("articleBody")) or text_value(thing.get("text")) or text_value(thing.get("description"))
    text = text_of(body, html=looks_like_html(body))
    title = line_of(text_value(thing.get("headline")) or text_value(thing.get("name")), html=True)
    if not (title or text):
        return None
    published = one_line(text_value(thing.get("datePublished"))) or None
    link = web_link(text_value(thing.get("url")) or address(thing), url)
    name = text_value(thing.get("@id")) or text_value(thing.get("url"))
    own_name = web_link(name, url) not in (None, url) or (bool(name) and web_link(name, url) is None)
    return BlogEntry(
        key=one_line(name) if own_name else entry_key(title, published, text),
        title=title,
        text=text,
        url=link,
        author=one_line(names(thing.get("author"))) or None,
        published_raw=published,
        updated_raw=one_line(text_value(thing.get("dateModified"))) or None,
    )


@dataclass(frozen=True, slots=True)
class _Block:
    """One piece of a page: a heading, a paragraph ("p") or a time."""

    tag: str
    text: str


def _main_part(tree: html.HtmlElement) -> html.HtmlElement:
    """Where a page keeps what it is about."""
    for tag in ("main", "article"):
        found = list(tree.iter(tag))
        if len(found) == 1:
            return found[0]
    bodies = list(tree.iter("body"))
    return bodies[0] if bodies else tree


def _blocks(root: html.HtmlElement) -> Iterator[_Block]:
    """Headings, paragraphs and times in document order, without recursion."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if not isinstance(element.tag, str):
            continue
        tag = element.tag.lower()
        if tag in _HEADINGS:
            yield from _heading_blocks(element, tag)
        elif tag == "time":
            yield _Block("time", element.get("datetime") or one_line(element.text_content()))
        elif tag in _TEXT or not any(each is not element for each in element.iter(*_HEADINGS, *_TEXT, *_PARTS)):
            text = one_line(element.text_content(), MAX_TEXT)
            if text:
                yield _Block("time" if is_time_of_day(text) else "p", text)
        else:
            waiting.extend(reversed(element))


def _heading_blocks(element: html.HtmlElement, tag: str) -> Iterator[_Block]:
    """A heading, after the time that stands in it, if one does."""
    times = list(element.iter("time"))
    if times:
        yield _Block("time", times[0].get("datetime") or one_line(times[0].text_content()))
        times[0].drop_tree()
    yield _Block(tag, one_line(element.text_content()))


def _with_text_below(blocks: Sequence[_Block], level: str) -> int:
    """How many headings of a level have a paragraph below them."""
    return sum(
        any(block.tag == "p" for block in blocks[start + 1 : end]) for start, end in pairwise(_starts(blocks, level))
    )


def _starts(blocks: Sequence[_Block], level: str) -> list[int]:
    """Where the entries start, and where the last one ends: at the first higher heading below it, or at the end."""
    starts = [number for number, block in enumerate(blocks) if block.tag == level]
    if not starts:
        return []
    higher = (n for n in range(starts[-1] + 1, len(blocks)) if blocks[n].tag in _HEADINGS and blocks[n].tag < level)
    return [*starts, next(higher, len(blocks))]


def _headed(blocks: Sequence[_Block], level: str, url: str) -> Iterator[BlogEntry]:
    """An entry for each heading of the level."""
    edges = _starts(blocks, level)
    above = _times_stand_above(blocks, edges)
    for start, end in pairwise(edges):
        title = blocks[start].text
        if above:
            before = blocks[start - 1] if start else None
            when = before.text if before and before.tag == "time" else None
        else:
            when = next((block.text for block in blocks[start:end] if block.tag == "time"), None)
        text = "\n\n".join(block.text for block in blocks[start + 1 : end] if block.tag != "time")
        if title and (text or not is_boilerplate(title)):
            yield BlogEntry(key=entry_key(title, when, text), title=title, text=text, url=url, published_raw=when)


def _times_stand_above(blocks: Sequence[_Block], edges: Sequence[int]) -> bool:
    """Whether the page puts an entry's time above its heading rather than below it.

    The first heading does not count: above it the page's own time may stand.
    """
    above = sum(blocks[start - 1].tag == "time" for start in edges[1:-1])
    below = sum(any(block.tag == "time" for block in blocks[a + 1 : b - 1]) for a, b in pairwise(edges))
    return above > below
