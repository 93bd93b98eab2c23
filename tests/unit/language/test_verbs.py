"""The forms of verbs: English ones, and the subjunctives that are read beside the other forms of a verb."""

from __future__ import annotations

import re

import pytest

from monitor.language.english_verbs import english_forms
from monitor.language.lexicon import lexicon_for
from monitor.language.subjunctive import is_subjunctive, without_nouns
from monitor.language.verbs import french, spanish


@pytest.mark.parametrize(
    ("verb", "wished"),
    [
        ("asistir", "asista"),
        ("llegar", "lleguen"),
        ("aterrizar", "aterrice"),
        ("acoger/acoge|acogen", "acoja"),
        ("volver/vuelve|vuelven", "vuelva"),
        ("reunirse/reúne|reúnen", "se reúnan"),
        ("salir/-", "salga"),
        ("hacer/hace|hacen escala", "haga escala"),
    ],
)
def test_a_spanish_verb_has_a_subjunctive(verb: str, wished: str) -> None:
    assert any(re.fullmatch(pattern, wished) for form, pattern in spanish(verb) if form == "base")


@pytest.mark.parametrize(
    ("verb", "wished"),
    [("se rendre", "se rende"), ("atterrir", "atterrisse"), ("partir/part|partent/parti", "parte")],
)
def test_a_french_verb_has_a_subjunctive_where_it_is_no_indicative(verb: str, wished: str) -> None:
    assert any(re.fullmatch(pattern, wished) for form, pattern in french(verb) if form == "base")


@pytest.mark.parametrize(
    ("action", "language", "wished"),
    [
        ("viaje", "es", True),
        ("viajar", "es", False),
        ("reunirse", "es", False),
        ("se rende", "fr", True),
        ("aller", "fr", False),
    ],
)
def test_a_subjunctive_is_no_infinitive(action: str, language: str, wished: bool) -> None:
    assert is_subjunctive(action, language) is wished


def test_the_same_word_is_a_noun_behind_its_article_and_a_verb_behind_a_que() -> None:
    lexicon = lexicon_for("es")
    trip, wish = "el viaje de lula a china", "pide que lula viaje a china"
    assert {a.form for a in without_nouns(trip, lexicon.actions(trip))} == {"noun"}
    assert {a.form for a in without_nouns(wish, lexicon.actions(wish))} == {"base"}


@pytest.mark.parametrize(
    ("verb", "word"),
    [
        ("agree to", "agreed to"),
        ("travel", "traveled"),
        ("travel", "travelling"),
        ("cancel", "canceled"),
        ("cancel", "cancelled"),
        ("stop over", "stopped over"),
        ("transit", "transited"),
        ("take part", "took part"),
        ("take part", "has taken part"),
        ("be seated", "were seated"),
        ("carry on", "carried on"),
        ("tie up", "tying up"),
        ("speak/spoke/spoken by telephone", "spoke by telephone"),
    ],
)
def test_an_english_verb_is_known_in_its_forms_on_both_sides_of_the_atlantic(verb: str, word: str) -> None:
    assert any(re.search(rf"\b(?:{pattern})$", word) for _, pattern in english_forms(verb))


@pytest.mark.parametrize(
    ("verb", "word"), [("agree to", "agreeed to"), ("stop over", "stoped over"), ("take part", "taked part")]
)
def test_an_english_verb_has_no_forms_that_nobody_writes(verb: str, word: str) -> None:
    assert not any(re.fullmatch(pattern, word) for _, pattern in english_forms(verb))
