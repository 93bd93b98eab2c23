"""Bytes to UTF-8: by what they are, then by what HTTP says, then by what the document says."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.encodings import UNREADABLE, to_utf8
from connectors.feedformats import parse_feed
from connectors.parsed import FEED_DAMAGED

URL = "https://wire.example/feed.xml"


def feed(title: str, declared: str = "") -> str:
    declaration = f"<?xml version='1.0' encoding='{declared}'?>" if declared else ""
    return f"{declaration}<rss version='2.0'><channel><item><title>{title}</title></item></channel></rss>"


def title_of(body: bytes, content_type: str = "application/xml") -> str:
    (entry,) = parse_feed(body, content_type, URL).entries
    return entry.title


@pytest.mark.parametrize(
    ("body", "content_type", "title"),
    [
        # a byte order mark before all labels
        (codecs.BOM_UTF8 + feed("Пхеньян", "windows-1251").encode(), "text/xml; charset=latin-1", "Пхеньян"),
        (codecs.BOM_UTF16_LE + feed("평양", "utf-8").encode("utf-16-le"), "text/xml; charset=utf-8", "평양"),
        (codecs.BOM_UTF32_BE + feed("평양").encode("utf-32-be"), "", "평양"),
        # valid UTF-8 before HTTP and before the declaration
        (feed("Zürich – “Kim”", "iso-8859-1").encode(), "text/xml; charset=windows-1252", "Zürich – “Kim”"),
        (feed("평양", "euc-kr").encode(), "", "평양"),
        # HTTP before the declaration
        (feed("Пхеньян", "iso-8859-1").encode("koi8-r"), "text/xml; charset=koi8-r", "Пхеньян"),
        (feed("平壌", "utf-8").encode("shift_jis"), 'text/xml; charset="Shift_JIS"', "平壌"),
        # the declaration, where HTTP says nothing, or nothing that fits
        (feed("Пхеньян", "windows-1251").encode("windows-1251"), "text/xml", "Пхеньян"),
        (feed("평양", "euc-kr").encode("euc-kr"), "text/xml; charset=utf-8", "평양"),
        (feed("평양", "euc-kr").encode("euc-kr"), "text/xml; charset=no-such-thing", "평양"),
        (feed("平壌", "iso-2022-jp").encode("iso-2022-jp"), "", "平壌"),
        # no mark, two bytes a letter; EBCDIC
        (feed("평양", "utf-16").encode("utf-16-be"), "", "평양"),
        (feed("Kim", "cp037").encode("cp037"), "", "Kim"),
        # labels that mean more than they say, as in browsers
        (feed("“Kim” – €", "iso-8859-1").encode("cp1252"), "", "“Kim” – €"),
        (feed("“Kim”").encode("cp1252"), "text/xml; charset=us-ascii", "“Kim”"),
        (feed("镕基", "gb2312").encode("gb18030"), "", "镕基"),
    ],
)
def test_what_decides(body: bytes, content_type: str, title: str) -> None:
    """Nothing of it is damage."""
    assert title_of(body, content_type) == title
    assert parse_feed(body, content_type, URL).message == ""


@pytest.mark.parametrize("declared", ["", "utf-8"])
def test_cp1252_that_calls_itself_utf8_is_mended(declared: str) -> None:
    """Alone, and between valid UTF-8; the damage is said and flagged."""
    mixed = feed("|", declared).encode().replace(b"|", "Zürich ".encode() + "“Kim” é".encode("cp1252"))
    parsed = parse_feed(mixed, "text/xml; charset=utf-8", URL)
    assert parsed.entries[0].title == "Zürich “Kim” é"
    assert UNREADABLE in parsed.message
    assert parsed.entries[0].flags == (FEED_DAMAGED,)


def test_utf8_that_was_encoded_twice_is_mended() -> None:
    """As feedparser does: taken for latin-1 on its way."""
    assert title_of(feed("Zürich, Malmö".encode().decode("latin-1"), "utf-8").encode()) == "Zürich, Malmö"


def test_one_broken_character_does_not_cost_the_encoding() -> None:
    """The label holds, and what did not fit is marked."""
    body = feed("평양 " * 50 + "|", "euc-kr").encode("euc-kr").replace(b"|", b"\xff\xff")
    assert title_of(body).startswith("평양 평양")


@given(st.binary(max_size=300), st.sampled_from(["", "text/xml; charset=utf-16", "text/xml; charset=idna", "charset="]))
def test_any_bytes_become_utf8(body: bytes, content_type: str) -> None:
    """Without raising; and UTF-8 stays what it was."""
    data = to_utf8(body, content_type).data
    data.decode("utf-8")
    assert to_utf8(data, "").data.decode("utf-8").removeprefix("\ufeff") == data.decode("utf-8").removeprefix(
        "\ufeff"
    ) or (data.startswith((b"\x00", b"<\x00", codecs.BOM_UTF8, codecs.BOM_UTF16_BE)))
