"""Korean verbs: their forms, and the tense that only the end of the sentence shows."""

from __future__ import annotations

import re

import pytest

from monitor.language.korean import closes, form_used, korean, own_negations


def _form(verb: str, text: str) -> str:
    patterns = list(korean(verb))
    asked = ("future", "past", "ing")
    return next((form for form in asked for kind, pattern in patterns if kind == form and re.search(pattern, text)), "")


@pytest.mark.parametrize(
    ("verb", "text", "form"),
    [
        ("방문", "중국을 방문했다.", "past"),
        ("방문", "중국을 방문한다고 밝혔다.", "future"),
        ("방문", "중국을 방문해 회담할 예정이다.", "ing"),
        ("방문", "중국을 방문하고 돌아왔다.", "ing"),
        ("만나/만났/만날", "정상들과 만났다.", "past"),
        ("만나/만났/만날", "정상들과 만날 예정이다.", "future"),
        ("만나/만났/만날", "정상들과 만나 합의했다.", "ing"),
        ("가/갔/갈", "그가 왔다.", ""),
    ],
)
def test_the_forms_of_a_verb_are_told_apart(verb: str, text: str, form: str) -> None:
    assert _form(verb, text) == form


@pytest.mark.parametrize(
    ("text", "word", "form", "used"),
    [
        ("중국을 방문해 시 주석과 만날 예정이다.", "방문해", "ing", "future"),
        ("중국을 방문해 시 주석과 만났다.", "방문해", "ing", "past"),
        ("중국을 방문해 시 주석과 만난다고 밝혔다.", "방문해", "ing", "future"),
        ("중국을 방문하고", "방문하", "ing", "past"),
        ("중국을 방문했다.", "방문했", "past", "past"),
    ],
)
def test_a_verb_that_goes_on_has_the_tense_of_the_end(text: str, word: str, form: str, used: str) -> None:
    assert form_used(text, text.index(word) + len(word), form) == used


@pytest.mark.parametrize(
    ("after", "word", "own"),
    [
        ("회담에서 공동성명을 채택하지 않", 2, "회담"),
        ("방문 날짜를 밝히지 않", 2, "방문 날짜를 "),
        ("회담을 열지 않", 2, "회담을 열지 않"),
        ("참석하지 않", 2, "참석하지 않"),
    ],
)
def test_a_not_is_that_of_the_verb_it_stands_at(after: str, word: int, own: str) -> None:
    assert own_negations(after, word) == own


@pytest.mark.parametrize(("text", "ends"), [("6일 방한", True), ('6일 방한"', True), ("6일 방한 예정", False)])
def test_a_headline_may_end_in_its_verb(text: str, ends: bool) -> None:
    assert closes(text, len("6일 방한")) is ends
