"""What every connector promises, whatever kind of source it reads."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.base import FetchOutcome
from monitor.codec import decode, encode
from monitor.errors import FetchError
from monitor.types import ItemKind, Source, SourceKind, Tier
from tests.support import listings
from tests.support.feeds import STORY, item, live_page, page, rss, update
from tests.support.httpserver import LocalServer, Reply, local_server
from tests.support.sources import NOW, after, read, source

Texts = Sequence[str]  # the text of each of the source's items; their identities are their positions


@dataclass(frozen=True, slots=True)
class Stage:
    """A source whose contents a test sets, and takes away."""

    source: Source
    show: Callable[[Texts], None]
    remove: Callable[[], None]
    several: bool = True  # whether it can hold more than one item


def story(text: str) -> list[str]:
    return [text, *STORY]


@pytest.fixture
def web() -> Iterator[LocalServer]:
    """A fresh local web server."""
    with local_server() as server:
        yield server


LISTINGS: dict[str, tuple[SourceKind, Callable[[int, str], Any], Callable[[Sequence[Any]], bytes]]] = {
    "feed": (SourceKind.FEED, lambda n, text: item(n, description=text), lambda made: rss(*made)),
    "telegram": (SourceKind.TELEGRAM, listings.post, lambda made: listings.channel(*made)),
    "bluesky": (SourceKind.BLUESKY, listings.view, listings.author_feed),
    "mastodon": (SourceKind.MASTODON, listings.status, lambda made: json.dumps(made).encode()),
    "gdelt": (SourceKind.GDELT, listings.article, lambda made: json.dumps({"articles": made}).encode()),
    "google-news": (
        SourceKind.GOOGLE_NEWS,
        lambda n, text: {"title": text, "outlet": "Outlet", "link": f"https://g.example/{n}", "guid": f"CBMi{n}"},
        lambda made: listings.results(*made),
    ),
    "sitemap": (SourceKind.SITEMAP, listings.address, lambda made: listings.sitemap(*made)),
}
OTHERS = ["json-feed", "page", "liveblog", "headings", "posts", "lines", "saved-liveblog"]


@pytest.fixture(params=[*LISTINGS, *OTHERS])
def stage(request: pytest.FixtureRequest, web: LocalServer, tmp_path: Path) -> Stage:
    """Each kind of source in each shape that it comes in."""
    shape: str = request.param

    def served(write: Callable[[Texts], bytes], kind: SourceKind, *, several: bool = True) -> Stage:
        url = web.serve("/x")
        return Stage(
            source(url, kind, tier=Tier.AGENCY, language="en"),
            lambda texts: void(web.serve("/x", Reply(body=write(texts)))),
            lambda: void(web.serve("/x", Reply(status=500))),
            several,
        )

    if shape in LISTINGS:
        kind, one, whole = LISTINGS[shape]
        return served(lambda texts: whole([one(n, text) for n, text in enumerate(texts)]), kind)
    if shape == "json-feed":
        return served(_json_feed, SourceKind.FEED)
    if shape == "page":
        return served(lambda texts: page(story=story(texts[0])), SourceKind.PAGE, several=False)
    if shape == "liveblog":
        return served(
            lambda texts: live_page([update(n, articleBody=text) for n, text in enumerate(texts)]),
            SourceKind.LIVEBLOG,
        )
    if shape == "headings":
        return served(_headed_page, SourceKind.LIVEBLOG)
    return _archive(shape, tmp_path)


def _archive(shape: str, folder: Path) -> Stage:
    def remove() -> None:
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()

    def posts(texts: Texts) -> None:
        for number, text in enumerate(texts):
            (folder / f"{number}.md").write_text(f"---\ntitle: Headline {number}\n---\n\n{text}\n")

    def lines(texts: Texts) -> None:
        made = (json.dumps({"id": f"i{n}", "title": f"Headline {n}", "text": text}) for n, text in enumerate(texts))
        (folder / "stream.jsonl").write_text("".join(f"{each}\n" for each in made))

    def saved(texts: Texts) -> None:
        entries = "".join(f"Headline number {n}\n{text}\n" for n, text in enumerate(texts))
        (folder / "live.txt").write_text(f"The day, live\n{entries}")

    kind = ItemKind.LIVEBLOG_ENTRY if shape == "saved-liveblog" else ItemKind.ARTICLE
    archive = source(str(folder), SourceKind.ARCHIVE, tier=Tier.AGENCY, language="en", item_kind=kind)
    return Stage(archive, {"posts": posts, "lines": lines, "saved-liveblog": saved}[shape], remove)


def _json_feed(texts: Texts) -> bytes:
    items = [{"id": str(n), "title": f"Headline {n}", "content_text": text} for n, text in enumerate(texts)]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items}).encode()


def _headed_page(texts: Texts) -> bytes:
    entries = "".join(f"<h2>Headline number {n}</h2><p>{text}</p>" for n, text in enumerate(texts))
    return f"<html><body><main><h1>Live</h1>{entries}</main></body></html>".encode()


def void(_: object) -> None:
    """For lambdas that have to return nothing."""


ONE = "The first of them said so on Tuesday."
TWO = "The second said nothing at all to this."
EDITED = "The first of them took it back on Wednesday."


async def test_what_is_found_is_complete(stage: Stage) -> None:
    """Every item has an identity, its source's particulars, a text and the time at which it was seen."""
    stage.show([ONE, TWO] if stage.several else [ONE])
    result = await read(stage.source)
    assert result.outcome == FetchOutcome.CHANGED
    assert len(result.items) == (2 if stage.several else 1)
    assert len({each.key for each in result.items}) == len(result.items)
    for found in result.items:
        assert found.key
        assert (found.source_id, found.source_name, found.tier) == ("wire", "The Wire", Tier.AGENCY)
        assert (found.language, found.seen.utcoffset()) == ("en", timedelta())
        assert not found.backfill, "which is for the poller to say"
    seen = [each.seen for each in result.items]
    assert seen[0] == NOW
    assert seen == sorted(set(seen)), "whoever goes by it keeps the order"
    assert seen[-1] - NOW < timedelta(seconds=1)
    assert any(ONE in f"{found.title}\n{found.text}" for found in result.items)


async def test_what_was_found_before_is_not_found_again(stage: Stage) -> None:
    """An unchanged source gives nothing, and says so."""
    stage.show([ONE, TWO])
    result = await read(stage.source, after(await read(stage.source)))
    assert result.items == ()
    assert result.outcome in (FetchOutcome.UNCHANGED, FetchOutcome.NOT_MODIFIED)


async def test_an_edit_is_a_new_version_of_one_item(stage: Stage) -> None:
    """It keeps its key and changes its content hash; the other item is left alone."""
    stage.show([ONE, TWO])
    first = await read(stage.source)
    stage.show([EDITED, TWO])
    second = await read(stage.source, after(first))
    before = {each.key: each.content_hash for each in first.items}
    edited = [each for each in second.items if EDITED in f"{each.title}\n{each.text}"]
    assert len(edited) == 1
    assert edited[0].content_hash != before[edited[0].key]
    others = [each for each in second.items if each is not edited[0]]
    assert all(before[each.key] == each.content_hash for each in others), "a repeat at most, never another item"


async def test_a_source_that_cannot_be_read_is_an_error(stage: Stage) -> None:
    """With an outcome of the closed list and a message; nothing is taken for empty."""
    stage.show([ONE])
    state = after(await read(stage.source))
    stage.remove()
    with pytest.raises(FetchError) as caught:
        await read(stage.source, state)
    assert caught.value.outcome in set(FetchOutcome)
    assert str(caught.value)


async def test_items_and_state_can_be_kept(stage: Stage) -> None:
    """Items survive the bus, and the state what a database does to texts and the order of keys."""
    stage.show([ONE, TWO])
    result = await read(stage.source)
    assert [decode(encode(each)) for each in result.items] == list(result.items)
    kept = json.loads(json.dumps(dict(result.state.seen_items), sort_keys=True))
    assert kept == result.state.seen_items
    assert not any("\x00" in text for pair in kept.items() for text in pair)
