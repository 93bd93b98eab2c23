"""From the bus to the archive: one batch, all stages, one transaction. Read this first.

    take a batch → decode → read: normalize, extract claims → decide against the ledger → store it all, alerts too
    → commit the transaction → commit the offsets

A message that is delivered again is recognised by its identity and changes nothing. What can't be decoded or stored
goes to the dead letters, with its story, before its offset is committed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from sqlalchemy import Connection

from monitor.alerting import alert_for
from monitor.claims import Reading, extract
from monitor.developments import Key, decide, key_of
from monitor.frames.frame import Frames, shipped
from monitor.language.gazetteer import Gazetteer
from monitor.normalize import normalize
from monitor.storage import items, outbox, summaries
from monitor.storage import ledger as archive
from monitor.storage.items import Stored
from monitor.storage.outbox import LaterReport
from monitor.types import Alert, Article, Decision, Ledger, RawItem, WatchTopic

NOTHING = Reading(claims=(), relevant=(), document=None)
MEMORY = timedelta(days=400)  # how far back the ledger is read: next year's parade still knows of this year's


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What is watched, and where of it is spoken by default."""

    topics: tuple[WatchTopic, ...]
    gazetteer: Gazetteer
    default_channel: str
    frames: Frames = field(default_factory=shipped)  # by name: what the topics' frames mean

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """An item with all that can be made of it without the archive."""

    item: RawItem
    article: Article
    reading: Reading


def read(item: RawItem, watch: Watch) -> Read:
    """Normalise an item and extract its claims; needs no connection, so no transaction waits for it."""
    article = normalize(item)
    return Read(item=item, article=article, reading=extract(article, watch.topics, watch.gazetteer, watch.frames))


def process(conn: Connection, batch: Sequence[Read], watch: Watch) -> list[Processed]:
    """Store a batch and all that follows from it, in the caller's transaction; the results in the order of `batch`.

    Raises StorageError. Time comes from the items alone, so the same items give the same rows.
    """
    stored = items.store(conn, [(one.item, one.article) for one in batch])
    fresh = [where.status != "known" for where in stored]
    readings = [one.reading if new else NOTHING for one, new in zip(batch, fresh, strict=True)]
    results = [
        Processed(item=one.item, article=one.article, stored=where, relevant=reading.relevant)
        for one, where, reading in zip(batch, stored, readings, strict=True)
    ]
    if any(reading.claims for reading in readings):
        _decide_all(conn, results, readings, watch)
    _summarise_backfill(conn, results, watch)
    return results


def _decide_all(conn: Connection, results: list[Processed], readings: Sequence[Reading], watch: Watch) -> None:
    """Decide on the claims, item by item in the order in which they were seen; one processor at a time a topic."""
    topics = watch.by_id()
    archive.lock_topics(conn, sorted(topics))
    oldest = min(result.article.seen for result in results)
    before = ledger = archive.load(conn, sorted(topics), oldest - MEMORY)
    said: dict[str, set[Key]] = {}
    order = sorted(range(len(results)), key=lambda i: (results[i].article.seen, results[i].stored.article_id))
    for number in order:
        if readings[number].claims:
            results[number], ledger = _decide_one(conn, results[number], readings[number], ledger, watch, said)
    archive.save(conn, before, ledger)
    for number in order:
        result = results[number]
        if result.decisions:
            archive.save_decisions(conn, result.stored, result.article, result.relevant, result.decisions)
            outbox.enqueue(conn, result.alerts, result.article.seen)
            outbox.note_reports(conn, _later_reports(result), result.article.seen)


def _decide_one(
    conn: Connection, result: Processed, reading: Reading, ledger: Ledger, watch: Watch, said: dict[str, set[Key]]
) -> tuple[Processed, Ledger]:
    """Decide on one article. `said`: what earlier versions of articles said that stand in the same batch."""
    stored = result.stored
    known = said.get(stored.article_id)
    if known is None:
        known = archive.previous_claims(conn, stored.article_id, stored.version)
    decided = decide(
        result.article,
        stored.article_id,
        reading.claims,
        ledger,
        watch.by_id(),
        known=frozenset(known),
        edited=stored.version > 1,
        frames=watch.frames,
    )
    said[stored.article_id] = {key_of(d.claim) for d in decided.decisions if d.outcome in archive.STOOD}
    alerts = _alerts(conn, result, decided.decisions, decided.ledger, watch)
    return replace(result, decisions=decided.decisions, alerts=alerts), decided.ledger


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


def _later_reports(result: Processed) -> list[LaterReport]:
    return [
        LaterReport(
            development_id=decision.development, article_id=result.stored.article_id, version=result.stored.version
        )
        for decision in result.decisions
        if decision.outcome in archive.REPORTING and decision.development is not None
    ]


def _summarise_backfill(conn: Connection, results: Sequence[Processed], watch: Watch) -> None:
    """One message for a new source, however many batches its first poll fills."""
    for source_id in sorted({r.item.source_id for r in results if r.item.backfill and r.stored.status == "new"}):
        first = next(r for r in results if r.item.source_id == source_id)
        summaries.summarise_backfill(conn, source_id, first.item.source_name, watch.default_channel, first.article.seen)
