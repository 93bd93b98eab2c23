"""Claim <-> the JSON that the archive keeps. Unknown fields are passed over, missing ones take their default."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from monitor.types import Attribution, Claim, Evidence, Position, Span, Standing


def evidence_to_json(evidence: Evidence) -> dict[str, Any]:
    """The evidence as JSON values."""
    return {
        "sentence": evidence.sentence,
        "position": evidence.position.value,
        "offset": evidence.offset,
        "spans": [{"start": s.start, "end": s.end, "label": s.label, "text": s.text} for s in evidence.spans],
        "bound_by": evidence.bound_by,
    }


def evidence_from_json(data: Mapping[str, Any]) -> Evidence:
    """The evidence that `evidence_to_json` wrote."""
    return Evidence(
        sentence=data["sentence"],
        position=Position(data["position"]),
        offset=data["offset"],
        spans=tuple(
            Span(start=s["start"], end=s["end"], label=s["label"], text=s["text"]) for s in data.get("spans", ())
        ),
        bound_by=data.get("bound_by", ""),
    )


def claim_to_json(claim: Claim) -> dict[str, Any]:
    """The claim as JSON values."""
    return {
        "topic": claim.topic,
        "stage": claim.stage,
        "subject": claim.subject,
        "object": claim.object,
        "evidence": evidence_to_json(claim.evidence),
        "speaker": claim.attribution.speaker,
        "standing": claim.attribution.standing.value,
        "origin": claim.attribution.origin,
        "event_date": claim.event_date.isoformat() if claim.event_date else None,
        "exact_day": claim.exact_day,
        "place": claim.place,
        "level": claim.level,
        "abroad": claim.abroad,
        "parties": list(claim.parties),
        "revises": claim.revises,
        "detail": claim.detail,
        "figures": list(claim.figures),
        "weak": claim.weak,
        "excluded": claim.excluded,
    }


def claim_from_json(data: Mapping[str, Any]) -> Claim:
    """The claim that `claim_to_json` wrote."""
    event_date = data.get("event_date")
    return Claim(
        topic=data["topic"],
        stage=data["stage"],
        subject=data["subject"],
        object=data["object"],
        evidence=evidence_from_json(data["evidence"]),
        attribution=Attribution(
            speaker=data["speaker"], standing=Standing(data["standing"]), origin=data.get("origin", "")
        ),
        event_date=date.fromisoformat(event_date) if event_date else None,
        exact_day=data.get("exact_day", False),
        place=data.get("place", ""),
        level=data.get("level", ""),
        abroad=data.get("abroad", False),
        parties=tuple(data.get("parties", ())),
        revises=data.get("revises", False),
        detail=data.get("detail", ""),
        figures=tuple(data.get("figures", ())),
        weak=data.get("weak", False),
        excluded=data.get("excluded", ""),
    )
