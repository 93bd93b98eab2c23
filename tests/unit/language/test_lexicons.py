"""Every lexicon compiles, knows every action that a frame asks for, and reads its plainest verb of each."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources

import pytest
import yaml

from monitor.frames import frame as frames
from monitor.frames.spoken import BECKON, PROMISE
from monitor.frames.stands import APPEAR
from monitor.language.data import read_yaml
from monitor.language.lexicon import FORMS, LANGUAGES, MODIFIERS, Lexicon, lexicon_for

# What a desk must be told of in any language; "homeward", "move" and "accept" are said by other words in some.
NEEDED = frozenset("leave visit arrive cross return attend invite decline cancel postpone deny meet phone".split())
TALKS = frozenset("begin finish sign pledge agree".split())

ACTIONS = ("arrive", "leave", "attend", "meet", "invite")
PLAIN = {
    "en": ("arrived in", "left", "attended", "met", "invited"),
    "de": ("eingetroffen", "abgereist", "teilnehmen", "getroffen", "eingeladen"),
    "fr": ("est arrivé", "a quitté", "assistera", "se sont rencontrés", "a invité"),
    "es": ("llegó", "partió", "asistirá", "se reunieron", "invitó"),
    "ru": ("прибыл", "вылетел", "присутствовал", "встретился", "пригласил"),
    "ko": ("도착했다", "출발했다", "참석했다", "회담했다", "초청했다"),
    "zh": ("抵达", "离开", "出席", "举行会谈", "邀请"),
    "ja": ("到着した", "出発した", "出席した", "会談した", "招待した"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_lexicon_compiles_and_knows_every_action(language: str) -> None:
    """`unmarked` has one entry for each action that the lexicon knows."""
    known = set(lexicon_for(language).unmarked)
    assert known >= NEEDED | TALKS
    asked = {action for f in frames.shipped().values() for rule in f.rules for action in (*rule.do, rule.also)}
    assert known <= asked | {"", APPEAR, PROMISE, BECKON}, "no frame asks for it"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_modifier_has_words(language: str) -> None:
    """Without them a plan is read as done, or a denial as a plan; "doubt", "desire", "plan_past" may be unsaid."""
    lexicon = lexicon_for(language)
    for kind in sorted(set(MODIFIERS) - {"doubt", "desire", "plan_past", "condition"}):
        assert lexicon.modifiers[kind].pattern not in ("(?<!\\w)(?:(?!))(?!\\w)", "(?:(?!))"), kind


@pytest.mark.parametrize(
    ("language", "kind", "word"),
    [(lang, kind, word) for lang, words in PLAIN.items() for kind, word in zip(ACTIONS, words, strict=True)],
)
def test_the_plainest_word_of_an_action_is_known(language: str, kind: str, word: str) -> None:
    found = lexicon_for(language).actions(word.lower())
    assert kind in {action.kind for action in found}
    assert all(action.form in FORMS for action in found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_read_where_nothing_is_said(language: str) -> None:
    assert lexicon_for(language).actions("") == lexicon_for(language).actions("12345 , . — ") == ()


def test_a_language_without_a_lexicon_is_read_as_english() -> None:
    assert lexicon_for("sw") is lexicon_for(None) or lexicon_for("sw").language == lexicon_for(None).language == "en"


def test_words_count_whole_and_the_longer_of_two_wins() -> None:
    """ "Xi visited" is one visit, "leaves home" no "leave" inside another word."""
    english = lexicon_for("en")
    assert [a.kind for a in english.actions("the cleaver was revisited")] == []
    kinds = [(a.kind, a.form) for a in english.actions("they held talks")]
    assert ("meet", "past") in kinds
    assert ("meet", "noun") not in kinds


@pytest.mark.parametrize(
    ("language", "text", "country"),
    [
        ("ja", "習氏が訪朝する", "KP"),
        ("ja", "習氏が訪朝した", "KP"),
        ("ja", "金正恩氏の訪中", "CN"),
        ("ko", "푸틴이 방북했다", "KP"),
        ("ko", "김정은 방러", "RU"),
        ("zh", "普京访华", "CN"),
    ],
)
def test_a_place_may_be_part_of_the_word_itself(language: str, text: str, country: str) -> None:
    """訪朝 and 방러 name the country that is visited."""
    assert [action.country for action in lexicon_for(language).actions(text)] == [country]


@pytest.mark.parametrize("name", sorted(frames.shipped()))
def test_a_frame_tells_only_stages_that_it_orders(name: str) -> None:
    frame = frames.load(name)
    stages = {*frame.order, *frame.flips}
    assert {rule.stage for rule in frame.rules} <= stages
    assert set(frame.labels) == set(frame.sentences) == stages
    assert set(frame.needs_episode) | set(frame.repeatable) <= stages
    assert not set(frame.order) & set(frame.flips)


@pytest.mark.parametrize("name", sorted(frames.shipped()))
def test_every_stage_of_a_frame_can_be_reached(name: str) -> None:
    """Each is told by a rule, or made of "announced" by the speaker's standing."""
    frame = frames.load(name)
    told = {rule.stage for rule in frame.rules}
    unreached = {*frame.order, *frame.flips} - told
    assert unreached <= ({"postponed", "denied"} if name == "attendance" else set())


def test_a_lexicon_of_ones_own_can_be_compiled() -> None:
    """The form of the files, at its smallest."""
    lexicon = Lexicon(read_yaml("language: en\nactions: {arrive: {verbs: [arrive]}}"))
    assert [(a.kind, a.form) for a in lexicon.actions("xi arrived and modi arrives")] == [
        ("arrive", "past"),
        ("arrive", "present"),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_a_lexicon_is_text_to_any_reader_of_yaml(language: str) -> None:
    """A bare no, on or yes is a truth value to YAML, and a bare "?" an error to readers that are strict."""
    text = resources.files("monitor.language").joinpath("lexicons", f"{language}.yaml").read_text(encoding="utf-8")
    words = yaml.safe_load(text)
    assert words.pop("bracket", True) is True  # the one key that is a truth value
    assert [leaf for leaf in _leaves(words) if not isinstance(leaf, str)] == []


def _leaves(node: object) -> Iterator[object]:
    if isinstance(node, dict):
        yield from node
        node = list(node.values())
    if isinstance(node, list):
        for each in node:
            yield from _leaves(each)
    else:
        yield node
