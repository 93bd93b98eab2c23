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
        ("set foot", "set foot"),
        ("reis(?:t|te|en)?", "reis"),
        ("离开了?", "离开"),
        ("ab{2}cd", "cd"),
        ("ab+c", "a"),
        ("x[|)]yz", "yz"),
        ("\\d+位.{0,4}(?:国家元首|元首)", "位"),
        ("wrap up (?:\\w+ ){0,3}visit", "wrap up "),
        ("a|bc", ""),
        ("(?:a|b)", ""),
        ("[abc]+", ""),
        ("", ""),
    ],
)
def test_letters_that_a_pattern_needs(pattern: str, letters: str) -> None:
    assert required(pattern) == letters


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
        ]
    )
    alternatives = data.draw(st.lists(st.lists(part, min_size=1, max_size=5).map("".join), min_size=1, max_size=4))
    sieve = Sieve({str(number): [text] for number, text in enumerate(alternatives)})
    for number, text in enumerate(alternatives):
        match = data.draw(st.from_regex(re.compile(text), fullmatch=True))
        assert str(number) in sieve.passing(f"before {match} after")


def test_a_pattern_without_its_letters_is_held_back() -> None:
    sieve = Sieve({"go": ["go(?:es)? to"], "come": ["came", "comes?"], "any": ["\\w+"]})
    assert sieve.passing("she came home") == {"come", "any"}
    assert sieve.passing("") == {"any"}
    assert Sieve({}).passing("anything") == set()


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
