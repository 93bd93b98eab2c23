"""Where sentences end, in all languages that are read."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.language.sentences import split


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Xi left Beijing. He lands tonight.", ["Xi left Beijing.", "He lands tonight."]),
        ("BEIJING, Sept. 3 (Reuters) - Troops marched.", ["BEIJING, Sept. 3 (Reuters) - Troops marched."]),
        ("Mr. Modi met Gov. Lee. They ate.", ["Mr. Modi met Gov. Lee.", "They ate."]),
        ("The U.S. president left. Xi stayed.", ["The U.S. president left.", "Xi stayed."]),
        ('"We will come." Then he left.', ['"We will come."', "Then he left."]),
        ("He paid 3.5 million. Why? Nobody knows!", ["He paid 3.5 million.", "Why?", "Nobody knows!"]),
        ("A headline\nA line without a stop\n\nA text.", ["A headline", "A line without a stop", "A text."]),
        ("习近平抵达莫斯科。普京迎接。", ["习近平抵达莫斯科。", "普京迎接。"]),
        ("「行きます。」と述べた。帰国した。", ["「行きます。」", "と述べた。", "帰国した。"]),
        ("시진핑이 도착했다. 푸틴이 맞았다.", ["시진핑이 도착했다.", "푸틴이 맞았다."]),
        ("시진핑이 도착했다. 6월 방문은 없다.", ["시진핑이 도착했다.", "6월 방문은 없다."]),
        ("Си прибыл в 2023 г. в Москву. Его встретили.", ["Си прибыл в 2023 г. в Москву.", "Его встретили."]),
        ("Es war z.B. Merkel. Sie ging.", ["Es war z.B. Merkel.", "Sie ging."]),
        ("Er kommt am 9. Mai nach Moskau. Sie nicht.", ["Er kommt am 9. Mai nach Moskau.", "Sie nicht."]),
        ("", []),
        (" \n\n ", []),
    ],
)
def test_a_text_is_split_where_its_sentences_end(text: str, pieces: list[str]) -> None:
    assert [sentence.text for sentence in split(text)] == pieces


@settings(deadline=None)
@given(st.text() | st.text("aB. \n!?。」\"'9"))
def test_offsets_are_true_and_nothing_but_white_space_is_lost(text: str) -> None:
    """Sentences stand in order where they say, do not overlap, and what lies between them is blank."""
    position = 0
    for sentence in split(text):
        assert text[sentence.start : sentence.end] == sentence.text
        assert not text[position : sentence.start].strip()
        position = sentence.end
    assert not text[position:].strip()


def test_paragraphs_are_counted() -> None:
    assert [s.paragraph for s in split("One. Two.\nThree.\n\nFour.")] == [0, 0, 1, 2]
