"""Names in the cases of Russian, and adjectives of nationality."""

from __future__ import annotations

import pytest

from monitor.language.inflect import adjective_forms, city_adjective, russian_forms


@pytest.mark.parametrize(
    ("name", "forms"),
    [
        ("Путин", ["Путина", "Путину", "Путиным", "Путине"]),
        ("Владимир Путин", ["Владимира Путина", "Владимиром Путиным", "Владимиру Путину"]),
        ("Си Цзиньпин", ["Си Цзиньпина", "Си Цзиньпину", "Си Цзиньпине"]),
        ("Ким Чен Ын", ["Ким Чен Ына", "Ким Чен Ыну", "Ким Чен Ыном"]),
        ("Лукашенко", ["Лукашенко"]),
        ("Моди", ["Моди"]),
        ("Зеленский", ["Зеленского", "Зеленскому", "Зеленским", "Зеленском"]),
        ("Меркель", ["Меркель"]),
        ("Москва", ["Москвы", "Москве", "Москву", "Москвой"]),
        ("Россия", ["России", "Россию", "Россией"]),
        ("Китай", ["Китая", "Китаю", "Китаем", "Китае"]),
        ("Белград", ["Белграда", "Белграду", "Белградом", "Белграде"]),
        ("Токио", ["Токио"]),
        ("КНДР", ["КНДР"]),
        ("Си Цзиньпин", ["Си Цзиньпином"]),
    ],
)
def test_a_russian_name_is_known_in_its_cases(name: str, forms: list[str]) -> None:
    assert {name, *forms} <= russian_forms(name)


@pytest.mark.parametrize("name", ["Токио", "Моди", "КНДР", "Ли", "Xi"])
def test_what_does_not_decline_has_one_form(name: str) -> None:
    assert russian_forms(name) == {name}


@pytest.mark.parametrize(
    ("adjective", "language", "form"),
    [
        ("российский", "ru", "российского"),
        ("китайский", "ru", "китайской"),
        ("chinesisch", "de", "chinesischen"),
        ("chinois", "fr", "chinoise"),
        ("chino", "es", "china"),
        ("francés", "es", "francés"),
        ("Russian", "en", "Russian"),
    ],
)
def test_an_adjective_is_known_in_its_forms(adjective: str, language: str, form: str) -> None:
    assert form in adjective_forms(adjective, language)


@pytest.mark.parametrize(
    ("city", "adjective"),
    [
        ("Moskau", "Moskauer"),
        ("Paris", "Pariser"),
        ("Peking", "Pekinger"),
        ("Kairo", ""),
        ("Rom", ""),
        ("Neu-Delhi", ""),
    ],
)
def test_a_german_city_has_an_adjective_where_it_is_simply_formed(city: str, adjective: str) -> None:
    assert city_adjective(city) == adjective
