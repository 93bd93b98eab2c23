"""The demo's sources: who serves which part of the stream, and in which shape."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from monitor.types import Backfill, ItemKind, Source, SourceKind, Tier

INTERVAL = timedelta(milliseconds=400)


class Shape(StrEnum):
    """How an outlet of the demo publishes."""

    RSS = "rss"
    RSS_TEASER = "rss-teaser"  # one sentence an item; the rest stands on the article's page
    RSS_1251 = "rss-windows-1251"
    RDF = "rdf"
    ATOM = "atom"
    ATOM_TEASER = "atom-teaser"
    JSON = "json"
    PAGE = "page"
    LIVEBLOG = "liveblog"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """One source of the demo."""

    id: str
    name: str
    shape: Shape
    path: str  # where the server has it
    language: str
    tier: Tier
    time_zone: str

    @property
    def fetches_articles(self) -> bool:
        """Whether the feed alone says too little."""
        return self.shape in (Shape.RSS_TEASER, Shape.ATOM_TEASER)

    @property
    def kind(self) -> SourceKind:
        """Which connector reads it."""
        return {Shape.PAGE: SourceKind.PAGE, Shape.LIVEBLOG: SourceKind.LIVEBLOG}.get(self.shape, SourceKind.FEED)


def _outlet(id: str, name: str, shape: Shape, path: str, language: str, tier: Tier, time_zone: str) -> Outlet:
    return Outlet(id=id, name=name, shape=shape, path=path, language=language, tier=tier, time_zone=time_zone)


# fmt: off
OUTLETS = (
    _outlet("meridian", "Meridian Wire", Shape.RSS, "/meridian-wire.example/feed.xml",
            "en", Tier.AGENCY, "Europe/London"),
    _outlet("harbour", "Harbour Times", Shape.RSS_TEASER, "/harbour-times.example/rss",
            "en", Tier.OUTLET, "Asia/Singapore"),
    _outlet("scroll", "The Daily Scroll", Shape.ATOM_TEASER, "/daily-scroll.example/atom.xml",
            "en", Tier.AGGREGATOR, "Europe/Berlin"),
    _outlet("parallel", "Parallel 38", Shape.JSON, "/parallel38.example/feed.json",
            "en", Tier.OUTLET, "Asia/Seoul"),
    _outlet("hangang", "한강일보", Shape.RSS, "/hangang-ilbo.example/rss.xml",
            "ko", Tier.OUTLET, "Asia/Seoul"),
    _outlet("donghai", "东海晚报", Shape.ATOM, "/donghai-wanbao.example/atom.xml",
            "zh", Tier.OUTLET, "Asia/Shanghai"),
    _outlet("neva", "Невский вестник", Shape.RSS_1251, "/nevsky-vestnik.example/rss.xml",
            "ru", Tier.OUTLET, "Europe/Moscow"),
    _outlet("tosei", "東西新報", Shape.RDF, "/tosei-shimpo.example/index.rdf",
            "ja", Tier.OUTLET, "Asia/Tokyo"),
    _outlet("kurier", "Morgenkurier", Shape.RSS, "/morgenkurier.example/feed",
            "de", Tier.OUTLET, "Europe/Berlin"),
    _outlet("harbour-diary", "Harbour Times", Shape.PAGE, "/harbour-times.example/diary/may-9",
            "en", Tier.OUTLET, "Asia/Singapore"),
    _outlet("meridian-live", "Meridian Wire", Shape.LIVEBLOG, "/meridian-wire.example/live/moscow-parade",
            "en", Tier.AGENCY, "Europe/Moscow"),
)
# fmt: on


def sources(base_url: str) -> tuple[Source, ...]:
    """The outlets as a desk would write them into `sources.yaml`, served at `base_url`."""
    return tuple(
        Source(
            id=outlet.id,
            name=outlet.name,
            kind=outlet.kind,
            url=base_url + outlet.path,
            interval=INTERVAL,
            language=outlet.language,
            tier=outlet.tier,
            fetch_article=outlet.fetches_articles,
            backfill=Backfill.ALERT,
            time_zone=outlet.time_zone,
            allow_private=True,
            item_kind=ItemKind.LIVEBLOG_ENTRY if outlet.shape is Shape.LIVEBLOG else ItemKind.ARTICLE,
        )
        for outlet in OUTLETS
    )
