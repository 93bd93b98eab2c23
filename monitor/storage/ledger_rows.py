"""Rows of the ledger's tables <-> the nouns of monitor.types."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from monitor.storage.claim_json import claim_from_json, claim_to_json, evidence_to_json
from monitor.types import Change, Claim, Decision, Development, Episode, Outcome, PendingClaim, Standing, Teller


def episode(row: sa.Row[Any]) -> Episode:
    """An episode as it was stored."""
    return Episode(
        id=row.id,
        topic=row.topic,
        subject=row.subject,
        object=row.object,
        opened=row.opened,
        last=row.last,
        event_date=row.event_date,
        closed=row.closed,
        closed_because=row.closed_because,
    )


def episode_row(each: Episode) -> dict[str, Any]:
    """An episode as it is stored."""
    return {
        "id": each.id,
        "topic": each.topic,
        "subject": each.subject,
        "object": each.object,
        "opened": each.opened,
        "last": each.last,
        "event_date": each.event_date,
        "closed": each.closed,
        "closed_because": each.closed_because,
    }


def development(row: sa.Row[Any]) -> Development:
    """A development as it was stored."""
    return Development(
        id=row.id,
        episode=row.episode_id,
        topic=row.topic,
        stage=row.stage,
        subject=row.subject,
        object=row.object,
        detail=row.detail,
        event_date=row.event_date,
        first_seen=row.first_seen,
        article=row.article_id,
        exact_day=row.exact_day,
        place=row.place,
        level=row.level,
        figures=tuple(row.figures),
        standing=Standing(row.standing),
        tellers=tuple(Teller(origin=origin, source=source) for origin, source in row.tellers),
        withdrawn=row.withdrawn,
    )


def development_row(each: Development) -> dict[str, Any]:
    """A development as it is stored."""
    return {
        "id": each.id,
        "episode_id": each.episode,
        "topic": each.topic,
        "stage": each.stage,
        "subject": each.subject,
        "object": each.object,
        "detail": each.detail,
        "event_date": each.event_date,
        "first_seen": each.first_seen,
        "article_id": each.article,
        "exact_day": each.exact_day,
        "place": each.place,
        "level": each.level,
        "figures": list(each.figures),
        "standing": each.standing.value,
        "tellers": [[teller.origin, teller.source] for teller in each.tellers],
        "withdrawn": each.withdrawn,
    }


def change(row: sa.Row[Any]) -> Change:
    """A change as it was stored."""
    return Change(
        id=row.id,
        development=row.development_id,
        outcome=Outcome(row.outcome),
        fact=row.fact,
        was=row.was,
        now=row.now,
        stands=row.stands,
        claim=claim_from_json(row.claim),
        article=row.article_id,
        seen=row.seen,
    )


def change_row(each: Change) -> dict[str, Any]:
    """A change as it is stored."""
    return {
        "id": each.id,
        "development_id": each.development,
        "outcome": each.outcome.value,
        "fact": each.fact,
        "was": each.was,
        "now": each.now,
        "stands": each.stands,
        "claim": claim_to_json(each.claim),
        "article_id": each.article,
        "seen": each.seen,
    }


def pending(row: sa.Row[Any]) -> PendingClaim:
    """A waiting claim as it was stored."""
    return PendingClaim(claim=claim_from_json(row.claim), article=row.article_id, origin=row.origin, seen=row.seen)


def pending_row(each: PendingClaim) -> dict[str, Any]:
    """A waiting claim as it is stored."""
    return {
        "digest": digest(each),
        "topic": each.claim.topic,
        "article_id": each.article,
        "origin": each.origin,
        "seen": each.seen,
        "claim": claim_to_json(each.claim),
    }


def digest(each: PendingClaim) -> str:
    """What a waiting claim is known by."""
    parts = [each.article, each.origin, each.seen.timestamp(), claim_to_json(each.claim)]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def claim_row(claim: Claim) -> dict[str, Any]:
    """A claim as it is stored."""
    return {
        "topic": claim.topic,
        "stage": claim.stage,
        "subject": claim.subject,
        "object": claim.object,
        "detail": claim.detail,
        "event_date": claim.event_date,
        "exact_day": claim.exact_day,
        "place": claim.place,
        "level": claim.level,
        "revises": claim.revises,
        "figures": list(claim.figures),
        "weak": claim.weak,
        "excluded": claim.excluded,
        "speaker": claim.attribution.speaker,
        "standing": claim.attribution.standing.value,
        "origin": claim.attribution.origin,
        "evidence": evidence_to_json(claim.evidence),
    }


def decision_row(claim_id: int, each: Decision, at: datetime) -> dict[str, Any]:
    """A decision as it is stored."""
    return {
        "claim_id": claim_id,
        "outcome": each.outcome.value,
        "reason": each.reason,
        "development_id": each.development,
        "at": at,
    }
