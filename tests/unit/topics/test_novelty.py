"""Decisions of open topics: a story is told once, within a window that each report of it moves on."""

from __future__ import annotations

import random
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.novelty import LOOKED_AT, TOLD, Item, Judged, Stories, judge
from monitor.pipeline import read, telling_of
from monitor.types import Decision, ItemKind, Outcome, RawItem, WatchTopic
from tests.support.searching import CURBS, CURBS_AGAIN, MINE, RARE, SEEN, WATCH, told


def hear(
    item: RawItem,
    stories: Stories,
    *,
    before: Collection[str] = (),
    topic: WatchTopic = RARE,
    first_told: datetime | None = None,
) -> tuple[Decision, Stories]:
    """The decision on an item that makes one claim, and the stories after it."""
    made = read(item, WATCH)
    heard = Item(
        article=made.article, id=f"id-{item.key}", told=made.told, before=frozenset(before), first_told=first_told
    )
    judged: Judged = judge(heard, made.reported, stories, {topic.id: topic})
    (decision,) = judged.decisions
    return decision, judged.stories


def hear_all(*items: RawItem, topic: WatchTopic = RARE) -> list[Decision]:
    """The decisions on items that are heard one after another."""
    stories = Stories()
    decisions = []
    for item in items:
        decision, stories = hear(item, stories, topic=topic)
        decisions.append(decision)
    return decisions


def outcomes(*items: RawItem) -> list[Outcome]:
    """What was decided, in order."""
    return [decision.outcome for decision in hear_all(*items)]


def test_the_first_report_of_a_story_is_new() -> None:
    (decision,) = hear_all(told("a", CURBS))
    assert decision.outcome is Outcome.NEW
    assert decision.development == "rare-earths/story/2025-10-09-1/reported"
    assert decision.claim.object == "2025-10-09-1"
    assert decision.reason == "first report of this story: the topic has told nothing within 3 days"


def test_another_report_of_it_corroborates_and_names_the_story() -> None:
    first, again = hear_all(told("a", CURBS), told("b", CURBS_AGAIN, source="star", hours=5))
    assert (again.outcome, again.development) == (Outcome.CORROBORATES, first.development)
    assert again.claim.object == first.claim.object
    assert again.reason.startswith("the same event, known since 9 October 2025 08:00 UTC: ")


def test_another_story_on_the_same_words_is_new() -> None:
    first, other = hear_all(told("a", CURBS), told("b", MINE, hours=5))
    assert other.outcome is Outcome.NEW
    assert other.development != first.development
    assert other.reason.endswith("of 1 told within 3 days none is of the same event")


def test_headlines_that_share_but_the_words_of_the_topic_are_stories_of_their_own() -> None:
    """Every report of a topic has the words that it looks for: they make no two of them the same event."""
    titles = ["China curbs rare earth exports", "Sweden opens rare earth mine", "Rare earth prices fall in London"]
    items = [told(str(number), (title, ""), hours=number) for number, title in enumerate(titles)]
    again = told("again", ("Exports of rare earths: China curbs them", ""), hours=5, source="star")
    assert outcomes(*items, again) == [Outcome.NEW, Outcome.NEW, Outcome.NEW, Outcome.CORROBORATES]


def test_a_window_moves_on_with_each_report_and_ends() -> None:
    items = [told(str(day), CURBS, source=f"s{day}", hours=24 * day) for day in (0, 2, 4, 8)]
    assert outcomes(*items) == [Outcome.NEW, Outcome.CORROBORATES, Outcome.CORROBORATES, Outcome.NEW]


def test_a_topic_may_have_a_window_of_its_own() -> None:
    assert RARE.search is not None
    short = replace(RARE, search=replace(RARE.search, window=timedelta(hours=6)))
    first, second, third = hear_all(
        told("a", CURBS),
        told("b", CURBS, source="star", hours=5),
        told("c", CURBS, source="sun", hours=12),
        topic=short,
    )
    assert (first.outcome, second.outcome, third.outcome) == (Outcome.NEW, Outcome.CORROBORATES, Outcome.NEW)
    assert third.reason.endswith("nothing within 6 hours")


def test_opinion_and_round_ups_are_background_and_open_no_story() -> None:
    kinds = [ItemKind.OPINION, ItemKind.ROUNDUP]
    items = [told(kind.value, CURBS, kind=kind, source=kind.value) for kind in kinds]
    decisions = hear_all(*items, told("news", CURBS_AGAIN, hours=1), told("late", CURBS, kind=kinds[0], hours=2))
    assert [d.outcome for d in decisions[:3]] == [Outcome.BACKGROUND, Outcome.BACKGROUND, Outcome.NEW]
    assert [d.reason for d in decisions[:2]] == ["an opinion piece", "a round-up of many stories"]
    assert (decisions[3].outcome, decisions[3].development) == (Outcome.BACKGROUND, decisions[2].development)


def test_what_was_published_long_ago_is_late() -> None:
    old = told("a", CURBS, published=SEEN - timedelta(days=3))
    assert outcomes(old, told("b", CURBS_AGAIN, hours=1)) == [Outcome.LATE, Outcome.NEW]


def test_what_a_new_source_holds_is_known_and_not_alerted() -> None:
    first, later = hear_all(told("a", CURBS, backfill=True), told("b", CURBS_AGAIN, hours=1, source="star"))
    assert (first.outcome, later.outcome) == (Outcome.BACKFILL, Outcome.CORROBORATES)
    assert later.development == first.development


def test_a_new_version_of_a_story_that_was_told_is_nothing_new() -> None:
    first, stories = hear(told("a", CURBS), Stories())
    assert first.development is not None
    longer = (CURBS[0], f"{CURBS[1]}\n\nAnalysts spoke of a heavy blow.")
    edited, after = hear(told("a", longer, hours=90), stories, before=[first.development])
    assert (edited.outcome, edited.development) == (Outcome.SAME_VERSION, first.development)
    assert after == stories


def test_a_page_that_tells_something_else_by_now_is_new() -> None:
    first, stories = hear(told("a", CURBS), Stories())
    assert first.development is not None
    other, _ = hear(told("a", MINE, hours=2), stories, before=[first.development])
    assert other.outcome is Outcome.NEW


def test_among_many_stories_the_right_one_is_found() -> None:
    """A topic that tells more stories than an item is compared with in full."""
    dice = random.Random(7)
    words = ["".join(dice.choices("bdfgklmnprst", k=3)) + "ation" for _ in range(2000)]
    stories = []
    for _ in range(LOOKED_AT + 30):
        some = dice.sample(words, 14)
        stories.append((" ".join(some[:6]), f"{' '.join(some)}. Rare earths."))
    heard = [told(str(number), story, hours=number / 10, source="globe") for number, story in enumerate(stories)]
    again = told("again", (f"Rare earths: {stories[4][0]}", stories[4][1]), hours=10, source="star")
    decisions = hear_all(*heard, again)
    assert sum(decision.outcome is Outcome.NEW for decision in decisions) > LOOKED_AT
    assert (decisions[-1].outcome, decisions[-1].development) == (Outcome.CORROBORATES, decisions[4].development)


def test_a_story_keeps_its_first_tellings_and_no_copy_of_them() -> None:
    """What a second report says in other words is compared with as well."""
    decision, stories = hear(told("a", CURBS), Stories())
    _, stories = hear(told("b", CURBS, source="star", hours=1), stories)
    assert decision.development is not None
    assert len(stories.tellings[decision.development]) == 1
    for number in range(TOLD + 2):
        again = (CURBS_AGAIN[0], f"{CURBS_AGAIN[1]} Report {number + 7}.")
        _, stories = hear(told(f"c{number}", again, source="star", hours=2 + number), stories)
    first, second, third = stories.tellings[decision.development]
    assert "report" not in first.lead
    assert [second.lead[-1], third.lead[-1]] == ["7", "8"]


def test_two_stories_of_one_day_have_names_of_their_own() -> None:
    first, second = hear_all(told("a", CURBS), told("b", MINE, hours=1))
    assert [first.claim.object, second.claim.object] == ["2025-10-09-1", "2025-10-09-2"]


def test_an_old_story_with_a_new_date_is_late() -> None:
    decision, after = hear(told("a", CURBS), Stories(), first_told=SEEN - timedelta(days=40))
    assert (decision.outcome, after) == (Outcome.LATE, Stories())
    assert decision.reason == "an old story again: this text was seen on 30 August 2025 08:00 UTC"


def test_a_withdrawn_story_is_taken_back_and_may_be_told_again() -> None:
    first, stories = hear(told("a", CURBS), Stories())
    assert first.development is not None
    gone = (f"STORY WITHDRAWN: {CURBS[0]}", CURBS[1])
    taken, after = hear(told("a", gone, hours=1), stories, before=[first.development])
    assert (taken.outcome, taken.development) == (Outcome.WITHDRAWN, first.development)
    assert taken.reason == "withdrawn by its own source"
    (change,) = after.ledger.changes
    assert (change.id, change.stands) == (f"{first.development}#1", False)
    assert after.ledger.developments[0].withdrawn == SEEN + timedelta(hours=1)
    again, _ = hear(told("b", CURBS_AGAIN, source="star", hours=2), after)
    assert again.outcome is Outcome.NEW


def test_a_notice_of_its_own_withdraws_what_its_source_told() -> None:
    _, stories = hear(told("a", CURBS), Stories())
    gone = (f"STORY WITHDRAWN: {CURBS[0]}", CURBS[1])
    other, _ = hear(told("b", gone, source="star", hours=1), stories)
    assert other.outcome is Outcome.BACKGROUND
    mine, _ = hear(told("b", gone, hours=1), stories)
    assert mine.outcome is Outcome.WITHDRAWN


def test_a_story_that_others_tell_stands_when_one_withdraws_it() -> None:
    first, stories = hear(told("a", CURBS), Stories())
    _, stories = hear(told("b", CURBS_AGAIN, source="star", hours=1), stories)
    gone = (f"STORY WITHDRAWN: {CURBS[0]}", CURBS[1])
    taken, after = hear(told("a", gone, hours=2), stories, before=[first.development or ""])
    assert taken.reason == "withdrawn by its own source; 1 other source stands for it"
    assert after.ledger.changes[0].stands
    again, _ = hear(told("c", CURBS, source="sun", hours=3), after)
    assert again.outcome is Outcome.CORROBORATES


TEXTS = st.sampled_from([CURBS, CURBS_AGAIN, MINE, ("Rare earths", "")])
ITEMS = st.lists(st.tuples(TEXTS, st.integers(0, 200), st.booleans(), st.booleans()), max_size=12)


@settings(max_examples=50, deadline=None)
@given(ITEMS, st.data())
def test_a_prefix_of_the_stream_gives_a_prefix_of_the_decisions(
    drawn: list[tuple[tuple[str, str], int, bool, bool]], data: st.DataObject
) -> None:
    """Decisions depend on what was seen before alone, and a story is alerted once."""
    items = []
    for number, (story, hour, backfill, late) in enumerate(sorted(drawn, key=lambda each: each[1])):
        published = datetime(2025, 1, 1, tzinfo=UTC) if late else None
        items.append(told(str(number), story, hours=hour, backfill=backfill, published=published, source=f"s{number}"))
    whole = hear_all(*items)
    cut = data.draw(st.integers(0, len(items)))
    assert hear_all(*items[:cut]) == whole[:cut]
    alerted = [decision.development for decision in whole if decision.outcome is Outcome.NEW]
    assert len(alerted) == len(set(alerted))
    known = {decision.development for decision in whole if decision.outcome in (Outcome.NEW, Outcome.BACKFILL)}
    assert all(d.development in known for d in whole if d.outcome is Outcome.CORROBORATES)


def test_a_date_near_the_day_of_the_article_counts_as_its_weekday() -> None:
    """With the dateline's own day, and without one with that on which the article was said: Thursday, 9 October."""
    text = ("Rare earth curbs", "The curbs on rare earths take effect on 13 October.")
    made = read(told("a", text), WATCH)
    undated = replace(made.article, dateline_date=None)
    long_ago = replace(undated, published=SEEN - timedelta(days=400))
    assert made.told["rare-earths"].days == telling_of(undated, *text).days == {0}
    assert telling_of(long_ago, *text).days == frozenset()
