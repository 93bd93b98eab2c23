"""Japanese verbs: their forms, and the tense that only the end of the sentence shows."""

from __future__ import annotations

import re

import pytest

from monitor.language.japanese import form_used, japanese


def _form(verb: str, text: str) -> str:
    """The first form of the verb that is found in the text, in the order in which a lexicon asks."""
    patterns = list(japanese(verb))
    asked = ("future", "past", "ing", "present")
    return next((form for form in asked for kind, pattern in patterns if kind == form and re.search(pattern, text)), "")


@pytest.mark.parametrize(
    ("verb", "text", "form"),
    [
        ("訪問", "中国を訪問した。", "past"),
        ("訪問", "中国を訪問しており、", "past"),
        ("訪問", "中国を訪問すると発表した", "future"),
        ("訪問", "中国を訪問し、会談する", "ing"),
        ("訪問", "中国を訪問しない。", "present"),
        ("向かう/向かった", "中国へ向かった。", "past"),
        ("向かう/向かった", "中国に向かっている。", "past"),
        ("向かう/向かった", "中国に向かう予定だ。", "future"),
        ("向かう/向かった", "中国に向かい、", "ing"),
        ("向かう/向かった", "中国に向かわない。", "present"),
        ("訪れる/訪れた", "中国を訪れ、", "ing"),
        ("訪れる/訪れた", "中国を訪れない。", "present"),
        ("飛ぶ/飛んだ", "中国へ飛んでいる。", "past"),
    ],
)
def test_the_forms_of_a_verb_are_told_apart(verb: str, text: str, form: str) -> None:
    assert _form(verb, text) == form


@pytest.mark.parametrize(
    ("text", "word", "form", "used"),
    [
        ("中国を訪問し、習氏と会談する。", "訪問し", "ing", "future"),
        ("中国を訪問し、習氏と会談した。", "訪問し", "ing", "past"),
        ("中国を訪問し、習氏と会談する予定だ。", "訪問し", "ing", "future"),
        ("平壌をたち、", "たち", "ing", "past"),
        ("首相、6日から訪米", "訪米", "noun", "present"),
        ("首相の訪米は延期された。", "訪米", "noun", "noun"),
        ("首相が訪米した。", "訪米した", "past", "past"),
    ],
)
def test_a_verb_that_goes_on_has_the_tense_of_the_end(text: str, word: str, form: str, used: str) -> None:
    start = text.index(word)
    assert form_used(text, start, start + len(word), form) == used
