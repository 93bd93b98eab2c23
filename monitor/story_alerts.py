"""A story of an open topic → the alert that tells a desk of it."""

from __future__ import annotations

from monitor.types import Alert, Article, Decision, Position, WatchTopic

STAGE_LABEL = "reported"


def story_alert(decision: Decision, article: Article, topic: WatchTopic, *, default_channel: str) -> Alert | None:
    """What to say of a decision on an open topic; None when it is not to be said."""
    if not decision.outcome.alerts or decision.development is None:
        return None
    claim = decision.claim
    evidence = claim.evidence
    meant = topic.search.meaning if topic.search is not None else ""
    return Alert(
        key=decision.development,
        channel=topic.channel or default_channel,
        topic=topic.id,
        topic_name=topic.name,
        headline=article.title or evidence.sentence,
        stage=claim.stage,
        stage_label=STAGE_LABEL,
        changed="",
        subject_name="",
        object_name="",
        event_date=None,
        published=article.published,
        time_zone=article.time_zone,
        first_seen=article.seen,
        speaker=claim.attribution.speaker,
        standing=claim.attribution.standing,
        quote="" if evidence.position is Position.TITLE else evidence.sentence,  # the title is the headline already
        quote_language=article.language,
        url=article.url,
        source_name=article.source_name,
        tier=article.tier,
        why_matched=f"{evidence.bound_by}; meant is: {meant}" if meant else evidence.bound_by,
        why_new=decision.reason,
    )
