"""The decisions of open topics: a story is told once. Plain functions; the same items in order of `seen` give the same.

A story is an event as its first reports told it: the one that was alerted and the next that told it otherwise. An item
that tells the same event, within the topic's window after the last report of it, corroborates; the window moves on with
each report. What the same event is, is said by `monitor.stories`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from monitor.developments import LATE_AFTER, origin_of
from monitor.developments.book import TELLERS
from monitor.developments.wording import when, why_excluded
from monitor.language.notices import notice_of
from monitor.stories import Match, Telling, likely, nearest
from monitor.types import (
    REPORTED,
    Article,
    Attribution,
    Change,
    Claim,
    Decision,
    Development,
    Episode,
    Evidence,
    Ledger,
    Notice,
    Outcome,
    Position,
    Standing,
    Teller,
    WatchTopic,
)

LOOKED_AT = 60  # tellings whose stories an item is compared with in full; a desk's topic seldom has more that go on
TOLD = 3  # tellings of a story that are kept: on real news a second and third find more, further ones hardly any


@dataclass(frozen=True, slots=True, kw_only=True)
class Stories:
    """What open topics have told: an episode and a development for each story, and how its first reports told it."""

    ledger: Ledger = field(default_factory=Ledger)
    tellings: Mapping[str, tuple[Telling, ...]] = field(default_factory=dict)  # by development, `TOLD` at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The decisions on one article's claims, in the order of the claims, and the stories after them."""

    decisions: tuple[Decision, ...]
    stories: Stories
    changes: tuple[Change, ...] = ()  # what its source took back


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One article with all that is known of it beside the stories."""

    article: Article
    id: str
    told: Mapping[str, Telling]  # by topic: what it tells besides the words that the topic looks for
    before: frozenset[str] = frozenset()  # developments that its last version told
    first_told: datetime | None = None  # when the same text was seen long before, under another name or date
    own_name: str = ""  # how others name its source


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """One claim with all that it is judged by."""

    claim: Claim
    item: Item
    running: int  # stories of the topic that are not over
    match: Match | None
    nearest: Development | None  # the story that it is with
    window: timedelta


def judge(item: Item, claims: Sequence[Claim], stories: Stories, topics: Mapping[str, WatchTopic]) -> Judged:
    """Decide on the claims that open topics make of one article."""
    decisions: list[Decision] = []
    before = stories
    if notice_of(item.article) is Notice.WITHDRAWN and not item.article.backfill:
        for case in [_case(item, claim, stories, topics) for claim in claims]:
            if case.match is not None and case.match.same and case.nearest is not None:
                item = replace(item, before=item.before | {case.nearest.id})
        decisions, stories = _withdraw(item, stories)
    taken = {decision.claim.topic for decision in decisions}
    for claim in claims:
        if claim.topic not in taken:
            decision, stories = _hear(_case(item, claim, stories, topics), stories)
            decisions.append(decision)
    changes = stories.ledger.changes[len(before.ledger.changes) :]
    return Judged(decisions=tuple(decisions), stories=stories, changes=changes)


def _case(item: Item, claim: Claim, stories: Stories, topics: Mapping[str, WatchTopic]) -> _Case:
    search = topics[claim.topic].search
    assert search is not None
    running = _running(claim.topic, stories.ledger, item.article.seen - search.window)
    told = item.told[claim.topic]
    match, story = _nearest(told, running, stories)
    return _Case(claim=claim, item=item, running=len(running), match=match, nearest=story, window=search.window)


def _nearest(
    told: Telling, running: Sequence[Development], stories: Stories
) -> tuple[Match | None, Development | None]:
    """The story that is most alike, by all that is kept of it, and how much."""
    known = [(each, telling) for each in running for telling in stories.tellings[each.id]]
    looked_at = {known[at][0].id for at in likely(told, [telling for _, telling in known], LOOKED_AT)}
    compared = [(each, telling) for each, telling in known if each.id in looked_at]
    match = nearest(told, [telling for _, telling in compared], [each.id for each, _ in compared])
    return match, compared[match.index][0] if match is not None else None


def _hear(case: _Case, stories: Stories) -> tuple[Decision, Stories]:
    article, claim = case.item.article, case.claim
    outcome, reason, development = _judge(case, stories)
    own = development if outcome in (Outcome.CORROBORATES, Outcome.SAME_VERSION) else None
    if outcome.alerts or (outcome is Outcome.BACKFILL and article.published is not None):
        stories, own = _record(case, stories)  # a backfill's too: others will say it again
        development = own
    elif outcome is Outcome.CORROBORATES and own is not None:
        stories = _corroborate(case, stories, own)
    if own is not None:
        claim = replace(claim, object=own.object)
    identity = development.id if development is not None else None
    return Decision(claim=claim, outcome=outcome, reason=reason, development=identity), stories


def _running(topic: str, ledger: Ledger, since: datetime) -> list[Development]:
    """The topic's stories with a report since then, for which somebody still stands."""
    last = {episode.id: episode.last for episode in ledger.episodes if episode.topic == topic}
    told = (each for each in ledger.developments if each.topic == topic and each.withdrawn is None)
    return [each for each in told if last[each.episode] >= since]


def _judge(case: _Case, stories: Stories) -> tuple[Outcome, str, Development | None]:
    item, article, story = case.item, case.item.article, case.nearest
    if case.claim.excluded:
        return Outcome.BACKGROUND, why_excluded(case.claim.excluded), story
    told = _told_before(case, stories)
    if told is not None:
        return Outcome.SAME_VERSION, "an earlier version of this item told this story already", told
    if story is not None and case.match is not None and case.match.same:
        return Outcome.CORROBORATES, f"the same event, known since {when(story.first_seen)}: {case.match.why}", story
    if item.first_told is not None:
        return Outcome.LATE, f"an old story again: this text was seen on {when(item.first_told)}", story
    if article.published is not None and article.seen - article.published > LATE_AFTER:
        return Outcome.LATE, "published long before it was seen", story
    if article.backfill:
        return Outcome.BACKFILL, "found by the first poll of its source", story
    return Outcome.NEW, _why_new(case), None


def _told_before(case: _Case, stories: Stories) -> Development | None:
    """The story that the item's last version belonged to, unless its page tells something else by now."""
    for development in stories.ledger.developments:
        mine = development.topic == case.claim.topic and development.id in case.item.before
        if mine and development.withdrawn is None:
            match, _ = _nearest(case.item.told[case.claim.topic], [development], stories)
            if match is not None and match.same:
                return development
    return None


def _why_new(case: _Case) -> str:
    days = case.window / timedelta(days=1)
    span = f"{days:g} day{'s' if days != 1 else ''}" if days >= 1 else f"{case.window / timedelta(hours=1):g} hours"
    if not case.running:
        return f"first report of this story: the topic has told nothing within {span}"
    return f"first report of this story: of {case.running} told within {span} none is of the same event"


# ---- what becomes known -------------------------------------------------------------------------------------------


def _record(case: _Case, stories: Stories) -> tuple[Stories, Development]:
    """The story as it becomes known: an episode with one development."""
    topic, seen = case.claim.topic, case.item.article.seen
    day = seen.astimezone(UTC).date().isoformat()
    taken = {episode.id for episode in stories.ledger.episodes}
    number = 1
    while f"{topic}/story/{day}-{number}" in taken:
        number += 1
    episode = Episode(
        id=f"{topic}/story/{day}-{number}", topic=topic, subject="", object=f"{day}-{number}", opened=seen, last=seen
    )
    development = Development(
        id=f"{episode.id}/{REPORTED}",
        episode=episode.id,
        topic=topic,
        stage=REPORTED,
        subject=case.claim.subject,
        object=episode.object,
        detail="",
        event_date=None,
        first_seen=seen,
        article=case.item.id,
        standing=case.claim.attribution.standing,
        tellers=(_teller(case),),
    )
    ledger = replace(
        stories.ledger,
        episodes=(*stories.ledger.episodes, episode),
        developments=(*stories.ledger.developments, development),
    )
    return Stories(ledger=ledger, tellings={**stories.tellings, development.id: (case.item.told[topic],)}), development


def _corroborate(case: _Case, stories: Stories, development: Development) -> Stories:
    """One more stands for the story, and it goes on. What it tells in other words is kept too."""
    told, kept = case.item.told[case.claim.topic], stories.tellings[development.id]
    if told not in kept and len(kept) < TOLD:
        stories = replace(stories, tellings={**stories.tellings, development.id: (*kept, told)})
    teller, seen = _teller(case), case.item.article.seen
    if teller not in development.tellers and len(development.tellers) < TELLERS:
        stories = _amended(stories, replace(development, tellers=(*development.tellers, teller)))
    episodes = tuple(
        replace(each, last=max(each.last, seen)) if each.id == development.episode else each
        for each in stories.ledger.episodes
    )
    return replace(stories, ledger=replace(stories.ledger, episodes=episodes))


def _teller(case: _Case) -> Teller:
    article = case.item.article
    return Teller(origin=origin_of(case.claim, article).lower(), source=article.source_id)


def _amended(stories: Stories, development: Development) -> Stories:
    developments = tuple(development if each.id == development.id else each for each in stories.ledger.developments)
    return replace(stories, ledger=replace(stories.ledger, developments=developments))


# ---- what is taken back -------------------------------------------------------------------------------------------


def _withdraw(item: Item, stories: Stories) -> tuple[list[Decision], Stories]:
    """The source withdraws its report: a story for which nobody else stands is as if it had not been told."""
    decisions = []
    names = {item.article.source_name.lower(), item.own_name.lower()} - {""}
    for development in stories.ledger.developments:
        ours = [each for each in development.tellers if each.source == item.article.source_id or each.origin in names]
        if development.id not in item.before or development.withdrawn is not None or not ours:
            continue
        left = tuple(each for each in development.tellers if each not in ours)
        count = sum(change.development == development.id for change in stories.ledger.changes)
        change = Change(
            id=f"{development.id}#{count + 1}",
            development=development.id,
            outcome=Outcome.WITHDRAWN,
            fact="",
            was="",
            now="",
            stands=bool(left),
            claim=_taken_back(item.article, development),
            article=item.id,
            seen=item.article.seen,
        )
        ledger = replace(stories.ledger, changes=(*stories.ledger.changes, change))
        without = replace(development, tellers=left, withdrawn=None if left else item.article.seen)
        stories = _amended(replace(stories, ledger=ledger), without)
        others = len({each.origin for each in left})
        still = f"; {others} other {'source stands' if others == 1 else 'sources stand'} for it" if others else ""
        reason = f"withdrawn by its own source{still}"
        decisions.append(
            Decision(claim=change.claim, outcome=change.outcome, reason=reason, development=development.id)
        )
    return decisions, stories


def _taken_back(article: Article, development: Development) -> Claim:
    """The claim that is taken back, with the words that take it back."""
    words = article.title or article.text.strip().partition("\n")[0]
    return Claim(
        topic=development.topic,
        stage=development.stage,
        subject=development.subject,
        object=development.object,
        evidence=Evidence(sentence=words, position=Position.TITLE, offset=0, bound_by="what was told before"),
        attribution=Attribution(speaker="", standing=Standing.NARRATOR),
        excluded=Notice.WITHDRAWN.value,
    )
