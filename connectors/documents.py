"""Files to items: Markdown posts, plain text, web pages; live blogs as text or pages."""

from __future__ import annotations

from pathlib import PurePosixPath

from connectors.dump import read_dump
from connectors.entries import found_in, split_text
from connectors.extract import article_of
from connectors.frontmatter import read_post
from connectors.items import Found
from connectors.liveposting import read_liveblog
from connectors.markup import is_html
from connectors.parsed import web_link
from connectors.text import clean
from monitor.types import ItemKind

MARKDOWN = frozenset((".md", ".markdown"))
PLAIN = frozenset((".txt", ".text"))
PAGES = frozenset((".html", ".htm", ".xhtml"))
SUFFIXES = MARKDOWN | PLAIN | PAGES


def read_document(body: bytes, name: str, kind: ItemKind) -> list[Found]:
    """The items of one file, oldest first; `name` is its path within the archive, with slashes.

    Raises FetchError for a page that can't be read, BadFrontMatter for a post's.
    """
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in PAGES or (suffix in PLAIN and is_html(body)):
        return _page(body, name, kind)
    text = decoded(body)
    if suffix in MARKDOWN:
        return _post(text, name)
    if kind is ItemKind.LIVEBLOG_ENTRY:
        return found_in(split_text(clean(text)), url=None, prefix=f"{name}#")
    document = read_dump(text)
    if not (document.title or document.text):
        return []
    return [
        Found(
            key=name,
            url=None,
            title=document.title,
            text=document.text,
            author=document.author,
            published_raw=document.published_raw,
            updated_raw=document.updated_raw,
        )
    ]


def decoded(body: bytes) -> str:
    """Text of a file: UTF-8, UTF-16 with its byte order mark, else cp1252."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", "replace")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def _page(body: bytes, name: str, kind: ItemKind) -> list[Found]:
    if kind is ItemKind.LIVEBLOG_ENTRY:
        return found_in(read_liveblog(body, "", name), url=None, prefix=f"{name}#")
    page = article_of(body, "", name)
    return [
        Found(
            key=name,
            url=None,
            title=page.title,
            text=page.text,
            author=page.author,
            language=page.language,
            published_raw=page.published_raw,
            updated_raw=page.updated_raw,
        )
    ]


def _post(text: str, name: str) -> list[Found]:
    post = read_post(text, PurePosixPath(name).name)
    if post.withheld or not (post.title or post.text):
        return []
    return [
        Found(
            key=name,
            url=web_link(post.link, ""),
            title=post.title,
            text=post.text,
            summary=post.summary,
            author=post.author,
            language=post.language,
            published_raw=post.published_raw,
            updated_raw=post.updated_raw,
        )
    ]
