"""What becomes of a development that is known: updated, contradicted, corrected, withdrawn, and closed episodes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from monitor.developments import LATE_AFTER
from monitor.types import (
    Attribution,
    Claim,
    Decision,
    Evidence,
    Notice,
    Outcome,
    Position,
    Standing,
)
from tests.unit.deciding import NEW, OLD, SAME, START, Desk, attends, claim, said, talks

FIRST, OTHER_DAY, NEXT_DAY = date(2024, 9, 1), date(2024, 9, 4), date(2024, 9, 2)


def dated(day: date, stage: str = "announced", **more: object) -> Claim:
    """A claim that names its day."""
    return replace(claim(stage, event_date=day, exact_day=True), **more)  # type: ignore[arg-type]


def by(standing: Standing, origin: str = "") -> Attribution:
    """Somebody who says it."""
    return Attribution(speaker=origin, standing=standing, origin=origin)


KREMLIN, KYIV = by(Standing.PARTY, "kremlin"), by(Standing.PARTY, "kyiv")


def only(decisions: list[Decision]) -> Decision:
    """The one decision."""
    (decision,) = decisions
    return decision


# ---- updates ------------------------------------------------------------------------------------------------------


def test_a_sentence_that_says_the_day_was_changed_updates_it() -> None:
    desk = Desk()
    desk.hears(dated(FIRST))
    decision = only(desk.hears(dated(OTHER_DAY, revises=True)))
    assert decision.outcome is Outcome.UPDATE
    assert decision.reason == "another day: 2024-09-04, not 2024-09-01"
    (known,) = desk.ledger.developments
    assert (decision.development, known.event_date) == (known.id, OTHER_DAY)
    (change,) = desk.ledger.changes
    assert (change.outcome, change.fact, change.was, change.now) == ("update", "day", "2024-09-01", "2024-09-04")
    assert change.stands
    assert desk.ledger.episodes[0].event_date == OTHER_DAY


def test_an_update_is_told_once() -> None:
    desk = Desk()
    desk.hears(dated(FIRST))
    assert desk.outcomes(dated(OTHER_DAY, revises=True)) == [Outcome.UPDATE]
    assert desk.outcomes(dated(OTHER_DAY, revises=True)) == [SAME]
    assert len(desk.ledger.changes) == 1


def test_one_outlet_that_names_another_day_changes_nothing_three_do() -> None:
    desk = Desk()
    desk.hears(dated(FIRST))
    decision = only(desk.hears(dated(OTHER_DAY)))
    assert (decision.outcome, desk.ledger.changes) == (SAME, ())
    assert "names another day" in decision.reason
    assert desk.outcomes(dated(OTHER_DAY)) == [SAME]
    assert desk.outcomes(dated(OTHER_DAY)) == [Outcome.UPDATE]


def test_the_same_outlet_three_times_changes_nothing() -> None:
    desk = Desk()
    desk.hears(dated(FIRST))
    assert [desk.outcomes(dated(OTHER_DAY), source="star")[0] for _ in range(4)] == [SAME] * 4


def meeting(day: date, who: Attribution) -> Claim:
    """Talks on a day that somebody names."""
    return talks("announced", event_date=day, exact_day=True, attribution=who)


def test_a_party_may_move_the_day_of_its_own_talks() -> None:
    desk = Desk()
    desk.hears(meeting(FIRST, KREMLIN))
    assert desk.outcomes(meeting(OTHER_DAY, KREMLIN)) == [Outcome.UPDATE]


def test_a_party_s_day_counts_more_than_an_outlet_s() -> None:
    desk = Desk()
    desk.hears(meeting(FIRST, by(Standing.NARRATOR)))
    assert desk.outcomes(meeting(OTHER_DAY, KREMLIN)) == [Outcome.UPDATE]


def test_a_journey_has_many_days_and_a_party_may_name_any() -> None:
    desk = Desk()
    desk.hears(dated(FIRST, attribution=KREMLIN))
    assert desk.outcomes(dated(OTHER_DAY, attribution=KREMLIN)) == [SAME]


def test_the_day_on_which_somebody_spoke_is_no_day_of_the_journey() -> None:
    desk = Desk()
    desk.hears(dated(START.date()))
    assert desk.outcomes(dated(FIRST, revises=True)) == [SAME]
    assert desk.ledger.developments[0].event_date == FIRST


def test_a_day_apart_is_another_place_s_day() -> None:
    desk = Desk()
    desk.hears(meeting(FIRST, KREMLIN))
    assert desk.outcomes(meeting(NEXT_DAY, KYIV)) == [SAME]
    assert desk.ledger.changes == ()


def test_an_edit_of_the_article_itself_updates_its_day() -> None:
    desk = Desk()
    first = dated(FIRST)
    known = only(desk.hears(first)).development
    assert desk.outcomes(dated(NEXT_DAY), before=[said(first, known)], edited=True) == [Outcome.UPDATE]


def test_a_later_version_that_says_the_same_day_again_updates_nothing() -> None:
    desk = Desk()
    known = only(desk.hears(dated(FIRST))).development
    other = dated(OTHER_DAY)
    assert desk.outcomes(other, source="star") == [SAME]
    assert desk.outcomes(other, source="star", before=[said(other, known)], edited=True) == [Outcome.SAME_VERSION]
    assert desk.ledger.changes == ()


def test_a_day_that_was_changed_needs_new_tellers_to_be_changed_again() -> None:
    desk = Desk()
    desk.hears(dated(FIRST))
    turns = [OTHER_DAY] * 3 + [FIRST] * 2 + [OTHER_DAY, FIRST]
    outcomes = [only(desk.hears(dated(day))).outcome for day in turns]
    assert outcomes.count(Outcome.UPDATE) == 2
    assert [change.now for change in desk.ledger.changes] == [OTHER_DAY.isoformat(), FIRST.isoformat()]


@pytest.mark.parametrize(
    "vague",
    [
        claim("announced", event_date=OTHER_DAY, revises=True),
        dated(OTHER_DAY, revises=True, weak=True),
        dated(
            OTHER_DAY,
            revises=True,
            evidence=Evidence(sentence="deep", position=Position.BODY, offset=900),
        ),
    ],
    ids=["next week", "weak", "deep in the text"],
)
def test_what_is_vague_or_deep_in_a_text_updates_nothing(vague: Claim) -> None:
    desk = Desk()
    desk.hears(dated(FIRST))
    assert desk.outcomes(vague) == [SAME]
    assert desk.ledger.changes == ()


def test_a_day_that_nobody_had_named_is_filled_in_silently() -> None:
    desk = Desk()
    desk.hears(claim("announced"))
    assert desk.outcomes(dated(FIRST)) == [SAME]
    assert desk.ledger.developments[0].event_date == FIRST
    assert desk.outcomes(dated(OTHER_DAY, revises=True)) == [Outcome.UPDATE]


def test_a_day_that_has_passed_is_no_new_day() -> None:
    desk = Desk(now=datetime(2024, 9, 10, tzinfo=UTC))
    desk.hears(dated(date(2024, 9, 12)))
    assert desk.outcomes(dated(FIRST, revises=True)) == [SAME]


def test_a_text_that_names_two_days_does_not_update_itself() -> None:
    desk = Desk()
    assert desk.outcomes(dated(FIRST), dated(OTHER_DAY, revises=True)) == [NEW, SAME]
    assert desk.ledger.developments[0].event_date == FIRST


def test_an_old_text_updates_nothing() -> None:
    desk = Desk()
    desk.hears(dated(FIRST))
    late = LATE_AFTER + timedelta(hours=1)
    assert desk.outcomes(dated(OTHER_DAY, revises=True), published=late) == [SAME]
    assert desk.outcomes(dated(OTHER_DAY, revises=True), backfill=True) == [SAME]
    assert desk.ledger.changes == ()


def test_talks_move_to_another_city() -> None:
    desk = Desk()
    desk.hears(talks("announced", "RU", place="moscow"))
    decision = only(desk.hears(talks("announced", "RU", place="vladivostok", revises=True)))
    assert decision.outcome is Outcome.UPDATE
    assert desk.ledger.changes[0].fact == "place"
    assert desk.ledger.developments[0].place == "vladivostok"


def test_a_state_visit_becomes_a_working_visit() -> None:
    desk = Desk()
    desk.hears(claim("announced", level="state"))
    assert desk.outcomes(claim("announced", level="working", revises=True)) == [Outcome.UPDATE]


@pytest.mark.parametrize(("now", "outcome"), [("10", Outcome.UPDATE), ("3", SAME)])
def test_a_guest_list_grows_by_more_than_rounding(now: str, outcome: Outcome) -> None:
    desk = Desk(now=datetime(2024, 5, 1, tzinfo=UTC))
    desk.hears(attends("announced", subject="guest-list", figures=("2",)))
    assert desk.outcomes(attends("announced", subject="guest-list", figures=(now,))) == [outcome]


def test_a_number_beside_a_leader_s_name_is_none_of_the_parade_s() -> None:
    desk = Desk(now=datetime(2024, 5, 1, tzinfo=UTC))
    desk.hears(attends("announced", figures=("2",)))
    assert desk.outcomes(attends("announced", figures=("20",), revises=True)) == [SAME]


# ---- contradictions -----------------------------------------------------------------------------------------------


def test_two_parties_that_name_two_days_contradict_each_other() -> None:
    desk = Desk()
    desk.hears(meeting(FIRST, KREMLIN))
    decision = only(desk.hears(meeting(OTHER_DAY, KYIV)))
    assert decision.outcome is Outcome.CONTRADICTION
    assert desk.ledger.developments[0].event_date == FIRST
    assert only(desk.hears(meeting(OTHER_DAY, KYIV))).outcome is Outcome.BACKGROUND
    assert len(desk.ledger.changes) == 1


@pytest.mark.parametrize("standing", [Standing.PARTY, Standing.OFFICIAL])
def test_what_has_happened_is_contradicted_by_who_would_know(standing: Standing) -> None:
    desk = Desk()
    desk.hears(claim("arrived"))
    decision = only(desk.hears(claim("denied", attribution=by(standing, "ministry"))))
    assert decision.outcome is Outcome.CONTRADICTION
    assert decision.development == desk.ledger.developments[0].id
    assert [d.stage for d in desk.ledger.developments] == ["arrived"]
    assert desk.outcomes(claim("left")) == [NEW]


def test_what_has_happened_is_not_contradicted_by_a_text_without_a_speaker() -> None:
    desk = Desk()
    desk.hears(claim("arrived"))
    assert desk.outcomes(claim("denied")) == [Outcome.OUT_OF_EPISODE]
    assert desk.ledger.changes == ()


def test_a_denial_that_names_a_stage_contradicts_that_stage_alone() -> None:
    desk = Desk()
    desk.hears(claim("arrived"))
    official = by(Standing.OFFICIAL, "ministry")
    assert desk.outcomes(claim("denied", detail="left", attribution=official)) == [Outcome.OUT_OF_EPISODE]
    desk.hears(claim("left"))
    assert desk.outcomes(claim("denied", detail="left", attribution=official)) == [Outcome.CONTRADICTION]


def test_who_has_not_left_for_a_trip_that_is_announced_does_not_go() -> None:
    desk = Desk()
    desk.hears(claim("announced"))
    assert desk.outcomes(claim("denied", detail="departed")) == [NEW]
    assert desk.ledger.developments[-1].detail == ""


def test_a_party_s_word_is_contradicted_and_not_turned_back_by_somebody_without_a_name() -> None:
    desk = Desk()
    desk.hears(claim("announced", attribution=KREMLIN))
    assert desk.outcomes(claim("denied", attribution=by(Standing.UNNAMED, "a diplomat"))) == [Outcome.CONTRADICTION]
    assert desk.outcomes(claim("denied", attribution=KREMLIN)) == [NEW]


# ---- withdrawals --------------------------------------------------------------------------------------------------


def test_a_withdrawn_story_takes_its_development_back_and_a_later_report_is_new() -> None:
    desk = Desk()
    first = claim("announced")
    known = only(desk.hears(first, source="globe")).development
    decision = only(desk.hears(before=[said(first, known)], edited=True, notice=Notice.WITHDRAWN, source="globe"))
    assert (decision.outcome, decision.development) == (Outcome.WITHDRAWN, known)
    assert desk.ledger.developments[0].withdrawn == desk.now
    assert desk.ledger.changes[0].stands is False
    assert desk.ledger.episodes[0].closed_because == "all that was told of it was taken back"
    assert desk.outcomes(claim("announced"), source="star") == [NEW]
    assert len({d.id for d in desk.ledger.developments}) == 2


def test_what_others_reported_too_stands() -> None:
    desk = Desk()
    first = claim("announced")
    known = only(desk.hears(first, source="globe")).development
    desk.hears(claim("announced"), source="star")
    decision = only(desk.hears(before=[said(first, known)], edited=True, notice=Notice.WITHDRAWN, source="globe"))
    assert decision.reason == "withdrawn by its own source; 1 other source stands for it"
    assert desk.ledger.developments[0].withdrawn is None
    assert desk.outcomes(claim("announced"), source="post") == [SAME]


def test_who_was_only_later_than_others_takes_back_nothing_of_theirs() -> None:
    desk = Desk()
    late = claim("departed")
    arrived = only(desk.hears(claim("arrived"))).development
    superseded = only(desk.hears(late, source="star"))
    assert (superseded.outcome, superseded.development) == (OLD, arrived)
    before = [said(late, arrived)]
    assert desk.outcomes(source="star", before=before, edited=True, notice=Notice.WITHDRAWN) == []
    assert desk.ledger.developments[0].withdrawn is None


def test_a_withdrawn_rumour_bears_nobody_out() -> None:
    desk = Desk()
    weak = claim("announced", weak=True)
    assert desk.outcomes(weak, source="star") == [Outcome.PENDING]
    waiting = desk.ledger.pending[0].article
    desk.heard = int(waiting[1:]) - 1  # the same article again
    desk.hears(source="star", edited=True, notice=Notice.WITHDRAWN)
    assert desk.ledger.pending == ()


def test_an_agency_s_withdrawal_takes_those_with_it_who_only_repeated_it() -> None:
    desk = Desk()
    first = claim("announced")
    known = only(desk.hears(first, source="agency")).development
    for paper in ("globe", "star", "post"):
        desk.hears(claim("announced", attribution=by(Standing.MEDIA, "agency")), source=paper)
    desk.hears(before=[said(first, known)], edited=True, notice=Notice.WITHDRAWN, source="agency")
    assert desk.ledger.developments[0].withdrawn == desk.now


def test_an_agency_is_known_by_the_name_that_others_have_for_it() -> None:
    desk = Desk()
    first = claim("announced")
    known = only(desk.hears(first, source="Associated Press")).development
    desk.hears(claim("announced", attribution=by(Standing.MEDIA, "ap")), source="globe")
    taken = Desk(ledger=desk.ledger, now=desk.now, heard=9)
    for desk_, name, stands in ((desk, "", True), (taken, "ap", False)):
        desk_.hears(
            before=[said(first, known)], edited=True, notice=Notice.WITHDRAWN, source="Associated Press", own_name=name
        )
        assert (desk_.ledger.developments[0].withdrawn is None) == stands


def test_a_notice_of_its_own_withdraws_what_it_repeats() -> None:
    desk = Desk()
    desk.hears(claim("announced"), source="globe")
    repeated = claim("announced", excluded="withdrawn")
    assert desk.outcomes(repeated, notice=Notice.WITHDRAWN, source="star") == [Outcome.BACKGROUND]
    assert desk.outcomes(repeated, notice=Notice.WITHDRAWN, source="globe") == [Outcome.WITHDRAWN]
    assert desk.outcomes(repeated, notice=Notice.WITHDRAWN, source="globe") == [Outcome.BACKGROUND]
    assert len(desk.ledger.changes) == 1


# ---- corrections --------------------------------------------------------------------------------------------------


def test_a_corrected_place_is_a_development_of_its_own_and_the_wrong_one_is_taken_back() -> None:
    desk = Desk()
    wrong = claim("announced", "PL")
    known = only(desk.hears(wrong, source="globe")).development
    right, taken = desk.hears(
        claim("announced", "UA"),
        before=[said(wrong, known)],
        edited=True,
        notice=Notice.CORRECTION,
        source="globe",
    )
    assert (right.outcome, taken.outcome, taken.development) == (NEW, Outcome.CORRECTION, known)
    (change,) = desk.ledger.changes
    assert (change.now, change.stands) == (right.development, False)


def test_a_correction_that_stands_by_itself_does_the_same() -> None:
    desk = Desk()
    desk.hears(claim("announced", "PL"), source="globe")
    told = desk.outcomes(claim("announced", "UA"), notice=Notice.CORRECTION, source="globe")
    assert told == [NEW, Outcome.CORRECTION]


def test_another_source_s_correction_takes_nothing_back() -> None:
    desk = Desk()
    desk.hears(claim("announced", "PL"), source="globe")
    assert desk.outcomes(claim("announced", "UA"), notice=Notice.CORRECTION, source="star") == [NEW]


def test_a_correction_that_repeats_a_claim_and_moves_on_takes_nothing_back() -> None:
    desk = Desk()
    first = claim("announced")
    known = only(desk.hears(first, source="globe")).development
    told = desk.outcomes(
        claim("departed"), before=[said(first, known)], edited=True, notice=Notice.CORRECTION, source="globe"
    )
    assert told == [NEW]
    assert desk.ledger.changes == ()


def test_a_correction_that_goes_less_far_takes_back_what_went_too_far() -> None:
    desk = Desk()
    wrong = claim("arrived")
    known = only(desk.hears(wrong, source="globe")).development
    told = desk.outcomes(
        claim("departed"), before=[said(wrong, known)], edited=True, notice=Notice.CORRECTION, source="globe"
    )
    assert told == [NEW, Outcome.CORRECTION]


def test_a_corrected_day_is_mended_where_it_was_said() -> None:
    desk = Desk()
    first = dated(FIRST)
    known = only(desk.hears(first, source="globe")).development
    decision = only(
        desk.hears(
            dated(NEXT_DAY),
            before=[said(first, known)],
            edited=True,
            notice=Notice.CORRECTION,
            source="globe",
        )
    )
    assert (decision.outcome, decision.development) == (Outcome.CORRECTION, known)
    assert desk.ledger.developments[0].event_date == NEXT_DAY
    assert desk.ledger.changes[0].stands


# ---- what is said no more -----------------------------------------------------------------------------------------


def softened(desk: Desk, *claims: Claim, text: str = "", source: str = "globe") -> list[Outcome]:
    """An edit of the first article, which announced the trip."""
    first = claim("announced")
    known = only(desk.hears(first, source="globe")).development
    if source != "globe":
        desk.hears(first, source=source)
    return desk.outcomes(*claims, before=[said(first, known)], edited=True, source="globe", text=text)


def test_an_edit_that_says_less_without_a_word_is_noted_and_the_development_stands() -> None:
    desk = Desk()
    assert softened(desk, claim("possible")) == [Outcome.SUPERSEDED, Outcome.UNSAID]
    assert desk.ledger.developments[0].withdrawn is None
    assert desk.ledger.changes[0].stands


def test_an_edit_that_moves_on_or_is_about_other_things_is_not() -> None:
    assert softened(Desk(), claim("departed")) == [NEW]
    assert softened(Desk()) == []
    assert softened(Desk(), claim("possible"), text="announced") == [Outcome.SUPERSEDED]
    assert softened(Desk(), claim("possible"), source="star") == [Outcome.SUPERSEDED]


# ---- episodes and old stories -------------------------------------------------------------------------------------


def test_an_episode_says_when_and_why_it_closed() -> None:
    desk = Desk()
    for stage in ("announced", "arrived", "returned"):
        desk.hears(claim(stage))
    returned = desk.now
    desk.hears(claim("announced", "PL"), after=timedelta(days=5))
    over, other = desk.ledger.episodes
    assert over.closed == returned + timedelta(days=3)
    assert over.closed_because == "3 days after “is back home”"
    assert (other.closed, other.closed_because) == (None, "")


def test_an_episode_that_is_announced_for_a_later_day_waits_for_it() -> None:
    desk = Desk()
    desk.hears(dated(date(2024, 12, 24)))
    desk.hears(claim("announced", "PL"), after=timedelta(days=100))
    assert desk.ledger.episodes[0].closed is None


def test_a_story_that_was_told_long_ago_is_late_whatever_date_it_has() -> None:
    desk = Desk()
    decision = only(desk.hears(claim("announced"), first_told=START - timedelta(days=300)))
    assert decision.outcome is Outcome.LATE
    assert decision.reason.startswith("an old story again: this text was seen on ")


def test_another_length_counts_where_the_text_says_that_it_changed() -> None:
    desk = Desk()
    desk.hears(claim("announced", figures=("2 days", "40")))
    assert desk.outcomes(claim("announced", figures=("10 days",))) == [SAME]
    decision = only(desk.hears(claim("announced", figures=("10 days", "7"), revises=True)))
    assert (decision.outcome, decision.reason) == (Outcome.UPDATE, "another length: 10 days, not 2 days")


def test_another_number_of_a_meeting_counts_where_the_text_says_that_it_changed() -> None:
    desk = Desk()
    desk.hears(talks("announced", figures=("2",)))
    assert desk.outcomes(talks("announced", figures=("10",))) == [SAME]
    assert desk.outcomes(talks("announced", figures=("10",), revises=True)) == [Outcome.UPDATE]


@pytest.mark.parametrize(("where", "outcome"), [(Position.TITLE, Outcome.CONTRADICTION), (Position.BODY, SAME)])
def test_a_headline_that_says_he_has_not_left_contradicts_that_he_has(where: Position, outcome: Outcome) -> None:
    desk = Desk()
    desk.hears(claim("departed"))
    denial = claim("denied", detail="departed", evidence=Evidence(sentence="denied", position=where, offset=0))
    found = only(desk.hears(denial)).outcome
    assert (found is Outcome.CONTRADICTION) == (outcome is Outcome.CONTRADICTION)


# ---- turns --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("refusal", ["declined", "cancelled", "denied"])
def test_a_refusal_that_comes_twice_with_an_announcement_between_is_new_twice(refusal: str) -> None:
    desk = Desk(now=datetime(2024, 5, 1, tzinfo=UTC))
    stages = ("announced", refusal, "announced", refusal)
    assert [desk.outcomes(attends(stage))[0] for stage in stages] == [NEW] * 4
    assert desk.outcomes(attends(refusal)) == [SAME]


def test_who_had_declined_and_comes_after_all_is_news() -> None:
    desk = Desk(now=datetime(2024, 5, 8, tzinfo=UTC))
    desk.hears(attends("declined"))
    assert desk.outcomes(attends("attended"), after=timedelta(days=1)) == [NEW]


@pytest.mark.parametrize(
    "turns",
    [("postponed", "cancelled"), ("postponed", "announced", "postponed"), ("cancelled", "postponed", "announced")],
)
def test_one_turn_after_another_is_news(turns: tuple[str, ...]) -> None:
    desk = Desk()
    desk.hears(claim("announced"))
    assert [desk.outcomes(claim(stage), after=timedelta(days=1))[0] for stage in turns] == [NEW] * len(turns)


@pytest.mark.parametrize(("first", "then"), [("postponed", "cancelled"), ("cancelled", "postponed")])
def test_in_the_first_hours_put_off_and_called_off_are_one_turn(first: str, then: str) -> None:
    desk = Desk()
    desk.hears(claim("announced"))
    assert desk.outcomes(claim(first)) == [NEW]
    assert desk.outcomes(claim(then), after=timedelta(hours=3)) == [SAME]
    assert desk.outcomes(claim(then), after=timedelta(hours=20)) == [NEW]


def test_a_party_denies_what_was_never_heard_of() -> None:
    desk = Desk()
    assert desk.outcomes(claim("denied", attribution=by(Standing.UNNAMED))) == [Outcome.OUT_OF_EPISODE]
    assert desk.outcomes(claim("denied", attribution=by(Standing.PARTY))) == [NEW]


def test_who_comes_home_before_the_trip_has_begun_was_somewhere_else() -> None:
    desk = Desk()
    desk.hears(replace(claim("announced"), event_date=(START + timedelta(days=9)).date()))
    decision = only(desk.hears(claim("returned")))
    assert (decision.outcome, decision.reason) == (Outcome.OUT_OF_EPISODE, "the trip has not begun")
    assert desk.outcomes(claim("departed"), claim("returned"), after=timedelta(days=1)) == [NEW, NEW]
