"""Whom a text names: names, titles on the item's day, bare family names, headlines in capitals, strangers."""

from __future__ import annotations

from datetime import date

import pytest

from monitor.language import gazetteer, mentions
from monitor.language.folding import fold
from monitor.language.gazetteer import Kind
from monitor.language.lexicon import lexicon_for

NAMES = gazetteer.load()


def named(text: str, language: str = "en", day: str = "2025-09-01", *, shouting: int = 0) -> list[str]:
    """Ids of the people named, in order, each once."""
    return [i for i in _ids(text, language, day, Kind.PERSON, shouting) if not i.startswith("other:")]


def places(text: str, language: str = "en", day: str = "2025-09-01") -> list[str]:
    """Ids of the places named."""
    return _ids(text, language, day, Kind.PLACE, 0)


def _ids(text: str, language: str, day: str, kind: Kind, shouting: int) -> list[str]:
    found = mentions.find(
        fold(text),
        language=language,
        day=date.fromisoformat(day),
        gazetteer=NAMES,
        lexicon=lexicon_for(language),
        shouting_until=shouting,
    )
    return list(dict.fromkeys(m.id for m in mentions.by_kind(found, kind)))


@pytest.mark.parametrize(
    ("language", "text", "who"),
    [
        ("en", "Xi Jinping and Vladimir Putin", ["xi-jinping", "vladimir-putin"]),
        ("en", "Recep Tayyip Erdoğan", ["recep-tayyip-erdogan"]),
        ("en", "Recep Tayyip Erdogan", ["recep-tayyip-erdogan"]),
        ("de", "Wladimir Putin und Xi Jinping", ["vladimir-putin", "xi-jinping"]),
        ("de", "Wladimir Putins Reise", ["vladimir-putin"]),
        ("fr", "Vladimir Poutine et Narendra Modi", ["vladimir-putin", "narendra-modi"]),
        ("es", "Vladímir Putin y Kim Jong-un", ["vladimir-putin", "kim-jong-un"]),
        ("ru", "Путин встретился с Нарендрой Моди", ["vladimir-putin", "narendra-modi"]),
        ("ru", "письмо Владимира Путина Александру Лукашенко", ["vladimir-putin", "alexander-lukashenko"]),
        ("ko", "시진핑과 푸틴이", ["xi-jinping", "vladimir-putin"]),
        ("zh", "习近平同普京举行会谈", ["xi-jinping", "vladimir-putin"]),
        ("zh", "習近平與金正恩", ["xi-jinping", "kim-jong-un"]),
        ("ja", "習近平国家主席とウラジーミル・プーチン大統領", ["xi-jinping", "vladimir-putin"]),
        ("ru", "Путин провел переговоры с Си Цзиньпином", ["vladimir-putin", "xi-jinping"]),
    ],
)
def test_leaders_are_known_in_every_language(language: str, text: str, who: list[str]) -> None:
    assert named(text, language) == who


@pytest.mark.parametrize(
    ("language", "day", "spellings", "who"),
    [
        ("zh", "2024-11-24", "安华 安華 安瓦尔 安瓦爾", "anwar-ibrahim"),
        ("zh", "2025-09-01", "马克龙 马克宏 馬克龍 馬克宏", "emmanuel-macron"),
        ("zh", "2025-09-01", "斯塔默 史塔默 施凱爾 施纪贤 施紀賢", "keir-starmer"),
        ("zh", "2025-09-01", "泽连斯基 泽伦斯基 澤連斯基 澤倫斯基", "volodymyr-zelenskyy"),
        ("zh", "2025-09-01", "埃尔多安 艾尔多安 艾爾段 艾爾多安", "recep-tayyip-erdogan"),
        ("zh", "2025-09-01", "内塔尼亚胡 内坦亚胡 納坦雅胡 班傑明‧納坦雅胡", "benjamin-netanyahu"),
        ("zh", "2025-09-01", "迪亚斯-卡内尔 迪亚斯－卡内尔 迪亚斯卡内尔", "miguel-diaz-canel"),
        ("zh", "2018-05-01", "特雷莎·梅 德蕾莎·梅伊 文翠珊", "theresa-may"),
        ("zh", "2018-05-01", "马哈蒂尔 马哈迪 馬哈地", "mahathir-mohamad"),
        ("zh", "2009-05-01", "贝卢斯科尼 貝魯斯柯尼", "silvio-berlusconi"),
        ("ja", "2025-09-01", "アルバニージー アルバニーズ", "anthony-albanese"),
        ("ja", "2012-09-01", "ヤヌコビッチ ヤヌコヴィッチ ヤヌコーヴィチ", "viktor-yanukovych"),
        ("ja", "2020-09-01", "菅首相", "yoshihide-suga"),
        ("ja", "2010-09-01", "菅首相", "naoto-kan"),
        ("zh", "2024-09-01", "谢里夫 夏立夫", "shehbaz-sharif"),
        ("zh", "2015-09-01", "谢里夫 夏立夫", "nawaz-sharif"),
    ],
)
def test_a_leader_is_known_by_the_local_and_the_older_spellings(
    language: str, day: str, spellings: str, who: str
) -> None:
    for spelling in spellings.split():
        assert named(spelling, language, day) == [who], spelling


@pytest.mark.parametrize(
    ("text", "day", "who"),
    [
        ("the US president", "2014-05-01", ["barack-obama"]),
        ("the US president", "2018-05-01", ["donald-trump"]),
        ("the US president", "2023-05-01", ["joe-biden"]),
        ("Germany's chancellor", "2015-05-01", ["angela-merkel"]),
        ("the German chancellor", "2023-05-01", ["olaf-scholz"]),
        ("the prime minister of India", "2024-05-01", ["narendra-modi"]),
        ("South Korea's president", "2015-05-01", ["park-geun-hye"]),
        ("North Korea's leader", "2019-05-01", ["kim-jong-un"]),
        ("a former US president", "2018-05-01", []),
        ("the presidents of both countries", "2018-05-01", []),
    ],
)
def test_a_title_means_who_held_it_on_the_day(text: str, day: str, who: list[str]) -> None:
    assert named(f"We heard that {text} had left.", day=day) == who


@pytest.mark.parametrize(
    ("language", "text", "who"),
    [
        ("en", "The chairman of a film company arrived in Beijing", []),
        ("en", "Pyongyang said the chairman would go to Beijing", ["kim-jong-un"]),
        ("de", "Der Vorsitzende reist nach Peking", []),
        ("ko", "축구협회 위원장 베이징 도착", []),
        ("ko", "북한 매체는 위원장이 베이징에 도착했다고 전했다", ["kim-jong-un"]),
        ("ru", "Председатель совета директоров прибыл в Пекин", []),
        ("ja", "天皇陛下、モンゴルへ", ["naruhito"]),
    ],
)
def test_an_office_that_others_bear_too_means_a_leader_where_his_country_is_named(
    language: str, text: str, who: list[str]
) -> None:
    assert named(text, language) == who


def test_an_office_alone_means_the_leader_named_before() -> None:
    found = named("Emmanuel Macron flew to Rio. The president was met by crowds.", day="2024-03-26")
    assert found == ["emmanuel-macron"]


@pytest.mark.parametrize(
    "stranger",
    [
        "Kim Yong Chol",
        "Kim Kye-gwan",
        "Kim Kardashian",
        "Kim Yo Jong",
        "Nirav Modi",
        "Melania Trump",
        "Hunter Biden",
        "Xi Mingze",
    ],
)
def test_who_bears_the_same_family_name_is_somebody_else(stranger: str) -> None:
    found = named(f"On Friday {stranger} arrived in Singapore.", day="2018-06-01")
    assert not [who for who in found if NAMES.people[who].terms]


def test_a_bare_family_name_is_the_one_whom_the_text_has_named() -> None:
    assert named("Kim Jong Un arrived. Kim was met by Li.") == ["kim-jong-un"]
    assert "kim-jong-un" not in named("Rep. Kim Tae-woong came home from North Korea. Kim praised the talks.")


def test_a_bare_family_name_is_that_of_a_known_official_whom_the_text_has_named() -> None:
    assert named("Kim Yong Chol came home to North Korea. Kim praised the talks.") == ["kim-yong-chol"]


def test_a_bare_family_name_beside_a_leader_is_a_leaders() -> None:
    assert named("Trump, Kim shake hands in Singapore", day="2018-06-12") == ["donald-trump", "kim-jong-un"]
    assert named("The Putin-Kim meeting", day="2019-04-25") == ["vladimir-putin", "kim-jong-un"]


@pytest.mark.parametrize("text", ["Putin tells Kim that Russia will help", "Kim went up to Trump and shook his hand"])
def test_a_bare_family_name_in_a_line_with_a_foreign_leader_is_a_leaders(text: str) -> None:
    assert "kim-jong-un" in named(text, day="2019-04-25")


@pytest.mark.parametrize(
    "text",
    [
        "Moon Jae-in told Kim to resign over the flats scandal.",  # there are Kims in his own country
        "Kim Kardashian met Donald Trump. It was great to meet Kim, the president said.",
        "Donald Trump met prosecutor Kim Ha-young. Trump thanked Kim.",
    ],
)
def test_a_bare_family_name_that_may_be_anybodys_is_nobodys(text: str) -> None:
    assert "kim-jong-un" not in named(text, day="2019-04-25")


def test_a_bare_korean_family_name_alone_is_nobody_in_particular() -> None:
    assert named("Kim was seen at the market.") == []


@pytest.mark.parametrize("text", ["Putin's plane", "Vladimir Putin’s plane", "Russian President Putin's plane"])
def test_a_possessive_hides_no_name(text: str) -> None:
    assert named(text) == ["vladimir-putin"]


def test_a_headline_in_capitals_is_read_like_any_other() -> None:
    text = "INDIA'S MODI ARRIVES IN KYIV FOR TALKS WITH ZELENSKY"
    assert named(text, day="2024-08-23", shouting=len(text)) == ["narendra-modi", "volodymyr-zelenskyy"]


@pytest.mark.parametrize(
    ("language", "text", "where"),
    [
        ("en", "He flew from Pyongyang to Vladivostok", ["pyongyang", "vladivostok"]),
        ("en", "Russia's president spoke", []),
        ("en", "the prime minister of India spoke", []),
        ("en", "the Chinese foreign ministry said", []),
        ("en", "an Air China jumbo", []),
        ("zh", "俄罗斯总统普京", []),
        ("zh", "他抵达莫斯科", ["moscow"]),
        ("ko", "러시아 대통령", []),
        ("ja", "モスクワに到着", ["moscow"]),
        ("fr", "le président indonésien", []),
        ("ru", "прибыл в Москву из Пекина", ["moscow", "beijing"]),
        ("de", "reiste nach Peking", ["beijing"]),
        ("es", "llegó a Pekín", ["beijing"]),
        ("es", "el desfile de la Victoria en Moscú", ["moscow"]),
        ("es", "llegó a Victoria", ["victoria"]),
        ("de", "die Moskauer Parade", ["moscow"]),
        ("fr", "il est arrivé au Caire", ["cairo"]),
    ],
)
def test_a_country_inside_an_office_or_a_name_is_no_place(language: str, text: str, where: list[str]) -> None:
    assert places(text, language) == where


def test_names_inside_other_words_are_not_found() -> None:
    assert named("The kimono shop and Xiamen's modish putini") == []
    assert places("Chinaware, the Romer of Parisian taste") == []


def test_offsets_hold_in_the_text_as_it_was() -> None:
    text = "„Ich sah“ İpek: Narendra Modi’s plane"
    found = mentions.find(fold(text), language="en", day=date(2024, 8, 1), gazetteer=NAMES, lexicon=lexicon_for("en"))
    (modi,) = [m for m in found if m.id == "narendra-modi"]
    assert text[modi.start : modi.end] == "Narendra Modi"


@pytest.mark.parametrize("name", ["Charlene Ruto", "Balázs Orbán", "Bilal Erdogan"])
def test_a_given_name_at_the_head_of_a_sentence_is_somebody_else_s(name: str) -> None:
    assert named(f"{name} touched down in Dubai on Thursday.", day="2025-11-01") == []


def test_an_ordinary_word_at_the_head_of_a_sentence_is_no_given_name() -> None:
    assert named("Defiant Orban lands in Moscow.", day="2024-07-05") == ["viktor-orban"]
