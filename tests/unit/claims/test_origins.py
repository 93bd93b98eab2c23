"""The first teller: rewrites of one agency are one, governments are one, an outlet's own sources are its own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.claims.reading import TRIPS, claims_of, item

PLAN = "Xi Jinping will travel to Russia next week."
REST = "\n\nThe two leaders are expected to speak about trade.\n\nThey met last in Samarkand."


def origin(text: str, *, source: str = "Daily Globe", lang: str = "en", author: str | None = None) -> str:
    """The first teller of the first claim."""
    read = replace(item("", text, day="2023-03-10", lang=lang, source=source), author=author)
    return claims_of(read, TRIPS)[0].attribution.origin


@pytest.mark.parametrize(
    ("text", "lang", "agency"),
    [
        (f"BEIJING, March 10 (Reuters) - {PLAN}{REST}", "en", "reuters"),
        (f"BEIJING (AP) — {PLAN}{REST}", "en", "ap"),
        (f"{PLAN}{REST}\n\n(Reuters)", "en", "reuters"),
        (f"{PLAN}{REST}\n\nSource: AFP", "en", "afp"),
        ("МОСКВА, 10 марта. /ТАСС/. Си Цзиньпин посетит Россию.", "ru", "tass"),
        ("(베이징=연합뉴스) 시진핑 주석이 러시아를 방문한다.", "ko", "yonhap"),
    ],
)
def test_a_text_with_an_agency_s_credit_is_the_agency_s(text: str, lang: str, agency: str) -> None:
    assert origin(text, lang=lang) == agency


def test_an_agency_as_author_and_the_agency_itself_are_one_teller() -> None:
    assert origin(PLAN, author="Jane Doe, Reuters") == origin(PLAN, source="Reuters") == "reuters"


@pytest.mark.parametrize(
    "text",
    [
        PLAN,
        f"Reuters opened an office. {PLAN}",
        f"{PLAN}{REST}\n\nReuters and AFP have asked both governments about it.",
    ],
)
def test_a_text_that_only_names_an_agency_is_its_outlet_s_own(text: str) -> None:
    assert origin(text) == ""


def test_a_government_is_one_teller_whoever_speaks_for_it() -> None:
    """Papers call one spokesman by many names."""
    named = ["China's foreign ministry", "the Chinese foreign ministry spokesman Wang Wenbin"]
    plans = [f"Xi Jinping will travel to Russia next week, {who} said." for who in named]
    assert len({origin(plan) for plan in plans}) == 1


def test_a_source_without_a_name_belongs_to_the_outlet_that_he_spoke_to() -> None:
    plan = "Xi Jinping will travel to Russia next week, a diplomatic source said."
    assert origin(plan) == ""
    assert origin(plan, source="Reuters") == "reuters"
    assert origin("Xi Jinping will travel to Russia next week, a diplomatic source told Reuters.") == "reuters"
