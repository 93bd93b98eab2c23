"""Real feeds and pages, and feeds made to be difficult: nothing crashes, nothing that feedparser finds is lost."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from pathlib import Path

import feedparser
import pytest

from connectors.extract import extract_page
from connectors.feedformats import parse_feed
from monitor.errors import FetchError

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
LARGE = 500_000  # bytes
URL = "https://wire.example/"

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="needs the public test data beside the repository")


def feeds(folder: str) -> Iterator[Path]:
    files = (path for path in sorted((DATA / "feeds" / folder).rglob("*")) if path.is_file())
    return (path for path in files if path.suffix != ".json" and path.name != "LICENSE")


@pytest.mark.slow
@pytest.mark.parametrize(("folder", "at_least"), [("feedparser", 2000), ("gofeed", 400), ("miniflux", 10)])
def test_difficult_feeds_do_not_crash(folder: str, at_least: int) -> None:
    """Each is read, or refused by name."""
    good = 0
    for path in feeds(folder):
        try:
            parse_feed(path.read_bytes(), "", URL)
        except FetchError:
            continue  # some are empty, some are pages
        good += 1
    assert good >= at_least


@pytest.mark.slow
def test_real_feeds_lose_nothing() -> None:
    """Every entry that feedparser finds becomes one, with its title; the few very large feeds are left out here."""
    for path in feeds("real"):
        body = path.read_bytes()
        if len(body) > LARGE:
            continue
        ours = parse_feed(body, "", URL)
        theirs = feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False)
        assert len(ours.entries) >= len(theirs.entries), path.name
        assert ours.skipped == 0, path.name
        titled = sum(bool(entry.get("title", "").strip()) for entry in theirs.entries)
        assert sum(bool(entry.title) for entry in ours.entries) >= titled, path.name


@pytest.mark.slow
def test_real_pages_have_title_text_and_date() -> None:
    """No annotated page comes out empty; every third is tried."""
    for path in sorted((DATA / "pages" / "html").iterdir())[::3]:
        found = extract_page(gzip.decompress(path.read_bytes()), "", URL)
        assert found.title, path.name
        assert found.text, path.name
        assert found.published_raw, path.name
