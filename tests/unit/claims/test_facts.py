"""Days, places, kinds of visit and amounts that a sentence names, and whether it says that they were changed."""

from __future__ import annotations

from datetime import date

import pytest

from monitor.claims import extract
from monitor.language import gazetteer
from monitor.normalize import normalize
from monitor.types import Claim, Standing, WatchTopic
from tests.unit.claims.reading import item

NAMES = gazetteer.load()
TOPICS = (
    WatchTopic(id="trips", name="Trips", frame="travel", subjects=("narendra-modi",)),
    WatchTopic(id="talks", name="Talks", frame="talks", pair=("narendra-modi", "vladimir-putin")),
)


def read(text: str, lang: str = "en") -> Claim:
    """The one claim of a text of 19 August 2024."""
    (claim,) = extract(normalize(item("", text, day="2024-08-19", lang=lang)), TOPICS, NAMES).claims
    return claim


@pytest.mark.parametrize(
    "text",
    [
        "Narendra Modi will travel to Ukraine on August 25 rather than August 23, New Delhi said.",
        "Narendra Modi's visit to Ukraine has been moved from August 23 to August 25.",
        "Моди посетит Украину 25 августа, а не 23 августа.",
        "모디 총리는 8월 23일이 아니라 8월 25일 우크라이나를 방문한다.",
        "莫迪总理将于8月25日而不是8月23日访问乌克兰。",
        "モディ首相は8月23日ではなく8月25日にウクライナを訪問する。",
    ],
)
def test_of_two_days_the_new_one_counts(text: str) -> None:
    claim = read(text)
    assert (claim.event_date, claim.exact_day, claim.revises) == (date(2024, 8, 25), True, True)


def test_a_day_that_is_named_is_exact_and_a_stretch_of_time_is_not() -> None:
    assert read("Narendra Modi will travel to Ukraine on August 23.").exact_day
    assert not read("Narendra Modi will travel to Ukraine on Friday.").exact_day
    assert not read("Narendra Modi will travel to Ukraine next week.").exact_day
    assert not read("Narendra Modi will travel to Ukraine.").exact_day


def test_a_sentence_that_changes_nothing_says_so() -> None:
    assert not read("Narendra Modi will travel to Ukraine on August 23.").revises


def test_a_city_is_kept_beside_its_country() -> None:
    claim = read("Narendra Modi and Vladimir Putin will hold talks in Vladivostok on September 4.")
    assert (claim.object, claim.place) == ("RU", "vladivostok")
    assert read("Narendra Modi and Vladimir Putin will hold talks in Russia.").place == ""


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("Narendra Modi will pay a state visit to Ukraine on 25 August.", "state"),
        ("Narendra Modi will make a working visit to Ukraine on 25 August.", "working"),
        ("モディ首相は国賓として8月25日にウクライナを訪問する。", "state"),
        ("Narendra Modi will travel to Ukraine on 25 August.", ""),
    ],
)
def test_the_kind_of_a_visit_is_kept(text: str, level: str) -> None:
    assert read(text).level == level


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("Narendra Modi will travel to Ukraine on 25 August 2024 with 3 ministers and forty bankers.", ("3",)),
        ("Narendra Modi, 73, will travel to Ukraine with three ministers and 1,200 soldiers.", ("3", "1200")),
        ("Narendra Modi will travel to Ukraine for 2 days at 10:30, a 40% longer visit than his 3rd.", ("2 days",)),
        ("모디 총리는 8월 25일 우크라이나를 방문해 장관 세 명과 기업인 40명을 만난다.", ("3", "40")),
        ("莫迪总理将于8月25日率两名部长和40名企业家访问乌克兰。", ("2", "40")),
        ("Премьер Индии Моди 25 августа посетит Украину с тремя министрами, 40 предпринимателями.", ("40",)),
    ],
)
def test_amounts_are_read_and_days_ages_and_shares_are_none(text: str, figures: tuple[str, ...]) -> None:
    assert read(text).figures == figures


def test_a_title_takes_day_and_speaker_from_the_text_below() -> None:
    text = "Narendra Modi will travel to Ukraine on August 23, the foreign ministry in New Delhi said."
    (claim,) = extract(normalize(item("Modi to visit Ukraine", text, day="2024-08-19")), TOPICS, NAMES).claims
    assert claim.evidence.sentence == "Modi to visit Ukraine"
    assert (claim.event_date, claim.exact_day) == (date(2024, 8, 23), True)
    assert claim.attribution.standing is Standing.PARTY


def test_a_title_is_part_of_a_text_that_says_that_a_day_was_changed() -> None:
    text = "Narendra Modi will travel to Ukraine on August 25 rather than August 23, New Delhi said."
    (claim,) = extract(normalize(item("Modi to visit Ukraine", text, day="2024-08-19")), TOPICS, NAMES).claims
    assert (claim.event_date, claim.revises) == (date(2024, 8, 25), True)


def test_of_two_amounts_the_new_one_counts() -> None:
    claim = read("Narendra Modi will travel to Ukraine on 25 August with ten ministers rather than two.")
    assert (claim.figures, claim.revises) == (("10",), True)


@pytest.mark.parametrize(
    ("lang", "text", "length"),
    [
        ("en", "Narendra Modi will pay a two-day visit to Ukraine.", "2 days"),
        ("en", "Narendra Modi will travel to Ukraine, two days after his return from Poland.", ""),
        ("de", "Narendra Modi wird zu einem dreitägigen Besuch in die Ukraine reisen.", "3 days"),
        ("fr", "Narendra Modi se rendra en Ukraine pour une visite de trois jours.", "3 days"),
        ("es", "Narendra Modi visitará Ucrania durante tres días.", "3 days"),
        ("ru", "Нарендра Моди посетит Украину с двухдневным визитом.", "2 days"),
        ("ko", "모디 총리는 25일부터 사흘간 우크라이나를 방문한다.", "3 days"),
        ("zh", "莫迪总理将访问乌克兰三天。", "3 days"),
        ("ja", "モディ首相は25日から3日間、ウクライナを訪問する。", "3 days"),
    ],
)
def test_how_long_it_lasts_is_a_figure_in_days(lang: str, text: str, length: str) -> None:
    assert read(text, lang).figures == ((length,) if length else ())


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Narendra Modi will visit Ukraine for ten days, not two as first stated."),
        ("ru", "Нарендра Моди посетит Украину, визит продлится не два, а десять дней."),
        ("fr", "Narendra Modi se rendra en Ukraine pour dix jours et non deux."),
    ],
)
def test_of_two_lengths_the_one_that_is_not_denied_counts(lang: str, text: str) -> None:
    claim = read(text, lang)
    assert (claim.figures, claim.revises) == (("10 days",), True)


def test_what_a_title_tells_is_changed_when_the_lead_says_so() -> None:
    text = "Narendra Modi will visit Ukraine for ten days, Delhi said. The visit was originally to last two."
    (claim,) = extract(normalize(item("Modi to visit Ukraine", text, day="2024-08-19")), TOPICS, NAMES).claims
    assert claim.revises
