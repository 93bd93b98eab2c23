"""Short ways to make the nouns that the archive stores."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from monitor.storage.items import article_id
from monitor.types import (
    Article,
    Attribution,
    Claim,
    Decision,
    Development,
    Episode,
    Evidence,
    ItemKind,
    Outcome,
    Position,
    RawItem,
    Span,
    Standing,
    Tier,
)

T0 = datetime(2030, 5, 1, 8, 0, tzinfo=UTC)
EPISODE = "kim-travel/kim-jong-un/RU/2030-05-01"


def at(minutes: float) -> datetime:
    """So many minutes after the story begins."""
    return T0 + timedelta(minutes=minutes)


def pair(
    key: str,
    title: str = "Kim to visit Moscow",
    text: str = "",
    *,
    source: str = "yonhap",
    name: str = "Yonhap",
    language: str | None = "en",
    minutes: float = 0,
    **changes: Any,
) -> tuple[RawItem, Article]:
    """A raw item and the article that it becomes."""
    seen = at(minutes)
    common: dict[str, Any] = {
        "source_id": source,
        "source_name": name,
        "tier": Tier.AGENCY,
        "kind": ItemKind.ARTICLE,
        "key": key,
        "url": f"https://{source}.example/{article_id(source, key)}",
        "title": title,
        "text": text,
        "author": "A. Writer",
        "published": seen - timedelta(minutes=5),
        "seen": seen,
        "time_zone": "Asia/Seoul",
        "flags": ("summary_only",),
    } | changes
    raw = RawItem(
        **common,
        language=language,
        summary=None,
        published_raw="Wed, 01 May 2030 16:55:00 +0900",
        updated_raw=None,
    )
    article = Article(
        **common, language=language, content_hash=raw.content_hash, dateline_date=date(2030, 5, 1), backfill=False
    )
    return raw, article


def claim(
    stage: str = "announced", *, origin: str = "", speaker: str = "", weak: bool = False, **changes: Any
) -> Claim:
    """A claim that Kim travels to Russia."""
    values: dict[str, Any] = {
        "topic": "kim-travel",
        "stage": stage,
        "subject": "kim-jong-un",
        "object": "RU",
        "evidence": Evidence(
            sentence=f"Kim Jong Un is {stage} in Moscow.",
            position=Position.LEAD,
            offset=0,
            spans=(Span(start=0, end=12, label="subject", text="Kim Jong Un"),),
            bound_by="the same clause",
        ),
        "attribution": Attribution(
            speaker=speaker, standing=Standing.PARTY if speaker else Standing.NARRATOR, origin=origin
        ),
        "event_date": date(2030, 5, 9),
        "figures": ("2",),
        "weak": weak,
    }
    return Claim(**(values | changes))


def development(stage: str, article: str, *, minutes: float = 0, **changes: Any) -> Development:
    """A development of the trip."""
    values: dict[str, Any] = {
        "id": f"{EPISODE}/{stage}/kim-jong-un/-/1",
        "episode": EPISODE,
        "topic": "kim-travel",
        "stage": stage,
        "subject": "kim-jong-un",
        "object": "RU",
        "detail": "",
        "event_date": date(2030, 5, 9),
        "first_seen": at(minutes),
        "article": article,
    }
    return Development(**(values | changes))


def episode(**changes: Any) -> Episode:
    """The trip."""
    values: dict[str, Any] = {
        "id": EPISODE,
        "topic": "kim-travel",
        "subject": "kim-jong-un",
        "object": "RU",
        "opened": T0,
        "last": T0,
    }
    return Episode(**(values | changes))


def decision(
    said: Claim, outcome: Outcome = Outcome.NEW, development_id: str | None = None, reason: str = "first report"
) -> Decision:
    """A decision on a claim."""
    return Decision(claim=said, outcome=outcome, reason=reason, development=development_id)
