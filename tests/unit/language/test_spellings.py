"""One name in all its spellings."""

from __future__ import annotations

import pytest

from monitor.language.gazetteer import load
from monitor.language.spellings import spellings, target_of

GAZETTEER = load()


def test_a_person_is_spelt_in_every_script() -> None:
    found = {spelling.text: spelling.sure for spelling in spellings(GAZETTEER, "kim-jong-un")}
    sure = {"kim jong un", "kim jong-un", "kim jong eun", "김정은", "金正恩", "ким чен ын", "ким чен ыном"}
    assert sure <= {text for text, is_sure in found.items() if is_sure}
    assert found["kim"] is False


def test_a_country_is_spelt_with_its_adjectives_which_its_article_has_to_settle() -> None:
    found = {spelling.text: spelling.sure for spelling in spellings(GAZETTEER, "CN")}
    assert found["china"]
    assert found["中国"]
    assert found["chino"] is False


def test_what_is_not_known_has_no_spelling() -> None:
    assert spellings(GAZETTEER, "nobody-at-all") == ()


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("vladimir-putin", "vladimir-putin"),
        ("Putin", "vladimir-putin"),
        ("Владимир Путин", "vladimir-putin"),
        ("习近平", "xi-jinping"),
        ("CN", "CN"),
        ("beijing", "beijing"),
        ("Jane Nobody", None),
    ],
)
def test_a_name_is_looked_up_in_any_spelling(text: str, target: str | None) -> None:
    assert target_of(GAZETTEER, text) == target
