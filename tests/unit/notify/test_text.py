"""Text from the news is made safe to show."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.notify.text import clean, cut, escape, escaped, link


def test_control_characters_of_slack_are_escaped_once_ampersand_first() -> None:
    assert escape("a < b & c > d &lt;") == "a &lt; b &amp; c &gt; d &amp;lt;"


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("safe\u202egnp.exe", "safegnp.exe"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("two\nlines\tand  more", "two lines and more"),
        ("esc\x1b[31mape", "esc[31mape"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("tag\U000e0041ged", "tagged"),
        ("김정은 金正恩 Ким", "김정은 金正恩 Ким"),
    ],
)
def test_what_cannot_be_seen_is_taken_out(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs") for c in once)


def test_text_is_cut_by_code_points() -> None:
    assert cut("金" * 10, 5) == "金金金金…"
    assert cut("金" * 5, 5) == "金" * 5


@given(st.text(), st.integers(min_value=1, max_value=60))
def test_escaped_text_keeps_its_limit_and_never_ends_within_an_entity(text: str, limit: int) -> None:
    made = escaped(text, limit)
    assert len(made) <= limit
    assert re.fullmatch(r"(?:[^&<>]|&(?:amp|lt|gt);)*", made, re.DOTALL)


@pytest.mark.parametrize(
    ("address", "url", "host"),
    [
        ("https://news.example.com/a?b=c#d", "https://news.example.com/a?b=c", "news.example.com"),
        ("https://bank.example.com@evil.example.net/x", "https://evil.example.net/x", "evil.example.net"),
        ("http://127.0.0.1:8080/x", "http://127.0.0.1:8080/x", "127.0.0.1:8080"),
        (
            "https://пример.example/путь",
            "https://xn--e1afmkfd.example/%D0%BF%D1%83%D1%82%D1%8C",
            "xn--e1afmkfd.example",
        ),
        ("https://a.example/x|<!channel>", "https://a.example/x%7C%3C!channel%3E", "a.example"),
        ("https://[2001:db8::1]/x", "https://[2001:db8::1]/x", "[2001:db8::1]"),
    ],
)
def test_a_link_leads_where_its_host_says(address: str, url: str, host: str) -> None:
    made = link(address)
    assert made is not None
    assert (made.url, made.host) == (url, host)


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "javascript:alert(1)",
        "ftp://a.example/x",
        "https://",
        "https://a.example:port/",
        "https://a b/",
        "x" * 3000,
    ],
)
def test_what_is_no_web_address_is_no_link(address: str | None) -> None:
    assert link(address) is None


@given(st.text())
def test_any_text_is_a_safe_link_or_none(text: str) -> None:
    made = link("https://" + text)
    assert made is None or (made.url.isascii() and not set(made.url) & set("<>| \n"))
