"""Claims as the rules would make them, and a desk that hears them one article after another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from monitor.developments import Said, decide
from monitor.types import (
    Article,
    Attribution,
    Claim,
    Decision,
    Evidence,
    ItemKind,
    Ledger,
    Notice,
    Outcome,
    Position,
    Standing,
    Tier,
    WatchTopic,
)

START = datetime(2024, 8, 19, 9, tzinfo=UTC)
TRIPS = WatchTopic(id="trips", name="Trips", frame="travel", subjects=("narendra-modi",))
PARADES = WatchTopic(id="parades", name="Parades", frame="attendance")
TALKS = WatchTopic(id="talks", name="Talks", frame="talks", pair=("narendra-modi", "volodymyr-zelenskyy"))
TOPICS = {topic.id: topic for topic in (TRIPS, PARADES, TALKS)}
RED_SQUARE = "moscow-2024-05-09"


def claim(
    stage: str, target: str = "UA", *, topic: str = "trips", subject: str = "narendra-modi", **more: object
) -> Claim:
    """A claim as the rules would make it of a title."""
    plain = Claim(
        topic=topic,
        stage=stage,
        subject=subject,
        object=target,
        evidence=Evidence(sentence=stage, position=Position.TITLE, offset=0),
        attribution=Attribution(speaker="", standing=Standing.NARRATOR),
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def attends(stage: str, target: str = RED_SQUARE, *, subject: str = "raul-castro", **more: object) -> Claim:
    """A claim about a parade, with its day."""
    day = date.fromisoformat(target[-10:])
    return claim(stage, target, topic="parades", subject=subject, event_date=day, **more)


def talks(stage: str, target: str = "UA", **more: object) -> Claim:
    """A claim about the meeting of the pair."""
    return claim(stage, target, topic="talks", subject="+".join(TALKS.pair), **more)


def said(what: Claim, development: str | None = None) -> Said:
    """That the version before said so."""
    return Said.of(what, development)


@dataclass
class Desk:
    """Hears articles one after another, an hour apart unless told otherwise."""

    ledger: Ledger = field(default_factory=Ledger)
    now: datetime = START
    heard: int = 0

    def hears(
        self,
        *claims: Claim,
        after: timedelta = timedelta(hours=1),
        published: timedelta = timedelta(),
        source: str = "",
        backfill: bool = False,
        before: Sequence[Said] = (),
        edited: bool = False,
        notice: Notice = Notice.NONE,
        first_told: datetime | None = None,
        own_name: str = "",
        text: str = "",
        topics: Sequence[WatchTopic] = tuple(TOPICS.values()),
    ) -> list[Decision]:
        """The decisions on one article; `published` is how long before it was seen, `source` a new one each time."""
        self.now += after
        self.heard += 1
        article = Article(
            source_id=source or f"outlet-{self.heard}",
            source_name=source or f"Outlet {self.heard}",
            tier=Tier.OUTLET,
            kind=ItemKind.ARTICLE,
            key=str(self.heard),
            content_hash="0" * 64,
            url=None,
            title="",
            text=text,
            language="en",
            published=self.now - published,
            seen=self.now,
            dateline_date=(self.now - published).date(),
            backfill=backfill,
        )
        watched = {t.id: t for t in topics}
        decided = decide(
            article,
            f"a{self.heard}",
            claims,
            self.ledger,
            watched,
            before=before,
            edited=edited,
            notice=notice,
            first_told=first_told,
            own_name=own_name,
        )
        self.ledger = decided.ledger
        return list(decided.decisions)

    def outcomes(self, *claims: Claim, **how: object) -> list[Outcome]:
        """What each claim came to."""
        return [decision.outcome for decision in self.hears(*claims, **how)]  # type: ignore[arg-type]


NEW, SAME, OLD = Outcome.NEW, Outcome.CORROBORATES, Outcome.SUPERSEDED
