"""Who says so, what he can know, and what that makes of a plan."""

from __future__ import annotations

import pytest

from monitor.types import Claim, ItemKind, Standing, Tier
from tests.unit.claims.reading import TRIPS, claims_of, item

P, O, U, W, M, A, N = (  # noqa: E741 - the standings, short for the table
    Standing.PARTY,
    Standing.OFFICIAL,
    Standing.UNNAMED,
    Standing.WITNESS,
    Standing.MEDIA,
    Standing.ANALYST,
    Standing.NARRATOR,
)


def only(text: str, *, day: str = "2023-03-17", lang: str = "en", source: str = "Daily Globe", **more: object) -> Claim:
    """The one claim of a text."""
    (claim,) = claims_of(item("", text, day=day, lang=lang, source=source, **more), TRIPS)  # type: ignore[arg-type]
    return claim


@pytest.mark.parametrize(
    ("text", "standing", "stage"),
    [
        ("Xi Jinping will travel to Russia next week, the Kremlin said.", P, "announced"),
        ("Xi Jinping will travel to Russia next week, China's foreign ministry said.", P, "announced"),
        ("Xi Jinping will travel to Russia next week, Russian presidential aide Yuri Ushakov said.", P, "announced"),
        ("Xi Jinping will travel to Russia next week, Xinhua reported.", P, "announced"),
        ("China announced that Xi Jinping will travel to Russia next week.", P, "announced"),
        ("Xi Jinping will travel to Russia next week, Japan's foreign ministry said.", O, "possible"),
        ("Xi Jinping will travel to Russia next week, South Korea's intelligence service said.", O, "possible"),
        ("Xi Jinping will travel to Russia next week, the White House said.", O, "possible"),
        ("Xi Jinping will travel to Russia next week, a diplomatic source said.", U, "possible"),
        ("According to people familiar with the plans, Xi Jinping will travel to Russia next week.", U, "possible"),
        ("Xi Jinping will travel to Russia next week, Reuters reported.", M, "possible"),
        ("Xi Jinping will travel to Russia next week.", N, "announced"),
    ],
)
def test_a_plan_is_announced_by_those_who_decide_and_possible_by_others(
    text: str, standing: Standing, stage: str
) -> None:
    claim = only(text)
    assert (claim.attribution.standing, claim.stage) == (standing, stage)


@pytest.mark.parametrize(
    ("text", "standing"),
    [
        ("A Boeing with Xi Jinping on board left Beijing for Moscow, a flight tracker showed.", W),
        ("Xi Jinping has arrived in Moscow, a reporter at the airport said.", W),
        ("Xi Jinping arrived in Moscow, a diplomatic source said.", U),
    ],
)
def test_what_is_seen_is_told_by_whoever_saw_it(text: str, standing: Standing) -> None:
    """A movement stays what it is, whoever tells of it."""
    claim = only(text, day="2023-03-20")
    assert claim.attribution.standing is standing
    assert claim.stage in ("departed", "arrived")


@pytest.mark.parametrize(
    "text",
    [
        "Analysts say that Xi Jinping will travel to Russia this year.",
        "Xi Jinping will travel to Russia this year, a professor at a university in Seoul predicted.",
        "Experts believe Xi Jinping may visit Russia this year.",
    ],
)
def test_a_guess_without_knowledge_can_be_no_development(text: str) -> None:
    assert only(text).excluded == "analyst"


def test_an_opinion_piece_guesses_and_its_guess_is_left_out() -> None:
    claim = only("Xi Jinping will travel to Russia this year.", kind=ItemKind.OPINION)
    assert (claim.attribution.standing, claim.excluded) == (A, "analyst")


def test_state_media_speak_for_their_state_and_official_sources_for_themselves() -> None:
    """The narrator of Xinhua is China; one of another country's own site is an official."""
    plan = "Xi Jinping will travel to Russia next week."
    assert only(plan, source="Xinhua").attribution.standing is P
    assert only(plan, source="Ministry of Somewhere", tier=Tier.OFFICIAL).attribution.standing is O
    assert only(plan, source="Reuters").attribution.standing is N


def test_the_speaker_is_named_as_the_text_names_him() -> None:
    claim = only("Xi Jinping will travel to Russia next week, Kremlin spokesman Dmitry Peskov said.")
    assert claim.attribution.speaker.startswith("Kremlin spokesman Dmitry Peskov")


def test_the_first_teller_is_kept_so_that_copies_do_not_count_twice() -> None:
    one = only("Xi Jinping will travel to Russia next week, Xinhua reported.", source="Globe")
    other = only("State news agency Xinhua said Xi Jinping will travel to Russia next week.", source="Star")
    assert one.attribution.origin == other.attribution.origin != ""


@pytest.mark.parametrize(
    ("lang", "text", "stage"),
    [
        ("ko", "중국 외교부는 시진핑 주석이 러시아를 방문한다고 발표했다.", "announced"),
        ("ko", "외교 소식통은 시진핑 주석이 러시아를 방문할 가능성이 있다고 말했다.", "possible"),
        ("zh", "外交部发言人宣布，习近平主席将访问俄罗斯。", "announced"),
        ("ja", "関係筋によると、習近平国家主席がロシアを訪問する見通しだ。", "possible"),
        ("ru", "Си Цзиньпин посетит Россию, сообщил Кремль.", "announced"),
        ("ru", "Си Цзиньпин может посетить Россию, сообщил источник.", "possible"),
        ("de", "Xi Jinping wird nach Russland reisen, teilte der Kreml mit.", "announced"),
        ("de", "Xi Jinping könnte nach Russland reisen, hieß es aus diplomatischen Kreisen.", "possible"),
        ("fr", "Xi Jinping se rendra en Russie, a annoncé le Kremlin.", "announced"),
        ("fr", "Xi Jinping pourrait se rendre en Russie, selon une source diplomatique.", "possible"),
        ("es", "Xi Jinping viajará a Rusia, anunció el Kremlin.", "announced"),
        ("es", "Xi Jinping podría viajar a Rusia, según fuentes diplomáticas.", "possible"),
    ],
)
def test_parties_announce_and_sources_hint_in_every_language(lang: str, text: str, stage: str) -> None:
    assert {claim.stage for claim in claims_of(item("", text, day="2023-03-10", lang=lang), TRIPS)} == {stage}
