"""Feeds that are no XML, made into XML where the damage is of a kind that loses no text.

Names of HTML's entities, ampersands and less-than signs that stand alone, control characters, what stands before and
behind the document, markup that is nested without end. All of it takes time in proportion to the feed's length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html.entities import html5

MAX_DEPTH = 256  # of elements, as libxml2's own limit; the markup of what is deeper is left out, its text is kept
LONGEST_ENTITY = 1000  # code points of a text that a feed defines for itself
MOST_EXPANDED = 100_000  # code points that such texts may add to a feed in all

CUT_DEPTH = f"nested deeper than {MAX_DEPTH} elements, which was flattened"
CUT_ENTITIES = "defines entities that outgrow it, which were left as they stand"

_BEGIN = re.compile(r"<(?:\?xml\b|!DOCTYPE\b|(?:rss|feed|rdf:RDF|RDF|channel)[\s>])", re.IGNORECASE)
_SPECIAL = re.compile(r"<!\[CDATA\[|<!--|<\?|<!DOCTYPE\b", re.IGNORECASE)
_ENDS = {"<![CDATA[": "]]>", "<!--": "-->", "<?": "?>"}
_ENTITY = re.compile(r"""<!ENTITY\s+([A-Za-z_][\w.-]*)\s+(?:"([^"%&<]*)"|'([^'%&<]*)')\s*>""")
_SOUND = r"(?:amp|lt|gt|quot|apos|#3[2-9]|#[4-9]\d|#[1-9]\d{2,3}|#x[2-9A-Fa-f][0-9A-Fa-f]{1,2})"  # the common ones
_BROKEN = re.compile(
    rf"&(?!{_SOUND};)" r"(#[0-9]{1,8};|#[xX][0-9a-fA-F]{1,7};|[A-Za-z_][\w.-]{0,40};)?|<(?![A-Za-z_:/])"
)
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TAG = re.compile(r"<(/?)[A-Za-z_:][^<>]*?(/?)>")
_CLOSED = re.compile(r"</(?:rss|feed|rdf:RDF|RDF)\s*>", re.IGNORECASE)
_ENTRY = re.compile(r"<(?:item|entry)[\s>]", re.IGNORECASE)
_SUBSET_END = re.compile(r"\]\s*>")
_OWN = frozenset(("amp", "lt", "gt", "quot", "apos"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """A document, mended as well as can be, and what was cut, in words; "" when nothing was."""

    data: bytes
    cut: str = ""


def mend(data: bytes) -> Mended:
    """The UTF-8 document without the damage that can be mended; it may still be no XML."""
    text = _CONTROLS.sub("", data.decode("utf-8", "replace"))
    begin = _BEGIN.search(text)
    text = _closed(text[begin.start() :] if begin else text)
    references = _References(_entities(text))
    parts = [_BROKEN.sub(references.mended, part) if outside else part for outside, part in _parted(text)]
    return Mended(data="".join(parts).encode("utf-8", "replace"), cut=CUT_ENTITIES if references.cut else "")


def _closed(text: str) -> str:
    """Without what stands behind the document's end, unless there are entries in it."""
    end = next(_CLOSED.finditer(text), None)
    return text[: end.end()] if end and not _ENTRY.search(text, end.end()) else text


def _parted(text: str) -> Iterator[tuple[bool, str]]:
    """The text in parts, each with whether it is markup and text, or else a part that is taken as it stands.

    A document type declaration is left out: it is read by `_entities`, and needed by nobody else.
    """
    at = 0
    while opened := _SPECIAL.search(text, at):
        yield True, text[at : opened.start()]
        closing = _ENDS.get(opened[0])
        if closing is None:
            at = _doctype_end(text, opened.end())
            continue
        end = text.find(closing, opened.end())
        if end < 0:  # cut off: what is there is kept
            yield True, text[opened.end() :]
            return
        if closing == "]]>":
            yield False, text[opened.start() : end + len(closing)]
        elif opened.start() == 0:  # the XML declaration
            yield False, text[: end + len(closing)]
        at = end + len(closing)
    yield True, text[at:]


def _doctype_end(text: str, start: int) -> int:
    """Where a document type declaration ends, its own definitions in brackets included."""
    end = text.find(">", start)
    if end < 0:
        return len(text)
    bracket = text.find("[", start, end)
    if bracket < 0:
        return end + 1
    closed = _SUBSET_END.search(text, bracket)
    return closed.end() if closed else len(text)


def _entities(text: str) -> dict[str, str]:
    """The plain texts that the document defines for itself, by name; what refers to others or to a file is not read."""
    doctype = re.search(r"<!DOCTYPE\b", text[:100_000], re.IGNORECASE)
    if doctype is None:
        return {}
    definitions = text[doctype.start() : _doctype_end(text, doctype.end())]
    found = ((match[1], match[2] or match[3] or "") for match in _ENTITY.finditer(definitions))
    return {name: value for name, value in found if len(value) <= LONGEST_ENTITY}


class _References:
    """What becomes of each reference; of the document's own no more than a bounded length."""

    def __init__(self, own: Mapping[str, str]) -> None:
        self._own = own
        self._left = MOST_EXPANDED
        self.cut = False

    def mended(self, match: re.Match[str]) -> str:
        """What stands for the reference, ampersand or less-than sign."""
        whole, reference = match[0], match[1]
        if reference is None:
            return "&lt;" if whole == "<" else "&amp;"
        name = reference[:-1]
        if name in _OWN:
            return whole
        if name.startswith("#"):
            return whole if _is_xml(name) else ""
        if name in self._own:
            return self._expanded(name)
        known = html5.get(reference)
        return f"&amp;{reference}" if known is None else _escaped(known)

    def _expanded(self, name: str) -> str:
        value = self._own[name]
        if len(value) > self._left:
            self.cut = True
            return f"&amp;{name};"
        self._left -= len(value)
        return _escaped(value)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _is_xml(number: str) -> bool:
    """Whether XML 1.0 has a character of this number (production 2)."""
    code = int(f"0{number[1:]}", 16) if number[1] in "xX" else int(number[1:])
    return code in (9, 10, 13) or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000


def flatten(data: bytes) -> Mended:
    """The UTF-8 document without the tags that stand too deep; their text is kept."""
    text = data.decode("utf-8", "replace")
    if max_depth(text) <= MAX_DEPTH:
        return Mended(data=data)
    depth = 0

    def keep(match: re.Match[str]) -> str:
        nonlocal depth
        if match[2]:
            return match[0] if depth < MAX_DEPTH else ""
        if match[1]:
            depth = max(depth - 1, 0)
            return match[0] if depth < MAX_DEPTH else ""
        depth += 1
        return match[0] if depth <= MAX_DEPTH else ""

    flat = "".join(_TAG.sub(keep, part) if outside else part for outside, part in _parted(text))
    return Mended(data=flat.encode("utf-8", "replace"), cut=CUT_DEPTH)


def max_depth(text: str) -> int:
    """How deep elements are nested at most, by their tags alone."""
    deepest = depth = 0
    for outside, part in _parted(text):
        if not outside:
            continue
        for closing, empty in _TAG.findall(part):
            if closing:
                depth = max(depth - 1, 0)
            elif not empty:
                depth += 1
                deepest = max(deepest, depth)
    return deepest
