"""What is measured on: real headlines and articles about everything, and reports that the topics are about."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from benchmarks.quality.headlines import files, read_headlines
from benchmarks.quality.streams import HELD_OUT, SHARED, Stream, held_out, known_folders, read_folder, watch_of
from monitor.developments import decide
from monitor.pipeline import Watch, read
from monitor.types import ItemKind, Ledger, RawItem, Tier

DAY = datetime(2025, 9, 2, 12, tzinfo=UTC)
EVERY = 4  # of the headlines: what is left is enough for a figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """Items with what watches them."""

    name: str
    items: tuple[RawItem, ...]
    watch: Watch


def general() -> list[Corpus]:
    """Items about everything: real ones that lie beside the repository, else what its own streams pass over."""
    watch = watch_of()
    headlines = tuple(line.item for line in read_headlines(files()))[::EVERY]
    pages = tuple(_pages())
    if not headlines:
        return [Corpus(name="items of own streams", items=tuple(_all_items(reports())), watch=watch)]
    return [
        Corpus(name="headlines", items=headlines, watch=watch),
        Corpus(name="articles", items=pages, watch=watch),
    ]


def reports() -> list[Corpus]:
    """The labelled streams, each with its own topics; without the third that nobody looks at."""
    return [Corpus(name=stream.name, items=_items(stream), watch=stream.watch) for stream in _streams()]


def silent(corpus: Corpus, watch: Watch | None = None) -> Corpus:
    """The items that match nothing of what is watched."""
    watch = watch or corpus.watch
    items = tuple(item for item in corpus.items if not _matches(item, watch))
    return Corpus(name=corpus.name, items=items, watch=watch)


def matching(corpus: Corpus) -> Corpus:
    """The items that match something."""
    items = tuple(item for item in corpus.items if _matches(item, corpus.watch))
    return Corpus(name=corpus.name, items=items, watch=corpus.watch)


def go_through(corpus: Corpus) -> int:
    """Read every item and decide on what it claims, from an empty ledger on; how many claims there were."""
    topics = corpus.watch.by_id()
    ledger, claims = Ledger(), 0
    for number, item in enumerate(corpus.items):
        found = read(item, corpus.watch)
        if found.reading.claims:
            decided = decide(
                found.article, str(number), found.reading.claims, ledger, topics, frames=corpus.watch.frames
            )
            ledger, claims = decided.ledger, claims + len(decided.decisions)
    return claims


def item(title: str, text: str, *, language: str | None = None, key: str = "item") -> RawItem:
    """A text as a connector would bring it."""
    return RawItem(
        source_id="benchmark",
        source_name="Benchmark",
        tier=Tier.OUTLET,
        kind=ItemKind.ARTICLE,
        key=key,
        url=f"https://example.com/{key}",
        title=title,
        text=text,
        language=language,
        published=DAY,
        seen=DAY,
    )


def _matches(item: RawItem, watch: Watch) -> bool:
    found = read(item, watch)
    return bool(found.reading.claims or found.reported)


def _pages() -> Iterator[RawItem]:
    """Real articles of some 4,500 characters, their first line for a title."""
    path = SHARED / "data" / "pages" / "ground-truth.json"
    if not path.is_file():
        return
    for number, row in enumerate(json.loads(path.read_text(encoding="utf-8")).values()):
        body = row["articleBody"]
        yield item(body.partition("\n")[0][:120], body, key=f"page-{number}")


def _streams() -> Iterator[Stream]:
    yield from (read_folder(folder) for folder in known_folders())


def _items(stream: Stream) -> tuple[RawItem, ...]:
    hidden = stream.name in HELD_OUT
    return tuple(line.item for line in stream.items if not (hidden and held_out(line.id)))


def _all_items(corpora: Sequence[Corpus]) -> Iterator[RawItem]:
    for corpus in corpora:
        yield from corpus.items
