"""Bytes of a web page to a tree, with the encoding that the page really has."""

from __future__ import annotations

import re

from lxml import etree, html
from w3lib.encoding import html_to_unicode

from connectors.base import FetchOutcome
from monitor.errors import FetchError

_TAG = re.compile(rb"<([A-Za-z][A-Za-z0-9:._-]*)")
_HTML_DOCTYPE = re.compile(rb"<!doctype\s+html\b", re.IGNORECASE)
_PAGE_ROOTS = frozenset((b"html", b"head", b"body"))
_FEED_ROOTS = frozenset((b"rss", b"feed", b"rdf:rdf", b"channel"))
_PAGE_TYPE = re.compile(r"html|xml|text/plain", re.IGNORECASE)
_SNIFFED = 4096
# What challenge and refusal pages of the large content networks have in common (their titles and script names).
_CHALLENGE = re.compile(
    rb"<title>\s*(?:Just a moment|Attention Required!?|Access Denied|DDoS-Guard|Are you a robot\??"
    rb"|Pardon Our Interruption|Human Verification|Security Check)[.\s]*(?:\|[^<]*)?</title>"
    rb"|id=.main-iframe.[^>]{1,40}_Incapsula_Resource|captcha-delivery\.com/c\.js|id=.px-captcha|_cf_chl_opt"
    rb"|awsWafCookieDomainList",
    re.IGNORECASE,
)
_CHALLENGE_SIZE = 50_000  # bytes; a page with more to it is a page


def is_html(body: bytes) -> bool:
    """Whether the body starts as a web page does."""
    doctype, root = _start(body)
    return root in _PAGE_ROOTS or (_HTML_DOCTYPE.match(doctype) is not None and root not in _FEED_ROOTS)


def is_feed_root(body: bytes) -> bool:
    """Whether the outermost element is one that feeds have."""
    return _start(body)[1] in _FEED_ROOTS


def _start(body: bytes) -> tuple[bytes, bytes]:
    """The document type declaration, if there is one, and the first element's name in lower case."""
    start = body[:_SNIFFED].removeprefix(b"\xef\xbb\xbf").lstrip()
    doctype = b""
    while start.startswith((b"<!", b"<?")):  # comments, the XML declaration, instructions
        if start[:9].lower() == b"<!doctype":
            doctype = start
        _, found, start = start.partition(b"-->" if start.startswith(b"<!--") else b">")
        if not found:
            return doctype, b""
        start = start.lstrip()
    tag = _TAG.match(start)
    return doctype, tag[1].lower() if tag else b""


def is_challenge(body: bytes) -> bool:
    """Whether a page asks its reader to prove that he is human, or turns him away."""
    return len(body) < _CHALLENGE_SIZE and _CHALLENGE.search(body) is not None


def decoded(body: bytes, content_type: str) -> str:
    """The page's text: by byte order mark, the HTTP charset, the page's own declaration, and else as it reads best."""
    _, text = html_to_unicode(content_type or None, body, auto_detect_fun=_detect, default_encoding="cp1252")
    return text.replace("\x00", "")


def page_tree(body: bytes, content_type: str, url: str) -> html.HtmlElement:
    """The page as a tree. Raises FetchError(parse_error) for what is none, blocked for a challenge."""
    if is_challenge(body):
        raise FetchError(FetchOutcome.BLOCKED, f"{url}: the site shows a challenge or a refusal instead of the page")
    if content_type and not _PAGE_TYPE.search(content_type) and not is_html(body):
        raise FetchError(FetchOutcome.PARSE_ERROR, f"{url}: no web page, but {content_type.partition(';')[0]}")
    text = decoded(body, content_type)
    try:
        parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
        return html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise FetchError(FetchOutcome.PARSE_ERROR, f"{url}: no web page can be read there ({error})") from error


def _detect(body: bytes) -> str | None:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return "utf-8"
