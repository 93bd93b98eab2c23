"""From the bus to the archive: one batch, all stages, one transaction. Read this first.

    take a batch → decode → read: normalize, extract claims → decide against the ledger → store it all, alerts too
    → commit the transaction → commit the offsets

A message that is delivered again is recognised by its identity and changes nothing. What can't be decoded or stored
goes to the dead letters, with its story, before its offset is committed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from sqlalchemy import Connection

from monitor.alerting import alert_for, mend_for
from monitor.claims import Reading, extract
from monitor.developments import LATE_AFTER, Decided, Said, decide
from monitor.frames.frame import Frames, shipped
from monitor.language.gazetteer import Gazetteer
from monitor.language.notices import notice_of
from monitor.normalize import normalize
from monitor.novelty import Item, Judged, judge
from monitor.open_topics import FURNITURE, OpenTopics
from monitor.storage import items, outbox, outbox_changes, redated, summaries
from monitor.storage import ledger as archive
from monitor.storage import stories as shelf
from monitor.storage.items import Stored
from monitor.storage.outbox import LaterReport
from monitor.stories import Telling, tell
from monitor.story_alerts import story_alert
from monitor.types import Alert, Article, Claim, Decision, Ledger, Mend, Notice, RawItem, WatchTopic

NOTHING = Reading(claims=(), relevant=(), document=None)
MEMORY = timedelta(days=400)  # how far back the ledger is read: next year's parade still knows of this year's


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What is watched, and where of it is spoken by default."""

    topics: tuple[WatchTopic, ...]
    gazetteer: Gazetteer
    default_channel: str
    frames: Frames = field(default_factory=shipped)  # by name: what the topics' frames mean
    framed: tuple[WatchTopic, ...] = field(init=False)
    open_topics: OpenTopics = field(init=False, compare=False)  # those without a frame

    def __post_init__(self) -> None:
        object.__setattr__(self, "framed", tuple(topic for topic in self.topics if topic.search is None))
        object.__setattr__(self, "open_topics", OpenTopics(self.topics, self.gazetteer))

    def by_id(self) -> dict[str, WatchTopic]:
        """The topics by their ids."""
        return {topic.id: topic for topic in self.topics}


@dataclass(frozen=True, slots=True, kw_only=True)
class Processed:
    """What became of one item."""

    item: RawItem
    article: Article
    stored: Stored
    relevant: tuple[str, ...] = ()
    decisions: tuple[Decision, ...] = ()
    alerts: tuple[Alert, ...] = field(default_factory=tuple)
    mends: tuple[Mend, ...] = ()  # of alerts that were raised before


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """An item with all that can be made of it without the archive."""

    item: RawItem
    article: Article
    reading: Reading
    reported: tuple[Claim, ...] = ()  # on open topics
    told: Mapping[str, Telling] = field(default_factory=dict)  # by open topic: what of the item is compared

    @property
    def relevant(self) -> tuple[str, ...]:
        """Ids of the topics that the item tells something about."""
        return (*self.reading.relevant, *(claim.topic for claim in self.reported if claim.excluded != FURNITURE))


def read(item: RawItem, watch: Watch) -> Read:
    """Normalise an item and extract its claims; needs no connection, so no transaction waits for it."""
    article = normalize(item)
    reading = extract(article, watch.framed, watch.gazetteer, watch.frames)
    found = watch.open_topics.read(article)
    reported = tuple(each.claim for each in found if each.claim is not None)
    told = {each.topic: telling_of(article, *each.rest) for each in found}
    return Read(item=item, article=article, reading=reading, reported=reported, told=told)


def telling_of(article: Article, title: str, text: str) -> Telling:
    """What an article tells besides the words of a search; with them where nothing else is left.

    Where no dateline has settled the day that "today" means, it is that on which the article counts as said.
    """
    day = article.dateline_date or article.at.date()
    told = tell(title, text, article.language, day)
    return told if not told.empty else tell(article.title, article.text, article.language, day)


def process(conn: Connection, batch: Sequence[Read], watch: Watch) -> list[Processed]:
    """Store a batch and all that follows from it, in the caller's transaction; the results in the order of `batch`.

    Raises StorageError. Time comes from the items alone, so the same items give the same rows.
    """
    stored = items.store(conn, [(one.item, one.article) for one in batch])
    fresh = [
        one if where.status != "known" else Read(item=one.item, article=one.article, reading=NOTHING)
        for one, where in zip(batch, stored, strict=True)
    ]
    results = [
        Processed(item=one.item, article=one.article, stored=where, relevant=one.relevant)
        for one, where in zip(fresh, stored, strict=True)
    ]
    edited = [where.article_id for where in stored if where.status == "new_version"]
    if edited or any(one.reading.claims or one.reported for one in fresh):
        _decide_all(conn, results, fresh, watch, archive.with_claims(conn, edited))
    _summarise_backfill(conn, results, watch)
    return results


def _decide_all(
    conn: Connection, results: list[Processed], batch: Sequence[Read], watch: Watch, told: Collection[str]
) -> None:
    """Decide on the claims, item by item in the order in which they were seen; one processor at a time a topic.

    `told`: articles that made claims before. An edit of one may take something back by saying nothing.
    """
    telling = {result.stored.article_id for result, one in zip(results, batch, strict=True) if one.reading.claims}
    telling |= set(told)
    framed = [topic.id for topic in watch.framed] if telling else []
    before = _told_before(conn, results, batch)
    reported = {claim.topic for one in batch for claim in one.reported}
    reported |= {shelf.topic_of(development) for developments in before.values() for development in developments}
    archive.lock_topics(conn, [*framed, *reported])
    order = sorted(range(len(results)), key=lambda i: (results[i].article.seen, results[i].stored.article_id))
    if framed:
        concerned = [
            n for n in order if results[n].stored.article_id in telling and results[n].stored.status != "known"
        ]
        _decide_framed(conn, results, batch, concerned, watch, framed)
    _judge_stories(conn, results, batch, order, watch, before)
    for number in order:
        result = results[number]
        if result.decisions:
            archive.save_decisions(conn, result.stored, result.article, result.relevant, result.decisions)
            outbox.enqueue(conn, result.alerts, result.article.seen)
            outbox.note_reports(conn, _later_reports(result), result.article.seen)
            where = result.stored
            outbox_changes.note_changes(conn, result.mends, where.article_id, where.version, result.article.seen)


def _told_before(conn: Connection, results: Sequence[Processed], batch: Sequence[Read]) -> dict[str, frozenset[str]]:
    """By article: developments of open topics that its last stored version told.

    Of articles that report on open topics, and of edits that withdraw a story, whatever else they say.
    """
    before: dict[str, frozenset[str]] = {}
    for result, one in zip(results, batch, strict=True):
        stored = result.stored
        if stored.status == "known" or stored.article_id in before:
            continue
        if one.reported or (stored.version > 1 and notice_of(result.article) is Notice.WITHDRAWN):
            before[stored.article_id] = shelf.told_before(conn, stored)
    return before


def _decide_framed(
    conn: Connection,
    results: list[Processed],
    batch: Sequence[Read],
    order: Sequence[int],
    watch: Watch,
    topics: Sequence[str],
) -> None:
    """Decide on the claims of topics with a frame, against the ledger of all of them."""
    oldest = min(result.article.seen for result in results)
    before = ledger = archive.load(conn, topics, oldest - MEMORY)
    said: dict[str, list[Said]] = {}
    for number in order:
        results[number], ledger = _decide_one(conn, results[number], batch[number].reading, ledger, watch, said)
    archive.save(conn, before, ledger)


def _decide_one(
    conn: Connection, result: Processed, reading: Reading, ledger: Ledger, watch: Watch, said: dict[str, list[Said]]
) -> tuple[Processed, Ledger]:
    """Decide on one article. `said`: what earlier versions of articles said that stand in the same batch."""
    stored, article = result.stored, result.article
    known = said.get(stored.article_id)
    if known is None:
        previous = archive.previous_claims(conn, stored.article_id, stored.version)
        framed = {topic.id for topic in watch.framed}
        known = [each for each in previous if each.key[0] in framed]
    fresh = stored.version == 1 and any(not claim.excluded for claim in reading.claims)
    decided = decide(
        article,
        stored.article_id,
        reading.claims,
        ledger,
        watch.by_id(),
        before=known,
        edited=stored.version > 1,
        notice=notice_of(article),
        first_told=redated.first_told(conn, article, stored.article_id, LATE_AFTER) if fresh else None,
        own_name=watch.gazetteer.known_as(article.source_name),
        frames=watch.frames,
    )
    said[stored.article_id] = archive.said_of(decided.decisions)
    alerts = _alerts(conn, result, decided.decisions, decided.ledger, watch)
    mends = _mends(article, decided, watch)
    return replace(result, decisions=decided.decisions, alerts=alerts, mends=mends), decided.ledger


def _alerts(
    conn: Connection, result: Processed, decisions: Sequence[Decision], ledger: Ledger, watch: Watch
) -> tuple[Alert, ...]:
    if not any(decision.outcome.alerts for decision in decisions):
        return ()
    topics = watch.by_id()
    names = summaries.source_names(conn, sorted({d.article for d in ledger.developments}))
    names[result.stored.article_id] = result.article.source_name
    raised = (
        alert_for(
            decision,
            result.article,
            topics[decision.claim.topic],
            ledger,
            watch.gazetteer,
            default_channel=watch.default_channel,
            source_names=names,
            frames=watch.frames,
        )
        for decision in decisions
    )
    return tuple(alert for alert in raised if alert is not None)


def _mends(article: Article, decided: Decided, watch: Watch) -> tuple[Mend, ...]:
    """What is to be said of what has changed."""
    topics = watch.by_id()
    by_development = {development.id: development.topic for development in decided.ledger.developments}
    return tuple(
        mend_for(
            change,
            article,
            topics[by_development[change.development]],
            decided.ledger,
            watch.gazetteer,
            watch.frames,
        )
        for change in decided.changes
    )


def _judge_stories(
    conn: Connection,
    results: list[Processed],
    batch: Sequence[Read],
    order: Sequence[int],
    watch: Watch,
    before: Mapping[str, frozenset[str]],
) -> None:
    """Decide on the claims of open topics: each by whether its topic has told the same event.

    `before`: what the last stored version told of articles that report on them, or that take back what they told.
    """
    new = [number for number in order if results[number].stored.status != "known"]
    concerned = [number for number in new if results[number].stored.article_id in before]
    if not concerned:
        return
    topics, told = watch.by_id(), dict(before)
    stories = known = shelf.load(
        conn,
        [topics[claim.topic] for number in concerned for claim in batch[number].reported],
        min(results[number].article.seen for number in concerned),
        also=frozenset().union(*told.values()),
    )
    for number in concerned:
        result, one = results[number], batch[number]
        article, identity = result.article, result.stored.article_id
        fresh = result.stored.version == 1 and any(not claim.excluded for claim in one.reported)
        item = Item(
            article=article,
            id=identity,
            told=one.told,
            before=told[identity],
            first_told=redated.first_told(conn, article, identity, LATE_AFTER) if fresh else None,
            own_name=watch.gazetteer.known_as(article.source_name),
        )
        judged = judge(item, one.reported, stories, topics)
        stories = judged.stories
        told[identity] = frozenset(
            d.development for d in judged.decisions if d.outcome in archive.STOOD and d.development is not None
        )
        results[number] = _with_stories(result, judged, watch)
    shelf.save(conn, known, stories)


def _with_stories(result: Processed, judged: Judged, watch: Watch) -> Processed:
    """The result with what open topics make of it, beside what those with a frame do."""
    topics, article = watch.by_id(), result.article
    raised = (
        story_alert(decision, article, topics[decision.claim.topic], default_channel=watch.default_channel)
        for decision in judged.decisions
    )
    mends = (
        mend_for(change, article, topics[change.claim.topic], judged.stories.ledger, watch.gazetteer, watch.frames)
        for change in judged.changes
        if change.claim.topic in topics
    )
    return replace(
        result,
        decisions=(*result.decisions, *judged.decisions),
        alerts=(*result.alerts, *(alert for alert in raised if alert is not None)),
        mends=(*result.mends, *mends),
    )


def _later_reports(result: Processed) -> list[LaterReport]:
    return [
        LaterReport(
            development_id=decision.development, article_id=result.stored.article_id, version=result.stored.version
        )
        for decision in result.decisions
        if archive.reports_it(decision) and decision.development is not None and not decision.outcome.mends
    ]


def _summarise_backfill(conn: Connection, results: Sequence[Processed], watch: Watch) -> None:
    """One message for a new source, however many batches its first poll fills."""
    for source_id in sorted({r.item.source_id for r in results if r.item.backfill and r.stored.status == "new"}):
        first = next(r for r in results if r.item.source_id == source_id)
        summaries.summarise_backfill(conn, source_id, first.item.source_name, watch.default_channel, first.article.seen)
