"""Open topics for tests, and the items that they are tried on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from monitor.language import gazetteer
from monitor.pipeline import Watch
from monitor.types import ItemKind, RawItem, Search, WatchTopic
from tests.unit.claims.reading import item

SEEN = datetime(2025, 10, 9, 8, 0, tzinfo=UTC)
RARE = WatchTopic(
    id="rare-earths",
    name="Rare earths",
    frame="",
    search=Search(
        any=("rare earth*", "稀土", "희토류", "редкоземельн*"),
        none=("horoscope",),
        meaning="New limits on the export of rare earths.",
    ),
)
WATCH = Watch(topics=(RARE,), gazetteer=gazetteer.load(), default_channel="#desk")

CURBS = (
    "China tightens rare earth export curbs",
    "BEIJING - China on Thursday expanded its export controls on rare earths, adding five elements and dozens of "
    "refining technologies to its list, the commerce ministry said.\n\nThe ministry said that foreign users would "
    "need a licence.",
)
CURBS_AGAIN = (
    "Beijing widens export controls on rare earths",
    "China's commerce ministry expanded its export controls on rare earths on Thursday and added five elements and "
    "dozens of refining technologies to the list. Foreign users will need a licence, it said.",
)
MINE = (
    "Rare earth mine opens in Sweden",
    "KIRUNA - A state-owned company opened Europe's largest mine of rare earth oxides in the Arctic town of Kiruna, "
    "with jobs for four hundred people, its chief executive told guests at a ceremony.",
)


def told(
    key: str,
    story: tuple[str, str],
    *,
    hours: float = 0,
    source: str = "globe",
    lang: str | None = "en",
    kind: ItemKind = ItemKind.ARTICLE,
    published: datetime | None = None,
    backfill: bool = False,
) -> RawItem:
    """An item with this title and text, seen so many hours after `SEEN`, and published five minutes before."""
    seen = SEEN + timedelta(hours=hours)
    said = published or seen - timedelta(minutes=5)
    return replace(
        item(*story, lang=lang, kind=kind),
        key=key,
        source_id=source,
        source_name=source.title(),
        url=f"https://{source}.example/{key}",
        seen=seen,
        published=said,
        published_raw=said.isoformat(),
        backfill=backfill,
    )
