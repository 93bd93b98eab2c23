"""Frames of the user's own: what is right is taken, what is wrong is answered with its line and a remedy."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import pytest

from monitor.commands.vocabulary import vocabulary_of
from monitor.config import load_config
from monitor.errors import ConfigError
from monitor.framefile import _Frame, _Rule, _Words, read_frame
from monitor.frames.frame import Frames, shipped
from monitor.language import gazetteer
from monitor.yamlfile import read

PAGE = Path(__file__).parents[3] / "docs" / "frames.md"
EXAMPLE, _TOPICS = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
VOCABULARY = vocabulary_of(gazetteer.load())
SOURCES = "sources:\n  - {id: s, kind: feed, url: 'https://news.example/rss'}\n"
TOPIC = "topics:\n  - {id: t, name: T, frame: FRAME}\n"


def frames(folder: Path, text: str, topics: str = TOPIC.replace("FRAME", "resignation")) -> Frames:
    """The frames of a configuration that has one of its own."""
    (folder / "frames").mkdir()
    (folder / "frames" / "resignation.yaml").write_text(text, encoding="utf-8")
    (folder / "topics.yaml").write_text(topics, encoding="utf-8")
    (folder / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    return load_config(folder, VOCABULARY).frames


def complaints(folder: Path, text: str) -> list[str]:
    """What is wrong with the file, one a line, without the folder."""
    with pytest.raises(ConfigError) as caught:
        frames(folder, text)
    return str(caught.value).replace(f"{folder}/frames/", "").splitlines()


def test_the_example_of_the_page_is_taken_beside_those_that_ship(tmp_path: Path) -> None:
    found = frames(tmp_path, EXAMPLE)
    assert set(found) == {*shipped(), "resignation"}
    own = found["resignation"]
    assert own.stages == ("possible", "announced", "resigned", "denied")
    assert (own.subject, own.object, own.finished_days) == ("person", "country", 10.0)


def test_without_a_folder_there_are_those_that_ship() -> None:
    assert load_config(None, VOCABULARY).frames == shipped()


@pytest.mark.parametrize("name", ["attendance", "launch", "talks", "travel"])
def test_what_ships_passes_the_check_for_frames_of_ones_own(name: str) -> None:
    with resources.as_file(resources.files("monitor.frames").joinpath(f"{name}.yaml")) as path:
        document = read(path)
        assert read_frame(document, {}, VOCABULARY.countries) is not None, document.problems


def test_every_field_of_a_frame_stands_on_the_page() -> None:
    """Those that a file may have, in the tables of docs/frames.md."""
    text = PAGE.read_text(encoding="utf-8")
    names = {info.alias or name for model in (_Frame, _Rule, _Words) for name, info in model.model_fields.items()}
    assert {name for name in names if f"`{name}`" not in text} == set()


WRONG = [
    ("shape: event", "shape: evnt", 'field "shape": expected event, movement, presence or meeting, found \'evnt\''),
    ("noun: resignation ", "nuon: resignation ", 'unknown field "nuon". Did you mean "noun"?'),
    ("shape: event", "shape: movement", 'only the shape "event" has "words". Remove it, or change the shape.'),
    ("flips: [denied]", "flips: [resigned]", 'stage "resigned" stands in order and in flips'),
    ("ends: [resigned]", "ends: [gone]", 'ends: there is no stage "gone".'),
    ("refusals: [denied]", "refusals: [possible]", 'refusals: "possible" does not stand in flips.'),
    ("ends: [resigned]", "settled: denied", 'settled: "denied" does not stand in order.'),
    ("labels: {possible: may come, ", "labels: {", 'labels: the stage "possible" has none. Add `possible: ...`.'),
    ("labels: {possible:", "labels: {maybe: m, possible:", 'labels: there is no stage "maybe".'),
    ('"{subject} may resign"', '"{who} may resign"', 'sentences: "possible": {who} is not known.'),
    ('"{subject} may resign"', '"{subject may resign"', 'sentences: "possible": '),
    ('"{subject} may resign"', '"{subject:d} may resign"', 'sentences: "possible": {subject:…}: the name stands alone'),
    ('"{subject} may resign"', '"{subject!r} may resign"', "between the braces. Write {subject}."),
    ('"{subject} may resign"', '"{subject.name} may resign"', 'sentences: "possible": {subject.name} is not known.'),
    ("finished: 10", "finished: 0", 'field "closes_after.finished": expected days after the last development'),
    ("do: [resign], mood: [real]", "do: [resing], mood: [real]", 'no language has words for the action "resing".'),
    ("mood: [real]", "mood: [done]", 'field "rules[4].mood": expected a list of real, ongoing, future, possible'),
    ("mood: [real], stage: resigned", "mood: [real], stage: gone", 'rule 4: there is no stage "gone".'),
    ("mood: [real], stage", "mood: [real], form: [verb], stage", 'rule 4: there is no form "verb".'),
    ("  - {do: [resign], mood: [denied], stage: denied}\n", "", 'no rule tells the stage "denied".'),
    ("object: country", "object: thing", "object: thing needs a list of things."),
    ("words:\n  en:", "words:\n  english:", 'words: "english" is no language that is read.'),
    ("verbs: [démissionner]", "verbs: ['d.*']", 'words: fr: the verb "d.*" can\'t be inflected.'),
    ("verbs: [resign, ", "verbs: [(resign, ", 'words: en: the verb "(resign" can\'t be inflected.'),
    ("  ko:\n", "  zh:\n    actions: {resign: {verbs: [a]}}\n  ko:\n", "words: zh: verbs are not inflected in it."),
    ("      resign: {past: [사임했", "      resignation: {past: [사임했", "words: ko has words for none of"),
    ("    known: [following", "    names: {en: [x]}\n    known: [following", 'words: there is no country "en".'),
    ("order: [possible, announced, resigned]", "order: [possible, resigned]", '"settled" is left out. Say from'),
    ("quit/quit/quit", "quit/quit", 'words: en: the verb "quit/quit" has 2 parts, 1 or 3 expected.'),
    ("[démissionner]", "[se démettre/a/b/c/d]", 'the verb "se démettre/a/b/c/d" has 5 parts, 1 to 4 expected.'),
    ("resign: {past: [사임했", "resign: {verbs: [떠나/떠났], past: [사임했", 'the verb "떠나/떠났" has 2 parts'),
    ("resign: {past: [사임했", "resign: {verbs: [떠나//떠날], past: [사임했", "can't be inflected"),
    ("  ko:\n", "  ja:\n    actions: {resign: {verbs: [辞任/辞任した]}}\n  ko:\n", "ja: the verb"),
    ("mood: [real], stage", "mood: [real], to: abroad, stage", 'rule 4: only the shape "movement" has "to". Remove it'),
    ("mood: [real], stage", "mood: [real], from: home, stage", 'rule 4: only the shape "movement" has "from".'),
    ("mood: [real], stage", "mood: [real], object: to, stage", 'rule 4: only the shape "movement" has "object".'),
    ("mood: [real], stage", "mood: [real], to: away, stage", "expected home, abroad, border or nowhere, found 'away'"),
    ("mood: [real], stage", "mood: [real], object: in, stage", "expected to, from, inviter or episode, found 'in'"),
    ("mood: [real]", "mood: [void]", "denied, but rules[4].mood[1] is 'void'."),
    ("mood: [real], stage", "mood: [real], form: [gerund], stage", 'rule 4: there is no form "gerund".'),
    ("frame: resignation", "frame: exit", 'frame "exit" stands in resignation.yaml. Rename the file to exit.yaml'),
    ("frame: resignation", "frame: launch", 'frame "launch" is there already. Give yours another name.'),
]  # fmt: skip


@pytest.mark.parametrize(("right", "changed", "complaint"), WRONG, ids=[changed for _, changed, _ in WRONG])
def test_what_is_wrong_is_named_with_file_line_and_remedy(
    tmp_path: Path, right: str, changed: str, complaint: str
) -> None:
    assert EXAMPLE.count(right) >= 1
    found = complaints(tmp_path, EXAMPLE.replace(right, changed, 1))
    told = [line for line in found if complaint in line]
    assert told, found
    assert re.match(r"resignation\.yaml:\d+: ", told[0])


def test_one_mistake_is_one_line_in_plain_words(tmp_path: Path) -> None:
    """Where a value may be of several kinds, none of them is told by what the checker calls it."""
    text = EXAMPLE.replace("  en:\n", "  en:\n    things: {paper: 5, letter: {wrds: [letter]}}\n", 1)
    text = text.replace("mood: [real]", "mood: [done]", 1)
    assert complaints(tmp_path, text) == [
        'resignation.yaml:22: field "rules[4].mood": expected a list of real, ongoing, future, possible, denied, but '
        "rules[4].mood[1] is 'done'.",
        'resignation.yaml:25: field "words.en.things": expected things with their words: {satellite: [satellite*]}, '
        "but words.en.things.paper is 5.",
        'resignation.yaml:25: the field "words.en.things.letter.words" is missing; expected a list of words.',
        'resignation.yaml:25: unknown field "words.en.things.letter.wrds". Did you mean "words"?',
    ]


@pytest.mark.parametrize(
    ("things", "complaint"),
    [
        ("{a: {name: an a, kind_of: b}, b: {name: a b, kind_of: a}}", 'things: "a" is a kind of itself.'),
        ("{a: {name: an a, kind_of: c}}", 'things: "a": there is no thing "c".'),
        ("{a: {name: an a}}", "words: en has no word for any thing. Add `things:` below it."),
    ],
)
def test_things_are_checked(tmp_path: Path, things: str, complaint: str) -> None:
    text = EXAMPLE.replace("object: country", f"object: thing\nthings: {things}\n#", 1)
    assert any(complaint in line for line in complaints(tmp_path, text))


def test_a_file_that_is_no_set_of_fields_is_answered(tmp_path: Path) -> None:
    assert complaints(tmp_path, "- frame\n") == [
        "resignation.yaml:1: expected fields such as `frame: ...`, found a list."
    ]


@pytest.mark.parametrize(
    ("topic", "complaint"),
    [
        ("frame: resignatin", 'frame "resignatin" is not known. Did you mean "resignation"?'),
        ("frame: resignation, objects: [CA, xx]", '"xx" is not known'),
        ("frame: resignation, muted_stages: [arrived]", 'stage "arrived" is not known.'),
        ("frame: launch, subjects: [kp]", '"kp" is written in capitals. Write "KP".'),
        ("frame: launch, subjects: [kim-jong-un]", 'country (ISO 3166, two letters) "kim-jong-un" is not known.'),
        ("frame: launch, objects: [satelite]", 'object "satelite" is not known. Did you mean "satellite"?'),
        ("frame: launch, pair: [kim-jong-un, xi-jinping]", 'only frame talks has a "pair". Use "subjects" for launch.'),
    ],
)
def test_what_a_topic_may_name_comes_from_its_frame(tmp_path: Path, topic: str, complaint: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(complaint)):
        frames(tmp_path, EXAMPLE, f"topics:\n  - {{id: t, name: T, {topic}}}\n")
