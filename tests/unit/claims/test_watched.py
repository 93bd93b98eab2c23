"""The cheap questions before a text is read: they save work, and never a claim."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.frames.document import surface_of
from monitor.frames.frame import shipped
from monitor.frames.watched import possible, promising
from monitor.language import gazetteer
from monitor.language.gazetteer import Kind
from monitor.language.lexicon import LANGUAGES, lexicon_for
from monitor.language.names import index_for
from monitor.normalize import normalize
from monitor.types import WatchTopic
from tests.unit.claims.reading import PARADES, TRIPS, item, talks

KIM = WatchTopic(id="kim", name="Kim", frame="travel", subjects=("kim-jong-un",))
OTHERS = WatchTopic(
    id="others", name="Others", frame="travel", subjects=("xi-jinping", "narendra-modi", "friedrich-merz")
)
LAUNCHES = WatchTopic(id="launches", name="Launches", frame="launch")
TALKS = talks("vladimir-putin+kim-jong-un")
WATCHES: tuple[tuple[WatchTopic, ...], ...] = ((KIM,), (TALKS,), (OTHERS, PARADES), (TRIPS,), (LAUNCHES, KIM))
# What stands between names: nothing, borders of words, marks that other scripts part names with, letters.
BETWEEN = st.sampled_from([" ", " ", ", ", "-", "'s ", "’s ", "·", "\n", ". ", "\u00a0", "", "n", "의 ", "的"])
SUMMITS = ("summit", "정상회담", "首脑会谈", "саммит", "Gipfel", "sommet", "cumbre", "首脳会談", "中", "俄", "북")


def _told_of(lang: str) -> list[str]:
    """Names of those who are watched here, of their countries and of all offices, and what stands for a summit."""
    watched = {who for topics in WATCHES for topic in topics for who in (*topic.subjects, *topic.pair)}
    everything = gazetteer.load()
    countries = {everything.people[who].country for who in watched if who in everything.people}
    forms = index_for(everything, lang).forms()
    offices = [text for text, names in forms.items() if any(name.kind is Kind.OFFICE for name in names)]
    texts = [text for text, names in forms.items() if any(name.target in watched | countries for name in names)]
    letters = [letter for letter, country in lexicon_for(lang).letters.items() if country in countries]
    lettered = [letter + office for letter in letters for office in offices]  # 俄总统
    return [*texts, *(text.title() for text in texts), *offices, *SUMMITS, *lettered]


TOLD_OF = {lang: _told_of(lang) for lang in LANGUAGES}


@pytest.mark.parametrize("lang", LANGUAGES)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_what_may_concern_a_topic_is_never_passed_over(lang: str, data: st.DataObject) -> None:
    """Names, offices and countries in any order: where reading them finds a topic, their letters promised one."""
    words = st.tuples(st.sampled_from(TOLD_OF[lang]) | st.text(max_size=3), BETWEEN).map("".join)
    title, text = ("".join(data.draw(st.lists(words, max_size=4), label=label)) for label in ("title", "text"))
    article = normalize(item(title.upper() if data.draw(st.booleans()) else title, text, lang=lang))
    surface = surface_of(article, gazetteer.load())
    for topics in WATCHES:
        if possible(surface, topics, shipped()):
            assert promising(article, topics, gazetteer.load(), shipped())


@pytest.mark.parametrize(
    ("lang", "title", "promised"),
    [
        ("en", "North Korean leader heads for Moscow", True),
        ("en", "Moscow waits for the leader of North Korea", True),
        ("en", "Kim heads home", True),
        ("en", "Norwegian leader heads for Moscow", False),
        ("en", "North Korean farmers wait for rain", False),
        ("en", "A kimono for the mayor of Oslo", False),
        ("ko", "북한 지도자 모스크바로", True),
        ("ko", "中지도자 모스크바로", False),
        ("ko", "노르웨이 총리 모스크바로", False),
        ("zh", "朝鲜领导人前往莫斯科", True),
        ("zh", "挪威首相前往莫斯科", False),
        ("ru", "Лидер КНДР едет в Москву", True),
        ("ru", "Премьер Норвегии едет в Москву", False),
    ],
)
def test_a_person_is_promised_by_a_name_or_by_office_and_country(lang: str, title: str, promised: bool) -> None:
    article = normalize(item(title, lang=lang))
    assert promising(article, (KIM,), gazetteer.load(), shipped()) is promised


@pytest.mark.parametrize(
    ("lang", "title", "concerned"),
    [
        ("en", "Plans for a Russia-North Korea summit", True),
        ("en", "Plans for a US-China summit", False),
        ("en", "A summit of bakers in Moscow", False),
        ("zh", "俄朝首脑会谈在即", True),
        ("zh", "中美首脑会谈在即", False),
    ],
)
def test_a_summit_concerns_talks_of_those_whose_countries_it_names(lang: str, title: str, concerned: bool) -> None:
    article = normalize(item(title, lang=lang))
    assert bool(possible(surface_of(article, gazetteer.load()), (TALKS,), shipped())) is concerned
    assert promising(article, (TALKS,), gazetteer.load(), shipped()) is concerned


def test_where_anybody_is_watched_any_leader_is_promised() -> None:
    for title, promised in (("Macron heads for Moscow", True), ("A baker heads for Moscow", False)):
        assert promising(normalize(item(title)), (TRIPS,), gazetteer.load(), shipped()) is promised
