"""Plain text out of whatever a source sends: HTML to paragraphs, stray characters mended or removed, sizes bounded.

nh3 is not used for this: its time grows with the square of the nesting depth (207 s for 200,000 nested tags), and what
becomes plain text needs no sanitising. libxml2's parser as a stream of events is linear and builds no tree.
"""

from __future__ import annotations

import re

from lxml import etree

MAX_TEXT = 150_000  # code points; with four bytes each still under Kafka's default limit of 1 MB a message
MAX_SUMMARY = 10_000
MAX_TITLE = 1_000

# HTML Living Standard 15.3: what browsers show as blocks, table cells aside (a row reads as one line)
_BLOCK_NAMES = (
    "address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure footer"
    " form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol optgroup option p pre search section"
    " summary table tbody tfoot thead tr ul"
)
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_CELLS = frozenset(("td", "th"))
_SILENT_NAMES = (
    "applet audio button canvas embed head iframe math noembed noframes noscript object script select style svg"
    " template textarea title video"
)
_SILENT = frozenset(_SILENT_NAMES.split())
_PARAGRAPH = "\x1d"  # stand-ins for breaks while white space is folded; no cleaned text holds them
_LINE = "\x1e"

_CP1252 = {
    code: bytes([code]).decode("cp1252") for code in range(0x80, 0xA0) if code not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
_REMOVED = dict.fromkeys(
    [
        *(code for code in range(0x20) if chr(code) not in "\t\n\r"),
        *range(0x7F, 0xA0),
        0xFEFF,  # a byte order mark in the middle of things
        *range(0xD800, 0xE000),
        *range(0xFDD0, 0xFDF0),
        *(plane * 0x10000 + low for plane in range(17) for low in (0xFFFE, 0xFFFF)),
    ]
)
# C1 controls are never meant: they are cp1252 read as latin-1.
_MEND = {**_REMOVED, **_CP1252}
_BLANK = re.compile(rf"{_PARAGRAPH}|{_LINE}\s*{_LINE}")  # two line breaks are a paragraph's end as well
_TAG = re.compile(r"<[a-zA-Z!/?]|&(#\d+|#[xX][0-9a-fA-F]+|[a-zA-Z][a-zA-Z0-9]*);")


def clean(text: str) -> str:
    """Without control characters, NUL, lone surrogates and non-characters; stray cp1252 mended; lines end with \\n."""
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_MEND)


def one_line(text: str, limit: int = MAX_TITLE) -> str:
    """Clean text with all white space folded, cut at `limit` code points."""
    return " ".join(clean(text).split())[:limit].rstrip()


def paragraphs(text: str) -> str:
    """Clean text whose paragraphs are parted by one blank line; lines within a paragraph are joined."""
    blocks = re.split(r"\n[^\S\n]*\n\s*", clean(text))
    return "\n\n".join(filter(None, (" ".join(block.split()) for block in blocks)))


def looks_like_html(text: str) -> bool:
    """Whether the text holds a tag or an entity."""
    return _TAG.search(text) is not None


def html_to_text(html: str) -> str:
    """What a reader sees of the HTML: paragraphs parted by a blank line, entities resolved, scripts left out."""
    source = clean(html).replace("<![CDATA[", " ").replace("]]>", " ")
    if not source.strip():
        return ""
    collector = _Collector()
    # The element before it keeps a text that starts without a tag from being taken for something else.
    etree.fromstring(f"<div>{source}", etree.HTMLParser(target=collector, recover=True, huge_tree=True))
    return collector.text()


def text_of(value: str, *, html: bool) -> str:
    """A text that is HTML, or else plain, as paragraphs; cut at MAX_TEXT code points."""
    return (html_to_text(value) if html else paragraphs(value))[:MAX_TEXT].rstrip()


def line_of(value: str, *, html: bool, limit: int = MAX_TITLE) -> str:
    """The same as one line, for titles and names."""
    return one_line(html_to_text(value) if html and looks_like_html(value) else value, limit)


class _Collector:
    """Takes libxml2's events and keeps what is seen."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._silent = 0

    def start(self, tag: str, _attributes: object) -> None:
        if tag in _SILENT:
            self._silent += 1
        self._break(tag)

    def end(self, tag: str) -> None:
        if tag in _SILENT and self._silent:
            self._silent -= 1
        elif tag != "br":
            self._break(tag)

    def data(self, text: str) -> None:
        if not self._silent:
            self._parts.append(clean(text))

    def comment(self, _text: str) -> None:
        """Comments are not seen."""

    def close(self) -> None:
        """Nothing is left open."""

    def text(self) -> str:
        """Everything seen so far."""
        blocks = _BLANK.split("".join(self._parts))
        return "\n\n".join(filter(None, (_lines(block) for block in blocks)))

    def _break(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._parts.append(_PARAGRAPH)
        elif tag == "br":
            self._parts.append(_LINE)
        elif tag in _CELLS:
            self._parts.append(" ")


def _lines(block: str) -> str:
    return "\n".join(filter(None, (" ".join(line.split()) for line in block.split(_LINE))))
