"""Many words found in one pass, in every script; the offsets hold in the text as it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.language.terms import Needle, Terms, comparable

FOUND = [
    ("rare earths", "Rare-Earths curbed", "Rare-Earths"),
    ("rare earths", "ＲＡＲＥ　ＥＡＲＴＨＳ", "ＲＡＲＥ　ＥＡＲＴＨＳ"),
    ("rare earth*", "rare earthquakes!", "rare earthquakes"),
    ("Erdogan", "Erdoğan's visit", "Erdoğan"),
    ("Łódź", "in Lodz today", "Lodz"),
    ("Sao Paulo", "SÃO PAULO", "SÃO PAULO"),
    ("санкц*", "новые САНКЦИИ", "САНКЦИИ"),
    ("елка", "новогодняя ёлка", "ёлка"),
    ("稀土", "出口稀土管制", "稀土"),
    ("レアアース", "中国がﾚｱｱｰｽを規制", "ﾚｱｱｰｽ"),
    ("희토류", "중국이 희토류를", "희토류"),
    ("김 위원장", "김위원장이", "김위원장"),
    ("NATO", "Nato and others", "Nato"),
    ("US", "the US said", "US"),
    ("AI", "한국 AI가", "AI"),
    ("COVID-19", "Covid 19 again", "Covid 19"),
    ("3", "3 dead", "3"),
]
NOT_FOUND = [
    ("rare earths", "a rare earth"),
    ("port", "airport, support, ports"),
    ("US", "let us go; Us too"),
    ("мой", "мои дела"),
    ("か", "が"),
    ("5", "in 2025, or 15"),
    ("Kim", "Kimchi and skim"),
]


def find(term: str, text: str) -> list[str]:
    """What of `text` the term is found as."""
    return [text[found.start : found.end] for found in Terms([Needle(term, 0)]).find(text)]


@pytest.mark.parametrize(("term", "text", "hit"), FOUND)
def test_a_term_is_found_as_readers_would_find_it(term: str, text: str, hit: str) -> None:
    assert find(term, text) == [hit]


@pytest.mark.parametrize(("term", "text"), NOT_FOUND)
def test_a_term_is_not_found_inside_other_words(term: str, text: str) -> None:
    assert find(term, text) == []


def test_all_needles_are_found_in_one_pass_and_may_overlap() -> None:
    terms = Terms([Needle("North Korea", 0), Needle("Korea", 1), Needle("north*", 2), Needle("south", 3)])
    assert sorted((f.key, f.start, f.end) for f in terms.find("North Korea")) == [(0, 0, 11), (1, 6, 11), (2, 0, 5)]


def test_without_a_needle_nothing_is_found() -> None:
    assert list(Terms([]).find("anything")) == []


def test_a_name_in_small_letters_is_another_word() -> None:
    terms = Terms([Needle("turkey", 0, capital=True), Needle("un", 1, acronym=True)])
    assert [f.key for f in terms.find("Turkey eats turkey at the UN, un jour, Un")] == [0, 1]


@given(st.text(), st.lists(st.text(min_size=1, max_size=20), max_size=5))
def test_any_text_is_searched_for_any_term(text: str, words: list[str]) -> None:
    """No text and no term raises anything, and what is found lies in the text and looks like its term."""
    needles = [Needle(word, number) for number, word in enumerate(words)]
    assert len(comparable(text)) == len(text)
    for found in Terms(needles).find(text):
        assert 0 <= found.start < found.end <= len(text)
        said = "".join(comparable(text[found.start : found.end]).split())
        term = comparable(words[found.key])
        plain = "".join(term.removesuffix("*").split())
        assert said.startswith(plain) if term.rstrip().endswith("*") else said == plain


WORDS = st.lists(st.sampled_from(["a", "aa", "a-b", "b.", "c++", "@a", "a*", "é", "5", " ", ",", "\n"]), max_size=12)


@given(
    WORDS.map("".join), st.lists(st.sampled_from(["a", "a b", "aa", "b", "c++", "@a", "a*", "e", "a.b"]), max_size=4)
)
def test_both_automata_find_the_same(text: str, words: list[str]) -> None:
    """A text that holds one Korean letter is looked through by the other one."""
    terms = Terms([Needle(word, number) for number, word in enumerate(words)])
    assert sorted(terms.find(text), key=str) == sorted(terms.find(f"{text} 가"), key=str)


@given(st.text(), st.text())
def test_the_same_letters_compare_alike_wherever_they_stand(left: str, right: str) -> None:
    assert comparable(left + right) == comparable(left) + comparable(right)
