"""The nouns of Watchdesk: frozen dataclasses, standard library only.

Every `datetime` here is aware and in UTC unless its name says otherwise (`*_raw` is a string as the source gave it).
A date that is not known is None, never "now".  Text is Unicode without NUL or lone surrogates.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from monitor.sourcememory import Pulse, Reach


class SourceKind(StrEnum):
    """How a source is read; each has a connector of its own."""

    FEED = "feed"
    SITEMAP = "sitemap"
    PAGE = "page"
    LIVEBLOG = "liveblog"
    TELEGRAM = "telegram"
    MASTODON = "mastodon"
    BLUESKY = "bluesky"
    GDELT = "gdelt"
    GOOGLE_NEWS = "google-news"
    ARCHIVE = "archive"


# How often a kind may be read at most, whatever adapts or is configured: searches that others pay for. GDELT takes in
# the web every 15 minutes (blog.gdeltproject.org, "GDELT DOC 2.0 API Debuts"); Google names no figure, and turns away
# who asks much.
LEAST_INTERVAL: Mapping[SourceKind, timedelta] = {
    SourceKind.GDELT: timedelta(minutes=15),
    SourceKind.GOOGLE_NEWS: timedelta(minutes=10),
}


class Tier(StrEnum):
    """What kind of voice a source is."""

    OFFICIAL = "official"
    AGENCY = "agency"
    OUTLET = "outlet"
    AGGREGATOR = "aggregator"


class ItemKind(StrEnum):
    """What kind of text an item is."""

    ARTICLE = "article"
    LIVEBLOG_ENTRY = "liveblog-entry"
    WIRE_FLASH = "wire-flash"
    OPINION = "opinion"
    ROUNDUP = "roundup"


class Backfill(StrEnum):
    """What the first poll of a new source does with what it finds."""

    ARCHIVE = "archive"  # keep it, alert nothing but one summary
    ALERT = "alert"  # treat it as news


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One place that news comes from, as `sources.yaml` has it."""

    id: str
    name: str
    kind: SourceKind
    url: str  # http(s) address, or for `archive` a path
    interval: timedelta
    adaptive: bool = False  # `interval` is where adapting begins
    language: str | None = None  # ISO 639-1; None: found per item
    tier: Tier = Tier.OUTLET
    fetch_article: bool = False
    backfill: Backfill = Backfill.ARCHIVE
    time_zone: str | None = None  # IANA name, for dates that name none
    allow_private: bool = False  # may be fetched from a private or loopback address
    item_kind: ItemKind = ItemKind.ARTICLE


@dataclass(frozen=True, slots=True, kw_only=True)
class RawItem:
    """One thing that a connector found: what travels over the bus.

    `(source_id, key)` is the item's identity; `content_hash` tells its versions apart.
    """

    source_id: str
    source_name: str
    tier: Tier
    kind: ItemKind
    key: str  # identity within the source: guid, else canonical link, else a hash of the content
    url: str | None
    title: str
    text: str  # plain text, paragraphs parted by a blank line; may be empty
    summary: str | None = None  # as the feed gave it, plain text
    author: str | None = None
    language: str | None = None  # what the source says; None: unknown
    published_raw: str | None = None
    published: datetime | None = None
    updated_raw: str | None = None
    updated: datetime | None = None
    time_zone: str | None = None  # IANA zone in which the item's dates are meant, if the source has one
    seen: datetime  # when the connector first saw this version
    backfill: bool = False  # found by the first poll of a source that alerts on nothing old
    flags: tuple[str, ...] = ()  # damage and doubts, e.g. "date_in_future", "summary_only"

    @property
    def content_hash(self) -> str:
        """Hex sha256 over what a reader would see: a change of it is a new version."""
        return content_hash(self.title, self.text, self.summary or "")


def content_hash(*parts: str) -> str:
    """Hex sha256 of the parts, white space folded, each part closed by a byte that no text holds."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(_with_single_blanks(part).encode("utf-8", "replace"))
        digest.update(b"\xff")
    return digest.hexdigest()


def _with_single_blanks(text: str) -> str:
    """Runs of white space made one blank each, none at the ends."""
    plain = text.replace("\n", " ")
    if not plain.isprintable():  # holds white space of another kind, maybe
        return " ".join(text.split())
    while "  " in plain:
        plain = plain.replace("  ", " ")
    return plain.strip(" ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A RawItem made fit to be read: clean text, canonical address, known language, honest dates."""

    source_id: str
    source_name: str
    tier: Tier
    kind: ItemKind
    key: str
    content_hash: str
    url: str | None  # canonical
    title: str
    text: str
    language: str | None  # ISO 639-1
    published: datetime | None
    seen: datetime
    dateline_date: date | None = None  # the day that "today" means in the text, in the dateline's own zone
    time_zone: str | None = None  # IANA zone of dateline or source
    author: str | None = None
    backfill: bool = False
    flags: tuple[str, ...] = ()

    @property
    def at(self) -> datetime:
        """When the article counts as said: its publication, else when it was seen; never after `seen`."""
        return min(self.published, self.seen) if self.published else self.seen


class Standing(StrEnum):
    """What a speaker can know of the thing that he speaks about."""

    PARTY = "party"  # one of those who decide: a government concerned, its spokesman, its state media
    OFFICIAL = "official"  # another government, an intelligence service
    UNNAMED = "unnamed"  # "a diplomatic source"
    WITNESS = "witness"  # a reporter on the spot, pictures, a tracker
    MEDIA = "media"  # another outlet's report
    ANALYST = "analyst"  # no knowledge of his own
    NARRATOR = "narrator"  # the article itself says so


class Position(StrEnum):
    """Where in the article a claim stands."""

    TITLE = "title"
    LEAD = "lead"
    BODY = "body"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of a text by code points; `start` included, `end` not."""

    start: int
    end: int
    label: str  # what matched there: "subject", "action", "object", "modality", "speaker", "date"
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The sentence that a claim was read from; offsets of `spans` count from the sentence's first character."""

    sentence: str
    position: Position
    offset: int  # of the sentence in the title or the text, code points
    spans: tuple[Span, ...] = ()
    bound_by: str = ""  # how subject and object were bound, in words


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Who says so."""

    speaker: str  # as the text names him; "" when the narrator speaks
    standing: Standing
    origin: str = (
        ""  # the first teller's name where the text hands it on: "KCNA", "Xinhua"; for counting independent sources
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """topic · stage · subject · object, with who says so, when it happens and the sentence that says it."""

    topic: str
    stage: str
    subject: str
    object: str
    evidence: Evidence
    attribution: Attribution
    event_date: date | None = None
    exact_day: bool = False  # the day is named, not only "next week"
    place: str = ""  # id of the city, where the object is its country
    level: str = ""  # "state", "official", "working": what kind of visit
    detail: str = ""  # what tells two outcomes of one meeting apart: "invitation", "pledge"
    figures: tuple[str, ...] = ()  # numbers of the sentence that are no dates, in digits
    abroad: bool = False  # a journey leads abroad, though nobody says where
    parties: tuple[str, ...] = ()  # countries that decide about it: those of the people, and of the host if he is told
    revises: bool = False  # the sentence itself says that something else was said before: "rather than", "moved to"
    weak: bool = False  # hedged, deep in the text or with an inferred place: may not steer an episode alone
    excluded: str = ""  # why it can be no development: "history", "analyst", "caption", ...; "" when it can


class Notice(StrEnum):
    """What a text says of itself: that it, or an earlier one, was wrong."""

    NONE = ""
    CORRECTION = "correction"
    WITHDRAWN = "withdrawn"


class Outcome(StrEnum):
    """What was decided of one claim; the label of the metric as well."""

    NEW = "new"
    UPDATE = "update"  # of a known development: another day, place, level or figure
    CONTRADICTION = "contradiction"  # cannot hold together with what another source said; both are kept
    CORRECTION = "correction"  # its source puts right what was told
    WITHDRAWN = "withdrawn"  # its source takes back what was told
    UNSAID = "unsaid"  # an edited version says it no more, without a word of why
    CORROBORATES = "corroborates"
    SUPERSEDED = "superseded"
    BACKGROUND = "background"
    NOT_OWN_KNOWLEDGE = "not_own_knowledge"
    LATE = "late"
    OUT_OF_EPISODE = "out_of_episode"
    PENDING = "pending"
    BACKFILL = "backfill"
    SAME_VERSION = "same_version"

    @property
    def alerts(self) -> bool:
        """Whether a desk is told by an alert of its own."""
        return self is Outcome.NEW

    @property
    def mends(self) -> bool:
        """Whether a desk is told in the thread of an alert, and the alert is edited."""
        return self in _MENDS


_MENDS = frozenset({Outcome.UPDATE, Outcome.CONTRADICTION, Outcome.CORRECTION, Outcome.WITHDRAWN, Outcome.UNSAID})


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """Who told a development: the first teller as the text names him, and the outlet that we have it from."""

    origin: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Development:
    """The first claim of its kind in its episode: what a desk is told once; its facts as they stand now."""

    id: str  # episode · stage · subject · object · detail, stable: the same stream gives the same id
    episode: str
    topic: str
    stage: str
    subject: str
    object: str
    detail: str
    event_date: date | None
    first_seen: datetime
    article: str  # the article's id that said it first
    exact_day: bool = False
    place: str = ""
    level: str = ""
    figures: tuple[str, ...] = ()
    standing: Standing = Standing.NARRATOR  # of who said it first
    tellers: tuple[Teller, ...] = ()  # who stands for it, the first ones
    withdrawn: datetime | None = None  # when nobody stood for it any more; it is as if it had not been told then


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What became of a development after it was told: kept beside it, and said where it was said."""

    id: str  # the development's id, "#", a number from 1
    development: str
    outcome: Outcome
    fact: str  # "day", "place", "level", "figure", "length"; "" where it is the whole development
    was: str
    now: str  # for the whole development: the id of the one that takes its place, or ""
    stands: bool  # whether the development still does
    claim: Claim  # what was said, by whom, in which words
    article: str
    seen: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """One trip, one parade, one meeting: what developments belong to."""

    id: str  # topic/subject/object/day of opening, e.g. "kim-travel/kim-jong-un/CN/2025-08-28"
    topic: str
    subject: str  # the traveller, the pair that meets; "" for a parade, which has many
    object: str
    opened: datetime  # when the first item of it was seen
    last: datetime  # when the newest item of it was seen
    event_date: date | None = None
    closed: datetime | None = None  # when it was over; noted when the topic next has something to decide
    closed_because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingClaim:
    """A weak claim that waits for a title or a second report before it may become a development."""

    claim: Claim
    article: str  # id of the article that made it
    origin: str
    seen: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """What is known of some topics: the state that decisions are made against and that they change."""

    episodes: tuple[Episode, ...] = ()
    developments: tuple[Development, ...] = ()  # in the order in which they became known
    pending: tuple[PendingClaim, ...] = ()
    changes: tuple[Change, ...] = ()  # in the order in which they became known


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What one claim of one article meant against the ledger, and why."""

    claim: Claim
    outcome: Outcome
    reason: str  # one sentence for people
    development: str | None  # id of the development that it makes, repeats or comes nearest to


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """One line of an episode's story so far, for an alert."""

    stage_label: str
    first_seen: datetime
    source_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """One line that an alert shows of what became of it."""

    at: datetime
    text: str  # "now 3 September 2025 (was 1 September 2025)"
    void: bool = False  # the alert does not hold any more


@dataclass(frozen=True, slots=True, kw_only=True)
class Mend:
    """What is said in the thread of an alert, and noted on it, when what it told has changed."""

    key: str  # the change's id
    development: str  # the alert's key
    outcome: Outcome
    headline: str  # what has changed, one sentence
    void: bool  # the alert does not hold any more
    event_date: date | None  # the day that holds from now on; None: as it was
    speaker: str
    standing: Standing
    quote: str
    source_name: str
    tier: Tier
    url: str | None
    seen: datetime
    before: str = ""  # the other side: who told it before, in which words


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Everything that one message says. Text is as the news had it, not yet escaped for anybody."""

    key: str  # the development's id, "backfill:<source>" for a summary, or "ops:<...>" for a notice
    channel: str
    topic: str
    topic_name: str
    headline: str  # what happened, one sentence
    stage: str
    stage_label: str
    changed: str  # what changed since the last development of the episode; "" for the first
    subject_name: str
    object_name: str
    event_date: date | None
    published: datetime | None
    time_zone: str | None  # IANA zone of the source, for source time
    first_seen: datetime
    speaker: str
    standing: Standing
    quote: str
    quote_language: str | None
    url: str | None
    source_name: str
    tier: Tier
    earlier: tuple[Earlier, ...] = ()
    why_matched: str = ""
    why_new: str = ""
    reports: int = 1  # articles that report it, this one included
    independent: int = 1  # first tellers among them
    mends: tuple[Mended, ...] = ()  # what became of it since it was raised
    lines: tuple[str, ...] = ()  # of a notice to those who run this: one a matter

    @property
    def void(self) -> bool:
        """Whether what it told does not hold any more."""
        return any(mended.void for mended in self.mends)


class Verdict(StrEnum):
    """What somebody thought of an alert."""

    USEFUL = "useful"
    NOT_NEW = "not_new"
    OFF_TOPIC = "off_topic"

    @property
    def words(self) -> str:
        """For people."""
        return self.value.replace("_", " ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """A verdict on an alert, with what the alert told."""

    development: str
    topic: str
    stage: str
    subject: str
    object: str
    detail: str
    article: str  # id of the article that was alerted on
    first_seen: datetime  # when that article was seen
    verdict: Verdict
    given_by: str
    note: str
    at: datetime


REPORTED = "reported"  # the only stage of an open topic, whose unit is the story


class Where(StrEnum):
    """Where in an article the words of an open topic have to stand."""

    TITLE = "title"
    LEAD = "lead"  # title or first sentences
    ANYWHERE = "anywhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What an open topic looks for. Every field that is not empty has to be met."""

    any: tuple[str, ...] = ()  # words and phrases; a trailing * stands for any ending
    all: tuple[tuple[str, ...], ...] = ()  # each entry has to be there, in one of its wordings
    none: tuple[str, ...] = ()
    names: tuple[str, ...] = ()  # ids of the gazetteer, ISO countries, or free text
    languages: tuple[str, ...] = ()  # ISO 639-1; empty: any
    where: Where = Where.ANYWHERE
    meaning: str = ""  # one sentence for people
    window: timedelta = timedelta(days=3)  # how long after its last report a story is still the same one


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchTopic:
    """A topic as `topics.yaml` has it: a frame, and whom and what it watches; or, without a frame, a search."""

    id: str
    name: str
    frame: str  # "travel", "attendance", "talks"; "" for an open topic
    search: Search | None = None  # of an open topic
    subjects: tuple[str, ...] = ()  # entity ids; empty: any leader
    objects: tuple[str, ...] = ()  # for travel ISO countries, for attendance parades; empty: any
    channel: str | None = None  # Slack channel; None: the default one
    pair: tuple[str, ...] = ()  # for talks: who meets whom
    muted_stages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What a connector has to remember of a source between polls; saved only after the bus has the items."""

    source_id: str
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    seen_items: Mapping[str, str] = field(default_factory=dict)  # item key -> content hash, of the last snapshot
    polls: int = 0  # readings that were completed, ever; 0: the first is not through; one may take several polls
    failures: int = 0  # in a row
    last_success: datetime | None = None
    last_outcome: str = ""
    last_error: str = ""
    next_poll: datetime | None = None
    reach: Reach = field(default_factory=Reach)
    pulse: Pulse = field(default_factory=Pulse)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulletin:
    """What those who run Watchdesk are told of its sources."""

    key: str  # names it for good: it is said once
    at: datetime
    headline: str
    lines: tuple[str, ...] = ()
    remark: str = ""  # what to do about it
    after: str = ""  # the key of the bulletin that this one takes back: said only where that one was; "": always
    vital: bool = False  # said in the default channel where there is none for operations


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A message that could not be processed, with its story. Its place on the bus is its identity."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None  # the bytes as they came; None: a tombstone
    error: str  # the error's class, the label of the metric as well
    reason: str  # one sentence for people, without secrets
    at: datetime  # when it was given up
    attempts: int  # starts at 1
    version: str  # of the program that gave it up
    trace: str  # where it failed: innermost calls last, without values

    @property
    def id(self) -> str:
        """How people name it: topic/partition/offset."""
        return f"{self.topic}/{self.partition}/{self.offset}"
