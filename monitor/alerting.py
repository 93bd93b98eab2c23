"""A decision → the alert that tells a desk of it, or none. Plain functions; nothing here speaks to Slack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from babel import Locale

from monitor.frames.frame import Frame, Frames, shipped
from monitor.frames.presence import GUEST_LIST
from monitor.language.gazetteer import Gazetteer
from monitor.types import Alert, Article, Decision, Development, Earlier, Ledger, WatchTopic

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
    track = [d for d in earlier if d.subject == subject]
    if not track:
        return ""
    return f"was “{labels[track[-1].stage]}”, now “{labels[stage]}”"


def _line(development: Development, labels: Mapping[str, str], subject: str, gazetteer: Gazetteer) -> str:
    label = labels[development.stage]
    if development.detail:
        label = f"{label}: {development.detail}"
    return label if development.subject == subject else f"{subject_name(development.subject, gazetteer)} {label}"


def _why_matched(decision: Decision) -> str:
    """The words that matched and how they were bound."""
    evidence = decision.claim.evidence
    words = ", ".join(f"{span.label} “{span.text}”" for span in evidence.spans)
    return f"{words}; {evidence.bound_by}" if evidence.bound_by else words
