"""Days that a text names, in each language, against the day on which it was written."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.language import dates
from monitor.language.folding import fold
from monitor.language.lexicon import LANGUAGES

WEDNESDAY = date(2024, 5, 1)


def days(text: str, language: str, day: date = WEDNESDAY, *, vague: bool = False) -> list[str]:
    """The days named, of exact or of vague dates."""
    found = dates.find(fold(text), language=language, day=day)
    return list(dict.fromkeys(d.day.isoformat() for d in found if d.vague is vague))


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("en", "on May 9", "2024-05-09"),
        ("en", "on 9 May", "2024-05-09"),
        ("en", "on the 9th of May 2015", "2015-05-09"),
        ("en", "Sept. 3, 2025", "2025-09-03"),
        ("en", "on Friday", "2024-05-03"),
        ("en", "on Monday", "2024-04-29"),
        ("en", "next Monday", "2024-05-06"),
        ("en", "last Friday", "2024-04-26"),
        ("en", "tomorrow", "2024-05-02"),
        ("en", "yesterday", "2024-04-30"),
        ("de", "am 9. Mai", "2024-05-09"),
        ("de", "am 3. September 2025", "2025-09-03"),
        ("de", "am Freitag", "2024-05-03"),
        ("de", "gestern", "2024-04-30"),
        ("fr", "le 9 mai", "2024-05-09"),
        ("fr", "le 1er août 2023", "2023-08-01"),
        ("fr", "vendredi", "2024-05-03"),
        ("fr", "lundi prochain", "2024-05-06"),
        ("fr", "aujourd’hui", "2024-05-01"),
        ("es", "el 9 de mayo", "2024-05-09"),
        ("es", "el 3 de septiembre de 2025", "2025-09-03"),
        ("es", "el viernes", "2024-05-03"),
        ("es", "ayer", "2024-04-30"),
        ("ru", "9 мая", "2024-05-09"),
        ("ru", "3 сентября 2025 года", "2025-09-03"),
        ("ru", "в пятницу", "2024-05-03"),
        ("ru", "завтра", "2024-05-02"),
        ("ko", "5월 9일", "2024-05-09"),
        ("ko", "2025년 9월 3일", "2025-09-03"),
        ("ko", "3일 오전", "2024-05-03"),
        ("ko", "다음 달 3일", "2024-06-03"),
        ("ko", "금요일", "2024-05-03"),
        ("ko", "어제", "2024-04-30"),
        ("zh", "5月9日", "2024-05-09"),
        ("zh", "2025年9月3日", "2025-09-03"),
        ("zh", "28日上午", "2024-04-28"),
        ("zh", "周五", "2024-05-03"),
        ("zh", "昨天", "2024-04-30"),
        ("zh", "上周五抵达", "2024-04-26"),
        ("ko", "이번 주 월요일", "2024-04-29"),
        ("ja", "5月9日", "2024-05-09"),
        ("ja", "２０２５年９月３日", "2025-09-03"),
        ("ja", "28日午前", "2024-04-28"),
        ("ja", "金曜日", "2024-05-03"),
        ("ja", "きょう", "2024-05-01"),
    ],
)
def test_a_day_is_the_one_meant_on_the_first_of_may(language: str, text: str, day: str) -> None:
    assert days(text, language) == [day]


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("en", "met him in April", "2024-04-15"),
        ("en", "last August", "2023-08-15"),
        ("en", "next March", "2025-03-15"),
        ("en", "in May", "2024-05-01"),  # the month of the text is that of its day
        ("de", "Ende Oktober", "2024-10-15"),
        ("de", "im vergangenen Juni", "2023-06-15"),
        ("fr", "en juillet", "2024-07-15"),
        ("es", "en febrero", "2024-02-15"),
        ("ru", "в марте", "2024-03-15"),
        ("ru", "в начале июня", "2024-06-15"),
        ("zh", "去年2月", "2023-02-15"),
        ("ja", "昨年の8月", "2023-08-15"),
        ("ko", "내년 3월", "2025-03-15"),
        ("ko", "2월", "2024-02-15"),
    ],
)
def test_a_month_alone_is_its_middle(language: str, text: str, day: str) -> None:
    assert day in days(text, language, vague=True)


@pytest.mark.parametrize("text", ["on 9 May", "in May 2015", "he may come", "March 3", "a march in Paris"])
def test_no_month_stands_alone_there(text: str) -> None:
    assert days(text, "en", vague=True) == []


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("en", "next week", "2024-05-08"),
        ("de", "kommende Woche", "2024-05-08"),
        ("fr", "la semaine prochaine", "2024-05-08"),
        ("es", "la próxima semana", "2024-05-08"),
        ("ru", "на следующей неделе", "2024-05-08"),
        ("ko", "다음 주", "2024-05-08"),
        ("zh", "下周", "2024-05-08"),
        ("ja", "来週", "2024-05-08"),
    ],
)
def test_a_stretch_of_time_is_vague(language: str, text: str, day: str) -> None:
    assert days(text, language, vague=True) == [day]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "he may 9 times in 10"),
        ("en", "at 9:30"),
        ("en", "on February 31"),
        ("en", "maybe mondayish"),
        ("ko", "3일간의 방문"),
        ("ja", "3日間の訪問"),
        ("zh", "9日本人"),
        ("zh", "一周三国之行"),
    ],
)
def test_what_is_no_date_names_no_day(language: str, text: str) -> None:
    expected = ["2024-05-09"] if "may 9 times" in text else []
    assert days(text, language) == expected


@pytest.mark.parametrize(
    ("written", "text", "day"),
    [
        (date(2024, 12, 20), "January 5", "2025-01-05"),
        (date(2025, 1, 10), "December 30", "2024-12-30"),
        (date(2024, 12, 31), "5日", "2025-01-05"),
        (date(2023, 2, 20), "February 29", "2024-02-29"),
    ],
)
def test_a_day_without_a_year_is_the_nearest(written: date, text: str, day: str) -> None:
    assert days(text, "zh" if "日" in text else "en", written) == [day]


@pytest.mark.parametrize(
    ("language", "text"), [("zh", "下周三"), ("zh", "下周三访问"), ("ja", "来週水曜日"), ("ko", "다음 주 수요일")]
)
def test_a_weekday_of_a_week_that_is_named_lies_in_it(language: str, text: str) -> None:
    assert days(text, language) == ["2024-05-08"]


def test_a_weekday_lies_on_the_side_that_is_asked_for() -> None:
    def friday(past: bool) -> date:
        return dates.find("on friday", language="en", day=WEDNESDAY, past=past)[0].day

    assert (friday(True), friday(False)) == (date(2024, 4, 26), date(2024, 5, 3))


def test_years_are_found_and_figures_are_not() -> None:
    assert dates.years("In 2015 and on 9 May 2024; 2,015 tonnes, $2019, 1990%, 20245") == (2015, 2024)


@settings(deadline=None)
@given(
    st.text() | st.text("may 0129.月日년월일mon"),
    st.sampled_from(LANGUAGES),
    st.dates(date(1950, 1, 1), date(2100, 1, 1)),
)
def test_any_text_can_be_searched_for_days(text: str, language: str, day: date) -> None:
    for found in dates.find(text, language=language, day=day):
        assert 0 <= found.start < found.end <= len(text.lower())
