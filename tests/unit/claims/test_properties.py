"""Laws that hold for any text: nothing raises, work grows with length and no faster, replaying a part gives a part."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.claims import extract
from monitor.frames.document import MOST_NAMES, prepare
from monitor.language import gazetteer
from monitor.language.lexicon import LANGUAGES, MOST_ACTIONS, lexicon_for
from monitor.normalize import normalize
from monitor.types import RawItem, WatchTopic
from tests.unit.claims.reading import item, talks

TOPICS = (
    WatchTopic(id="trips", name="Trips", frame="travel"),
    WatchTopic(id="kim", name="Kim", frame="travel", subjects=("kim-jong-un",)),
    WatchTopic(id="parades", name="Parades", frame="attendance"),
    talks("vladimir-putin+kim-jong-un"),
)
SAID = {  # what a report says, dense with names, verbs and dates
    "en": "Kim Jong Un will attend the military parade in Beijing on Wednesday and meet Putin, officials said. ",
    "de": "Wladimir Putin ist am Montag in Peking eingetroffen und trifft Kim Jong Un bei der Militärparade. ",
    "fr": "Le président russe Vladimir Poutine est arrivé à Pékin et a vu Kim Jong-un lors du défilé militaire. ",
    "es": "El presidente Vladímir Putin llegó a Pekín el lunes y se reunió con Kim Jong-un en el desfile militar. ",
    "ru": "Президент России Владимир Путин прибыл в Пекин и встретился с Ким Чен Ыном на военном параде. ",
    "ko": "김정은 국무위원장이 3일 베이징 열병식에 참석하고 푸틴 대통령과 회담했다. ",
    "zh": "金正恩抵达北京出席九三阅兵，将与普京会谈。",
    "ja": "金正恩総書記は北京に到着し、軍事パレードに出席してプーチン大統領と会談した。",
}
WORDS = [word for said in SAID.values() for word in said.split()] + [
    "the president", "he", "not", "if", "may", "invited", "Kim", "Kim Min-jae", "2019", "3 May", "said", ",", ".", "\n",
    "\n\n", "KCNA", "Russian", "leader", "was", "to", "(LEAD)", "CORRECTED:", "Read more",
    "e\u0301", "\u0130", "ß", "\U0001f600",
]  # fmt: skip


@pytest.mark.parametrize("lang", [*LANGUAGES, "xx", None])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(title=st.text(max_size=80), text=st.text(max_size=600))
def test_any_text_is_read(lang: str | None, title: str, text: str) -> None:
    """Letters of all scripts, controls, surrogates, marks: what makes no sense claims nothing, and nothing raises."""
    reading = extract(normalize(item(title, text, lang=lang)), TOPICS, gazetteer.load())
    assert {claim.topic for claim in reading.claims} <= {topic.id for topic in TOPICS}


@pytest.mark.parametrize("lang", LANGUAGES)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(title=st.lists(st.sampled_from(WORDS), max_size=12), text=st.lists(st.sampled_from(WORDS), max_size=80))
def test_any_order_of_telling_words_is_read(lang: str, title: list[str], text: list[str]) -> None:
    """The words that rules look for, in any order and in any language's reader; evidence quotes the article."""
    article = normalize(item(" ".join(title), " ".join(text), lang=lang))
    for claim in extract(article, TOPICS, gazetteer.load()).claims:
        source = article.title if claim.evidence.position == "title" else article.text
        assert source[claim.evidence.offset :].startswith(claim.evidence.sentence)
        for span in claim.evidence.spans:
            assert claim.evidence.sentence[span.start : span.end] == span.text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_list_of_verbs_and_names_is_read_only_so_far(lang: str) -> None:
    sentence = SAID[lang].rstrip(" .。") + " "
    document = prepare(normalize(item("", sentence * 60, lang=lang)), gazetteer.load())
    assert document.sentences
    assert all(len(s.mentions) <= MOST_NAMES for s in document.sentences)
    assert len(lexicon_for(lang).actions(document.folded.lower())) == MOST_ACTIONS


def _steps(work: Callable[[], object]) -> int:
    """How many instructions of Python `work` takes: the same on every machine."""
    count = 0

    def trace(frame: FrameType, event: str, arg: Any) -> Any:
        nonlocal count
        frame.f_trace_opcodes = True
        frame.f_trace_lines = False
        count += event == "opcode"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


DENSE = {
    **SAID,
    "offices": "the president met Putin and Macron in Paris. ",
    "no full stop": "Kim visited Putin and Xi met Modi in Moscow, ",
    "family names": "Kim Min-jae met Kim, ",
    "lines": "Putin met Kim\n",
    "speakers": "the Chinese foreign ministry said Xi said the leader said ",
    "parades": "He will attend the military parade in Beijing on 3 September\n\n",
}


@pytest.mark.parametrize("name", DENSE)
def test_work_grows_with_the_length_of_a_text(name: str) -> None:
    """Three times the text takes about three times the steps, however dense it is; nothing pairs all with all."""
    lang = name if name in LANGUAGES else "en"

    def steps(characters: int) -> int:
        text = DENSE[name] * (characters // len(DENSE[name]))
        article = normalize(_item("Kim Jong Un", text, lang))
        extract(article, TOPICS, gazetteer.load())  # compiles, and fills what is remembered
        return _steps(lambda: extract(article, TOPICS, gazetteer.load()))

    assert steps(6_000) < 3.9 * steps(2_000)


def _item(title: str, text: str, lang: str) -> RawItem:
    return item(title, text, day="2025-09-02", lang=lang)
