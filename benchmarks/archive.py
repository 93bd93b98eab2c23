"""How fast items are stored, beside what Postgres takes at most.

    python -m benchmarks.archive [--items N] [--batch N] [--json]

Starts a server of its own with its usual settings, so that commits reach the disk. `store` is the product's own way:
raw item, article, version and full text, each batch a transaction. `stored again` is the same items redelivered.
`copy` is COPY of the texts alone into a table without any index.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
from sqlalchemy import Engine

from monitor.storage import items, migrate, search
from monitor.storage.embedded import EmbeddedPostgres
from monitor.storage.engine import make_engine, transaction
from monitor.types import Article, ItemKind, RawItem, Tier

WORDS = (
    "the leader arrived in capital for talks with his counterpart after a train journey across border officials said "
    "state media reported that parade would be attended by guests from many countries while ministry kept silent"
).split()
Pair = tuple[RawItem, Article]


def make_items(count: int, seed: int = 1) -> list[Pair]:
    """Invented news of some 2,000 characters each."""
    chance = random.Random(seed)
    pairs = []
    for number in range(count):
        seen = datetime(2030, 1, 1, tzinfo=UTC) + timedelta(seconds=number)
        title, text = (" ".join(chance.choices(WORDS, k=length)) + f" {number}" for length in (10, 330))
        raw = RawItem(
            source_id=f"source-{number % 40}",
            source_name=f"Source {number % 40}",
            tier=Tier.AGENCY,
            kind=ItemKind.ARTICLE,
            key=f"https://example.com/{number}",
            url=f"https://example.com/{number}",
            title=title,
            text=text,
            language="en",
            published=seen,
            seen=seen,
        )
        article = Article(
            source_id=raw.source_id,
            source_name=raw.source_name,
            tier=raw.tier,
            kind=raw.kind,
            key=raw.key,
            content_hash=raw.content_hash,
            url=raw.url,
            title=title,
            text=text,
            language="en",
            published=seen,
            seen=seen,
        )
        pairs.append((raw, article))
    return pairs


def store(engine: Engine, pairs: Sequence[Pair], batch: int) -> None:
    """The product's way."""
    for start in range(0, len(pairs), batch):
        with transaction(engine) as connection:
            items.store(connection, pairs[start : start + batch])


def copy(url: str, pairs: Sequence[Pair]) -> None:
    """The least that the same texts cost."""
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        connection.execute("CREATE TABLE bare (id text, title text, text text, url text, seen timestamptz)")
        with connection.cursor().copy("COPY bare FROM STDIN") as writer:
            for raw, _ in pairs:
                writer.write_row((raw.key, raw.title, raw.text, raw.url, raw.seen))


def timed(work: Callable[[], object]) -> float:
    """Seconds that it took."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def find(engine: Engine) -> None:
    """Two words that are in every hundredth item or so, the newest twenty."""
    with transaction(engine) as connection:
        search.search(connection, "train 4321 OR train 1234")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--batch", type=int, default=500)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    pairs = make_items(options.items)
    with tempfile.TemporaryDirectory(prefix="watchdesk-") as directory, EmbeddedPostgres(Path(directory)) as server:
        engine = make_engine(server.url())
        migrate.upgrade(engine)
        rates = {
            "store": options.items / timed(lambda: store(engine, pairs, options.batch)),
            "stored again": options.items / timed(lambda: store(engine, pairs, options.batch)),
            "copy": options.items / timed(lambda: copy(server.url("bare"), pairs)),
        }
        searching = timed(lambda: find(engine))
        engine.dispose()
    if options.json:
        figures = {f"{name.replace(' ', '_')}_per_s": round(rate) for name, rate in rates.items()}
        print(json.dumps(figures | {"search_ms": round(searching * 1000, 1)}))
        return
    for name, rate in rates.items():
        print(f"{name:14} {rate:10,.0f} items/s")
    print(f"{'search':14} {searching * 1000:10,.1f} ms over {options.items:,} articles")


if __name__ == "__main__":
    main()
