"""Bytes of a feed to UTF-8, by what they are before what they say they are.

In this order: byte order mark, valid UTF-8, the charset of HTTP, the XML declaration. Labels are read as browsers read
them (latin-1 means cp1252, gb2312 means gb18030), as the WHATWG's Encoding Standard lists. What no label fits is UTF-8
with cp1252 in between: the most common damage there is, of pages pasted together.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from w3lib.encoding import resolve_encoding

_MARKS = (  # the longer ones first: UTF-32's begins as UTF-16's does
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# How "<" begins a document without a mark (XML 1.0, appendix F).
_STARTS = (
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
    (b"\x4c\x6f\xa7\x94", "cp037"),  # EBCDIC
)
_DECLARATION = re.compile(rb"""^\s*<\?xml\b[^>]{0,200}?\bencoding\s*=\s*["']\s*([A-Za-z0-9._:-]{1,40})""")
_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
_SEVEN_BITS = ("iso2022", "iso-2022", "hz")  # such text is valid UTF-8, and yet something else
_ESCAPES = (b"\x1b", b"~{")
# Codecs that Python has beside those of texts, or that turn plain letters into something else.
_NO_ENCODINGS = frozenset(("idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem"))
_TOLERATED = 0.01  # of the characters may be unreadable for a label to be believed all the same

UNREADABLE = "characters that do not fit the encoding"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """A document as UTF-8, without a byte order mark; `damage` says in words what did not fit, "" when all did."""

    data: bytes
    damage: str = ""


def to_utf8(body: bytes, content_type: str) -> Decoded:
    """The body as UTF-8. Never fails: what can't be read is replaced, and said to be."""
    for mark, name in _MARKS:
        if body.startswith(mark):
            marked = body[len(mark) :]
            return _as(marked, name) or to_utf8(marked, content_type)  # a mark may lie as well
    for start, name in _STARTS:
        if body.startswith(start) and (found := _as(body, name)):
            return found
    labels = _labels(body, content_type)
    shifted = next((name for name in labels if name.startswith(_SEVEN_BITS)), None)
    if shifted and any(each in body for each in _ESCAPES) and (found := _as(body, shifted)):
        return found
    if _is_utf8(body):
        return Decoded(data=body)
    others = [name for name in labels if name != "utf-8"]
    for name in others:
        if found := _as(body, name):
            return found
    for name in others:
        if found := _nearly(body, name):
            return found
    return Decoded(data=body.decode("utf-8", "watchdesk_cp1252").encode(), damage=UNREADABLE)


def _labels(body: bytes, content_type: str) -> list[str]:
    """What HTTP says and what the document says, as Python's names of encodings."""
    named = [match[1] for match in [_CHARSET.search(content_type)] if match]
    named += [match[1].decode() for match in [_DECLARATION.search(body[:400])] if match]
    known = (resolve_encoding(name) for name in named)
    return [name for name in dict.fromkeys(known) if name and name not in _NO_ENCODINGS and _is_text(name)]


def _is_text(name: str) -> bool:
    return isinstance(codecs.lookup(name), codecs.CodecInfo) and codecs.lookup(name)._is_text_encoding


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _as(body: bytes, name: str) -> Decoded | None:
    """The body read as `name`, if all of it can be."""
    errors = "watchdesk_c1" if name == "cp1252" else "strict"
    try:
        return Decoded(data=body.decode(name, errors).encode())
    except (UnicodeError, ValueError):
        return None


def _nearly(body: bytes, name: str) -> Decoded | None:
    """The same, if all but a few characters can be."""
    try:
        text = body.decode(name, "replace")
        data = text.encode()
    except (UnicodeError, ValueError):
        return None
    return Decoded(data=data, damage=UNREADABLE) if text.count("\ufffd") <= len(text) * _TOLERATED else None


def _c1(error: UnicodeError) -> tuple[str, int]:
    """The five bytes that cp1252 leaves open are latin-1's controls, as browsers read them."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


def _cp1252(error: UnicodeError) -> tuple[str, int]:
    """Bytes that are no UTF-8 are cp1252."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "watchdesk_c1"), error.end


codecs.register_error("watchdesk_c1", _c1)
codecs.register_error("watchdesk_cp1252", _cp1252)
