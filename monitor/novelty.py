"""The decisions of open topics: a story is told once. Plain functions; the same items in order of `seen` give the same.

A story is an event as its first report told it. An item that tells the same event, within the topic's window after the
last report of it, corroborates; the window moves on with each report. `monitor.stories` says what the same event is.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from monitor.developments import LATE_AFTER
from monitor.open_topics import REPORTED
from monitor.stories import Match, Telling, nearest
from monitor.types import Article, Claim, Decision, Development, Episode, Ledger, Outcome, WatchTopic


@dataclass(frozen=True, slots=True, kw_only=True)
class Stories:
    """What open topics have told: an episode and a development for each story, and how its first report told it."""

    ledger: Ledger = field(default_factory=Ledger)
    tellings: Mapping[str, Telling] = field(default_factory=dict)  # by development


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The decisions on one article's claims, in the order of the claims, and the stories after them."""

    decisions: tuple[Decision, ...]
    stories: Stories


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """One claim with all that it is judged by."""

    claim: Claim
    article: Article
    told: Telling
    known: Sequence[Development]  # stories of the topic that are not over, the oldest first
    match: Match | None
    window: timedelta

    @property
    def nearest(self) -> Development | None:
        """The story that comes nearest."""
        return self.known[self.match.index] if self.match is not None else None


def judge(
    article: Article,
    article_id: str,
    claims: Sequence[Claim],
    told: Telling,
    stories: Stories,
    topics: Mapping[str, WatchTopic],
    *,
    before: Collection[str] = (),
) -> Judged:
    """Decide on the claims that open topics make of one article. `before`: developments that its last version told."""
    decisions = []
    for claim in claims:
        search = topics[claim.topic].search
        assert search is not None
        running = _running(claim.topic, stories.ledger, article.seen - search.window)
        match = nearest(told, [stories.tellings[each.id] for each in running])
        case = _Case(claim=claim, article=article, told=told, known=running, match=match, window=search.window)
        outcome, reason, development = _judge(case, stories, before)
        own = development if outcome in (Outcome.CORROBORATES, Outcome.SAME_VERSION) else None
        if outcome.alerts or (outcome is Outcome.BACKFILL and article.published is not None):
            stories, own = _record(case, stories, article_id)  # a backfill's too: others will say it again
            development = own
        elif outcome is Outcome.CORROBORATES and own is not None:
            stories = _touch(stories, own, article.seen)
        if own is not None:
            claim = replace(claim, object=own.object)
        identity = development.id if development is not None else None
        decisions.append(Decision(claim=claim, outcome=outcome, reason=reason, development=identity))
    return Judged(decisions=tuple(decisions), stories=stories)


def _running(topic: str, ledger: Ledger, since: datetime) -> list[Development]:
    """The topic's stories with a report since then."""
    last = {episode.id: episode.last for episode in ledger.episodes if episode.topic == topic}
    return [each for each in ledger.developments if each.topic == topic and last[each.episode] >= since]


def _judge(case: _Case, stories: Stories, before: Collection[str]) -> tuple[Outcome, str, Development | None]:
    article, story = case.article, case.nearest
    if case.claim.excluded:
        return Outcome.BACKGROUND, _EXCLUDED.get(case.claim.excluded, case.claim.excluded), story
    told = _told_before(case, stories, before)
    if told is not None:
        return Outcome.SAME_VERSION, "an earlier version of this item told this story already", told
    if story is not None and case.match is not None and case.match.same:
        return Outcome.CORROBORATES, f"the same event, known since {_when(story.first_seen)}: {case.match.why}", story
    if article.published is not None and article.seen - article.published > LATE_AFTER:
        return Outcome.LATE, "published long before it was seen", story
    if article.backfill:
        return Outcome.BACKFILL, "found by the first poll of its source", story
    return Outcome.NEW, _why_new(case), None


def _told_before(case: _Case, stories: Stories, before: Collection[str]) -> Development | None:
    """The story that the item's last version belonged to, unless its page tells something else by now."""
    for development in stories.ledger.developments:
        if development.topic == case.claim.topic and development.id in before:
            match = nearest(case.told, [stories.tellings[development.id]])
            if match is not None and match.same:
                return development
    return None


def _why_new(case: _Case) -> str:
    days = case.window / timedelta(days=1)
    span = f"{days:g} day{'s' if days != 1 else ''}" if days >= 1 else f"{case.window / timedelta(hours=1):g} hours"
    if not case.known:
        return f"first report of this story: the topic has told nothing within {span}"
    return f"first report of this story: of {len(case.known)} told within {span} none is of the same event"


def _record(case: _Case, stories: Stories, article_id: str) -> tuple[Stories, Development]:
    """The story as it becomes known: an episode with one development."""
    topic, seen = case.claim.topic, case.article.seen
    day = seen.astimezone(UTC).date().isoformat()
    taken = {episode.id for episode in stories.ledger.episodes}
    number = 1
    while f"{topic}/story/{day}-{number}" in taken:
        number += 1
    episode = Episode(
        id=f"{topic}/story/{day}-{number}", topic=topic, subject="", object=f"{day}-{number}", opened=seen, last=seen
    )
    development = Development(
        id=f"{episode.id}/{REPORTED}",
        episode=episode.id,
        topic=topic,
        stage=REPORTED,
        subject=case.claim.subject,
        object=episode.object,
        detail="",
        event_date=None,
        first_seen=seen,
        article=article_id,
    )
    ledger = replace(
        stories.ledger,
        episodes=(*stories.ledger.episodes, episode),
        developments=(*stories.ledger.developments, development),
    )
    return Stories(ledger=ledger, tellings={**stories.tellings, development.id: case.told}), development


def _touch(stories: Stories, development: Development, seen: datetime) -> Stories:
    episodes = tuple(
        replace(each, last=max(each.last, seen)) if each.id == development.episode else each
        for each in stories.ledger.episodes
    )
    return replace(stories, ledger=replace(stories.ledger, episodes=episodes))


_EXCLUDED = {
    "opinion": "an opinion piece",
    "roundup": "a round-up of many stories",
    "gallery": "a gallery or quiz of known facts",
    "history": "tells what is past",
    "withdrawn": "the story is withdrawn by those who published it",
    "furniture": "its words stand only in a caption, a menu or a box of other stories",
}


def _when(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%-d %B %Y %H:%M} UTC"
