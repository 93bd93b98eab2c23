"""What an alert says, in words, for every notifier alike: all text cleaned and cut, none of it escaped yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from monitor.notify.base import Report
from monitor.notify.text import Link, clean, cut, link
from monitor.types import Alert, Mend, Standing, Tier

NO_NEWS = ("backfill:", "ops:")  # how the keys of a source's summary and of a notice begin

HEADLINE = 150  # Slack's limit for a header
QUOTE = 600
NAME = 100
REASON = 400
MENDS = 4  # changes shown on a message; its thread has the others
VOID = "No longer stands"
LINES = 20  # of a notice; `watchdesk sources` has them all
STORY = 6  # earlier developments shown; the archive has the others

STANDINGS = {
    Standing.PARTY: "one of the parties",
    Standing.OFFICIAL: "an official of a third party",
    Standing.UNNAMED: "not named",
    Standing.WITNESS: "on the spot",
    Standing.MEDIA: "another outlet",
    Standing.ANALYST: "an analyst",
    Standing.NARRATOR: "",
}
TIERS = {
    Tier.OFFICIAL: "official source",
    Tier.AGENCY: "news agency",
    Tier.OUTLET: "news outlet",
    Tier.AGGREGATOR: "aggregator",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One labelled value."""

    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """One message, part by part, in the order of reading. An empty part is left out."""

    headline: str
    status: str  # the stage reached
    about: str  # topic and object
    changed: str
    quote: str
    speaker: str
    standing: str  # of the speaker, in brackets after him
    voice: str  # source and tier
    link: Link | None
    facts: tuple[Fact, ...]
    story: tuple[str, ...]  # earlier developments, oldest first
    reasons: tuple[Fact, ...]
    mends: tuple[str, ...] = ()  # what became of it, oldest first
    void: bool = False  # it does not hold any more
    summary: bool = False  # a source's first fill, or a notice on sources: no development
    lines: tuple[str, ...] = ()  # of a notice, one a matter

    @property
    def plain(self) -> str:
        """The whole message as one line, for notifications and screen readers."""
        if self.summary:
            return self.headline
        if self.void:
            return _joined(f"{VOID}: {self.headline}", *self.mends[-1:])
        return _joined(f"{self.status}: {self.headline}" if self.status else self.headline, self.who)

    @property
    def who(self) -> str:
        """Who says so, and where."""
        return f"{self.speaker}{self.standing}, in {self.voice}" if self.speaker else self.voice


def content(alert: Alert) -> Content:
    """What `alert` says."""
    said = _content(alert)
    if not alert.key.startswith(NO_NEWS):
        return said
    # A summary tells of no one development: its quote is our own sentence.
    told = " ".join(part for part in (said.quote, said.changed) if part)
    return replace(
        said,
        status="",
        about="",
        changed=told,
        quote="",
        speaker="",
        link=None,
        facts=(),
        story=(),
        summary=True,
        lines=_lines(alert),
    )


def _lines(alert: Alert) -> tuple[str, ...]:
    shown = tuple(_words(line, REASON) for line in alert.lines[:LINES])
    left_out = len(alert.lines) - len(shown)
    return (*shown, f"and {left_out} more") if left_out else shown


def _content(alert: Alert) -> Content:
    return Content(
        headline=_words(alert.headline, HEADLINE) or _words(f"{alert.subject_name}: {alert.stage_label}", HEADLINE),
        status=_capital(_words(alert.stage_label, NAME)),
        about=_joined(_words(alert.topic_name, NAME), _words(alert.object_name, NAME)),
        changed=_capital(_words(alert.changed, REASON)),
        quote=_words(alert.quote, QUOTE),
        speaker=_words(alert.speaker, NAME),
        standing=f" ({STANDINGS[alert.standing]})" if STANDINGS[alert.standing] else "",
        voice=_voice(alert),
        link=link(alert.url),
        facts=_facts(alert),
        story=_story(alert),
        mends=tuple(_joined(_words(each.text, REASON), moment(each.at)) for each in alert.mends[-MENDS:]),
        void=alert.void,
        reasons=tuple(
            Fact(label=label, value=_words(value, REASON))
            for label, value in (("Why it matched", alert.why_matched), ("Why it is new", alert.why_new))
            if clean(value)
        ),
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def counts(reports: int, independent: int) -> str:
    """How widely it is reported: "1 report", "7 reports, 3 independent"."""
    if reports == 1:
        return "1 report"
    return f"{reports} reports, {independent} independent"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportLine:
    """One later report, as the thread shows it."""

    source: str
    title: str
    link: Link | None
    note: str


def report_lines(reports: Sequence[Report]) -> tuple[ReportLine, ...]:
    """The later reports, one line each."""
    return tuple(
        ReportLine(
            source=_words(report.source_name, NAME) or "A source without a name",
            title=_words(report.title, 200),
            link=link(report.url),
            note="independent" if report.independent else "repeats another",
        )
        for report in reports
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What is said in a thread of a change, part by part. An empty part is left out."""

    headline: str
    quote: str
    who: str  # who says so, in which outlet
    link: Link | None
    before: str  # the other side


def note_content(mend: Mend) -> Note:
    """What `mend` says."""
    standing = f" ({STANDINGS[mend.standing]})" if STANDINGS[mend.standing] else ""
    voice = f"{_words(mend.source_name, NAME) or 'a source without a name'} ({TIERS[mend.tier]})"
    speaker = _words(mend.speaker, NAME)
    return Note(
        headline=_words(mend.headline, REASON),
        quote=_words(mend.quote, QUOTE),
        who=f"{speaker}{standing}, in {voice}" if speaker else voice,
        link=link(mend.url),
        before=_words(mend.before, QUOTE + NAME),
    )


def report_heading(number: int) -> str:
    """What stands over later reports."""
    return "Also reported by" if number == 1 else f"{number} more reports"


def moment(at: datetime) -> str:
    """A moment in UTC."""
    at = at.astimezone(UTC)
    return f"{_day(at)}, {at:%H:%M} UTC"


def source_moment(at: datetime, zone: str | None) -> str:
    """A moment on the source's own clock and in UTC; in UTC alone where its zone is not known."""
    utc = at.astimezone(UTC)
    try:
        local = utc.astimezone(ZoneInfo(zone)) if zone else utc
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a zone that this machine does not know
        return moment(at)
    if not zone or local.utcoffset() == utc.utcoffset():
        return moment(at)
    city = zone.rsplit("/", 1)[-1].replace("_", " ")
    there = f"{utc:%H:%M} UTC" if local.date() == utc.date() else moment(at)
    return f"{_day(local)}, {local:%H:%M} {city} ({there})"


def _words(text: str, limit: int) -> str:
    return cut(clean(text), limit)


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def _voice(alert: Alert) -> str:
    return f"{_words(alert.source_name, NAME) or 'a source without a name'} ({TIERS[alert.tier]})"


def _facts(alert: Alert) -> tuple[Fact, ...]:
    happens = f"{alert.event_date:%A} {_day(alert.event_date)}" if alert.event_date else "date not given"
    published = source_moment(alert.published, alert.time_zone) if alert.published else "time not given"
    own_day = alert.event_date is not None or alert.object_name != ""  # the story of an open topic has none
    return (
        *([Fact(label="When", value=happens)] if own_day else []),
        Fact(label="Reported by", value=counts(alert.reports, alert.independent)),
        Fact(label="Published", value=published),
        Fact(label="First seen here", value=source_moment(alert.first_seen, alert.time_zone)),
    )


def _story(alert: Alert) -> tuple[str, ...]:
    shown = alert.earlier[-STORY:]
    left_out = len(alert.earlier) - len(shown)
    lines = tuple(
        _joined(_words(e.stage_label, NAME), moment(e.first_seen), _words(e.source_name, NAME)) for e in shown
    )
    return (f"{left_out} earlier still, in the archive", *lines) if left_out else lines
