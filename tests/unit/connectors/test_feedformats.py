"""What each format's entries become."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from connectors.base import FetchOutcome
from connectors.feedformats import parse_feed
from connectors.parsed import MAX_ENTRIES, Entry
from monitor.errors import FetchError

URL = "https://wire.example/feed.xml"

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Wire</title><language>en-gb</language>
<item><guid isPermaLink="false">g-1</guid><link>/2025/one?a=1</link><title>Kim &amp;amp; Putin to meet</title>
<description>&lt;p&gt;Short.&lt;/p&gt;</description>
<content:encoded><![CDATA[<p>Long text, first.</p><p>Second&nbsp;part.</p>]]></content:encoded>
<dc:creator>A. Writer</dc:creator><pubDate>Thu, 28 Aug 2025 05:02:43 CEST</pubDate></item>
<item><title>Only a title</title></item>
<item></item>
</channel></rss>"""

ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ko"><title>Wire</title>
<entry><id>tag:wire.example,2025:1</id><title type="html">A &lt;b&gt;bold&lt;/b&gt; one</title>
<link rel="alternate" href="https://wire.example/1"/><author><name>B. Writer</name></author>
<published>2025-08-28T05:02:43+09:00</published><updated>2025-08-28T06:00:00+09:00</updated>
<summary>In short</summary><content type="html">&lt;p&gt;At length&lt;/p&gt;</content></entry>
<entry><id>tag:wire.example,2025:2</id><title>Without a type</title><updated>2025-08-28T06:00:00Z</updated>
<summary>&lt;p&gt;Marked up&lt;br&gt;all the same&lt;/p&gt;</summary></entry></feed>"""

RDF = """<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://wire.example/"><title>Wire</title></channel>
<item rdf:about="https://wire.example/1"><title>One</title><link>https://wire.example/1</link>
<dc:date>2025-08-28T05:02+09:00</dc:date></item></rdf:RDF>"""

RSS_091 = """<?xml version="1.0"?><rss version="0.91"><channel><title>Old</title>
<item><title>One</title><link>http://wire.example/1</link><description>Text</description></item></channel></rss>"""


def entries(body: str | bytes, content_type: str = "application/xml") -> tuple[Entry, ...]:
    return parse_feed(body.encode() if isinstance(body, str) else body, content_type, URL).entries


def refused(body: bytes) -> FetchError:
    with pytest.raises(FetchError) as caught:
        parse_feed(body, "", URL)
    return caught.value


def test_rss() -> None:
    """Everything that an item of RSS 2.0 says, with relative links made absolute; an empty item is skipped."""
    parsed = parse_feed(RSS.encode(), "application/rss+xml", URL)
    first, second = parsed.entries
    assert first == Entry(
        guid="g-1",
        link="https://wire.example/2025/one?a=1",
        title="Kim & Putin to meet",
        text="Long text, first.\n\nSecond part.",
        summary="Short.",
        author="A. Writer",
        language="en",
        published_raw="Thu, 28 Aug 2025 05:02:43 CEST",
    )
    assert (second.title, second.text, second.link, second.guid) == ("Only a title", "", None, None)
    assert parsed.skipped == 1


def test_atom() -> None:
    """Title types, language, both dates; markup where the type was forgotten."""
    first, second = entries(ATOM)
    assert first == Entry(
        guid="tag:wire.example,2025:1",
        link="https://wire.example/1",
        title="A bold one",
        text="At length",
        summary="In short",
        author="B. Writer",
        language="ko",
        published_raw="2025-08-28T05:02:43+09:00",
        updated_raw="2025-08-28T06:00:00+09:00",
    )
    assert second.text == "Marked up\nall the same"
    assert (second.published_raw, second.updated_raw) == (None, "2025-08-28T06:00:00Z")


def test_rss_1_0_is_dated_by_dublin_core() -> None:
    """Its only date counts as that of publication."""
    (entry,) = entries(RDF)
    assert (entry.link, entry.published_raw) == ("https://wire.example/1", "2025-08-28T05:02+09:00")


def test_rss_0_91() -> None:
    """Without guid, without date."""
    (entry,) = entries(RSS_091)
    assert (entry.title, entry.text, entry.published_raw) == ("One", "Text", None)


@pytest.mark.parametrize("version", ["https://jsonfeed.org/version/1", "https://jsonfeed.org/version/1.1"])
def test_json_feed(version: str) -> None:
    """Both versions, with what each calls its authors; a broken item is skipped."""
    feed = {
        "version": version,
        "language": "de-AT",
        "author": {"name": "Old"},
        "items": [
            {
                "id": 7,
                "url": "/7",
                "title": "A < B",
                "content_html": "<p>x</p><p>y</p>",
                "summary": "s",
                "date_published": "2025-08-28T05:02:43Z",
                "date_modified": "2025-08-28T06:02:43Z",
                "authors": [{"name": "A"}, {"name": "B"}],
            },
            {"id": "8", "content_text": "plain\n\ntext", "external_url": "https://other.example/8"},
            {"id": "9", "url": "javascript:alert(1)", "title": "odd", "content_html": 5},
            "no item",
        ],
    }
    parsed = parse_feed(json.dumps(feed).encode(), "application/feed+json", URL)
    first, second, third = parsed.entries
    assert first == Entry(
        guid="7",
        link="https://wire.example/7",
        title="A < B",
        text="x\n\ny",
        summary="s",
        author="A, B",
        language="de",
        published_raw="2025-08-28T05:02:43Z",
        updated_raw="2025-08-28T06:02:43Z",
    )
    assert (second.text, second.link, second.author) == ("plain\n\ntext", "https://other.example/8", "Old")
    assert (third.title, third.link) == ("odd", None)
    assert parsed.skipped == 1


def test_an_empty_feed_is_a_feed() -> None:
    """No items is no failure where there is a channel."""
    assert entries("<rss version='2.0'><channel><title>x</title></channel></rss>") == ()
    assert entries("<!DOCTYPE html><!-- by a careless template --><feed xmlns='http://www.w3.org/2005/Atom'/>") == ()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"hello",
        b"<!DOCTYPE html><html><body><item><title>x</title></item></body></html>",
        b"\xef\xbb\xbf<!-- c --><HTML><head><title>Moved</title></head></HTML>",
        b'<?xml version="1.0"?><!DOCTYPE html PUBLIC "x" "y"><html xmlns="x"/>',
        b'{"items": []}',
        b'{"version": "https://jsonfeed.org/version/1"}',
        b'{"version": "https://jsonfeed.org/version/1", "items": [',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"\x00\x01\x02\x03",
    ],
)
def test_what_is_no_feed_is_said_to_be_none(body: bytes) -> None:
    """A page, an error in plain text, another JSON: never a success without items."""
    assert refused(body).outcome == FetchOutcome.NOT_A_FEED


@pytest.mark.parametrize("title", ["Just a moment...", "Attention Required! | Cloudflare", "Access Denied"])
def test_a_challenge_is_blocked(title: str) -> None:
    """A page that wants a human is no page of the site's."""
    body = f"<!DOCTYPE html><html><head><title>{title}</title></head><body>x</body></html>".encode()
    assert refused(body).outcome == FetchOutcome.BLOCKED


def test_a_body_that_is_a_path_opens_no_file(tmp_path: Path) -> None:
    """feedparser would open it, were it given the bytes themselves."""
    secret = tmp_path / "feed.xml"
    secret.write_text(RSS)
    assert refused(str(secret).encode()).outcome == FetchOutcome.NOT_A_FEED
    assert refused(secret.as_uri().encode()).outcome == FetchOutcome.NOT_A_FEED


def test_external_entities_are_not_read(tmp_path: Path) -> None:
    """Neither is a file's content let in, nor is the feed lost."""
    secret = tmp_path / "secret.txt"
    secret.write_text("TOP SECRET")
    body = (
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
        "<rss version='2.0'><channel><item><title>a &x; b</title><link>http://a.example/</link></item></channel></rss>"
    )
    (entry,) = entries(body)
    assert "SECRET" not in entry.title
    assert entry.link == "http://a.example/"


def test_entity_bombs_are_harmless() -> None:
    """A billion laughs are not laughed; the suite's time limit judges."""
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    body = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "lol">{levels}]><rss version="2.0"><channel><item><title>&l9;</title><link>http://a.example/1</link></item></channel></rss>'
    parsed = parse_feed(body.encode(), "", URL)
    assert all(len(entry.title) <= 1000 for entry in parsed.entries)


def test_text_around_broken_entities_is_kept() -> None:
    """Bare ampersands and names that HTML alone knows lose nothing."""
    (entry,) = entries("<rss version='2.0'><channel><item><title>A&nbsp;xé & B&x;C</title></item></channel></rss>")
    assert "xé" in entry.title
    assert "B" in entry.title
    assert "C" in entry.title


def test_a_truncated_feed_gives_what_is_there() -> None:
    """And says that something was wrong."""
    parsed = parse_feed(RSS[: RSS.index("<item><title>Only")].encode(), "", URL)
    assert [entry.guid for entry in parsed.entries] == ["g-1"]
    assert "not well-formed" in parsed.message


def test_endless_feeds_are_cut() -> None:
    """The first entries are read, and it is said that there were more."""
    items = "".join(f"<item><guid>{n}</guid><title>{n}</title></item>" for n in range(MAX_ENTRIES + 5))
    parsed = parse_feed(f"<rss version='2.0'><channel>{items}</channel></rss>".encode(), "", URL)
    assert len(parsed.entries) == MAX_ENTRIES
    assert str(MAX_ENTRIES + 5) in parsed.message


@pytest.mark.parametrize("encoding", ["windows-1251", "koi8-r", "euc-kr", "shift_jis", "gb18030", "utf-16"])
def test_declared_encodings_are_read(encoding: str) -> None:
    """As the XML declaration says, with HTTP silent."""
    word = {"euc-kr": "평양", "shift_jis": "平壌", "gb18030": "平壤", "utf-16": "평양"}.get(encoding, "Пхеньян")
    body = (
        f"<?xml version='1.0' encoding='{encoding}'?>"
        f"<rss version='2.0'><channel><item><title>{word}</title></item></channel></rss>"
    )
    (entry,) = entries(body.encode(encoding))
    assert entry.title == word
