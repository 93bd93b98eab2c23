"""Plain text out of whatever a source sends: HTML to paragraphs, stray characters mended or removed, sizes bounded.

Three ways lead to the same text. HTML that has none but well-known tags of text, as in most feeds, is read tag by tag.
Everything else is sanitised by nh3: what that leaves is text and the bare tags of blocks. Its time grows with the
square of the nesting depth (207 s for 200,000 nested tags) and of the number of references, so what has too many of
either goes through libxml2's parser as a stream of events, which is linear and builds no tree.
"""

from __future__ import annotations

import html as entities
import re

import nh3
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
_INLINE = (
    "a abbr acronym b bdi bdo big cite code del dfn em font i img ins kbd label mark nobr q s samp small span strike"
    " strong sub sup time tt u var wbr col colgroup input link meta picture source"
)
_NOT_PLAIN = frozenset(("optgroup", "option", "dialog", "body", "html"))
_SAFE = frozenset((*_BLOCKS, *_CELLS, "br"))
_SANITISER = nh3.Cleaner(
    tags=set(_SAFE), clean_content_tags=set(_SILENT - _SAFE), attributes={"*": set()}, link_rel=None
)
_LEFT_TAG = re.compile(r"<[^>]*>")  # nh3 leaves no attributes, and no other less-than sign
_BREAKS = re.compile(r"<br>(?:<br>)+")
_CELL_TAG = re.compile(r"</?t[dh]>")
MAX_NESTING = 256  # elements, as the limit for feeds; deeper HTML is read without a tree
_FEW_TAGS = 5_000  # cost nh3 a tenth of a second, however they are nested
_FEW_REFERENCES = 20_000  # the same
_NESTING = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
# Tags that open without being closed, and yet do not nest (HTML Living Standard 13.1.2 and 13.1.2.4).
_NOT_NESTING = frozenset(
    "area base br col embed hr img input link meta source track wbr p li dt dd option optgroup tr td th tbody thead"
    " tfoot".split()
)
_PARAGRAPH = "\x01"  # stand-ins for breaks while white space is folded; no cleaned text holds them
_LINE = "\x02"

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
# The same characters, and the rare planes: a look is ten times as fast as a translation.
_UNCLEAN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\U0001fffe-\U0010ffff]"
)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_UNSEEN = {
    name: re.compile(rf"<{name}\b.*?</{name}>", re.DOTALL)
    for name in "audio button canvas iframe math noscript script style svg video".split()
}
_EMBEDDING = {name: re.compile(rf"</?{name}\b[^<>]*>") for name in ("iframe", "object", "video", "audio", "noscript")}
_PLAIN_TAG = re.compile(r"<(/?[a-zA-Z][a-zA-Z0-9]*)[^<>]*>")
_QUOTED_TAG = re.compile(r"""<(/?[a-zA-Z][a-zA-Z0-9]*)(?:[^<>"']|"[^"<>]*"|'[^'<>]*')*+>""")
_MEANING = {
    f"{slash}{spelled}": meaning
    for names, meaning in ((_BLOCKS - _NOT_PLAIN, _PARAGRAPH), (_CELLS, " "), (_INLINE.split(), ""), (["br"], _LINE))
    for name in names
    for spelled in (name, name.upper())
    for slash in ("", "/")
}  # what plain text has in a tag's place
_BLANK = re.compile(rf"{_LINE}{_LINE}+")  # two line breaks are a paragraph's end as well
_TAG = re.compile(r"<[a-zA-Z!/?]|&(#\d+|#[xX][0-9a-fA-F]+|[a-zA-Z][a-zA-Z0-9]*);")


def clean(text: str) -> str:
    """Without control characters, NUL, lone surrogates and non-characters; stray cp1252 mended; lines end with \\n."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.translate(_MEND) if _UNCLEAN.search(text) else text


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
    if "<" not in html:
        return " ".join(clean(entities.unescape(html)).split())
    text = _plainly(html)
    return _sanitised(html) if text is None else text


def _plainly(html: str) -> str | None:
    """The text, where every less-than sign begins a well-known tag of text; None where not."""
    pieces = _pieces(html, _PLAIN_TAG)
    if pieces is None:
        pieces = _pieces(_without_unseen(html), _QUOTED_TAG)
        if pieces is None:
            return None
    text = "".join(pieces)
    return clean(_blocks(entities.unescape(text) if "&" in text else text))


def _pieces(html: str, tag: re.Pattern[str]) -> list[str] | None:
    """Its texts with what stands for each tag in between, if all less-than signs begin a tag that is known."""
    tags = html.count("<")
    if tag is _PLAIN_TAG and tags != html.count(">"):
        return None
    pieces = tag.split(html)  # text, name of tag, text, ...
    if tags != len(pieces) // 2:
        return None
    try:
        pieces[1::2] = map(_MEANING.__getitem__, pieces[1::2])
    except KeyError:
        return None
    return pieces


def _without_unseen(html: str) -> str:
    """Without comments, scripts and pictures, where each of them plainly ends."""
    if "<!--" in html and html.count("<!--") == html.count("-->"):
        html = _COMMENT.sub("", html)
    for name, whole in _UNSEEN.items():
        if (opened := html.count(f"<{name}")) and opened == html.count(f"</{name}>"):
            html = whole.sub("", html)
    return html


def _blocks(text: str) -> str:
    """The paragraphs of a text in which stand-ins mark the breaks."""
    text = " ".join(text.split())
    if _LINE in text:
        text = text.replace(f" {_LINE}", _LINE).replace(f"{_LINE} ", _LINE)
        text = _BLANK.sub(_PARAGRAPH, text).replace(_LINE, "\n")
    return "\n\n".join([block for each in text.split(_PARAGRAPH) if (block := each.strip(" \n"))])


def _sanitised(html: str) -> str:
    """The text of any HTML."""
    source = clean(html).replace("<![CDATA[", " ").replace("]]>", " ")
    for name, tag in _EMBEDDING.items():
        if source.count(f"<{name}") > source.count(f"</{name}"):  # XHTML's <iframe/> would take the rest of the text
            source = tag.sub(" ", source)
    if _nested_deeper(source, MAX_NESTING) or source.count("&") > _FEW_REFERENCES:
        return _streamed(source)
    return clean(_paragraphs_of(_SANITISER.clean(source)))


def _nested_deeper(html: str, limit: int) -> bool:
    """Whether elements may be nested deeper than `limit`, by their tags alone."""
    if html.count("<") <= _FEW_TAGS:
        return False
    depth = 0
    for closing, name in _NESTING.findall(html):
        if name.lower() in _NOT_NESTING:
            continue
        depth = max(depth - 1, 0) if closing else depth + 1
        if depth > limit:
            return True
    return False


def _paragraphs_of(sanitised: str) -> str:
    """What nh3 left as paragraphs and lines."""
    text = sanitised.replace("&nbsp;", " ")
    if "<t" in text:
        text = _CELL_TAG.sub(" ", text)
    text = " ".join(text.split()).replace(" <", "<").replace("> ", ">")
    if "<br>" in text:
        text = _BREAKS.sub("<p>", text).replace("<br>", "\n")
    blocks = (block.strip() for block in _LEFT_TAG.split(text))
    text = "\n\n".join([block for block in blocks if block])
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")


def _streamed(source: str) -> str:
    """The same of HTML that is nested without end."""
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
        return _blocks("".join(self._parts))

    def _break(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._parts.append(_PARAGRAPH)
        elif tag == "br":
            self._parts.append(_LINE)
        elif tag in _CELLS:
            self._parts.append(" ")
