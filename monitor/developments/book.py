"""The working copy of a ledger while one article is heard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from monitor.frames.frame import Frame, Frames
from monitor.types import (
    Article,
    Change,
    Claim,
    Development,
    Episode,
    Ledger,
    Outcome,
    PendingClaim,
    Teller,
    WatchTopic,
)

TELLERS = 24  # of one development that are remembered: with so many none is left alone by a withdrawal

Key = tuple[str, str, str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the version before said, as far as it stood, and what came of it."""

    key: Key
    development: str | None
    sentence: str
    event_date: date | None = None
    place: str = ""
    level: str = ""
    figures: tuple[str, ...] = ()

    @classmethod
    def of(cls, claim: Claim, development: str | None) -> Said:
        """What a later version will know of a claim."""
        return cls(
            key=key_of(claim),
            development=development,
            sentence=claim.evidence.sentence,
            event_date=claim.event_date,
            place=claim.place,
            level=claim.level,
            figures=claim.figures,
        )


def key_of(claim: Claim) -> Key:
    """What makes two claims the same within an episode."""
    return claim.topic, claim.stage, claim.subject, claim.object, claim.detail


def origin_of(claim: Claim, article: Article) -> str:
    """The first teller: whom the text names as such, else the outlet itself."""
    return claim.attribution.origin or article.source_name


class Book:
    """Episodes, developments, waiting claims and changes: asked and written while one article is heard."""

    def __init__(
        self,
        ledger: Ledger,
        topics: Mapping[str, WatchTopic],
        frames: Frames,
        article: Article,
        article_id: str,
        own_name: str = "",
    ) -> None:
        self.own_names = {article.source_name.lower(), own_name.lower()} - {""}
        self.topics = topics
        self.frames = frames
        self.article = article
        self.article_id = article_id
        self.now = article.seen
        self.episodes = {episode.id: episode for episode in ledger.episodes}
        self.developments = {development.id: development for development in ledger.developments}
        self.pending = list(ledger.pending)
        self.changes = list(ledger.changes)
        self._told: dict[str, list[str]] = {}
        for development in ledger.developments:
            self._told.setdefault(development.episode, []).append(development.id)

    def ledger(self) -> Ledger:
        """The ledger after all that was written."""
        return Ledger(
            episodes=tuple(self.episodes.values()),
            developments=tuple(self.developments.values()),
            pending=tuple(p for p in self.pending if self.waits(p)),
            changes=tuple(self.changes),
        )

    def frame(self, topic: str) -> Frame | None:
        """The frame of a topic; None for one that is not watched any more, or is an open one."""
        watched = self.topics.get(topic)
        return self.frames[watched.frame] if watched is not None and watched.frame else None

    def frame_of(self, claim: Claim) -> Frame:
        """The frame of a claim on a topic that is watched by one."""
        return self.frames[self.topics[claim.topic].frame]

    def waits(self, pending: PendingClaim) -> bool:
        """Whether a claim may still be borne out: only while its episode could be open."""
        frame = self.frame(pending.claim.topic)
        return frame is None or self.now - pending.seen <= timedelta(days=frame.idle_days)

    # ---- developments ---------------------------------------------------------------------------------------------

    def told(self, episode: Episode | None) -> list[Development]:
        """The developments of an episode that stand, in the order in which they became known."""
        if episode is None:
            return []
        found = (self.developments[identity] for identity in self._told.get(episode.id, ()))
        return [development for development in found if development.withdrawn is None]

    def track(self, claim: Claim, episode: Episode | None) -> list[Development]:
        """Those of the claim's subject."""
        return [development for development in self.told(episode) if development.subject == claim.subject]

    def nearest(self, claim: Claim, episode: Episode | None) -> str | None:
        """The development that a claim comes nearest to: of its track, its subject, its episode, its object."""
        standing = [d for d in self.developments.values() if d.withdrawn is None and d.topic == claim.topic]
        for related in (
            self.track(claim, episode),
            [d for d in standing if d.subject == claim.subject],
            self.told(episode),
            [d for d in standing if d.object == claim.object],
        ):
            if related:
                return related[-1].id
        return None

    def record(self, claim: Claim, episode: Episode) -> Development:
        """A new development of an episode."""
        parts = (claim.stage, claim.subject, claim.detail or "-")
        before = [self.developments[identity] for identity in self._told.get(episode.id, ())]
        count = sum((d.stage, d.subject, d.detail or "-") == parts for d in before)
        development = Development(
            id="/".join((episode.id, *parts, str(count + 1))),
            episode=episode.id,
            topic=claim.topic,
            stage=claim.stage,
            subject=claim.subject,
            object=claim.object,
            detail=claim.detail,
            event_date=claim.event_date,
            first_seen=self.now,
            article=self.article_id,
            exact_day=self._names_a_day_ahead(claim),
            place=claim.place,
            level=claim.level,
            figures=claim.figures,
            standing=claim.attribution.standing,
            tellers=(self.teller(claim),),
        )
        self.developments[development.id] = development
        self._told.setdefault(episode.id, []).append(development.id)
        self.settle(claim)
        self.touch(episode)
        return development

    def settle(self, claim: Claim) -> None:
        """The claim waits for nobody any more."""
        self.pending = [p for p in self.pending if key_of(p.claim) != key_of(claim)]

    def forget_waiting(self) -> None:
        """What this very article said bears nobody out: its source took it back."""
        self.pending = [p for p in self.pending if p.article != self.article_id]

    def amend(self, development: Development, **facts: Any) -> Development:
        """Write other facts of a development."""
        amended = replace(self.developments[development.id], **facts)
        self.developments[development.id] = amended
        return amended

    def teller(self, claim: Claim) -> Teller:
        """Who says the claim."""
        return Teller(origin=origin_of(claim, self.article).lower(), source=self.article.source_id)

    def corroborate(self, development: Development, claim: Claim) -> None:
        """One more stands for it; a fact that nobody had named is filled in."""
        teller = self.teller(claim)
        if teller not in development.tellers and len(development.tellers) < TELLERS:
            development = self.amend(development, tellers=(*development.tellers, teller))
        if not development.exact_day and self._names_a_day_ahead(claim) and not claim.weak:
            development = self.amend(development, event_date=claim.event_date, exact_day=True)
        if not development.place and claim.place and not claim.weak:
            development = self.amend(development, place=claim.place)
        if not development.level and claim.level and not claim.weak:
            development = self.amend(development, level=claim.level)
        if not development.figures and claim.figures and not claim.weak:
            self.amend(development, figures=claim.figures)

    def _names_a_day_ahead(self, claim: Claim) -> bool:
        """Whether it names a day that is still to come; another is as often the day on which somebody spoke."""
        return claim.exact_day and claim.event_date is not None and claim.event_date > self.now.date()

    # ---- the rest -------------------------------------------------------------------------------------------------

    def touch(self, episode: Episode) -> None:
        """Something was reported of it."""
        current = self.episodes[episode.id]
        self.episodes[episode.id] = replace(current, last=max(current.last, self.now))

    def locate(self, episode: Episode, place: str) -> None:
        """It is known now where it is: the meeting and what was told of it have that for their object."""
        self.episodes[episode.id] = replace(self.episodes[episode.id], object=place)
        for development in self.told(episode):
            self.amend(development, object=place)

    def close(self, episode: str, why: str) -> None:
        """End an episode now."""
        self.episodes[episode] = replace(self.episodes[episode], closed=self.now, closed_because=why)

    def wait(self, claim: Claim) -> None:
        """Keep a claim until others bear it out."""
        waiting = PendingClaim(
            claim=claim, article=self.article_id, origin=origin_of(claim, self.article), seen=self.now
        )
        self.pending.append(waiting)

    def waiting(self, claim: Claim) -> list[PendingClaim]:
        """Claims like this one that other articles of other tellers made before."""
        origin = origin_of(claim, self.article)
        return [
            p
            for p in self.pending
            if key_of(p.claim) == key_of(claim)
            and p.article != self.article_id
            and p.origin.lower() != origin.lower()
            and self.waits(p)
        ]

    def change(
        self,
        development: Development,
        outcome: Outcome,
        claim: Claim,
        *,
        fact: str = "",
        was: str = "",
        now: str = "",
        stands: bool = True,
    ) -> Change:
        """Note what became of a development."""
        number = 1 + sum(change.development == development.id for change in self.changes)
        change = Change(
            id=f"{development.id}#{number}",
            development=development.id,
            outcome=outcome,
            fact=fact,
            was=was,
            now=now,
            stands=stands,
            claim=claim,
            article=self.article_id,
            seen=self.now,
        )
        self.changes.append(change)
        return change
