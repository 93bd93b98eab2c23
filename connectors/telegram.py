"""Telegram's public channels, by the page that t.me shows to anybody: no account, no key.

The page is https://t.me/s/NAME, with the twenty newest posts, the oldest first, and a link to those before.  Groups,
people and channels without that preview lead elsewhere and can't be read.  What a post says changes by edits only: the
preview of a linked page, which comes later, counts of views and reactions are left out.
"""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urljoin, urlsplit

from lxml import etree, html

from connectors.base import FetchOutcome
from connectors.items import EDITED, FORWARDED
from connectors.markup import page_tree
from connectors.parsed import Entry, ParsedFeed, collect, web_link
from connectors.text import html_to_text, one_line
from monitor.errors import FetchError

ACCEPT = "text/html, application/xhtml+xml;q=0.9"
PAGES = 5  # a hundred posts: more than that between two polls is a flood
HOSTS = frozenset(("t.me", "www.t.me", "telegram.me", "telegram.dog"))
LONGEST_HEADING = 300  # code points
_NAME = re.compile(r"^/(?:s/)?([A-Za-z]\w{2,31})(?:/\d+)?/?$")
_BOLD = ("b", "strong")
_EMOJI = ("i", "tg-emoji")


def channel_address(address: str) -> str:
    """The address of a channel's posts: t.me/NAME and t.me/NAME/123 lead to t.me/s/NAME; others stay as they are."""
    parts = urlsplit(address)
    match = _NAME.match(parts.path)
    if parts.hostname not in HOSTS or match is None:
        return address
    return parts._replace(scheme="https", netloc="t.me", path=f"/s/{match[1]}", fragment="").geturl()


def parse_channel(body: bytes, content_type: str, url: str) -> ParsedFeed:
    """A channel's posts, the newest first. Raises FetchError: not_a_feed where no channel is shown."""
    tree = page_tree(body, content_type, url)
    messages = tree.xpath("//div[@data-post]")
    if not messages and not tree.xpath(f"//*[{_has('tgme_channel_info')} or {_has('tgme_channel_history')}]"):
        raise FetchError(
            FetchOutcome.NOT_A_FEED,
            f"{url}: no public channel is shown there; groups, people and closed channels can't be read",
        )
    worded = [each for each in reversed(messages) if not _is_service(each) and _words(each) is not None]
    read = collect(worded, lambda message: _entry(message, url))
    return replace(read, title=_channel_name(tree), older=_older(tree, url))


def _entry(message: html.HtmlElement, url: str) -> Entry:
    post = str(message.get("data-post"))
    words = _words(message)
    text = html_to_text(etree.tostring(words, encoding="unicode", with_tail=False)) if words is not None else ""
    title, rest = "", text
    first, _, below = text.partition("\n")
    if words is not None and below.strip() and len(first) <= LONGEST_HEADING and _starts_bold(words):
        title, rest = one_line(first), below.strip()
    date = _first(message, "tgme_widget_message_date")
    time = date.find(".//time[@datetime]") if date is not None else None
    teller = _first(message, "tgme_widget_message_forwarded_from_name")
    author = teller if teller is not None else _first(message, "tgme_widget_message_from_author")
    meta = _first(message, "tgme_widget_message_meta")
    edited = meta is not None and "edited" in (meta.text or "")
    flags = (FORWARDED if teller is not None else None, EDITED if edited else None)
    return Entry(
        guid=post,
        link=web_link(date.get("href") if date is not None else None, url) or f"https://t.me/{post}",
        title=title,
        text=rest,
        author=one_line(author.text_content()) or None if author is not None else None,
        published_raw=time.get("datetime") if time is not None else None,
        flags=tuple(filter(None, flags)),
    )


def _words(message: html.HtmlElement) -> html.HtmlElement | None:
    """What the post says: its text or caption, a poll's question, a document's name. None where it is mute.

    The text of the post that it replies to has the same style and another name (`js-message_reply_text`).
    """
    for name in ("js-message_text", "tgme_widget_message_poll_question", "tgme_widget_message_document_title"):
        found = _first(message, name)
        if found is not None and found.text_content().strip():
            return found
    return None


def _starts_bold(words: html.HtmlElement) -> bool:
    """Whether everything before the first line break is bold, emoji aside: news channels put a headline so."""
    bold = False
    if (words.text or "").strip():
        return False
    for child in words:
        if child.tag == "br":
            return bold
        if child.tag not in (*_BOLD, *_EMOJI):
            return False
        bold = bold or child.tag in _BOLD
        if child.find(".//br") is not None:
            return bold
        if (child.tail or "").strip():
            return False
    return False


def _is_service(message: html.HtmlElement) -> bool:
    """Whether Telegram itself says something: a pinned post, a new picture."""
    return "service_message" in (message.get("class") or "").split()


def _channel_name(tree: html.HtmlElement) -> str:
    name = _first(tree, "tgme_channel_info_header_title")
    return one_line(name.text_content()) if name is not None else ""


def _older(tree: html.HtmlElement, url: str) -> str | None:
    links = tree.xpath(f"//a[{_has('tme_messages_more')} and @data-before and @href]/@href")
    return web_link(urljoin(url, str(links[0])), url) if links else None


def _first(element: html.HtmlElement, name: str) -> html.HtmlElement | None:
    found: list[html.HtmlElement] = element.xpath(f"(.//*[{_has(name)}])[1]")
    return found[0] if found else None


def _has(name: str) -> str:
    """The XPath condition that an element is of a class."""
    return f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')"
