"""Claims × ledger → decisions: what is new, and why everything else is not.

`decide` is a plain function: the same ledger and the same claims always give the same decisions. An episode (one trip,
one parade, one meeting) opens with its first development and closes by itself; within it stages have an order, flips
(denied, postponed, cancelled, declined) turn back what was announced, and no weak claim steers alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from monitor.frames.frame import Frame, Frames, shipped
from monitor.frames.presence import SAME_PARADE_DAYS
from monitor.frames.shapes import EPISODE
from monitor.types import (
    Article,
    Claim,
    Decision,
    Development,
    Episode,
    Ledger,
    Outcome,
    PendingClaim,
    WatchTopic,
)

ANNOUNCED = "announced"  # the stage from which on a thing is settled, in every frame
LATE_AFTER = timedelta(hours=36)  # an item published this long before it was seen is no news
_REFUSALS = frozenset({"declined", "cancelled", "denied"})
_KNOWN_PARADE_TRACKS = "guest-list"

Key = tuple[str, str, str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """The decisions on one article's claims, in the order of the claims, and the ledger after them."""

    decisions: tuple[Decision, ...]
    ledger: Ledger


def key_of(claim: Claim) -> Key:
    """What makes two claims the same within an episode."""
    return claim.topic, claim.stage, claim.subject, claim.object, claim.detail


def decide(
    article: Article,
    article_id: str,
    claims: Sequence[Claim],
    ledger: Ledger,
    topics: Mapping[str, WatchTopic],
    *,
    known: frozenset[Key] = frozenset(),
    edited: bool = False,
    frames: Frames | None = None,
) -> Decided:
    """Decide on all claims of one article. `edited`: it is a later version; `known`: what the one before it said.

    `frames`: those that the topics name; None: those that ship.
    """
    court = _Court(article, article_id, ledger, topics, known, edited, frames or shipped())
    for claim in _in_order(claims, topics, court.frames):
        court.hear(claim)
    return Decided(decisions=tuple(court.decisions), ledger=court.ledger())


def _in_order(claims: Sequence[Claim], topics: Mapping[str, WatchTopic], frames: Frames) -> list[Claim]:
    """Earlier stages first, so that a text that tells a whole trip opens its episode once.

    What is only possible or offered comes after that: a text that says more as well does not say this as news.
    """

    def place(claim: Claim) -> tuple[bool, bool, int]:
        frame = frames[topics[claim.topic].frame]
        rank = frame.rank(claim.stage)
        tentative = rank == 0 or claim.stage in frame.aside
        return claim.object == EPISODE, tentative, rank if rank >= 0 else len(frame.order)

    return sorted((c for c in claims if c.topic in topics), key=place)


class _Court:
    """The state of one hearing: one article's claims against the ledger."""

    def __init__(
        self,
        article: Article,
        article_id: str,
        ledger: Ledger,
        topics: Mapping[str, WatchTopic],
        known: frozenset[Key],
        edited: bool,
        frames: Frames,
    ) -> None:
        self.article = article
        self.article_id = article_id
        self.topics = topics
        self.known = known
        self.edited = edited
        self.frames = frames
        self.now = article.seen
        self.decisions: list[Decision] = []
        self._episodes = {episode.id: episode for episode in ledger.episodes}
        self._developments = list(ledger.developments)
        self._pending = list(ledger.pending)

    def ledger(self) -> Ledger:
        return Ledger(
            episodes=tuple(self._episodes.values()),
            developments=tuple(self._developments),
            pending=tuple(p for p in self._pending if self._waits(p)),
        )

    def _waits(self, pending: PendingClaim) -> bool:
        """Whether a weak claim may still be borne out: only while its episode could be open."""
        frame = self.frames[self.topics[pending.claim.topic].frame]
        return self.now - pending.seen <= timedelta(days=frame.idle_days)

    # ---- one claim ------------------------------------------------------------------------------------------------

    def hear(self, claim: Claim) -> None:
        frame = self.frames[self.topics[claim.topic].frame]
        episode = self._episode_for(claim, frame)
        if episode is None and claim.object == EPISODE and frame.shape == "meeting":
            claim = replace(claim, object=self._whereabouts(claim) or EPISODE)
        if episode is not None and claim.object != episode.object:
            claim = replace(claim, object=episode.object)
        outcome, reason, development = self._judge(claim, frame, episode)
        if outcome.alerts or (outcome is Outcome.BACKFILL and self.article.published is not None):
            development = self._record(claim, frame, episode).id  # of a backfill too: others will say it again
        elif outcome is Outcome.PENDING:
            self._pending.append(
                PendingClaim(claim=claim, article=self.article_id, origin=self._origin(claim), seen=self.now)
            )
        elif outcome is Outcome.CORROBORATES and episode is not None:
            self._touch(episode)
        self.decisions.append(Decision(claim=claim, outcome=outcome, reason=reason, development=development))

    def _judge(self, claim: Claim, frame: Frame, episode: Episode | None) -> tuple[Outcome, str, str | None]:
        nearest = self._nearest(claim, episode)
        if claim.excluded:
            outcome = Outcome.NOT_OWN_KNOWLEDGE if claim.excluded == "analyst" else Outcome.BACKGROUND
            return outcome, _EXCLUDED.get(claim.excluded, claim.excluded), nearest
        if claim.object == EPISODE or "?" in claim.object:
            return Outcome.OUT_OF_EPISODE, f"no {frame.noun} is known that it could belong to", nearest
        watched = self.topics[claim.topic].objects
        if watched and claim.object not in watched:
            return Outcome.OUT_OF_EPISODE, f"the topic does not watch {claim.object}", nearest
        if self._too_early(claim, frame, episode):
            return Outcome.OUT_OF_EPISODE, f"the {frame.noun} is still to come", nearest
        if key_of(claim) in self.known:
            return Outcome.SAME_VERSION, "an earlier version of this item said so already", nearest
        same = self._same(claim, frame, episode) or self._same_refusal(claim, episode)
        flip = self._flip_since(claim, frame, episode)
        if same is not None and not flip:
            return Outcome.CORROBORATES, f"known since {_when(same.first_seen)}", same.id
        if self._is_late():
            return Outcome.LATE, "published long before it was seen", nearest
        if self.article.backfill:
            return Outcome.BACKFILL, "found by the first poll of its source", nearest
        return self._judge_new(claim, frame, episode, nearest, flip)

    def _too_early(self, claim: Claim, frame: Frame, episode: Episode | None) -> bool:
        """Nobody has attended what is still to come, whatever day the text seemed to mean."""
        day = episode.event_date if episode is not None else claim.event_date
        if frame.shape != "presence" or claim.stage != frame.order[-1] or day is None:
            return False
        return (self.article.dateline_date or self.article.at.date()) < day

    def _judge_new(
        self, claim: Claim, frame: Frame, episode: Episode | None, nearest: str | None, flip: Development | None
    ) -> tuple[Outcome, str, str | None]:
        track = self._track(claim, episode)
        reached = max((frame.rank(d.stage) for d in track if d.stage not in frame.aside), default=-1)
        rank = frame.rank(claim.stage)
        if episode is None and claim.stage in frame.needs_episode:
            return Outcome.OUT_OF_EPISODE, f"no {frame.noun} is open that it could belong to", nearest
        if rank >= 0 and not flip and rank < reached and claim.stage not in frame.repeatable:
            later = next(d for d in reversed(track) if frame.rank(d.stage) == reached)
            return Outcome.SUPERSEDED, f"{frame.labels[later.stage]} since {_when(later.first_seen)}", later.id
        if rank < 0 and not self._may_flip(claim, frame, track):
            return Outcome.OUT_OF_EPISODE, "nothing is known that it could turn back", nearest
        if claim.weak and not self._supported(claim):
            return Outcome.PENDING, "a weak claim: waits for a title, a lead or a second report", nearest
        if flip is not None:
            return Outcome.NEW, f"turns back “{frame.labels[flip.stage]}”", None
        return Outcome.NEW, self._why_new(claim, frame, episode, track), None

    def _why_new(self, claim: Claim, frame: Frame, episode: Episode | None, track: Sequence[Development]) -> str:
        if episode is None:
            return f"first report of this {frame.noun}"
        if not track:
            return f"first report of this about {claim.subject} in this {frame.noun}"
        stage, before = frame.labels[claim.stage], frame.labels[track[-1].stage]
        return f"first report of “{stage}” in this {frame.noun}; before: “{before}”"

    def _is_late(self) -> bool:
        """Whether it was published long before we saw it; what an edit adds is as new as the edit."""
        published = self.article.published
        return not self.edited and published is not None and self.article.seen - published > LATE_AFTER

    # ---- what is known --------------------------------------------------------------------------------------------

    def _open(self, topic: str, frame: Frame) -> list[Episode]:
        return [e for e in self._episodes.values() if e.topic == topic and not self._closed(e, frame)]

    def _closed(self, episode: Episode, frame: Frame) -> bool:
        """Whether it is over: long after its last stage, its last movement, or the day that it was announced for."""
        told = [d for d in self._developments if d.episode == episode.id]
        day = episode.event_date
        if day is not None and day >= self.now.date():
            return False
        newest = max((d.first_seen for d in told), default=episode.last)
        if any(d.stage in frame.ends for d in told):
            return self.now - newest > timedelta(days=frame.finished_days)
        if any(frame.rank(d.stage) > frame.rank(ANNOUNCED) for d in told):
            return self.now - newest > timedelta(days=frame.under_way_days)
        since = self.now - episode.last
        if day is not None:
            since = min(since, timedelta(days=(self.now.date() - day).days))
        return since > timedelta(days=frame.idle_days)

    def _episode_for(self, claim: Claim, frame: Frame) -> Episode | None:
        """The open episode that the claim belongs to."""
        subject = "" if frame.shape == "presence" else claim.subject
        fitting = [e for e in self._open(claim.topic, frame) if e.subject == subject]
        if claim.object == EPISODE:
            return max(fitting, key=lambda e: self._aptness(claim, e, frame), default=None)
        if frame.shape == "presence":
            return _same_parade(claim, fitting)
        return next((e for e in reversed(fitting) if e.object == claim.object), None)

    def _aptness(self, claim: Claim, episode: Episode, frame: Frame) -> tuple[bool, bool, bool, int, datetime]:
        """How well a claim without a place fits an episode, the best of these first.

        One that is not past that stage; one that knows of it; one that has not ended; the furthest on; the newest.
        """
        told = [d for d in self._developments if d.episode == episode.id]
        progress = max((frame.rank(d.stage) for d in told), default=-1)
        return (
            claim.stage in frame.ends or frame.rank(claim.stage) >= progress,
            any((d.stage, d.detail) == (claim.stage, claim.detail) for d in told),
            claim.stage in frame.ends or not any(d.stage in frame.ends for d in told),
            progress,
            episode.last,
        )

    def _whereabouts(self, claim: Claim) -> str | None:
        """Where the subjects of a meeting are or go, by the trips that are open."""
        for episode in reversed(self._episodes.values()):
            topic = self.topics.get(episode.topic)
            if topic is None or episode.subject not in claim.subject.split("+"):
                continue
            frame = self.frames[topic.frame]
            if frame.shape == "movement" and not self._closed(episode, frame):
                return episode.object
        return None

    def _track(self, claim: Claim, episode: Episode | None) -> list[Development]:
        """The developments of the claim's subject in its episode, in the order in which they became known."""
        if episode is None:
            return []
        return [d for d in self._developments if d.episode == episode.id and d.subject == claim.subject]

    def _same(self, claim: Claim, frame: Frame, episode: Episode | None) -> Development | None:
        """The development that says the same; a flip is the same only until it was itself turned back."""
        for development in reversed(self._track(claim, episode)):
            if (development.stage, development.detail) == (claim.stage, claim.detail):
                return development
            if claim.stage in frame.flips and frame.rank(development.stage) >= frame.rank(ANNOUNCED):
                return None
        return None

    def _same_refusal(self, claim: Claim, episode: Episode | None) -> Development | None:
        """Declined, called off, denied: once it is known that he does not come, another word for it is nothing new."""
        if claim.stage not in _REFUSALS:
            return None
        track = self._track(claim, episode)
        return track[-1] if track and track[-1].stage in _REFUSALS else None

    def _flip_since(self, claim: Claim, frame: Frame, episode: Episode | None) -> Development | None:
        """The flip that this claim would turn back: an announcement after a cancellation is news again."""
        track = self._track(claim, episode)
        if not track or claim.subject == _KNOWN_PARADE_TRACKS:
            return None
        last = track[-1]
        if (
            claim.stage in frame.flips
            or last.stage not in frame.flips
            or frame.rank(claim.stage) < frame.rank(ANNOUNCED)
        ):
            return None
        if self.article.at <= last.first_seen - timedelta(hours=1):
            return None  # written before the flip was known
        return last

    def _may_flip(self, claim: Claim, frame: Frame, track: Sequence[Development]) -> bool:
        if claim.stage == "denied":
            return (
                bool(track)
                and track[-1].stage not in frame.flips
                and track[-1].stage in ("possible", "announced", "invited")
            )
        if track and frame.rank(track[-1].stage) == len(frame.order) - 1:
            return False
        return not track or track[-1].stage not in frame.flips or track[-1].stage != claim.stage

    def _supported(self, claim: Claim) -> bool:
        """Whether another article, of another origin, made the same weak claim before."""
        return any(
            key_of(p.claim) == key_of(claim) and p.article != self.article_id and p.origin != self._origin(claim)
            for p in self._pending
            if self._waits(p)
        )

    def _origin(self, claim: Claim) -> str:
        return claim.attribution.origin or self.article.source_id

    def _nearest(self, claim: Claim, episode: Episode | None) -> str | None:
        track = self._track(claim, episode)
        if track:
            return track[-1].id
        related = [d for d in self._developments if d.topic == claim.topic and d.subject == claim.subject]
        return related[-1].id if related else None

    # ---- what becomes known ---------------------------------------------------------------------------------------

    def _record(self, claim: Claim, frame: Frame, episode: Episode | None) -> Development:
        if episode is None:
            episode = self._open_episode(claim, frame)
        count = sum(
            d.episode == episode.id and (d.stage, d.subject, d.detail) == (claim.stage, claim.subject, claim.detail)
            for d in self._developments
        )
        parts = [episode.id, claim.stage, claim.subject, claim.detail or "-", str(count + 1)]
        development = Development(
            id="/".join(parts),
            episode=episode.id,
            topic=claim.topic,
            stage=claim.stage,
            subject=claim.subject,
            object=claim.object,
            detail=claim.detail,
            event_date=claim.event_date,
            first_seen=self.now,
            article=self.article_id,
        )
        self._developments.append(development)
        self._pending = [p for p in self._pending if key_of(p.claim) != key_of(claim)]
        self._touch(episode)
        return development

    def _open_episode(self, claim: Claim, frame: Frame) -> Episode:
        subject = "" if frame.shape == "presence" else claim.subject
        parts = [claim.topic, subject or "all", claim.object, self.now.astimezone(UTC).date().isoformat()]
        identity = "/".join(parts)
        while identity in self._episodes:
            identity += "+"
        episode = Episode(
            id=identity,
            topic=claim.topic,
            subject=subject,
            object=claim.object,
            opened=self.now,
            last=self.now,
            event_date=self._day_of(claim, frame),
        )
        self._episodes[episode.id] = episode
        return episode

    def _day_of(self, claim: Claim, frame: Frame) -> date | None:
        """The day that an episode is announced for; a day that has passed says nothing of a trip still to come."""
        if frame.shape == "presence":
            return claim.event_date
        ahead = claim.event_date is not None and claim.event_date > self.now.date()
        return claim.event_date if ahead and 0 <= frame.rank(claim.stage) <= frame.rank(ANNOUNCED) else None

    def _touch(self, episode: Episode) -> None:
        current = self._episodes[episode.id]
        self._episodes[episode.id] = replace(current, last=max(current.last, self.now))


def _same_parade(claim: Claim, episodes: Sequence[Episode]) -> Episode | None:
    """The parade in that city whose day is nearest: texts are vague about the day of what everybody knows of."""
    city = _city(claim.object)
    fitting = [e for e in episodes if city in ("?", _city(e.object))]
    if claim.event_date is None or claim.object.endswith("-?"):
        return fitting[-1] if fitting else None
    day = claim.event_date
    near = [e for e in fitting if e.event_date and abs((e.event_date - day).days) <= SAME_PARADE_DAYS]
    return min(near, key=lambda e: abs((e.event_date or day) - day), default=None)


def _city(identity: str) -> str:
    return identity.removesuffix("-?") if identity.endswith("-?") else identity[:-11]


_EXCLUDED = {
    "history": "tells what is past",
    "condition": "says what would be, not what is",
    "caption": "a picture's caption",
    "headline": "a headline only: the text below says that it is still to come",
    "withdrawn": "the story is withdrawn by those who published it",
    "gallery": "a gallery or quiz of known facts",
    "analyst": "a forecast by somebody with no knowledge of his own",
}


def _when(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%-d %B %Y %H:%M} UTC"


__all__ = ["LATE_AFTER", "Decided", "Key", "decide", "key_of"]
