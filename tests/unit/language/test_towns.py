"""The list of towns is well formed, clashes with nothing and holds the places where leaders go."""

from __future__ import annotations

import re
import unicodedata
from importlib import resources

import pytest
from babel import Locale

from monitor.language.gazetteer import Kind, load
from monitor.language.names import index_for

LANGUAGES = ("en", "ko", "zh", "ja", "ru", "de", "fr", "es")
LATIN = r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff' .-]+"
SCRIPTS = {
    "en": LATIN,
    "ko": r"[\uac00-\ud7a30-9F ]+",
    "zh": r"[\u3400-\u9fff0-9·-]+",
    "ja": r"[\u3040-\u30ff\u3400-\u9fff・ー]+",
    "ru": r"[А-Яа-яЁё '-]+",
    "de": LATIN,
    "fr": LATIN,
    "es": LATIN,
}
TEXT = resources.files("monitor.language.data").joinpath("towns.txt").read_text(encoding="utf-8")
LINES = [line for line in TEXT.splitlines() if not line.startswith("#")]


def test_every_line_has_its_eleven_fields_in_the_right_script() -> None:
    for line in LINES:
        identity, country, kind, *lists = line.split("|")
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", identity), line
        assert country in Locale("en").territories, line
        assert kind.rstrip("!") in {"city", "border", "airport", "station", "site", "region"}, line
        assert len(lists) == len(LANGUAGES), line
        assert lists[0], f"{identity} has no English name to be told by"
        assert unicodedata.is_normalized("NFC", line), line
        for language, listed in zip(LANGUAGES, lists, strict=True):
            names = listed.split(",") if listed else []
            assert len(names) == len(set(names)), line
            for name in names:
                assert re.fullmatch(SCRIPTS[language], name), f"{identity}: {language}: {name!r}"
                assert name == name.strip(), f"{identity}: {language}: {name!r}"


def test_the_file_stays_small_and_says_whence_it_comes() -> None:
    assert len(TEXT.encode()) < 120_000
    assert re.search(r"Compiled by hand from public knowledge; as of [A-Z][a-z]+ 20\d\d", TEXT[:800])


def test_no_town_has_the_id_of_another_place() -> None:
    identities = [line.split("|")[0] for line in LINES]
    assert len(identities) == len(set(identities))
    gazetteer = load()
    for identity in identities:
        assert not gazetteer.places[identity].capital, f"{identity} is in places.yaml as well"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_town_hides_a_person_a_body_or_another_town(language: str) -> None:
    """A name may be that of two towns of different countries; the text has to tell them apart."""
    gazetteer = load()
    towns = {line.split("|")[0] for line in LINES}
    for text, names in index_for(gazetteer, language).forms().items():
        if not towns & {name.target for name in names}:
            continue
        kinds = {name.kind for name in names}
        assert kinds <= {Kind.PLACE, Kind.COUNTRY, Kind.ADJECTIVE}, f"{text!r} in {language}: {names}"
        places = {name.target for name in names if name.kind is Kind.PLACE}
        countries = {gazetteer.places[place].country for place in places}
        assert len(countries) == len(places), f"{text!r} in {language} is twice one country's: {sorted(places)}"


def test_short_names_in_scripts_without_spaces_are_words_of_their_own() -> None:
    """Two kana or syllables stand inside other words: バリ in バリア, 가자 in 가자미."""
    for line in LINES:
        ja = line.split("|")[6]
        for name in ja.split(",") if ja else ():
            assert len(name) > 2 or not re.fullmatch(r"[\u3040-\u30ff]+", name), line


@pytest.mark.parametrize(
    ("language", "text", "country"),
    [
        ("en", "He flew to Siberia", "RU"),
        ("en", "They landed at Ciampino", "IT"),
        ("en", "talks in Sunnylands", "US"),
        ("en", "a visit to Xinjiang and Jiangsu", "CN"),
        ("ru", "переговоры в Сибири", "RU"),
        ("ru", "прибыл в Нижний Новгород", "RU"),
        ("ru", "встреча в Баварии", "DE"),
        ("zh", "抵达喀拉拉邦", "IN"),
        ("zh", "在加泰羅尼亞訪問", "ES"),
        ("ko", "시칠리아를 방문했다", "IT"),
        ("ja", "山口県長門市で会談した", "JP"),
        ("ja", "テキサス州を訪問", "US"),
        ("de", "Er reist nach Bayern", "DE"),
        ("fr", "au fort de Brégançon", "FR"),
        ("es", "viaja a Cataluña", "ES"),
        ("es", "aterrizó en Maiquetía", "VE"),
    ],
)
def test_regions_and_places_of_landing_are_found(language: str, text: str, country: str) -> None:
    gazetteer = load()
    found = [
        gazetteer.places[name.target].country
        for match in index_for(gazetteer, language).find(text)
        for name in match.names
        if name.kind is Kind.PLACE
    ]
    assert country in found, found
