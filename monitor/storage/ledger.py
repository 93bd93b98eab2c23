"""What is known of the topics, and what was decided: read and written inside one transaction per batch.

The caller locks the topics first, so that the decisions of one topic are made one batch after another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert

from monitor.developments import Said, origin_of
from monitor.storage import ledger_rows as rows
from monitor.storage.items import Stored
from monitor.storage.reports import Telling, add_reports, waited_tellings
from monitor.storage.tables import (
    article_topics,
    changes,
    claims,
    decisions,
    developments,
    episodes,
    pending_claims,
    reports,
)
from monitor.types import Article, Decision, Development, Ledger, Outcome, PendingClaim

# Decisions that make their article a report of the development; after the others it is only the nearest one.
REPORTING = frozenset({Outcome.NEW, Outcome.UPDATE, Outcome.CORROBORATES})


# Decisions after which a later version that says the same says nothing new.
STOOD = REPORTING | {Outcome.SUPERSEDED, Outcome.SAME_VERSION, Outcome.BACKFILL}

# Decisions on claims that say something otherwise; those that only restate what was told before are excluded claims.
_SAID_OTHERWISE = frozenset({Outcome.CORRECTION, Outcome.CONTRADICTION})


def reports_it(each: Decision) -> bool:
    """Whether the decision makes its article a report of the development that it names."""
    corrects = each.outcome is Outcome.CORRECTION and not each.claim.excluded
    return each.development is not None and (each.outcome in REPORTING or corrects)


def lock_topics(conn: Connection, topics: Iterable[str]) -> None:
    """Wait until nobody else decides on these topics; held until the transaction ends.

    A statement of its own before anything is read: at READ COMMITTED the next statement sees what the others committed.
    Locks are taken in sorted order, so that two batches never wait for each other in a ring.
    """
    for topic in sorted(set(topics)):
        conn.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(f"topic {topic}", 0))))


def load(conn: Connection, topics: Iterable[str], since: datetime) -> Ledger:
    """Episodes of these topics that moved since, or whose day is still to come, with all their developments."""
    wanted = sorted(set(topics))
    alive = sa.or_(episodes.c.last >= since, episodes.c.event_date >= since.date())
    these = sa.and_(episodes.c.topic.in_(wanted), alive)
    found = conn.execute(sa.select(episodes).where(these).order_by(episodes.c.number)).all()
    known = conn.execute(
        sa.select(developments)
        .join(episodes, episodes.c.id == developments.c.episode_id)
        .where(these)
        .order_by(developments.c.number)
    ).all()
    waiting = conn.execute(
        sa.select(pending_claims)
        .where(pending_claims.c.topic.in_(wanted), pending_claims.c.seen >= since)
        .order_by(pending_claims.c.id)
    ).all()
    changed = conn.execute(
        sa.select(changes)
        .join(developments, developments.c.id == changes.c.development_id)
        .join(episodes, episodes.c.id == developments.c.episode_id)
        .where(these)
        .order_by(changes.c.number)
    ).all()
    return Ledger(
        episodes=tuple(rows.episode(row) for row in found),
        developments=tuple(rows.development(row) for row in known),
        pending=tuple(rows.pending(row) for row in waiting),
        changes=tuple(rows.change(row) for row in changed),
    )


def save(conn: Connection, before: Ledger, after: Ledger) -> None:
    """Write what differs. Episodes and developments are never removed; pending claims are, once they are settled."""
    old_episodes, old_developments = set(before.episodes), set(before.developments)
    _upsert(conn, episodes, [rows.episode_row(each) for each in after.episodes if each not in old_episodes])
    changed = [each for each in after.developments if each not in old_developments]
    _upsert(conn, developments, [rows.development_row(each) for each in changed])
    known = {each.id for each in before.developments}
    fresh = [each for each in changed if each.id not in known]
    _upsert(conn, changes, [rows.change_row(each) for each in after.changes[len(before.changes) :]])
    waited, waits = set(before.pending), set(after.pending)
    _settle(conn, [each for each in before.pending if each not in waits], fresh)
    waiting = [rows.pending_row(each) for each in after.pending if each not in waited]
    if waiting:
        conn.execute(insert(pending_claims).on_conflict_do_nothing(index_elements=["digest"]), waiting)


def save_decisions(
    conn: Connection, stored: Stored, article: Article, relevant: Sequence[str], made: Sequence[Decision]
) -> None:
    """Write what one version of an article is about, its claims, the decisions on them and what it reports.

    Their developments must have been saved. A version whose decisions are stored already is passed over.
    """
    place = {"article_id": stored.article_id, "version": stored.version}
    topics = [{**place, "topic": topic, "at": article.seen} for topic in sorted(set(relevant))]
    if topics:
        conn.execute(insert(article_topics).on_conflict_do_nothing(), topics)
    if not made:
        return
    added = insert(claims).on_conflict_do_nothing().returning(claims.c.id, claims.c.position)
    said = [{**place, "position": number, **rows.claim_row(each.claim)} for number, each in enumerate(made)]
    numbers = {row.position: row.id for row in conn.execute(added, said)}
    new = [(claim_id, made[position]) for position, claim_id in sorted(numbers.items())]
    if not new:
        return
    conn.execute(sa.insert(decisions), [rows.decision_row(claim_id, each, article.seen) for claim_id, each in new])
    add_reports(
        conn,
        [
            Telling(
                development_id=each.development,
                article_id=stored.article_id,
                version=stored.version,
                origin=origin_of(each.claim, article),
                at=article.seen,
            )
            for _, each in new
            if reports_it(each)
        ],
    )


def with_claims(conn: Connection, article_ids: Sequence[str]) -> set[str]:
    """Which of these articles made a claim in any of their versions."""
    if not article_ids:
        return set()
    return set(
        conn.scalars(sa.select(claims.c.article_id).where(claims.c.article_id.in_(list(article_ids))).distinct())
    )


def previous_claims(conn: Connection, article_id: str, before_version: int) -> list[Said]:
    """What the version before said already, as far as it stood: made, repeated or came after a development.

    What could be no development then is left out: the same words may count for more later. Older versions are left
    out too: what a page took back and says again is said anew.
    """
    mended = sa.and_(decisions.c.outcome.in_([outcome.value for outcome in _SAID_OTHERWISE]), claims.c.excluded == "")
    said = (
        sa.select(claims, decisions.c.development_id)
        .join(decisions, decisions.c.claim_id == claims.c.id)
        .where(
            claims.c.article_id == article_id,
            claims.c.version == before_version - 1,
            sa.or_(decisions.c.outcome.in_([outcome.value for outcome in STOOD]), mended),
        )
        .order_by(claims.c.position)
    )
    return [
        Said(
            key=(row.topic, row.stage, row.subject, row.object, row.detail),
            development=row.development_id,
            sentence=row.evidence["sentence"],
            event_date=row.event_date,
            place=row.place,
            level=row.level,
            figures=tuple(row.figures),
        )
        for row in conn.execute(said)
    ]


def said_of(made: Sequence[Decision]) -> list[Said]:
    """What `previous_claims` will tell of a version on which this was decided."""
    return [
        Said.of(each.claim, each.development)
        for each in made
        if each.outcome in STOOD or (each.outcome in _SAID_OTHERWISE and not each.claim.excluded)
    ]


def report_counts(conn: Connection, development_ids: Iterable[str]) -> dict[str, tuple[int, int]]:
    """How many articles report each of these developments, and how many first tellers are among them."""
    wanted = sorted(set(development_ids))
    independent = sa.func.count().filter(reports.c.independent)
    counted = (
        sa.select(reports.c.development_id, sa.func.count().label("reports"), independent.label("independent"))
        .where(reports.c.development_id.in_(wanted))
        .group_by(reports.c.development_id)
    )
    found = {row.development_id: (row.reports, row.independent) for row in conn.execute(counted)}
    return {development_id: found.get(development_id, (0, 0)) for development_id in wanted}


def _settle(conn: Connection, settled: Sequence[PendingClaim], fresh: Sequence[Development]) -> None:
    """Claims that wait no longer: where a development came of them, their articles reported it too."""
    if not settled:
        return
    conn.execute(sa.delete(pending_claims).where(pending_claims.c.digest.in_([rows.digest(each) for each in settled])))
    came = {(d.topic, d.stage, d.subject, d.object, d.detail): d.id for d in fresh}
    for each in settled:
        claim = each.claim
        development = came.get((claim.topic, claim.stage, claim.subject, claim.object, claim.detail))
        if development is not None:
            add_reports(conn, waited_tellings(conn, each, development))


def _upsert(conn: Connection, table: sa.Table, values: list[dict[str, Any]]) -> None:
    """Insert in the order given, since the order is what `number` keeps; change those that are there."""
    if not values:
        return
    statement = insert(table)
    changed = {name: statement.excluded[name] for name in values[0] if name != "id"}
    conn.execute(statement.on_conflict_do_update(index_elements=["id"], set_=changed), values)
