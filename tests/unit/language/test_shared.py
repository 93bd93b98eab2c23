"""A name that two countries share means the one that the text names, else the usual one."""

from __future__ import annotations

from datetime import date

import pytest

from monitor.language.gazetteer import Kind, load
from monitor.language.lexicon import lexicon_for
from monitor.language.mentions import find


def countries(language: str, text: str) -> list[str]:
    found = find(text, language=language, day=date(2024, 5, 1), gazetteer=load(), lexicon=lexicon_for(language))
    return [mention.country for mention in found if mention.kind is Kind.PLACE]


@pytest.mark.parametrize(
    ("language", "text", "country"),
    [
        ("en", "He arrived in Congo on Monday", "CD"),
        ("en", "Sassou Nguesso welcomed him in Congo", "CG"),
        ("en", "Tshisekedi welcomed him in Congo", "CD"),
        ("en", "Kagame left for Congo, where he met Tshisekedi and Sassou Nguesso", "CD"),
        ("de", "Er reist in den Kongo", "CD"),
        ("de", "Er reist in den Kongo, nach Brazzaville", "CG"),
        ("fr", "Sassou Nguesso est rentré au Congo", "CG"),
        ("en", "Modi toured Punjab", "IN"),
        ("en", "Shehbaz Sharif toured Punjab", "PK"),
        ("en", "Milei flew to Córdoba", "AR"),
        ("es", "Sánchez viajó a Córdoba", "ES"),
        ("es", "Maduro viajó a Valencia", "VE"),
    ],
)
def test_a_shared_name_is_that_of_the_country_named(language: str, text: str, country: str) -> None:
    assert countries(language, text)[0] == country


def test_full_names_of_the_two_congos_need_nobody() -> None:
    assert countries("en", "From DR Congo to Congo-Brazzaville") == ["CD", "CG"]
