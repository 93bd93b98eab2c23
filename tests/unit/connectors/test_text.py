"""Plain text out of HTML and out of whatever else."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.text import MAX_TEXT, clean, html_to_text, line_of, one_line, paragraphs, text_of


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("plain", "plain"),
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("One<br>two<br/><br/>three", "One\ntwo\n\nthree"),
        ("<div>One <b>bold</b>\n word</div><ul><li>a<li>b</ul>", "One bold word\n\na\n\nb"),
        ("AT&amp;T &copy; &eacute; &#8217; &#146; a&nbsp;b", "AT&T © é ’ ’ a b"),
        ("A&x;B & C < D", "A&x;B & C < D"),
        ("<p>a</p><script>evil()</script><style>p{}</style><!-- no --><p>b", "a\n\nb"),
        ("<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>", "1 2\n\n3"),
        ("x<img src=a onerror=alert(1)>y", "xy"),
        ("<![CDATA[<p>inner</p>]]>", "inner"),
        ("<p>unclosed <b>tags <i>everywhere", "unclosed tags everywhere"),
        ("평양 <b>김정은</b>", "평양 김정은"),
        ("", ""),
        ("  \n ", ""),
        ("<p></p>", ""),
    ],
)
def test_html_becomes_what_a_reader_sees(html: str, text: str) -> None:
    """Paragraphs parted by a blank line, entities resolved, nothing of scripts."""
    assert html_to_text(html) == text


@pytest.mark.parametrize("damage", ["a\x00b", "a\ud800b", "a\x08b", "a\ufeffb", "a\ufffeb", "a\U0001ffffb"])
def test_what_no_text_holds_is_removed(damage: str) -> None:
    """NUL, lone surrogates, controls, non-characters: neither Postgres nor UTF-8 takes them."""
    assert clean(damage) == "ab"
    assert html_to_text(f"<p>{damage}</p>") == "ab"


def test_cp1252_that_was_read_as_latin_1_is_mended() -> None:
    """Quotation marks and the euro sign, not control characters."""
    assert clean("\x93Kim\x94 \x80 5") == "“Kim” € 5"


def test_line_ends_are_one_kind() -> None:
    """And paragraphs keep apart, lines within them are joined."""
    assert paragraphs("a\r\nb\r\n\r\n \rc") == "a b\n\nc"


def test_a_title_is_one_line() -> None:
    """Markup only where it is HTML: less-than signs in plain titles stay."""
    assert line_of("Kim &amp; <i>Putin</i>\n meet", html=True) == "Kim & Putin meet"
    assert line_of("3 < 5 &amp; so", html=False) == "3 < 5 &amp; so"
    assert one_line("x" * 2000, 10) == "x" * 10


def test_texts_are_bounded() -> None:
    """No item outgrows a message of the bus."""
    assert len(text_of("a " * MAX_TEXT, html=False)) <= MAX_TEXT


@pytest.mark.parametrize("piece", ["<div>", "<b><p>", "<table>", "<", "<a ", "&", "<!--", "<script>", "<br>", "]]>"])
def test_hostile_markup_takes_no_longer_than_its_size(piece: str) -> None:
    """Depth and repetition cost linear time: a megabyte is read, whatever it nests. The suite's time limit judges."""
    assert html_to_text("<p>first</p>" + piece * (1_000_000 // len(piece))).startswith("first")


@given(st.text())
def test_any_text_becomes_clean(text: str) -> None:
    """What comes out can be stored, and cleaning it again changes nothing."""
    for made in (html_to_text(text), clean(text), one_line(text), paragraphs(text)):
        made.encode("utf-8")
        assert not {unicodedata.category(c) for c in made} & {"Cs"}
        assert "\x00" not in made
        assert clean(made) == made
