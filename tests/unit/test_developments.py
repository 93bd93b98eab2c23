"""What is new: stages in order, turns, late and old reports, weak claims, versions, episodes that end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.types import Attribution, Claim, Decision, Ledger, Notice, Outcome, Standing
from tests.unit.deciding import (
    NEW,
    OLD,
    RED_SQUARE,
    SAME,
    TALKS,
    TRIPS,
    Desk,
    attends,
    claim,
    said,
    talks,
)

TRIP = ("possible", "invited", "announced", "departed", "en_route", "arrived", "left", "returned")


def test_each_stage_of_a_trip_is_new_once() -> None:
    desk = Desk()
    assert [desk.outcomes(claim(stage))[0] for stage in TRIP] == [NEW] * len(TRIP)
    assert [desk.outcomes(claim(stage))[0] for stage in TRIP] == [SAME] * len(TRIP)
    assert len({development.episode for development in desk.ledger.developments}) == 1


def test_what_comes_before_a_stage_that_is_known_is_superseded() -> None:
    desk = Desk()
    desk.hears(claim("arrived"))
    (decision,) = desk.hears(claim("announced"))
    assert decision.outcome is OLD
    assert decision.reason.startswith("has arrived since")
    assert decision.development == desk.ledger.developments[0].id


def test_one_text_that_tells_a_whole_trip_opens_one_episode_with_stages_in_order() -> None:
    desk = Desk()
    desk.hears(claim("returned", "?"), claim("arrived"), claim("departed"))
    assert [d.stage for d in desk.ledger.developments] == ["departed", "arrived", "returned"]
    assert {d.object for d in desk.ledger.developments} == {"UA"}


def test_trips_to_two_countries_are_two_episodes() -> None:
    desk = Desk()
    assert desk.outcomes(claim("announced", "PL"), claim("announced", "UA")) == [NEW, NEW]
    assert len(desk.ledger.episodes) == 2


@pytest.mark.parametrize("stage", ["left", "returned"])
def test_nobody_comes_home_from_a_trip_that_is_not_known(stage: str) -> None:
    assert Desk().outcomes(claim(stage)) == [Outcome.OUT_OF_EPISODE]


@pytest.mark.parametrize("turn", ["denied", "postponed", "cancelled"])
def test_an_announcement_after_a_turn_is_news_again(turn: str) -> None:
    desk = Desk()
    told = [desk.outcomes(claim(stage))[0] for stage in ("announced", turn, "announced", "announced")]
    assert told == [NEW, NEW, NEW, SAME]
    assert [d.stage for d in desk.ledger.developments] == ["announced", turn, "announced"]
    assert len({d.id for d in desk.ledger.developments}) == 3


def test_a_report_written_before_the_turn_does_not_turn_it_back() -> None:
    desk = Desk()
    desk.hears(claim("announced"))
    desk.hears(claim("cancelled"))
    assert desk.outcomes(claim("announced"), published=timedelta(hours=8)) == [SAME]


def test_a_trip_that_was_never_spoken_of_can_be_called_off_but_not_denied() -> None:
    assert Desk().outcomes(claim("cancelled")) == [NEW]
    assert Desk().outcomes(claim("denied")) == [Outcome.OUT_OF_EPISODE]


def test_declining_in_other_words_is_nothing_new() -> None:
    desk = Desk()
    assert desk.outcomes(attends("declined")) == [NEW]
    assert desk.outcomes(attends("cancelled")) == [SAME]
    assert desk.outcomes(attends("denied")) == [SAME]


def test_who_attends_is_told_of_each_leader_in_one_episode() -> None:
    desk = Desk(now=datetime(2024, 5, 1, tzinfo=UTC))
    assert desk.outcomes(attends("announced"), attends("announced", subject="xi-jinping")) == [NEW, NEW]
    assert len(desk.ledger.episodes) == 1


def test_nobody_has_attended_before_the_day() -> None:
    desk = Desk(now=datetime(2024, 5, 7, tzinfo=UTC))
    desk.hears(attends("announced"))
    (decision,) = desk.hears(attends("attended"))
    assert (decision.outcome, decision.reason) == (Outcome.OUT_OF_EPISODE, "the parade is still to come")
    assert desk.outcomes(attends("attended"), after=timedelta(days=2)) == [NEW]


def test_nobody_has_attended_before_the_day_of_a_parade_that_was_never_spoken_of() -> None:
    desk = Desk(now=datetime(2024, 5, 7, tzinfo=UTC))
    assert desk.outcomes(attends("attended")) == [Outcome.OUT_OF_EPISODE]


def test_a_parade_whose_day_is_told_wrongly_by_some_days_is_the_same() -> None:
    desk = Desk(now=datetime(2024, 5, 1, tzinfo=UTC))
    desk.hears(attends("announced"))
    (decision,) = desk.hears(attends("announced", "moscow-2024-05-07"))
    assert decision.outcome is SAME
    assert decision.claim.object == RED_SQUARE


def test_the_parade_of_next_year_is_another_one() -> None:
    desk = Desk(now=datetime(2024, 5, 9, 12, tzinfo=UTC))
    desk.hears(attends("attended"))
    assert desk.outcomes(attends("announced", "moscow-2025-05-09"), after=timedelta(days=350)) == [NEW]
    assert len(desk.ledger.episodes) == 2


def test_next_years_parade_is_another_one_even_on_the_morrow_of_this_years() -> None:
    desk = Desk(now=datetime(2024, 5, 9, 12, tzinfo=UTC))
    desk.hears(attends("attended"))
    assert desk.outcomes(attends("announced", "moscow-2025-05-09"), after=timedelta(days=1)) == [NEW]


@pytest.mark.parametrize(("days", "outcome"), [(2, OLD), (40, NEW)])
def test_a_trip_that_is_over_closes_after_some_days(days: int, outcome: Outcome) -> None:
    desk = Desk()
    for stage in ("announced", "arrived", "returned"):
        desk.hears(claim(stage))
    assert desk.outcomes(claim("possible"), after=timedelta(days=days)) == [outcome]


def test_reports_keep_an_episode_open() -> None:
    desk = Desk()
    desk.hears(claim("announced"))
    for _ in range(4):
        assert desk.outcomes(claim("announced"), after=timedelta(days=20)) == [SAME]
    assert desk.outcomes(claim("announced"), after=timedelta(days=40)) == [NEW]


def test_an_old_report_that_comes_late_is_no_news() -> None:
    desk = Desk()
    assert desk.outcomes(claim("announced"), published=timedelta(hours=37)) == [Outcome.LATE]
    assert desk.outcomes(claim("announced"), published=timedelta(hours=35)) == [NEW]


def test_what_the_first_poll_of_a_source_finds_is_known_and_no_news() -> None:
    """It raises nothing, and whoever says it again says nothing new."""
    desk = Desk()
    assert desk.outcomes(claim("announced"), backfill=True) == [Outcome.BACKFILL]
    assert [d.stage for d in desk.ledger.developments] == ["announced"]
    assert desk.outcomes(claim("announced")) == [SAME]


def test_what_was_called_off_and_is_on_again_can_be_called_off_again() -> None:
    desk = Desk()
    for stage in ("announced", "cancelled", "announced", "cancelled"):
        assert desk.outcomes(claim(stage)) == [NEW]
    assert desk.outcomes(claim("cancelled")) == [SAME]


def test_what_an_edit_adds_is_as_new_as_the_edit() -> None:
    desk = Desk()
    assert desk.outcomes(claim("arrived"), published=timedelta(hours=60), edited=True) == [NEW]


def test_an_edited_version_says_again_what_it_said_and_may_add() -> None:
    desk = Desk()
    first = claim("announced")
    desk.hears(first)
    told = desk.outcomes(first, claim("departed"), before=[said(first)])
    assert told == [Outcome.SAME_VERSION, NEW]


def test_a_weak_claim_waits_for_another_teller() -> None:
    """The same teller again does not support it, another one does; then nothing waits any more."""
    desk = Desk()
    weak = claim("arrived", weak=True)
    assert desk.outcomes(weak, source="globe") == [Outcome.PENDING]
    assert desk.outcomes(weak, source="globe") == [Outcome.PENDING]
    assert desk.outcomes(weak, source="star") == [NEW]
    assert desk.ledger.pending == ()


def test_two_outlets_that_quote_one_agency_are_one_teller() -> None:
    desk = Desk()
    weak = claim("arrived", weak=True, attribution=Attribution(speaker="KCNA", standing=Standing.MEDIA, origin="kcna"))
    assert desk.outcomes(weak, source="globe") == [Outcome.PENDING]
    assert desk.outcomes(weak, source="star") == [Outcome.PENDING]


def test_a_weak_claim_steers_nothing_until_it_is_supported() -> None:
    desk = Desk()
    desk.hears(claim("returned", weak=True), claim("arrived", weak=True))
    assert desk.outcomes(claim("departed")) == [NEW]


@pytest.mark.parametrize(
    ("why", "outcome"),
    [
        ("history", Outcome.BACKGROUND),
        ("caption", Outcome.BACKGROUND),
        ("condition", Outcome.BACKGROUND),
        ("analyst", Outcome.NOT_OWN_KNOWLEDGE),
    ],
)
def test_what_can_be_no_development_is_kept_with_its_reason(why: str, outcome: Outcome) -> None:
    desk = Desk()
    (decision,) = desk.hears(claim("arrived", excluded=why))
    assert decision.outcome is outcome
    assert decision.reason
    assert desk.ledger == Ledger()


def test_a_country_that_the_topic_does_not_watch_is_left_out() -> None:
    desk = Desk()
    only = replace(TRIPS, objects=("US",))
    assert desk.outcomes(claim("announced"), claim("announced", "US"), topics=[only]) == [Outcome.OUT_OF_EPISODE, NEW]


def test_outcomes_of_one_meeting_are_told_apart_and_need_the_meeting() -> None:
    desk = Desk()
    assert desk.outcomes(talks("outcome", "?", detail="pledge")) == [Outcome.OUT_OF_EPISODE]
    assert desk.outcomes(talks("held")) == [NEW]
    assert desk.outcomes(talks("outcome", "?", detail="pledge"), talks("outcome", "?", detail="invitation")) == [
        NEW,
        NEW,
    ]
    assert desk.outcomes(talks("outcome", "?", detail="pledge")) == [SAME]


def test_what_they_say_while_they_meet_does_not_hide_that_the_meeting_is_over() -> None:
    desk = Desk()
    assert desk.outcomes(talks("started"), talks("outcome", "?", detail="pledge")) == [NEW, NEW]
    assert desk.outcomes(talks("announced")) == [OLD]
    assert desk.outcomes(talks("held")) == [NEW]
    assert desk.outcomes(talks("started")) == [SAME]
    assert {d.object for d in desk.ledger.developments} == {"UA"}


def test_nothing_has_come_of_a_meeting_before_its_day_unless_it_was_brought_forward() -> None:
    desk = Desk(now=datetime(2024, 5, 7, tzinfo=UTC))
    desk.hears(replace(talks("announced"), event_date=date(2024, 5, 9)))
    (decision,) = desk.hears(talks("outcome", detail="invitation"))
    assert (decision.outcome, decision.reason) == (Outcome.OUT_OF_EPISODE, "the meeting is still to come")
    assert desk.outcomes(talks("started"), talks("outcome", detail="invitation"), after=timedelta(days=1)) == [NEW, NEW]


def test_a_call_is_another_episode_than_a_meeting() -> None:
    desk = Desk()
    assert desk.outcomes(talks("held", "phone"), talks("announced", "UA")) == [NEW, NEW]
    assert len(desk.ledger.episodes) == 2


def test_a_meeting_is_told_although_nobody_says_where() -> None:
    desk = Desk()
    assert desk.outcomes(talks("announced", "?")) == [NEW]
    assert desk.outcomes(talks("announced", "?")) == [SAME]
    assert desk.outcomes(talks("held", "?")) == [NEW]
    assert len(desk.ledger.episodes) == 1


def test_the_first_to_say_where_a_meeting_is_gives_all_of_it_its_place() -> None:
    """The desk is told in the thread, or by the next alert."""
    desk = Desk()
    desk.hears(talks("announced", "?"))
    (decision,) = desk.hears(talks("announced", "UA"))
    assert (decision.outcome, decision.reason) == (Outcome.UPDATE, "the first to name the place: UA")
    assert [(change.fact, change.was, change.now) for change in desk.ledger.changes] == [("place", "", "UA")]
    assert desk.outcomes(talks("announced", "UA"), talks("started", "?")) == [SAME, NEW]
    assert {d.object for d in desk.ledger.developments} | {e.object for e in desk.ledger.episodes} == {"UA"}


def test_the_next_stage_may_be_the_first_to_say_where_a_meeting_is() -> None:
    desk = Desk()
    desk.hears(talks("announced", "?"))
    assert desk.outcomes(talks("started", "UA")) == [NEW]
    assert {d.object for d in desk.ledger.developments} == {"UA"}
    assert desk.ledger.changes == ()


def test_a_topic_that_watches_certain_places_waits_until_the_place_is_told() -> None:
    desk = Desk()
    only = replace(TALKS, objects=("UA",))
    (decision,) = desk.hears(talks("announced", "?"), topics=[only])
    assert (decision.outcome, decision.reason) == (
        Outcome.OUT_OF_EPISODE,
        "it is not said where, and the topic watches certain places only",
    )
    assert desk.outcomes(talks("announced", "UA"), topics=[only]) == [NEW]


def test_a_call_gives_a_meeting_without_a_place_none() -> None:
    desk = Desk()
    desk.hears(talks("announced", "?"))
    assert desk.outcomes(talks("held", "phone")) == [NEW]
    assert desk.outcomes(talks("announced", "?")) == [SAME]
    assert {e.object for e in desk.ledger.episodes} == {"?", "phone"}


def test_a_text_that_says_that_they_will_telephone_tells_of_no_meeting_besides() -> None:
    desk = Desk()
    assert desk.outcomes(talks("announced", "phone"), talks("announced", "?")) == [NEW, SAME]
    assert {e.object for e in desk.ledger.episodes} == {"phone"}


GONE = claim("departed", "?", abroad=True)
BY_OFFICIALS = Attribution(speaker="officials", standing=Standing.OFFICIAL)


def test_who_has_left_for_abroad_is_told_of_when_officials_or_two_outlets_say_so() -> None:
    """Nobody says where to."""
    assert Desk().outcomes(replace(GONE, attribution=BY_OFFICIALS)) == [NEW]
    desk = Desk()
    (first,) = desk.hears(GONE, source="one")
    assert (first.outcome, first.reason) == (
        Outcome.PENDING,
        "says not where to: waits for an official word or a second report",
    )
    (second,) = desk.hears(GONE, source="another")
    assert second.outcome is NEW
    assert Desk().outcomes(claim("departed", "?", attribution=BY_OFFICIALS)) == [Outcome.OUT_OF_EPISODE]


def test_an_announcement_may_be_the_first_to_say_where_he_is_bound_for() -> None:
    desk = Desk()
    desk.hears(replace(GONE, attribution=BY_OFFICIALS))
    (decision,) = desk.hears(claim("announced", "UA"))
    assert (decision.outcome, decision.reason) == (Outcome.UPDATE, "the first to name the place: UA")
    assert desk.outcomes(claim("arrived", "UA"), claim("returned", "?")) == [NEW, NEW]
    assert {d.object for d in desk.ledger.developments} | {e.object for e in desk.ledger.episodes} == {"UA"}


def test_a_meeting_without_a_place_is_where_the_open_trip_leads() -> None:
    desk = Desk()
    desk.hears(claim("arrived", "UA"))
    desk.hears(talks("started", "?"))
    assert desk.ledger.developments[-1].object == "UA"


@dataclass(frozen=True, kw_only=True)
class Text:
    """One text of a generated stream."""

    claims: list[Claim]
    hours: int  # after the one before
    source: str
    notice: Notice
    edits: bool  # it is another version of the text before


def replayed(stream: Sequence[Text]) -> tuple[Desk, list[list[Decision]]]:
    """A desk that has heard a stream, and what it decided on each text."""
    desk, told = Desk(), list[list[Decision]]()
    source = ""
    for text in stream:
        edits = text.edits and bool(told)
        before = [said(d.claim, d.development) for d in told[-1] if d.outcome in (NEW, SAME)] if edits else []
        source = source if edits else text.source
        decisions = desk.hears(
            *text.claims,
            after=timedelta(hours=text.hours),
            source=source,
            before=before,
            edited=edits,
            notice=text.notice,
        )
        told.append(decisions)
    return desk, told


days = st.sampled_from([None, date(2024, 8, 30), date(2024, 9, 4)])
claims = st.one_of(
    st.builds(
        claim,
        st.sampled_from([*TRIP, "cancelled", "denied"]),
        st.sampled_from(["UA", "PL", "?"]),
        weak=st.booleans(),
        event_date=days,
        exact_day=st.booleans(),
        revises=st.booleans(),
        attribution=st.builds(
            Attribution,
            speaker=st.just(""),
            standing=st.sampled_from(Standing),
            origin=st.sampled_from(["", "kremlin"]),
        ),
    ),
    st.builds(attends, st.sampled_from(["announced", "declined", "invited"]), st.just("moscow-2024-09-01")),
    st.builds(
        talks,
        st.sampled_from(["announced", "started", "held", "cancelled"]),
        st.sampled_from(["UA", "?"]),
        place=st.sampled_from(["", "kyiv", "lviv"]),
        revises=st.booleans(),
    ),
)
texts = st.lists(
    st.builds(
        Text,
        claims=st.lists(claims, max_size=3),
        hours=st.integers(0, 72),
        source=st.sampled_from(["globe", "star", "post"]),
        notice=st.sampled_from([Notice.NONE, Notice.NONE, Notice.CORRECTION, Notice.WITHDRAWN]),
        edits=st.booleans(),
    ),
    max_size=12,
)


@settings(deadline=None)
@given(texts)
def test_a_prefix_of_a_stream_has_the_decisions_of_the_whole(stream: list[Text]) -> None:
    """Decisions and changes depend on what came before alone, and replaying changes none of them."""
    desk, whole = replayed(stream)
    again, told = replayed(stream)
    assert (told, again.ledger) == (whole, desk.ledger)
    half = len(stream) // 2
    before, told = replayed(stream[:half])
    assert told == whole[:half]
    assert before.ledger.changes == desk.ledger.changes[: len(before.ledger.changes)]


@settings(deadline=None)
@given(texts)
def test_no_development_is_made_twice_and_each_belongs_to_an_episode(stream: list[Text]) -> None:
    """As many developments as new decisions, ids all different, none of them without its episode."""
    desk, decided = replayed(stream)
    told = [decision for decisions in decided for decision in decisions]
    made = desk.ledger.developments
    assert [d.development for d in told if d.outcome is NEW] == [d.id for d in made]
    assert len({d.id for d in made}) == len(made)
    assert {d.episode for d in made} == {e.id for e in desk.ledger.episodes}
    assert all(decision.reason for decision in told)


@settings(deadline=None)
@given(texts)
def test_every_change_is_one_decision_about_a_development_that_was_told(stream: list[Text]) -> None:
    """In their order; and nobody stands any more for what was taken back, and somebody for all else."""
    desk, decided = replayed(stream)
    mending = [d for decisions in decided for d in decisions if d.outcome.mends]
    changes = desk.ledger.changes
    assert sorted((c.development, c.outcome) for c in changes) == sorted(
        (d.development or "", d.outcome) for d in mending
    )
    assert len({c.id for c in changes}) == len(changes)
    for development in desk.ledger.developments:
        assert bool(development.tellers) == (development.withdrawn is None)
        fell = any(c.development == development.id and not c.stands for c in changes)
        assert fell == (development.withdrawn is not None)


@settings(deadline=None)
@given(texts)
def test_what_has_just_become_known_is_corroborated_when_it_is_said_again(stream: list[Text]) -> None:
    """Whatever the ledger holds, the claim that made its latest development is nothing new a second time."""
    for length in range(1, len(stream) + 1):
        desk, decided = replayed(stream[:length])
        latest = desk.ledger.developments[-1:]
        for decision in decided[-1]:
            if decision.outcome is NEW and [d.id for d in latest] == [decision.development]:
                (again,) = Desk(ledger=desk.ledger, now=desk.now, heard=99).hears(decision.claim)
                assert again.outcome is SAME
