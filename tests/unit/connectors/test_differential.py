"""The fast reader beside feedparser, and our entries beside what test feeds expect."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from lxml import etree

from connectors.encodings import to_utf8
from connectors.fastfeed import Unusual, parse_xml, read_tree
from connectors.feedformats import parse_feed
from connectors.parsed import Entry, web_link
from connectors.reference import read_by_feedparser
from connectors.text import html_to_text, one_line
from connectors.told import ToldFeed, entry_of
from monitor.errors import FetchError
from tests.support.feedcases import Case, cases, gofeed_cases

DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "feeds"
LARGE = 500_000  # bytes
URL = "https://wire.example/feed"

_SILENT = "the entry has neither title nor text nor link: it is counted as skipped"
_HARNESS = "the feed's address is another one here than in feedparser's own tests"
# What is not met, one by one.
EXCEPTIONS = {
    "feedparser/tests/wellformed/atom/entry_created.xml date": _SILENT,
    "feedparser/tests/wellformed/atom/entry_issued.xml date": _SILENT,
    "feedparser/tests/wellformed/atom/entry_modified.xml date": _SILENT,
    "feedparser/tests/wellformed/base/http_item_link_base_content_location.xml link": _HARNESS,
    "feedparser/tests/wellformed/base/http_item_link_base_docuri.xml link": _HARNESS,
    "feedparser/tests/wellformed/cdf/item_lastmod.xml date": _SILENT,
    "feedparser/tests/wellformed/rss/item_dc_date.xml date": _SILENT,
    "feedparser/tests/wellformed/rss/item_dcterms_created.xml date": _SILENT,
    "feedparser/tests/wellformed/rss/item_dcterms_issued.xml date": _SILENT,
    "feedparser/tests/wellformed/rss/item_dcterms_modified.xml date": _SILENT,
    "feedparser/tests/wellformed/rss/item_description_not_a_doctype.xml text": "browsers take <!' … > for a comment",
    "feedparser/tests/wellformed/rss/item_pubDate.xml date": _SILENT,
    "feedparser/tests/wellformed/sanitize/entry_content_iframe.xml text": "what stands in an iframe is never seen",
    "feedparser/tests/wellformed/sanitize/entry_summary_iframe.xml text": "what stands in an iframe is never seen",
    "feedparser/tests/wellformed/sanitize/item_content_encoded_script_nested_cdata.xml text": (
        "of a script in nested CDATA nothing is left but the end of CDATA"
    ),
    "gofeed/testdata/parser/atom/atom03_feed_entry_issued.xml date": _SILENT,
    "gofeed/testdata/parser/atom/atom03_feed_entry_modified.xml date": _SILENT,
    "gofeed/testdata/parser/atom/atom03_feed_entry_updated.xml date": _SILENT,
    "gofeed/testdata/parser/rss/rss_channel_item_pubDate.xml date": _SILENT,
    "gofeed/testdata/parser/rss/rss_channel_item_uri_at_protocol.xml link": (
        "an address that is none of the web's stands in an attribute, which feedparser takes first as well"
    ),
}

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="needs the public test data beside the repository")

# Where the fast reader says something else than feedparser.
OTHERWISE = {
    "item_guid_isPermaLink_ValueError.xml": "a guid that is no address is kept; feedparser, which resolves it, fails",
}


def bodies() -> Iterator[tuple[Path, bytes]]:
    for path in sorted(DATA.rglob("*")):
        if path.is_file() and path.suffix != ".json" and path.name != "LICENSE" and path.stat().st_size < LARGE:
            yield path, to_utf8(path.read_bytes(), "").data.lstrip()


def entries(told: ToldFeed, *, atom: bool) -> list[Entry]:
    return [entry_of(each, URL, told.language, dated_by_update=not atom) for each in told.entries]


@pytest.mark.slow
def test_the_fast_reader_tells_what_feedparser_tells() -> None:
    """Of every feed of the corpora that it takes on: guid, link, title, texts, author, language, dates, number."""
    same = 0
    for path, data in bodies():
        try:
            told, count, atom = read_tree(parse_xml(data), 2000)
        except (Unusual, etree.XMLSyntaxError):
            continue
        reference, version = read_by_feedparser(data)
        if path.name in OTHERWISE:
            continue
        assert entries(told, atom=atom) == entries(reference, atom=version.startswith("atom")), path.name
        assert count == len(reference.entries), path.name
        assert told.title.line() == reference.title.line(), path.name
        same += 1
    assert same > 1300


def plain(text: str) -> str:
    return one_line(html_to_text(text), 10_000)


def meets(case: Case, entry: Entry) -> bool:
    """Whether the entry says what the case expects, in plain text; a link that is none of the web's is null."""
    if case.field == "link":
        return entry.link == web_link(case.expected, URL)
    if case.field == "date":
        return case.expected in (entry.published_raw, entry.updated_raw)
    if case.field == "title":
        return one_line(entry.title) in (plain(case.expected), one_line(case.expected))
    texts = {one_line(each, 10_000) for each in (entry.text, entry.summary or "")}
    return bool(texts & {plain(case.expected), one_line(case.expected, 10_000)})


def unmet(expected: Iterable[Case]) -> dict[str, str]:
    """The cases that are not met, by path and field, with what was found."""
    found: dict[str, str] = {}
    for case in expected:
        name = f"{case.path.relative_to(DATA)} {case.field}"
        try:
            read = parse_feed(case.path.read_bytes(), case.content_type, URL).entries
        except FetchError as error:
            found[name] = str(error)
            continue
        if case.entry >= len(read):
            if plain(case.expected):
                found[name] = "no such entry"
        elif not meets(case, read[case.entry]):
            found[name] = f"{case.expected!r} is {getattr(read[case.entry], case.field, read[case.entry])!r}"
    return found


def test_test_feeds_are_read_as_they_expect() -> None:
    """Title, link, date and content of some 900 cases; the exceptions are known, and none of them is out of date."""
    expected = [*cases(DATA / "feedparser" / "tests" / "wellformed"), *gofeed_cases(DATA / "gofeed" / "testdata")]
    assert len(expected) > 850
    found = unmet(expected)
    assert {name: words for name, words in found.items() if name not in EXCEPTIONS} == {}
    assert EXCEPTIONS.keys() == found.keys()
