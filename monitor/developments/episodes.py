"""Episodes: which one a claim belongs to, how one opens, and when it is over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from monitor.developments.book import Book
from monitor.frames.frame import Frame
from monitor.frames.shapes import EPISODE
from monitor.types import Claim, Development, Episode


def closing(episode: Episode, told: Sequence[Development], frame: Frame) -> tuple[datetime, str]:
    """When it is over unless something more is reported, and why: long after its last stage, movement or report.

    Never before the day that it was announced for has passed. `told`: its developments that stand.
    """
    day = episode.event_date
    newest = max((d.first_seen for d in told), default=episode.last)
    ended = [d.stage for d in told if d.stage in frame.ends]
    settled = frame.rank(frame.settled)
    if ended:
        over = newest + timedelta(days=frame.finished_days)
        why = f"{_days(frame.finished_days)} after “{frame.labels[ended[-1]]}”"
    elif any(frame.rank(d.stage) > settled for d in told):
        over = newest + timedelta(days=frame.under_way_days)
        why = f"{_days(frame.under_way_days)} after its last development"
    else:
        idle = timedelta(days=frame.idle_days)
        over, why = episode.last + idle, f"{_days(frame.idle_days)} without a report"
        day = day and day + idle
    return (over, why) if day is None else (max(over, _midnight(day + timedelta(days=1))), why)


def _days(count: float) -> str:
    if count != int(count) or count < 1:
        return f"{count * 24:g} hours"
    return "a day" if count == 1 else f"{count:g} days"


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def close_what_is_over(book: Book) -> None:
    """Note which episodes have come to their end by now."""
    for episode in list(book.episodes.values()):
        frame = book.frame(episode.topic)
        if frame is None or episode.closed is not None:
            continue
        over, why = closing(episode, book.told(episode), frame)
        if book.now > over:
            book.episodes[episode.id] = replace(episode, closed=over, closed_because=why)


def open_ones(book: Book, topic: str) -> list[Episode]:
    """The episodes of a topic that are not over, in the order in which they opened."""
    return [e for e in book.episodes.values() if e.topic == topic and (e.closed is None or e.closed > book.now)]


def episode_for(claim: Claim, frame: Frame, book: Book) -> Episode | None:
    """The open episode that the claim belongs to; or one that is over, when it tells of the very day of that."""
    subject = "" if frame.many_subjects else claim.subject
    fitting = [e for e in open_ones(book, claim.topic) if e.subject == subject]
    if claim.object == EPISODE:
        if 0 <= frame.rank(claim.stage) <= frame.rank(frame.settled):
            # "They will meet" is no call, unless the same text tells of one.
            fitting = [e for e in fitting if e.object != "phone" or e.last == book.now]
        return max(fitting, key=lambda e: _aptness(claim, e, frame, book), default=None)
    if frame.same_days:
        return _nearest_day(claim, fitting, frame.same_days)
    alike = next((e for e in reversed(fitting) if frame.alike(e.object, claim.object)), None)
    return alike or _without_place(claim, fitting) or _told_again(claim, frame, book)


def _without_place(claim: Claim, fitting: Sequence[Episode]) -> Episode | None:
    """The open meeting of which nobody has said where; a telephone call is another one."""
    if claim.object == "phone":
        return None
    return next((e for e in reversed(fitting) if e.object == EPISODE), None)


def _told_again(claim: Claim, frame: Frame, book: Book) -> Episode | None:
    """The episode that is over in which the same was done on the day that the claim names: late words of it open none.

    Days differ by one between time zones.
    """
    day = claim.event_date
    if day is None or frame.rank(claim.stage) <= frame.rank(frame.settled):
        return None
    for episode in reversed(book.episodes.values()):
        if (episode.topic, episode.subject) != (claim.topic, claim.subject):
            continue
        if not frame.alike(episode.object, claim.object):
            continue
        done = (d.event_date or d.first_seen.date() for d in book.told(episode) if d.stage == claim.stage)
        if any(abs((day - one).days) <= 1 for one in done):
            return episode
    return None


def _aptness(claim: Claim, episode: Episode, frame: Frame, book: Book) -> tuple[bool, bool, bool, bool, int, datetime]:
    """How well a claim without a place fits an episode, the best of these first.

    One of which the same text tells more; one that is not past that stage; one that knows of it; one that has not
    ended; the furthest on; the newest.
    """
    told = book.told(episode)
    progress = max((frame.rank(d.stage) for d in told), default=-1)
    return (
        episode.last == book.now and progress > frame.rank(claim.stage),
        claim.stage in frame.ends or frame.rank(claim.stage) >= progress,
        any((d.stage, d.detail) == (claim.stage, claim.detail) for d in told),
        claim.stage in frame.ends or not any(d.stage in frame.ends for d in told),
        progress,
        episode.last,
    )


def whereabouts(claim: Claim, book: Book) -> str | None:
    """Where the subjects of a claim are or go, by the journeys that are open.

    Of several to the country of one of those who meet; None where they lead apart.
    """
    subjects = claim.subject.split("+")
    leads: set[str] = set()
    for episode in book.episodes.values():
        frame = book.frame(episode.topic)
        if frame is None or not frame.journey or episode.subject not in subjects:
            continue
        if episode.closed is None or episode.closed > book.now:
            leads.add(episode.object)
    leads = leads & set(claim.parties) or leads
    return leads.pop() if len(leads) == 1 else None


def open_episode(claim: Claim, frame: Frame, book: Book) -> Episode:
    """A new episode, opened by its first development."""
    subject = "" if frame.many_subjects else claim.subject
    parts = [claim.topic, subject or "all", claim.object, book.now.astimezone(UTC).date().isoformat()]
    identity = "/".join(parts)
    while identity in book.episodes:
        identity += "+"
    episode = Episode(
        id=identity,
        topic=claim.topic,
        subject=subject,
        object=claim.object,
        opened=book.now,
        last=book.now,
        event_date=_day_of(claim, frame, book),
    )
    book.episodes[identity] = episode
    return episode


def _day_of(claim: Claim, frame: Frame, book: Book) -> date | None:
    """The day that an episode is announced for; a day that has passed says nothing of one still to come."""
    if frame.same_days:
        return claim.event_date
    ahead = claim.event_date is not None and claim.event_date > book.now.date()
    return claim.event_date if ahead and 0 <= frame.rank(claim.stage) <= frame.rank(frame.settled) else None


def _nearest_day(claim: Claim, episodes: Iterable[Episode], days: int) -> Episode | None:
    """The episode in that place whose day is nearest: texts are vague about the day of what everybody knows of."""
    place = _place(claim.object)
    fitting = [e for e in episodes if place in ("?", _place(e.object))]
    if claim.event_date is None or claim.object.endswith("-?"):
        return fitting[-1] if fitting else None
    day = claim.event_date
    near = [e for e in fitting if e.event_date and abs((e.event_date - day).days) <= days]
    return min(near, key=lambda e: abs((e.event_date or day) - day), default=None)


def _place(identity: str) -> str:
    """The place of an object that ends in a day, or in "?" where the day is not known."""
    return identity.removesuffix("-?") if identity.endswith("-?") else identity[:-11]


def change_fact(book: Book, development: Development, claim: Claim, fact: str) -> None:
    """Write the other day, place, level or figure; a trip's or a meeting's day moves with its development's."""
    if fact == "day":
        book.amend(development, event_date=claim.event_date, exact_day=True)
        episode = book.episodes[development.episode]
        frame = book.frame(development.topic)
        if frame is not None and not frame.same_days:
            book.episodes[episode.id] = replace(episode, event_date=claim.event_date)
    elif fact == "place":
        book.amend(development, place=claim.place)
    elif fact == "level":
        book.amend(development, level=claim.level)
    else:
        book.amend(development, figures=claim.figures)
