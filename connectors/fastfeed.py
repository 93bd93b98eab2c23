"""Feeds that are XML, by libxml2: what feedparser makes of them, some thirty times as fast.

An entry is read element by element in document order with the rules of feedparser 6 (namespaces/_base.py, mixin.py),
so that a feed that is damaged today, and read by feedparser, tells the same as yesterday.  Whatever these rules do not
cover raises Unusual, and feedparser reads the feed; tests/unit/connectors/test_differential.py holds both together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import urljoin

from feedparser.mixin import _FeedParserMixin
from lxml import etree

from connectors.told import HTML_TYPES, Marked, Told, ToldFeed

_ATOM = "http://www.w3.org/2005/Atom"
_RSS1 = "http://purl.org/rss/1.0/"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_PREFIXES = {uri.lower(): prefix for uri, prefix in _FeedParserMixin.namespaces.items()}
_looks_like_html = _FeedParserMixin.looks_like_html

_TYPES = {"": "", "text": "text/plain", "plain": "text/plain", "html": "text/html", "xhtml": "application/xhtml+xml"}
_READ_TYPES = frozenset(("text/plain", *HTML_TYPES))
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())

# feedparser's names of elements -> what they say. Names that stand for nothing here are left out, their children read.
_MEANINGS = {
    **dict.fromkeys(("title", "dc_title"), "title"),
    "media_title": "media_title",
    "link": "link",
    **dict.fromkeys(("guid", "id"), "guid"),
    **dict.fromkeys(("description", "dc_description", "media_description"), "description"),
    **dict.fromkeys(("summary", "itunes_summary"), "summary"),
    "content": "content",
    **dict.fromkeys(("content_encoded", "fullitem"), "encoded"),
    **dict.fromkeys(("author", "managingeditor", "dc_author", "dc_creator", "itunes_author"), "author"),
    **dict.fromkeys(("published", "issued", "pubdate", "dcterms_issued"), "published"),
    **dict.fromkeys(("updated", "modified", "lastbuilddate", "dc_date", "dcterms_modified"), "updated"),
    **dict.fromkeys(("created", "dcterms_created"), "created"),
    **dict.fromkeys(("language", "dc_language"), "language"),
    # of others than the entry itself, or without a part in what is read
    **dict.fromkeys(("source", "contributor", "dc_contributor", "subtitle", "tagline", "itunes_subtitle"), "aside"),
    **dict.fromkeys(("rights", "copyright", "dc_rights", "info", "itunes_owner"), "aside"),
    **dict.fromkeys(("category", "enclosure"), "leaf"),
    "image": "image",
    **dict.fromkeys(("textinput", "body", "xhtml_body", "abstract", "dc_abstract", "tags"), "unusual"),
    **dict.fromkeys(("item", "entry", "channel", "feed", "rss", "svg", "name", "email", "authors"), "unusual"),
}


class Unusual(Exception):
    """The feed has something that only feedparser reads."""


def parse_xml(data: bytes, *, recover: bool = False) -> Any:
    """The document's root. Nothing outside it is read.

    Raises etree.XMLSyntaxError for what is no XML; `recover` takes from it what libxml2 can make of it, and raises
    Unusual where that is nothing.
    """
    parser = etree.XMLParser(
        encoding="utf-8",  # whatever the declaration says: it is UTF-8 by now
        resolve_entities="internal",  # its own texts, no files; libxml2 bounds how far they may grow
        no_network=True,
        remove_comments=True,
        remove_pis=True,
        recover=recover,
    )
    root = etree.fromstring(data, parser)
    if root is None:
        raise Unusual
    return root


def read_tree(root: Any, most: int) -> tuple[ToldFeed, int, bool]:
    """What the feed tells of its first `most` entries, how many it has, and whether it is Atom. Raises Unusual."""
    if root.tag == f"{{{_ATOM}}}feed":
        head, elements, atom = root, root.findall(f"{{{_ATOM}}}entry"), True
    elif root.tag == "rss":
        channels = root.findall("channel")
        if len(channels) != 1:
            raise Unusual
        head, elements, atom = channels[0], root.findall("channel/item"), False
    elif root.tag == f"{{{_RDF}}}RDF" and root.nsmap.get(None) == _RSS1 and _ATOM not in root.nsmap.values():
        head = root.find(f"{{{_RSS1}}}channel")
        elements, atom = root.findall(f"{{{_RSS1}}}item"), False
    else:
        raise Unusual
    if head is None or _all_entries(root) != len(elements):
        raise Unusual
    based = bool(root.xpath("boolean(//@xml:base)"))
    told = [_Reader(atom=atom, based=based).read(element) for element in elements[:most]]
    title, language = _head(root, head, atom=atom)
    return ToldFeed(entries=told, title=title, language=language), len(elements), atom


def _all_entries(root: Any) -> int:
    """How many elements there are that feedparser takes for entries, wherever and however written."""
    found = sum(1 for _ in root.iter("{*}item", "{*}entry"))
    odd = sum(1 for child in _grandchildren(root) if child.tag.rpartition("}")[2] in ("Item", "ITEM", "Entry", "ENTRY"))
    return found + odd


def _grandchildren(root: Any) -> Iterator[Any]:
    for child in root:
        yield child
        yield from child


def _head(root: Any, head: Any, *, atom: bool) -> tuple[Marked, str]:
    """The feed's own title and language."""
    title = Marked("")
    language = root.get(f"{_XML}lang") or root.get("lang") or ""
    for child in head:
        meaning = _meaning(child)
        if meaning == "title" and not title.value:
            title = _marked(child, "text/plain", atom=atom)
        elif meaning == "language":
            language = _value(child)
    return title, language.replace("_", "-")


class _Reader:
    """Reads one entry. Its fields are feedparser's own state while it is in an entry."""

    def __init__(self, *, atom: bool, based: bool) -> None:
        self._atom = atom
        self._based = based
        self._told = Told()
        self._has: set[str] = set()  # what has been said at all, be it nothing
        self._depths: dict[str, int] = {}  # at which depth each was said: a deeper one does not replace it
        self._title_depth = -1
        self._has_content = False
        self._made = ""  # when the entry says that it was created

    def read(self, element: Any) -> Told:
        """The entry in `element`."""
        if any(name.lower() in ("href", "lastmod") for name in element.attrib):  # CDF's way to say it
            raise Unusual
        self._told.guid = element.get(f"{{{_RDF}}}about") or ""
        self._children(element, 1)
        self._told.updated = self._told.updated or self._made
        return self._told

    def _children(self, element: Any, depth: int) -> None:
        for child in element:
            meaning = _meaning(child)
            if meaning == "":
                if len(child):
                    self._children(child, depth + 1)
            elif meaning == "unusual" or (meaning == "leaf" and len(child)):
                raise Unusual
            elif meaning not in ("aside", "leaf"):
                getattr(self, f"_{meaning}")(child, depth)

    def _says(self, name: str, depth: int) -> bool:
        """Whether what is said of `name` here counts: nothing less deep has said it before."""
        before = self._depths.get(name)
        if before is not None and depth > before:
            return False
        self._depths[name] = depth
        self._has.add(name)
        return True

    def _title(self, element: Any, depth: int) -> None:
        title = _marked(element, "text/plain", atom=self._atom)
        if not -1 < self._title_depth <= depth and self._says("title", depth):
            self._told.title = title
        if title.value:
            self._title_depth = depth

    def _media_title(self, element: Any, depth: int) -> None:
        before = self._title_depth
        self._title(element, depth)
        self._title_depth = before

    def _image(self, element: Any, depth: int) -> None:
        """A picture of an item may name it, where nothing else does."""
        self._title_depth = -1
        for child in element:
            meaning = _meaning(child)
            if meaning == "title":
                self._title(child, depth + 1)
            elif meaning not in ("", "link"):
                raise Unusual

    def _description(self, element: Any, depth: int) -> None:
        self._summary_or_content(element, depth, "text/html")

    def _summary(self, element: Any, depth: int) -> None:
        self._summary_or_content(element, depth, "text/plain")

    def _summary_or_content(self, element: Any, depth: int, default: str) -> None:
        """A second summary, where there is no content yet, is content."""
        if "summary" in self._has and not self._has_content:
            self._content(element, depth)
            return
        summary = _marked(element, default, atom=self._atom)
        self._has.add("summary")
        if self._says("summary", depth):
            self._told.summary = summary

    def _content(self, element: Any, _depth: int) -> None:
        if element.get("src") is not None:
            raise Unusual
        self._add_content(_marked(element, "text/plain", atom=self._atom))

    def _encoded(self, element: Any, _depth: int) -> None:
        self._add_content(_marked(element, "text/html", atom=self._atom))

    def _add_content(self, content: Marked) -> None:
        self._has_content = True
        self._has.add("summary")  # feedparser copies it there
        self._told.contents.append(content)

    def _link(self, element: Any, _depth: int) -> None:
        attributes = {name.lower(): value for name, value in element.attrib.items()}
        href = attributes.get("url") or attributes.get("uri") or attributes.get("href")
        if href is None:
            text = _value(element).replace("&amp;", "&")
            self._set_link(re.sub(r"&([A-Za-z0-9_]+);", r"&\g<1>", self._resolved(element, text)))
        elif attributes.get("rel", "alternate").lower() == "alternate":
            kind = attributes.get("type", "text/html").lower()
            if _TYPES.get(kind, kind) in HTML_TYPES:
                self._set_link(self._resolved(element, href))

    def _set_link(self, link: str) -> None:
        self._told.link = link
        self._has.add("link")

    def _guid(self, element: Any, depth: int) -> None:
        permalink = next((value for name, value in element.attrib.items() if name.lower() == "ispermalink"), "true")
        value = _value(element)
        if permalink == "true":
            value = self._resolved(element, value)
            if "link" not in self._has:
                self._set_link(value)
        if self._says("guid", depth):
            self._told.guid = value

    def _author(self, element: Any, depth: int) -> None:
        """Its name, with the address of mail that comes with it."""
        if not len(element):
            if self._says("author", depth):
                self._told.author = _value(element)
            return
        parts = {child.tag.rpartition("}")[2].lower(): _value(child) for child in element}
        name, email = parts.get("name", ""), parts.get("email", "")
        self._depths["author"] = min(depth, self._depths.get("author", depth))
        self._told.author = f"{name} ({email})" if name and email else name or email

    def _published(self, element: Any, depth: int) -> None:
        if self._says("published", depth):
            self._told.published = _value(element)

    def _updated(self, element: Any, depth: int) -> None:
        if self._says("updated", depth):
            self._told.updated = _value(element)

    def _created(self, element: Any, depth: int) -> None:
        if self._says("created", depth):
            self._made = _value(element)

    def _language(self, element: Any, depth: int) -> None:
        if self._says("language", depth):
            self._told.language = _value(element)

    def _resolved(self, element: Any, link: str) -> str:
        """The link against xml:base, if the feed has any; against the feed's own address it is resolved later."""
        if not self._based or not link:
            return link
        base = ""
        try:
            for each in (*reversed(list(element.iterancestors())), element):
                base = urljoin(base, each.get(f"{_XML}base") or "")
            return urljoin(base, link)
        except ValueError:  # such as http://[ with no end to it
            return link


def _meaning(element: Any) -> str:
    meaning = _meaning_of(element.tag)
    if meaning is None:  # of a namespace that feedparser does not know: its prefix counts
        _, _, name = element.tag.rpartition("}")
        return _MEANINGS.get(f"{element.prefix.lower()}_{name.lower()}" if element.prefix else name.lower(), "")
    return meaning


@lru_cache(maxsize=1000)
def _meaning_of(tag: str) -> str | None:
    namespace, _, name = tag.rpartition("}")
    prefix = _PREFIXES.get(namespace[1:].lower()) if namespace else ""
    if prefix is None:
        return None
    return _MEANINGS.get(f"{prefix}_{name.lower()}" if prefix else name.lower(), "")


def _marked(element: Any, default: str, *, atom: bool) -> Marked:
    """An element's text with its type, as feedparser tells it."""
    if element.get("mode") is not None:
        raise Unusual
    kind = (element.get("type") or default).lower()
    kind = _TYPES.get(kind, kind)
    if kind not in _READ_TYPES:
        raise Unusual
    if kind == "application/xhtml+xml":
        return Marked(_markup(element).strip(), kind)
    value = _value(element)
    if not atom and kind == "text/plain" and ("<" in value or "&" in value) and _looks_like_html(value):
        kind = "text/html"
    return Marked(value, kind)


def _value(element: Any) -> str:
    """An element's text without white space around it."""
    if len(element):
        raise Unusual
    value = (element.text or "").strip()
    return value if value.isascii() else _once_encoded(value)


def _once_encoded(text: str) -> str:
    """Text that was UTF-8, was taken for latin-1 and encoded again, as it was."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def _markup(element: Any) -> str:
    """The inner XHTML of an element as HTML."""
    parts = [_escaped(element.text)]
    for event, inner in etree.iterwalk(element, events=("start", "end")):
        if inner is element:
            continue
        name = inner.tag.rpartition("}")[2]
        if event == "start":
            parts += (f"<{name}>", _escaped(inner.text))
        else:
            parts += ("" if name in _VOID else f"</{name}>", _escaped(inner.tail))
    return "".join(parts)


def _escaped(text: str | None) -> str:
    return (text or "").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
