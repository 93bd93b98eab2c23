"""One article's claims, heard one after another against the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from monitor.developments import episodes, facts, mending, track
from monitor.developments.book import Book, Said, key_of, origin_of
from monitor.developments.wording import when, why_excluded
from monitor.frames.frame import Frame, Frames, shipped
from monitor.frames.shapes import EPISODE
from monitor.types import (
    Article,
    Change,
    Claim,
    Decision,
    Development,
    Episode,
    Ledger,
    Notice,
    Outcome,
    Position,
    Standing,
    WatchTopic,
)

LATE_AFTER = timedelta(hours=36)  # an item published this long before it was seen is no news
_KNOWERS = (Standing.PARTY, Standing.OFFICIAL)  # whose denial stands beside what others saw
_LOCATING = (Outcome.NEW, Outcome.CORROBORATES, Outcome.UPDATE, Outcome.CORRECTION)  # who tells so tells where it is
_HEARSAY = (Standing.UNNAMED, Standing.MEDIA, Standing.WITNESS)  # whose denial does not outweigh a party's word


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """The decisions on one article: on its claims in their order, then on what it takes back; and what they change."""

    decisions: tuple[Decision, ...]
    ledger: Ledger
    changes: tuple[Change, ...] = ()  # the new ones


@dataclass(frozen=True, slots=True, kw_only=True)
class _Verdict:
    outcome: Outcome
    reason: str
    development: str | None


def decide(
    article: Article,
    article_id: str,
    claims: Sequence[Claim],
    ledger: Ledger,
    topics: Mapping[str, WatchTopic],
    *,
    before: Sequence[Said] = (),
    edited: bool = False,
    notice: Notice = Notice.NONE,
    first_told: datetime | None = None,
    own_name: str = "",
    frames: Frames | None = None,
) -> Decided:
    """Decide on all claims of one article.

    `edited`: it is a later version; `before`: what the version before it said. `notice`: what the text says of itself.
    `first_told`: when the same text was seen long before, under another name or date. `own_name`: how others name the
    outlet as first teller. `frames`: those that the topics name; None: those that ship.
    """
    framed = [claim for claim in claims if claim.topic in topics and topics[claim.topic].frame]
    book = Book(ledger, topics, frames or shipped(), article, article_id, own_name)
    court = _Court(book, before, edited, notice, first_told)
    episodes.close_what_is_over(book)
    court.hear_all(_in_order(framed, book))
    return Decided(
        decisions=tuple(court.decisions), ledger=book.ledger(), changes=tuple(book.changes[len(ledger.changes) :])
    )


def _in_order(claims: Sequence[Claim], book: Book) -> list[Claim]:
    """Earlier stages first, so that a text that tells a whole trip opens its episode once.

    What is only possible or offered comes after that: a text that says more as well does not say this as news.
    """

    def place(claim: Claim) -> tuple[bool, bool, int]:
        frame = book.frame_of(claim)
        rank = frame.rank(claim.stage)
        tentative = rank == 0 or claim.stage in frame.aside
        return claim.object == EPISODE, tentative, rank if rank >= 0 else len(frame.order)

    return sorted(claims, key=place)


class _Court:
    """The state of one hearing."""

    def __init__(
        self, book: Book, before: Sequence[Said], edited: bool, notice: Notice, first_told: datetime | None
    ) -> None:
        self.book = book
        self.article = book.article
        self.before = before
        self.known = {said.key: said for said in before}
        self.edited = edited
        self.notice = notice
        self.first_told = first_told
        self.decisions: list[Decision] = []

    def hear_all(self, claims: Sequence[Claim]) -> None:
        """What the article takes back goes first: what it says instead may be new then."""
        taken: list[mending.TakenBack] = []
        if not self.article.backfill and self.notice is not Notice.NONE:
            placed = [self._placed(claim)[0] for claim in claims]
            take_back = mending.withdraw if self.notice is Notice.WITHDRAWN else mending.correct
            taken = take_back(self.book, placed, self.before)
        withdrawn = {key_of(t.claim) for t in taken if t.claim is not None and t.outcome is Outcome.WITHDRAWN}
        for claim in claims:
            if key_of(claim) not in withdrawn:
                self._hear(claim)
        made = tuple(self.decisions)
        self.decisions += mending.decided(self.book, taken, made)
        if self.edited and self.notice is Notice.NONE and not self.article.backfill:
            self.decisions += mending.unsaid(self.book, made, self.before)

    # ---- one claim ------------------------------------------------------------------------------------------------

    def _placed(self, claim: Claim) -> tuple[Claim, Episode | None]:
        """The claim with the object that only the ledger can tell, and the open episode that it belongs to."""
        frame = self.book.frame_of(claim)
        episode = episodes.episode_for(claim, frame, self.book)
        if episode is None and claim.object == EPISODE and frame.where_journeys_lead:
            claim = replace(claim, object=episodes.whereabouts(claim, self.book) or EPISODE)
        if episode is not None and claim.object != episode.object and episode.object != EPISODE:
            claim = replace(claim, object=episode.object)
        return claim, episode

    def _hear(self, claim: Claim) -> None:
        claim, episode = self._placed(claim)
        frame = self.book.frame_of(claim)
        if claim.stage in frame.denials and track.denies_the_plan(claim, frame, self.book.track(claim, episode)):
            claim = replace(claim, detail="")
        verdict = self._judge(claim, frame, episode)
        development = verdict.development
        if episode is not None and EPISODE == episode.object != claim.object and verdict.outcome in _LOCATING:
            self.book.locate(episode, claim.object)
        if verdict.outcome.alerts or (verdict.outcome is Outcome.BACKFILL and self.article.published is not None):
            # of a backfill too: others will say it again
            development = self.book.record(claim, episode or episodes.open_episode(claim, frame, self.book)).id
        elif verdict.outcome is Outcome.PENDING:
            self.book.wait(claim)
        elif verdict.outcome in (Outcome.CORROBORATES, Outcome.UPDATE) and episode is not None:
            self.book.touch(episode)
        self.decisions.append(
            Decision(claim=claim, outcome=verdict.outcome, reason=verdict.reason, development=development)
        )

    def _judge(self, claim: Claim, frame: Frame, episode: Episode | None) -> _Verdict:
        nearest = self.book.nearest(claim, episode)
        watched = self.book.topics[claim.topic].objects
        if claim.excluded:
            outcome = Outcome.NOT_OWN_KNOWLEDGE if claim.excluded == "analyst" else Outcome.BACKGROUND
            return _no(outcome, why_excluded(claim.excluded), nearest)
        if "?" in claim.object and not _may_lack_its_place(claim, frame):
            return _no(Outcome.OUT_OF_EPISODE, f"no {frame.noun} is known that it could belong to", nearest)
        if watched and not any(frame.covers(wanted, claim.object) for wanted in watched):
            unwatched = f"the topic does not watch {claim.object}"
            nowhere = "it is not said where, and the topic watches certain places only"
            return _no(Outcome.OUT_OF_EPISODE, nowhere if claim.object == EPISODE else unwatched, nearest)
        told = self.book.track(claim, episode)
        if self._too_early(claim, told, frame, episode.event_date if episode is not None else claim.event_date):
            return _no(Outcome.OUT_OF_EPISODE, f"the {frame.noun} is still to come", nearest)
        same = track.same(claim, frame, told) or track.same_refusal(claim, frame, told, self.article.at)
        flip = track.flip_since(claim, frame, told, self.article.at)
        if same is not None and not flip:
            return self._again(claim, frame, same)
        if key_of(claim) in self.known:
            return _no(Outcome.SAME_VERSION, "an earlier version of this item said so already", nearest)
        if self._is_late():
            return _no(Outcome.LATE, "published long before it was seen", nearest)
        if self.first_told is not None and not self.edited:
            return _no(Outcome.LATE, f"an old story again: this text was seen on {when(self.first_told)}", nearest)
        if self.article.backfill:
            return _no(Outcome.BACKFILL, "found by the first poll of its source", nearest)
        return self._judge_new(claim, frame, episode, told, flip, nearest)

    def _too_early(self, claim: Claim, told: Sequence[Development], frame: Frame, day: date | None) -> bool:
        """Nobody has attended what is still to come, whatever day a text means, unless it was brought forward."""
        return claim.stage in frame.on_the_day and self._is_ahead(told, frame, day)

    def _is_ahead(self, told: Sequence[Development], frame: Frame, day: date | None) -> bool:
        """Whether its day has not come, and nothing was told of it as begun."""
        if day is None or any(track.has_begun(known, frame) for known in told):
            return False
        return (self.article.dateline_date or self.article.at.date()) < day

    def _is_late(self) -> bool:
        """Whether it was published long before we saw it; what an edit adds is as new as the edit."""
        published = self.article.published
        return not self.edited and published is not None and self.article.seen - published > LATE_AFTER

    # ---- what is known already ------------------------------------------------------------------------------------

    def _again(self, claim: Claim, frame: Frame, same: Development) -> _Verdict:
        """It is known: perhaps with another day, place, level or figure."""
        before = self.known.get(key_of(claim))
        found = facts.first_place(claim, same) or facts.difference(
            claim, same, frame, self.article.dateline_date or self.article.at.date()
        )
        old = self._is_late() or self.article.backfill or self.article.at < same.first_seen - LATE_AFTER
        itself = (same.article, same.first_seen) == (self.book.article_id, self.book.now)  # one text names two days
        reason = f"known since {when(same.first_seen)}"
        if found is not None and not old and not itself and self.first_told is None:
            outcome = facts.verdict(
                claim,
                same,
                found,
                origin=origin_of(claim, self.article),
                said_before=_told_otherwise(before, claim, found.fact),
                notice=self.notice,
                others=self.book.waiting(claim),
            )
            if outcome is not None:
                return self._changed(claim, same, found, outcome)
            self.book.wait(claim)
            reason += f"; names another {found.fact}, which waits for others to say so"
        if before is not None:
            return _no(Outcome.SAME_VERSION, "an earlier version of this item said so already", same.id)
        self.book.corroborate(same, claim)
        return _no(Outcome.CORROBORATES, reason, same.id)

    def _changed(self, claim: Claim, same: Development, found: facts.Difference, outcome: Outcome) -> _Verdict:
        """A fact of a known development is another one, or is said to be."""
        if outcome is Outcome.CONTRADICTION:
            return self._contradict(claim, same, f"another {found.fact} than", found)
        self.book.corroborate(same, claim)
        self.book.change(same, outcome, claim, fact=found.fact, was=found.was, now=found.now)
        episodes.change_fact(self.book, same, claim, found.fact)
        self.book.settle(claim)  # the next change needs tellers of its own
        instead = f"another {found.fact}: {found.now}, not {found.was}"
        return _no(outcome, instead if found.was else f"the first to name the {found.fact}: {found.now}", same.id)

    def _contradict(
        self, claim: Claim, known: Development, how: str, found: facts.Difference | None = None
    ) -> _Verdict:
        """Both sides are kept; the desk is told once of each."""
        fact, was, now = (found.fact, found.was, found.now) if found else ("", "", claim.stage)
        reason = f"{how} what others say since {when(known.first_seen)}; both are kept"
        told = [c for c in self.book.changes if c.development == known.id and c.outcome is Outcome.CONTRADICTION]
        if any((change.fact, change.now) == (fact, now) for change in told):
            return _no(Outcome.BACKGROUND, f"says again what contradicts others: {reason}", known.id)
        self.book.change(known, Outcome.CONTRADICTION, claim, fact=fact, was=was, now=now)
        return _no(Outcome.CONTRADICTION, reason, known.id)

    # ---- what is not known yet ------------------------------------------------------------------------------------

    def _judge_new(
        self,
        claim: Claim,
        frame: Frame,
        episode: Episode | None,
        told: Sequence[Development],
        flip: Development | None,
        nearest: str | None,
    ) -> _Verdict:
        rank, reached = frame.rank(claim.stage), track.furthest(frame, told)
        if episode is None and claim.stage in frame.needs_episode:
            return _no(Outcome.OUT_OF_EPISODE, f"no {frame.noun} is open that it could belong to", nearest)
        if claim.stage in frame.needs_episode and flip is not None and reached <= frame.rank(frame.settled):
            return _no(Outcome.OUT_OF_EPISODE, f"the {frame.noun} that it could belong to is off", nearest)
        homeward = frame.journey and claim.stage in frame.needs_episode
        if homeward and episode is not None and self._is_ahead(told, frame, episode.event_date):  # he was elsewhere
            return _no(Outcome.OUT_OF_EPISODE, f"the {frame.noun} has not begun", nearest)
        if homeward and claim.evidence.position is Position.BODY and not any(track.has_begun(d, frame) for d in told):
            return _no(Outcome.OUT_OF_EPISODE, f"nothing was told of the {frame.noun} as begun", nearest)
        if rank >= 0 and not flip and rank < reached and claim.stage not in frame.repeatable:
            later = next(d for d in reversed(told) if track.reached(d, frame) == reached)
            place = facts.first_place(claim, later)
            if place is not None:
                return self._changed(claim, later, place, Outcome.UPDATE)
            return _no(Outcome.SUPERSEDED, f"{frame.labels[later.stage]} since {when(later.first_seen)}", later.id)
        if rank < 0:
            denied = self._denied(claim, frame, told)
            if denied is not None:
                return self._contradict(claim, denied, "denies")
            if not track.may_flip(claim, frame, told):
                return _no(Outcome.OUT_OF_EPISODE, "nothing is known that it could turn back", nearest)
        if claim.weak and not any(p.claim.weak for p in self.book.waiting(claim)):
            return _no(Outcome.PENDING, "a weak claim: waits for a title, a lead or a second report", nearest)
        if claim.abroad and episode is None and not self._is_vouched_for(claim):
            return _no(Outcome.PENDING, "says not where to: waits for an official word or a second report", nearest)
        if flip is not None:
            return _no(Outcome.NEW, f"turns back “{frame.labels[flip.stage]}”", None)
        return _no(Outcome.NEW, _why_new(claim, frame, episode, told), None)

    def _is_vouched_for(self, claim: Claim) -> bool:
        """Whether somebody says it who would know, or others have said it before."""
        return claim.attribution.standing in _KNOWERS or bool(self.book.waiting(claim))

    def _denied(self, claim: Claim, frame: Frame, told: Sequence[Development]) -> Development | None:
        """What a denial contradicts without turning it back.

        That is what has happened already, when somebody denies it who would know; and a party's own word, when
        somebody denies it who is not named or was only told.
        """
        if claim.stage not in frame.denials or claim.weak or not told:
            return None
        standing = claim.attribution.standing
        meant = [d for d in told if d.stage == claim.detail] if claim.detail else list(told[-1:])
        if not meant or self.article.at < meant[-1].first_seen - timedelta(hours=1):
            return None
        if track.under_way(meant[-1], frame):
            named = claim.detail != "" and claim.evidence.position is Position.TITLE
            headline = standing is Standing.NARRATOR and named
            return meant[-1] if standing in _KNOWERS or headline else None
        is_parties_word = frame.rank(meant[-1].stage) == frame.rank(frame.settled) and (
            meant[-1].standing is Standing.PARTY
        )
        return meant[-1] if is_parties_word and standing in _HEARSAY else None


def _may_lack_its_place(claim: Claim, frame: Frame) -> bool:
    """Whether it is news without a word of where: a meeting, or that somebody has left for abroad or is about to."""
    return claim.object == EPISODE and (frame.where_journeys_lead or claim.abroad)


def _told_otherwise(before: Said | None, claim: Claim, fact: str) -> bool:
    return before is not None and facts.fact_of(before, fact) != facts.fact_of(claim, fact)


def _no(outcome: Outcome, reason: str, development: str | None) -> _Verdict:
    return _Verdict(outcome=outcome, reason=reason, development=development)


def _why_new(claim: Claim, frame: Frame, episode: Episode | None, told: Sequence[Development]) -> str:
    if episode is None:
        return f"first report of this {frame.noun}"
    if not told:
        return f"first report of this about {claim.subject} in this {frame.noun}"
    stage, before = frame.labels[claim.stage], frame.labels[told[-1].stage]
    return f"first report of “{stage}” in this {frame.noun}; before: “{before}”"
