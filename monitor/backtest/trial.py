"""What some topics would have made of the archive's items, one after another, with a ledger in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from monitor.alerting import alert_for
from monitor.developments import Said, decide
from monitor.language.notices import notice_of
from monitor.novelty import Item, Stories, judge
from monitor.pipeline import MEMORY, Read, Watch, read
from monitor.storage.archived import Archived
from monitor.storage.ledger import STOOD, said_of
from monitor.story_alerts import story_alert
from monitor.types import Alert, Article, Decision, Development, Ledger, Notice

# An edit of a page may still belong to a story that is over; so long it is remembered.
EDITED_AFTER = timedelta(days=30)

FirstTold = Callable[[Article], datetime | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An alert that would have been raised, and on which item."""

    development: str
    topic: str
    stage: str
    subject: str
    object: str
    detail: str
    headline: str
    channel: str
    sentence: str
    reason: str  # why it was new
    article: str
    title: str
    source: str
    url: str | None
    seen: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one item came to."""

    told: tuple[Told, ...] = ()
    decisions: tuple[Decision, ...] = ()


class Trial:
    """Some topics and what they know so far. Decides as the pipeline does, and stores nothing."""

    def __init__(self, watch: Watch) -> None:
        self.watch = watch
        self.raised: set[str] = set()  # developments that were alerted
        self._topics = watch.by_id()
        self._ledger = Ledger()
        self._stories = Stories()
        self._said: dict[str, list[Said]] = {}  # by article: what its last version said
        self._reported: dict[str, frozenset[str]] = {}  # by article: the stories that its last version told
        self._day: date | None = None

    def step(self, entry: Archived, first_told: FirstTold) -> Step:
        """Decide on the next item. `first_told`: when a text was seen long before, under another name."""
        one = read(entry.item, self.watch)
        self._forget(one.article.seen)
        decisions, told = self._framed(one, entry, first_told)
        more, stories = self._open(one, entry, first_told)
        step = Step(told=(*told, *stories), decisions=(*decisions, *more))
        self.raised.update(each.development for each in step.told)
        return step

    def _framed(self, one: Read, entry: Archived, first_told: FirstTold) -> tuple[Sequence[Decision], list[Told]]:
        article, identity, edited = one.article, entry.stored.article_id, entry.stored.version > 1
        if not one.reading.claims and not (edited and identity in self._said):
            return (), []
        fresh = not edited and any(not claim.excluded for claim in one.reading.claims)
        decided = decide(
            article,
            identity,
            one.reading.claims,
            self._ledger,
            self._topics,
            before=self._said.get(identity, []),
            edited=edited,
            notice=notice_of(article),
            first_told=first_told(article) if fresh else None,
            own_name=self.watch.gazetteer.known_as(article.source_name),
            frames=self.watch.frames,
        )
        self._ledger = decided.ledger
        self._said[identity] = said_of(decided.decisions)
        known = {development.id: development for development in decided.ledger.developments}
        return decided.decisions, self._told(decided.decisions, known, one.article, identity, self._framed_alert)

    def _open(self, one: Read, entry: Archived, first_told: FirstTold) -> tuple[Sequence[Decision], list[Told]]:
        article, identity, edited = one.article, entry.stored.article_id, entry.stored.version > 1
        before = self._reported.get(identity, frozenset())
        if not one.reported and not (edited and notice_of(article) is Notice.WITHDRAWN):
            self._reported.pop(identity, None)  # only the version before an edit counts
            return (), []
        fresh = not edited and any(not claim.excluded for claim in one.reported)
        item = Item(
            article=article,
            id=identity,
            told=one.told,
            before=before,
            first_told=first_told(article) if fresh else None,
            own_name=self.watch.gazetteer.known_as(article.source_name),
        )
        judged = judge(item, one.reported, self._stories, self._topics)
        self._stories = judged.stories
        self._reported[identity] = frozenset(
            each.development for each in judged.decisions if each.outcome in STOOD and each.development is not None
        )
        known = {development.id: development for development in judged.stories.ledger.developments}
        return judged.decisions, self._told(judged.decisions, known, article, identity, self._story_alert)

    def _framed_alert(self, decision: Decision, article: Article) -> Alert | None:
        return alert_for(
            decision,
            article,
            self._topics[decision.claim.topic],
            self._ledger,
            self.watch.gazetteer,
            default_channel=self.watch.default_channel,
            source_names={},  # they name earlier reports, which nobody compares
            frames=self.watch.frames,
        )

    def _story_alert(self, decision: Decision, article: Article) -> Alert | None:
        topic = self._topics[decision.claim.topic]
        return story_alert(decision, article, topic, default_channel=self.watch.default_channel)

    def _told(
        self,
        decisions: Sequence[Decision],
        known: dict[str, Development],
        article: Article,
        identity: str,
        alert_of: Callable[[Decision, Article], Alert | None],
    ) -> list[Told]:
        told = []
        for decision in decisions:
            alert = alert_of(decision, article)
            if alert is None:
                continue
            development = known[alert.key]
            told.append(
                Told(
                    development=development.id,
                    topic=development.topic,
                    stage=development.stage,
                    subject=development.subject,
                    object=development.object,
                    detail=development.detail,
                    headline=alert.headline,
                    channel=alert.channel,
                    sentence=decision.claim.evidence.sentence,
                    reason=decision.reason,
                    article=identity,
                    title=article.title,
                    source=article.source_name,
                    url=article.url,
                    seen=article.seen,
                )
            )
        return told

    def _forget(self, at: datetime) -> None:
        """Once a day, let go of what the pipeline would not read from the archive any more."""
        if self._day == at.date():
            return
        self._day = at.date()
        self._ledger = _since(self._ledger, at - MEMORY)
        windows = (topic.search.window for topic in self.watch.topics if topic.search is not None)
        stories = _since(self._stories.ledger, at - max(windows, default=timedelta(0)) - EDITED_AFTER)
        ids = {development.id for development in stories.developments}
        tellings = {identity: told for identity, told in self._stories.tellings.items() if identity in ids}
        self._stories = Stories(ledger=stories, tellings=tellings)
        kept = {article: told & ids for article, told in self._reported.items()}
        self._reported = {article: told for article, told in kept.items() if told}


def _since(ledger: Ledger, since: datetime) -> Ledger:
    """What moved since then, or whose day is still to come."""
    alive = tuple(
        each
        for each in ledger.episodes
        if each.last >= since or (each.event_date is not None and each.event_date >= since.date())
    )
    ids = {each.id for each in alive}
    developments = tuple(each for each in ledger.developments if each.episode in ids)
    known = {each.id for each in developments}
    return replace(
        ledger,
        episodes=alive,
        developments=developments,
        pending=tuple(each for each in ledger.pending if each.seen >= since),
        changes=tuple(each for each in ledger.changes if each.development in known),
    )
