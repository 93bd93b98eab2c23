"""One journey as news, and the archive that it is processed into."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Engine

from monitor.language import gazetteer
from monitor.pipeline import Processed, Watch, process, read
from monitor.storage.engine import transaction
from monitor.storage.tables import developments, metadata
from monitor.types import RawItem, WatchTopic
from tests.unit.claims.reading import item

MODI = WatchTopic(id="modi", name="Modi's travel", frame="travel", subjects=("narendra-modi",))
WATCH = Watch(topics=(MODI,), gazetteer=gazetteer.load(), default_channel="#desk")
SEEN = datetime(2024, 8, 19, 12, tzinfo=UTC)

ANNOUNCED = "India's Narendra Modi will travel to Ukraine on August 23, the foreign ministry in New Delhi said."
DEPARTED = "Indian Prime Minister Narendra Modi left New Delhi for Ukraine on Monday."
ARRIVED = "Indian Prime Minister Narendra Modi arrived in Kyiv on Monday."
OTHER = "The price of rice rose again in July, the statistics office in New Delhi said."


def news(key: str, *sentences: str, source: str = "globe", minutes: int = 0) -> RawItem:
    """An item of 19 August 2024, seen so many minutes after noon."""
    plain = item("Modi", "\n\n".join(sentences), day="2024-08-19")
    return replace(
        plain, key=key, source_id=source, url=f"https://{source}.example/{key}", seen=SEEN + timedelta(minutes=minutes)
    )


def poison(key: str) -> RawItem:
    """An item that decodes, and that Postgres refuses for good: its source's id is longer than an index entry."""
    dice = random.Random(1)
    return news(key, OTHER, source="".join(dice.choices("0123456789abcdef", k=30_000)))


def run(engine: Engine, *batch: RawItem) -> list[Processed]:
    """Process a batch in a transaction of its own."""
    made = [read(item, WATCH) for item in batch]
    with transaction(engine) as conn:
        return process(conn, made, WATCH)


def rows(engine: Engine) -> dict[str, int]:
    """How many rows each table of the archive has."""
    with transaction(engine) as conn:
        return {t.name: conn.scalar(sa.select(sa.func.count()).select_from(t)) or 0 for t in metadata.sorted_tables}


def stages(engine: Engine) -> list[str]:
    """The stages that became known, in order."""
    with transaction(engine) as conn:
        return list(conn.scalars(sa.select(developments.c.stage).order_by(developments.c.number)))
