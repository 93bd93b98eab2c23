"""Search finds what people look for, in every language, and only that."""

from __future__ import annotations

import random
import string

import pytest
from sqlalchemy import Engine

from monitor.errors import ConfigError
from monitor.storage import fulltext, ledger
from monitor.storage.engine import transaction
from monitor.storage.items import store
from monitor.storage.search import Found, search, snippet
from tests.support.archive_samples import at, pair

TEXTS = {
    "en": ("Kim arrives in Moscow", "The North Korean leader’s armoured train pulled in. He did not visit the parade."),
    "de": (
        "Kim Jong Un trifft in Moskau ein",
        "Der Machthaber reiste mit dem Panzerzug; Gespräche über Häuser folgen.",
    ),
    "fr": ("Kim Jong-un est arrivé à Moscou", "Les deux dirigeants ont tenu des négociations à huis clos."),
    "es": ("Kim Jong-un llegó a Moscú", "Los dirigentes mantuvieron conversaciones en la ciudad."),
    "ru": ("Ким Чен Ын прибыл в Москву", "Бронепоезд прибыл на вокзал; переговоры начнутся завтра — «Интерфакс»."),
    "ko": ("김정은, 모스크바 도착", "북한의 김정은이 전용열차로 모스크바역에 도착했다고 KCNA가 전했다."),
    "zh": ("金正恩抵达莫斯科", "朝鲜最高领导人金正恩乘专列抵达，中国外交部表示关注。AI時代也到来。"),
    "ja": ("金正恩氏がモスクワに到着", "北朝鮮の金正恩総書記が専用列車で到着した。プーチン大統領と会談する。"),
    "pt": ("Kim Jong-un chega a Moscou", "Os líderes conversaram durante três horas."),
}


@pytest.fixture
def library(archive: Engine) -> Engine:
    """One article in each language."""
    with transaction(archive) as connection:
        pairs = [
            pair(code, title, text, language=code, source=f"source-{code}", minutes=number)
            for number, (code, (title, text)) in enumerate(TEXTS.items())
        ]
        for stored, (_, article) in zip(store(connection, pairs), pairs, strict=True):
            if article.language in ("en", "ko"):
                ledger.save_decisions(connection, stored, article, ["kim-travel"], [])
    return archive


def languages(engine: Engine, text: str, **filters: object) -> set[str | None]:
    """The languages of the articles that a search finds."""
    with transaction(engine) as connection:
        return {each.language for each in search(connection, text, **filters)}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pulls leader", {"en"}),  # stems: pulled, leader's
        ("arrive", {"en", "fr"}),  # arrivé
        ("leader visited", {"en"}),
        ('"armoured train"', {"en"}),
        ("“armoured train”", {"en"}),
        ('"train armoured"', set()),
        ("train -visit", set()),
        ("Haus", {"de"}),  # Häuser
        ("gespräch", {"de"}),
        ("négociation", {"fr"}),
        ("conversación", {"es"}),
        ("прибыть", {"ru"}),
        ("ПЕРЕГОВОР", {"ru"}),
        ("интерфакс", {"ru"}),
        ("김정은", {"ko"}),
        ("전용열차", {"ko"}),
        ("kcna", {"ko"}),
        ("金正恩", {"zh", "ja"}),
        ("金正恩 专列", {"zh"}),
        ('"领导人金正恩"', {"zh"}),
        ("金正恩 -プーチン", {"zh"}),
        ("プーチン", {"ja"}),
        ("ﾌﾟｰﾁﾝ", {"ja"}),  # half width
        ("恩抵", {"zh"}),
        ("恩朝", set()),  # both are there, not side by side
        ("朝", {"zh", "ja"}),  # a single character
        ("AI時代", {"zh"}),
        ("líderes", {"pt"}),  # no configuration of its own: word for word
        ("líder", set()),
        ("Kim Jong-un", {"de", "fr", "es", "pt"}),
        ('"kim jong un"', {"de", "fr", "es", "pt"}),
        ("вокзал OR вокзале", {"ru"}),
    ],
)
def test_words_are_found_by_the_rules_of_their_language(library: Engine, text: str, expected: set[str]) -> None:
    """Stems where Postgres has them, neighbouring characters where words have no spaces."""
    assert languages(library, text) == expected


def test_filters_narrow(library: Engine) -> None:
    """By topic, source, language and time; a bound in time is included at its beginning and not at its end."""
    assert languages(library, "moscow OR 모스크바 OR москва") == {"en", "ko", "ru"}
    assert languages(library, "moscow OR 모스크바 OR москва", topic="kim-travel") == {"en", "ko"}
    assert languages(library, "moscow OR 모스크바 OR москва", source="source-ko") == {"ko"}
    assert languages(library, "moscow OR 모스크바 OR москва", language="ru") == {"ru"}
    assert languages(library, "金正恩", since=at(7)) == {"ja"}
    assert languages(library, "金正恩", until=at(7)) == {"zh"}


def test_the_newest_come_first(library: Engine) -> None:
    """And no more than asked for."""
    with transaction(library) as connection:
        found = search(connection, "kim OR 金正恩", limit=3)
    assert [each.language for each in found] == ["pt", "ja", "zh"]


def test_a_hit_says_what_it_is(library: Engine) -> None:
    """Everything that a list of results shows."""
    with transaction(library) as connection:
        (found,) = search(connection, "armoured")
    raw, article = pair("en", *TEXTS["en"], source="source-en")
    assert found == Found(
        article_id=found.article_id,
        version=1,
        source_id="source-en",
        source_name=raw.source_name,
        tier=raw.tier,
        language="en",
        title=article.title,
        url=article.url,
        published=article.published,
        seen=article.seen,
        topics=("kim-travel",),
        snippet=TEXTS["en"][1],
    )


def test_only_the_current_version_is_found(archive: Engine) -> None:
    """What an edit took away is not said any more."""
    with transaction(archive) as connection:
        store(connection, [pair("a", "Kim arrives")])
        store(connection, [pair("a", "Kim departs", minutes=5)])
        assert search(connection, "arrives") == []
        assert [each.version for each in search(connection, "departs")] == [2]


@pytest.mark.parametrize("text", ["", "  ", '"', "…", "-", '" "" -"'])
def test_nothing_to_search_for(archive: Engine, text: str) -> None:
    """An error that says so, and no list of everything."""
    with transaction(archive) as connection, pytest.raises(ConfigError, match="at least one word"):
        search(connection, text)


@pytest.mark.parametrize("text", ["the", "'; DROP TABLE articles --", "a & b | !c <-> (d:*", "%s %(x)s"])
def test_odd_searches_are_answered(library: Engine, text: str) -> None:
    """Whatever is typed is a search and never a program."""
    assert languages(library, text) <= {"en"}


@pytest.mark.parametrize(
    "text",
    [
        " ".join(f"{chr(0x10400 + n % 80)}{chr(0x10400 + n // 80)}" for n in range(80 * 80)) * 20,  # four bytes each
        "-".join("".join(random.Random(n).choices(string.ascii_letters, k=3)) for n in range(200_000)),  # compounds
        " ".join(f"http://{n}.example/{n}" for n in range(60_000)),  # indexed whole and in parts
        "".join(chr(0x4E00 + n % 20_000) + chr(0x20000 + n % 40_000) for n in range(300_000)),  # pairs, all distinct
        "x" * 1_000_000,
    ],
    ids=["four bytes", "compounds", "addresses", "ideographs", "one word"],
)
def test_a_huge_text_is_stored(archive: Engine, text: str) -> None:
    """Its tsvector is cut before Postgres' limit of 1 MB: such an item is no poison."""
    with transaction(archive) as connection:
        assert store(connection, [pair("a", "Kim " + text[:5_000], text)])[0].status == "new"
        assert len(search(connection, "kim")) == 1


def test_a_query_for_postgres_is_what_was_meant() -> None:
    """Runs of characters become phrases, unless they stand in a phrase already."""
    assert fulltext.query("Kim 金正恩") == 'kim "金正 正恩"'
    assert fulltext.query("-金正恩 -访华 AI时代") == '-"金正 正恩"  -访华  ai 时代'
    assert fulltext.query('"金正恩 访华"') == '" 金正 正恩   访华 "'
    assert fulltext.query("访华 华") == "访华  华"
    assert fulltext.document("김정은이 KCNA에") == " 김정 정은 은이  kcna 에 "


@pytest.mark.parametrize(
    ("text", "searched", "shown"),
    [
        ("Short text.", "text", "Short text."),
        ("a " * 200 + "the visit " + "b " * 200, "visiting", "…" + "a " * 24 + "the visit"),
        ("x" * 400, "nothing", "x" * 160 + "…"),
    ],
)
def test_a_snippet_shows_the_place(text: str, searched: str, shown: str) -> None:
    """Around the first word that is found, with an ellipsis where it was cut."""
    assert snippet(text, searched).startswith(shown)
