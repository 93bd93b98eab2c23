"""The sieve only saves work: a pattern that it holds back could not have matched."""

from __future__ import annotations

import re
from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.language.data import read_yaml
from monitor.language.lexicon import FORMS, LANGUAGES, lexicon_for
from monitor.language.sieve import Sieve, required


@pytest.mark.parametrize(
    ("pattern", "letters"),
    [
        ("set foot", "<set foot>"),
        ("reis(?:t|te)?", "<reis>|<reist>|<reiste>"),
        ("离开了?", "<离开>|<离开了>"),
        ("(?:is|was) (?:at|in)", "<is at>|<is in>|<was at>|<was in>"),
        ("ab{2}cd", "cd>"),
        ("ab+c", "<a"),
        ("x[|)]yz", "<x|yz>|<x)yz>"),
        ("\\d+位.{0,4}(?:国家元首|元首)", "国家元首>|元首>"),
        ("wrap up (?:\\w+ ){0,3}visit", "<wrap up "),
        ("in (?:\\w+ ){0,3}(?:place|stead)", "place>|stead>"),
        ("(?:the |his )*talks", "talks>"),
        ("(?!no)go(?! on)", "<go>"),
        ("(?:ab|c\\d)+x?", "ab|c"),
        ("a|bc", "<a>|<bc>"),
        ("a|\\d", ""),
        ("s?", ""),
        ("[abc]+", ""),
        ("", ""),
    ],
)
def test_letters_that_a_pattern_needs(pattern: str, letters: str) -> None:
    """ "<" and ">": nothing stands before or behind them in a match."""
    found = [f"{'<' * each.leads}{each.text}{'>' * each.ends}" for each in required(pattern)]
    assert "|".join(found) == letters


def test_what_can_be_spelled_in_too_many_ways_is_not_spelled_out() -> None:
    one, other = (f"(?:{'|'.join(f'{word}{number}' for number in range(40))})" for word in ("go", "office"))
    assert [each.text for each in required(f"{one} {other}")] == [f"office{number}" for number in range(40)]
    assert not any(each.leads for each in required(f"{one} {other}"))


@settings(max_examples=150)
@given(data=st.data())
def test_every_match_passes(data: st.DataObject) -> None:
    """Patterns put together from what lexicons use: words, options, choices, gaps, classes, look-ahead."""
    part = st.sampled_from(
        [
            "visit",
            "a",
            "出席",
            " ",
            "s?",
            "(?:to|into)",
            "(?:\\w+ ){0,2}",
            "[au]b",
            ".{0,4}",
            "\\d{1,2}",
            "x*",
            "(?!zz)",
            "й+",
            "(?:vis|b)?",
            "(?:is|t\\w|ob(?:x|z))",
            "(?<!t)",
        ]
    )
    alternatives = data.draw(st.lists(st.lists(part, min_size=1, max_size=5).map("".join), min_size=1, max_size=4))
    patterns = {str(number): [text] for number, text in enumerate(alternatives)}
    sieve, whole = Sieve(patterns), Sieve(patterns, bounded=True)
    for number, text in enumerate(alternatives):
        match = data.draw(st.from_regex(re.compile(text), fullmatch=True))
        assert str(number) in sieve.passing(f"before {match} after")
        around = st.sampled_from(["", " ", "a", "_", "-", "席"])
        text = data.draw(around) + match + data.draw(around)
        if re.search(rf"(?<!\w)(?:{alternatives[number]})(?!\w)", text):
            assert str(number) in whole.passing(text)


def test_a_pattern_without_its_letters_is_held_back() -> None:
    sieve = Sieve({"go": ["go(?:es)? to"], "come": ["came", "comes?"], "any": ["\\w+"]})
    assert sieve.passing("she came home") == {"come", "any"}
    assert sieve.passing("") == {"any"}
    assert Sieve({}).passing("anything") == set()


def test_letters_within_a_word_are_none_where_words_are_looked_for() -> None:
    patterns = {"meet": ["met"], "set off": ["set (?:\\w+ )?off"]}
    assert Sieve(patterns, bounded=True).passing("something metallic is offset, officials say") == set()
    assert Sieve(patterns, bounded=True).passing("they met and set right off") == {"meet", "set off"}
    assert Sieve(patterns).passing("something is offset ") == {"meet", "set off"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_plain_word_of_a_lexicon_is_found(language: str) -> None:
    data = read_yaml(resources.files("monitor.language.lexicons").joinpath(f"{language}.yaml").read_text("utf-8"))
    words = [
        (kind, word)
        for kind, entry in data["actions"].items()
        for form in FORMS
        for word in entry.get(form) or ()
        if re.fullmatch(r"[\w -]+", word)
    ]
    assert words or language == "en", "its verbs are inflected, so none is plain"
    lexicon = lexicon_for(language)
    missed = [(kind, word) for kind, word in words if kind not in {a.kind for a in lexicon.actions(word)}]
    assert missed == []
