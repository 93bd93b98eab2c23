"""A decision → the alert that tells a desk of it, or none; a change → what is said of it. Plain functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from babel import Locale

from monitor.frames.frame import Frame, Frames, shipped
from monitor.frames.presence import GUEST_LIST
from monitor.frames.shapes import EPISODE
from monitor.language.gazetteer import Gazetteer
from monitor.types import Alert, Article, Change, Decision, Development, Earlier, Ledger, Mend, Outcome, WatchTopic

_ENGLISH = Locale.parse("en")


def alert_for(
    decision: Decision,
    article: Article,
    topic: WatchTopic,
    ledger: Ledger,
    gazetteer: Gazetteer,
    *,
    default_channel: str,
    source_names: Mapping[str, str],
    frames: Frames | None = None,
) -> Alert | None:
    """What to say of a decision; None when it is not to be said. `source_names`: article id → outlet.

    `frames`: those that the topics name; None: those that ship.
    """
    claim = decision.claim
    if not decision.outcome.alerts or decision.development is None or claim.stage in topic.muted_stages:
        return None
    frame = (frames or shipped())[topic.frame]
    earlier = _earlier(decision.development, ledger)
    subject = subject_name(claim.subject, gazetteer)
    target = object_name(claim.object, gazetteer, frame)
    return Alert(
        key=decision.development,
        channel=topic.channel or default_channel,
        topic=topic.id,
        topic_name=topic.name,
        headline=_headline(frame.sentences[claim.stage], subject, target, claim.detail),
        stage=claim.stage,
        stage_label=frame.labels[claim.stage],
        changed=_changed(earlier, frame.labels, claim.stage, claim.subject),
        subject_name=subject,
        object_name=target,
        event_date=claim.event_date,
        published=article.published,
        time_zone=article.time_zone,
        first_seen=article.seen,
        speaker=claim.attribution.speaker,
        standing=claim.attribution.standing,
        quote=claim.evidence.sentence,
        quote_language=article.language,
        url=article.url,
        source_name=article.source_name,
        tier=article.tier,
        earlier=tuple(
            Earlier(
                stage_label=_line(d, frame.labels, claim.subject, gazetteer),
                first_seen=d.first_seen,
                source_name=source_names.get(d.article, "an earlier source"),
            )
            for d in earlier
        ),
        why_matched=_why_matched(decision),
        why_new=decision.reason,
    )


def subject_name(identity: str, gazetteer: Gazetteer) -> str:
    """Names for people: "Vladimir Putin and Kim Jong Un", "North Korea"."""
    if identity == GUEST_LIST:
        return "A list of leaders"
    if _is_country(identity):
        return _country(identity)
    names = []
    for part in identity.split("+"):
        person = gazetteer.people.get(part)
        names.append(person.label if person else part.replace("-", " ").title())
    return " and ".join(names)


def object_name(identity: str, gazetteer: Gazetteer, frame: Frame) -> str:
    """A country, a thing or a parade by name: "China", "a satellite", "the parade in Beijing on 3 September 2025"."""
    if identity == "phone":
        return "by telephone"
    if identity == EPISODE:
        return "a destination not told" if frame.journey else "place not told"
    if identity in frame.things:
        return frame.things[identity].name
    if _is_country(identity):
        return _country(identity)
    city, day = _parade(identity)
    place = gazetteer.places.get(city)
    name = (place.names.get("en") or (city.title(),))[0] if place else city.replace("-", " ").title()
    return f"the parade in {name} on {day:%-d %B %Y}" if day else f"the parade in {name}"


def _is_country(identity: str) -> bool:
    return len(identity) == 2 and identity.isupper()


def _country(iso: str) -> str:
    return str(_ENGLISH.territories.get(iso, iso))


def _parade(identity: str) -> tuple[str, date | None]:
    try:
        return identity[:-11], date.fromisoformat(identity[-10:])
    except ValueError:
        return identity.removesuffix("-?"), None


def _headline(pattern: str, subject: str, target: str, detail: str) -> str:
    sentence = pattern.format(subject=subject, object=target, detail=detail or "an outcome")
    return sentence[:1].upper() + sentence[1:]


def _earlier(identity: str, ledger: Ledger) -> Sequence[Development]:
    own = next((d for d in ledger.developments if d.id == identity), None)
    if own is None:
        return ()
    before = []
    for development in ledger.developments:
        if development.id == identity:
            break
        if development.episode == own.episode:
            before.append(development)
    return before


def _changed(earlier: Sequence[Development], labels: Mapping[str, str], stage: str, subject: str) -> str:
    track = [d for d in earlier if d.subject == subject and d.withdrawn is None]
    if not track:
        return ""
    return f"was “{labels[track[-1].stage]}”, now “{labels[stage]}”"


def _line(development: Development, labels: Mapping[str, str], subject: str, gazetteer: Gazetteer) -> str:
    label = labels[development.stage]
    if development.withdrawn is not None:
        label = f"{label} (taken back since)"
    if development.detail:
        label = f"{label}: {development.detail}"
    return label if development.subject == subject else f"{subject_name(development.subject, gazetteer)} {label}"


def _why_matched(decision: Decision) -> str:
    """The words that matched and how they were bound."""
    evidence = decision.claim.evidence
    words = ", ".join(f"{span.label} “{span.text}”" for span in evidence.spans)
    return f"{words}; {evidence.bound_by}" if evidence.bound_by else words


def mend_for(
    change: Change, article: Article, topic: WatchTopic, ledger: Ledger, gazetteer: Gazetteer, frames: Frames
) -> Mend:
    """What to say of a change in the thread of the alert that told the development."""
    claim = change.claim
    development = next(d for d in ledger.developments if d.id == change.development)
    moved = change.fact == "day" and change.outcome in (Outcome.UPDATE, Outcome.CORRECTION)
    restated = bool(claim.excluded)  # it quotes the notice, which has no speaker of its own
    return Mend(
        key=change.id,
        development=change.development,
        outcome=change.outcome,
        headline=_what_changed(change, article, topic, ledger, gazetteer, frames),
        void=not change.stands,
        event_date=development.event_date if moved else None,
        speaker=claim.attribution.speaker,
        standing=claim.attribution.standing,
        quote="" if restated and claim.evidence.sentence == article.title else claim.evidence.sentence,
        source_name=article.source_name,
        tier=article.tier,
        url=article.url,
        seen=change.seen,
    )


def _what_changed(
    change: Change, article: Article, topic: WatchTopic, ledger: Ledger, gazetteer: Gazetteer, frames: Frames
) -> str:
    source = article.source_name or "its source"
    others = "" if not change.stands else "; others still report it"
    who = change.claim.attribution.speaker or source
    was, now = (_fact(change.fact, value, gazetteer) for value in (change.was, change.now))
    if change.outcome is Outcome.UPDATE:
        return f"Update: now {now} (was {was})"
    if change.outcome is Outcome.CONTRADICTION:
        return f"Contradicted: {who} says {now}, not {was}" if change.fact else f"Contradicted: {who} denies it"
    if change.outcome is Outcome.UNSAID:
        return f"{source} has edited its report and says this no more, without a word of why"
    if change.outcome is Outcome.WITHDRAWN:
        return f"Withdrawn by {source}{others}"
    if change.fact:
        return f"Corrected by {source}: {now}, not {was}"
    instead = next((d for d in ledger.developments if d.id == change.now), None)
    if instead is None:
        return f"Corrected by {source}, who says this no more{others}"
    frame = frames[topic.frame]
    subject, target = subject_name(instead.subject, gazetteer), object_name(instead.object, gazetteer, frame)
    return (
        f"Corrected by {source}: {_headline(frame.sentences[instead.stage], subject, target, instead.detail)}{others}"
    )


def _fact(fact: str, value: str, gazetteer: Gazetteer) -> str:
    """A day, a place, a level or a figure for people."""
    if fact == "day":
        return f"{date.fromisoformat(value):%-d %B %Y}"
    if fact == "level":
        return f"{'an' if value[:1] in 'aeio' else 'a'} {value} visit"
    if fact == "place" and (not value or _is_country(value)):
        return _country(value) if value else "not told"
    if fact == "place":
        place = gazetteer.places.get(value)
        return (place.names.get("en") or (value.title(),))[0] if place else value.replace("-", " ").title()
    return value
